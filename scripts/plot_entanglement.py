#!/usr/bin/env python3
"""Draw the entanglement of layers from analyses of snnl-analyze.

views:
  epochs  entanglement over the epochs, a line for each layer, with a band of one standard error and the chance level
          dotted; beside it the optimal temperature, where a hollow marker is only a bound
  layers  the same over the layers, a line for each epoch: first, middle and last, or those of --epochs
  curve   entanglement over the temperature, a line for each layer, its optimum marked; a panel for each epoch of
          --epochs, else the last one (JSON of snnl-analyze --temperature-curve)
"""

import argparse
import math
import sys

import snnl_plot as sp
from snnl_plot import plt
from matplotlib.ticker import FixedLocator, NullLocator

FORMATS = (".png", ".svg", ".pdf")


def loss_of(item, normalized):
    """Entanglement and its standard error, over the chance level if normalized; NaN leaves a gap in the line."""
    if item is None or not item.ok:
        return math.nan, math.nan
    if normalized:
        return item.normalized, item.entanglement_stderr / item.chance if item.chance > 0 else math.nan
    return item.entanglement, item.entanglement_stderr


def has_scale(runs):
    """Whether temperatures can be drawn over the mean distance, which CSV files do not hold."""
    return all(item.mean_distance > 0 for run in runs for item in run.items.values() if item.ok)


def temperature_of(item, scaled):
    """NaN where it is not positive: the axis is logarithmic."""
    if item is None or not item.ok or not item.temperature > 0:
        return math.nan
    return item.temperature / item.mean_distance if scaled else item.temperature


def common_chance(runs, normalized):
    """The chance level if all items have the same, else None."""
    levels = [item.chance for run in runs for item in run.items.values() if item.ok and math.isfinite(item.chance)]
    if not levels or max(levels) - min(levels) > 1e-9 * max(levels) or max(levels) <= 0:
        return None
    return 1.0 if normalized else levels[0]


def draw_line(axes, x, items, look, options, scaled):
    losses, errors = zip(*(loss_of(item, options.normalized) for item in items))
    axes[0].fill_between(x, [l - e for l, e in zip(losses, errors)], [l + e for l, e in zip(losses, errors)],
                         color=look["color"], alpha=0.15, linewidth=0)
    axes[0].plot(x, losses, clip_on=False, **look)
    if len(axes) < 2:
        return
    temperatures = [temperature_of(item, scaled) for item in items]
    axes[1].plot(x, temperatures, color=look["color"], linestyle=look["linestyle"])
    for position, temperature, item in zip(x, temperatures, items):
        axes[1].plot(position, temperature, color=look["color"], marker=look["marker"], linestyle="none",
                     markerfacecolor="white" if item is not None and item.is_bound else look["color"])


def label_temperatures(axis, scaled):
    """A logarithmic axis over a factor of 5 at least, with ticks as dense as its length allows."""
    axis.set_ylabel("optimal T / mean distance" if scaled else "optimal T")
    axis.set_yscale("log")
    values = [y for line in axis.lines for y in line.get_ydata() if math.isfinite(y)]
    if not values:
        return
    low, high = math.log10(min(values)), math.log10(max(values))
    margin = max(0.08 * (high - low), 0.5 * (math.log10(5) - (high - low)), 0.05)
    set_log_ticks(axis.yaxis, low - margin, high + margin)
    axis.set_ylim(10**(low - margin), 10**(high + margin))


def set_log_ticks(axis, low, high):
    decades = range(math.floor(low), math.ceil(high) + 1)
    if high - low < 2.5:
        digits = ("1", "1.5", "2", "3", "5", "7") if high - low < 1.2 else ("1", "2", "5")
        ticks = [float(f"{digit}e{k}") for k in decades for digit in digits]
    else:
        ticks = [10.0**k for k in decades[::math.ceil(len(decades) / 7)]]
    axis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())


def draw_chance(axis, chance, above=False):
    """A dotted line; where it is so far above the curves that it would flatten them, a note."""
    top = axis.get_ylim()[1]
    look = {"ha": "right", "va": "bottom" if above else "top", "color": "0.35", "fontsize": sp.font(7),
            "xytext": (0, 1 if above else -2), "textcoords": "offset points"}
    if top < chance / 3:
        axis.annotate(f"chance {chance:.3g} \N{UPWARDS ARROW}", (1, 1), xycoords="axes fraction",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1}, **look)
        axis.set_ylim(0, 1.15 * top)
        return
    axis.axhline(chance, color="0.35", linestyle=":", linewidth=1)
    axis.annotate("chance", (1, chance), xycoords=("axes fraction", "data"), **look)
    axis.set_ylim(0, max(top, 1.04 * chance))


