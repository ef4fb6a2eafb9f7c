#include "snnl/analysis/analysis_csv.hpp"

#include <ostream>

#include "snnl/analysis/measures.hpp"
#include "snnl/text/number.hpp"

namespace snnl::analysis {

void write_items_csv(std::ostream& out, const Analysis& analysis, text::CsvText kind) {
  out << "epoch,layer,status,samples,features,scored,temperature,temperature_status";
  for (const Measure& measure : measures()) out << ',' << measure.name;
  out << '\n';
  for (const AnalysedItem& item : analysis.items) {
    out << item.epoch << ',' << text::csv_field(item.layer, kind) << ',';
    if (!item.result) {
      out << "error,,,,," << std::string(measures().size(), ',') << '\n';
      continue;
    }
    const Entanglement& r = *item.result;
    out << "ok," << r.samples << ',' << r.features << ',' << r.scored << ',' << text::format_number(r.temperature)
        << ',' << name_of(r.temperature_status);
    for (const Measure& measure : measures()) out << ',' << text::format_number(r.*measure.value);
    out << '\n';
  }
}

void write_similarity_csv(std::ostream& out, const Analysis& analysis, text::CsvText kind) {
  out << "epoch,layer,class_a,class_b,similarity\n";
  for (const AnalysedItem& item : analysis.items) {
    if (!item.result) continue;
    const auto& m = item.result->class_similarity;
    for (std::size_t a = 0; a < m.shape(0); ++a) {
      for (std::size_t b = 0; b < m.shape(1); ++b) {
        out << item.epoch << ',' << text::csv_field(item.layer, kind) << ','
            << text::csv_field(analysis.classes[a].name, kind) << ',' << text::csv_field(analysis.classes[b].name, kind)
            << ',' << text::format_number(m(a, b)) << '\n';
      }
    }
  }
}

}  // namespace snnl::analysis
