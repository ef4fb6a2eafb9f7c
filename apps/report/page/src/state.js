import { data, epochs } from "./data.js";

/** What is chosen. Layers and runs by index, the epoch by its place in `epochs`. */
export const state = {
  run: 0,
  other: data.runs.length > 1 ? 1 : -1,
  layer: data.runs[0].items.at(-1).layer,
  epoch: epochs.length - 1,
  value: "normalized",
  order: "similarity",
};
export const chosenEpoch = () => epochs[state.epoch];
export const chosenRun = () => data.runs[state.run];
export const otherRun = () => (state.other >= 0 ? data.runs[state.other] : undefined);
export const shownRuns = () => [chosenRun(), otherRun()].filter(Boolean);
