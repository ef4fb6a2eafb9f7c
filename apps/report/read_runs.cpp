#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "report/report.hpp"
#include "snnl/analysis.hpp"
#include "snnl/analysis/comparability.hpp"
#include "snnl/error.hpp"
#include "snnl/text/printable.hpp"

namespace snnl::report {
namespace {

/// The shortest names that tell the files apart: their stems, else all that they are called by.
std::vector<std::string> names_of(const std::vector<std::string>& files) {
  std::vector<std::string> stems;
  for (const std::string& file : files) stems.push_back(std::filesystem::path(file).stem().string());
  const std::set<std::string> distinct(stems.begin(), stems.end());
  return distinct.size() == files.size() ? stems : files;
}

void check_classes(const Run& run, const Run& first) {
  const auto& classes = run.analysis.classes;
  const auto& expected = first.analysis.classes;
  const std::string advice = "; make a report of each";
  if (classes.size() != expected.size()) {
    throw Error(run.file,
                fmt::format("has {} classes, but {} has {}{}", classes.size(), first.file, expected.size(), advice));
  }
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (classes[c].name == expected[c].name) continue;
    throw Error(run.file, fmt::format("has class '{}' where {} has '{}'{}", text::printable(classes[c].name),
                                      first.file, text::printable(expected[c].name), advice));
  }
}

}  // namespace

std::vector<Run> read_runs(const std::vector<std::string>& files, const std::vector<std::string>& names) {
  if (!names.empty() && names.size() != files.size()) {
    throw Error("--label", fmt::format("{} are given for {}{}", names.size(), files.size(),
                                       files.size() == 1 ? " analysis" : " analyses"));
  }
  const std::vector<std::string> chosen = names.empty() ? names_of(files) : names;
  std::vector<Run> runs;
  for (std::size_t k = 0; k < files.size(); ++k) {
    if (std::count(chosen.begin(), chosen.end(), chosen[k]) > 1) {
      throw Error(names.empty() ? files[k] : "--label", fmt::format("'{}' is given twice", text::printable(chosen[k])));
    }
    runs.push_back({chosen[k], files[k], read_analysis(files[k])});
    const auto& items = runs.back().analysis.items;
    if (std::none_of(items.begin(), items.end(), [](const AnalysedItem& item) { return item.result.has_value(); })) {
      throw Error(files[k], "holds no item that could be analysed",
                  std::string("the first says: ") + text::printable(items[0].message));
    }
    check_classes(runs.back(), runs.front());
  }
  return runs;
}

std::vector<std::string> incomparable(const std::vector<Run>& runs) {
  std::vector<std::string> out;
  for (const Run& run : runs) {
    std::string reasons;
    for (const analysis::Difference& one : analysis::differences(run.analysis, runs.front().analysis)) {
      reasons += fmt::format("{}{}: {}, {} there", reasons.empty() ? "" : "; ", one.what, one.here, one.there);
    }
    if (const std::string why = analysis::other_samples(run.analysis, runs.front().analysis); !why.empty()) {
      out.push_back(
          text::printable(fmt::format("{} and {} are of other samples: {}.", run.name, runs.front().name, why)));
    }
    if (reasons.empty()) continue;
    out.push_back(
        text::printable(fmt::format("Numbers of {} and {} do not compare: {}.", run.name, runs.front().name, reasons)));
  }
  return out;
}

}  // namespace snnl::report
