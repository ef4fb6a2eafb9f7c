#include "snnl/hdf5/element_type.hpp"

#include <fmt/format.h>

#include "snnl/error.hpp"
#include "snnl/hdf5/attribute.hpp"
#include "snnl/hdf5/dataset.hpp"

namespace snnl::hdf5 {
namespace {

using hdf5::Dataset;
using hdf5::Handle;

struct FloatFields {
  std::size_t sign = 0;
  std::size_t exponent = 0;
  std::size_t exponent_size = 0;
  std::size_t mantissa = 0;
  std::size_t mantissa_size = 0;
  std::size_t bias = 0;

  bool operator==(const FloatFields&) const = default;
};

constexpr FloatFields half_fields{15, 10, 5, 0, 10, 15};
constexpr FloatFields bfloat16_fields{15, 7, 8, 0, 7, 127};

ElementKind float_kind(const Dataset& dataset) {
  FloatFields fields;
  hdf5::check(H5Tget_fields(dataset.type.get(), &fields.sign, &fields.exponent, &fields.exponent_size, &fields.mantissa,
                            &fields.mantissa_size),
              dataset.where, "tell its type");
  fields.bias = H5Tget_ebias(dataset.type.get());
  const bool sixteen = H5Tget_size(dataset.type.get()) == 2 && H5Tget_norm(dataset.type.get()) == H5T_NORM_IMPLIED;
  if (sixteen && fields == half_fields) return ElementKind::half;
  if (sixteen && fields == bfloat16_fields) return ElementKind::bfloat16;
  return fields.exponent_size <= 8 && fields.mantissa_size <= 23 && fields.bias <= 127 ? ElementKind::single
                                                                                       : ElementKind::wide;
}

ElementKind kind_of(SixteenBit format) {
  switch (format) {
    case SixteenBit::half:
      return ElementKind::half;
    case SixteenBit::bfloat16:
      return ElementKind::bfloat16;
  }
  return ElementKind::single;
}

/// The attribute `dtype`, as NumPy, JAX and PyTorch name types.
std::optional<SixteenBit> said_format(const Handle& file, const std::string& file_name, const std::string& path) {
  const auto names = hdf5::string_attribute(file, file_name, path, "dtype");
  if (!names || names->size() != 1) return std::nullopt;
  const std::string name = names->front().substr(names->front().starts_with("torch.") ? 6 : 0);
  if (name == "bfloat16") return SixteenBit::bfloat16;
  if (name == "float16") return SixteenBit::half;
  return std::nullopt;
}

// h5py writes bool as an enumeration of FALSE and TRUE.
bool is_bool(const Dataset& dataset) {
  const hid_t type = dataset.type.get();
  unsigned char value[16];
  return H5Tget_nmembers(type) == 2 && H5Tget_size(type) <= sizeof(value) &&
         H5Tenum_valueof(type, "FALSE", value) >= 0 && H5Tenum_valueof(type, "TRUE", value) >= 0;
}

bool is_complex(hid_t type) {
  return H5Tget_nmembers(type) == 2 && H5Tget_member_index(type, "r") >= 0 && H5Tget_member_index(type, "i") >= 0;
}

std::string type_name(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_STRING:
      return "strings";
    case H5T_COMPOUND:
      return is_complex(type) ? "complex numbers" : "compound records";
    case H5T_ENUM:
      return "an enumeration";
    case H5T_ARRAY:
      return "arrays as elements";
    case H5T_VLEN:
      return "lists of varying length";
    case H5T_REFERENCE:
      return "references";
    case H5T_BITFIELD:
      return "bit fields";
    case H5T_OPAQUE:
      return "opaque bytes";
    case H5T_TIME:
      return "times";
    default:
      return "an unknown type";
  }
}

}  // namespace

ElementKind element_kind(const Handle& file, const std::string& file_name, const std::string& path,
                         const Dataset& dataset, std::optional<SixteenBit> integers) {
  const std::size_t size = H5Tget_size(dataset.type.get());
  switch (H5Tget_class(dataset.type.get())) {
    case H5T_FLOAT:
      return float_kind(dataset);
    case H5T_INTEGER:
      if (size == 2) {
        const std::optional<SixteenBit> said = said_format(file, file_name, path);
        if (said || integers) return kind_of(said ? *said : *integers);
      }
      return size <= 2 ? ElementKind::single : ElementKind::wide;
    case H5T_ENUM:
      if (is_bool(dataset)) return ElementKind::single;
      break;
    default:
      break;
  }
  throw Error(dataset.where, fmt::format("holds {}, not real numbers", type_name(dataset.type.get())),
              "write floats or integers, or leave it out with --layers");
}

bool is_sixteen_bit_integer(const Dataset& dataset) {
  return H5Tget_class(dataset.type.get()) == H5T_INTEGER && H5Tget_size(dataset.type.get()) == 2;
}

}  // namespace snnl::hdf5
