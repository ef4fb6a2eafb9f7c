#!/usr/bin/env python3
"""Draw how samples that do not belong differ, from the JSON of snnl-outliers.

views:
  histograms   credibility of the test samples and of each outlier set, as shares of the set
  roc          outliers called test samples over test samples found, by credibility, support and softmax; a panel each set
  reliability  accuracy in each of the 15 bins of credibility, and of softmax where there is one, with the diagonal
  support      mean share of the neighbours that have the predicted class, by layer, a line for each set
"""

import argparse
import json
import sys

import snnl_plot as sp
from snnl_plot import np, plt

FORMATS = (".png", ".svg", ".pdf")


def read(path):
    try:
        document = json.loads(sp.read_text(path))
    except ValueError as error:
        raise sp.InputError(f"{path}: is no JSON ({error})") from None
    place = sp.Place(path, document)
    if place["schema"].text() != "snnl.outliers/1":
        place["schema"].fail(f"is '{place['schema'].text()}', expected snnl.outliers/1; make it by snnl-outliers --json")
    return place


def sets_of(place):
    """(name, samples) of the test set and of each outlier set."""
    return [("test", place["test"]), *[(one["name"].text(), one) for one in place["outliers"].elements()]]


def need_outliers(place):
    if not place["outliers"].elements():
        place["outliers"].fail("is empty; give snnl-outliers some --ood")


def draw_histograms(place, options):
    sets = sets_of(place)
    figure, axes = plt.subplots(len(sets), 1, sharex=True, constrained_layout=True,
                                figsize=(options.width, 0.75 * len(sets) + 0.5), squeeze=False)
    for axis, (name, samples), color in zip(axes.flat, sets, sp.colors_of(len(sets))):
        counts = np.array(samples["histograms"]["credibility"].numbers())
        edges = np.linspace(0, 1, len(counts) + 1)
        axis.bar(edges[:-1], counts / max(counts.sum(), 1), np.diff(edges), align="edge", color=color, linewidth=0)
        axis.set_ylabel(name, rotation=0, ha="right", va="center")
        axis.set_xlim(0, 1)
    axes.flat[-1].set_xlabel("credibility")
    return figure


def scores_of(samples, neighbors):
    found = {"credibility": np.array(samples["credibility"].numbers()),
             "support": neighbors - np.array(samples["nonconformity"].numbers())}
    if samples["softmax"].value is not None:
        found["softmax"] = np.array(samples["softmax"].numbers())
    return found


def draw_roc(place, options):
    need_outliers(place)
    neighbors = place["options"]["k"].number() * len(place["options"]["layers"].elements())
    (_, test), *outliers = sets_of(place)
    inside = scores_of(test, neighbors)
    columns = min(3, len(outliers))
    rows = -(-len(outliers) // columns)
    figure, axes = plt.subplots(rows, columns, sharex=True, sharey=True, squeeze=False, constrained_layout=True,
                                figsize=(options.width, options.width / columns * rows + 0.4))
    for axis in list(axes.flat)[len(outliers):]:
        axis.set_visible(False)
    for axis, (name, samples) in zip(axes.flat, outliers):
        outside = scores_of(samples, neighbors)
        for k, score in enumerate(s for s in inside if s in outside):
            thresholds = np.unique(np.concatenate([inside[score], outside[score]]))[::-1]
            found, wrong = ([0, *(len(v) - np.searchsorted(np.sort(v), thresholds)) / len(v)]
                            for v in (inside[score], outside[score]))
            axis.plot(wrong, found, color=sp.PALETTE[k], linestyle=sp.LINES[k], label=score)
        axis.plot([0, 1], [0, 1], color="0.6", linewidth=0.8, zorder=0)
        axis.set_title(name)
        axis.set_aspect("equal")
    figure.supxlabel("share of outliers at or above the threshold")
    figure.supylabel("share of test samples")
    axes.flat[0].legend(loc="lower right", frameon=False)
    return figure


def draw_reliability(place, options):
    figure, axis = plt.subplots(constrained_layout=True, figsize=(options.width, 0.75 * options.width))
    axis.plot([0, 1], [0, 1], color="0.6", linewidth=0.8, zorder=0)
    for k, score in enumerate(("credibility", "softmax")):
        calibration = place["test"][f"{score}_calibration"]
        if calibration.value is None:
            continue
        bins = [(b["mean"].number(), b["accuracy"].number()) for b in calibration["bins"].elements()]
        axis.plot(*zip(*[b for b in bins if b[0] == b[0]]), color=sp.PALETTE[k], marker=sp.MARKERS[k],
                  label=f"{score}, ECE {100 * calibration['expected_calibration_error'].number():.1f} %")
    axis.set_xlim(0, 1)
    axis.set_ylim(0, 1.02)
    axis.set_xlabel("mean score of the bin")
    axis.set_ylabel("accuracy of the bin")
    axis.legend(loc="lower right", frameon=False)
    return figure


def draw_support(place, options):
    layers = [layer.text() for layer in place["options"]["layers"].elements()]
    k = place["options"]["k"].number()
    figure, axis = plt.subplots(constrained_layout=True, figsize=(options.width, 0.6 * options.width))
    sets = sets_of(place)
    for j, ((name, samples), color) in enumerate(zip(sets, sp.colors_of(len(sets)))):
        means = [np.mean(samples["support"][layer].numbers()) / k for layer in layers]
        axis.plot(range(len(layers)), means, color=color, marker=sp.MARKERS[j % len(sp.MARKERS)], label=name)
    axis.set_xticks(range(len(layers)), layers)
    axis.set_ylim(0, 1.02)
    axis.set_ylabel("neighbours of the predicted class")
    axis.legend(frameon=False, ncol=2)
    return figure


VIEWS = {"histograms": draw_histograms, "roc": draw_roc, "reliability": draw_reliability, "support": draw_support}


def draw(options):
    if len(options.analyses) != 1:
        raise sp.InputError("one file of snnl-outliers is drawn at a time")
    figure = VIEWS[options.view](read(options.analyses[0]), options)
    if options.title:
        figure.suptitle(options.title)
    return sp.encode(figure, options.output.suffix.lower(), options.dpi)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="example: plot_outliers.py outliers.json --view roc -o roc.png")
    sp.add_common_options(parser, FORMATS, "JSON of snnl-outliers, one file")
    parser.add_argument("--view", choices=VIEWS, default="histograms", help="(default: %(default)s)")
    return sp.run_script(parser, FORMATS, draw)


if __name__ == "__main__":
    sys.exit(main())
