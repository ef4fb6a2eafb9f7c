#include "snnl/analysis.hpp"

#include <sstream>

#include "check/comparison.hpp"
#include "check/writers.hpp"
#include "fuzz/targets.hpp"
#include "report/report.hpp"
#include "snnl/analysis.hpp"
#include "snnl/analysis/analysis_csv.hpp"
#include "snnl/analysis/analysis_table.hpp"
#include "snnl/error.hpp"

namespace fuzz {

void analysis(std::string_view bytes) {
  const MemoryFile file(bytes);
  try {
    const snnl::Analysis analysis = snnl::read_analysis(file.path());
    const std::string text = snnl::to_json(analysis);
    const MemoryFile again(text);
    require(snnl::to_json(snnl::read_analysis(again.path())) == text, "an analysis is not read as it was written");
    std::ostringstream out;
    out << snnl::analysis::to_table(analysis);
    snnl::analysis::write_items_csv(out, analysis, snnl::text::CsvText::inert);
    snnl::analysis::write_similarity_csv(out, analysis);
    snnl::check::Rules rules;
    for (const char* rule : {"class_similarity:0.1", "class_entanglement:5%"}) {
      rules.tolerances.push_back(snnl::check::parse_tolerance(rule, ""));
    }
    const snnl::check::CheckResult result = snnl::check::compare(analysis, "a", snnl::check::baseline_of(analysis, "b"), rules);
    require(result.count(snnl::check::Verdict::fail) == 0, "an analysis differs from itself");
    out << snnl::check::to_table(result) << snnl::check::to_markdown(result) << snnl::check::to_junit(result)
        << snnl::check::to_json(result);
    const auto runs = snnl::report::read_runs({file.path()}, {});
    require(snnl::report::payload(runs, "title").find('<') == std::string::npos, "a name can end the script");
  } catch (const snnl::Error&) {
  }
}

}  // namespace fuzz
