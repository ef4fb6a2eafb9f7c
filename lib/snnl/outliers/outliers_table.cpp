#include <cmath>
#include <numeric>
#include <sstream>

#include "snnl/analysis.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/features/names.hpp"
#include "snnl/outliers/writers.hpp"
#include "snnl/text/columns.hpp"
#include "snnl/text/number.hpp"
#include "snnl/text/printable.hpp"

namespace snnl::outliers {
namespace {

std::string percent(double share) { return text::format_short(100 * share, 3) + " %"; }

double mean_credibility(const JudgedSet& set) {
  double sum = 0;
  for (const ConformalPrediction& one : set.conformal) sum += one.credibility;
  return sum / static_cast<double>(set.conformal.size());
}

/// Mean support in each layer, as a share of k.
std::vector<std::string> support_cells(const JudgedSet& set, std::size_t k) {
  std::vector<std::string> out;
  for (const auto& support : set.support) {
    const double sum = std::accumulate(support.begin(), support.end(), 0.);
    out.push_back(percent(sum / static_cast<double>(support.size() * k)));
  }
  return out;
}

}  // namespace

std::string to_table(const OutlierAnalysis& a) {
  std::ostringstream out;
  const auto left = [](std::size_t column) { return column == 0; };
  out << "epoch " << a.epoch << ", k = " << a.k << ", " << name_of(a.distance);
  if (const std::string pooled = dump::pooling_note(a.pooling); !pooled.empty()) out << "; " << pooled;
  if (const std::string changed = features::note(a.features); !changed.empty()) out << "; " << changed;
  out << "; predictions by " << (a.predictions.empty() ? "the neighbours' vote" : text::shown_name(a.predictions))
      << "\n\n";
  std::size_t ignored = a.ignored_training + a.ignored_calibration + a.test.ignored;
  for (const JudgedSet& set : a.outliers) ignored += set.ignored;
  if (ignored > 0) {
    out << ignored << " samples left out for their label: " << a.ignored_training << " of training, "
        << a.ignored_calibration << " of calibration, " << a.test.ignored << " of test\n\n";
  }
  if (!a.index.empty()) {
    out << "neighbours by the index " << text::printable(a.index) << ", not exact: of the true ones of "
        << a.recall_samples << " test samples it finds";
    for (std::size_t l = 0; l < a.layers.size(); ++l) {
      out << (l > 0 ? "," : "") << " " << percent(a.recall[l]) << " in " << text::shown_name(a.layers[l]);
    }
    out << "\n\n";
  }
  std::vector<std::vector<std::string>> rows{{"support", "samples", "credibility"}};
  for (const std::string& layer : a.layers) rows[0].push_back(text::printable(layer));
  const auto add = [&](const JudgedSet& set) {
    rows.push_back(
        {text::printable(set.name), std::to_string(set.rows.size()), text::format_short(mean_credibility(set), 3)});
    const auto cells = support_cells(set, a.k);
    rows.back().insert(rows.back().end(), cells.begin(), cells.end());
  };
  add(a.test);
  for (const JudgedSet& set : a.outliers) add(set);
  text::print_columns(out, rows, left);
  out << "\n  accuracy " << percent(a.accuracy) << ", of the vote " << percent(a.vote_accuracy)
      << "; ECE of credibility " << percent(a.credibility_calibration.expected_error);
  if (a.softmax_calibration) out << ", of softmax " << percent(a.softmax_calibration->expected_error);
  out << '\n';
  if (a.outliers.empty()) return out.str();
  std::vector<std::vector<std::string>> found{
      {"outliers", "score", "AUROC", "AUPR in", "AUPR out", "FPR@95", ">= 0.9"}};
  for (std::size_t s = 0; s < a.outliers.size(); ++s) {
    for (const Separation& one : a.separations[s]) {
      found.push_back({text::printable(a.outliers[s].name), one.score, text::format_short(one.in.auroc, 4),
                       text::format_short(one.in.average_precision, 4),
                       text::format_short(one.out.average_precision, 4), percent(one.in.fpr_at_95_tpr),
                       std::isnan(one.sure_outliers) ? "" : percent(one.sure_outliers)});
    }
  }
  out << '\n';
  text::print_columns(out, found, [](std::size_t column) { return column < 2; });
  out << "  kth_distance: to neighbour " << a.k << " in " << text::shown_name(a.kth_layer)
      << "; >= 0.9: outliers with such a score, which pass for samples that belong\n";
  return out.str();
}

}  // namespace snnl::outliers