def label_losses(axis, options):
    axis.set_ylim(bottom=0)
    axis.set_ylabel("entanglement / chance" if options.normalized else "entanglement (nats)")


def make_panels(options):
    """Entanglement, and the temperature beside it or below."""
    count = 1 if options.no_temperature else 2
    beside = options.width >= 5 and count == 2
    # One panel alone is not stretched over a whole page, a slide apart.
    height = options.width * (0.4 if beside else 0.7 * count if options.width < 5 else 0.5)
    figure, axes = plt.subplots(1 if beside else count, count if beside else 1, squeeze=False,
                                figsize=(options.width, height), constrained_layout=True)
    return figure, list(axes.flat)


def finish(figure, axes, runs, options, scaled, entries):
    label_losses(axes[0], options)
    chance = common_chance(runs, options.normalized)
    if chance is not None:
        draw_chance(axes[0], chance)
    if len(axes) > 1:
        label_temperatures(axes[1], scaled)
    for axis in axes:
        axis.grid(axis="y", color="0.9", linewidth=0.5)
        axis.set_axisbelow(True)
    entries = entries + sp.run_entries(runs)
    if entries:
        sp.draw_legend(figure, entries)
    return figure


def look_of(color, k, run):
    return {"color": color, "marker": sp.MARKERS[k % len(sp.MARKERS)], "linestyle": sp.LINES[run % len(sp.LINES)]}


def draw_epochs(runs, layers, epochs, options):
    figure, axes = make_panels(options)
    scaled = has_scale(runs)
    colors = sp.colors_of(len(layers))
    for r, run in enumerate(runs):
        for k, layer in enumerate(layers):
            own = [epoch for epoch in epochs if epoch in run.epochs]
            items = [run.items.get((epoch, layer)) for epoch in own]
            if any(items):
                draw_line(axes, own, items, look_of(colors[k], k, r), options, scaled)
    for axis in axes:
        sp.label_epochs(axis, epochs)
    entries = [(sp.line_handle(**look_of(colors[k], k, 0)), layer) for k, layer in enumerate(layers)]
    return finish(figure, axes, runs, options, scaled, entries)


def label_layers(axes, layers, note):
    """Names that do not meet: turned where they are long, every so-many-th where they are many, which is said."""
    names = [sp.shortened(layer, 24) for layer in layers]
    side_by_side = len(axes) > 1 and axes[0].get_position().y0 == axes[1].get_position().y0
    inches = axes[0].figure.get_figwidth() / (2 if side_by_side else 1) - 0.7
    turned = sum(len(name) + 2 for name in names) * sp.font(4.5) > 72 * inches
    step = math.ceil(len(layers) * sp.font(8) / (72 * inches)) if turned else 1
    for axis in axes:
        axis.set_xticks(range(0, len(layers), step), names[::step])
        axis.tick_params(axis="x", rotation=90 if turned else 0)
        axis.set_xlim(-0.3, len(layers) - 0.7)
        axis.set_xlabel("layer" + note + (f" (one in {step} is named)" if step > 1 else ""))


def draw_layers(runs, layers, epochs, options):
    figure, axes = make_panels(options)
    scaled = has_scale(runs)
    colors = [sp.PALETTE[0]] if len(epochs) == 1 else sp.sequence_of(len(epochs))
    for r, run in enumerate(runs):
        for k, epoch in enumerate(epochs):
            items = [run.items.get((epoch, layer)) for layer in layers]
            if any(items):
                draw_line(axes, range(len(layers)), items, look_of(colors[k], k, r), options, scaled)
    label_layers(axes, layers, "" if len(epochs) > 1 or epochs[0] is None else f" (epoch {epochs[0]})")
    entries = [] if len(epochs) == 1 else [(sp.line_handle(**look_of(colors[k], k, 0)), f"epoch {epoch}")
                                           for k, epoch in enumerate(epochs)]
    return finish(figure, axes, runs, options, scaled, entries)


