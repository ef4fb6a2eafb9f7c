#include "snnl/hdf5/chunks/layout.hpp"

#include <algorithm>
#include <array>

#include "snnl/hdf5/dataset.hpp"

namespace snnl::hdf5 {
namespace {

using hdf5::Handle;

constexpr std::size_t largest_chunk = std::size_t{256} << 20;

// Nothing where a filter is another one, stands twice, or is not as HDF5 itself sets it.
std::optional<std::vector<FilterStep>> filter_steps(const Handle& creation) {
  const int filters = H5Pget_nfilters(creation.get());
  std::vector<FilterStep> steps;
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0;
    unsigned config = 0;
    std::array<unsigned, 8> values{};
    std::size_t parameters = values.size();
    const H5Z_filter_t filter = H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &parameters,
                                               values.data(), 0, nullptr, &config);
    FilterStep step;
    if (filter == H5Z_FILTER_DEFLATE) {
      step.filter = ChunkFilter::deflate;
    } else if (filter == H5Z_FILTER_FLETCHER32) {
      step.filter = ChunkFilter::fletcher32;
    } else if (filter == H5Z_FILTER_SHUFFLE && parameters == 1 && values[0] > 0) {
      step.filter = ChunkFilter::shuffle;
      step.element_size = values[0];
    } else {
      return std::nullopt;
    }
    const auto same = [&](const FilterStep& other) { return other.filter == step.filter; };
    if (std::any_of(steps.begin(), steps.end(), same)) return std::nullopt;
    steps.push_back(step);
  }
  const auto deflates = [](const FilterStep& step) { return step.filter == ChunkFilter::deflate; };
  if (std::none_of(steps.begin(), steps.end(), deflates)) return std::nullopt;
  return steps;
}

}  // namespace

std::optional<ChunkLayout> gzip_layout(const hdf5::Dataset& dataset) {
  const Handle creation(H5Dget_create_plist(dataset.id.get()));
  const std::size_t axes = dataset.shape.size();
  if (!creation || axes == 0 || H5Pget_layout(creation.get()) != H5D_CHUNKED) return std::nullopt;

  std::vector<hsize_t> extents(axes, 0);
  unsigned options = 0;  // such as partial chunks that go without filters
  if (H5Pget_chunk(creation.get(), static_cast<int>(axes), extents.data()) != static_cast<int>(axes) ||
      H5Pget_chunk_opts(creation.get(), &options) < 0 || options != 0) {
    return std::nullopt;
  }
  ChunkLayout layout;
  layout.element_size = H5Tget_size(dataset.type.get());
  layout.bytes = layout.element_size;
  for (const hsize_t extent : extents) {
    if (extent == 0 || layout.bytes == 0 || extent > largest_chunk / layout.bytes) return std::nullopt;
    layout.bytes *= extent;
    layout.shape.push_back(extent);
  }
  const auto steps = filter_steps(creation);
  if (!steps) return std::nullopt;
  layout.filters = *steps;
  return layout;
}

}  // namespace snnl::hdf5
