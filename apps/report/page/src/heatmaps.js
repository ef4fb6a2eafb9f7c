// Class similarity at the chosen epoch and layer: of the run, of the one beside it, and their difference.
import differenceSpec from "../specs/class_similarity_difference.vl.json";
import similaritySpec from "../specs/class_similarity.vl.json";
import { Chart } from "./chart.js";
import { data, itemAt, matrixRows, similarity } from "./data.js";
import { chosenEpoch, chosenRun, otherRun, state } from "./state.js";

const charts = { run: new Chart("similarity"), other: new Chart("similarity-other"), difference: new Chart("similarity-difference") };
const element = (id) => document.getElementById(id);

function matrices() {
  const of = (run) => run && similarity(run, itemAt(run, state.layer, chosenEpoch()), state.order);
  const run = of(chosenRun()), other = of(otherRun());
  const apart = (a, b) => (a === null || b === null ? null : Number((b - a).toPrecision(6)));
  const difference = run && other && { ...run, values: run.values.map((value, k) => apart(value, other.values[k])) };
  return { run, other, difference };
}

/** The largest difference anywhere, so that colours mean the same at all epochs. */
function largestDifference() {
  let largest = 0;
  for (const item of chosenRun().items) {
    const other = itemAt(otherRun(), item.layer, item.epoch);
    if (!item.similarity || !other?.similarity) continue;
    for (const name of Object.keys(item.similarity)) {
      item.similarity[name].forEach((value, k) => {
        largest = Math.max(largest, Math.abs(value - other.similarity[name][k]) || 0);
      });
    }
  }
  return largest || 1;
}

function titles({ run, other }) {
  const note = (matrix) => (!matrix ? ": not in this run" : matrix.epoch !== chosenEpoch() ? ` (of epoch ${matrix.epoch})` : "");
  element("similarity-title").textContent = (otherRun() || data.runs.length > 1 ? chosenRun().name : "") + note(run);
  if (!otherRun()) return;
  element("similarity-other-title").textContent = otherRun().name + note(other);
  element("similarity-difference-title").textContent = `${otherRun().name} \u2212 ${chosenRun().name}`;
}

export function drawHeatmaps() {
  const all = matrices();
  for (const figure of document.querySelectorAll("figure.second")) figure.hidden = !otherRun();
  titles(all);
  const room = element("similarity").closest("section").clientWidth, groups = data.orders[0].groups.length;
  const renderer = groups > 30 ? "canvas" : "svg";
  const target = Math.max(180, Math.min(otherRun() ? Math.max(200, Math.min(300, room / 3 - 220)) : 440, room - 210));
  const side = groups * Math.max(1, Math.floor(target / groups));  // whole pixels for each cell
  const drawn = Object.entries(charts).map(([name, chart]) => {
    if (name !== "run" && !otherRun()) return chart.clear();
    const spec = structuredClone(name === "difference" ? differenceSpec : similaritySpec);
    spec.width = spec.height = side;
    if (groups <= 30) for (const axis of ["x", "y"]) spec.encoding[axis].axis.labelOverlap = false;
    if (groups > 60) for (const axis of ["x", "y"]) spec.encoding[axis].axis.labels = false;
    if (name === "difference") {
      const most = largestDifference();
      spec.encoding.color.scale.domain = [-most, most];
    }
    return chart.draw(spec, all[name] ? matrixRows(all[name]) : [], renderer);
  });
  return Promise.all(drawn);
}

export function updateHeatmaps() {
  const all = matrices();
  titles(all);
  return Promise.all(Object.entries(charts).filter(([name]) => name === "run" || otherRun())
    .map(([name, chart]) => chart.update(all[name] ? matrixRows(all[name]) : [])));
}
