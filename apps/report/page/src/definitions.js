// What the numbers are; docs/method.md has the whole.
export const definitions = {
  entanglement: ["Entanglement",
    "The soft nearest neighbour loss l(T) = mean over samples i of log sum over k of exp(-d_ik / T) - log sum over j of the " +
    "same class of exp(-d_ij / T), in nats, at the temperature T that minimises it. Low: the nearest neighbours of a sample " +
    "are of its own class. High: classes are mixed. (Frosst, Papernot & Hinton, ICML 2019)"],
  normalized: ["Normalised entanglement",
    "Entanglement over its value at chance: 0 where the classes are apart, 1 where neighbours do not tell the class."],
  chance: ["Chance", "The entanglement as T grows without bound: mean over the samples of log((n - 1) / (n_class - 1))."],
  temperature: ["Optimal temperature",
    "The T that minimises the entanglement, in units of the distance. Small T: only the nearest neighbours count."],
  temperature_status: ["Status of the temperature",
    "converged: a minimum inside the range. lower_bound: the loss falls towards a limit as T goes to 0, as it does for classes " +
    "that are apart. upper_bound: it falls as T grows. fixed: the temperature was given. uncertain: " +
    "the best that was found; another may be better."],
  entanglement_stderr: ["Standard error",
    "Standard deviation of the losses of the samples over the square root of their number; where rows were drawn, the error " +
    "of the drawing."],
  effective_neighbors: ["Effective neighbours",
    "Mean over the samples of exp(entropy of p_i): how many neighbours count at the optimal temperature."],
  similarity: ["Class similarity",
    "M[a][b]: mean over the samples i of class a of the sum over the samples j of class b of p_ij, where p_ij = exp(-d_ij / T) / " +
    "sum over k of exp(-d_ik / T). Each row sums to 1; the diagonal is the share of neighbours of the own class."],
  pairs: ["Separation of pairs",
    "(M[a][b] + M[b][a]) / 2 of the class similarity M, at each epoch. The pairs are the most and the least similar ones at the " +
    "last epoch of the layer."],
  class_entanglement: ["Entanglement of a class", "The mean loss of the samples of this class, in nats."],
  curve: ["Temperature curve",
    "The entanglement at other temperatures than the optimal one, which the dashed line marks."],
  credibility: ["Credibility and support",
    "Support: the share of a sample's nearest training samples, in a layer, that have the predicted class. Credibility: " +
    "(1 + calibration samples that have as few such neighbours or fewer) / (1 + calibration samples), over all layers; small for " +
    "samples that do not belong. Softmax: the largest one of the logits."],
  auroc: ["AUROC", "The chance that a test sample has a higher score than an outlier; equal scores count half. 0.5: no telling."],
  aupr_in: ["AUPR in", "Average precision with the test samples as positives, a higher score speaking for them."],
  aupr_out: ["AUPR out", "Average precision with the outliers as positives, a lower score speaking for them."],
  fpr_at_95_tpr: ["FPR at 95 % TPR", "The share of outliers at or above the threshold that 95 % of the test samples reach."],
  samples: ["Samples", "How many samples the item has."],
  features: ["Features", "Values of a sample: the product of the layer's axes."],
  scored: ["Scored samples",
    "Samples whose class has another member; the others are neighbours like any other, but are not averaged."],
  status: ["Status", "ok, or error where the item could not be analysed."],
  epoch: ["Epoch", "As numbered in the dump."],
  layer: ["Layer", "As named in the dump."],
};
