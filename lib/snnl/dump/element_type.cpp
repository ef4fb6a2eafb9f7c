#include "snnl/dump/element_type.hpp"

#include "snnl/dump/half.hpp"
#include "snnl/dump/hdf5_types.hpp"
#include "snnl/dump/wording.hpp"
#include "snnl/error.hpp"

namespace snnl::dump {
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

bool says_bfloat16(const Handle& file, const std::string& file_name, const std::string& path) {
  const auto names = hdf5::string_attribute(file, file_name, path, "dtype");
  return names && names->size() == 1 && ((*names)[0] == "bfloat16" || (*names)[0] == "torch.bfloat16");
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

// Raw 16-bit words in this machine's byte order: the stored type itself, so that HDF5 at most swaps bytes.
Handle raw_word_type(const Dataset& dataset) {
  Handle type = hdf5::own(H5Tcopy(dataset.type.get()), dataset.where, "tell its type");
  hdf5::check(H5Tset_order(type.get(), H5Tget_order(hdf5::native_uint16())), dataset.where, "tell its type");
  return type;
}

void read_into(const Dataset& dataset, hid_t memory_type, const std::vector<std::size_t>& start,
               const std::vector<std::size_t>& count, std::size_t elements, void* buffer) {
  Handle file_space;
  Handle memory_space;
  hid_t file_selection = H5S_ALL;
  hid_t memory_selection = H5S_ALL;
  if (!count.empty()) {
    const std::vector<hsize_t> from(start.begin(), start.end());
    const std::vector<hsize_t> extent(count.begin(), count.end());
    const hsize_t flat[] = {elements};
    file_space = hdf5::own(H5Dget_space(dataset.id.get()), dataset.where, "tell its shape");
    memory_space = hdf5::own(H5Screate_simple(1, flat, nullptr), dataset.where, "be read");
    hdf5::check(H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, from.data(), nullptr, extent.data(), nullptr),
                dataset.where, "be read");
    file_selection = file_space.get();
    memory_selection = memory_space.get();
  }
  if (H5Dread(dataset.id.get(), memory_type, memory_selection, file_selection, H5P_DEFAULT, buffer) < 0) {
    hdf5::fail_reading(dataset);
  }
}

}  // namespace

ElementKind element_kind(const Handle& file, const std::string& file_name, const std::string& path,
                         const Dataset& dataset) {
  const std::size_t size = H5Tget_size(dataset.type.get());
  switch (H5Tget_class(dataset.type.get())) {
    case H5T_FLOAT:
      return float_kind(dataset);
    case H5T_INTEGER:
      if (size == 2 && says_bfloat16(file, file_name, path)) return ElementKind::bfloat16;
      return size <= 2 ? ElementKind::single : ElementKind::wide;
    case H5T_ENUM:
      if (is_bool(dataset)) return ElementKind::single;
      break;
    default:
      break;
  }
  throw Error(dataset.where, "holds " + type_name(dataset.type.get()) +
                                 ", not real numbers; write floats or integers, or leave it out with --layers");
}

void read_elements(const Dataset& dataset, ElementKind kind, const std::vector<std::size_t>& start,
                   const std::vector<std::size_t>& count, std::size_t elements, float* values) {
  if (kind == ElementKind::half || kind == ElementKind::bfloat16) {
    const Handle words = raw_word_type(dataset);
    auto* second_half = reinterpret_cast<unsigned char*>(values) + 2 * elements;
    read_into(dataset, words.get(), start, count, elements, second_half);
    expand_to_float(kind == ElementKind::half ? SixteenBit::half : SixteenBit::bfloat16, values, elements);
  } else {
    read_into(dataset, hdf5::native_float(), start, count, elements, values);
  }
}

void read_elements(const Dataset& dataset, const std::vector<std::size_t>& start, const std::vector<std::size_t>& count,
                   std::size_t elements, double* values) {
  read_into(dataset, hdf5::native_double(), start, count, elements, values);
}

}  // namespace snnl::dump
