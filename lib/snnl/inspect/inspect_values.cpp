#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <variant>

#include "snnl/analysis/analyse_item.hpp"
#include "snnl/analysis/dominance_notes.hpp"
#include "snnl/dump/activations.hpp"
#include "snnl/dump/integer_bits.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/inspect/inspector.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/points.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::inspect {

void Inspector::look_at_values(const dump::Found& found, ItemInfo& item) {
  const std::string where = text::location(names_[found.file], found.slice.text());
  const auto note = [&](const std::function<void()>& work) {
    try {
      work();
      return true;
    } catch (const Error& error) {
      findings_.add(error.at(where), Severity::error, "write it again, or leave it out with --layers or --epochs");
    } catch (const std::bad_alloc&) {
      findings_.add(Error(where, "there is not enough memory for this item", "store fewer samples or features"));
    }
    item.sound = false;
    return false;
  };

  const auto set = sets_.find({found.file, found.label_path});
  std::vector<std::int32_t> labels;
  std::string label_path = found.label_path;
  if (set != sets_.end()) {
    labels = set->second.codes;
    if (unscored_.contains(set->first)) item.sound = false;
  } else {
    item.sound = false;  // the labels' own finding says why
  }
  // With labels of its own making up the number, an item's other faults show where the labels do not fit.
  const auto stand_in = [&] {
    const std::size_t samples =
        dump::activations_size(open(found.file), names_[found.file], found.slice, {}, options_.threads).samples;
    hdf5::checked_bytes({samples}, sizeof(std::int32_t), where);
    labels.assign(samples, 0);
  };
  if (set == sets_.end() && !note(stand_in)) return;
  const auto structure = [&] {
    dump::check_activations(open(found.file), names_[found.file], found.slice, labels.size(), label_path);
  };
  if (!note(structure) && (!note(stand_in) || !note(structure))) return;
  if (!options_.data) return;

  note([&] {
    const Checked checked = check_item(found, labels, where);
    if (on_checked_ && !checked_.contains(where)) on_checked_(checked);
    if (is_sixteen_bits(item)) looks_like_.insert(checked.looks_like);
    if (checked.looks_like != dump::IntegerBits::numbers) {
      findings_.add(dump::looks_like_bits(where, checked.looks_like), Severity::warning);
    }
    for (const analysis::DominanceNote& one : analysis::dominance_notes(checked.dominance, checked.features)) {
      findings_.add(Error(where, one.message, one.advice), Severity::warning);
    }
    if (!checked.error.empty()) throw Error(where, checked.error, checked.advice);
  });
}

Checked Inspector::check_item(const dump::Found& found, const std::vector<std::int32_t>& labels,
                              const std::string& where) {
  if (const auto before = checked_.find(where); before != checked_.end()) return before->second;
  Checked checked;
  checked.where = where;
  try {
    const dump::Activations activations =
        dump::read_activations(open(found.file), names_[found.file], found.slice, labels, found.label_path, input_);
    checked.looks_like = activations.looks_like;
    check_values(activations, where);
    const hdf5::OwnWork own_work;
    EntanglementOptions usual;
    usual.threads = options_.threads;
    checked.dominance = analysis::dominance_of(activations, usual);
    checked.features = std::visit([](const auto& x) { return x.shape(1); }, activations.values);
  } catch (const Error& error) {
    checked.error = error.where().empty() || error.where() == where
                        ? error.message()
                        : fmt::format("{}: {}", error.where(), error.message());
    checked.advice = error.advice();
  }
  return checked;
}

bool Inspector::is_sixteen_bits(const ItemInfo& item) const {
  if (!item.dataset) return false;
  const std::string& type = result_.datasets[*item.dataset].type;
  return type.starts_with("int16") || type.starts_with("uint16");
}

void Inspector::check_values(const dump::Activations& activations, const std::string& where) const {
  const hdf5::OwnWork own_work;
  std::visit(
      [&](const auto& values) {
        using Real = typename std::decay_t<decltype(values)>::value_type;
        const auto zero = [](Real x) { return x == 0; };
        if (activations.labels.size() > 1 && std::all_of(values.begin(), values.end(), zero)) {
          throw Error(where, "every value is zero: it was never written, or the layer is dead",
                      "write it again, or leave it out with --layers or --epochs");
        }
        std::int32_t classes = 0;
        for (const std::int32_t label : activations.labels) classes = std::max(classes, label + 1);
        try {
          const engine::Points points(values.view(), activations.labels, static_cast<std::size_t>(classes),
                                      Distance::sqeuclidean, parallel::thread_count(options_.threads));
        } catch (const Error& error) {
          throw error.at(where);
        }
      },
      activations.values);
}

}  // namespace snnl::inspect
