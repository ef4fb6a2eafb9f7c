#include "snnl/analysis/analyse_dump.hpp"

#include <future>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <system_error>

#include "snnl/analysis/digest.hpp"
#include "snnl/analysis/memory_budget.hpp"
#include "snnl/parallel/stop.hpp"

namespace snnl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Loaded {
  std::unique_ptr<dump::Activations> activations;
  std::string error;
};

/// What failing to do `work` comes to in one line, naming the item; empty when it was done.
template <class Work>
std::string message_of(const std::string& location, const Work& work) {
  try {
    work();
    return {};
  } catch (const Error& e) {
    const std::string what = e.what();
    return what.rfind(location, 0) == 0 ? what : location + ": " + what;
  } catch (const std::bad_alloc&) {
    return location + ": not enough memory for this item; analyse fewer samples or features";
  }
}

Loaded load(const dump::Reader& reader, const dump::Item& item, const MemoryBudget& budget) {
  Loaded loaded;
  loaded.error = message_of(item.location, [&] {
    budget.for_computing(item, nullptr);
    loaded.activations = std::make_unique<dump::Activations>(reader.read(item));
  });
  return loaded;
}

/// Spreads arrays over the classes of this item to all classes of the dump.
void spread_classes(Entanglement& r, std::size_t classes) {
  if (r.classes.size() == classes) return;  // all of them, in their order
  std::vector<double> by_class(classes, nan);
  std::vector<std::size_t> counts(classes, 0);
  auto similarity = xt::xtensor<double, 2>::from_shape({classes, classes});
  similarity.fill(nan);
  for (std::size_t a = 0; a < r.classes.size(); ++a) {
    const auto to = static_cast<std::size_t>(r.classes[a]);
    by_class[to] = r.class_entanglement[a];
    counts[to] = r.class_counts[a];
    for (std::size_t b = 0; b < classes; ++b) similarity(to, b) = 0;
    for (std::size_t b = 0; b < r.classes.size(); ++b) {
      similarity(to, static_cast<std::size_t>(r.classes[b])) = r.class_similarity(a, b);
    }
  }
  r.class_entanglement = std::move(by_class);
  r.class_counts = std::move(counts);
  r.class_similarity = std::move(similarity);
  r.classes.resize(classes);
  for (std::size_t c = 0; c < classes; ++c) r.classes[c] = static_cast<std::int64_t>(c);
}

bool is_stopped(const EntanglementOptions& options) { return options.stop && *options.stop; }

}  // namespace

Analysis analyse_dump(const dump::Reader& reader, const EntanglementOptions& options, std::size_t memory,
                      const AnalysisHooks& hooks) {
  Analysis analysis;
  analysis.label_path = reader.label_path();
  for (const dump::Class& c : reader.classes()) analysis.classes.push_back({c.name, c.count});
  const auto& items = reader.items();
  analysis.items.reserve(items.size());
  const MemoryBudget budget(memory, analysis.classes.size(), reader, options);
  const auto known = [&](std::size_t k) { return hooks.known ? hooks.known(items[k]) : nullptr; };

  // Only one thread at a time uses the reader: this one, where no item is being read.
  const auto start = [&](std::size_t k) {
    const auto work = [&, k] { return load(reader, items[k], budget); };
    try {
      return std::async(std::launch::async, work);
    } catch (const std::system_error&) {  // the system gives no more threads: it is read when it is asked for
      return std::async(std::launch::deferred, work);
    }
  };
  std::future<Loaded> next;
  try {
    for (std::size_t k = 0; k < items.size() && !is_stopped(options); ++k) {
      const auto add = [&](const AnalysedItem& item) {
        AnalysedItem& added = analysis.items.emplace_back(item);
        added.epoch = items[k].epoch;  // numbers follow the data, which may come as another epoch
        added.layer = items[k].layer;
      };
      if (const AnalysedItem* const here = next.valid() ? nullptr : known(k)) {
        add(*here);
        if (hooks.on_item) hooks.on_item({k, analysis.items.back(), nullptr}, analysis);
        continue;
      }
      Loaded now = next.valid() ? next.get() : load(reader, items[k], budget);
      const dump::Item* const after = k + 1 < items.size() && !known(k + 1) ? &items[k + 1] : nullptr;
      const bool both = after && budget.room_for_both(items[k], *after);
      EntanglementOptions of_item = options;
      if (now.activations && memory > 0) of_item.memory = budget.for_computing(items[k], both ? after : nullptr);
      if (both) next = start(k + 1);
      AnalysedItem done{items[k].epoch, items[k].layer, std::move(now.error), 0, std::nullopt, ""};
      const AnalysedItem* same = nullptr;
      if (now.activations) {
        dump::Activations& a = *now.activations;
        done.dropped = a.dropped;
        done.digest = digest(a);
        same = hooks.same ? hooks.same(items[k], done.digest) : nullptr;
        if (!same) {
          done.message = message_of(items[k].location, [&] {
            const std::vector<std::int64_t> labels(a.labels.begin(), a.labels.end());
            const SampleMatrix values = std::visit([](const auto& x) -> SampleMatrix { return x.view(); }, a.values);
            done.result = entanglement(values, labels, of_item);
            spread_classes(*done.result, analysis.classes.size());
          });
        }
        if (!done.message.empty()) done.digest.clear();
      }
      if (same) {
        add(*same);
        analysis.items.back().dropped = done.dropped;
      } else {
        analysis.items.push_back(std::move(done));
      }
      if (next.valid()) next.wait();
      if (hooks.on_item) hooks.on_item({k, analysis.items.back(), now.activations.get()}, analysis);
      if (analysis.items.back().result) {
        // The losses of single samples are for on_item alone: kept for all items they would outgrow the memory.
        analysis.items.back().result->sample_loss = {};
      }
    }
  } catch (const Stopped&) {
    // The items that are done are returned.
  }
  return analysis;
}

}  // namespace snnl
