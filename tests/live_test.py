#!/usr/bin/env python3
"""snnl-analyze while a run writes its dump, killed and taken up again; Ctrl-C anywhere.

usage: live_test.py SOURCE_DIR BIN_DIR [unittest arguments]
"""
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy as np

SOURCE, BIN = Path(sys.argv[1]), Path(sys.argv[2])
ANALYZE = str(BIN / "snnl-analyze")
LABELS = np.arange(240) % 4
# What follows waits for something to happen, and fails where it has not after this long.
PATIENCE = 60


def activations(epoch, layer, samples=240):
    rng = np.random.default_rng([epoch, layer])
    centres = np.eye(4, 16)[np.arange(samples) % 4]
    return (rng.normal(size=(samples, 16)) + centres * (1 + epoch)).astype(np.float32)


def write_epoch(file, epoch, shift=0, layers=("fc1", "fc2")):
    if "labels" not in file:
        file["labels"] = LABELS
        file.attrs["snnl_dump_version"] = 1
    group = file.require_group(f"epochs/{epoch:04d}")
    group.attrs["epoch"] = epoch
    for k, layer in enumerate(layers):
        if layer in group:
            del group[layer]
        group[layer] = activations(epoch + shift, k)


def write_run(path, epochs, shift=0):
    with h5py.File(path, "a") as file:
        for epoch in epochs:
            write_epoch(file, epoch, shift)


class Folder(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="snnl-live-")
        self.addCleanup(self.scratch.cleanup)
        self.folder = Path(self.scratch.name)

    def path(self, name):
        return str(self.folder / name)

    def run_tool(self, *arguments, status=0, tool=ANALYZE):
        result = subprocess.run([tool, *arguments], capture_output=True, text=True, cwd=self.folder, timeout=PATIENCE)
        self.assertEqual(result.returncode, status, result.stderr)
        return result

    def start(self, *arguments, tool=ANALYZE):
        process = subprocess.Popen([tool, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   cwd=self.folder)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def end(self, process, status):
        out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, status, err)
        return out, err

    def wait_for(self, what, condition):
        start = time.monotonic()
        while not condition():
            if time.monotonic() - start > PATIENCE:
                self.fail(f"waited in vain for {what}")
            time.sleep(0.02)

    def epochs_in(self, name):
        """Those of the analysis NAME, which is whole whenever it is looked at."""
        path = self.folder / name
        return sorted({item["epoch"] for item in json.loads(path.read_text())["items"]}) if path.exists() else []

    def assert_same_file(self, a, b):
        self.assertEqual((self.folder / a).read_bytes(), (self.folder / b).read_bytes(), f"{a} is not {b}")

    def assert_no_leftovers(self):
        self.assertEqual([p.name for p in self.folder.rglob(".*")], [])

    def edit(self, name, change, seal=False):
        """Changes an analysis; with `seal` its items get the checksums of what they then hold."""
        document = json.loads((self.folder / name).read_text())
        change(document)
        (self.folder / name).write_text(json.dumps(document))
        if seal:
            subprocess.run([BIN / "snnl-seal-tool", self.folder / name], check=True)


