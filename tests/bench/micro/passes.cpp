// Whole passes over all pairs: tiles and their reducers, on one thread.

#include <cmath>

#include "prepared.hpp"
#include "snnl/entanglement/tile_passes.hpp"

namespace {

constexpr std::size_t n = 2048, features = 64;

/// Twelve temperatures a quarter of an octave apart, as the search profiles them; by number of classes.
template <snnl::engine::Grouping grouping>
void weight_sums_pass(benchmark::State& state) {
  const bench::PreparedPoints prepared(n, features, static_cast<std::size_t>(state.range(0)));
  snnl::engine::Tiles<float> tiles(prepared.points, prepared.queries, 1);
  std::vector<double> temperatures;
  for (int k = 0; k < 12; ++k) temperatures.push_back(std::exp2(-k / 4.));
  std::vector<snnl::engine::Nearest> nearest;
  for (auto _ : state) {
    benchmark::DoNotOptimize(snnl::engine::weight_sums_pass(tiles, temperatures, .1, grouping, nearest));
  }
  bench::per_pair(state, bench::unordered_pairs(n));
}

void mass_pass(benchmark::State& state) {
  const bench::PreparedPoints prepared(n, features);
  snnl::engine::Tiles<float> tiles(prepared.points, prepared.queries, 1);
  for (auto _ : state) benchmark::DoNotOptimize(snnl::engine::mass_pass(tiles, .1, .1, {}));
  bench::per_pair(state, bench::unordered_pairs(n));
}

/// By number of classes.
void class_pass(benchmark::State& state) {
  const bench::PreparedPoints prepared(n, features, static_cast<std::size_t>(state.range(0)));
  snnl::engine::Tiles<float> tiles(prepared.points, prepared.queries, 1);
  const std::vector<double> share(n, 1.);
  for (auto _ : state) benchmark::DoNotOptimize(snnl::engine::class_pass(tiles, .1, .1, share, {}));
  bench::per_pair(state, bench::unordered_pairs(n));
}

constexpr auto by_class = snnl::engine::Grouping::by_class, by_sameness = snnl::engine::Grouping::by_sameness;
BENCHMARK_TEMPLATE(weight_sums_pass, by_sameness)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(weight_sums_pass, by_class)->Arg(10)->Unit(benchmark::kMillisecond);
BENCHMARK(mass_pass)->Unit(benchmark::kMillisecond);
BENCHMARK(class_pass)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
