#!/usr/bin/env python3
"""Draw which classes are each other's neighbours, from analyses of snnl-analyze.

The similarity of class a to class b is the share that b has among the neighbours of a's samples.

views:
  matrix     one epoch and layer; several runs side by side
  multiples  a matrix for each layer and epoch, small
  pairs      the strongest pairs of different classes as lines over the epochs, each the mean of both directions
  animation  the matrix of a layer, epoch after epoch (GIF)
"""

import argparse
import io
import math
import sys

import snnl_plot as sp
from snnl_plot import np, plt
from matplotlib.colors import PowerNorm

FORMATS = (".png", ".svg", ".pdf", ".gif")
COLORS = "cividis"
TICKS = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1]


def scale():
    """Square roots, so that a share of a few percent can be seen beside those of the diagonal."""
    return PowerNorm(0.5, 0, 1)


def matrix_of(run, epoch, layer):
    item = run.items.get((epoch, layer))
    return item.similarity if item is not None and item.ok else None


def name_classes(axis, classes, inches, rows, columns):
    """Class names where there is room for them, else every so-many-th; says so on the axis."""
    count = len(classes)
    pitch = 72 * inches / count  # points from one class to the next
    step = math.ceil(sp.font(6.5) / pitch) if pitch < sp.font(6.5) else 1
    places = list(range(0, count, step))
    names = [sp.shortened(classes[k], 16) for k in places]
    note = f" (one in {step} is named)" if step > 1 else ""
    axis.set_xticks(places if columns else [], names if columns else [], rotation=90, fontsize=sp.font(6.5))
    axis.set_yticks(places if rows else [], names if rows else [], fontsize=sp.font(6.5))
    axis.tick_params(length=0)
    if columns:
        axis.set_xlabel("to class" + note)
    if rows:
        axis.set_ylabel("of class" + note)


def draw_matrix(axis, matrix, classes, inches, rows=True, columns=True):
    """`inches`: its expected size on paper."""
    masked = np.ma.masked_invalid(np.clip(matrix, 0, 1))
    image = axis.imshow(masked, cmap=COLORS, norm=scale(), interpolation="nearest", aspect="equal")
    axis.set_facecolor("0.85")
    name_classes(axis, classes, inches, rows, columns)
    for spine in axis.spines.values():
        spine.set_visible(False)
    if 72 * inches / len(classes) >= sp.font(10):
        for a, b in np.ndindex(matrix.shape):
            # Percent; what rounds to nothing stays empty.
            if matrix[a, b] >= 0.005:
                axis.text(b, a, f"{100 * matrix[a, b]:.0f}", ha="center", va="center", fontsize=sp.font(6),
                          color="white" if scale()(matrix[a, b]) < 0.55 else "black")
    return image


def add_color_bar(figure, image, axes):
    bar = figure.colorbar(image, ax=axes, ticks=TICKS, fraction=0.05, aspect=25, pad=0.02)
    bar.ax.set_yticklabels([f"{tick:g}" for tick in TICKS], fontsize=sp.font(6.5))
    bar.set_label("class similarity")
    bar.outline.set_visible(False)


def label_room(classes, most=16):
    """Inches that the longest class name takes."""
    return sp.font(1) * (0.35 + 0.052 * min(most, max(len(name) for name in classes)))


def heading(epoch, layer):
    return layer if epoch is None else f"{layer}, epoch {epoch}"


def choose_epoch(runs, epoch):
    epochs = sp.all_epochs(runs)
    if epoch is not None and epoch not in epochs:
        raise sp.InputError(f"--epoch {epoch} is not there; there are {sp.listing(epochs)}")
    return epochs[-1] if epoch is None else epoch


