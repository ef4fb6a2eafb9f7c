// The sample of 64 rows in double that the search starts from: distances by dgemm, then every octave.

#include <cmath>

#include "prepared.hpp"
#include "snnl/entanglement/exact_rows.hpp"

namespace {

constexpr std::size_t n = 8192, sample_rows = 64;

std::vector<std::size_t> spread_rows() {
  std::vector<std::size_t> rows(sample_rows);
  for (std::size_t k = 0; k < sample_rows; ++k) rows[k] = k * (n / sample_rows);
  return rows;
}

/// By number of features. The first call pays for the distances.
void sample_distances(benchmark::State& state) {
  const bench::PreparedPoints prepared(n, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    snnl::engine::ExactRows rows(prepared.points, spread_rows(), 1);
    benchmark::DoNotOptimize(rows.nearest());
  }
  bench::per_pair(state, static_cast<double>(sample_rows * n));
}

/// By number of temperatures, an octave apart.
void sample_losses(benchmark::State& state) {
  const bench::PreparedPoints prepared(n, 64);
  snnl::engine::ExactRows rows(prepared.points, spread_rows(), 1);
  std::vector<double> temperatures;
  for (int k = 0; k < static_cast<int>(state.range(0)); ++k) temperatures.push_back(std::ldexp(1, 10 - k));
  for (auto _ : state) benchmark::DoNotOptimize(rows.losses(temperatures));
  bench::per_pair(state, static_cast<double>(sample_rows * n));
}

BENCHMARK(sample_distances)->Arg(10)->Arg(512)->Arg(3072)->Unit(benchmark::kMillisecond);
BENCHMARK(sample_losses)->Arg(1)->Arg(51)->Unit(benchmark::kMillisecond);

}  // namespace