class Resume(Folder):
    def setUp(self):
        super().setUp()
        write_run(self.path("run.h5"), range(3))
        self.run_tool("run.h5", "-q", "--json", "whole.json", "--csv", "whole.csv")

    def resume(self, *more, status=0):
        return self.run_tool("run.h5", "--json", "run.json", "--resume", *more, status=status)

    def test_without_an_earlier_one(self):
        self.resume("--csv", "run.csv")
        self.assert_same_file("run.json", "whole.json")
        self.assert_same_file("run.csv", "whole.csv")

    def test_items_of_the_same_data_are_kept_and_others_are_not(self):
        def mark(document):
            for k, item in enumerate(document["items"]):
                item["effective_neighbors"] = 100 + k  # tells what is kept from what is computed
            document["items"][3]["digest"] = "0" * 32
            document["items"][4]["digest"] = None
            del document["items"][1]

        (self.folder / "run.json").write_bytes((self.folder / "whole.json").read_bytes())
        self.edit("run.json", mark, seal=True)
        self.assertEqual(self.resume("-q").stderr, "")
        found = json.loads((self.folder / "run.json").read_text())["items"]
        whole = json.loads((self.folder / "whole.json").read_text())["items"]
        self.assertEqual([item["effective_neighbors"] for item in found],
                         [100, whole[1]["effective_neighbors"], 102, whole[3]["effective_neighbors"],
                          whole[4]["effective_neighbors"], 105])

    def test_data_that_changed_are_computed_anew(self):
        self.resume("-q")
        write_run(self.path("run.h5"), [1], shift=7)
        self.resume("-q")
        self.run_tool("run.h5", "-q", "--json", "now.json")
        self.assert_same_file("run.json", "now.json")
        # The same values in another file, stored otherwise, are the same data.
        with h5py.File(self.path("run.h5")) as old, h5py.File(self.path("other.h5"), "w") as new:
            new["labels"] = old["labels"][()]
            new.attrs["snnl_dump_version"] = 1
            for epoch in old["epochs"]:
                for layer in old[f"epochs/{epoch}"]:
                    new.create_dataset(f"epochs/{epoch}/{layer}", data=old[f"epochs/{epoch}/{layer}"][()],
                                       compression="gzip")
        self.edit("run.json", lambda d: [item.update(chance=item["chance"] * 1.5) for item in d["items"]], seal=True)
        before = json.loads((self.folder / "run.json").read_text())["items"]
        self.run_tool("other.h5", "-q", "--json", "run.json", "--resume")
        self.assertEqual(json.loads((self.folder / "run.json").read_text())["items"], before)

    def test_what_was_edited_or_damaged_is_computed_anew(self):
        def said_after(change):
            (self.folder / "run.json").write_bytes((self.folder / "whole.json").read_bytes())
            self.edit("run.json", change)
            said = self.resume("-q").stderr
            self.assert_same_file("run.json", "whole.json")
            return said

        def told(count):
            return (f"snnl-analyze: run.json: {count} of 6 items are damaged, were edited, or have no checksum; they are "
                    "computed anew\n")

        def fields(change):
            return lambda document: change(document["items"][2])

        def deeper(item):
            item["class_similarity"][0][1] *= 1 + 1e-15

        self.assertEqual(said_after(lambda document: None), "")  # laid out otherwise, the numbers are the same
        for change in (lambda item: item.update(entanglement=item["entanglement"] + 1e-9), deeper,
                       lambda item: item.update(scored=item["scored"] - 1),
                       lambda item: item.update(sample_losses=item["sample_losses"].swapcase()),
                       lambda item: item.update(digest="0" * 32),
                       lambda item: item.update(checksum="0" * 32), lambda item: item.update(checksum=None),
                       lambda item: item.pop("checksum"), lambda item: item.update(epoch=77),
                       lambda item: item.update(layer="other"), lambda item: item.update(temperature_status="lower_bound"),
                       lambda item: item["class_entanglement"].reverse()):
            self.assertEqual(said_after(fields(change)), told(1))
        # As a file of before there were checksums.
        self.assertEqual(said_after(lambda document: [item.pop("checksum") for item in document["items"]]), told(6))
        # Numbers of other options are not made right by naming those that are asked for.
        self.run_tool("run.h5", "-q", "--json", "run.json", "--distance", "cosine")
        self.edit("run.json", lambda document: document["options"].update(distance="sqeuclidean"))
        self.assertEqual(self.resume("-q").stderr, told(6))
        self.assert_same_file("run.json", "whole.json")

    def test_other_options_classes_and_versions(self):
        def changed(why, *options, edit=None):
            self.run_tool("run.h5", "-q", "--json", "run.json")
            if edit:
                self.edit("run.json", edit)
            said = self.resume(*options).stderr
            self.assertEqual(said, f"snnl-analyze: run.json: {why}; everything is computed anew\n")
            self.run_tool("run.h5", "-q", "--json", "now.json", *options)
            self.assert_same_file("run.json", "now.json")

        changed("it was made with another --distance, which was sqeuclidean", "--distance", "cosine")
        changed("it was made with another --temperature, which was auto", "--temperature", "2")
        changed("it was made with another --temperature-curve, which was 0", "--temperature-curve", "5")
        changed("it was made with another --rows, which was 0", "--rows", "80")
        changed("it was made with another --nonfinite, which was error", "--nonfinite", "drop")
        changed("it is of version 9.8.7", edit=lambda d: d["generator"].update(version="9.8.7"))
        changed("it has other classes", edit=lambda d: d["labels"]["classes"][2].update(name="x"))
        # Options that change no number keep the items.
        self.run_tool("run.h5", "-q", "--json", "run.json")
        self.assertEqual(self.resume("--threads", "1", "--layers", "fc*").stderr, "")

    def test_what_cannot_be_resumed(self):
        for text, said in (("", "run.json: is empty"), ("{", "run.json: ends in the middle"),
                           ('{"schema": "other"}', "run.json:/schema: is 'other'")):
            (self.folder / "run.json").write_text(text)
            self.assertIn(said, self.resume(status=2).stderr)
            self.assertEqual((self.folder / "run.json").read_text(), text)
        self.assertIn("--json", self.run_tool("run.h5", "--resume", status=2).stderr)
        self.assertIn("--per-sample", self.run_tool("run.h5", "--resume", "--json", "a.json", "--per-sample", "a.csv",
                                                    status=2).stderr)
        self.assertIn("cannot be '-'", self.run_tool("run.h5", "--resume", "--json", "-", status=2).stderr)

    def test_killed_at_any_point(self):
        slow = ["--temperature-curve", "300", "--precision", "double", "--threads", "1", "-q"]
        write_run(self.path("run.h5"), range(3, 8))
        start = time.monotonic()
        self.run_tool("run.h5", *slow, "--json", "whole.json", "--csv", "whole.csv")
        whole = time.monotonic() - start
        rng = random.Random(5)
        for command in range(40):
            process = self.start("run.h5", *slow, "--json", "run.json", "--csv", "run.csv", "--resume")
            time.sleep(rng.uniform(0, whole / 2))
            process.kill()
            process.communicate()
            if (self.folder / "run.json").exists():
                json.loads((self.folder / "run.json").read_text())
            for left in self.folder.glob(".run.*.tmp"):
                left.unlink()  # SIGKILL leaves no time to
        self.run_tool("run.h5", *slow, "--json", "run.json", "--csv", "run.csv", "--resume")
        self.assert_same_file("run.json", "whole.json")
        self.assert_same_file("run.csv", "whole.csv")
        self.assert_no_leftovers()


