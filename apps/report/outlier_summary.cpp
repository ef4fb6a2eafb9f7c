#include "report/outlier_summary.hpp"

#include <fmt/format.h>

#include "snnl/json/cursor.hpp"

namespace snnl::report {
namespace {

std::vector<std::size_t> read_counts(const json::Cursor& at, std::size_t samples) {
  std::vector<std::size_t> counts;
  std::size_t sum = 0;
  for (const json::Cursor& one : at.elements()) sum += counts.emplace_back(one.count());
  if (sum != samples) {
    at.fail(fmt::format("counts {} samples, expected {}", sum, samples));
  }
  return counts;
}

ScoreHistograms read_histograms(const std::string& set, const json::Cursor& at,
                                const std::vector<std::string>& layers) {
  ScoreHistograms out{set, at.at("samples").count(), {}};
  const json::Cursor histograms = at.at("histograms");
  out.counts.emplace_back("credibility", read_counts(histograms.at("credibility"), out.samples));
  if (const json::Cursor softmax = histograms.at("softmax"); !softmax.is_null()) {
    out.counts.emplace_back("softmax", read_counts(softmax, out.samples));
  }
  for (const std::string& layer : layers) {
    out.counts.emplace_back("support in " + layer, read_counts(histograms.at("support").at(layer), out.samples));
  }
  return out;
}

}  // namespace

OutlierSummary read_outlier_summary(const std::string& file) {
  const nlohmann::json document = json::read_file(file);
  const json::Cursor top(file, document);
  if (const json::Cursor schema = top.at("schema"); schema.text() != "snnl.outliers/1") {
    schema.fail(fmt::format("is '{}', expected 'snnl.outliers/1'; write it with snnl-outliers --json", schema.text()));
  }
  OutlierSummary out{file, {}, {}};
  std::vector<std::string> layers;
  for (const json::Cursor& layer : top.at("options").at("layers").elements()) layers.push_back(layer.text());
  out.histograms.push_back(read_histograms("test", top.at("test"), layers));
  for (const json::Cursor& set : top.at("outliers").elements()) {
    const std::string name = set.at("name").text();
    out.histograms.push_back(read_histograms(name, set, layers));
    for (const json::Cursor& one : set.at("separations").elements()) {
      out.separations.push_back({name, one.at("score").text(), one.at("auroc").number(), one.at("aupr_in").number(),
                                 one.at("aupr_out").number(), one.at("fpr_at_95_tpr").number()});
    }
  }
  return out;
}

}  // namespace snnl::report
