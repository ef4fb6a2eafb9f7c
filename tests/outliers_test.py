#!/usr/bin/env python3
"""Holds the detection metrics and calibration errors of snnl-outliers against scikit-learn and NumPy.

usage: outliers_test.py SOURCE_DIR BIN_DIR
"""

import json
import subprocess
import sys

import h5py
import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

LIMIT = 1e-9


def check(name, found, expected):
    if not abs(found - expected) <= LIMIT:
        sys.exit(f"{name}: {found}, scikit-learn has {expected}")


def expected_calibration_error(confidence, correct, bins=15):
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    return sum(abs(correct[bin_of == b].mean() - confidence[bin_of == b].mean()) * (bin_of == b).mean()
               for b in range(bins) if (bin_of == b).any())


def main():
    source, binaries = sys.argv[1:]
    dump = f"{source}/testdata/fashion_mnist_cnn.h5"
    out = subprocess.run([f"{binaries}/snnl-outliers", "--train", f"{dump}@0:300", "--calibration", f"{dump}@300:420",
                          "--test", f"{dump}@420:", "--ood", f"trained={dump}@0:80", "--ood", f"few={dump}@100:107",
                          "--layers", "conv*", "-k", "15", "--json", "-"], check=True, capture_output=True).stdout
    document = json.loads(out)
    neighbors = document["options"]["k"] * len(document["options"]["layers"])

    def scores(samples):
        return {"credibility": np.array(samples["credibility"]),
                "support": 1 - np.array(samples["nonconformity"]) / neighbors, "softmax": np.array(samples["softmax"]),
                "energy": np.array(samples["energy"]), "kth_distance": -np.array(samples["kth_distance"]["conv3"])}

    # Energies and distances by their definition, in float64.
    with h5py.File(dump) as file:
        at = file["epochs/0012"]
        values = {name: np.asarray(at[name], dtype=np.float64).reshape(len(at[name]), -1) for name in ("conv3", "logits")}
    unit = values["conv3"] / np.linalg.norm(values["conv3"], axis=1, keepdims=True)
    k = document["options"]["k"]
    for name, samples in [("test", document["test"])] + [(one["name"], one) for one in document["outliers"]]:
        rows = samples["rows"]
        logits = values["logits"][rows]
        top = logits.max(axis=1)
        check(f"energy of {name}", np.abs(np.array(samples["energy"])
                                          - top - np.log(np.exp(logits - top[:, None]).sum(axis=1))).max(), 0)
        distances = np.sort(1 - unit[rows] @ unit[:300].T, axis=1)[:, k - 1]
        check(f"distances of {name}", np.abs(np.array(samples["kth_distance"]["conv3"]) - distances).max(), 0)

    test = document["test"]
    compared = 0
    for one in document["outliers"]:
        for separation in one["separations"]:
            name = separation["score"]
            inside, outside = scores(test)[name], scores(one)[name]
            score = np.concatenate([inside, outside])
            is_inside = np.arange(len(score)) < len(inside)
            check(f"AUROC by {name}", separation["auroc"], roc_auc_score(is_inside, score))
            check(f"AUPR in by {name}", separation["aupr_in"], average_precision_score(is_inside, score))
            check(f"AUPR out by {name}", separation["aupr_out"], average_precision_score(~is_inside, -score))
            wrong, found, _ = roc_curve(is_inside, score, drop_intermediate=False)
            check(f"FPR by {name}", separation["fpr_at_95_tpr"], wrong[found >= 0.95].min())
            compared += 1
    correct = np.array(test["labels"]) == np.array(test["predictions"])
    check("accuracy", test["accuracy"], correct.mean())
    for name in ("credibility", "softmax"):
        check(f"ECE of {name}", test[f"{name}_calibration"]["expected_calibration_error"],
              expected_calibration_error(scores(test)[name], correct))
    if compared != 10:
        sys.exit(f"{compared} separations, expected 10")


main()
