// snnl-bench: with --case, one row of the table of docs/performance.md; without, the micro-benchmarks of the parts.
// scripts/bench runs it; by hand: snnl-bench --case=gemm:n=8192,d=512,threads=2 --benchmark_repetitions=5

#include <benchmark/benchmark.h>

#include <iostream>
#include <vector>

#include "case.hpp"
#include "gemm_yardstick.hpp"
#include "snnl/product/products.hpp"
#include "snnl/simd/instruction_set.hpp"

int main(int argc, char** argv) {
  const std::string option = "--case=";
  std::vector<std::string> cases;
  std::vector<char*> others;
  for (int k = 0; k < argc; ++k) {
    const std::string argument = argv[k];
    if (k > 0 && argument.rfind(option, 0) == 0) {
      cases.push_back(argument.substr(option.size()));
    } else {
      others.push_back(argv[k]);
    }
  }
  auto count = static_cast<int>(others.size());
  benchmark::Initialize(&count, others.data());
  if (benchmark::ReportUnrecognizedArguments(count, others.data())) return 2;

  try {
    if (!cases.empty()) benchmark::ClearRegisteredBenchmarks();
    for (const std::string& text : cases) {
      benchmark::RegisterBenchmark(text.c_str(), bench::Measured(bench::parse_case(text)))
          ->Iterations(1)
          ->UseManualTime()
          ->Unit(benchmark::kSecond);
    }
    benchmark::AddCustomContext("blas", bench::blas_description());
    benchmark::AddCustomContext("simd", snnl::simd::name());
    std::string sets;
    for (const std::string& set : snnl::simd::available()) sets += (sets.empty() ? "" : " ") + set;
    benchmark::AddCustomContext("simd_available", sets);
    benchmark::AddCustomContext("blas_of_products", snnl::product::blas_in_use());
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& e) {
    std::cerr << "snnl-bench: error: " << e.what() << '\n';
    return 2;
  }
  benchmark::Shutdown();
}
