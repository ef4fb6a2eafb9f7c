#include "snnl/hdf5/elements.hpp"

#include <algorithm>

#include "snnl/hdf5/chunks/reader.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/half.hpp"
#include "snnl/hdf5/types.hpp"
#include "snnl/hdf5/watch.hpp"

namespace snnl::hdf5 {
namespace {

using hdf5::Dataset;
using hdf5::Handle;

// Raw 16-bit words in this machine's byte order: the stored type itself, so that HDF5 at most swaps bytes.
Handle raw_word_type(const Dataset& dataset) {
  Handle type = hdf5::own(H5Tcopy(dataset.type.get()), dataset.where, "tell its type");
  hdf5::check(H5Tset_order(type.get(), H5Tget_order(hdf5::native_uint16())), dataset.where, "tell its type");
  return type;
}

void read_box(const Dataset& dataset, hid_t memory_type, const Box& box, void* buffer) {
  Handle file_space;
  Handle memory_space;
  hid_t file_selection = H5S_ALL;
  hid_t memory_selection = H5S_ALL;
  if (box.count != dataset.shape) {
    const std::vector<hsize_t> from(box.start.begin(), box.start.end());
    const std::vector<hsize_t> extent(box.count.begin(), box.count.end());
    const hsize_t flat[] = {box.elements()};
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

// In stretches of whole chunks: whoever watches sees that it goes on.
void read_by_hdf5(const Dataset& dataset, hid_t memory_type, const Box& box, void* buffer) {
  constexpr std::size_t stretch_bytes = std::size_t{16} << 20;
  const auto varies = [](std::size_t count) { return count > 1; };
  const auto found = std::find_if(box.count.begin(), box.count.end(), varies);
  if (found == box.count.end()) return read_box(dataset, memory_type, box, buffer);
  const auto axis = static_cast<std::size_t>(found - box.count.begin());
  const std::size_t row_bytes = box.elements() / box.count[axis] * H5Tget_size(memory_type);
  const std::size_t chunk = chunk_extent(dataset, axis);
  const std::size_t chunks = std::max<std::size_t>(1, stretch_bytes / std::max<std::size_t>(1, row_bytes) / chunk);
  const std::size_t end = box.start[axis] + box.count[axis];
  auto* out = static_cast<unsigned char*>(buffer);
  for (std::size_t from = box.start[axis]; from < end;) {
    const std::size_t next = std::min(end, (from / chunk + chunks) * chunk);
    Box part = box;
    part.start[axis] = from;
    part.count[axis] = next - from;
    read_box(dataset, memory_type, part, out);
    out += (next - from) * row_bytes;
    from = next;
    progressed();
  }
}

// HDF5's own conversion, as H5Dread would do it, in place.
void convert(const Dataset& dataset, hid_t memory_type, std::size_t elements, void* buffer) {
  if (H5Tequal(dataset.type.get(), memory_type) > 0) return;
  const OwnWork own_work;
  if (H5Tconvert(dataset.type.get(), memory_type, elements, buffer, nullptr, H5P_DEFAULT) < 0) {
    hdf5::fail_reading(dataset);
  }
}

void read_into(const Dataset& dataset, hid_t memory_type, const Box& box, std::size_t threads, void* buffer) {
  const bool fits = H5Tget_size(dataset.type.get()) <= H5Tget_size(memory_type);
  if (fits && read_gzip_chunks(dataset, box, threads, static_cast<unsigned char*>(buffer))) {
    convert(dataset, memory_type, box.elements(), buffer);
  } else {
    read_by_hdf5(dataset, memory_type, box, buffer);
  }
}

}  // namespace

void read_elements(const Dataset& dataset, ElementKind kind, const Box& box, std::size_t threads, float* values) {
  if (kind == ElementKind::half || kind == ElementKind::bfloat16) {
    const Handle words = raw_word_type(dataset);
    const std::size_t elements = box.elements();
    auto* second_half = reinterpret_cast<unsigned char*>(values) + 2 * elements;
    read_into(dataset, words.get(), box, threads, second_half);
    const OwnWork own_work;
    expand_to_float(kind == ElementKind::half ? SixteenBit::half : SixteenBit::bfloat16, values, elements);
  } else {
    read_into(dataset, hdf5::native_float(), box, threads, values);
  }
}

void read_elements(const Dataset& dataset, const Box& box, std::size_t threads, double* values) {
  read_into(dataset, hdf5::native_double(), box, threads, values);
}

}  // namespace snnl::hdf5
