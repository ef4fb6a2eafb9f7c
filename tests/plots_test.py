#!/usr/bin/env python3
"""The plot scripts, run as users do: every view and format, hard data, and what they say of bad input.

usage: plots_test.py SOURCE_DIR BIN_DIR
"""

import copy
import csv
import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BINARIES = Path(sys.argv.pop(1)), Path(sys.argv.pop(1))
SCRATCH = tempfile.TemporaryDirectory()
FOLDER = Path(SCRATCH.name)
SIGNATURES = {".png": b"\x89PNG\r\n", ".svg": b"<?xml", ".pdf": b"%PDF", ".gif": b"GIF89a"}


def script(name, *arguments):
    return subprocess.run([sys.executable, SOURCE / "scripts" / f"{name}.py", *map(str, arguments)], cwd=FOLDER,
                          capture_output=True, text=True, timeout=120, check=False)


def entanglement(*arguments):
    return script("plot_entanglement", *arguments)


def similarity(*arguments):
    return script("plot_class_similarity", *arguments)


def write(name, document):
    (FOLDER / name).write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return name


def analysis(epochs, layers, classes):
    """A small analysis, all items alike."""
    count = len(classes)
    item = {"status": "ok", "message": None, "samples": 9, "features": 2, "scored": 9, "temperature": 0.1,
            "temperature_status": "converged", "mean_distance": 2.0, "entanglement": 0.5, "entanglement_stderr": 0.1,
            "chance": 2.0, "normalized": 0.25, "effective_neighbors": 3.0, "class_entanglement": [0.5] * count,
            "class_similarity": [[1 / count] * count] * count,
            "temperature_curve": {"temperature": [0.01, 0.1, 10], "entanglement": [3, 0.5, 2]}}
    document = {"schema": "snnl.analysis/1", "labels": {"path": "/labels", "classes": [{"name": c} for c in classes]},
            "items": [{"epoch": epoch, "layer": layer, **item} for epoch in epochs for layer in layers]}
    return json.loads(json.dumps(document))  # nothing shared between items


def setUpModule():
    for name, dump in (("run", "fashion_mnist_cnn.h5"), ("digits", "digits_mlp.h5")):
        subprocess.run([BINARIES / "snnl-analyze", SOURCE / "testdata" / dump, "--quiet", "--temperature-curve", "9",
                        "--json", FOLDER / f"{name}.json", "--csv", FOLDER / f"{name}.csv", "--similarity-csv",
                        FOLDER / f"{name}_similarity.csv"], check=True)


    dump = SOURCE / "testdata" / "fashion_mnist_cnn.h5"
    judge = [BINARIES / "snnl-outliers", "--quiet", "--train", f"{dump}@0:300", "--calibration", f"{dump}@300:450",
             "--test", f"{dump}@450:", "--layers", "fc1", "--layers", "conv*", "-k", "20", "--json"]
    subprocess.run([*judge, FOLDER / "alone.json"], check=True)
    subprocess.run([*judge, FOLDER / "outliers.json", "--ood", f"first={dump}@0:50", "--ood", f"<b>&$x$={dump}@450:500"],
                   check=True)


class PlotCase(unittest.TestCase):
    maxDiff = None

    def drawn(self, result, *files):
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for file in files:
            self.assertTrue((FOLDER / file).read_bytes().startswith(SIGNATURES[Path(file).suffix]), file)

    def refused(self, result, message):
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertEqual(result.stderr.split("error: ", 1)[1].rstrip("\n"), message)


