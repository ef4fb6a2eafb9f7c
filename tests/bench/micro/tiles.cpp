// All distance tiles, eaten by nobody: GEMM and the norms, by number of features.

#include "snnl/tiles/tiles.hpp"

#include "prepared.hpp"

namespace {

template <class Real>
void all_tiles(benchmark::State& state) {
  constexpr std::size_t n = 2048;
  const bench::PreparedPoints prepared(n, static_cast<std::size_t>(state.range(0)));
  snnl::engine::Tiles<Real> tiles(prepared.points, prepared.queries, 1);
  for (auto _ : state) {
    tiles.for_each([](const snnl::engine::Tile<Real>& tile, std::size_t) { benchmark::DoNotOptimize(tile.rect.data); });
  }
  bench::per_pair(state, bench::unordered_pairs(n));
}

BENCHMARK_TEMPLATE(all_tiles, float)->Arg(10)->Arg(64)->Arg(512)->Arg(3072)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(all_tiles, double)->Arg(512)->Unit(benchmark::kMillisecond);

}  // namespace
