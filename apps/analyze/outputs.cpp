#include "analyze/outputs.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "report/page/page.hpp"
#include "report/report.hpp"
#include "snnl/analysis.hpp"
#include "snnl/analysis/analysis_csv.hpp"
#include "snnl/analysis/analysis_table.hpp"

namespace analyze {

Outputs::Outputs(const Options& o)
    : o_(o), json_(o.json), csv_(o.csv), similarity_(o.similarity_csv), page_(o.report) {}

void Outputs::fill(const snnl::Analysis& analysis) {
  if (json_) snnl::write_json(json_.stream(), analysis);
  if (csv_) snnl::analysis::write_items_csv(csv_.stream(), analysis, o_.csv_text);
  if (similarity_) snnl::analysis::write_similarity_csv(similarity_.stream(), analysis, o_.csv_text);
  has_page_ = page_ && std::any_of(analysis.items.begin(), analysis.items.end(),
                                   [](const auto& item) { return item.result.has_value(); });
  if (has_page_) {
    const std::string name = std::filesystem::path(o_.dumps[0]).stem().string();
    snnl::report::write_page(page_.stream(), report::page(), {{name, o_.json, analysis}}, name);
  }
}

void Outputs::commit() {
  for (tool::Output* output : {&json_, &csv_, &similarity_}) output->commit();
  if (has_page_) page_.commit();
}

void print_table(const Options& o, const snnl::Analysis& analysis) {
  if (!o.quiet && !o.to_stdout()) std::cout << snnl::analysis::to_table(analysis, {.details = o.details});
  tool::finish_stdout();
}

}  // namespace analyze