def view_matrix(runs, options):
    layer, epoch = sp.choose_layer(runs, options.layer), choose_epoch(runs, options.epoch)
    matrices = [matrix_of(run, epoch, layer) for run in runs]
    for run, matrix in zip(runs, matrices):
        if matrix is None:
            raise sp.InputError(f"{run.path}: has no class similarity for {heading(epoch, layer)}; choose another "
                                "--epoch or --layer")
    columns = min(len(runs), 1 if options.width < 5 else 3)
    rows = math.ceil(len(runs) / columns)
    room = label_room(runs[0].classes)
    side = min((options.width - 0.7 - room) / columns, 5.0 * sp.font(1))
    figure, axes = plt.subplots(rows, columns, squeeze=False, constrained_layout=True,
                                figsize=(options.width, rows * (side + 0.25) + room + 0.2))
    for k, (axis, run, matrix) in enumerate(zip(axes.flat, runs, matrices)):
        image = draw_matrix(axis, matrix, run.classes, side, rows=k % columns == 0, columns=k + columns >= len(runs))
        title = heading(epoch, layer)
        axis.set_title(f"{run.label}: {title}" if len(runs) > 1 else title)
    for axis in list(axes.flat)[len(runs):]:
        axis.set_axis_off()
    add_color_bar(figure, image, axes.ravel().tolist())
    return figure


def view_multiples(runs, options):
    if len(runs) > 1:
        raise sp.InputError("--view multiples draws one analysis; draw the others by themselves")
    run = runs[0]
    layers = sp.choose_layers(runs, options.layers)
    epochs = sp.choose_epochs(runs, options.epochs)
    if options.epochs is None:
        epochs = sp.spread(epochs, 4 if options.width < 5 else 6)
    if len(layers) * len(epochs) > 400:
        raise sp.InputError(f"{len(layers)} layers at {len(epochs)} epochs are too many small matrices; choose with "
                            "--layers and --epochs")
    margin = 1.1 * sp.font(1)  # of layer names and colour bar
    room = label_room(run.classes)
    side = (options.width - margin - room) / len(epochs)
    named = 72 * side / len(run.classes) >= sp.font(6.5)
    if not named:
        room, side = 0.1, (options.width - margin) / len(epochs)
    figure, axes = plt.subplots(len(layers), len(epochs), squeeze=False, constrained_layout=True,
                                figsize=(options.width, len(layers) * (side + 0.03) + room + 0.35))
    image = None
    for r, layer in enumerate(layers):
        for c, epoch in enumerate(epochs):
            axis, matrix = axes[r, c], matrix_of(run, epoch, layer)
            if matrix is None:
                axis.text(0.5, 0.5, "none", ha="center", va="center", color="0.4", transform=axis.transAxes)
                axis.set_xticks([]), axis.set_yticks([])
            else:
                image = draw_matrix(axis, matrix, run.classes, side, rows=named and c == 0,
                                    columns=named and r + 1 == len(layers))
                axis.set_xlabel("")
            if r == 0:
                axis.set_title("" if epoch is None else f"epoch {epoch}")
            axis.set_ylabel(sp.shortened(layer, 18) if c == 0 else "")
    if image is None:
        raise sp.InputError(f"{run.path}: has no class similarity for these layers and epochs")
    add_color_bar(figure, image, axes.ravel().tolist())
    return figure


def mutual(matrix):
    """Mean of both directions; what is missing in one is missing."""
    return (matrix + matrix.T) / 2


def strongest_pairs(runs, layer, epochs, count):
    """Pairs of places in the classes, by their largest mutual similarity over all epochs and runs."""
    size = len(runs[0].classes)
    largest = np.full((size, size), -1.0)
    for run in runs:
        for epoch in epochs:
            matrix = matrix_of(run, epoch, layer)
            if matrix is not None:
                largest = np.fmax(largest, mutual(matrix))
    above = [(-largest[a, b], a, b) for a, b in zip(*np.triu_indices(size, 1)) if largest[a, b] >= 0]
    return [(a, b) for _, a, b in sorted(above)[:count]]


