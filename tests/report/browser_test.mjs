// The page of snnl-report as someone sees it: opened from a file, in a real browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { madeAnalysis } from "./made_analysis.mjs";

const { SNNL_BIN_DIR: bin, SNNL_SOURCE_DIR: source, SNNL_CHROMIUM: executablePath } = process.env;
const folder = mkdtempSync(join(tmpdir(), "snnl-report-"));
const path = (name) => join(folder, name);
const tool = (name, ...args) => execFileSync(join(bin, name), args, { encoding: "utf8" });
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

function analysis(name, options) {
  const made = madeAnalysis(options);
  writeFileSync(path(name), JSON.stringify(made));
  return made;
}

/** The page of these analyses, open. What it asks of the network and says on its console must be nothing. */
async function open(analyses, { width = 1280, height = 900, colorScheme = "light", args = [] } = {}) {
  const file = path("page.html");
  tool("snnl-report", ...analyses.map(path), "-o", file, ...args);
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, acceptDownloads: true });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || complaints.push(`request: ${request.url()}`));
  const start = performance.now();
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  page.seconds = (performance.now() - start) / 1000;
  page.close_ = async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  };
  page.settled = () => page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 50)));
  return page;
}

/** The heatmap's cells as a screen reader tells them, "a|b" -> number. */
const cells = (page, id = "similarity") => page.$$eval(`#${id} .role-mark path`, (marks) => Object.fromEntries(marks.map((mark) => {
  const [, a, b, value] = mark.getAttribute("aria-label").match(/^samples of ([^]*), neighbours of ([^]*): (\S+)$/);
  return [`${a}|${b}`, Number(value)];
})));

function expectCells(found, made, epoch, layer, other) {
  const six = (value) => Number(value.toPrecision(6));  // the digits that a page holds
  const matrix = (of) => of.items.find((one) => one.epoch === epoch && one.layer === layer).class_similarity;
  const names = made.labels.classes.map((c) => c.name);
  const expected = {};
  names.forEach((a, i) => names.forEach((b, k) => {
    const value = six(matrix(made)[i][k]);
    expected[`${a}|${b}`] = other ? six(six(matrix(other)[i][k]) - value) : value;
  }));
  assert.deepEqual(found, expected);
}

test("a real run: slider, layers, orders, definitions, table and download", async () => {
  tool("snnl-analyze", join(source, "testdata/fashion_mnist_cnn.h5"), "--quiet", "--json", path("run.json"), "--csv", path("run.csv"), "--temperature-curve", "30");
  const made = JSON.parse(readFileSync(path("run.json"), "utf8"));
  const epochs = [...new Set(made.items.map((item) => item.epoch))];
  const page = await open(["run.json"]);
  assert.ok(statSync(path("page.html")).size < 3e6);
  expectCells(await cells(page), made, epochs.at(-1), "logits");
  assert.equal(await page.textContent("#of-samples"),
    `Numbers are of n = 600 samples of 10 classes, and n is part of them: with more samples the entanglement is lower.`);

  // By keyboard alone: the slider goes back through all epochs.
  await page.focus("#epoch");
  for (const epoch of epochs.slice(0, -1).reverse()) {
    await page.keyboard.press("ArrowLeft");
    await page.settled();
    expectCells(await cells(page), made, epoch, "logits");
    assert.match(await page.textContent("#here"), new RegExp(`Layer logits, epoch ${epoch}$`));
  }
  await page.selectOption("#layer", { label: "conv2" });
  await page.settled();
  expectCells(await cells(page), made, epochs[0], "conv2");
  const shown = await page.textContent("#numbers");
  assert.ok(shown.includes(String(Number(made.items.find((i) => i.epoch === epochs[0] && i.layer === "conv2").entanglement.toPrecision(4)))), shown);

  // The order of the classes: names of the axis, from top to bottom.
  const axis = () => page.$$eval("#similarity .role-axis-label text", (labels) => labels.map((l) => l.textContent));
  const names = made.labels.classes.map((c) => c.name);
  await page.selectOption("#order", "name");
  await page.settled();
  assert.deepEqual((await axis()).slice(-names.length), [...names].sort());
  await page.selectOption("#order", "data");
  await page.settled();
  assert.deepEqual((await axis()).slice(-names.length), names);
  expectCells(await cells(page), made, epochs[0], "conv2");

  // Play ends at the last epoch.
  await page.click("#play");
  await page.waitForFunction(() => document.getElementById("play").textContent === "Play" && document.getElementById("epoch").value === document.getElementById("epoch").max);
  await page.settled();
  expectCells(await cells(page), made, epochs.at(-1), "conv2");

  // Pointing at the first curve's start chooses it.
  const box = await page.locator("#entanglement svg").boundingBox();
  await page.mouse.move(box.x + 70, box.y + 60);
  await page.mouse.move(box.x + 62, box.y + 40);
  await page.settled();
  const here = await page.textContent("#here");
  const [, layer, epoch] = here.match(/^Layer (.*), epoch (\d+)$/);
  assert.equal(epoch, String(epochs[0]), here);
  expectCells(await cells(page), made, epochs[0], layer);

  // A definition is one click, or one key, away, and goes by Escape.
  await page.click("#numbers button[data-term=temperature]");
  assert.equal(await page.isVisible("#definition"), true);
  assert.equal(await page.textContent("#definition-title"), "Optimal temperature");
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible("#definition"), false);
  for (const term of await page.$$eval("[data-term]", (buttons) => buttons.map((b) => b.dataset.term))) {
    await page.locator(`[data-term=${term}]`).first().focus();
    await page.keyboard.press("Enter");
    assert.ok((await page.textContent("#definition-text")).length > 10, term);
    await page.keyboard.press("Escape");
  }

  // The table holds what the CSV holds, and the download is that file.
  const csv = readFileSync(path("run.csv"), "utf8");
  await page.selectOption("#table-filter", "all");
  assert.equal(await page.locator("#table tbody tr").count(), made.items.length);
  const titles = await page.$$eval("#table tbody tr:first-child td", (tds) => tds.map((td) => td.title));
  assert.deepEqual(titles, csv.split("\n")[1].split(","));
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
  assert.equal(download.suggestedFilename(), "run.csv");
  assert.equal(readFileSync(await download.path(), "utf8"), csv);

  // The temperature curve has its chart, and the values can be switched.
  assert.ok((await page.locator("#curve svg path").count()) > 0);
  await page.selectOption("#value", "entanglement");
  await page.settled();
  assert.ok((await page.textContent("#entanglement svg")).includes("entanglement (nats)"));
  await page.close_();
});

