#!/usr/bin/env python3
"""Make the figures that docs/interpretation.md stands on, from points in the plane and short trainings, and check what it says.

Writes FIGURES.md with the tables, neighborhoods.png, and the dumps to FOLDER; ends with 1 where a claim of the page does not
hold.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np

import snnl_plot as sp
from snnl_plot import plt

DATA = "/usr/share/datasets/fashion-mnist"


class Tools:
    """The built tools, and what they say."""

    def __init__(self, folder, out):
        self.folder, self.out = folder, out

    def run(self, tool, *arguments):
        subprocess.run([self.folder / tool, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)

    def analyze(self, dump, *arguments):
        """Items of the dump by layer, of its last epoch."""
        path = self.out / "analysis.json"
        self.run("snnl-analyze", dump, "--quiet", "--json", path, "--epochs", "last", *arguments)
        return {item["layer"]: item for item in json.loads(path.read_text())["items"]}

    def train(self, name, architecture, seed, images, epochs, samples):
        """The dump of a network trained on Fashion-MNIST; it is made once."""
        dump = self.out / f"{name}.h5"
        if not dump.exists():
            self.run("snnl-train", "--data", DATA, "--architecture", architecture, "--seed", seed, "--train-samples", images,
                     "--epochs", epochs, "--dump", dump, "--dump-samples", samples, "--dump-epochs", epochs, "--quiet")
        return dump


class Page:
    """Tables in Markdown, and claims that are held against them."""

    def __init__(self):
        self.lines, self.broken = [], []

    def table(self, title, header, rows):
        self.lines += [f"## {title}", "", "| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
        self.lines += ["| " + " | ".join(row) + " |" for row in rows] + [""]

    def claim(self, text, holds):
        self.lines.append(f"- {'holds' if holds else 'DOES NOT HOLD'}: {text}")
        if not holds:
            self.broken.append(text)


def write_dump(path, layers, labels):
    with h5py.File(path, "w") as file:
        file.attrs["snnl_version"] = 1
        file["labels"] = np.asarray(labels, dtype=np.int64)
        for name, values in layers.items():
            file[f"epochs/0000/{name}"] = np.asarray(values, dtype=np.float32)
    return path


def read_dump(path):
    with h5py.File(path) as file:
        epoch = file["epochs"][sorted(file["epochs"])[-1]]
        return {name: epoch[name][:].astype(np.float32) for name in epoch}, file["labels"][:]


def flat(values):
    return values.reshape(len(values), -1).astype(np.float64)


def neighbor_accuracy(values, labels, k=5):
    """Share of the samples whose k nearest others have the class of most of them, ties to the lower class."""
    x = flat(values)
    squares = (x * x).sum(axis=1)
    distances = squares[:, None] + squares - 2 * x @ x.T
    np.fill_diagonal(distances, np.inf)
    near = np.argpartition(distances, k, axis=1)[:, :k]
    votes = np.array([np.bincount(labels[row], minlength=labels.max() + 1) for row in near])
    return (votes.argmax(axis=1) == labels).mean()


def probe_accuracy(values, labels):
    """Of a ridge classifier on the second half of the samples, trained on the first; the penalty by generalised cross-validation."""
    from sklearn.linear_model import RidgeClassifierCV
    x = flat(values)
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-6)
    half = len(x) // 2
    return RidgeClassifierCV(alphas=np.logspace(-1, 5, 13)).fit(x[:half], labels[:half]).score(x[half:], labels[half:])


def blobs(distance, random, n=200, d=2):
    x = random.normal(size=(2 * n, d))
    x[n:, 0] += distance
    return x, np.repeat([0, 1], n)


def number(value, digits=3):
    return "separated" if value < 1e-6 else f"{value:.{digits}g}"


def percent(share):
    return f"{100 * share:.0f} %"


def what_it_says(tools, page):
    """Two round classes in the plane, moved apart; and the picture of three of them."""
    distances = (0, 1, 2, 4, 8)
    layers, rows = {}, []
    for distance in distances:
        layers[f"apart_{distance}"], labels = blobs(distance, np.random.default_rng(1))
    items = tools.analyze(write_dump(tools.out / "plane.h5", layers, labels))
    for distance in distances:
        item = items[f"apart_{distance}"]
        rows.append([str(distance), number(item["entanglement"]), number(item["normalized"]),
                     number(item["temperature"] / item["mean_distance"]), number(item["effective_neighbors"]),
                     percent(neighbor_accuracy(layers[f"apart_{distance}"], labels))])
    page.table("two classes in the plane, standard deviation 1", ["apart by", "entanglement", "of chance", "T / mean distance",
               "effective neighbours", "5-NN"], rows)
    values = [items[f"apart_{distance}"]["normalized"] for distance in distances]
    page.claim("the farther apart, the less entangled; at 0 it is chance within 2 %",
               values == sorted(values, reverse=True) and abs(values[0] - 1) < .02)
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.9), constrained_layout=True)
    for axis, distance in zip(axes, (1, 2, 4)):
        x, item = layers[f"apart_{distance}"], items[f"apart_{distance}"]
        for c, color in enumerate(sp.colors_of(2)):
            axis.scatter(*x[labels == c].T, s=6, color=color, linewidths=0)
        centre = x[np.argmin(((x - x.mean(axis=0)) ** 2).sum(axis=1))]
        axis.add_patch(plt.Circle(centre, item["temperature"] ** .5, fill=False, color="black"))
        axis.plot(*centre, "+", color="black")
        axis.set(aspect="equal", xticks=[], yticks=[], xlim=(-3.5, 7.5), ylim=(-4, 4),
                 title=f"{item['entanglement']:.2f} nats, {100 * item['normalized']:.0f} % of chance\n"
                       f"{item['effective_neighbors']:.0f} effective neighbours")
        axis.title.set_fontsize(9)
    figure.savefig(tools.out / "neighborhoods.png", dpi=110)
    plt.close(figure)


def sample_size(tools, page):
    """One network, one epoch, more and more samples."""
    layers, labels = read_dump(tools.train("mlp", "mlp", 0, 10000, 3, 4000))
    rows, of_all, of_hundred = [], [], []
    for n in (100, 500, 2000, 4000):
        # The first n: images come in random order.
        dump = write_dump(tools.out / "part.h5", {name: layers[name][:n] for name in ("fc1", "logits")}, labels[:n])
        plain, near = tools.analyze(dump), tools.analyze(dump, "--neighborhood", min(100, n))
        of_all.append(plain["logits"])
        of_hundred.append(near["logits"])
        rows.append([str(n)] + [f"{number(plain[name]['entanglement'])} +- {plain[name]['entanglement_stderr']:.2g}"
                                for name in ("fc1", "logits")]
                    + [number(plain["logits"]["normalized"])]
                    + [f"{number(near['logits']['entanglement'])} +- {near['logits']['entanglement_stderr']:.2g}"])
    page.table("the number of samples", ["n", "fc1", "logits", "logits, of chance", "logits, --neighborhood 100"], rows)
    values = [item["entanglement"] for item in of_all]
    page.claim("one network's number falls as n grows, by more than a quarter from 100 to 4,000",
               values == sorted(values, reverse=True) and values[-1] < .75 * values[0])
    page.claim("no standard error says so: they are far smaller than the difference",
               values[0] - values[-1] > 3 * of_all[-1]["entanglement_stderr"])
    page.claim("neighbourhoods of 100 agree within three of their errors",
               all(abs(item["entanglement"] - of_hundred[-1]["entanglement"])
                   <= 3 * np.hypot(item["entanglement_stderr"], of_hundred[-1]["entanglement_stderr"]) for item in of_hundred))
    return layers, labels


def dimension(tools, page):
    """The same signal among more and more features that say nothing."""
    layers, rows = {}, []
    for d in (2, 10, 100, 1000):
        layers[f"d{d}"], labels = blobs(4, np.random.default_rng(2), d=d)
    items = tools.analyze(write_dump(tools.out / "dimension.h5", layers, labels))
    order = np.random.default_rng(3).permutation(len(labels))
    for name, values in layers.items():
        item = items[name]
        rows.append([name[1:], number(item["normalized"]), number(item["temperature"] / item["mean_distance"]),
                     percent(neighbor_accuracy(values, labels)), percent(probe_accuracy(values[order], labels[order]))])
    page.table("features that say nothing", ["d", "of chance", "T / mean distance", "5-NN", "linear probe"], rows)
    page.claim("1,000 features of which one tells the classes: above half of chance, where 2 are below a tenth",
               items["d1000"]["normalized"] > .5 and items["d2"]["normalized"] < .1)
    scaled = layers["d10"].copy()
    scaled[:, 9] *= 100
    dump = write_dump(tools.out / "huge.h5", {"plain": layers["d10"], "huge": scaled}, labels)
    huge, cosine = tools.analyze(dump), tools.analyze(dump, "--distance", "cosine")
    even, white = tools.analyze(dump, "--standardize"), tools.analyze(dump, "--whiten", "pca")
    page.table("one huge unit", ["10 features", "of chance", "of chance, cosine", "standardised", "whitened"],
               [[name] + [number(how[layer]["normalized"]) for how in (huge, cosine, even, white)]
                for name, layer in (("as they are", "plain"), ("one that says nothing times 100", "huge"))])
    page.claim("standardised, it does not matter that it is huge, and whitened neither",
               all(abs(how["huge"]["normalized"] - how["plain"]["normalized"]) < 1e-4 for how in (even, white)))
    page.claim("standardised, the ten are as entangled as they are or more: the one that tells is no larger than the others",
               even["plain"]["normalized"] > huge["plain"]["normalized"])
    page.claim("one huge unit that says nothing makes it chance, within a tenth", huge["huge"]["normalized"] > .9)
    page.claim("by the cosine it doubles", cosine["huge"]["normalized"] > 1.5 * cosine["plain"]["normalized"])


def maps(tools, page):
    """A convolutional network's maps: whole, averaged, standardised."""
    layers, labels = read_dump(tools.train("cnn", "cnn", 0, 3000, 1, 600))
    kinds = {"raw": (), "2x2": ("--pool", "2x2"), "mean": ("--pool", "mean"), "raw, standardised": ("--standardize",),
             "mean, whitened": ("--pool", "mean", "--whiten", "pca")}
    names = ("conv1", "conv2", "conv3")
    dump = write_dump(tools.out / "maps.h5", {name: layers[name] for name in names}, labels)
    by_kind = {kind: tools.analyze(dump, *how) for kind, how in kinds.items()}
    rows, found = [], {}
    for name in names:
        found[name] = {kind: items[name]["entanglement"] for kind, items in by_kind.items()}
        rows.append([name] + [number(found[name][kind]) for kind in kinds])
    page.table("maps of a convolutional network", ["layer", *kinds], rows)
    page.claim("the mean of conv1's maps is more than 1.3 times as entangled as the maps",
               found["conv1"]["mean"] > 1.3 * found["conv1"]["raw"])
    return layers, labels


