#include "snnl/dump/one_hot.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "snnl/error.hpp"
#include "snnl/hdf5/object.hpp"
#include "snnl/hdf5/types.hpp"
#include "snnl/hdf5/watch.hpp"

namespace snnl::dump {
namespace {

std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalpha(letter) != 0) {
      words.back() += static_cast<char>(std::tolower(letter));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

/// Where the only 1 of a row is, whose other values are zero.
template <typename Value>
std::optional<std::int64_t> column_of(const Value* row, std::size_t columns) {
  std::optional<std::int64_t> found;
  for (std::size_t k = 0; k < columns; ++k) {
    if (row[k] == 0) continue;
    if (row[k] != 1 || found) return std::nullopt;
    found = static_cast<std::int64_t>(k);
  }
  return found;
}

template <typename Value>
void read_columns(const hdf5::Dataset& dataset, hid_t memory_type, OneHot& out) {
  constexpr std::size_t at_once = std::size_t{1} << 16;  // elements
  const std::size_t columns = dataset.shape[1];
  // Whole chunks, so that none is decompressed twice.
  const std::size_t chunk = hdf5::chunk_extent(dataset, 0);
  const std::size_t most = std::max<std::size_t>(1, at_once / columns);
  const std::size_t stretch = std::min(out.rows, most > chunk ? most / chunk * chunk : chunk);
  const hdf5::Handle space = hdf5::own(H5Dget_space(dataset.id.get()), dataset.where, "tell its shape");
  std::vector<Value> values(hdf5::checked_bytes({stretch, columns}, sizeof(Value), dataset.where) / sizeof(Value));
  for (std::size_t first = 0; first < out.rows; first += stretch) {
    const std::size_t rows = std::min(stretch, out.rows - first);
    const hsize_t start[] = {first, 0}, extent[] = {rows, columns};
    const hdf5::Handle memory(H5Screate_simple(2, extent, nullptr));
    if (!memory || H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, extent, nullptr) < 0 ||
        H5Dread(dataset.id.get(), memory_type, memory.get(), space.get(), H5P_DEFAULT, values.data()) < 0) {
      hdf5::fail_reading(dataset);
    }
    hdf5::progressed();
    for (std::size_t i = 0; i < rows; ++i) {
      const auto column = column_of(values.data() + i * columns, columns);
      if (!column) return;
      out.columns.push_back(*column);
    }
  }
}

}  // namespace

bool is_called_labels(const std::string& path) {
  constexpr std::array labels = {"y", "label", "labels", "target", "targets"};
  constexpr std::array others = {"pred", "preds", "predicted", "prediction", "predictions", "hat"};
  const std::vector<std::string> words = words_of(path.substr(path.rfind('/') + 1));
  return std::find_first_of(words.begin(), words.end(), labels.begin(), labels.end()) != words.end() &&
         std::find_first_of(words.begin(), words.end(), others.begin(), others.end()) == words.end();
}

bool has_one_hot_shape(const hdf5::Dataset& dataset) {
  const H5T_class_t type = H5Tget_class(dataset.type.get());
  return dataset.shape.size() == 2 && dataset.shape[1] > 1 &&
         (type == H5T_INTEGER || type == H5T_FLOAT || type == H5T_ENUM);
}

OneHot read_one_hot(const hdf5::Dataset& dataset) {
  OneHot out;
  out.rows = dataset.shape[0];
  const bool is_float = H5Tget_class(dataset.type.get()) == H5T_FLOAT;
  hdf5::need_memory(out.rows * sizeof(std::int64_t) + 4 * hdf5::chunk_bytes(dataset));
  if (is_float) {
    read_columns<double>(dataset, hdf5::native_double(), out);
  } else {
    read_columns<std::int64_t>(dataset, hdf5::native_int64(), out);
  }
  return out;
}

bool is_one_hot_labels(const hdf5::Handle& file, const std::string& file_name, const std::string& path) {
  if (!is_called_labels(path)) return false;
  try {
    if (hdf5::object_info(file, path).kind != hdf5::ObjectKind::dataset) return false;
    const hdf5::Dataset dataset = hdf5::open_dataset(file, file_name, path);
    return dataset.complete && has_one_hot_shape(dataset) && dataset.shape[0] > 0 && read_one_hot(dataset).holds();
  } catch (const Error&) {
    return false;  // reading it as what it is taken for says what is wrong
  }
}

}  // namespace snnl::dump
