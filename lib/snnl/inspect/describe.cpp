#include "snnl/inspect/describe.hpp"

#include <array>

#include "snnl/dump/activations.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/attribute.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/element_type.hpp"
#include "snnl/hdf5/object.hpp"

namespace snnl::inspect {
namespace {

using hdf5::Handle;

std::string number_type(const Handle& file, const std::string& path, const hdf5::Dataset& dataset, bool is_float,
                        dump::IntegerBits bits) {
  const hid_t type = dataset.type.get();
  const std::size_t size = H5Tget_size(type);
  std::string text = is_float ? "float" : H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int";
  text += std::to_string(8 * size);
  try {
    const hdf5::ElementKind kind = hdf5::element_kind(file, "", path, dataset, dump::format_of(bits));
    if (kind == hdf5::ElementKind::bfloat16) text = "bfloat16";
    if (kind == hdf5::ElementKind::half) text = "float16";
  } catch (const Error&) {
    // Its attribute cannot be read, which reading the item says.
  }
  return size > 1 && H5Tget_order(type) == H5T_ORDER_BE ? text + ", big-endian" : text;
}

std::string type_text(const Handle& file, const std::string& path, const hdf5::Dataset& dataset,
                      dump::IntegerBits bits) {
  switch (H5Tget_class(dataset.type.get())) {
    case H5T_FLOAT:
      return number_type(file, path, dataset, true, bits);
    case H5T_INTEGER:
      return number_type(file, path, dataset, false, bits);
    case H5T_ENUM:
      try {
        hdf5::element_kind(file, "", path, dataset);
        return "bool";
      } catch (const Error&) {
        return "enumeration";
      }
    case H5T_STRING:
      return "strings";
    case H5T_COMPOUND:
      return "compound";
    case H5T_ARRAY:
      return "arrays";
    case H5T_VLEN:
      return "lists";
    default:
      return "other";
  }
}

std::string filter_text(hid_t creation, unsigned index) {
  unsigned flags = 0;
  unsigned config = 0;
  std::array<unsigned, 8> values{};
  std::size_t parameters = values.size();
  std::array<char, 64> name{};
  const H5Z_filter_t filter =
      H5Pget_filter2(creation, index, &flags, &parameters, values.data(), name.size() - 1, name.data(), &config);
  switch (filter) {
    case H5Z_FILTER_DEFLATE:
      return "gzip " + std::to_string(values[0]);
    case H5Z_FILTER_SHUFFLE:
      return "shuffle";
    case H5Z_FILTER_FLETCHER32:
      return "fletcher32";
    case H5Z_FILTER_SZIP:
      return "szip";
    case H5Z_FILTER_NBIT:
      return "nbit";
    case H5Z_FILTER_SCALEOFFSET:
      return "scaleoffset";
    default:
      return name[0] != '\0' ? std::string(name.data()) : "filter " + std::to_string(filter);
  }
}

void describe_storage(const hdf5::Dataset& dataset, DatasetInfo& info) {
  const Handle creation(H5Dget_create_plist(dataset.id.get()));
  if (!creation) return;
  switch (H5Pget_layout(creation.get())) {
    case H5D_COMPACT:
      info.storage = "compact";
      break;
    case H5D_CONTIGUOUS:
      info.storage = H5Pget_external_count(creation.get()) > 0 ? "external" : "contiguous";
      break;
    case H5D_CHUNKED:
      info.storage = "chunked";
      break;
    case H5D_VIRTUAL:
      info.storage = "virtual";
      break;
    default:
      break;
  }
  if (info.storage != "virtual" && info.storage != "external")
    info.stored_bytes = H5Dget_storage_size(dataset.id.get());
  if (info.storage == "chunked") {
    std::vector<hsize_t> extents(dataset.shape.size());
    if (H5Pget_chunk(creation.get(), static_cast<int>(extents.size()), extents.data()) >= 0) {
      info.chunk.assign(extents.begin(), extents.end());
    }
  }
  const int filters = H5Pget_nfilters(creation.get());
  for (int i = 0; i < filters; ++i) info.filters.push_back(filter_text(creation.get(), static_cast<unsigned>(i)));
}

// A damaged shape may claim more than a number holds.
std::uint64_t bytes_of(const std::vector<std::size_t>& shape, std::size_t element_size) {
  std::uint64_t bytes = element_size;
  for (const std::size_t extent : shape) {
    if (__builtin_mul_overflow(bytes, extent, &bytes)) return UINT64_MAX;
  }
  return bytes;
}

}  // namespace

std::optional<DatasetInfo> describe_dataset(const Handle& file, const std::string& path, dump::IntegerBits bits) {
  if (hdf5::object_info(file, path).kind != hdf5::ObjectKind::dataset) return std::nullopt;
  const Handle access = hdf5::no_external_links();
  hdf5::Dataset dataset;
  dataset.id = Handle(H5Oopen(file.get(), path.c_str(), access.get()));
  if (!dataset.id) return std::nullopt;
  dataset.type = Handle(H5Dget_type(dataset.id.get()));
  const Handle space(H5Dget_space(dataset.id.get()));
  if (!dataset.type || !space) return std::nullopt;

  DatasetInfo info;
  info.path = path;
  const bool has_shape = H5Sget_simple_extent_type(space.get()) != H5S_NULL;
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (has_shape && rank > 0) {
    std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
    H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr);
    dataset.shape.assign(dims.begin(), dims.end());
  }
  info.shape = dataset.shape;
  info.type = type_text(file, path, dataset, bits);
  const bool fixed = H5Tdetect_class(dataset.type.get(), H5T_VLEN) <= 0 && H5Tis_variable_str(dataset.type.get()) <= 0;
  if (has_shape && fixed) info.bytes = bytes_of(info.shape, H5Tget_size(dataset.type.get()));
  describe_storage(dataset, info);
  try {
    const auto format = hdf5::string_attribute(file, "", path, "data_format");
    if (format && format->size() == 1) info.data_format = format->front();
  } catch (const Error&) {
    // Reading the item by --pool says what is wrong with it.
  }
  return info;
}

}  // namespace snnl::inspect
