#include "snnl/outliers/gather_votes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "snnl/error.hpp"
#include "snnl/nearest_neighbors.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl::outliers {
namespace {

double measure_recall(const SampleSet::Layer& queries, const SampleSet::Layer& training, const Neighbors& found,
                      std::size_t samples, const NeighborOptions& options) {
  std::vector<float> rows;
  Neighbors chosen{samples, found.k, {}, {}};
  for (std::size_t s = 0; s < samples; ++s) {
    const std::size_t q = s * queries.rows / samples;
    rows.insert(rows.end(), queries.view().row(q), queries.view().row(q) + queries.features);
    chosen.indices.insert(chosen.indices.end(), found.indices_of(q), found.indices_of(q) + found.k);
  }
  return recall(chosen, nearest_neighbors({rows.data(), samples, queries.features}, training.view(), found.k, options));
}

/// What answers for one layer of the training set: an index of it, or all of it.
NeighborIndex::Search search_in(const SampleSet::Layer& training, const NeighborIndex& index,
                                const NeighborOptions& options) {
  if (!index.name.empty()) return index.make(training.view(), options);
  return [&training, options](MatrixView<const float> queries, std::size_t k) {
    return nearest_neighbors(queries, training.view(), k, options);
  };
}

/// What is done to all samples of a layer before distances are taken: what `options` say, fitted to the training
/// samples. Else, where those are not held by float, their mean is taken off, which changes no squared distance;
/// nothing (no scales) where they are, or angles are meant.
FeatureTransform fit(const SampleSet::Layer& training, const OutlierOptions& options, std::size_t threads) {
  try {
    const FeatureOptions& features = options.features;
    if (!features.any() && (!training.is_wide() || options.distance == Distance::cosine)) return {};
    FeatureTransform out = training.is_wide() ? fit_features(training.wide_view(), features, threads)
                                              : fit_features(training.view(), features, threads);
    if (features.any()) return out;
    const FeatureTransform centred = fit_features(training.wide_view(), {.standardize = true}, threads);
    for (std::size_t f = 0; f < out.scales.size(); ++f) {
      out.scales[f] = {1, centred.scales[f].mean / centred.scales[f].unit, 1};
    }
    return out;
  } catch (const Error& e) {
    throw e.at(training.location);
  }
}

/// Makes the samples float, changed as `transform` has it.
void prepare(const FeatureTransform& transform, std::size_t threads, SampleSet::Layer& layer) {
  if (transform.scales.empty()) {
    if (layer.is_wide()) layer.narrow();
    return;
  }
  const std::size_t size = layer.rows * transform.outputs;
  if (layer.is_wide()) {
    std::vector<double> changed(size);
    apply_features(transform, layer.wide_view(), changed.data(), threads);
    layer.wide = std::move(changed);
    layer.narrow();
  } else {
    std::vector<float> changed(size);
    apply_features(transform, layer.view(), changed.data(), threads);
    layer.values = std::move(changed);
  }
  layer.features = transform.outputs;
}

}  // namespace

Gathered gather_votes(const ComparedSets& sets, const OutlierOptions& o,
                      const std::function<void(double, const std::string&)>& on_step) {
  Gathered out;
  for (const SampleSet* set : sets.judged()) out.sets.push_back({set, {}, {}, {}});
  const bool has_index = !o.index.name.empty();
  const NeighborOptions options{o.distance, o.threads};
  const std::size_t threads = parallel::thread_count(o.threads);
  const double steps = static_cast<double>(sets.train.layers().size() * out.sets.size());
  double step = 0;
  for (const std::string& layer : sets.train.layers()) {
    SampleSet::Layer training = sets.train.read(layer);
    out.training.add(training);
    const std::size_t features = training.features;
    const FeatureTransform transform = fit(training, o, threads);
    prepare(transform, threads, training);
    if (has_index && on_step) on_step(step / steps, "index of " + layer);
    const NeighborIndex::Search search = search_in(training, o.index, options);
    for (GatheredVotes& one : out.sets) {
      if (on_step) on_step(step++ / steps, fmt::format("{} of {}", layer, one.set->name()));
      SampleSet::Layer queries = one.set->read(layer);
      if (one.set == &sets.calibration) out.calibration.add(queries);
      if (queries.features != features) {
        throw Error(queries.location,
                    fmt::format("has {} features, but {} has {}", queries.features, training.location, features));
      }
      prepare(transform, threads, queries);
      try {
        const Neighbors found = search(queries.view(), o.k);
        one.add(count_votes(found, sets.train.labels(), sets.train.classes().size()), found);
        if (has_index && one.set == &sets.test) {
          const std::size_t samples = std::min(sets.test.size(), most_recall_samples);
          out.recall.push_back(measure_recall(queries, training, found, samples, options));
        }
      } catch (const Error& e) {
        throw e.at(queries.location);
      }
    }
  }
  return out;
}

}  // namespace snnl::outliers
