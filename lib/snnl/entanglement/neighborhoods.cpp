#include "snnl/entanglement/neighborhoods.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <utility>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/error.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/shuffle.hpp"

namespace snnl::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A mean of what is there: NaN is passed over.
class Mean {
 public:
  void add(double value) {
    if (std::isnan(value)) return;
    sum_ += value;
    ++count_;
  }
  double value() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : nan; }

 private:
  double sum_ = 0;
  std::size_t count_ = 0;
};

/// Over draws; `of` gives the number of one.
template <class Number>
double mean_of(const std::vector<DrawnEntanglement>& found, const Number& of) {
  Mean mean;
  for (const DrawnEntanglement& one : found) mean.add(of(one.result));
  return mean.value();
}

/// That of most draws; one that is uncertain makes all of it so.
TemperatureStatus common_status(const std::vector<DrawnEntanglement>& found) {
  using enum TemperatureStatus;
  std::array<std::size_t, 5> counts{};
  for (const DrawnEntanglement& one : found) ++counts[static_cast<std::size_t>(one.result.temperature_status)];
  if (counts[static_cast<std::size_t>(uncertain)] > 0) return uncertain;
  return static_cast<TemperatureStatus>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

/// [n] of `influence` on the mean over the draws -> its standard error.
double jackknife_error(const std::vector<double>& influence, std::span<const std::int32_t> classes, std::size_t count) {
  std::vector<double> sums(count, 0.), squares(count, 0.), members(count, 0.);
  for (std::size_t i = 0; i < influence.size(); ++i) {
    const auto c = static_cast<std::size_t>(classes[i]);
    sums[c] += influence[i];
    members[c] += 1;
  }
  for (std::size_t i = 0; i < influence.size(); ++i) {
    const auto c = static_cast<std::size_t>(classes[i]);
    squares[c] += std::pow(influence[i] - sums[c] / members[c], 2);
  }
  double variance = 0;
  for (std::size_t c = 0; c < count; ++c) {
    if (members[c] > 1) variance += squares[c] * members[c] / (members[c] - 1);
  }
  return std::sqrt(variance);
}

void average_classes(const std::vector<DrawnEntanglement>& found, Entanglement& result) {
  const std::size_t count = result.classes.size();
  result.class_entanglement.resize(count);
  result.class_similarity = xt::xtensor<double, 2>::from_shape({count, count});
  for (std::size_t a = 0; a < count; ++a) {
    result.class_entanglement[a] = mean_of(found, [&](const Entanglement& r) { return r.class_entanglement[a]; });
    for (std::size_t b = 0; b < count; ++b) {
      result.class_similarity(a, b) = mean_of(found, [&](const Entanglement& r) { return r.class_similarity(a, b); });
    }
  }
}

void average(const std::vector<std::vector<std::size_t>>& draws, const std::vector<DrawnEntanglement>& found,
             std::span<const std::int32_t> classes, Entanglement& result) {
  using Result = Entanglement;
  const std::size_t n = classes.size();
  result.value = mean_of(found, [](const Result& r) { return r.value; });
  result.temperature = std::exp2(mean_of(found, [](const Result& r) { return std::log2(r.temperature); }));
  result.temperature_status = common_status(found);
  result.mean_distance = mean_of(found, [](const Result& r) { return r.mean_distance; });
  result.chance = mean_of(found, [](const Result& r) { return r.chance; });
  result.normalized = result.chance > 0 ? result.value / result.chance : nan;
  result.effective_neighbors = mean_of(found, [](const Result& r) { return r.effective_neighbors; });
  average_classes(found, result);

  std::vector<Mean> losses(n);
  std::vector<double> influence(n, 0.);
  for (std::size_t g = 0; g < draws.size(); ++g) {
    const Entanglement& r = found[g].result;
    const double weight = 1 / (static_cast<double>(r.scored) * static_cast<double>(draws.size()));
    for (std::size_t k = 0; k < draws[g].size(); ++k) {
      losses[draws[g][k]].add(r.sample_loss[k]);
      influence[draws[g][k]] += weight * found[g].influence[k];
    }
    result.used_double |= r.used_double;
    result.passes += r.passes;
  }
  result.standard_error = jackknife_error(influence, classes, result.classes.size());
  result.sample_loss.resize(n);
  for (std::size_t i = 0; i < n; ++i) result.sample_loss[i] = losses[i].value();
  result.scored = static_cast<std::size_t>(std::count_if(result.sample_loss.begin(), result.sample_loss.end(),
                                                         [](double loss) { return !std::isnan(loss); }));
  result.queries = n;
}

/// The entanglement of the samples `rows`, in a matrix of their own.
DrawnEntanglement compute_draw(const SampleMatrix& samples, std::span<const std::int32_t> classes,
                               const std::vector<std::size_t>& rows, const EntanglementOptions& options,
                               const ComputeDraw& compute) {
  std::vector<std::int32_t> drawn;
  for (const std::size_t i : rows) drawn.push_back(classes[i]);
  return std::visit(
      [&]<class Real>(const MatrixView<const Real>& x) {
        std::vector<Real> values;
        values.reserve(rows.size() * x.cols);
        for (const std::size_t i : rows) values.insert(values.end(), x.row(i), x.row(i) + x.cols);
        return compute(MatrixView<const Real>{values.data(), rows.size(), x.cols}, drawn, options);
      },
      samples);
}

}  // namespace

