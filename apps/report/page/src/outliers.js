// Samples that do not belong: histograms of a score, and how well each score finds them.
import spec from "../specs/outlier_scores.vl.json";
import { Chart } from "./chart.js";
import { data } from "./data.js";
import { cell, fillTable } from "./table.js";

const chart = new Chart("outliers");
const element = (id) => document.getElementById(id);

export function drawOutliers() {
  if (!data.outliers) return undefined;
  const score = element("outlier-score").value;
  const rows = data.outliers.histograms.flatMap(({ set, samples, counts }) => {
    const of = counts[score] ?? [];
    // The last bin's end is drawn, too.
    return [...of, of.at(-1)].map((count, k) => ({ set, from: k / of.length, share: count / samples }));
  });
  const narrow = chart.element.clientWidth < 620;
  const one = structuredClone(spec);
  one.width = Math.max(200, Math.min(700, chart.element.clientWidth - (narrow ? 70 : 290)));
  one.encoding.x.title = score;
  if (narrow) one.encoding.color.legend = { orient: "bottom", columns: 2 };
  return chart.draw(one, rows);
}

export function wireOutliers() {
  element("outliers-section").hidden = !data.outliers;
  if (!data.outliers) return;
  element("outlier-score").append(...Object.keys(data.outliers.histograms[0].counts).map((score) => cell("option", score)));
  element("outlier-score").addEventListener("change", drawOutliers);
  fillTable(element("outliers-table"), ["set", "score", "auroc", "aupr_in", "aupr_out", "fpr_at_95_tpr"],
    data.outliers.separations.map((one) => [one.set, one.score, one.auroc, one.aupr_in, one.aupr_out, one.fpr_at_95_tpr]));
}
