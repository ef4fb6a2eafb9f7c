#include "snnl/inspect/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "snnl/text/wording.hpp"

namespace snnl::inspect {

void Findings::add(const Error& error, Severity severity, const std::string& advice) {
  Finding finding;
  finding.severity = severity;
  const std::string& where = error.where();
  // One file's name may begin with another's.
  std::string best;
  for (const std::string& name : files_) {
    const std::string place = text::location(name, "");
    const bool fits = where == place || where.starts_with(place + ":/");
    if (!fits || place.size() < best.size()) continue;
    best = place;
    finding.file = name;
    finding.path = where.size() > place.size() ? where.substr(place.size() + 1) : "";
  }
  finding.message = finding.file.empty() && !where.empty() ? fmt::format("{}: {}", where, error.message())
                                                           : error.message();  // an option
  finding.advice = error.advice().empty() ? advice : error.advice();
  add(finding);
}

void Findings::add(const Finding& finding) {
  const std::string key = finding.file + '\0' + finding.path + '\0' + finding.message;
  if (known_.insert(key).second) findings_.push_back(finding);
}

std::vector<Finding> Findings::sorted() const {
  std::vector<Finding> all = findings_;
  std::stable_sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  return all;
}

bool Findings::any(Severity severity) const {
  return std::any_of(findings_.begin(), findings_.end(),
                     [&](const Finding& finding) { return finding.severity == severity; });
}

}  // namespace snnl::inspect