std::vector<std::vector<std::size_t>> stratified_draws(std::span<const std::int32_t> classes, std::size_t count,
                                                       std::size_t size, std::uint64_t seed) {
  const std::size_t n = classes.size();
  std::vector<std::vector<std::size_t>> members(count);
  for (std::size_t i = 0; i < n; ++i) members[static_cast<std::size_t>(classes[i])].push_back(i);
  // Each class at equal distances along a line, in random order from a random place on: any stretch has its share of
  // each.
  std::mt19937_64 random(seed);
  std::vector<std::pair<double, std::size_t>> line;
  line.reserve(n);
  for (std::vector<std::size_t>& of_class : members) {
    if (!of_class.empty()) shuffle_first(of_class, of_class.size() - 1, random);
    const double begin = static_cast<double>(random() >> 11) * 0x1p-53;
    for (std::size_t k = 0; k < of_class.size(); ++k) {
      line.emplace_back((static_cast<double>(k) + begin) / static_cast<double>(of_class.size()), of_class[k]);
    }
  }
  std::sort(line.begin(), line.end());

  const std::size_t needed = (n + size - 1) / size;
  std::vector<std::vector<std::size_t>> draws(needed);
  for (std::size_t g = 0; g < needed; ++g) {
    const std::size_t first = needed > 1 ? g * (n - size) / (needed - 1) : 0;
    for (std::size_t k = first; k < first + size; ++k) draws[g].push_back(line[k].second);
    std::sort(draws[g].begin(), draws[g].end());
  }
  return draws;
}

void check_neighborhood(std::size_t size, std::size_t n, std::size_t classes) {
  if (size > n) {
    throw Error("", std::to_string(n) + " samples are fewer than a neighbourhood of " + std::to_string(size),
                "choose a smaller one, for all that is compared");
  }
  if (size < 2 * classes) {
    throw Error("",
                "a neighbourhood of " + std::to_string(size) + " does not hold two of each of " +
                    std::to_string(classes) + " classes",
                "choose a larger one");
  }
}

std::vector<double> influences(const Points& points, const std::vector<double>& losses, double mean, double temperature,
                               std::size_t threads) {
  std::vector<std::size_t> all(points.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const std::vector<double> as_neighbors = ExactRows(points, all, threads).influences(temperature);
  std::vector<double> out(points.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[points.order()[i]] = as_neighbors[i] + (std::isnan(losses[i]) ? 0 : losses[i] - mean);
  }
  return out;
}

void average_draws(const SampleMatrix& samples, std::span<const std::int32_t> classes,
                   const EntanglementOptions& options, std::size_t threads, Entanglement& result,
                   const ComputeDraw& compute) {
  const std::vector<std::vector<std::size_t>> draws =
      stratified_draws(classes, result.classes.size(), options.neighborhood, options.seed);
  EntanglementOptions of_draw = options;
  of_draw.neighborhood = 0;
  // Row by row in double, where all samples are few enough for that, would take three times as long here.
  if (draws.size() > 1) of_draw.exact_pairs = std::min(options.exact_pairs, std::size_t{1} << 14);
  // Many draws are done side by side, few with all threads each: the numbers are the same.
  const bool aside = draws.size() >= threads;
  if (aside) of_draw.threads = 1;
  if (aside && options.memory > 0) of_draw.memory = std::max<std::size_t>(options.memory / threads, 1);
  std::vector<DrawnEntanglement> found(draws.size());
  parallel::run_parallel(draws.size(), aside ? threads : 1, [&](std::size_t g, std::size_t) {
    found[g] = compute_draw(samples, classes, draws[g], of_draw, compute);
  });
  average(draws, found, classes, result);
}

}  // namespace snnl::engine
