#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "snnl/dump/catalog.hpp"
#include "snnl/dump/labels.hpp"
#include "snnl/dump_reader.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/handle.hpp"
#include "snnl/inspect/findings.hpp"
#include "snnl/inspect/inspect_dump.hpp"

namespace snnl::inspect {

/// Looks at dumps, goes on after whatever is wrong, and keeps what it found.
class Inspector {
 public:
  /// Keeps copies of both.
  Inspector(const std::vector<std::string>& files, const InspectOptions& options);

  /// Once.
  Inspection run(const OnProgress& on_progress, const OnChecked& on_checked);

 private:
  using SetKey = std::pair<std::size_t, std::string>;  // file and path

  void look_at_files();
  void list_others();
  /// The command is told only where it has been tried, and no refusal may go unseen.
  void try_reader();

  // inspect_items.cpp
  void find_items();
  /// Whether anything matches the layout.
  bool scan();
  void propose(bool keep_layout);
  /// That what is proposed is not all that fits.
  void tell_other_readings();
  void number_items();
  void look_at_items(const OnProgress& on_progress);
  void check_layers();

  // inspect_labels.cpp
  void read_label_sets();
  void propose_labels();
  void check_classes();
  void check_other_label_sets();

  // inspect_values.cpp
  void look_at_values(const dump::Found& found, ItemInfo& item);
  /// Reads an item's values, unless that was done before.
  Checked check_item(const dump::Found& found, const std::vector<std::int32_t>& labels, const std::string& where);
  bool is_sixteen_bits(const ItemInfo& item) const;
  /// As the analysis will see it.
  void check_values(const dump::Activations& activations, const std::string& where) const;

  const hdf5::Handle& open(std::size_t file);
  void attempt(const std::function<void()>& work, Severity severity = Severity::error, const std::string& advice = "");
  std::optional<std::size_t> describe(std::size_t file, const std::string& path,
                                      dump::IntegerBits bits = dump::IntegerBits::numbers);
  dump::OnError collect() {
    return [this](const Error& error) { findings_.add(error); };
  }

  std::vector<std::string> names_;
  InspectOptions options_;
  dump::Options input_;
  OnChecked on_checked_;
  std::map<std::string, Checked> checked_;  // by place
  Findings findings_;
  Inspection result_;
  std::vector<dump::FileContents> contents_;  // [files]
  std::vector<dump::Found> found_;
  std::map<SetKey, dump::LabelSet> sets_;         // those that can be used
  std::map<SetKey, std::size_t> known_datasets_;  // places in result_.datasets
  std::set<SetKey> label_paths_;                  // all that items name
  std::set<SetKey> unscored_;                     // label sets without two samples of any class
  std::set<dump::IntegerBits> looks_like_;        // what items of 16-bit integers look like
  hdf5::Handle file_;
  std::optional<std::size_t> open_index_;
};

}  // namespace snnl::inspect
