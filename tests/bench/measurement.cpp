#include "measurement.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "gemm_yardstick.hpp"
#include "peak_memory.hpp"
#include "snnl/entanglement.hpp"
#include "snnl/entanglement_gradient.hpp"
#include "snnl/nearest_neighbors.hpp"

namespace bench {
namespace {

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// OpenBLAS' threads spin for a while after a call; they must not take processors from what is timed next.
void let_blas_threads_sleep() { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }

}  // namespace

struct Measured::Prepared {
  data::Samples samples;
  data::Samples other;  // what the reference searches, where that is not `samples`
  std::optional<GemmYardstick> gemm;
  snnl::Entanglement result;
  std::vector<float> gradient;
  std::function<void()> reference, subject;

  explicit Prepared(const Measurement& m) : samples(m.workload.make()) {
    using Reference = Measurement::Reference;
    const auto search = [](const data::Samples& of, std::size_t threads) {
      snnl::EntanglementOptions options;
      options.threads = threads;
      return snnl::entanglement(of.x, of.y, options);
    };
    const auto run_gemm = [this] {
      (*gemm)();
      benchmark::ClobberMemory();
    };
    subject = [this, search, threads = m.threads] { result = search(samples, threads); };
    if (m.subject == Measurement::Subject::gradient) {
      result = search(samples, m.threads);
      gradient.resize(samples.x.size());
      subject = [this, m] {
        snnl::GradientOptions options;
        options.threads = m.threads;
        const snnl::MatrixView<const float> view{samples.x.data(), samples.x.shape(0), samples.x.shape(1)};
        for (std::size_t k = 0; k < m.calls; ++k) {
          const auto derivative =
              snnl::entanglement_gradient(view, samples.y, result.temperature, gradient.data(), options);
          result.used_double = derivative.used_double;
        }
        benchmark::ClobberMemory();
      };
    }
    if (m.subject == Measurement::Subject::neighbors) {
      result.temperature_status = snnl::TemperatureStatus::fixed;
      subject = [this, threads = m.threads] {
        const std::size_t n = samples.x.shape(0), d = samples.x.shape(1), queries = n / 6;
        const std::size_t k = std::min<std::size_t>(75, n - queries);
        const snnl::Neighbors found = snnl::nearest_neighbors(
            {samples.x.data(), queries, d}, {samples.x.data() + queries * d, n - queries, d}, k, {{}, threads});
        double sum = 0;
        for (std::size_t q = 0; q < queries; ++q) sum += found.distances_of(q)[k - 1];
        result.value = sum / static_cast<double>(queries);
      };
    }
    switch (m.reference) {
      case Reference::none:
        break;
      case Reference::gemm:
        gemm.emplace(samples.x, m.threads);
        reference = run_gemm;
        break;
      case Reference::gemm_alone:
        gemm.emplace(samples.x, m.threads);
        subject = run_gemm;
        break;
      case Reference::classes: {
        Workload workload = m.workload;
        workload.classes = m.reference_classes;
        other = workload.make();
        reference = [this, search, threads = m.threads] { benchmark::DoNotOptimize(search(other, threads)); };
        break;
      }
      case Reference::one_thread:
        reference = [this, search] { benchmark::DoNotOptimize(search(samples, 1)); };
        break;
    }
    if (!m.warm_up) return;
    if (reference) reference();
    subject();
  }
};

Measured::Measured(const Measurement& measurement) : measurement_(measurement) {}

void Measured::operator()(benchmark::State& state) {
  if (!prepared_) prepared_ = std::make_shared<Prepared>(measurement_);
  Prepared& p = *prepared_;
  for (auto _ : state) {
    if (p.reference) state.counters["reference_s"] = seconds_of(p.reference);
    if (p.gemm) let_blas_threads_sleep();
    const double seconds = seconds_of(p.subject) / static_cast<double>(measurement_.calls);
    state.SetIterationTime(seconds);
    state.counters["subject_s"] = seconds;
  }
  state.counters["peak_kib"] = static_cast<double>(peak_kib());
  if (measurement_.reference == Measurement::Reference::gemm_alone) return;
  state.counters["l"] = p.result.value;
  state.counters["normalized"] = p.result.normalized;
  state.counters["passes"] = static_cast<double>(p.result.passes);
  state.counters["temperature"] = p.result.temperature;
  state.counters["used_double"] = p.result.used_double ? 1 : 0;
  state.SetLabel(name_of(p.result.temperature_status));
}

}  // namespace bench