class Signals(Folder):
    slow = ["--temperature-curve", "1000", "--precision", "double", "--threads", "1"]

    def test_what_is_done_is_written(self):
        write_run(self.path("run.h5"), range(40))
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            process = self.start("run.h5", *self.slow, "--json", "run.json", "--csv", "run.csv", "--per-sample", "loss.csv")
            # The losses of samples are written as they come, by a buffer of several items.
            self.wait_for("items", lambda: any(p.stat().st_size > 0 for p in self.folder.glob(".loss.*")))
            process.send_signal(number)
            sent = time.monotonic()
            out, err = self.end(process, status)
            self.assertLess(time.monotonic() - sent, 5)
            items = json.loads((self.folder / "run.json").read_text())["items"]
            self.assertGreater(len(items), 0)
            self.assertIn(f"snnl-analyze: error: interrupted; {len(items)} of 80 items are done, and written to run.json, "
                          "run.csv, loss.csv\n", err)
            self.assertLess(len(items), 80)
            self.assertEqual(len((self.folder / "run.csv").read_text().splitlines()), len(items) + 1)
            self.assertEqual(len((self.folder / "loss.csv").read_text().splitlines()), 240 * len(items) + 1)
            self.assert_no_leftovers()
        # What was interrupted goes on.
        (self.folder / "run.h5").unlink()
        write_run(self.path("run.h5"), range(3))
        less = ["--temperature-curve", "200"]
        self.run_tool("run.h5", *less, "-q", "--json", "whole.json")
        process = self.start("run.h5", *less, "-q", "--json", "run.json", "--resume")
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.run_tool("run.h5", *less, "-q", "--json", "run.json", "--resume")
        self.assert_same_file("run.json", "whole.json")

    def test_nobody_reads_the_pipe(self):
        write_run(self.path("run.h5"), range(1))
        os.mkfifo(self.path("pipe"))
        for output in ("--json", "--per-sample"):
            (self.folder / "pipe.csv").unlink(missing_ok=True)
            (self.folder / "pipe.csv").symlink_to("pipe")
            process = self.start("run.h5", "-q", output, "pipe.csv")
            self.wait_for("an open that waits", lambda: "wait_for_partner" in self.waits_in(process))
            process.send_signal(signal.SIGTERM)
            _, err = self.end(process, -signal.SIGTERM)
            self.assertEqual(err, "snnl-analyze: error: interrupted; outputs that were not finished are not written\n")

    def waits_in(self, process):
        try:
            return Path(f"/proc/{process.pid}/wchan").read_text()
        except OSError:
            return ""

    def test_items_of_an_earlier_run_are_not_lost(self):
        write_run(self.path("run.h5"), range(4))
        options = ["--temperature-curve", "2000", "--precision", "double", "--threads", "1", "-q", "--json", "run.json", "--resume"]
        self.run_tool("run.h5", *options)
        whole = (self.folder / "run.json").read_bytes()
        self.edit("run.json", lambda d: d["items"][0].update(digest="0" * 32), seal=True)
        process = self.start("run.h5", *options)
        time.sleep(0.15)
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertGreaterEqual(len(json.loads((self.folder / "run.json").read_text())["items"]), 7)
        self.run_tool("run.h5", *options)
        self.assertEqual((self.folder / "run.json").read_bytes(), whole)

    def test_other_tools_leave_nothing_half_written(self):
        rng = np.random.default_rng(0)
        with h5py.File(self.path("big.h5"), "w") as file:
            file.attrs["snnl_dump_version"] = 1
            file["labels"] = np.arange(12000) % 10
            file["epochs/0000/fc"] = rng.normal(size=(12000, 400)).astype(np.float32)
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("--train", "big.h5@0:8000", "--calibration", "big.h5@8000:9000", "--test", "big.h5@9000:",
                                 "--json", "out.json", "--csv", "out.csv", "-q", tool=str(BIN / "snnl-outliers"))
            self.wait_for("a temporary file", lambda: any(self.folder.glob(".out.*")) or process.poll() is not None)
            process.send_signal(number)
            out, err = self.end(process, -number)
            self.assertEqual(err, "snnl-outliers: error: interrupted; outputs that were not finished are not written\n")
            self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["big.h5"])


