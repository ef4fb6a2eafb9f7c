#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "snnl/error.hpp"
#include "snnl/matrix_view.hpp"
#include "snnl/pooling.hpp"

namespace snnl::dump {

/// A file that holds no layers, or no labels, where they are by default.
class LayoutError : public Error {
 public:
  using Error::Error;
};

/// A row-major [rows, features] array that nobody changes, in memory that somebody made: of this process, or shared
/// with another one. Copies share it.
template <class Real>
class Values {
 public:
  /// Of an element.
  using value_type = Real;

  Values() = default;
  /// `data` points into what `owner` keeps.
  Values(std::shared_ptr<const void> owner, const Real* data, std::size_t rows, std::size_t features)
      : owner_(std::move(owner)), view_{data, rows, features} {}

  /// Axis 0: rows, axis 1: features.
  std::size_t shape(std::size_t axis) const { return axis == 0 ? view_.rows : view_.cols; }
  /// Number of elements.
  std::size_t size() const { return view_.rows * view_.cols; }
  /// The first of [rows, features] elements, row-major.
  const Real* data() const { return view_.data; }
  /// The first element.
  const Real* begin() const { return view_.data; }
  /// Beyond the last element.
  const Real* end() const { return view_.data + size(); }
  /// An element.
  Real operator()(std::size_t row, std::size_t feature) const { return view_.row(row)[feature]; }
  /// The same as a view, which must not outlive it.
  MatrixView<const Real> view() const { return view_; }

