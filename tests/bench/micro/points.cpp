// What is done once for each item: centring, ordering by class, norms.

#include "snnl/points/points.hpp"

#include "prepared.hpp"
#include "snnl/product/products.hpp"

namespace {

constexpr std::size_t samples = 4096;

void prepare_points(benchmark::State& state) {
  const bench::PreparedPoints prepared(samples, static_cast<std::size_t>(state.range(0)));
  const auto labels = prepared.labels();
  for (auto _ : state) {
    const snnl::engine::Points points(prepared.view(), labels, 10, snnl::Distance::sqeuclidean);
    benchmark::DoNotOptimize(points.mean_distance());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0) * static_cast<std::int64_t>(samples * sizeof(float)));
}

template <class Real>
void copy_rows(benchmark::State& state) {
  const bench::PreparedPoints prepared(samples, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(
        prepared.points.rows(snnl::product::products<Real>(), 0, samples));
  state.SetBytesProcessed(state.iterations() * state.range(0) * static_cast<std::int64_t>(samples * sizeof(float)));
}

BENCHMARK(prepare_points)->Arg(10)->Arg(512)->Arg(3072)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(copy_rows, float)->Arg(10)->Arg(512)->Arg(3072)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(copy_rows, double)->Arg(512)->Unit(benchmark::kMillisecond);

}  // namespace
