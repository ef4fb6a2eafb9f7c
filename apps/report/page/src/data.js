// The payload, and what is looked up in it.
export const data = JSON.parse(document.getElementById("data").textContent);

for (const run of data.runs) {
  run.byPlace = new Map(run.items.map((item) => [`${item.layer} ${item.epoch}`, item]));
  run.pairsOf = new Map(run.pairs.map((pairs) => [pairs.layer, pairs]));
}
export const epochs = [...new Set(data.runs.flatMap((run) => run.items.map((item) => item.epoch)))].sort((a, b) => a - b);
export const hasCurve = data.runs.some((run) => run.items.some((item) => item.curve));

export const itemAt = (run, layer, epoch) => run?.byPlace.get(`${layer} ${epoch}`);

/** The item whose similarity is shown for one: itself, or the last one before it whose similarity was kept. */
function kept(run, item) {
  for (let e = epochs.indexOf(item.epoch); e >= 0; --e) {
    const before = itemAt(run, item.layer, epochs[e]);
    if (before?.similarity) return before;
  }
  return run.items.find((other) => other.layer === item.layer && other.similarity);
}

/** {labels, values, epoch}: the matrix in the given order, row-major. */
export function similarity(run, item, orderName) {
  const source = item && kept(run, item);
  if (!source) return null;
  const order = data.orders.find((one) => one.name === orderName);
  const label = (group) => data.classes[group[0]] + (group.length > 1 ? ` \u2026 ${data.classes[group.at(-1)]}` : "");
  const labels = order.groups.map(label);
  if (data.in_blocks) return { labels, values: source.similarity[orderName], epoch: source.epoch };
  const stored = source.similarity.data, n = labels.length;
  const places = order.groups.map((group) => group[0]);
  return { labels, values: places.flatMap((a) => places.map((b) => stored[a * n + b])), epoch: source.epoch };
}

export function matrixRows({ labels, values }) {
  const n = labels.length;
  return values.map((value, k) => ({ class_a: labels[Math.floor(k / n)], class_b: labels[k % n], similarity: value }));
}
