#include "snnl/entanglement/memory.hpp"

#include <algorithm>

namespace snnl {
namespace {

constexpr std::size_t mib = std::size_t{1} << 20;
constexpr std::size_t real = sizeof(double);  // float may turn out not to do

/// What is spent where nobody has set a bound.
constexpr std::size_t usual_by_class = 96 * mib;
constexpr std::size_t usual_keep = 128 * mib;

}  // namespace

MemoryPlan plan_memory(const WorkSize& size, std::size_t bytes) {
  constexpr std::size_t temperatures = 12, tile = 512 * 512, strip_rows = 64, chunk = 32 * mib, batch = 1024;
  const std::size_t n = size.samples, d = size.features, c = size.classes;
  const bool all = size.queries == 0 || size.queries >= n;
  const std::size_t q = all ? n : size.queries;

  const std::size_t rows = q * (d + 2) * real + (all ? 0 : std::max(chunk, 512 * d * real));
  const std::size_t order = n * 48 + c * 64 + 160 * d * real;  // order, labels, losses; sums over features
  const std::size_t tiles = size.threads * (tile + 4 * temperatures * 512) * real;
  const std::size_t sums = 2 * temperatures * q * real;                                   // by sameness
  const std::size_t profiles = 2 * (3 * temperatures * q + temperatures * c * c) * real;  // the last one and the next
  const std::size_t strip = std::min(strip_rows * n * real, chunk) + (strip_rows + 512) * d * real;
  const std::size_t exact = (2 + size.threads) * strip + std::min(batch, q) * c * real;
  const std::size_t similarity = 4 * c * c * real;

  MemoryPlan plan;
  plan.least = rows + order + tiles + sums + profiles + exact + similarity;
  const std::size_t by_class = temperatures * c * q * real;
  if (bytes == 0) {
    plan.by_class = usual_by_class;
    plan.keep = usual_keep;
    return plan;
  }
  std::size_t spare = bytes > plan.least ? bytes - plan.least : 0;
  // Sums by class save one pass of few; kept tiles make all later ones cheap, so they get what is left.
  if (by_class <= std::min(spare, usual_by_class)) {
    plan.by_class = by_class;
    spare -= by_class;
  }
  plan.keep = spare;
  return plan;
}

}  // namespace snnl
