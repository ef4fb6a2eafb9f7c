#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"

namespace snnl::inspect {

enum class Severity {
  error,    ///< snnl-analyze refuses the files, or cannot analyse an item
  warning,  ///< everything can be analysed, but it may not be what was meant
};

/// Something wrong with a dump.
struct Finding {
  Severity severity = Severity::error;
  std::string file;     ///< as it was given; empty where it concerns an option
  std::string path;     ///< of the dataset or group in the file, "/conv1[3]" for one epoch of it; empty: the whole file
  std::string message;  ///< what is wrong, one line
  std::string advice;   ///< what to do; empty where there is nothing to tell
};

/// What a shape leaves open, and how the numbers are had that one may want: each place of a map a feature of its own,
/// or one for each channel.
struct Question {
  std::vector<std::string> layers;   ///< in the order of analysis
  std::size_t rank = 0;              ///< their number of axes, without that of epochs
  std::string message;               ///< what they are as they stand, one line
  std::vector<std::string> options;  ///< arguments of snnl-analyze and snnl-outliers that pool them
};

/// A file as a whole.
struct FileInfo {
  std::string name;         ///< as it was given
  bool readable = false;    ///< whether it could be opened as HDF5
  std::uint64_t bytes = 0;  ///< size on disk; 0 where it cannot be told
  std::optional<std::int64_t> version;
  std::vector<std::string> model, dataset;  ///< root attributes; empty where there are none
};

/// A dataset as it is stored.
struct DatasetInfo {
  std::size_t file = 0;  ///< index into Inspection::files
  std::string path;
  std::vector<std::size_t> shape;
  std::string type;                  ///< "float16", "uint8, big-endian", "strings", ...
  std::uint64_t bytes = 0;           ///< of all elements, uncompressed; 0 for elements of varying size
  std::uint64_t stored_bytes = 0;    ///< in the file
  std::string storage;               ///< "contiguous", "chunked", "compact", "external", "virtual"; "" where unknown
  std::vector<std::size_t> chunk;    ///< shape of a chunk; empty where there are none
  std::vector<std::string> filters;  ///< in the order of writing: "shuffle", "gzip 4"
  std::string data_format;           ///< attribute that says where the channels of maps are; empty where there is none
};

/// One (epoch, layer).
struct ItemInfo {
  std::optional<std::int64_t> epoch;  ///< empty where it has no number
  std::string layer;
  std::string path;                    ///< "/conv1", "/conv1[3]"
  std::optional<std::size_t> dataset;  ///< index into Inspection::datasets; empty where it cannot be reached
  std::vector<std::size_t> shape;      ///< without the epoch axis
  std::uint64_t bytes = 0;             ///< of its elements, as stored but uncompressed
  bool sound = true;                   ///< whether it can be analysed, as far as was looked
};

struct LabelSetInfo {
  std::size_t file = 0;  ///< index into Inspection::files
  std::string path;
  std::string type;  ///< empty where it cannot be opened
  std::size_t samples = 0;
  std::size_t ignored = 0;           ///< of them, those that are left out because of their label
  std::vector<dump::Class> classes;  ///< empty where it cannot be used
  bool used = false;                 ///< whether the command reads it
};

/// Options by which a file of another layout can be read.
struct Proposal {
  std::string layout;               ///< empty: that of version 1
  std::string labels;               ///< empty: the default
  std::vector<std::string> layers;  ///< empty: all that match; else those that are activations, where others match too
  std::vector<std::string> others;  ///< of layouts and labels that fit as well, what differs: "--labels /targets"
  bool fits = false;                ///< whether all items can be read, with labels that look like labels

  /// Whether it fits, and nothing else does.
  bool is_only() const { return fits && others.empty(); }
  /// The options for a POSIX shell.
  std::string text() const;
};

/// All there is to say about a dump of one or several files.
struct Inspection {
  std::vector<FileInfo> files;
  std::string layout;  ///< pattern by which it was read; empty where nothing matches
  bool layout_proposed = false;
  std::string labels;  ///< option by which labels were chosen; empty: the default
  bool labels_proposed = false;
  std::optional<Proposal> proposal;  ///< what is proposed of these two
  bool data_read = true;             ///< whether values were looked at
  std::vector<std::int64_t> epochs;
  std::vector<std::string> layers;  ///< in the order of analysis
  std::vector<ItemInfo> items;      ///< by epoch, then in layer order
  std::vector<DatasetInfo> datasets;
  std::vector<LabelSetInfo> label_sets;
  std::vector<std::string> others;  ///< "file:/path" of datasets that are neither layers nor labels; a thousand at most
  std::size_t other_count = 0;      ///< of all such datasets
  std::vector<Finding> findings;    ///< errors first
  std::vector<Question> questions;  ///< on layers of three and four axes
  std::vector<std::string> command;  ///< arguments of snnl-analyze that reads it; empty where none does

  bool readable() const;  ///< whether every file is
  std::size_t count(Severity severity) const;
};

/// The command for a POSIX shell, in one line whatever the names hold; empty where there is none.
std::string command_line(const Inspection& inspection);

/// The inspection for a person. No control character of a name is passed on.
std::string to_table(const Inspection& inspection);

/// The inspection as "snnl.inspect/1" (docs/inspect.md, docs/schema): strict JSON, two spaces of indentation. Takes
/// little memory beside the inspection.
void write_json(std::ostream& out, const Inspection& inspection);

/// The same as text.
std::string to_json(const Inspection& inspection);

}  // namespace snnl::inspect
