import { drawCurves, moveCursor } from "./curves.js";
import { data, epochs, itemAt } from "./data.js";
import { definitions } from "./definitions.js";
import { drawHeatmaps, updateHeatmaps } from "./heatmaps.js";
import { drawTable, wireTable } from "./items_table.js";
import { drawClasses, drawCurve, drawPairs } from "./layer_charts.js";
import { drawOutliers, wireOutliers } from "./outliers.js";
import { short } from "./numbers.js";
import { chosenEpoch, chosenRun, otherRun, state } from "./state.js";
import { cell } from "./table.js";

const element = (id) => document.getElementById(id);

function option(text, value) {
  const out = cell("option", text);
  out.value = value;
  return out;
}

function showNumbers() {
  const item = itemAt(chosenRun(), state.layer, chosenEpoch());
  element("here").textContent = `Layer ${data.layers[state.layer]}, epoch ${chosenEpoch()}` +
    (otherRun() ? ` of ${chosenRun().name} | ${otherRun().name}` : data.runs.length > 1 ? ` of ${chosenRun().name}` : "");
  element("epoch-text").value = chosenEpoch();
  element("epoch").value = state.epoch;
  element("epoch").setAttribute("aria-valuetext", `epoch ${chosenEpoch()}`);
  element("layer").value = state.layer;
  const other = itemAt(otherRun(), state.layer, chosenEpoch());
  const both = (field) => (otherRun() ? `${short(item?.[field])} | ${short(other?.[field])}` : short(item?.[field]));
  for (const hint of document.querySelectorAll(".of-run")) hint.textContent = data.runs.length > 1 ? `of ${chosenRun().name}` : "";
  const shown = [["entanglement", "entanglement", "entanglement"], ["normalized", "normalised", "normalized"],
    ["chance", "chance", "chance"], ["temperature", "temperature", "temperature"],
    ["temperature_status", "status", "status"], ["effective_neighbors", "effective neighbours", "neighbors"],
    ["samples", "samples", "samples"]];
  element("numbers").replaceChildren(...shown.map(([term, text, field]) => {
    const pair = document.createElement("div"), name = document.createElement("dt"), button = cell("button", text, "term");
    button.type = "button";
    button.dataset.term = term;
    name.append(button);
    pair.append(name, cell("dd", both(field)));
    return pair;
  }));
}

/** Another epoch or layer: what depends on it, the charts of the layer only where it is another one. */
function choose(layer, epoch) {
  const otherLayer = layer !== state.layer;
  state.layer = layer;
  state.epoch = epoch;
  showNumbers();
  moveCursor();
  drawCurve();
  drawTable();
  if (otherLayer) {
    drawPairs();
    drawClasses();
  }
  return updateHeatmaps();
}

function drawAll() {
  showNumbers();
  drawTable();
  return Promise.all([drawCurves(choose), drawHeatmaps(), drawPairs(), drawClasses(), drawCurve(), drawOutliers()]);
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function wirePlay() {
  const button = element("play");
  let timer = null;
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    button.textContent = "Play";
    button.setAttribute("aria-pressed", "false");
  };
  const step = async () => {
    if (state.epoch + 1 >= epochs.length) return stop();
    await choose(state.layer, state.epoch + 1);
    if (timer !== null) timer = setTimeout(step, Math.max(60, Math.min(600, 12000 / epochs.length)));
    return undefined;
  };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    button.textContent = "Pause";
    button.setAttribute("aria-pressed", "true");
    if (state.epoch + 1 >= epochs.length) choose(state.layer, 0);
    timer = setTimeout(step, 300);
    return undefined;
  });
  element("epoch").addEventListener("input", (event) => {
    stop();
    choose(state.layer, Number(event.target.value));
  });
}

function wireControls() {
  const names = data.runs.map((run, k) => option(run.name, k));
  element("run").append(...names);
  element("other").append(option("none", -1), ...names.map((one) => one.cloneNode(true)));
  element("other").value = state.other;
  for (const id of ["run-choice", "other-choice"]) element(id).hidden = data.runs.length < 2;
  element("layer").append(...data.layers.map((layer, k) => option(layer, k)));
  element("epoch").max = epochs.length - 1;
  element("epoch").disabled = element("play").disabled = epochs.length < 2;
  element("order").value = state.order;
  for (const id of ["run", "other"]) {
    element(id).addEventListener("change", (event) => {
      state[id] = Number(event.target.value);
      if (state.other === state.run) state.other = -1;
      element("other").value = state.other;
      drawAll();
    });
  }
  element("layer").addEventListener("change", (event) => choose(Number(event.target.value), state.epoch));
  element("value").addEventListener("change", (event) => {
    state.value = event.target.value;
    drawCurves(choose);
  });
  element("order").addEventListener("change", (event) => {
    state.order = event.target.value;
    drawHeatmaps();
    drawClasses();
  });
  element("controls").addEventListener("submit", (event) => event.preventDefault());
  element("theme").addEventListener("click", () => {
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    drawAll();
  });
  element("print").addEventListener("click", () => window.print());
  document.addEventListener("click", (event) => {
    const term = event.target.closest?.("[data-term]")?.dataset.term;
    if (!term) return;
    const [title, text] = definitions[term];
    element("definition-title").textContent = title;
    element("definition-text").textContent = text;
    element("definition").showModal();
  });
}

function wirePage() {
  let width = window.innerWidth, timer = null;
  window.addEventListener("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (window.innerWidth === width) return;
      width = window.innerWidth;
      drawAll();
    }, 200);
  });
  // Paper is white.
  let before = null;
  window.addEventListener("beforeprint", () => {
    before = document.documentElement.dataset.theme;
    if (before === "dark") {
      setTheme("light");
      drawAll();
    }
  });
  window.addEventListener("afterprint", () => {
    if (before !== "dark") return;
    setTheme("dark");
    drawAll();
  });
}

function showTexts() {
  element("title").textContent = data.title;
  const inputs = [...new Set(data.runs.flatMap((run) => run.inputs))];
  element("about").textContent = `${inputs.slice(0, 3).join(", ")}${inputs.length > 3 ? ` and ${inputs.length - 3} more` : ""}; ` +
    `${[...new Set(data.runs.map((run) => run.distance))].join(", ")} distance; snnl ${data.version}`;
  element("of-samples").textContent = data.sample_notes.join(" ");
  element("notices").replaceChildren(...data.notices.map((text) => cell("li", text)));
  const errors = data.runs.flatMap((run) => run.errors.map((one) => cell("li", `${data.runs.length > 1 ? `${run.name}, ` : ""}epoch ${one.epoch}, layer ${one.layer}: ${one.message}`)));
  element("errors").replaceChildren(...errors);
  element("errors-section").hidden = errors.length === 0;
}

setTheme(window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
showTexts();
wireControls();
wirePlay();
wireTable();
wireOutliers();
wirePage();
drawAll().then(() => document.documentElement.setAttribute("data-ready", ""));
