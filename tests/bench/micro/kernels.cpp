// The inner loops over one tile, which stays in the cache.

#include "snnl/kernels/kernels.hpp"

#include <vector>

#include "prepared.hpp"

namespace {

constexpr std::size_t side = 512;

template <class Real>
struct OneTile {
  std::vector<Real> distances = std::vector<Real>(side * side);
  std::vector<Real> rows = std::vector<Real>(snnl::kernels::max_ladder * side);
  std::vector<Real> cols = std::vector<Real>(snnl::kernels::max_ladder * side);
  std::vector<Real> shift = std::vector<Real>(side);
  OneTile() {
    for (std::size_t k = 0; k < distances.size(); ++k) distances[k] = Real(.5) + static_cast<Real>(k % 1021) / 1021;
  }
  snnl::kernels::DistanceRect<Real> rect() const { return {distances.data(), side, side, side}; }
};

/// By temperatures that share one exponential.
template <class Real>
void exp_sums(benchmark::State& state) {
  OneTile<Real> tile;
  const auto steps = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    snnl::kernels::in_use<Real>().exp_sums(tile.rect(), Real(4), tile.shift.data(), steps, tile.rows.data(), side,
                                           tile.cols.data(), side);
    benchmark::ClobberMemory();
  }
  bench::per_pair(state, side * side);
}

template <class Real>
void entropy_sums(benchmark::State& state) {
  OneTile<Real> tile;
  for (auto _ : state) {
    snnl::kernels::in_use<Real>().entropy_sums(tile.rect(), Real(4), tile.shift.data(), tile.rows.data(),
                                               tile.rows.data() + side, tile.cols.data(), tile.cols.data() + side);
    benchmark::ClobberMemory();
  }
  bench::per_pair(state, side * side);
}

template <class Real>
void minima(benchmark::State& state) {
  OneTile<Real> tile;
  for (auto _ : state) {
    snnl::kernels::in_use<Real>().minima(tile.rect(), tile.rows.data(), tile.cols.data());
    benchmark::ClobberMemory();
  }
  bench::per_pair(state, side * side);
}

BENCHMARK_TEMPLATE(exp_sums, float)->DenseRange(1, snnl::kernels::max_ladder);
BENCHMARK_TEMPLATE(exp_sums, double)->DenseRange(1, snnl::kernels::max_ladder);
BENCHMARK_TEMPLATE(entropy_sums, float);
BENCHMARK_TEMPLATE(entropy_sums, double);
BENCHMARK_TEMPLATE(minima, float);

}  // namespace
