#include "snnl/entanglement.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <utility>

#include "snnl/entanglement/codes.hpp"
#include "snnl/entanglement/evaluator.hpp"
#include "snnl/entanglement/input.hpp"
#include "snnl/entanglement/memory.hpp"
#include "snnl/entanglement/neighborhoods.hpp"
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
  if (options.neighborhood > 0 && options.rows > 0) throw Error("neighborhood", "cannot go with rows");
  if (options.neighborhood > 0 && options.temperature_curve > 0) {
    throw Error("neighborhood", "cannot go with temperature_curve: each draw has a temperature of its own");
  }
}

/// Of `result.value`, from the losses of the queries (see Entanglement::standard_error).
double standard_error(const std::vector<double>& losses, const std::vector<double>& of_classes,
                      const engine::Points& points, const engine::Queries& queries, const Entanglement& result) {
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
      of_class += std::pow(losses[i] - of_classes[c], 2);
    }
    const double share = members / scored;
    variance += share * share * (1 - drawn / members) * of_class / (drawn - 1) / drawn;
  }
  if (!queries.all()) return std::sqrt(variance);
  return result.scored > 1 ? std::sqrt(squares / (scored - 1) / scored) : 0;
}

/// Classes of a result: every one that may occur, and where among them those are that do.
struct ClassPlaces {
  std::size_t count = 0;
  std::vector<std::size_t> of;  // [classes that occur]
};

void summarise_classes(const std::vector<double>& of_classes, const engine::PointDetails& details,
                       const ClassPlaces& places, Entanglement& result) {
  const std::size_t present = places.of.size();
  result.class_entanglement.assign(places.count, nan);
  result.class_similarity = xt::xtensor<double, 2>::from_shape({places.count, places.count});
  result.class_similarity.fill(nan);
  for (std::size_t a = 0; a < present; ++a) {
    const std::size_t to = places.of[a];
    result.class_entanglement[to] = of_classes[a];
    for (std::size_t b = 0; b < places.count; ++b) result.class_similarity(to, b) = 0;
    for (std::size_t b = 0; b < present; ++b) {
      result.class_similarity(to, places.of[b]) = details.class_similarity[a * present + b];
    }
  }
}

void summarise(const engine::PointDetails& details, const engine::Points& points, const engine::Queries& queries,
               const ClassPlaces& places, Entanglement& result) {
  result.queries = queries.size();
  result.value = engine::mean_over_scored(points, queries, details.losses.data());
  // Rounding must not lead outside what an entropy can be.
  result.effective_neighbors = std::clamp(details.effective_neighbors, 1., static_cast<double>(result.samples - 1));

  result.sample_loss.assign(result.samples, nan);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    result.sample_loss[points.order()[queries.row(i)]] = details.losses[i];
  }
  std::vector<double> of_classes(points.classes(), nan);
  for (std::size_t c = 0; c < points.classes(); ++c) {
    if (points.class_size(c) < 2) continue;
    const std::size_t begin = queries.class_begin()[c], end = queries.class_begin()[c + 1];
    double of_class = 0;
    for (std::size_t i = begin; i < end; ++i) of_class += details.losses[i];
    of_classes[c] = of_class / static_cast<double>(end - begin);
  }
  result.standard_error = standard_error(details.losses, of_classes, points, queries, result);
  summarise_classes(of_classes, details, places, result);
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

/// How the temperature came about.
engine::OptimalTemperature temperature_for(const EntanglementOptions& options, const engine::Points& points,
                                           engine::LossEvaluator& evaluator) {
  if (options.temperature) return {*options.temperature / points.unit(), TemperatureStatus::fixed, {}};
  if (points.classes() == 1) {
    return {std::ldexp(points.mean_distance(), engine::highest_octave), TemperatureStatus::upper_bound, {}};
  }
  return engine::find_optimal_temperature(evaluator);
}

void add_curve(double temperature, const EntanglementOptions& options, const engine::Points& points,
               engine::LossEvaluator& evaluator, Entanglement& result) {
  if (options.temperature_curve == 0) return;
  const std::vector<double> temperatures =
      curve_temperatures(temperature, points.mean_distance(), options.temperature_curve);
  constexpr std::size_t per_pass = 16;
  for (std::size_t first = 0; first < temperatures.size(); first += per_pass) {
    const auto begin = temperatures.begin() + static_cast<std::ptrdiff_t>(first);
    const auto count = std::min(per_pass, temperatures.size() - first);
    for (const engine::LossAt& found : evaluator.evaluate({begin, begin + static_cast<std::ptrdiff_t>(count)})) {
      result.curve_temperature.push_back(found.temperature * points.unit());
      result.curve_value.push_back(found.loss);
    }
  }
}

Error overflow(const Entanglement& result) {
  std::ostringstream message, advice;
  message << "the loss overflows at temperature " << result.temperature;
  advice << "choose one nearer to the mean distance, " << result.mean_distance;
  return {"", message.str(), advice.str()};
}

/// With the sizes alone.
Entanglement sized(const SampleMatrix& activations, std::size_t labels) {
  Entanglement result;
  std::visit([&](const auto& x) { result.samples = x.rows, result.features = x.cols; }, activations);
  if (labels != result.samples) {
    throw Error("", std::to_string(result.samples) + " samples, but " + std::to_string(labels) + " labels");
  }
  return result;
}

