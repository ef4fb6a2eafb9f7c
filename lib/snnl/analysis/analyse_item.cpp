#include "snnl/analysis/analyse_item.hpp"

#include <memory>
#include <variant>

#include "snnl/analysis/item_error.hpp"
#include "snnl/analysis/sample_losses.hpp"
#include "snnl/dump/activations.hpp"
#include "snnl/entanglement/codes.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl::analysis {

Analysis begin_analysis(const dump::Reader& reader) {
  Analysis analysis;
  analysis.label_path = reader.label_path();
  for (const dump::Class& c : reader.classes()) analysis.classes.push_back({c.name, c.count});
  return analysis;
}

std::optional<ChangedFeatures> change_features(dump::Activations& activations, const FeatureOptions& options,
                                               std::size_t threads) {
  if (!options.any()) return std::nullopt;
  return std::visit(
      [&]<class Real>(dump::Values<Real>& values) {
        const MatrixView<const Real> before = values.view();
        const FeatureTransform transform = fit_features(before, options, threads);
        const std::shared_ptr<void> memory = dump::own_memory(before.rows * transform.outputs * sizeof(Real));
        Real* const changed = static_cast<Real*>(memory.get());
        apply_features(transform, before, changed, threads);
        const ChangedFeatures out{before.cols, transform.constant, transform.dropped};
        values = {memory, changed, before.rows, transform.outputs};
        return out;
      },
      activations.values);
}

AnalysedItem analyse_item(LoadedItem& item, const std::string& digest, std::size_t classes,
                          const EntanglementOptions& options, const FeatureOptions& features) {
  AnalysedItem done;
  done.epoch = item.place.epoch;
  done.layer = item.place.layer;
  done.message = item.error;
  if (!item.activations) return done;
  dump::Activations& a = *item.activations;
  done.dropped = a.dropped;
  done.ignored = a.ignored;
  done.message = item_error(item.place.location, [&] {
    EntanglementOptions of_item = options;
    if (item.memory > 0) of_item.memory = item.memory;
    done.changed = change_features(a, features, parallel::thread_count(options.threads));
    const SampleMatrix values = std::visit([](const auto& x) -> SampleMatrix { return x.view(); }, a.values);
    done.result = engine::entanglement_of_codes(values, a.labels, classes, of_item);
  });
  if (!done.message.empty()) return done;
  done.digest = digest;
  if (a.labels.size() <= most_kept_losses) {
    done.sample_losses.assign(done.result->sample_loss.begin(), done.result->sample_loss.end());
    done.sample_digest = sample_digest(a);
  }
  return done;
}

Dominance dominance_of(const dump::Activations& activations, const EntanglementOptions& options) {
  const SampleMatrix values = std::visit([](const auto& x) -> SampleMatrix { return x.view(); }, activations.values);
  Dominance dominance = find_dominance(values, options.distance, parallel::thread_count(options.threads));
  for (Share& sample : dominance.samples) sample.index = activations.rows[sample.index];
  return dominance;
}

AnalysedItem numbers_at(const dump::Item& place, const AnalysedItem& numbers) {
  AnalysedItem out = numbers;
  out.epoch = place.epoch;
  out.layer = place.layer;
  return out;
}

}  // namespace snnl::analysis