test("two runs side by side: both matrices and their difference", async () => {
  const a = analysis("plain.json", { seed: 1, epochs: 4 }), b = analysis("entangled.json", { seed: 2, epochs: 4 });
  const page = await open(["plain.json", "entangled.json"], { colorScheme: "dark", args: ["--title", "Plain & <entangled>"] });
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  assert.equal(await page.title(), "Plain & <entangled>");
  assert.equal(await page.textContent("#title"), "Plain & <entangled>");
  expectCells(await cells(page), a, 3, "fc2");
  expectCells(await cells(page, "similarity-other"), b, 3, "fc2");
  expectCells(await cells(page, "similarity-difference"), a, 3, "fc2", b);
  await page.focus("#epoch");
  await page.keyboard.press("Home");
  await page.settled();
  expectCells(await cells(page, "similarity-difference"), a, 0, "fc2", b);
  await page.selectOption("#run", { label: "entangled" });
  await page.settled();
  assert.equal(await page.isVisible("#similarity-other"), false);
  expectCells(await cells(page), b, 0, "fc2");
  await page.click("#theme");
  await page.settled();
  assert.equal(await page.getAttribute("html", "data-theme"), "light");
  expectCells(await cells(page), b, 0, "fc2");
  await page.close_();
});

test("outliers: histograms of each score, and the table", async () => {
  const dump = join(source, "testdata/fashion_mnist_cnn.h5");
  tool("snnl-outliers", "--train", `${dump}@0:300`, "--calibration", `${dump}@300:450`, "--test", `${dump}@450:`,
    "--ood", `<b>again</b>=${dump}@500:560`, "--layers", "fc1", "-k", "20", "-q", "--json", path("outliers.json"));
  analysis("run.json", {});
  const page = await open(["run.json"], { args: ["--outliers", path("outliers.json")] });
  assert.equal(await page.locator("#outliers .role-mark path").count(), 2);
  assert.deepEqual(await page.$$eval("#outlier-score option", (all) => all.map((one) => one.textContent)), ["credibility", "softmax", "support in fc1"]);
  await page.selectOption("#outlier-score", "support in fc1");
  await page.settled();
  assert.ok((await page.textContent("#outliers")).includes("support in fc1"));
  assert.ok((await page.textContent("#outliers")).includes("<b>again</b>"));
  const made = JSON.parse(readFileSync(path("outliers.json"), "utf8")).outliers[0].separations;
  const titles = await page.$$eval("#outliers-table tbody tr", (rows) => rows.map((row) => row.children[2].title));
  assert.deepEqual(titles, made.map((one) => String(one.auroc)));
  await page.close_();
});

