import * as vega from "vega";
import embed from "vega-embed";

const font = 'system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif';

function config() {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const text = { labelColor: color("--text"), titleColor: color("--text") };
  return {
    background: "transparent",
    font,
    view: { stroke: "transparent" },
    axis: { ...text, labelFontSize: 13, titleFontSize: 13, gridColor: color("--line"), domainColor: color("--line"), tickColor: color("--line") },
    legend: { ...text, labelFontSize: 13, titleFontSize: 13 },
    title: { color: color("--text") },
    rule: { color: color("--soft") },
  };
}

/** A Vega-Lite picture in an element, whose rows can be replaced. Drawing waits for the drawing before. */
export class Chart {
  constructor(id) {
    this.element = document.getElementById(id);
    this.done = Promise.resolve();
    this.view = null;
  }
  draw(spec, rows, renderer = "svg") {
    this.done = this.done.then(async () => {
      this.view?.finalize();
      const whole = { ...spec, data: { name: "rows", values: rows } };
      const result = await embed(this.element, whole, { actions: false, renderer, config: config(), tooltip: { theme: document.documentElement.dataset.theme } });
      this.view = result.view;
    });
    return this.done;
  }
  /** The same picture of other rows. */
  update(rows, name = "rows") {
    this.done = this.done.then(async () => {
      if (!this.view) return;
      await this.view.change(name, vega.changeset().remove(vega.truthy).insert(rows)).runAsync();
    });
    return this.done;
  }
  clear() {
    this.done = this.done.then(() => {
      this.view?.finalize();
      this.view = null;
      this.element.replaceChildren();
    });
  }
}
