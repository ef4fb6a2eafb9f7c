// Entanglement of the layers over the epochs; pointing at it chooses epoch and layer.
import spec from "../specs/entanglement.vl.json";
import { Chart } from "./chart.js";
import { data, epochs, itemAt } from "./data.js";
import { chosenEpoch, chosenRun, shownRuns, state } from "./state.js";

const chart = new Chart("entanglement");
const titles = { normalized: "normalised entanglement", entanglement: "entanglement (nats)" };

/** The part in which long names differ, as an expression of Vega: what all begin or end with is left out. */
function shortLabels() {
  const names = data.layers;
  if (names.length < 2 || Math.max(...names.map((name) => name.length)) < 24) return undefined;
  const shared = (of) => {
    let n = 0;
    while (names.every((name) => n < name.length && of(name, n) === of(names[0], n))) ++n;
    return n;
  };
  const front = shared((name, n) => name[n]), back = Math.min(shared((name, n) => name[name.length - 1 - n]), Math.min(...names.map((name) => name.length)) - front - 1);
  return `'\u2026' + slice(datum.label, ${front}, length(datum.label) - ${Math.max(0, back)}) + '\u2026'`;
}

const legendLayers = 24;

const cursorRow = () => {
  const item = itemAt(chosenRun(), state.layer, chosenEpoch());
  return { epoch: chosenEpoch(), value: item ? item[state.value] : null };
};

function rows() {
  return shownRuns().flatMap((run) => run.items.map((item) => ({
    run: run.name, layer: data.layers[item.layer], epoch: item.epoch, normalized: item.normalized,
    entanglement: item.entanglement, temperature: item.temperature, status: item.status,
  })));
}

/** The spec of one picture, and over it where the cursor is. */
function withCursor(width) {
  const encoding = structuredClone(spec.encoding);
  encoding.y.field = state.value;
  encoding.y.title = titles[state.value];
  encoding.color.scale = { domain: data.layers, scheme: data.layers.length > 20 ? "turbo" : data.layers.length > 10 ? "tableau20" : "tableau10" };
  const expression = shortLabels();
  if (expression) encoding.color.legend.labelExpr = expression;
  if (data.layers.length > legendLayers) {
    encoding.color.legend.values = Array.from({ length: legendLayers }, (_, k) => data.layers[Math.round((k * (data.layers.length - 1)) / (legendLayers - 1))]);
    encoding.color.title = `layer (${legendLayers} of ${data.layers.length})`;
  }
  if (shownRuns().length < 2) encoding.strokeDash.legend = null;
  else encoding.strokeDash.scale = { domain: shownRuns().map((run) => run.name), range: [[1, 0], [5, 4]] };
  if (width < 500) {
    encoding.color.legend = { ...encoding.color.legend, orient: "bottom", columns: 2, labelLimit: 120 };
    encoding.strokeDash.legend &&= { ...encoding.strokeDash.legend, orient: "bottom", columns: 1 };
  }
  const y = { field: "value", type: "quantitative" }, x = { field: "epoch", type: "quantitative" };
  const mark = { ...spec.mark, point: epochs.length <= 60 ? spec.mark.point : epochs.length === 1 };
  const { mark: _mark, encoding: _encoding, ...whole } = spec;
  return {
    ...whole,
    width,
    layer: [
      { mark, encoding },
      { data: { name: "cursor", values: [cursorRow()] }, mark: { type: "rule", strokeWidth: 1 }, encoding: { x } },
      { data: { name: "cursor" }, mark: { type: "point", size: 140, filled: false, strokeWidth: 2, color: "#d1495b" }, encoding: { x, y } },
    ],
  };
}

/** `choose(layer, epoch index)` is called as the pointer moves. */
export function drawCurves(choose) {
  const room = chart.element.clientWidth, narrow = room < 620;
  const all = rows();
  const drawn = chart.draw(withCursor(Math.max(200, room - (narrow ? 70 : 290))), all, all.length > 1500 ? "canvas" : "svg");
  return drawn.then(() => {
    chart.view.addEventListener("pointermove", (event) => {
      const x = chart.view.scale("x"), y = chart.view.scale("y");
      const [left, top] = chart.view.origin(), box = chart.element.querySelector("svg, canvas").getBoundingClientRect();
      const at = x.invert(event.clientX - box.left - left), height = event.clientY - box.top - top;
      if (event.clientX - box.left - left > chart.view.width() + 10) return;  // over the legend
      const epoch = epochs.reduce((best, e, k) => (Math.abs(e - at) < Math.abs(epochs[best] - at) ? k : best), 0);
      let layer = state.layer, distance = Infinity;
      data.layers.forEach((_, l) => {
        const value = itemAt(chosenRun(), l, epochs[epoch])?.[state.value];
        if (value === null || value === undefined) return;
        const apart = Math.abs(y(value) - height);
        if (apart < distance) [layer, distance] = [l, apart];
      });
      if (epoch !== state.epoch || layer !== state.layer) choose(layer, epoch);
    });
  });
}

export const moveCursor = () => chart.update([cursorRow()], "cursor");