test("names are text, whatever they hold", async () => {
  const wild = (k) => `<img src=x onerror=alert(${k})></script><b>&amp;"'${k}\u2028</b>`;
  const made = analysis("wild.json", { layers: [wild(1), wild(2), "broken<i>"], classes: [wild(3), wild(4), wild(5)], failed: ["broken<i>"] });
  const page = await open(["wild.json"]);
  await page.hover("#similarity svg");
  await page.hover("#pairs svg");
  await page.settled();
  assert.equal(await page.locator("img, b, i").count(), 0);
  assert.equal(await page.textContent("#here"), `Layer ${wild(2)}, epoch 2`);
  expectCells(await cells(page), made, 2, wild(2));
  assert.equal(await page.locator("#errors li").count(), 3);
  assert.equal(await page.locator("#errors li").first().textContent(), "epoch 0, layer broken<i>: broken<i> could not be read");
  await page.close_();
});

test("200 epochs of 20 layers", async (t) => {
  const made = analysis("long.json", { epochs: 200, layers: Array.from({ length: 20 }, (_, l) => `block${l}`), classes: Array.from({ length: 10 }, (_, c) => `class ${c}`) });
  const page = await open(["long.json"]);
  t.diagnostic(`open after ${page.seconds.toFixed(2)} s, ${(statSync(path("page.html")).size / 1e6).toFixed(1)} MB`);
  await page.fill("#epoch", "57");
  await page.settled();
  expectCells(await cells(page), made, 57, "block19");
  await page.selectOption("#table-filter", "all");
  assert.equal(await page.textContent("#table-page"), "1 to 100 of 4000");
  await page.click("#table-next");
  assert.equal(await page.textContent("#table-page"), "101 to 200 of 4000");
  await page.close_();
});

test("1000 classes are shown by blocks, and the page says so", async (t) => {
  analysis("many.json", { epochs: 2, classes: Array.from({ length: 1000 }, (_, c) => `class ${c}`) });
  const page = await open(["many.json"]);
  t.diagnostic(`open after ${page.seconds.toFixed(2)} s, ${(statSync(path("page.html")).size / 1e6).toFixed(1)} MB`);
  assert.match(await page.textContent("#notices"), /1000 classes: class similarity is shown by 100 blocks/);
  await page.fill("#epoch", "0");
  await page.selectOption("#order", "name");
  await page.settled();
  assert.equal(await page.locator("#similarity canvas").count(), 1);
  await page.close_();
});

test("hundreds of layers with long names, on a narrow and on a wide screen, and on paper", async () => {
  const layers = Array.from({ length: 300 }, (_, l) => `module.encoder.blocks.${l}.attention.self.output.dense.LayerNorm`);
  analysis("deep.json", { epochs: 3, layers });
  for (const width of [360, 1920]) {
    const page = await open(["deep.json"], { width });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    assert.ok((await page.textContent("#entanglement")).includes("layer (24 of 300)"));
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.isVisible("#controls"), false);
    assert.equal(await page.isVisible("#entanglement"), true);
    await page.close_();
  }
});

test("one epoch, one layer", async () => {
  const made = analysis("one.json", { epochs: 1, layers: ["only"] });
  const page = await open(["one.json"]);
  assert.equal(await page.isDisabled("#play"), true);
  expectCells(await cells(page), made, 0, "only");
  await page.close_();
});

test("the specifications compile and draw without a warning", async () => {
  const packages = join(bin, "../apps/report/page/node_modules");
  const load = async (name) => {
    const { exports, module } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
    const entry = exports?.default ?? exports?.["."]?.default ?? exports?.["."] ?? module;
    return import(pathToFileURL(join(packages, name, entry)).href);
  };
  const [vega, lite] = [await load("vega"), await load("vega-lite")];
  analysis("drawn.json", { epochs: 3 });
  tool("snnl-report", path("drawn.json"), "--spec", path("specs"));
  for (const file of readdirSync(path("specs"))) {
    const said = [];
    const logger = { level: () => logger, error: (...a) => said.push(a), warn: (...a) => said.push(a), info: () => logger, debug: () => logger };
    const spec = JSON.parse(readFileSync(join(path("specs"), file), "utf8"));
    const { spec: compiled } = lite.compile(spec, { logger });
    const svg = await new vega.View(vega.parse(compiled), { renderer: "none", logger }).toSVG();
    assert.match(svg, /<path/, file);
    assert.deepEqual(said, [], file);
  }
});