class Views(PlotCase):
    def test_entanglement_in_each_view_format_and_width(self):
        for view, suffix, width in (("epochs", "png", "column"), ("layers", "svg", "slide"), ("curve", "pdf", "text")):
            self.drawn(entanglement("run.json", "--view", view, "--width", width, "-o", f"a.{suffix}"), f"a.{suffix}")
        self.drawn(entanglement("run.csv", "--normalized", "--no-temperature", "-o", "csv.png"), "csv.png")
        self.drawn(entanglement("run.csv", "--view", "layers", "--epochs", "0,12", "-o", "csv.png"), "csv.png")

    def test_similarity_in_each_view_and_format(self):
        for view, suffix in (("matrix", "png"), ("multiples", "svg"), ("pairs", "pdf"), ("animation", "gif")):
            for source in ("run.json", "run_similarity.csv"):
                self.drawn(similarity(source, "--view", view, "--dpi", 60, "-o", f"s.{suffix}"), f"s.{suffix}")

    def test_outliers_in_each_view_and_format(self):
        for view, suffix in (("histograms", "png"), ("roc", "svg"), ("reliability", "pdf"), ("support", "png")):
            self.drawn(script("plot_outliers", "outliers.json", "--view", view, "-o", f"o.{suffix}"), f"o.{suffix}")
        self.drawn(script("plot_outliers", "alone.json", "-o", "alone.png"), "alone.png")

    def test_json_and_csv_give_the_same_picture(self):
        document = json.loads((FOLDER / "run.json").read_text())
        for item in document["items"]:
            item["samples"] = None  # which the CSV does not hold, and the caption says
        write("no_n.json", document)
        for source in ("no_n.json", "run_similarity.csv"):
            self.drawn(similarity(source, "--layer", "fc1", "-o", f"{source}.svg"), f"{source}.svg")
        self.assertEqual((FOLDER / "no_n.json.svg").read_bytes(), (FOLDER / "run_similarity.csv.svg").read_bytes())

    def test_the_same_bytes_each_time(self):
        for suffix in ("png", "svg", "pdf"):
            first, second = f"first.{suffix}", f"second.{suffix}"
            for out in (first, second):
                self.drawn(entanglement("run.json", "-o", out), out)
            self.assertEqual((FOLDER / first).read_bytes(), (FOLDER / second).read_bytes(), suffix)

    def test_several_runs(self):
        other = json.loads((FOLDER / "run.json").read_text())
        other["items"] = [item for item in other["items"] if item["epoch"] < 7 and item["layer"] != "conv1"]
        write("other.json", other)
        names = ("--label", "plain", "--label", "entangled")
        self.drawn(entanglement("run.json", "other.json", *names, "-o", "runs.svg"), "runs.svg")
        text = (FOLDER / "runs.svg").read_text()
        self.assertIn("<!-- plain -->", text)
        self.assertIn("<!-- entangled -->", text)
        self.drawn(similarity("run.json", "other.json", *names, "--epoch", 4, "-o", "runs.png"), "runs.png")
        self.drawn(similarity("run.json", "other.json", "--view", "pairs", "-o", "runs.png"), "runs.png")

    def test_what_is_drawn_is_what_the_file_says(self):
        """The line of a layer, in the units of the picture, is its entanglement up to a scale and an offset."""
        import numpy as np
        self.drawn(entanglement("run.json", "--layers", "fc1", "--no-temperature", "-o", "one.svg"), "one.svg")
        text = (FOLDER / "one.svg").read_text()
        items = [item for item in json.loads((FOLDER / "run.json").read_text())["items"] if item["layer"] == "fc1"]
        wanted = np.array([item["entanglement"] for item in items])
        lines = [np.array([[float(v) for v in pair] for pair in re.findall(r"[ML] ([\d.]+) ([\d.]+)", path)])
                 for path in re.findall(r'<path d="([^"]*)" clip-path[^>]*|<path d="([^"]*)"[^>]*stroke: #0072b2', text)
                 for path in path if path]
        fits = []
        for line in lines:
            if len(line) == len(wanted):
                scale, offset = np.polyfit(wanted, line[:, 1], 1)
                fits.append(scale < 0 and np.allclose(scale * wanted + offset, line[:, 1], atol=1e-3))
        self.assertIn(True, fits)

    def test_help_has_an_example(self):
        for run in (entanglement, similarity):
            result = run("--help")
            self.assertEqual(result.returncode, 0)
            self.assertIn("\nexample: ", result.stdout)


