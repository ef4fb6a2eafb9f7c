#include "snnl/entanglement.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <utility>

#include "snnl/entanglement/evaluator.hpp"
#include "snnl/entanglement/input.hpp"
#include "snnl/entanglement/memory.hpp"
#include "snnl/entanglement/search.hpp"
#include "snnl/entanglement/search/range.hpp"
#include "snnl/entanglement/verify.hpp"
#include "snnl/parallel/stop.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"

namespace snnl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void check(const EntanglementOptions& options) {
  if (options.temperature && !(*options.temperature > 0 && std::isfinite(*options.temperature))) {
    throw Error("temperature", "must be a positive number");
  }
  if (options.temperature_curve == 1) throw Error("temperature_curve", "must be 0, or at least 2 temperatures");
}

double chance_level(const Entanglement& result) {
  const auto n = static_cast<double>(result.samples);
  double sum = 0;
  for (const std::size_t members : result.class_counts) {
    if (members < 2) continue;
    sum += static_cast<double>(members) * std::log((n - 1) / static_cast<double>(members - 1));
  }
  return sum / static_cast<double>(result.scored);
}

/// Of `result.value`, from the losses of the queries (see Entanglement::standard_error).
double standard_error(const std::vector<double>& losses, const Points& points, const Queries& queries,
                      const Entanglement& result) {
  const auto scored = static_cast<double>(result.scored);
  double squares = 0, variance = 0;
  for (std::size_t c = 0; c < points.classes(); ++c) {
    if (points.class_size(c) < 2) continue;
    const auto members = static_cast<double>(points.class_size(c));
    const std::size_t begin = queries.class_begin()[c], end = queries.class_begin()[c + 1];
    const auto drawn = static_cast<double>(end - begin);
    double of_class = 0;
    for (std::size_t i = begin; i < end; ++i) {
      squares += std::pow(losses[i] - result.value, 2);
      of_class += std::pow(losses[i] - result.class_entanglement[c], 2);
    }
    const double share = members / scored;
    variance += share * share * (1 - drawn / members) * of_class / (drawn - 1) / drawn;
  }
  if (!queries.all()) return std::sqrt(variance);
  return result.scored > 1 ? std::sqrt(squares / (scored - 1) / scored) : 0;
}

void summarise(const PointDetails& details, const Points& points, const Queries& queries, Entanglement& result) {
  result.queries = queries.size();
  result.value = mean_over_scored(points, queries, details.losses.data());
  // Rounding must not lead outside what an entropy can be.
  result.effective_neighbors = std::clamp(details.effective_neighbors, 1., static_cast<double>(result.samples - 1));

  result.sample_loss.assign(result.samples, nan);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    result.sample_loss[points.order()[queries.row(i)]] = details.losses[i];
  }
  const std::size_t classes = points.classes();
  result.class_entanglement.assign(classes, nan);
  for (std::size_t c = 0; c < classes; ++c) {
    if (points.class_size(c) < 2) continue;
    const std::size_t begin = queries.class_begin()[c], end = queries.class_begin()[c + 1];
    double of_class = 0;
    for (std::size_t i = begin; i < end; ++i) of_class += details.losses[i];
    result.class_entanglement[c] = of_class / static_cast<double>(end - begin);
  }
  result.standard_error = standard_error(details.losses, points, queries, result);
  result.class_similarity = xt::xtensor<double, 2>::from_shape({classes, classes});
  std::copy(details.class_similarity.begin(), details.class_similarity.end(), result.class_similarity.begin());
}

/// Log-spaced over what a reader wants to see: 2^-10 to 2^5 mean distances, and three octaves to either side of T.
std::vector<double> curve_temperatures(double temperature, double mean_distance, std::size_t count) {
  const double low = std::min(std::ldexp(mean_distance, -10), temperature / 8);
  const double high = std::max(std::ldexp(mean_distance, 5), temperature * 8);
  std::vector<double> out(count);
  for (std::size_t k = 0; k < count; ++k) {
    out[k] = low * std::pow(high / low, static_cast<double>(k) / static_cast<double>(count - 1));
  }
  return out;
}

