#include "common/warnings.hpp"

#include <fmt/format.h>

#include "common/tool.hpp"

namespace tool {

void Warnings::tell(const snnl::Error& warning) {
  const std::string said = snnl::Error("", warning.message(), warning.advice()).what();
  const auto [place, is_new] = told_.try_emplace(said);
  Told& told = place->second;
  if (!told.places.insert(warning.where()).second) return;
  if (is_new) {
    print_note(tool_, fmt::format("warning: {}", warning.what()));
  } else {
    ++told.since;
    told.last = warning.where();
  }
}

void Warnings::note(const std::string& text) {
  if (noted_.insert(text).second) print_note(tool_, text);
}

void Warnings::finish() {
  for (auto& [said, told] : told_) {
    if (told.since == 0) continue;
    const std::string more =
        told.since == 1 ? told.last : fmt::format("{} more, the last of them {}", told.since, told.last);
    print_note(tool_, fmt::format("warning: {}: {}", more, said));
    told.since = 0;
  }
}

}  // namespace tool
