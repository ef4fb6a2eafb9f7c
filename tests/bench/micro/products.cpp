// What the makers of products do for one tile of 512 x 512 pairs, by number of features: squared distances, and the
// gradient's sums over rows. Which of them is the default is decided by these.

#include "snnl/product/products.hpp"

#include <benchmark/benchmark.h>

#include "snnl/memory/buffer.hpp"
#include "snnl/product/distances.hpp"

namespace {

constexpr std::size_t side = 512;

/// Gigaflops, two for each product and sum.
void rate(benchmark::State& state, std::size_t rows, std::size_t features) {
  using benchmark::Counter;
  state.counters["flops"] =
      Counter(2. * static_cast<double>(rows * side * features), Counter::kIsIterationInvariantRate);
}

/// Rows of `rows` against the columns of a tile: a whole one, or as few as the exact rows have.
template <class Real>
void distances(benchmark::State& state, const std::string& maker, std::size_t rows) {
  snnl::product::select(maker);
  const auto& products = snnl::product::products<Real>();
  const auto features = static_cast<std::size_t>(state.range(0));
  snnl::product::RowSet<Real> set(products, side, features);
  const std::vector<Real> values(set.group * features, Real(.5));
  for (std::size_t first = 0; first < side; first += set.group) set.fill(first, values.data(), set.group);
  snnl::memory::Buffer<Real> out(side * side);
  const snnl::product::OneThread one;
  for (auto _ : state) {
    products.squared_distances(set.view(0, rows), set.view(0, side), out.data(), side);
    benchmark::ClobberMemory();
  }
  rate(state, rows, features);
  snnl::product::select("");
}

template <class Real>
void accumulate(benchmark::State& state, const std::string& maker, bool transposed) {
  snnl::product::select(maker);
  const auto& products = snnl::product::products<Real>();
  const auto features = static_cast<std::size_t>(state.range(0));
  snnl::product::FeatureBlock<Real> y{nullptr, side, features, products.feature_panel(features)};
  snnl::memory::Buffer<Real> values(side * y.width()), weights(side * side), out(side * y.width());
  std::fill_n(values.data(), side * y.width(), Real(.5));
  std::fill_n(weights.data(), side * side, Real(.5));
  std::fill_n(out.data(), side * y.width(), Real(0));
  y.values = values.data();
  const snnl::product::OneThread one;
  for (auto _ : state) {
    products.accumulate({weights.data(), side, side, products.pair_panel(side)}, transposed, y, 0, out.data(),
                        y.width());
    benchmark::ClobberMemory();
  }
  rate(state, side, features);
  snnl::product::select("");
}

/// Before main: the makers that there are decide what is measured.
const bool registered = [] {
  for (const std::string& maker : snnl::product::available()) {
    const auto add = [&](const std::string& name, const auto& run) {
      return benchmark::RegisterBenchmark(("products/" + maker + "/" + name).c_str(), run)
          ->Unit(benchmark::kMicrosecond);
    };
    add("distances<float>", [=](auto& state) { distances<float>(state, maker, side); })
        ->Arg(10)
        ->Arg(64)
        ->Arg(512)
        ->Arg(3072);
    add("distances<double>", [=](auto& state) { distances<double>(state, maker, side); })
        ->Arg(10)
        ->Arg(64)
        ->Arg(512)
        ->Arg(3072);
    add("rows<double>", [=](auto& state) { distances<double>(state, maker, 64); })->Arg(64)->Arg(512)->Arg(3072);
    for (const bool transposed : {false, true}) {
      const std::string suffix = transposed ? "/transposed" : "";
      add("accumulate<float>" + suffix, [=](auto& state) { accumulate<float>(state, maker, transposed); })
          ->Arg(64)
          ->Arg(512);
      add("accumulate<double>" + suffix, [=](auto& state) { accumulate<double>(state, maker, transposed); })
          ->Arg(64)
          ->Arg(512);
    }
  }
  return true;
}();

}  // namespace