class Follow(Folder):
    def follow(self, *arguments):
        return self.start("--follow", *arguments, "--json", "live.json", "--csv", "live.csv")

    def expect_end(self, process, *dumps, status=0):
        """It ends by itself, with the outputs that a run over what is there now writes."""
        out, err = self.end(process, status)
        self.run_tool(*dumps, "-q", "--json", "now.json", "--csv", "now.csv")
        self.edit("live.json", lambda d: d.pop("inputs"))
        self.edit("now.json", lambda d: d.pop("inputs"))
        self.assert_same_file("live.json", "now.json")
        self.assert_same_file("live.csv", "now.csv")
        self.assert_no_leftovers()
        return out, err

    def test_a_file_that_grows(self):
        process = self.follow("run.h5", "--idle-timeout", "3")
        for epoch in range(4):
            write_run(self.path("run.h5"), [epoch])
            self.wait_for(f"epoch {epoch}", lambda: self.epochs_in("live.json") == list(range(epoch + 1)))
        out, err = self.expect_end(process, "run.h5")
        # The numbers of each epoch, as they came, and no epoch twice.
        told = [line for line in err.splitlines() if line.startswith("snnl-analyze: epoch ")]
        self.assertEqual([line.split(":")[1] for line in told], [f" epoch {epoch}" for epoch in range(4)])
        with open(self.path("live.json")) as file:
            items = json.load(file)["items"]
        for line, epoch in zip(told, range(4)):
            numbers = re.findall(r"(fc\d) ([\d.e-]+)", line)
            self.assertEqual([layer for layer, _ in numbers], ["fc1", "fc2"])
            for layer, text in numbers:
                value = next(i["entanglement"] for i in items if (i["epoch"], i["layer"]) == (epoch, layer))
                self.assertAlmostEqual(float(text), value, delta=6e-3 * value)
        self.assertIn("fc2", out)

    def test_it_ends_with_an_epoch(self):
        process = self.follow("run.h5", "--until-epoch", "2")
        for epoch in range(2):
            write_run(self.path("run.h5"), [epoch])
            self.wait_for(f"epoch {epoch}", lambda: self.epochs_in("live.json") == list(range(epoch + 1)))
            self.assertIsNone(process.poll())
        with h5py.File(self.path("run.h5"), "a") as file:  # half of it is not enough
            data = {name: file[f"epochs/0001/{name}"][:] for name in file["epochs/0001"]}
            half, rest = list(data.items())[:1], list(data.items())[1:]
            for name, values in half:
                file[f"epochs/0002/{name}"] = values
        self.wait_for("half of it", lambda: self.epochs_in("live.json") == [0, 1, 2])
        time.sleep(1)
        self.assertIsNone(process.poll())
        with h5py.File(self.path("run.h5"), "a") as file:
            for name, values in rest:
                file[f"epochs/0002/{name}"] = values
        self.expect_end(process, "run.h5")
        self.run_tool("run.h5", "--until-epoch", "2", status=2)  # without --follow

    def test_a_writer_that_keeps_its_file_open(self):
        process = self.follow("run.h5", "--idle-timeout", "4")
        with h5py.File(self.path("run.h5"), "w") as file:
            write_epoch(file, 0)
            file.flush()
            time.sleep(1.5)
            self.assertEqual(self.epochs_in("live.json"), [])
            write_epoch(file, 1)
        # The writer is not hindered: it can open its file at any time.
        for epoch in range(2, 30):
            write_run(self.path("run.h5"), [epoch])
        self.expect_end(process, "run.h5")
        self.assertEqual(self.epochs_in("live.json"), list(range(30)))

    def test_a_folder_that_receives_files(self):
        os.mkdir(self.path("dumps"))
        process = self.follow("dumps", "--idle-timeout", "4")
        files = []
        for epoch in (0, 1, 10):
            name = f"dumps/epoch_{epoch}.h5"
            # As those do who write under another name, and as those do who do not.
            with h5py.File(self.path("next.tmp"), "w") as file:
                write_epoch(file, epoch)
            data = (self.folder / "next.tmp").read_bytes()
            with open(self.path(name), "wb") as file:
                file.write(data[:2000])
                file.flush()
                time.sleep(0.4)
                file.write(data[2000:])
            files.append(name)
            self.wait_for(f"epoch {epoch}", lambda: epoch in self.epochs_in("live.json"))
        (self.folder / "next.tmp").unlink()
        self.expect_end(process, *files)

    def test_files_that_are_replaced_and_that_change(self):
        write_run(self.path("run.h5"), range(3))
        process = self.follow("run.h5", "--idle-timeout", "3")
        self.wait_for("all", lambda: self.epochs_in("live.json") == [0, 1, 2])
        write_run(self.path("other.h5"), range(4), shift=5)
        os.replace(self.path("other.h5"), self.path("run.h5"))
        self.wait_for("the new one", lambda: self.epochs_in("live.json") == [0, 1, 2, 3])
        # In place, under an epoch that was there: seen at the end at the latest.
        write_run(self.path("run.h5"), [1], shift=9)
        self.expect_end(process, "run.h5")

    def test_files_that_cannot_be_read(self):
        os.mkdir(self.path("dumps"))
        write_run(self.path("dumps/epoch_0.h5"), [0])
        write_run(self.path("dumps/epoch_1.h5"), [1])
        (self.folder / "dumps/epoch_2.h5").write_bytes(b"")
        (self.folder / "dumps/epoch_3.h5").write_bytes(b"no HDF5 at all")
        (self.folder / "dumps/notes.txt").write_text("not a dump")
        process = self.follow("dumps", "--idle-timeout", "3")
        self.wait_for("both", lambda: self.epochs_in("live.json") == [0, 1])
        # One shrinks: its numbers stay, and what is wrong with it is told.
        os.truncate(self.path("dumps/epoch_1.h5"), 3000)
        out, err = self.end(process, 1)
        self.assertEqual(self.epochs_in("live.json"), [0, 1])
        errors = [line for line in err.splitlines() if ": error: " in line]
        self.assertEqual(len(errors), 3, err)
        self.assertIn("dumps/epoch_1.h5: is truncated", errors[0])
        self.assertIn("dumps/epoch_2.h5: is empty", errors[1])
        self.assertIn("dumps/epoch_3.h5: is not an HDF5 file", errors[2])

    def test_nothing_comes(self):
        for dump, said in (("none.h5", "none.h5: there is no such file or folder; check the path"),
                           ("empty", "empty: no epoch came within --idle-timeout")):
            if dump == "empty":
                os.mkdir(self.path(dump))
            process = self.start("--follow", dump, "--idle-timeout", "1", "--json", "live.json")
            out, err = self.end(process, 2)
            self.assertEqual(err, f"snnl-analyze: error: {said}\n")
            self.assertFalse((self.folder / "live.json").exists())

    def test_control_c(self):
        write_run(self.path("run.h5"), range(2))
        process = self.follow("run.h5")
        self.wait_for("both", lambda: self.epochs_in("live.json") == [0, 1])
        process.send_signal(signal.SIGINT)
        out, err = self.expect_end(process, "run.h5", status=130)
        self.assertIn("interrupted; 4 items are done, and in live.json", err)

    def test_a_folder_for_outputs_that_disappears(self):
        os.mkdir(self.path("out"))
        write_run(self.path("run.h5"), [0])
        process = self.start("--follow", "run.h5", "--idle-timeout", "4", "--json", "out/live.json")
        self.wait_for("the first", lambda: self.epochs_in("out/live.json") == [0])
        os.rename(self.path("out"), self.path("gone"))
        write_run(self.path("run.h5"), [1])
        time.sleep(1.5)
        os.rename(self.path("gone"), self.path("out"))
        out, err = self.end(process, 0)
        self.assertIn("out/live.json: the folder out does not exist", err)
        self.assertEqual(self.epochs_in("out/live.json"), [0, 1])

    def test_resumed(self):
        write_run(self.path("run.h5"), range(3))
        self.run_tool("run.h5", "-q", "--json", "live.json", "--csv", "live.csv")
        self.edit("live.json", lambda d: [item.update(effective_neighbors=50.5) for item in d["items"]], seal=True)
        process = self.follow("run.h5", "--resume", "--idle-timeout", "2")
        self.wait_for("a start", lambda: json.loads((self.folder / "live.json").read_text())["items"])
        write_run(self.path("run.h5"), [3])
        self.end(process, 0)
        found = [item["effective_neighbors"] == 50.5 for item in json.loads((self.folder / "live.json").read_text())["items"]]
        self.assertEqual(found, [True] * 6 + [False] * 2)

    def test_items_in_error(self):
        write_run(self.path("run.h5"), [0])
        with h5py.File(self.path("run.h5"), "a") as file:
            file["epochs/0000/fc2"][3] = np.nan
        process = self.follow("run.h5", "--idle-timeout", "1")
        out, err = self.end(process, 1)
        self.assertEqual(err.count(": error: "), 1)
        self.assertIn("run.h5:/epochs/0000/fc2", err)

    def test_the_report_stays_fresh(self):
        page = subprocess.run([str(BIN / "snnl-report"), "x.json", "-o", "/dev/null"], capture_output=True, text=True)
        if "without its page" in page.stderr:
            self.skipTest("built without the page")
        process = self.start("--follow", "run.h5", "--idle-timeout", "2", "--report", "live.html", "--quiet")
        for epoch in range(2):
            write_run(self.path("run.h5"), [epoch])
            self.wait_for(f"epoch {epoch}", lambda: (self.folder / "live.html").exists()
                          and f'"epochs":[0{",1" * epoch}]' in (self.folder / "live.html").read_text())
        out, err = self.end(process, 0)
        self.assertEqual(out + err, "")
        self.assert_no_leftovers()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