class HardData(PlotCase):
    def test_names_that_mean_something_to_a_drawing_library(self):
        names = ["$x_1$", "_hidden", "<b>&amp;", "a\\frac", "$", "x" * 300, "层"]
        document = analysis([0, 1], names, names)
        write("names.json", document)
        for view in ("epochs", "layers", "curve"):
            self.drawn(entanglement("names.json", "--view", view, "-o", "names.svg"), "names.svg")
            text = (FOLDER / "names.svg").read_text()
            self.assertIn("<!-- $x_1$ -->" if view == "layers" else "<!-- _hidden -->", text)
        for view in ("matrix", "multiples", "pairs"):
            self.drawn(similarity("names.json", "--view", view, "-o", "names.png"), "names.png")

    def test_one_epoch_one_layer_no_epochs(self):
        for name, document in (("one", analysis([3], ["fc"], ["a", "b"])), ("none", analysis([None], ["p", "q"], ["a"]))):
            write(f"{name}.json", document)
            for view in ([], ["--view", "layers"], ["--view", "curve"]):
                self.drawn(entanglement(f"{name}.json", *view, "-o", "one.png"), "one.png")
            self.drawn(similarity(f"{name}.json", "-o", "one.png"), "one.png")
            self.drawn(similarity(f"{name}.json", "--view", "multiples", "-o", "one.png"), "one.png")

    def test_many_classes_layers_and_epochs(self):
        document = analysis(range(0, 60, 2), [f"block{k}.conv" for k in range(30)], ["a", "b"])
        write("many.json", document)
        self.drawn(entanglement("many.json", "--width", "column", "-o", "many.png"), "many.png")
        self.drawn(entanglement("many.json", "--view", "layers", "-o", "many.png"), "many.png")
        write("classes.json", analysis([0, 1], ["fc"], [f"class {k}" for k in range(300)]))
        for view in ("matrix", "multiples", "pairs"):
            self.drawn(similarity("classes.json", "--view", view, "-o", "classes.svg"), "classes.svg")
        self.drawn(similarity("classes.json", "-o", "classes.svg"), "classes.svg")
        self.assertIn(" is named)", (FOLDER / "classes.svg").read_text())

    def test_items_in_error_are_gaps_and_told(self):
        document = analysis([0, 1, 2], ["fc"], ["a", "b"])
        item = document["items"][1]
        item.update(dict.fromkeys(item), epoch=1, layer="fc", status="error", message="NaN")
        write("gap.json", document)
        for run in (entanglement, similarity):
            result = run("gap.json", "-o", "gap.png")
            self.assertEqual(result.returncode, 0)
            self.assertEqual(result.stderr.split("note: ")[1], "gap.json: 1 of 3 items are in error and left out\n")
        result = similarity("gap.json", "--epoch", 1, "-o", "gap.png")
        self.assertEqual(result.returncode, 2)
        self.assertIn("gap.json: has no class similarity for fc, epoch 1; choose another", result.stderr)

    def test_runs_whose_numbers_do_not_compare_are_told(self):
        options = {"temperature": "auto", "distance": "sqeuclidean", "rows": None, "neighborhood": None}
        one, other = analysis([0, 1], ["fc"], ["a", "b"]), analysis([0, 1], ["fc"], ["a", "b"])
        one["options"], other["options"] = options, {**options, "distance": "cosine"}
        for item in other["items"]:
            item["samples"] = 20
        write("one.json", one)
        write("other.json", other)
        result = entanglement("one.json", "other.json", "-o", "two.png")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr.split("note: ")[1], "numbers of other and one do not compare: distance: cosine, "
                         "sqeuclidean there; samples: 20, 9 there\n")
        one["options"], other["options"] = [{**options, "neighborhood": 9}] * 2
        write("one.json", one)
        write("other.json", other)
        self.assertEqual(entanglement("one.json", "other.json", "-o", "two.png").stderr, "")

    def noted(self, one, other):
        """What is said of the second laid over the first, without what begins it."""
        write("one.json", one)
        write("other.json", other)
        texts = []
        for draw in (entanglement, similarity):
            result = draw("one.json", "other.json", "-o", "two.png")
            self.assertEqual(result.returncode, 0, result.stderr)
            texts.append([line.split("note: ", 1)[1] for line in result.stderr.splitlines()])
        self.assertEqual(*texts)
        return texts[0]

    def test_runs_of_other_classes_counts_and_channels_are_told(self):
        one = analysis([0, 1], ["fc"], ["a", "b"])
        one["options"] = {"distance": "sqeuclidean", "temperature": "auto", "pool": "mean", "channels_last": False}
        one["labels"]["classes"] = [{"name": "a", "count": 4}, {"name": "b", "count": 5}]
        self.assertEqual(self.noted(one, one), [])
        other = copy.deepcopy(one)
        other["labels"]["classes"] = [{"name": "a", "count": 5}, {"name": "b", "count": 4}]
        start = "numbers of other and one do not compare: "
        self.assertEqual(self.noted(one, other), [start + "samples of class 'a': 5, 4 there"])
        for counted in (one, other):
            counted["options"]["neighborhood"] = 6
        self.assertEqual(self.noted(one, other), [])
        other = copy.deepcopy(one)
        other["options"]["channels_last"] = True
        self.assertEqual(self.noted(one, other), [start + "channels of maps: last, first there"])
        other["options"]["pool"] = "none"
        self.assertEqual(self.noted(one, other), [start + "pool: none, mean there"])
        one["options"]["pool"] = "none"
        self.assertEqual(self.noted(one, other), [])

    def test_runs_of_other_samples_are_told_where_ids_tell(self):
        one = analysis([0, 1], ["fc"], ["a", "b"])
        other = copy.deepcopy(one)
        self.assertEqual(self.noted(one, other), [])  # as older versions wrote them
        for item in one["items"]:
            item["sample_ids"] = {"set": "0" * 32, "order": "0" * 32}
        self.assertEqual(self.noted(one, other), [])
        self.assertEqual(self.noted(other, one), [])
        for item in other["items"]:
            item["sample_ids"] = {"set": "0" * 32, "order": "1" * 32}
        self.assertEqual(self.noted(one, other), [])
        other["items"][1]["sample_ids"]["set"] = "1" * 32
        said = "other and one are of other samples: their sample ids differ"
        self.assertEqual(self.noted(one, other), [said + " in 1 of 2 items"])
        other["items"][0]["sample_ids"] = None
        self.assertEqual(self.noted(one, other), [said])

    def test_n_stands_below_the_picture(self):
        def captions(*files):
            for draw in (entanglement, similarity):
                self.drawn(draw(*files, "-o", "n.svg"), "n.svg")
                yield re.findall(r"<!-- ((?:neighbourhoods|n =|\w+: n).*) -->", (FOLDER / "n.svg").read_text())
        one = analysis([0, 1], ["fc"], ["a", "b"])
        write("one.json", one)
        self.assertEqual(list(captions("one.json")), [["n = 9, 2 classes"]] * 2)
        self.assertEqual(list(captions("one.json", "one.json")), [["n = 9, 2 classes"]] * 2)
        one["items"][1]["samples"] = 8
        one["options"] = {"neighborhood": 5}
        write("one.json", one)
        self.assertEqual(list(captions("one.json")), [["neighbourhoods of 5 out of n = 8 to 9, 2 classes"]] * 2)
        for item in one["items"]:
            item["samples"] = None
        write("one.json", one)
        self.assertEqual(list(captions("one.json")), [[]] * 2)

    def test_classes_without_samples_and_zero_entanglement(self):
        document = analysis([0, 1], ["fc"], ["a", "b"])
        for item in document["items"]:
            item["class_similarity"][1] = [None, None]
            item["entanglement"] = item["normalized"] = item["entanglement_stderr"] = 0
            item["temperature_status"] = "lower_bound"
        write("bare.json", document)
        for view in ("epochs", "layers", "curve"):
            self.drawn(entanglement("bare.json", "--view", view, "-o", "bare.png"), "bare.png")
        self.drawn(similarity("bare.json", "-o", "bare.png"), "bare.png")
        self.refused(similarity("bare.json", "--view", "pairs", "-o", "bare.png"),
                     "bare.json: has no class similarity of two classes in layer 'fc'")


