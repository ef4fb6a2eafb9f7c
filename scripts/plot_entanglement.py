#!/usr/bin/env python3
"""Draw entanglement and optimal temperature per layer over training epochs from an analysis in JSON.

Left: the soft nearest neighbour loss at the optimal temperature, with a band of one standard error and the chance level
dotted. Right: that temperature over the mean pairwise distance; a hollow marker means that it is only a bound. With one
epoch the layers stand along the horizontal axis.
"""

import argparse
import json
import math
import os
import sys
from pathlib import Path

try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator
except ImportError as missing:
    print(f"plot_entanglement.py: error: {missing}; "
          "run it with the Python of: scripts/find-python matplotlib", file=sys.stderr)
    sys.exit(2)

SCHEMAS = ("snnl.analysis/1", "snnl.reference/1")
FORMATS = (".png", ".svg", ".pdf")
# Okabe and Ito's palette without its yellow, which is too pale for lines on white.
PALETTE = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#000000"]
MARKERS = "osD^vP*Xh<>dp"
STYLE = {
    "font.size": 8, "axes.labelsize": 8, "axes.titlesize": 8, "xtick.labelsize": 7, "ytick.labelsize": 7,
    "legend.fontsize": 7.5, "lines.linewidth": 1.2, "lines.markersize": 4, "axes.linewidth": 0.6,
    "axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "snnl", "pdf.fonttype": 42,
}


class InputError(Exception):
    pass


def read_analysis(path):
    """The analysis as a dict, its items checked as far as drawing needs them."""
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"{path}: not JSON: {error}") from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema not in SCHEMAS:
        raise InputError(f"{path}: schema is {json.dumps(schema)}, expected \"{SCHEMAS[0]}\"")
    items = document.get("items")
    if not isinstance(items, list) or not items:
        raise InputError(f"{path}: no items to draw")
    seen = set()
    for k, item in enumerate(items):
        if not isinstance(item, dict) or not isinstance(item.get("layer"), str):
            raise InputError(f"{path}: item {k} has no layer")
        if not is_number(item.get("epoch", 0)) and item["epoch"] is not None:
            raise InputError(f"{path}: item {k} (layer {item['layer']}): epoch is not a number")
        key = (item.get("epoch"), item["layer"])
        if key in seen:
            raise InputError(f"{path}: layer {key[1]} at epoch {key[0]} occurs twice")
        seen.add(key)
    epochs = {item.get("epoch") for item in items}
    if None in epochs and len(epochs) > 1:
        raise InputError(f"{path}: some items have an epoch and some have none")
    if not any(is_number(item.get("entanglement")) for item in items):
        raise InputError(f"{path}: every item is an error, nothing to draw")
    return document


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def value_of(item, field):
    """A number, or NaN, which leaves a gap in the line."""
    value = item.get(field) if item else None
    return float(value) if is_number(value) else math.nan


def loss_of(item, normalized):
    """Entanglement and its standard error, over the chance level if normalized."""
    loss, stderr = value_of(item, "entanglement"), value_of(item, "entanglement_stderr")
    if normalized:
        chance = value_of(item, "chance")
        return value_of(item, "normalized"), stderr / chance if chance > 0 else math.nan
    return loss, stderr


def factor_of(item):
    """T / mean distance, NaN where it is not positive (the axis is logarithmic)."""
    temperature, scale = value_of(item, "temperature"), value_of(item, "mean_distance")
    return temperature / scale if temperature > 0 and scale > 0 else math.nan


def is_bound(item):
    return bool(item) and item.get("temperature_status") in ("lower_bound", "upper_bound")


def layer_colors(count):
    if count <= len(PALETTE):
        return PALETTE[:count]
    return [matplotlib.colormaps["viridis"](0.92 * k / (count - 1)) for k in range(count)]


def common_chance(items, normalized):
    """The chance level if all items have the same, else None."""
    levels = [item["chance"] for item in items if is_number(item.get("chance"))]
    if not levels or max(levels) - min(levels) > 1e-9 * max(levels):
        return None
    return 1.0 if normalized else levels[0]


def draw_series(axes, x, items, color, marker, label, normalized):
    losses, errors = zip(*(loss_of(item, normalized) for item in items))
    factors = [factor_of(item) for item in items]
    axes[0].fill_between(x, [l - e for l, e in zip(losses, errors)], [l + e for l, e in zip(losses, errors)],
                         color=color, alpha=0.18, linewidth=0)
    axes[0].plot(x, losses, color=color, marker=marker, label=label, clip_on=False)
    axes[1].plot(x, factors, color=color)
    for position, factor, item in zip(x, factors, items):
        axes[1].plot(position, factor, color=color, marker=marker, linestyle="none",
                     markerfacecolor="white" if is_bound(item) else color)


def label_epochs(axis, epochs):
    """Ticks at the recorded epochs where they do not crowd."""
    span = epochs[-1] - epochs[0]
    gap = min(b - a for a, b in zip(epochs, epochs[1:]))
    axis.xaxis.set_major_locator(FixedLocator(epochs) if gap > 0.06 * span else MaxNLocator(integer=True))
    axis.set_xlabel("epoch")