std::string too_little(std::size_t least, std::size_t given) {
  const auto mib = [](std::size_t bytes) { return std::to_string((bytes + (std::size_t{1} << 20) - 1) >> 20); };
  return std::string("needs ")
      .append(mib(least))
      .append(" MiB of working memory, more than the ")
      .append(mib(given))
      .append(" MiB it may use");
}

template <class Real>
Entanglement analyse(const MatrixView<const Real>& view, std::span<const std::int64_t> labels,
                     const EntanglementOptions& options) {
  check(options);
  const StopScope stop_scope(options.stop);
  if (labels.size() != view.rows) {
    throw Error("", std::to_string(view.rows) + " samples, but " + std::to_string(labels.size()) + " labels");
  }
  const std::size_t threads = thread_count(options.threads);
  Entanglement result;
  result.samples = view.rows;
  result.features = view.cols;
  PreparedSamples samples(view, options.distance, threads);
  NumberedClasses classes = number_classes(labels);
  result.classes = std::move(classes.labels);
  result.class_counts = std::move(classes.counts);
  result.scored = count_scored(result.class_counts);
  const MemoryPlan memory =
      plan_memory({result.samples, result.features, result.classes.size(), options.rows, threads}, options.memory);
  if (options.memory > 0 && memory.least > options.memory) throw Error("", too_little(memory.least, options.memory));
  const Points points(std::move(samples), classes.numbers, result.classes.size(), threads);
  if (result.scored == 0) throw Error("", "no class has two members: no sample can be scored");

  const Queries queries = options.rows > 0 ? Queries(points, options.rows, options.seed) : Queries(points);

  LossEvaluator evaluator(points, queries, options, memory);
  if (options.temperature_curve > 0) evaluator.expect_more_passes();
  const double unit = points.unit();
  result.mean_distance = points.mean_distance() * unit;
  result.chance = chance_level(result);

  OptimalTemperature at;
  if (options.temperature) {
    at = {*options.temperature / unit, TemperatureStatus::fixed, {}};
  } else if (result.classes.size() == 1) {
    at = {std::ldexp(points.mean_distance(), highest_octave), TemperatureStatus::upper_bound, {}};
  } else {
    at = find_optimal_temperature(evaluator);
  }
  result.temperature = options.temperature ? *options.temperature : at.temperature * unit;
  result.temperature_status = at.status;
  summarise(at.profile ? evaluator.details(*at.profile, at.temperature) : evaluator.details(at.temperature), points,
            queries, result);
  if (!std::isfinite(result.value)) {
    std::ostringstream message;
    message << "the loss overflows at temperature " << result.temperature
            << "; choose one nearer to the mean distance, " << result.mean_distance;
    throw Error("", message.str());
  }
  if (options.verify) {
    const std::string wrong = verify(points, queries, {at.temperature, result.value, !options.temperature}, threads);
    if (!wrong.empty()) throw Error("", wrong);
  }
  result.normalized = result.chance > 0 ? result.value / result.chance : nan;
  result.used_double = evaluator.used_double();

  if (options.temperature_curve > 0) {
    std::vector<double> temperatures =
        curve_temperatures(at.temperature, points.mean_distance(), options.temperature_curve);
    constexpr std::size_t per_pass = 16;
    for (std::size_t first = 0; first < temperatures.size(); first += per_pass) {
      const auto begin = temperatures.begin() + static_cast<std::ptrdiff_t>(first);
      const auto count = std::min(per_pass, temperatures.size() - first);
      for (const LossAt& found : evaluator.evaluate({begin, begin + static_cast<std::ptrdiff_t>(count)})) {
        result.curve_temperature.push_back(found.temperature * unit);
        result.curve_value.push_back(found.loss);
      }
    }
  }
  result.passes = evaluator.passes();
  return result;
}

}  // namespace

Entanglement entanglement(const SampleMatrix& activations, std::span<const std::int64_t> labels,
                          const EntanglementOptions& options) {
  return std::visit([&](const auto& view) { return analyse(view, labels, options); }, activations);
}

}  // namespace snnl