class BadInput(PlotCase):
    def test_outliers(self):
        self.refused(script("plot_outliers", "run.json", "-o", "o.png"),
                     "run.json:/schema: is 'snnl.analysis/1', expected snnl.outliers/1; make it by snnl-outliers --json")
        self.refused(script("plot_outliers", "alone.json", "--view", "roc", "-o", "o.png"),
                     "alone.json:/outliers: is empty; give snnl-outliers some --ood")
        self.refused(script("plot_outliers", "alone.json", "outliers.json", "-o", "o.png"),
                     "one file of snnl-outliers is drawn at a time")

    def refusals(self, cases, good):
        for edit, message in cases:
            document = copy.deepcopy(good)
            edit(document)
            write("bad.json", document)
            (FOLDER / "old.png").write_bytes(b"old")
            self.refused(entanglement("bad.json", "-o", "old.png"), message)
            self.assertEqual((FOLDER / "old.png").read_bytes(), b"old")

    def test_edited_by_hand(self):
        def put(*path, value):
            def edit(document):
                for key in path[:-1]:
                    document = document[key]
                document[path[-1]] = value
            return edit

        self.refusals([
            (put("schema", value="snnl.analysis/2"), "bad.json:/schema: is 'snnl.analysis/2', expected "
             "'snnl.analysis/1'; write it with snnl-analyze --json"),
            (lambda d: d.pop("schema"), "bad.json:/: has no field 'schema'"),
            (lambda d: d.pop("items"), "bad.json:/: has no field 'items'"),
            (put("items", value=[]), "bad.json: holds no items; nothing can be drawn"),
            (put("items", value={}), "bad.json:/items: is an object, expected an array"),
            (put("items", 1, "entanglement", value="0.5"), "bad.json:/items/1/entanglement: is text, expected a number"),
            (put("items", 1, "entanglement", value=True), "bad.json:/items/1/entanglement: is true, expected a number"),
            (lambda d: d["items"][1].pop("entanglement"), "bad.json:/items/1: has no field 'entanglement'"),
            (put("items", 1, "layer", value=5), "bad.json:/items/1/layer: is 5, expected text"),
            (put("items", 1, "epoch", value=0.5), "bad.json:/items/1/epoch: is 0.5, expected a whole number"),
            (put("items", 1, "epoch", value=0), "bad.json:/items/1: is epoch 0 of layer 'fc', which was there before"),
            (put("items", 1, "epoch", value=None), "bad.json: some items have an epoch and some have none"),
            (put("items", 1, "class_similarity", value=[[1, 0]]),
             "bad.json:/items/1/class_similarity: holds 1 rows, expected 2, one for each class"),
            (put("items", 1, "class_similarity", 0, value=[1]),
             "bad.json:/items/1/class_similarity/0: holds 1 values, expected 2"),
            (put("items", 1, "temperature_curve", "entanglement", value=[1]),
             "bad.json:/items/1/temperature_curve/entanglement: holds 1 values, expected 3"),
        ], analysis([0, 1], ["fc"], ["a", "b"]))

    def test_no_analysis_at_all(self):
        whole = (FOLDER / "run.json").read_text()
        write("cut.json", whole[:len(whole) // 2])
        write("empty.json", "")
        write("words.txt", "dear diary\n")
        (FOLDER / "dump.h5").write_bytes((SOURCE / "testdata/digits_mlp.h5").read_bytes())
        out = ("-o", "x.png")
        self.refused(entanglement("cut.json", *out),
                     "cut.json: ends in the middle: it was cut off, or not written to its end")
        self.refused(entanglement("empty.json", *out), "empty.json: is empty")
        self.refused(entanglement("gone.json", *out), "gone.json: cannot be read (No such file or directory)")
        self.refused(entanglement(".", *out), ".: is a directory; name a file")
        self.refused(entanglement("dump.h5", *out), "dump.h5: is neither JSON nor CSV; write one with snnl-analyze")
        self.refused(entanglement("words.txt", *out), "words.txt:1: is not the header of a CSV file that snnl-analyze "
                     "writes; nor is the file JSON")

    def test_csv(self):
        rows = list(csv.reader((FOLDER / "run.csv").read_text().splitlines()))
        column = rows[0].index("entanglement")
        rows[2][column] = "much"
        write("bad.csv", "\n".join(",".join(row) for row in rows))
        self.refused(entanglement("bad.csv", "-o", "x.png"),
                     "bad.csv:3: could not convert string to float: 'much'")
        write("short.csv", "\n".join([",".join(rows[0]), ",".join(rows[1][:-1])]))
        self.refused(entanglement("short.csv", "-o", "x.png"), f"short.csv:2: has {len(rows[0]) - 1} fields, expected "
                     f"{len(rows[0])}")
        self.refused(similarity("run.csv", "-o", "x.png"), "run.csv: holds no class similarity; use snnl-analyze --json "
                     "or --similarity-csv")
        self.refused(entanglement("run_similarity.csv", "-o", "x.png"), "run_similarity.csv: holds no entanglement; "
                     "draw class similarities with plot_class_similarity.py")
        self.refused(entanglement("run.csv", "--view", "curve", "-o", "x.png"), "run.csv: holds no temperature curves; "
                     "write JSON with snnl-analyze --temperature-curve 40 --json")

    def test_options(self):
        self.refused(entanglement("run.json", "-o", "x.bmp"),
                     "-o x.bmp: the name must end in one of .png, .svg, .pdf")
        self.refused(entanglement("run.json", "-o", "run.json.png", "--layers", "conv9"),
                     "--layers 'conv9' matches no layer; did you mean 'conv3'?")
        self.refused(entanglement("run.json", "-o", "x.png", "--epochs", "5"),
                     "--epochs '5': no epoch is 5; there are 0, 1, 2, 4, 7, 12")
        self.refused(entanglement("run.json", "-o", "x.png", "--epochs", "a:b"),
                     "--epochs 'a:b': 'a:b' is neither a number nor a range such as 0:50:5")
        self.refused(entanglement("run.json", "-o", "x.png", "--width", "wide"),
                     "--width 'wide' is none of column, text, slide, nor a number of inches")
        self.refused(entanglement("run.json", "-o", "x.png", "--label", "a", "--label", "b"),
                     "--label is given 2 times for 1 files")
        self.refused(similarity("run.json", "-o", "x.png", "--layer", "conv"),
                     "--layer 'conv' is not there; did you mean 'conv3'?")
        self.refused(similarity("run.json", "-o", "x.png", "--epoch", 3),
                     "--epoch 3 is not there; there are 0, 1, 2, 4, 7, 12")
        self.refused(similarity("run.json", "-o", "x.gif"), "-o x.gif: a .gif is made by --view animation")
        self.refused(similarity("run.json", "-o", "x.png", "--view", "animation"),
                     "-o x.png: --view animation makes a .gif")
        self.refused(similarity("run.json", "digits.json", "-o", "x.png"),
                     "digits.json: has other classes than run.json; draw them by themselves")

    def test_a_place_that_cannot_be_written(self):
        self.refused(entanglement("run.json", "-o", "no/x.png"),
                     "no/x.png: cannot be written (No such file or directory)")
        (FOLDER / "input.png").write_text((FOLDER / "run.json").read_text())
        self.refused(entanglement("input.png", "-o", "input.png"), "-o input.png is an input; choose another name")
        script_path = SOURCE / "scripts" / "plot_entanglement.py"
        (FOLDER / "full.png").write_bytes(b"old")
        # Files may grow to 4 KiB: what a full disk does.
        result = subprocess.run(["sh", "-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh", sys.executable, script_path,
                                 "run.json", "-o", "full.png"], cwd=FOLDER, capture_output=True, text=True, check=False)
        self.refused(result, "full.png: cannot be written (File too large)")
        self.assertEqual((FOLDER / "full.png").read_bytes(), b"old")
        self.assertEqual([path.name for path in FOLDER.glob(".*.tmp")], [])


if __name__ == "__main__":
    unittest.main()