def label_factors(axis):
    """A logarithmic axis over a factor of 5 at least, with ticks as dense as its length allows."""
    axis.set_yscale("log")
    values = [y for line in axis.lines for y in line.get_ydata() if math.isfinite(y)]
    if not values:
        return
    low, high = math.log10(min(values)), math.log10(max(values))
    margin = max(0.08 * (high - low), 0.5 * (math.log10(5) - (high - low)), 0.05)
    low, high = low - margin, high + margin
    axis.set_ylim(10**low, 10**high)
    decades = range(math.floor(low), math.ceil(high) + 1)
    if high - low < 2.5:
        digits = ("1", "1.5", "2", "3", "5", "7") if high - low < 1.2 else ("1", "2", "5")
        ticks = [float(f"{digit}e{k}") for k in decades for digit in digits]
        axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    else:
        ticks = [10.0**k for k in decades[::math.ceil(len(decades) / 8)]]
    axis.yaxis.set_major_locator(FixedLocator(ticks))
    axis.yaxis.set_minor_locator(NullLocator())


def draw_chance(axis, chance):
    """A dotted line; where it is so far above the curves that it would flatten them, a note."""
    top = axis.get_ylim()[1]
    if top < chance / 3:
        axis.annotate(f"chance {chance:.3g} \N{UPWARDS ARROW}", (1, 1), xycoords="axes fraction", xytext=(0, -2),
                      textcoords="offset points", ha="right", va="top", color="0.35", fontsize=7,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
        axis.set_ylim(0, 1.15 * top)
        return
    axis.axhline(chance, color="0.35", linestyle=":", linewidth=1)
    axis.annotate("chance", (1, chance), xycoords=("axes fraction", "data"), xytext=(0, -2),
                  textcoords="offset points", ha="right", va="top", color="0.35", fontsize=7)
    axis.set_ylim(0, max(top, 1.04 * chance))


def draw_legend(figure, axis, layers):
    """One legend for both panels in a strip below them, its rows of about equal length."""
    column = 0.45 + 0.058 * max(len(layer) for layer in layers)  # inches
    rows = math.ceil(len(layers) / max(1, int(figure.get_figwidth() / column)))
    strip = (0.08 + 0.16 * rows) / figure.get_figheight()
    figure.get_layout_engine().set(rect=(0, strip, 1, 1 - strip))
    figure.legend(*axis.get_legend_handles_labels(), loc="lower center", ncol=math.ceil(len(layers) / rows),
                  frameon=False, handlelength=1.8, columnspacing=1.2, borderaxespad=0.1)


def draw(document, normalized, width, title):
    items = document["items"]
    layers = list(dict.fromkeys(item["layer"] for item in items))
    epochs = sorted({item.get("epoch") for item in items}, key=lambda epoch: -1 if epoch is None else epoch)
    at = {(item.get("epoch"), item["layer"]): item for item in items}
    side_by_side = width >= 5
    shape = {"nrows": 1, "ncols": 2, "figsize": (width, 2.9)} if side_by_side else \
        {"nrows": 2, "ncols": 1, "figsize": (width, 4.9)}
    figure, axes = plt.subplots(**shape, constrained_layout=True)

    if len(epochs) == 1:
        draw_series(axes, range(len(layers)), [at[epochs[0], layer] for layer in layers], PALETTE[0], "o", None,
                    normalized)
        for axis in axes:
            axis.set_xticks(range(len(layers)), layers)
            axis.set_xlim(-0.4, len(layers) - 0.6)
            crowded = sum(len(layer) for layer in layers) > 7 * axis.figure.get_figwidth()
            axis.tick_params(axis="x", rotation=90 if crowded else 0)
            axis.set_xlabel("layer" if epochs[0] is None else f"layer (epoch {epochs[0]:g})")
    else:
        for k, (layer, color) in enumerate(zip(layers, layer_colors(len(layers)))):
            draw_series(axes, epochs, [at.get((epoch, layer)) for epoch in epochs], color, MARKERS[k % len(MARKERS)],
                        layer, normalized)
        for axis in axes:
            label_epochs(axis, epochs)

    chance = common_chance(items, normalized)
    axes[0].set_ylim(bottom=0)
    if chance is not None and chance > 0:
        draw_chance(axes[0], chance)
    axes[0].set_ylabel("entanglement / chance" if normalized else "entanglement (nats)")
    axes[1].set_ylabel("optimal $T$ / mean distance")
    label_factors(axes[1])
    for axis in axes:
        axis.grid(axis="y", color="0.9", linewidth=0.5)
        axis.set_axisbelow(True)
    if len(epochs) > 1:
        draw_legend(figure, axes[0], layers)
    if title:
        figure.suptitle(title, fontsize=9)
    return figure


def save(figure, path):
    """Whole or absent; without dates, so that the same input gives the same bytes."""
    suffix = path.suffix.lower()
    metadata = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}[suffix]
    temporary = path.with_name(path.name + ".tmp")
    try:
        figure.savefig(temporary, format=suffix[1:], dpi=300, metadata=metadata)
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"{path}: cannot write: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], epilog="example: plot_entanglement.py analysis.json -o curves.png")
    parser.add_argument("analysis", metavar="ANALYSIS.json", help="written by snnl-analyze or snnl_reference.py")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=", ".join(FORMATS))
    parser.add_argument("--normalized", action="store_true", help="divide entanglement by the chance level")
    parser.add_argument("--width", type=float, default=6.75, metavar="INCHES",
                        help="width of the figure; below 5 the panels stand one above the other (default: 6.75)")
    parser.add_argument("--title", help="above the panels (default: none)")
    options = parser.parse_args()
    if options.output.suffix.lower() not in FORMATS:
        parser.error(f"-o {options.output}: the name must end in one of {', '.join(FORMATS)}")
    if not 2 <= options.width <= 40:
        parser.error("--width must be between 2 and 40 inches")
    try:
        document = read_analysis(options.analysis)
        with plt.rc_context(STYLE):
            save(draw(document, options.normalized, options.width, options.title), options.output)
    except InputError as error:
        print(f"plot_entanglement.py: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
