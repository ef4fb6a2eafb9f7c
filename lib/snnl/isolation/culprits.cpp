#include "snnl/isolation/culprits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "snnl/text/wording.hpp"

namespace snnl::isolation {
namespace {

// Each costs a process, and a scan of all files.
constexpr std::size_t most = 16;
// Each of these costs seconds as well.
constexpr std::size_t most_slow = 2;

}  // namespace

Error error_of(const Culprit& culprit) {
  const std::string attribute =
      culprit.attribute.empty() ? "" : fmt::format("its attribute '{}' ", text::location(culprit.attribute, ""));
  return {text::location(culprit.file, culprit.path), attribute + culprit.why, culprit.advice};
}

Culprit culprit_of(const Death& death, const std::string& file, const Place& place, bool is_layer) {
  const std::string usual = is_layer ? "leave it out with --layers or write it again" : "copy or write it again";
  return {file, place.path, place.attribute, death.why, death.advice.empty() ? usual : death.advice};
}

void Culprits::add(const Death& death) {
  if (death.place.file >= files_.size()) {
    if (files_.size() == 1) throw error_of(culprit_of(death, files_[0], {}, false));
    throw Error("", death.why, death.advice.empty() ? "look at the files one by one" : death.advice);
  }
  const std::string& path = death.place.path;
  // What lies at the top of a file is most often none.
  const bool may_be_layer = std::count(path.begin(), path.end(), '/') > 1 && death.place.attribute.empty();
  Culprit culprit = culprit_of(death, files_[death.place.file], death.place, may_be_layer);
  if (!death.damaged) throw error_of(culprit);
  const auto of_file = [&](const Culprit& other) { return other.file == culprit.file; };
  const auto count = [&](const std::vector<Culprit>& list) {
    return static_cast<std::size_t>(std::count_if(list.begin(), list.end(), of_file));
  };
  if (death.took_long) slow_.push_back(culprit);
  const auto is_known = [&] {
    return std::any_of(all_.begin(), all_.end(), [&](const Culprit& other) {
      return of_file(other) && other.path == culprit.path && other.attribute == culprit.attribute;
    });
  };
  if (is_known() || count(all_) >= most || count(slow_) >= most_slow) {
    culprit = culprit_of(death, culprit.file, {}, false);
  }
  if (is_known()) throw error_of(culprit);
  all_.push_back(culprit);
}

}  // namespace snnl::isolation