def view_pairs(runs, options):
    layer = sp.choose_layer(runs, options.layer)
    epochs = sp.choose_epochs(runs, options.epochs)
    if len(epochs) < 2:
        raise sp.InputError(f"{runs[0].path}: --view pairs needs two epochs; draw one with --view matrix")
    pairs = strongest_pairs(runs, layer, epochs, options.pairs)
    if not pairs:
        raise sp.InputError(f"{runs[0].path}: has no class similarity of two classes in layer '{layer}'")
    figure, axis = plt.subplots(constrained_layout=True, figsize=(options.width, min(0.62 * options.width, 4.2)))
    colors = sp.colors_of(len(pairs))
    for r, run in enumerate(runs):
        matrices = [matrix_of(run, epoch, layer) for epoch in epochs]
        for k, (a, b) in enumerate(pairs):
            values = [math.nan if matrix is None else mutual(matrix)[a, b] for matrix in matrices]
            axis.plot(epochs, values, color=colors[k], marker=sp.MARKERS[k % len(sp.MARKERS)],
                      linestyle=sp.LINES[r % len(sp.LINES)], clip_on=False)
    axis.set_ylim(bottom=0)
    sp.label_epochs(axis, epochs)
    axis.set_ylabel("mutual class similarity")
    axis.set_title(layer)
    axis.grid(axis="y", color="0.9", linewidth=0.5)
    axis.set_axisbelow(True)
    names = [sp.shortened(name, 16) for name in runs[0].classes]
    entries = [(sp.line_handle(color=colors[k], marker=sp.MARKERS[k % len(sp.MARKERS)]), f"{names[a]} – {names[b]}")
               for k, (a, b) in enumerate(pairs)]
    sp.draw_legend(figure, entries + sp.run_entries(runs))
    return figure


def animation(runs, options):
    """The bytes of a GIF: two thirds of a second an epoch, the last one longer."""
    from PIL import Image
    layer = sp.choose_layer(runs, options.layer)
    frames = []
    for epoch in sp.choose_epochs(runs, options.epochs):
        if any(matrix_of(run, epoch, layer) is None for run in runs):
            continue
        options.epoch = epoch
        figure = view_matrix(runs, options)
        set_title(figure, options)
        sp.draw_caption(figure, runs)
        with Image.open(io.BytesIO(sp.encode(figure, ".png", options.dpi))) as picture:
            frames.append(picture.convert("RGB"))
        plt.close(figure)
    if not frames:
        raise sp.InputError(f"{runs[0].path}: has no epoch with a class similarity of layer '{layer}' in every run")
    # One palette for all frames, of the one with most in it, so that colours do not flicker.
    palette = max(frames, key=lambda frame: len(frame.getcolors(1 << 24))).quantize(128)
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0, optimize=False,
                   duration=[667] * (len(frames) - 1) + [2500])
    return out.getvalue()


def set_title(figure, options):
    if options.title:
        figure.suptitle(options.title)


def check(runs):
    for run in runs:
        if not run.classes or all(item.similarity is None for item in run.items.values()):
            raise sp.InputError(f"{run.path}: holds no class similarity; use snnl-analyze --json or --similarity-csv")
        if run.classes != runs[0].classes:
            raise sp.InputError(f"{run.path}: has other classes than {runs[0].path}; draw them by themselves")


def draw(options):
    suffix = options.output.suffix.lower()
    if (suffix == ".gif") != (options.view == "animation"):
        raise sp.InputError(f"-o {options.output}: --view animation makes a .gif" if options.view == "animation" else
                            f"-o {options.output}: a .gif is made by --view animation")
    runs = sp.read_runs(options)
    check(runs)
    if options.view == "animation":
        return animation(runs, options)
    view = {"matrix": view_matrix, "multiples": view_multiples, "pairs": view_pairs}[options.view]
    figure = view(runs, options)
    set_title(figure, options)
    sp.draw_caption(figure, runs)
    return sp.encode(figure, suffix, options.dpi)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: the six pairs of classes that are closest to each other in a layer\n"
               "  plot_class_similarity.py run.json --view pairs --layer fc1 --pairs 6 -o pairs.pdf")
    sp.add_common_options(parser, FORMATS)
    parser.add_argument("--view", choices=["matrix", "multiples", "pairs", "animation"], default="matrix",
                        help="(default: matrix)")
    parser.add_argument("--epoch", type=int, help="of a matrix (default: the last)")
    parser.add_argument("--layer", metavar="NAME", help="of a matrix, of pairs, of an animation (default: the last)")
    parser.add_argument("--layers", action="append", metavar="GLOB", help="of multiples ('conv*'); repeatable "
                        "(default: all)")
    parser.add_argument("--epochs", metavar="LIST", help="of multiples, pairs and animation: '7', '1,2,5', '0:50:5' "
                        "(50 is left out) (default: all, of multiples six)")
    parser.add_argument("--pairs", type=int, default=6, metavar="N", help="how many pairs (default: 6)")
    return sp.run_script(parser, FORMATS, draw)


if __name__ == "__main__":
    sys.exit(main())
