#!/usr/bin/env python3
"""Soft nearest neighbour loss in NumPy float64, written from the definition.

Slow and plain on purpose: an independent check of the C++ library, sharing no code or shortcut with it. Distances come
from direct differences and every sum of exponentials is a row-wise log-sum-exp.

    l_i(T) = logsumexp_{k != i}(-d_ik / T) - logsumexp_{j != i, y_j = y_i}(-d_ij / T)
    l(T)   = mean of l_i over the samples whose class has another member

Definition: Frosst, Papernot and Hinton, "Analyzing and Improving Representations with the Soft Nearest Neighbor Loss",
ICML 2019.
"""

import argparse
import json
import os
import re
import sys
from pathlib import Path

try:
    import numpy as np
except ImportError as missing:
    if __name__ != "__main__":
        raise
    print(f"snnl_reference.py: error: {missing}; "
          "run it with the Python of: scripts/find-python h5py numpy", file=sys.stderr)
    sys.exit(2)

# The search range and the tolerances that define the optimum's status.
LOG2_LOW, LOG2_HIGH = -40, 10  # of T / mean distance
STEPS_PER_OCTAVE = 8
REFINE_WITHIN = 1e-3  # refine every local minimum of the scan this close to the best one
AT_LIMIT = 1e-9  # l this close to its value at an end of the range counts as having reached it
FIXED_LOG2 = [-20, -16, -12, -8, -6, -4, -2, 0, 2, 4, 10]  # of T / mean distance, in the reference values
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0


