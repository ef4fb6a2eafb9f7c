#include "fuzz/targets.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/chunks/filters.hpp"

namespace fuzz {

void chunk_filters(std::string_view bytes) {
  using namespace snnl::hdf5;
  Input in(bytes);
  constexpr ChunkFilter filters[] = {ChunkFilter::deflate, ChunkFilter::shuffle, ChunkFilter::fletcher32};
  std::vector<FilterStep> steps;
  // Each at most once, in any order, as a dataset may have them.
  for (std::size_t order = in.number(64); order > 0 && steps.size() < 3; order /= 4) {
    const ChunkFilter filter = filters[order % 4 % 3];
    const auto same = [=](const FilterStep& step) { return step.filter == filter; };
    if (std::none_of(steps.begin(), steps.end(), same)) steps.push_back({filter, 1 + in.number(20)});
  }
  const std::size_t chunk_bytes = 1 + in.number(5000);
  const std::uint32_t skipped = in.byte() & 7u;
  ChunkDecoder decoder(steps, chunk_bytes);
  // A copy of the very size, so that reading beyond it is seen.
  const std::vector<unsigned char> stored(in.rest().begin(), in.rest().end());
  for (int k = 0; k < 2; ++k) {
    try {
      require(decoder.decode(stored, skipped).size() == chunk_bytes, "a chunk is of the wrong size");
    } catch (const snnl::Error&) {
    }
  }
}

}  // namespace fuzz
