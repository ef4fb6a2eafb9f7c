import { definitions } from "./definitions.js";
import { short } from "./numbers.js";

const texts = new Set(["layer", "status", "temperature_status", "pair", "kind", "set", "score"]);

export function cell(tag, text, className) {
  const out = document.createElement(tag);
  out.textContent = text;
  if (className) out.className = className;
  return out;
}

/** A column's name, which opens its definition where there is one. */
function heading(name) {
  const out = cell("th", "", texts.has(name) ? "text" : "");
  out.scope = "col";
  if (!definitions[name]) {
    out.textContent = name;
    return out;
  }
  const button = cell("button", name, "term");
  button.type = "button";
  button.dataset.term = name;
  out.append(button);
  return out;
}

export function fillTable(table, columns, rows) {
  const head = document.createElement("thead"), body = document.createElement("tbody"), line = document.createElement("tr");
  line.append(...columns.map(heading));
  head.append(line);
  for (const row of rows) {
    const tr = document.createElement("tr");
    row.forEach((value, k) => {
      const td = cell("td", texts.has(columns[k]) ? value : short(value), texts.has(columns[k]) ? "text" : "");
      td.title = value ?? "";
      tr.append(td);
    });
    body.append(tr);
  }
  table.replaceChildren(head, body);
}