def pairwise(X, distance="sqeuclidean"):
    """Distances [n, n] of the rows of X [n, d], float64.

    sqeuclidean: |x_i - x_j|^2. cosine: 1 - cos(x_i, x_j), computed as |u_i - u_j|^2 / 2 of the unit vectors, which is
    the same and keeps small distances exact; a row of zeros has similarity 0 to every row, so distance 1.
    """
    X = np.asarray(X)
    if X.ndim != 2 or X.dtype.kind not in "fiu":
        raise ValueError("activations must be a matrix of real numbers")
    X = X.astype(np.float64)
    if not np.isfinite(X).all():
        raise ValueError("activations hold Inf or NaN")
    zero = np.zeros(len(X), dtype=bool)
    if distance == "cosine":
        largest = np.abs(X).max(axis=1, initial=0.0, keepdims=True)
        zero = largest[:, 0] == 0.0
        X = X / np.where(largest == 0.0, 1.0, largest)  # so that no square overflows or underflows
        length = np.sqrt((X * X).sum(axis=1, keepdims=True))
        X = X / np.where(length == 0.0, 1.0, length)
    elif distance != "sqeuclidean":
        raise ValueError(f"unknown distance '{distance}'")

    D = np.empty((len(X), len(X)))
    rows = max(1, 4_000_000 // max(1, X.size))  # bounds the block of differences at 32 MB
    for first in range(0, len(X), rows):
        difference = X[first:first + rows, None, :] - X[None, :, :]
        D[first:first + rows] = (difference * difference).sum(axis=2)
    if distance == "cosine":
        D *= 0.5
        D[zero, :] = 1.0
        D[:, zero] = 1.0
        np.fill_diagonal(D, 0.0)
    if not np.isfinite(D).all():
        raise ValueError("a distance overflows float64")
    return D


def mean_distance(D):
    """Mean of D over i != j."""
    n = len(D)
    return float((D.sum() - np.trace(D)) / (n * (n - 1)))


def _logsumexp(Z):
    """Row-wise; a row that is empty or all -inf gives -inf."""
    largest = Z.max(axis=1, initial=-np.inf)
    shift = np.where(np.isneginf(largest), 0.0, largest)
    with np.errstate(divide="ignore"):
        return shift + np.log(np.exp(Z - shift[:, None]).sum(axis=1))


def _without_self(D):
    D = np.array(D, dtype=np.float64)
    np.fill_diagonal(D, np.inf)  # exp(-inf / T) = 0: the sample is not its own neighbour
    return D


def sample_losses(D, y, T):
    """l_i(T) as [n]; NaN for samples whose class has no other member.

    logsumexp(all) - logsumexp(same) = log(1 + exp(logsumexp(other) - logsumexp(same))), which is exact for tiny l_i.
    """
    D, y = _without_self(D), np.asarray(y)
    losses = np.full(len(y), np.nan)
    for label in np.unique(y):
        members = y == label
        if members.sum() < 2:
            continue
        Z = -D[members] / T
        losses[members] = np.logaddexp(0.0, _logsumexp(Z[:, ~members]) - _logsumexp(Z[:, members]))
    return losses


def entanglement(D, y, T):
    """l(T)."""
    return float(np.nanmean(sample_losses(D, y, T)))


def neighbor_probabilities(D, T):
    """p_ij as [n, n], rows sum to 1."""
    Z = -_without_self(D) / T
    return np.exp(Z - _logsumexp(Z)[:, None])


def scan(D, y):
    """log2(T / mean distance) and l(T) over the whole search range."""
    grid = np.linspace(LOG2_LOW, LOG2_HIGH, (LOG2_HIGH - LOG2_LOW) * STEPS_PER_OCTAVE + 1)
    scale = mean_distance(D)
    return grid, np.array([entanglement(D, y, np.exp2(g) * scale) for g in grid])


def _golden_section(f, low, high):
    """Minimum of f on [low, high], its place to about 1e-9 (no better: f is flat there)."""
    a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    fa, fb = f(a), f(b)
    while high - low > 1e-9:
        if fa <= fb:
            high, b, fb = b, a, fa
            a = high - GOLDEN * (high - low)
            fa = f(a)
        else:
            low, a, fa = a, b, fb
            b = low + GOLDEN * (high - low)
            fb = f(b)
    return (a, fa) if fa <= fb else (b, fb)


def optimal_temperature(D, y, scanned=None):
    """(T*, status) over [2^-40, 2^10] x mean distance; status is converged, lower_bound or upper_bound.

    lower_bound: l is smallest at the range's lower end; T is the largest with l within 1e-9 of that value.
    upper_bound: l is smallest at the upper end, or constant; T is the upper end.
    """
    scale = mean_distance(D)
    grid, values = scan(D, y) if scanned is None else scanned

    def f(log2_factor):
        return entanglement(D, y, np.exp2(log2_factor) * scale)

    candidates = [(grid[k], values[k]) for k in (0, len(grid) - 1, int(values.argmin()))]
    for k in range(1, len(grid) - 1):
        is_minimum = values[k] <= values[k - 1] and values[k] <= values[k + 1]
        is_plateau = values[k] == values[k - 1] == values[k + 1]
        if is_minimum and not is_plateau and values[k] <= values.min() + REFINE_WITHIN:
            candidates.append(_golden_section(f, grid[k - 1], grid[k + 1]))
    best, smallest = min(candidates, key=lambda candidate: candidate[1])

    if values[-1] <= smallest + AT_LIMIT:
        return float(np.exp2(LOG2_HIGH) * scale), "upper_bound"
    if values[0] > smallest + AT_LIMIT:
        return float(np.exp2(best) * scale), "converged"
    limit = values[0]
    inside = int(np.flatnonzero(np.abs(values - limit) <= AT_LIMIT)[-1])
    low, high = grid[inside], grid[inside + 1]
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        if abs(f(middle) - limit) <= AT_LIMIT:
            low = middle
        else:
            high = middle
    return float(np.exp2(low) * scale), "lower_bound"


def analyse(X, y, temperature=None, distance="sqeuclidean", D=None, scanned=None):
    """All results for one layer at one epoch, as a dict; class results are in ascending order of label.

    temperature None asks for the optimal one. D and scanned are pairwise(X) and scan(D, y), where already computed.
    Raises ValueError where the loss or its temperature is undefined.
    """
    y = np.asarray(y)
    D = pairwise(X, distance) if D is None else D
    n = len(D)
    if y.shape != (n,):
        raise ValueError(f"{n} samples but labels of shape {y.shape}")
    classes, class_of, counts = np.unique(y, return_inverse=True, return_counts=True)
    scored = counts[class_of] > 1
    if not scored.any():
        raise ValueError("no class has two members")
    if not (D > 0.0).any():
        raise ValueError("all distances are zero")
    if temperature is None:
        temperature, status = optimal_temperature(D, y, scanned)
    elif temperature > 0.0 and np.isfinite(temperature):
        temperature, status = float(temperature), "fixed"
    else:
        raise ValueError("the temperature must be positive and finite")

    losses = sample_losses(D, y, temperature)
    loss = float(losses[scored].mean())
    chance = float(np.log((n - 1) / (counts[class_of[scored]] - 1)).mean())
    stderr = float(losses[scored].std(ddof=1) / np.sqrt(scored.sum())) if scored.sum() > 1 else 0.0

    P = neighbor_probabilities(D, temperature)
    entropy = -(P * np.log(np.where(P > 0.0, P, 1.0))).sum(axis=1)
    members = [class_of == c for c in range(len(classes))]
    similarity = [[float(P[a][:, b].sum(axis=1).mean()) for b in members] for a in members]
    return {
        "temperature": temperature,
        "temperature_status": status,
        "mean_distance": mean_distance(D),
        "scored": int(scored.sum()),
        "entanglement": loss,
        "entanglement_stderr": stderr,
        "chance": chance,
        "normalized": loss / chance if chance > 0.0 else None,
        "effective_neighbors": float(np.exp(entropy).mean()),
        "class_entanglement": [float(losses[c].mean()) if c.sum() > 1 else None for c in members],
        "class_similarity": similarity,
    }


class Dump:
    """An activation dump, layout version 1."""

    def __init__(self, path):
        import h5py  # the functions above need NumPy alone
        self.path = str(path)
        try:
            self.file = h5py.File(path, "r")
        except OSError as error:
            raise ValueError(f"{path}: {error}") from None
        if self.file.attrs.get("snnl_dump_version") != 1:
            raise ValueError(f"{path}: not an activation dump of version 1")
        self.layers = [str(name) for name in self.file.attrs["layer_names"]]
        self.epochs = sorted((int(group.attrs["epoch"]), name) for name, group in self.file["epochs"].items())

    def label_sets(self):
        return ["/labels"] + [f"/label_sets/{name}" for name in sorted(self.file.get("label_sets", {}))]

    def labels(self, path):
        """Labels [n] and the classes that occur, as [{name, count}] in ascending order of label."""
        if path not in self.file:
            path = f"/label_sets/{path}"
        if path not in self.file:
            raise ValueError(f"{self.path}: no label set {path}")
        dataset = self.file[path]
        names = dataset.attrs.get("class_names")
        y = dataset[()]
        classes = [{"name": str(c) if names is None else str(names[c]), "count": int(count)}
                   for c, count in zip(*np.unique(y, return_counts=True))]
        return y, {"path": path, "classes": classes}

    def items(self):
        """Yields (epoch, layer, activations [n, d] as stored)."""
        for epoch, group in self.epochs:
            for layer in self.layers:
                X = self.file["epochs"][group][layer][()]
                yield epoch, layer, X.reshape(len(X), -1)


def reference(path, labels, distance, temperature):
    """Every layer at every epoch of one dump, in the fields of an analysis."""
    dump = Dump(path)
    y, label_set = dump.labels(labels)
    items = []
    for epoch, layer, X in dump.items():
        item = {"epoch": epoch, "layer": layer, "status": "ok", "samples": len(X), "dimensions": X.shape[1]}
        try:
            item.update(analyse(X, y, temperature, distance))
        except ValueError as error:
            item.update({"status": "error", "message": str(error)})
        items.append(item)
        print(f"{dump.path}: epoch {epoch}, {layer}", file=sys.stderr)
    return {"schema": "snnl.reference/1", "distance": distance, "labels": label_set, "items": items}


def reference_values(paths):
    """The numbers that tests compare with: optimum, fixed temperatures, cosine and the further label sets."""
    dumps = []
    for path in paths:
        dump = Dump(path)
        y, label_set = dump.labels("/labels")
        others = [dump.labels(name) for name in dump.label_sets()[1:]]
        items = []
        for epoch, layer, X in dump.items():
            D = pairwise(X)
            scanned = scan(D, y)
            lowest = int(scanned[1].argmin())
            scale = mean_distance(D)
            items.append({
                "epoch": epoch, "layer": layer, "samples": len(X), "dimensions": X.shape[1],
                "optimum": analyse(X, y, D=D, scanned=scanned),
                "scan_minimum": {"factor_log2": float(scanned[0][lowest]), "entanglement": float(scanned[1][lowest])},
                "fixed": [{"factor_log2": k, "entanglement": entanglement(D, y, 2.0**k * scale)} for k in FIXED_LOG2],
                "cosine": analyse(X, y, distance="cosine"),
                "label_sets": {other["path"]: analyse(X, z, D=D) for z, other in others},
            })
            print(f"{dump.path}: epoch {epoch}, {layer}", file=sys.stderr)
        dumps.append({"file": Path(path).name, "labels": label_set, "label_sets": [other for _, other in others],
                      "items": items})
    return {"schema": "snnl.reference_values/1", "dumps": dumps}


def to_json(document):
    """Indented by 1, but a list of numbers stays on one line."""
    text = json.dumps(document, indent=1, allow_nan=False)
    flat = re.compile(r"\[[^\[\]{}\"]*\]")
    return flat.sub(lambda match: "[" + " ".join(match.group()[1:-1].split()) + "]", text) + "\n"


def write_whole(path, text):
    temporary = Path(f"{path}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def parse_temperature(text):
    if text == "auto":
        return None
    value = float(text)
    if not (value > 0.0 and np.isfinite(value)):
        raise argparse.ArgumentTypeError("must be 'auto' or a positive number")
    return value


def main():
    default_testdata = Path(__file__).resolve().parent.parent / "testdata"
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0],
        epilog="example: snnl_reference.py testdata/digits_mlp.h5 --labels parity -o digits.json")
    parser.add_argument("dump", nargs="?", metavar="DUMP", help="HDF5 activation dump, layout version 1")
    parser.add_argument("--labels", default="/labels", metavar="SET",
                        help="label set: a path or a name under /label_sets (default: /labels)")
    parser.add_argument("--distance", choices=["sqeuclidean", "cosine"], default="sqeuclidean",
                        help="default: sqeuclidean")
    parser.add_argument("--temperature", type=parse_temperature, default=None, metavar="auto|T",
                        help="default: auto, the optimal temperature of each item")
    parser.add_argument("--testdata", nargs="?", type=Path, const=default_testdata, metavar="DIR",
                        help="instead: write DIR/reference_values.json for the dumps DIR/*.h5 (default DIR: testdata)")
    parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")
    options = parser.parse_args()
    if (options.dump is None) == (options.testdata is None):
        parser.error("give either DUMP or --testdata")
    try:
        if options.testdata is not None:
            paths = sorted(options.testdata.glob("*.h5"))
            if not paths:
                raise ValueError(f"{options.testdata}: no *.h5 here")
            document = reference_values(paths)
            output = options.output or options.testdata / "reference_values.json"
        else:
            document = reference(options.dump, options.labels, options.distance, options.temperature)
            output = options.output
        if output is None:
            sys.stdout.write(to_json(document))
        else:
            write_whole(output, to_json(document))
    except (OSError, KeyError, ValueError) as error:
        print(f"snnl_reference.py: error: {error}", file=sys.stderr)
        return 2
    return 1 if any(item.get("status") == "error" for item in document.get("items", [])) else 0


if __name__ == "__main__":
    sys.exit(main())
