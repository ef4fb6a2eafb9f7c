#include "snnl/entanglement/memory.hpp"

#include <algorithm>

#include "snnl/points/row_sums.hpp"
#include "snnl/tiles/tiles.hpp"

namespace snnl::engine {
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
  constexpr std::size_t temperatures = 16;               // of a pass, at most
  constexpr std::size_t nodes = 13;                      // of a profile
  constexpr std::size_t panel = 8, scratch = 2 * panel;  // rows that are converted together, and where that is done
  constexpr std::size_t strip_rows = 64, exact_sample = 136, chunk = 32 * mib, batch = 1024;
  const std::size_t n = size.samples, d = size.features, c = size.classes;
  if (n == 0) return {.least = 0, .keep = bytes == 0 ? usual_keep : bytes};  // reading it will say why
  const bool all = size.queries == 0 || size.queries >= n;
  const std::size_t q = all ? n : size.queries;
  const auto threads_for = [&](std::size_t tasks) { return std::min(size.threads, std::max<std::size_t>(tasks, 1)); };
  const auto rounded = [](std::size_t rows) { return (rows + panel - 1) / panel * panel; };
  const std::size_t row = d * real;

  // The samples in double, and where only some are queries, a chunk of the others.
  const std::size_t stretch = row_stretch(n), stretches = (n + stretch - 1) / stretch;
  const std::size_t columns = all ? 0 : std::min(rounded(n) * row, std::max(chunk, block_rows(n) * row));
  const std::size_t rows = rounded(q) * row + columns + threads_for(stretches) * scratch * row;
  // Sums over features: those of each stretch, and what they are made of.
  const std::size_t feature_sums = (2 * stretches + 5 + threads_for(stretches)) * row;
  // Order, labels, norms, nearest distances, losses and shares of each sample.
  const std::size_t order = n * 200 + c * 64;

  const std::size_t edge = block_rows(q), width = block_rows(n), blocks = (q + edge - 1) / edge;
  const std::size_t tiles =
      threads_for(blocks) * edge * width * real + size.threads * 2 * temperatures * std::max(edge, width) * real;
  // Summed by class where those sums are few, whatever the number of temperatures.
  const bool by_class = sums_by_class(1, c, n, size.queries);
  const auto class_sums = [&](std::size_t count) {
    return by_class ? std::min(nodes * c * count * real, most_by_class) : 0;
  };
  const std::size_t sums = std::max(temperatures * 2 * q * real, class_sums(q));
  const std::size_t profiles = 2 * (3 * nodes * q * real + class_sums(c));  // the last one and the next

  // What the bound of the search knows: two sums of each query, at the temperatures that a search mostly evaluates.
  constexpr std::size_t evaluated = 16;
  const std::size_t bound = (2 * evaluated + 16) * q * real;

  // Rows done one by one: all queries may be where their distances are few enough to be kept, else a batch of them, or
  // a strip by each thread. The columns are converted by each thread.
  const std::size_t kept_rows = chunk / real / n;
  const std::size_t left = std::max({std::min(q, exact_sample), std::min(q, kept_rows),
                                     threads_for((q + strip_rows - 1) / strip_rows) * std::min(q, strip_rows)});
  const std::size_t right = threads_for((n + strip_rows - 1) / strip_rows) * (std::min(n, strip_rows) + scratch);
  constexpr std::size_t at_a_time = 4 * strip_rows;
  const std::size_t strips = std::min(std::min(q, at_a_time) * n * real, chunk);
  // Few rows that alone matter, whose distances are kept, or the near neighbours of all.
  constexpr std::size_t near = 16 * 16 * 2;
  const std::size_t some = std::max(std::min(std::max(q / 64, strip_rows) * n * real, chunk), q * near);
  const std::size_t exact = (rounded(left) + scratch + rounded(right)) * row + std::min(q * n * real, chunk) + strips +
                            size.threads * 7 * n * real + std::min(batch, q) * c * real;
  const std::size_t similarity = 3 * c * c * real;

  MemoryPlan plan;
  plan.least = rows + feature_sums + order + tiles + sums + profiles + bound + exact + some + similarity;
  plan.keep = bytes == 0 ? usual_keep : bytes > plan.least ? bytes - plan.least : 0;
  return plan;
}

}  // namespace snnl::engine
