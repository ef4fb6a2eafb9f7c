#include "snnl/hdf5/attribute.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>

#include "snnl/error.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/object.hpp"
#include "snnl/hdf5/strings.hpp"
#include "snnl/hdf5/types.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::hdf5 {
namespace {

struct Attribute {
  Handle id;
  Handle type;
  std::size_t count = 0;
  std::string where;
};

std::optional<Attribute> open_attribute(const Handle& file, const std::string& file_name, const std::string& path,
                                        const std::string& name) {
  if (object_info(file, path).kind == ObjectKind::none) return std::nullopt;
  Attribute attribute;
  attribute.where = text::location(file_name, path);
  const std::string action = fmt::format("read its attribute '{}'", name);
  if (const auto why = entering(path, name)) {
    throw Error(attribute.where, fmt::format("its attribute '{}' {}", name, why->message()), why->advice());
  }
  const Handle access = no_external_links();
  const Handle object = own(H5Oopen(file.get(), path.c_str(), access.get()), attribute.where, "be opened");
  if (check(H5Aexists(object.get(), name.c_str()), attribute.where, action) == 0) return std::nullopt;
  attribute.id = own(H5Aopen(object.get(), name.c_str(), H5P_DEFAULT), attribute.where, action);
  attribute.type = own(H5Aget_type(attribute.id.get()), attribute.where, action);
  const Handle space = own(H5Aget_space(attribute.id.get()), attribute.where, action);
  attribute.count = static_cast<std::size_t>(check(H5Sget_simple_extent_npoints(space.get()), attribute.where, action));
  const double bytes = static_cast<double>(attribute.count) * static_cast<double>(H5Tget_size(attribute.type.get()));
  if (bytes > file_bytes(object)) {
    throw Error(attribute.where,
                fmt::format("its attribute '{}' claims more data than the whole file has room for", name),
                "the file seems to be damaged, copy or write it again");
  }
  return attribute;
}

}  // namespace

std::optional<std::int64_t> integer_attribute(const Handle& file, const std::string& file_name, const std::string& path,
                                              const std::string& name) {
  const std::optional<Attribute> attribute = open_attribute(file, file_name, path, name);
  if (!attribute) return std::nullopt;
  const std::string action = fmt::format("read its attribute '{}'", name);
  const H5T_class_t type_class = H5Tget_class(attribute->type.get());
  if (attribute->count == 1 && type_class == H5T_INTEGER) {
    std::int64_t value = 0;
    check(H5Aread(attribute->id.get(), native_int64(), &value), attribute->where, action);
    return value;
  }
  if (attribute->count == 1 && type_class == H5T_FLOAT) {
    double value = 0;
    check(H5Aread(attribute->id.get(), native_double(), &value), attribute->where, action);
    if (value == std::floor(value) && std::abs(value) < 0x1p53) return static_cast<std::int64_t>(value);
  }
  throw Error(attribute->where, fmt::format("its attribute '{}' is not one whole number", name),
              "write it as an integer");
}

std::optional<std::vector<std::string>> string_attribute(const Handle& file, const std::string& file_name,
                                                         const std::string& path, const std::string& name) {
  const std::optional<Attribute> attribute = open_attribute(file, file_name, path, name);
  if (!attribute) return std::nullopt;
  if (H5Tget_class(attribute->type.get()) != H5T_STRING) {
    throw Error(attribute->where, fmt::format("its attribute '{}' does not hold strings", name),
                "write it as an array of strings");
  }
  checked_bytes({attribute->count}, sizeof(std::string), attribute->where);
  need_memory(attribute->count * memory_of_string);
  return read_strings(
      attribute->type, attribute->count, attribute->count, attribute->where,
      [&](std::size_t, std::size_t, hid_t type, void* buffer) { return H5Aread(attribute->id.get(), type, buffer); });
}

}  // namespace snnl::hdf5
