#include "snnl/entanglement/memory.hpp"

#include <algorithm>

namespace snnl {
namespace {

constexpr std::size_t mib = std::size_t{1} << 20;
constexpr std::size_t real = sizeof(double);  // float may turn out not to do

constexpr std::size_t most_by_class = 96 * mib;
constexpr std::size_t few_classes = 32;
/// Kept where nobody has set a bound.
constexpr std::size_t usual_keep = 128 * mib;

}  // namespace

bool sums_by_class(std::size_t temperatures, std::size_t classes, std::size_t samples, std::size_t queries) {
  const bool all = queries == 0 || queries >= samples;
  if (temperatures * classes * (all ? samples : queries) * sizeof(double) > most_by_class) return false;
  return classes <= few_classes || !all || samples * samples / 2 * sizeof(float) > usual_keep;
}

MemoryPlan plan_memory(const WorkSize& size, std::size_t bytes) {
  constexpr std::size_t temperatures = 12, tile = 512 * 512, strip_rows = 64, chunk = 32 * mib, batch = 1024;
  const std::size_t n = size.samples, d = size.features, c = size.classes;
  const bool all = size.queries == 0 || size.queries >= n;
  const std::size_t q = all ? n : size.queries;

  const std::size_t rows = q * (d + 2) * real + (all ? 0 : std::max(chunk, 512 * d * real));
  const std::size_t order = n * 48 + c * 64 + 160 * d * real;  // order, labels, losses; sums over features
  const std::size_t tiles = size.threads * (tile + 4 * temperatures * 512) * real;
  const std::size_t groups = sums_by_class(temperatures, c, n, size.queries) ? c : 2;
  const std::size_t sums = temperatures * groups * q * real;
  const std::size_t profiles = 2 * (3 * temperatures * q + temperatures * c * c) * real;  // the last one and the next
  const std::size_t strip = std::min(strip_rows * n * real, chunk) + (strip_rows + 512) * d * real;
  const std::size_t exact = (2 + size.threads) * strip + std::min(batch, q) * c * real;
  const std::size_t similarity = 4 * c * c * real;

  MemoryPlan plan;
  plan.least = rows + order + tiles + sums + profiles + exact + similarity;
  plan.keep = bytes == 0 ? usual_keep : bytes > plan.least ? bytes - plan.least : 0;
  return plan;
}

}  // namespace snnl