def seeds(tools, page):
    """Trainings that differ in their seed alone, on the same images."""
    values, errors = [], []
    for seed in range(4):
        item = tools.analyze(tools.train(f"seed{seed}", "mlp", seed, 6000, 3, 1000))["logits"]
        values.append(item["entanglement"])
        errors.append(item["entanglement_stderr"])
    spread = np.std(values, ddof=1) / np.mean(values)
    page.table("four seeds", ["logits", "standard deviation between seeds", "standard error by the samples"],
               [[", ".join(map(number, values)), f"{100 * spread:.1f} %", f"{100 * np.mean(errors) / np.mean(values):.1f} %"]])
    page.claim("seeds differ by less than the samples' error, which says nothing of seeds", 0 < spread < errors[0] / values[0])


def disagreement(tools, page, cnn, mlp):
    """Layers by entanglement, by their neighbours, and by a linear probe."""
    rows, of = [], {}
    for network, (layers, labels) in {"CNN": cnn, "MLP": mlp}.items():
        layers = {name: values[:600] for name, values in layers.items()}
        items = tools.analyze(write_dump(tools.out / "layers.h5", layers, labels[:600]))
        for name, values in layers.items():
            of[network, name] = (items[name]["normalized"], neighbor_accuracy(values, labels[:600]),
                                 probe_accuracy(values, labels[:600]))
            rows.append([network, name, number(of[network, name][0]), percent(of[network, name][1]), percent(of[network, name][2])])
    page.table("three measures", ["network", "layer", "of chance", "5-NN", "linear probe"], rows)
    pairs = [(a, b) for a in of for b in of if a[0] == b[0] and of[a][0] > 1.05 * of[b][0] and of[a][2] > of[b][2] + .01]
    page.claim("some layer is more entangled than another one of its network, and better for a linear probe", bool(pairs))
    page.lines += [f"  ({a[0]}: {a[1]} and {b[1]})" for a, b in pairs]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--bin", type=Path, required=True, metavar="FOLDER", help="the built tools")
    parser.add_argument("--out", type=Path, default=Path("out/interpretation"), metavar="FOLDER", help="where all of it goes")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    tools, page = Tools(options.bin.resolve(), options.out), Page()
    what_it_says(tools, page)
    mlp = sample_size(tools, page)
    dimension(tools, page)
    cnn = maps(tools, page)
    seeds(tools, page)
    disagreement(tools, page, cnn, mlp)
    (options.out / "FIGURES.md").write_text("\n".join(page.lines) + "\n")
    for text in page.broken:
        print(f"interpretation_figures.py: does not hold: {text}", file=sys.stderr)
    return 1 if page.broken else 0


if __name__ == "__main__":
    sys.exit(main())
