#!/usr/bin/env python3
"""Holds what snnl-analyze says it needs of memory (--memory) against what it takes.

    memory_test.py PROJECT BIN [--table]

For a grid of samples, features, classes, threads and --rows: what it says it needs is enough for it, bounds what it takes,
and beside a fixed base is not more than FACTOR of that. --table prints the grid.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

MIB = 1 << 20
BASE = 64 * MIB  # the program, its libraries, and what threads have of their own
FACTOR = 2.2

# samples, features, classes, further options, kind of data
GRID = [
    (20, 200000, 2, [], "apart"),
    (24, 1000000, 3, [], "apart"),
    (60, 300000, 5, [], "noise"),
    (200, 60000, 10, [], "noise"),
    (200, 60000, 10, ["--threads", "8"], "noise"),
    (1000, 10000, 10, [], "noise"),
    (1000, 10000, 10, ["--precision", "double"], "noise"),
    (1000, 10000, 500, ["--distance", "cosine"], "apart"),
    (2000, 4000, 10, ["--rows", "200"], "noise"),
    (5000, 1000, 100, ["--threads", "4"], "noise"),
    (5000, 1000, 100, [], "ties"),
    (20000, 100, 10, [], "noise"),
    (20000, 100, 10, ["--rows", "500"], "noise"),
    (6000, 20, 3000, [], "noise"),
    (40000, 4, 2, ["--rows", "100"], "noise"),
    (1000, 10000, 10, ["--standardize"], "noise"),
    (20, 200000, 2, ["--standardize"], "apart"),
    (5000, 1000, 10, ["--whiten", "pca"], "noise"),
    (50000, 100, 10, ["--whiten", "pca"], "noise"),
]


def write_dump(path, samples, features, classes, kind):
    generator = np.random.default_rng(samples + features)
    labels = np.arange(samples) % classes
    with h5py.File(path, "w") as file:
        file.attrs["snnl_dump_version"] = 1
        file["labels"] = labels
        values = file.create_dataset("epochs/0000/layer", (samples, features), "f4")
        for begin in range(0, samples, 256):
            part = labels[begin:begin + 256]
            if kind == "ties":
                block = generator.integers(0, 2, (len(part), features))
                block[:, 8:] = 0
            else:
                block = generator.normal(size=(len(part), features)) + part[:, None] * (3 if kind == "apart" else .01)
            values[begin:begin + 256] = block


def run(*arguments):
    """Status, stderr, and the largest resident set in bytes."""
    process = subprocess.Popen([BIN / "snnl-analyze", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               text=True)
    with process.stderr:
        said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said, usage.ru_maxrss * 1024


class Plan(unittest.TestCase):
    def test_the_plan_is_a_bound_and_near(self):
        for samples, features, classes, options, kind in GRID:
            options = options if "--threads" in options else [*options, "--threads", "2"]
            with self.subTest(samples=samples, features=features, classes=classes, options=options, kind=kind), \
                    tempfile.TemporaryDirectory() as folder:
                dump = pathlib.Path(folder) / "run.h5"
                # By another process: what this one has in memory would be counted for the tool until that is loaded.
                subprocess.run([sys.executable, __file__, "--make", dump, str(samples), str(features), str(classes), kind],
                               check=True)
                status, said, _ = run(dump, "-q", "--memory", "1KiB", *options)
                self.assertEqual(status, 1, said)
                needs = int(re.search(r"needs (\d+) MiB of memory", said)[1])
                status, said, taken = run(dump, "-q", "--memory", f"{needs}MiB", *options)
                if ARGUMENTS.table:
                    print(f"{samples:7} {features:8} {classes:5} {' '.join(options):36} {kind:6} says {needs:6} MiB, takes "
                          f"{taken / MIB:6.0f}, {max(0, needs * MIB - BASE) / taken:5.2f}", flush=True)
                self.assertEqual(status, 0, said)
                self.assertLessEqual(taken, needs * MIB)
                self.assertLessEqual(needs * MIB, BASE + FACTOR * taken)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        write_dump(sys.argv[2], *map(int, sys.argv[3:6]), sys.argv[6])
        sys.exit()
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=pathlib.Path)
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("--table", action="store_true")
    ARGUMENTS = parser.parse_args()
    BIN = ARGUMENTS.bin.resolve()
    unittest.main(argv=sys.argv[:1])