 private:
  std::shared_ptr<const void> owner_;
  MatrixView<const Real> view_;
};

/// What to do with rows that hold NaN or Inf.
enum class Nonfinite {
  error,  ///< reading the item fails and the message names the first such rows
  drop,   ///< the rows are left out, in this item only
};

/// Its name in options and JSON: "error" or "drop".
const char* name_of(Nonfinite nonfinite);

/// What datasets of 16-bit integers hold.
enum class IntegerBits {
  numbers,   ///< integers
  bfloat16,  ///< the bits of bfloat16 numbers, as `tensor.view(torch.int16)` makes them
  float16,   ///< the bits of float16 numbers
};

/// What to read from the files, and how they are laid out.
struct Options {
  /// Path pattern of the datasets, "/runs/{epoch}/{layer}/act". Empty: the layout of version 1
  /// ("/epochs/{epoch}/{layer}"). docs/dump-format.md has the rules.
  std::string layout;
  /// Label set: a path ("/meta/y", may hold {epoch} or {layer}) or the name of a set under /label_sets.
  /// Empty: "/labels", or the labels stored beside the layers of an epoch where there are any.
  std::string labels;
  /// Labels whose samples are left out, as they are stored or by the name of their class; what is none and holds commas
  /// is a list. They make no class. One that no sample has is a remark.
  std::vector<std::string> ignored_labels;
  /// Globs over layer names (`*`, `?`, `[...]`); a layer is read if one matches. Empty: all.
  std::vector<std::string> layers;
  /// Epochs to read: comma-separated numbers "7" and half-open ranges "first:last:step", each part optional.
  /// Empty: all.
  std::string epochs;
  /// What becomes of maps and tokens. Applied while they are read: only features are in memory.
  Pooling pooling;
  /// What becomes of rows that hold NaN or Inf, among the values that are read: of tokens, those that are asked for.
  Nonfinite nonfinite = Nonfinite::error;
  /// What activations stored as 16-bit integers hold, where no attribute `dtype` says it. Labels are always integers.
  IntegerBits integer_bits = IntegerBits::numbers;
  /// Threads that decompress gzip, 0 for one per processor. What is read does not depend on it.
  std::size_t threads = 0;
  /// Whether files without labels are refused. Else, where `labels` names none and there are none, all samples of the
  /// file are of one class, 'unlabelled'.
  bool labels_required = true;
  /// Whether files are locked against writers while they are read. Without, a writer is never hindered, and the caller
  /// has to see to it that none is at work.
  bool lock = true;
};

/// A class of the label set. `name` is the entry of `class_names`, the string label, or the integer in decimal.
struct Class {
  std::string name;                                  ///< as above
  std::size_t count = 0;                             ///< samples of this class in the first epoch's label set
  std::optional<std::int64_t> value = std::nullopt;  ///< the label as stored, where it is an integer
};

/// One (epoch, layer) of a dump.
struct Item {
  std::int64_t epoch = 0;  ///< its number
  std::string layer;       ///< its name
  std::string location;    ///< "file:/path/of/dataset", for messages
  std::string file;        ///< as it was given
  std::size_t index = 0;   ///< position in Reader::items()
};

/// The activations of one item: `n` samples by `d` features, row-major, higher ranks pooled or flattened.
struct Activations {
  /// Values are float where the stored type fits it without loss (float16, bfloat16, float32, integers up to 16 bits),
  /// and double where it does not.
  std::variant<Values<float>, Values<double>> values;
  std::vector<std::int32_t> labels;  ///< [n] index into Reader::classes()
  std::vector<std::size_t> rows;  ///< [n] row of the dataset each sample came from (differs where rows were left out)
  /// [n] a digest of each sample's id (/sample_ids); empty where the file has none.
  std::vector<std::uint64_t> ids{};
  std::size_t dropped = 0;  ///< rows left out because they held NaN or Inf
  std::size_t ignored = 0;  ///< rows left out because of their label
  /// Where 16-bit integers were read as such: the bits that they look like, else numbers.
  IntegerBits looks_like = IntegerBits::numbers;
};

/// How large an item is in memory, rows that will be left out included.
struct ItemSize {
  std::size_t samples = 0;        ///< rows
  std::size_t features = 0;       ///< of a sample, pooled or flattened
  std::size_t element_bytes = 0;  ///< of Activations::values: 4 or 8
  std::size_t reading_bytes = 0;  ///< memory taken beside the activations while they are read
  Pooled pooled = Pooled::no;     ///< what Options::pooling does to it
};

/// What a Reader reads from: found items, and how one of them is read. `size` and `read` take indices into `items`.
struct ReaderSource {
  std::vector<Item> items;                             ///< Reader::items()
  std::vector<Class> classes;                          ///< Reader::classes()
  std::string label_path;                              ///< Reader::label_path()
  std::function<ItemSize(std::size_t index)> size;     ///< Reader::size()
  std::function<Activations(std::size_t index)> read;  ///< Reader::read()
  std::vector<Error> remarks{};                        ///< Reader::remarks()
  bool one_hot_labels = false;                         ///< Reader::one_hot_labels()
};

/// Reads activation dumps. Opening finds the items and reads the labels; `read` loads one item.
/// Not safe for use from several threads at once.
class Reader {
 public:
  /// Opens `files` (at least one) read-only. Throws snnl::Error when a file cannot be used, when nothing matches
  /// the layout or the selection, or when there are no usable labels.
  Reader(const std::vector<std::string>& files, const Options& options);
  /// Reads from somewhere else.
  explicit Reader(ReaderSource source);
  ~Reader();
  Reader(Reader&&) noexcept;             ///< moves
  Reader& operator=(Reader&&) noexcept;  ///< moves

  /// Items by epoch, then in layer order (`layer_names` if the file has it, else natural order).
  const std::vector<Item>& items() const;
  /// Classes of the label set, in the order used by Activations::labels: by integer value, or by name for strings.
  const std::vector<Class>& classes() const;
  /// What is to be told of the files and options that is no error, such as an option that applies to nothing.
  const std::vector<Error>& remarks() const;
  /// Path of the label set as used, "/labels".
  const std::string& label_path() const;
  /// Whether labels were stored one-hot, [n, C]: the label of a sample is the column of its 1, from 0.
  bool one_hot_labels() const;

  /// Of an item as `read` would give it. Throws snnl::Error when it cannot be read.
  ItemSize size(const Item& item) const;

  /// Reads one item. Throws snnl::Error when it cannot be analysed; other items stay readable.
  Activations read(const Item& item) const;

 private:
  std::unique_ptr<ReaderSource> source_;
};

/// Opens dumps, as the constructor of Reader does.
using OpenDump = std::function<Reader(const std::vector<std::string>& files, const Options& options)>;

}  // namespace snnl::dump
