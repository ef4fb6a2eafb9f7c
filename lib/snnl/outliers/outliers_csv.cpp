#include <ostream>

#include "snnl/outliers/writers.hpp"
#include "snnl/text/number.hpp"

namespace snnl::outliers {
namespace {

void write_set(std::ostream& out, const JudgedSet& set, const OutlierAnalysis& a, text::CsvText kind) {
  const auto name_of_class = [&](std::int32_t c) {
    return text::csv_field(a.classes[static_cast<std::size_t>(c)], kind);
  };
  for (std::size_t i = 0; i < set.rows.size(); ++i) {
    out << text::csv_field(set.name, kind) << ',' << set.rows[i] << ','
        << (set.labels.empty() ? "" : name_of_class(set.labels[i])) << ',' << name_of_class(set.predicted[i]) << ','
        << name_of_class(set.votes[i]) << ',' << set.conformal[i].nonconformity << ','
        << text::format_number(set.conformal[i].credibility) << ',' << text::format_number(set.conformal[i].confidence)
        << ',' << (set.softmax.empty() ? "" : text::format_number(set.softmax[i]));
    for (const auto& support : set.support) out << ',' << support[i];
    for (const auto& quantile : set.support_quantile) out << ',' << text::format_number(quantile[i]);
    out << ',' << (set.energy.empty() ? "" : text::format_number(set.energy[i]));
    for (const auto& distance : set.kth_distance) out << ',' << text::format_number(distance[i]);
    out << '\n';
  }
}

}  // namespace

void write_csv(std::ostream& out, const OutlierAnalysis& a, text::CsvText kind) {
  out << "set,row,label,prediction,vote,nonconformity,credibility,confidence,softmax";
  for (const std::string& layer : a.layers) out << ',' << text::csv_field("support_" + layer);
  for (const std::string& layer : a.layers) out << ',' << text::csv_field("support_quantile_" + layer);
  out << ",energy";
  for (const std::string& layer : a.layers) out << ',' << text::csv_field("kth_distance_" + layer);
  out << '\n';
  write_set(out, a.test, a, kind);
  for (const JudgedSet& set : a.outliers) write_set(out, set, a, kind);
}

}  // namespace snnl::outliers
