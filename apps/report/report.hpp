#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "report/outlier_summary.hpp"
#include "snnl/analysis.hpp"

namespace snnl::report {

/// An analysis under the name that the report gives it.
struct Run {
  std::string name;
  std::string file;  ///< for messages
  Analysis analysis;
};

/// Reads analyses for one report and names them: by `names` where there are as many, else by their files. Throws
/// snnl::Error naming the file where one cannot be read, no item of one could be analysed, two runs have one name, or
/// the classes differ, whose similarities then could not be laid over each other.
std::vector<Run> read_runs(const std::vector<std::string>& files, const std::vector<std::string>& names);

/// A sentence for each run whose numbers cannot be laid beside those of the first, and why, and for each that is of as
/// many, but other samples.
std::vector<std::string> incomparable(const std::vector<Run>& runs);

/// What the page shows of the runs, and of `outliers` where given, as strict JSON in one line in which every '<' is
/// escaped, so that no name can end a script. Class similarities of more than `most_classes` classes are given by
/// blocks of neighbouring classes, and epochs are left out where there are more than `most_numbers` of them; field
/// "notices" then says so.
inline constexpr std::size_t most_classes = 100;
inline constexpr std::size_t most_numbers = 6'000'000;
std::string payload(const std::vector<Run>& runs, const std::string& title, const OutlierSummary* outliers = nullptr);

/// Writes the page: `page` with its two marks replaced by the title and the payload. Throws snnl::Error where a mark is
/// missing.
void write_page(std::ostream& out, const std::string& page, const std::vector<Run>& runs, const std::string& title,
                const OutlierSummary* outliers = nullptr);

/// A Vega-Lite specification of its own, with its data.
struct Specification {
  std::string name;  ///< "entanglement", ...
  std::string json;
  std::string notice;  ///< what was left out of the data; empty: nothing
};

/// Those that the runs, and `outliers` where given, have data for. `templates`: the specifications of the page, by
/// name, without data.
std::vector<Specification> specifications(const std::vector<std::pair<std::string, std::string>>& templates,
                                          const std::vector<Run>& runs, const OutlierSummary* outliers = nullptr);

}  // namespace snnl::report