/// `number` gives the classes once the values are known to be finite. `influence`, where not null, gets that of
/// engine::DrawnEntanglement.
template <class Number>
Entanglement compute(const SampleMatrix& activations, std::size_t labels, const EntanglementOptions& options,
                     const Number& number, std::vector<double>* influence = nullptr) {
  const parallel::StopScope stop_scope(options.stop);
  Entanglement result = sized(activations, labels);
  const std::size_t threads = parallel::thread_count(options.threads);
  engine::PreparedSamples samples(activations, options.distance, threads);
  ClassPlaces places;
  const engine::NumberedClasses classes = number(places, result);
  const std::size_t present = classes.counts.size();
  result.scored = engine::count_scored(classes.counts);
  const engine::MemoryPlan memory =
      engine::plan_memory({result.samples, result.features, present, options.rows, threads}, options.memory);
  if (options.memory > 0 && memory.least > options.memory) throw Error("", too_little(memory.least, options.memory));
  const engine::Points points(std::move(samples), classes.numbers, present, threads);
  if (result.scored == 0) throw Error("", "no class has two members: no sample can be scored");
  const engine::Queries queries =
      options.rows > 0 ? engine::Queries(points, options.rows, options.seed) : engine::Queries(points);

  engine::LossEvaluator evaluator(points, queries, options, memory);
  if (options.temperature_curve > 0) evaluator.keep_tiles();
  result.mean_distance = points.mean_distance() * points.unit();
  result.chance = engine::chance_level(classes.counts, result.samples, result.scored);
  const engine::OptimalTemperature at = temperature_for(options, points, evaluator);
  result.temperature = options.temperature ? *options.temperature : at.temperature * points.unit();
  result.temperature_status = at.status;
  const engine::PointDetails details =
      at.profile ? evaluator.details(*at.profile, at.temperature) : evaluator.details(at.temperature);
  summarise(details, points, queries, places, result);
  if (!std::isfinite(result.value)) throw overflow(result);
  if (options.verify) {
    const std::string wrong =
        engine::verify(points, queries, {at.temperature, result.value, !options.temperature}, threads);
    if (!wrong.empty()) throw Error("", wrong);
  }
  result.normalized = result.chance > 0 ? result.value / result.chance : nan;
  result.used_double = details.in_double;
  add_curve(at.temperature, options, points, evaluator, result);
  result.passes = evaluator.passes();
  if (influence) *influence = engine::influences(points, details.losses, result.value, at.temperature, threads);
  return result;
}

/// How codes [n] in [0, count) give the classes, those that do not occur as well.
auto numbering(std::span<const std::int32_t> codes, std::size_t count) {
  return [codes, count](ClassPlaces& places, Entanglement& result) {
    engine::NumberedClasses classes = engine::number_codes(codes, count);
    places.count = count;
    result.class_counts.assign(count, 0);
    for (std::size_t c = 0; c < count; ++c) result.classes.push_back(static_cast<std::int64_t>(c));
    for (std::size_t c = 0; c < classes.labels.size(); ++c) {
      places.of.push_back(static_cast<std::size_t>(classes.labels[c]));
      result.class_counts[places.of[c]] = classes.counts[c];
    }
    return classes;
  };
}

template <class Number>
Entanglement compute_draws(const SampleMatrix& activations, std::size_t labels, const EntanglementOptions& options,
                           const Number& number) {
  const parallel::StopScope stop_scope(options.stop);
  Entanglement result = sized(activations, labels);
  const std::size_t threads = parallel::thread_count(options.threads);
  { const engine::PreparedSamples all(activations, options.distance, threads); }  // tells of what is not finite
  ClassPlaces places;
  const engine::NumberedClasses classes = number(places, result);
  engine::check_neighborhood(options.neighborhood, result.samples, classes.counts.size());
  std::vector<std::int32_t> codes;
  for (const std::int32_t c : classes.numbers) {
    codes.push_back(static_cast<std::int32_t>(places.of[static_cast<std::size_t>(c)]));
  }
  engine::average_draws(
      activations, codes, options, threads, result,
      [&](const SampleMatrix& samples, std::span<const std::int32_t> drawn, const EntanglementOptions& of_draw) {
        engine::DrawnEntanglement out;
        out.result = compute(samples, drawn.size(), of_draw, numbering(drawn, places.count), &out.influence);
        return out;
      });
  return result;
}

template <class Number>
Entanglement compute_any(const SampleMatrix& activations, std::size_t labels, const EntanglementOptions& options,
                         const Number& number) {
  check(options);
  return options.neighborhood > 0 ? compute_draws(activations, labels, options, number)
                                  : compute(activations, labels, options, number);
}

}  // namespace

Entanglement entanglement(const SampleMatrix& activations, std::span<const std::int64_t> labels,
                          const EntanglementOptions& options) {
  return compute_any(activations, labels.size(), options, [&](ClassPlaces& places, Entanglement& result) {
    engine::NumberedClasses classes = engine::number_classes(labels);
    places.count = classes.labels.size();
    for (std::size_t c = 0; c < places.count; ++c) places.of.push_back(c);
    result.classes = classes.labels;
    result.class_counts = classes.counts;
    return classes;
  });
}

Entanglement engine::entanglement_of_codes(const SampleMatrix& activations, std::span<const std::int32_t> codes,
                                           std::size_t count, const EntanglementOptions& options) {
  return compute_any(activations, codes.size(), options, numbering(codes, count));
}

}  // namespace snnl
