// Looks for data on which the search of the optimal temperature is wrong.
//   snnl-search-attack RUNS SEED [MOST_SAMPLES [climb] [large]]
// Prints every recipe that fails, and at the end how many did. With `climb` each run begins anywhere and changes its
// recipe step by step towards what is hard: the most passes, the largest excess; the hardest are printed. With `large`
// no data are few: they all go the way of large ones, of which a scan could hold only some.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "search/dense_scan.hpp"
#include "search/families.hpp"
#include "search/verdict.hpp"
#include "snnl/error.hpp"

namespace {

struct Tally {
  std::size_t runs = 0, failures = 0, refused = 0, uncertain = 0, passes = 0;
  double worst = 0;
};

search::Verdict attempt(const search::Recipe& recipe, const snnl::EntanglementOptions& options, Tally& tally) {
  search::Verdict verdict;
  ++tally.runs;
  try {
    verdict = search::judge(recipe, options);
  } catch (const snnl::Error&) {
    ++tally.refused;  // equal samples, no class of two
    return verdict;
  }
  tally.passes = std::max(tally.passes, verdict.passes);
  tally.worst = std::max(tally.worst, verdict.excess);
  if (verdict.status == snnl::TemperatureStatus::uncertain) {
    ++tally.uncertain;
    std::printf("uncertain: %s\n", recipe.text().c_str());
  }
  if (!verdict.failure.empty()) {
    ++tally.failures;
    std::printf("%s: %s\n", verdict.failure.c_str(), recipe.text().c_str());
  }
  std::fflush(stdout);
  return verdict;
}

double hardness(const search::Verdict& v) {
  return static_cast<double>(v.passes) + 3 * std::log10(std::max(v.excess, 1e-14) / 1e-14);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: snnl-search-attack RUNS SEED [MOST_SAMPLES [climb] [large]]\n", stderr);
    return 2;
  }
  const auto runs = std::strtoul(argv[1], nullptr, 10);
  const auto seed = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  const std::size_t most = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 700;
  const std::vector<std::string> words(argv + std::min(argc, 4), argv + argc);
  const auto asked = [&](const char* word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  const bool climb = asked("climb");
  snnl::EntanglementOptions options;
  if (asked("large")) options.exact_pairs = 0;
  constexpr std::size_t steps = 40;
  Tally tally;
  for (std::size_t k = 0; k < runs; ++k) {
    const auto number = static_cast<std::uint32_t>(seed * 1000003u + k);
    search::Recipe recipe = search::make_recipe(k % search::families, number, most);
    search::Verdict verdict = attempt(recipe, options, tally);
    if (!climb) continue;
    for (std::size_t step = 0; step < steps; ++step) {
      const search::Recipe next = search::changed(recipe, number * 131u + static_cast<std::uint32_t>(step), most);
      const search::Verdict of_next = attempt(next, options, tally);
      if (hardness(of_next) < hardness(verdict)) continue;
      recipe = next;
      verdict = of_next;
    }
    std::printf("hard (%zu passes, excess %.3g): %s\n", verdict.passes, verdict.excess, recipe.text().c_str());
  }
  std::printf("%zu runs, %zu failures, %zu uncertain, %zu refused; at most %zu passes, excess %.3g\n", tally.runs,
              tally.failures, tally.uncertain, tally.refused, tally.passes, tally.worst);
  return tally.failures == 0 ? 0 : 1;
}
