// Analyses of any size as snnl-analyze writes them, without a dump behind them.

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function madeAnalysis({ epochs = 3, layers = ["fc1", "fc2"], classes = ["a", "b", "c"], seed = 1, failed = [] }) {
  const next = random(seed), n = classes.length, items = [];
  const empty = { samples: null, features: null, scored: null, queries: null, dropped: null, temperature: null,
    temperature_status: null, mean_distance: null, entanglement: null, entanglement_stderr: null, chance: null,
    normalized: null, effective_neighbors: null, precision: null, class_entanglement: null, class_similarity: null,
    temperature_curve: null };
  for (let epoch = 0; epoch < epochs; ++epoch) {
    layers.forEach((layer, l) => {
      if (failed.includes(layer)) {
        items.push({ epoch, layer, status: "error", message: `${layer} could not be read`, ...empty });
        return;
      }
      const mix = 0.9 * Math.exp((-3 * epoch * (l + 1)) / (epochs * layers.length)) + 0.05;
      const similarity = classes.map((_, a) => {
        const row = classes.map((__, b) => (a === b ? 1 / mix : 1) * Math.exp(-Math.abs(a - b) / (1 + n * mix)) * (0.5 + next()));
        const sum = row.reduce((x, y) => x + y, 0);
        return row.map((x) => x / sum);
      });
      items.push({ epoch, layer, status: "ok", message: null, samples: 1000, features: 64, scored: 1000, queries: 1000,
        dropped: 0, temperature: 0.5 + l, temperature_status: "converged", mean_distance: 2, entanglement: mix * Math.log(n),
        entanglement_stderr: 0.01, chance: Math.log(n), normalized: mix, effective_neighbors: 12.5, precision: "float",
        class_entanglement: classes.map(() => mix * (0.5 + next())), class_similarity: similarity, temperature_curve: null });
    });
  }
  return { schema: "snnl.analysis/1", generator: { name: "snnl-analyze", version: "0.1.0" }, inputs: ["run.h5"],
    labels: { path: "/labels", classes: classes.map((name, c) => ({ name, count: 10 + c })) },
    options: { temperature: "auto", temperature_curve: 0, distance: "sqeuclidean", precision: "auto", rows: null, seed: null,
      nonfinite: "error", layout: null, labels: null, layers: [], epochs: null },
    items };
}
