// The table of all items of the chosen run, and its download.
import { csvParseRows } from "d3-dsv";
import { download } from "./download.js";
import { data } from "./data.js";
import { chosenEpoch, chosenRun, state } from "./state.js";
import { fillTable } from "./table.js";

const page = 100;
const element = (id) => document.getElementById(id);
let first = 0;

function rows() {
  const run = chosenRun();
  run.rows ??= csvParseRows(run.csv);
  const [columns, ...all] = run.rows;
  const filter = element("table-filter").value;
  const epoch = String(chosenEpoch()), layer = data.layers[state.layer];
  const kept = all.filter((row) => filter === "all" || (filter === "epoch" ? row[0] === epoch : row[1] === layer));
  return { columns, kept };
}

export function drawTable(fromStart = true) {
  if (fromStart) first = 0;
  const { columns, kept } = rows();
  fillTable(element("table"), columns, kept.slice(first, first + page));
  const last = Math.min(first + page, kept.length);
  element("table-page").textContent = kept.length ? `${first + 1} to ${last} of ${kept.length}` : "none";
  element("table-back").disabled = first === 0;
  element("table-next").disabled = last >= kept.length;
}

export function wireTable() {
  element("table-filter").addEventListener("change", () => drawTable());
  for (const [id, step] of [["table-back", -page], ["table-next", page]]) {
    element(id).addEventListener("click", () => {
      first = Math.max(0, first + step);
      drawTable(false);
    });
  }
  element("download").addEventListener("click", () => download(`${chosenRun().name}.csv`, chosenRun().csv));
}
