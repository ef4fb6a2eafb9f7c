#!/usr/bin/env python3
"""Draw points in the plane by class: CSV files with the columns x, y and class, one panel each.

docs/gradient.md has a program that writes them.
"""

import argparse
import csv
import sys
from pathlib import Path

import snnl_plot as sp
from snnl_plot import plt

FORMATS = (".png", ".svg", ".pdf")


def read_points(path):
    rows = list(csv.reader(sp.read_text(path).splitlines()))
    if rows[0] != ["x", "y", "class"]:
        raise sp.InputError(f"{path}:1: is not the header x,y,class")
    points = {}
    for line, row in enumerate(rows[1:], start=2):
        try:
            x, y, name = row
            points.setdefault(name, []).append((float(x), float(y)))
        except ValueError:
            raise sp.InputError(f"{path}:{line}: is not two numbers and a class") from None
    if not points:
        raise sp.InputError(f"{path}: holds no points")
    return dict(sorted(points.items()))


def draw(options):
    sets = [read_points(path) for path in options.analyses]
    labels = [*(options.label or []), *[Path(path).stem for path in options.analyses][len(options.label or []):]]
    height = options.width / len(sets) + (0.5 if options.title else 0.25)
    figure, axes = plt.subplots(1, len(sets), squeeze=False, constrained_layout=True, figsize=(options.width, height))
    names = sorted({name for points in sets for name in points})
    colors = dict(zip(names, sp.colors_of(len(names))))
    for axis, points, label in zip(axes.flat, sets, labels):
        for name, places in points.items():
            axis.scatter(*zip(*places), s=14 * sp.font(1), color=colors[name], linewidth=0,
                         marker=sp.MARKERS[names.index(name) % len(sp.MARKERS)])
        axis.set_title(label)
        axis.set_aspect("equal", "datalim")
        axis.set_axis_off()
    if options.title:
        figure.suptitle(options.title)
    return sp.encode(figure, options.output.suffix.lower(), options.dpi)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="example: plot_points.py start.csv minimize.csv maximize.csv -o points.png")
    sp.add_common_options(parser, FORMATS, "CSV with the columns x, y and class, a panel each")
    return sp.run_script(parser, FORMATS, draw)


if __name__ == "__main__":
    sys.exit(main())
