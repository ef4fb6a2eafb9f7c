#include "snnl/analysis/analyse_item.hpp"

#include <variant>

#include "snnl/analysis/item_error.hpp"
#include "snnl/analysis/sample_losses.hpp"
#include "snnl/entanglement/codes.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl::analysis {

Analysis begin_analysis(const dump::Reader& reader) {
  Analysis analysis;
  analysis.label_path = reader.label_path();
  for (const dump::Class& c : reader.classes()) analysis.classes.push_back({c.name, c.count});
  return analysis;
}

AnalysedItem analyse_item(const LoadedItem& item, const std::string& digest, std::size_t classes,
                          const EntanglementOptions& options) {
  AnalysedItem done;
  done.epoch = item.place.epoch;
  done.layer = item.place.layer;
  done.message = item.error;
  if (!item.activations) return done;
  const dump::Activations& a = *item.activations;
  done.dropped = a.dropped;
  done.ignored = a.ignored;
  done.message = item_error(item.place.location, [&] {
    EntanglementOptions of_item = options;
    if (item.memory > 0) of_item.memory = item.memory;
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
