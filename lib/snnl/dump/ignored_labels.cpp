#include "snnl/dump/ignored_labels.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "snnl/text/wording.hpp"

namespace snnl::dump {
namespace {

/// How each distinct label can be named.
std::vector<std::vector<std::string>> names_of(const LabelSet& set) {
  std::vector<std::vector<std::string>> out;
  if (const auto* strings = std::get_if<std::vector<std::string>>(&set.distinct)) {
    for (const std::string& label : *strings) out.push_back({label});
    return out;
  }
  for (const std::int64_t label : std::get<std::vector<std::int64_t>>(set.distinct)) {
    out.push_back({std::to_string(label)});
    if (label < 0 || static_cast<std::uint64_t>(label) >= set.names.size()) continue;
    out.back().push_back(set.names[static_cast<std::size_t>(label)]);
  }
  return out;
}

std::vector<std::string> parts_of(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t end = std::min(list.find(',', from), list.size());
    if (end > from) parts.push_back(list.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

}  // namespace

std::vector<bool> ignored_among(const LabelSet& set, const std::vector<std::string>& given,
                                std::set<std::string>& met) {
  const std::vector<std::vector<std::string>> names = names_of(set);
  std::vector<bool> ignored(names.size());
  const auto mark = [&](const std::string& wanted) {
    bool any = false;
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (std::find(names[k].begin(), names[k].end(), wanted) == names[k].end()) continue;
      ignored[k] = any = true;
    }
    if (any) met.insert(wanted);
    return any;
  };
  for (const std::string& one : given) {
    if (mark(one)) continue;
    for (const std::string& part : parts_of(one)) mark(part);
  }
  return ignored;
}

std::vector<Error> tell_unmet(const std::string& where, const std::vector<std::string>& given,
                              const std::set<std::string>& met) {
  std::vector<Error> out;
  for (const std::string& one : given) {
    if (met.contains(one)) continue;
    for (const std::string& part : parts_of(one)) {
      if (met.contains(part)) continue;
      out.emplace_back(
          where,
          fmt::format("--ignore-label {} leaves out nothing: no sample has this label", text::location(part, "")),
          "name a label as it is stored, or leave it out");
    }
  }
  return out;
}

std::optional<Error> suspicious_label(const LabelSet& set) {
  const auto* labels = std::get_if<std::vector<std::int64_t>>(&set.distinct);
  if (!labels) return std::nullopt;
  std::vector<std::int64_t> left;  // ascending
  for (std::size_t k = 0; k < labels->size(); ++k) {
    if (!set.is_ignored(k)) left.push_back((*labels)[k]);
  }
  if (left.size() < 3 || left[0] >= 0 || left[1] != 0) return std::nullopt;
  const std::int64_t last = left.back();
  if (static_cast<std::uint64_t>(last) != left.size() - 2) return std::nullopt;
  return Error(
      set.where,
      fmt::format("the label {} is negative, the others are 0 to {}: it may mark samples that are none of a class",
                  left[0], last),
      fmt::format("leave them out with --ignore-label {}", left[0]));
}

}  // namespace snnl::dump
