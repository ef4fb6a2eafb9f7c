// What is shown of the chosen layer: pairs, classes, temperature curve.
import classSpec from "../specs/class_entanglement.vl.json";
import curveSpec from "../specs/temperature_curve.vl.json";
import pairSpec from "../specs/class_pairs.vl.json";
import { Chart } from "./chart.js";
import { data, hasCurve, itemAt } from "./data.js";
import { chosenEpoch, chosenRun, shownRuns, state } from "./state.js";
import { fillTable } from "./table.js";

const pairs = new Chart("pairs"), classes = new Chart("classes"), curve = new Chart("curve");
const room = (chart, legend) => Math.max(200, chart.element.clientWidth - legend);
const kinds = [["least_separated", "least separated"], ["most_separated", "most separated"]];

export function drawPairs() {
  const found = chosenRun().pairsOf.get(state.layer);
  const all = found ? kinds.flatMap(([field, kind]) => found[field].map((pair) => ({ ...pair, kind, name: `${data.classes[pair.a]} \u2013 ${data.classes[pair.b]}` }))) : [];
  const rows = all.flatMap((pair) => pair.similarity.map((value, k) => ({ pair: pair.name, kind: pair.kind, epoch: found.epochs[k], similarity: value })));
  const spec = structuredClone(pairSpec);
  const narrow = pairs.element.clientWidth < 620;
  spec.width = room(pairs, narrow ? 70 : 330);
  spec.encoding.color.scale = { scheme: "tableau20" };
  if (narrow) for (const channel of ["color", "strokeDash"]) spec.encoding[channel].legend = { orient: "bottom", columns: 1, labelLimit: 220, symbolLimit: 12 };
  const first = found?.epochs[0], last = found?.epochs.at(-1);
  fillTable(document.getElementById("pairs-table"), ["pair", "kind", `epoch ${first ?? "-"}`, `epoch ${last ?? "-"}`, "change"],
    all.map((pair) => [pair.name, pair.kind, pair.similarity[0], pair.similarity.at(-1), pair.similarity.at(-1) - pair.similarity[0]]));
  return pairs.draw(spec, rows, rows.length > 1500 ? "canvas" : "svg");
}

export function drawClasses() {
  const order = data.orders.find((one) => one.name === state.order).groups.flat();
  const place = new Map(data.shown_classes.map((c, k) => [c, k]));
  const shown = order.filter((c) => place.has(c));
  const items = chosenRun().items.filter((item) => item.layer === state.layer);
  const rows = shown.flatMap((c) => items.map((item) => ({ class: data.classes[c], epoch: item.epoch, entanglement: item.class_entanglement[place.get(c)] })));
  const spec = structuredClone(classSpec);
  spec.width = Math.min(room(classes, 230), Math.max(60, items.length * 40));
  spec.height = { step: shown.length > 40 ? 8 : 18 };
  return classes.draw(spec, rows, rows.length > 1500 ? "canvas" : "svg");
}

export function drawCurve() {
  document.getElementById("curve-section").hidden = !hasCurve;
  if (!hasCurve) return undefined;
  const rows = shownRuns().flatMap((run) => {
    const item = itemAt(run, state.layer, chosenEpoch());
    return (item?.curve?.temperature ?? []).map((t, k) => ({ run: run.name, temperature: t, entanglement: item.curve.entanglement[k], optimum: item.temperature }));
  });
  const spec = structuredClone(curveSpec);
  spec.width = room(curve, curve.element.clientWidth < 620 ? 70 : 290);
  if (shownRuns().length < 2) spec.encoding.color.legend = null;
  return curve.draw(spec, rows);
}