def draw_curves(runs, layers, epochs, options):
    for run in runs:
        if not any(item.curve is not None for item in run.items.values()):
            raise sp.InputError(f"{run.path}: holds no temperature curves; write JSON with snnl-analyze "
                                "--temperature-curve 40 --json")
    columns = min(len(epochs), 1 if options.width < 5 else 3)
    rows = math.ceil(len(epochs) / columns)
    figure, axes = plt.subplots(rows, columns, squeeze=False, sharex=True, sharey=True, constrained_layout=True,
                                figsize=(options.width, rows * sp.font(max(2.0, 2.3 * options.width / columns / 5))))
    colors = sp.colors_of(len(layers))
    used = list(axes.flat)[:len(epochs)]
    for axis, epoch in zip(used, epochs):
        for r, run in enumerate(runs):
            for k, layer in enumerate(layers):
                item = run.items.get((epoch, layer))
                if item is not None and item.ok and item.curve is not None:
                    draw_curve(axis, item, look_of(colors[k], k, r), options.normalized)
        finish_curves(axis, runs, options)
        axis.set_title("" if epoch is None else f"epoch {epoch}")
    for k, axis in enumerate(used):
        axis.set_xlabel("T / mean distance" if k + columns >= len(epochs) else "")
        axis.set_ylabel(axis.get_ylabel() if k % columns == 0 else "")
    for axis in list(axes.flat)[len(epochs):]:
        axis.set_axis_off()
    entries = [(sp.line_handle(**look_of(colors[k], k, 0)), layer) for k, layer in enumerate(layers)]
    sp.draw_legend(figure, entries + sp.run_entries(runs))
    return figure


def finish_curves(axis, runs, options):
    axis.set_xscale("log")
    set_log_ticks(axis.xaxis, *(math.log10(limit) for limit in axis.get_xlim()))
    label_losses(axis, options)
    # As T -> 0 a curve may rise far above what is of interest: it leaves the panel.
    levels = [1.0 if options.normalized else item.chance for run in runs for item in run.items.values()
              if item.ok and item.chance > 0]
    if levels:
        axis.set_ylim(top=1.3 * max(levels))
    chance = common_chance(runs, options.normalized)
    if chance is not None:
        axis_top = axis.get_ylim()[1]
        draw_chance(axis, chance, above=True)
        axis.set_ylim(0, axis_top)
    axis.grid(color="0.9", linewidth=0.5)
    axis.set_axisbelow(True)


def draw_curve(axis, item, look, normalized):
    temperatures, losses = item.curve
    factor = 1 / item.chance if normalized else 1.0
    axis.plot(temperatures / item.mean_distance, losses * factor, color=look["color"], linestyle=look["linestyle"])
    axis.plot(item.temperature / item.mean_distance, item.entanglement * factor, color=look["color"],
              marker=look["marker"], linestyle="none", markerfacecolor="white" if item.is_bound else look["color"])


def draw(options):
    runs = sp.read_runs(options)
    if not any(math.isfinite(item.entanglement) for run in runs for item in run.items.values()):
        raise sp.InputError(f"{runs[0].path}: holds no entanglement; draw class similarities with "
                            "plot_class_similarity.py")
    layers = sp.choose_layers(runs, options.layers)
    epochs = sp.choose_epochs(runs, options.epochs)
    view = options.view or ("epochs" if len(epochs) > 1 else "layers")
    if view == "epochs" and epochs == [None]:
        raise sp.InputError(f"{runs[0].path}: has no epochs; draw it with --view layers")
    if options.epochs is None:
        epochs = {"epochs": epochs, "layers": sp.spread(epochs, 3), "curve": epochs[-1:]}[view]
    draw_view = {"epochs": draw_epochs, "layers": draw_layers, "curve": draw_curves}[view]
    figure = draw_view(runs, layers, epochs, options)
    if options.title:
        figure.suptitle(options.title)
    sp.draw_caption(figure, runs)
    return sp.encode(figure, options.output.suffix.lower(), options.dpi)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: how two trainings differ in their last layers, for a column of a paper\n"
               "  plot_entanglement.py plain.json entangled.json --layers 'fc*' --width column -o runs.pdf")
    sp.add_common_options(parser, FORMATS)
    parser.add_argument("--view", choices=["epochs", "layers", "curve"],
                        help="what lies along the horizontal axis (default: epochs; layers where there is one epoch)")
    parser.add_argument("--layers", action="append", metavar="GLOB", help="layers to draw ('conv*'); repeatable "
                        "(default: all)")
    parser.add_argument("--epochs", metavar="LIST", help="epochs to draw: '7', '1,2,5', '0:50:5' (50 is left out)")
    parser.add_argument("--normalized", action="store_true", help="divide entanglement by the chance level")
    parser.add_argument("--no-temperature", action="store_true", help="leave out the panel of the temperature")
    return sp.run_script(parser, FORMATS, draw)


if __name__ == "__main__":
    sys.exit(main())
