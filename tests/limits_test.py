#!/usr/bin/env python3
"""Walks a limit upwards until a tool succeeds: memory, descriptors, threads, the size of files, room on the disk.

    limits_test.py PROJECT BIN [--dense] [-k NAME]

At every step the tool must end by itself, within LIMIT_S, with status 0, 1 or 2: not by a signal, with one line on
stderr that begins with its name, no temporary file left, and each output either as it was or whole. --dense takes many
more steps.
"""

import argparse
import ctypes
import functools
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

LIMIT_S = 30
NOBODY = 65534
STEPS = 12

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scripts"))


def write_dump(path, samples=96, features=40, epochs=2):
    generator = np.random.default_rng(1)
    labels = np.arange(samples) % 3
    with h5py.File(path, "w") as file:
        file.attrs["snnl_dump_version"] = 1
        file["labels"] = labels
        for epoch in range(epochs):
            for layer in ("conv", "fc"):
                values = generator.normal(size=(samples, features)) + labels[:, None] * (1 + epoch)
                file.create_dataset(f"epochs/{epoch:04d}/{layer}", data=values.astype("f4"),
                                    **({"compression": "gzip", "chunks": (16, features)} if layer == "fc" else {}))


def write_images(folder):
    import snnl_idx

    generator = np.random.default_rng(2)
    folder.mkdir()
    for split, count in (("train", 60), ("t10k", 24)):
        labels = (np.arange(count) % 3).astype(np.uint8)
        pixels = (generator.integers(0, 60, (count, 10, 10)) + labels[:, None, None] * 80).astype(np.uint8)
        snnl_idx.write_idx(folder / f"{split}-images-idx3-ubyte", pixels)
        snnl_idx.write_idx(folder / f"{split}-labels-idx1-ubyte", labels)


class Case:
    """A tool, its arguments in a folder of inputs, and the outputs that it writes."""

    def __init__(self, name, tool, arguments, outputs, statuses=(0,)):
        self.name, self.tool, self.arguments, self.outputs, self.statuses = name, tool, arguments, outputs, statuses


CASES = [
    Case("analyze", "snnl-analyze", ["{in}/run.h5", "--threads", "2", "--json", "a.json", "--csv", "a.csv",
                                     "--similarity-csv", "s.csv"], ["a.json", "a.csv", "s.csv"]),
    Case("analyze-losses", "snnl-analyze", ["{in}/run.h5", "--threads", "2", "-q", "--per-sample", "l.h5"], ["l.h5"]),
    Case("inspect", "snnl-inspect", ["{in}/run.h5", "--threads", "2", "--json", "i.json"], ["i.json"]),
    Case("check", "snnl-check", ["{in}/run.json", "--baseline", "{in}/base.json", "--json", "c.json", "--markdown",
                                 "c.md", "--junit", "c.xml"], ["c.json", "c.md", "c.xml"]),
    Case("outliers", "snnl-outliers", ["--train", "{in}/run.h5@0:60", "--calibration", "{in}/run.h5@60:80", "--test",
                                       "{in}/run.h5@80:", "-k", "5", "--threads", "2", "--json", "o.json", "--csv",
                                       "o.csv"], ["o.json", "o.csv"]),
    Case("report", "snnl-report", ["{in}/run.json", "--spec", "."], ["{spec}"]),
    Case("train", "snnl-train", ["--data", "{in}/images", "--architecture", "mlp", "--epochs", "1", "--threads", "2",
                                 "--validation", "0", "--overwrite", "--checkpoint", "t.pt", "--dump", "t.h5", "--json",
                                 "t.json", "--csv", "t.csv"], ["t.pt", "t.h5", "t.json", "t.csv"]),
]


class Limits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory(prefix="snnl-limits-")
        cls.inputs = pathlib.Path(cls.keep.name) / "in"
        cls.inputs.mkdir()
        os.chmod(cls.keep.name, 0o755)
        write_dump(cls.inputs / "run.h5")
        subprocess.run([BIN / "snnl-analyze", cls.inputs / "run.h5", "-q", "--json", cls.inputs / "run.json"], check=True)
        shutil.copy(cls.inputs / "run.json", cls.inputs / "base.json")
        if (BIN / "snnl-train").exists():
            write_images(cls.inputs / "images")
        cls.references = {}

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.keep.name))

    def cases(self, *left_out):
        for case in CASES:
            if (BIN / case.tool).exists() and case.name not in left_out and ARGUMENTS.k in case.name:
                self.reference(case)
                yield case

    def starts_threads_before_main(self, case):
        """OpenBLAS, which libtorch brings along, does; that there are enough is seen before, by starting processes."""
        libraries = subprocess.run(["ldd", BIN / case.tool], capture_output=True, text=True).stdout
        if "openblas" not in libraries:
            return False
        print(f"{case.tool}: is linked to OpenBLAS, which needs its threads: not tested without", file=sys.stderr)
        return True

    def arguments(self, case):
        return [text.replace("{in}", str(self.inputs)) for text in case.arguments]

    def reference(self, case):
        """What it writes where nothing is in its way: the bytes of each output."""
        if case.name not in self.references:
            folder = pathlib.Path(tempfile.mkdtemp(dir=self.keep.name))
            done = subprocess.run([BIN / case.tool, *self.arguments(case)], cwd=folder, capture_output=True, text=True)
            self.assertIn(done.returncode, case.statuses, done.stderr)
            if case.outputs == ["{spec}"]:
                case.outputs = sorted(path.name for path in folder.iterdir())
            self.references[case.name] = {name: (folder / name).read_bytes() for name in case.outputs}
            shutil.rmtree(folder)
        return self.references[case.name]

    def step(self, case, what, before=None, folder=None, user=None, environment=None, fresh=False, **options):
        """One run under a limit. Returns whether it did what it does without."""
        folder = folder or self.folder
        old = {} if fresh else {name: b"old" for name in case.outputs}
        for name in case.outputs:
            (folder / name).unlink(missing_ok=True)
        for name, text in old.items():
            (folder / name).write_bytes(text)
            if user:
                os.chown(folder / name, user, user)
        there = sorted(os.listdir(folder))
        command = [str(BIN / case.tool), *self.arguments(case)]
        where = f"{case.name}, {what}"
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, preexec_fn=before, timeout=LIMIT_S,
                                  stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})}, **options,
                                  **({"user": user, "group": user, "extra_groups": []} if user else {}))
        except subprocess.TimeoutExpired:
            self.fail(f"{where}: takes more than {LIMIT_S} s")
        said = done.stderr.decode(errors="replace")
        where += f": status {done.returncode}, stderr {said!r}"
        self.assertIn(done.returncode, (0, 1, 2), where)
        lines = said.splitlines()
        for line in lines:
            self.assertTrue(line.startswith(f"{case.tool}: "), where)
        errors = [line for line in lines if line.startswith(f"{case.tool}: error: ")]
        if done.returncode == 2:
            # The last one ended it; before it items may have been told of.
            self.assertGreaterEqual(len(errors), 1, where)
            for line in errors[:-1]:
                self.assertIn("run.h5:/epochs/", line, where)
        if done.returncode == 1:
            self.assertGreaterEqual(len(errors), 1, where)
        self.assertEqual(sorted(set(os.listdir(folder)) - set(case.outputs)), sorted(set(there) - set(case.outputs)),
                         f"{where}: left behind")
        whole = True
        for name, reference in self.reference(case).items():
            path = folder / name
            found = path.read_bytes() if path.exists() else None
            if path.suffix == ".pt" and found and found != old.get(name):
                # libtorch's bytes differ from run to run: whether it is whole is for the tool to say.
                if done.returncode != 0:
                    self.check_resumes(path, where)
                continue
            whole = whole and found == reference
            if found == old.get(name) or found == reference:
                continue
            self.check_whole(path, where)
        if done.returncode == 0 and case.statuses == (0,):
            self.assertTrue(whole, f"{where}: done, but an output is another one")
        return done.returncode == 0

    def check_resumes(self, checkpoint, where):
        with tempfile.TemporaryDirectory(dir=self.keep.name) as folder:
            copy = shutil.copy(checkpoint, folder)
            done = subprocess.run([BIN / "snnl-train", "--data", self.inputs / "images", "--architecture", "mlp", "--epochs",
                                   "1", "--threads", "2", "--validation", "0", "--resume", "--checkpoint", copy],
                                  capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{where}: {checkpoint.name}: {done.stderr}")

    def check_whole(self, path, where):
        """Not as it was nor as it would be: then it must at least be whole."""
        if path.suffix == ".json":
            try:
                json.loads(path.read_text())
            except ValueError as error:
                self.fail(f"{where}: {path.name}: {error}")
        elif path.suffix == ".h5":
            with h5py.File(path) as file:
                file.visititems(lambda name, thing: thing[()] if isinstance(thing, h5py.Dataset) else None)
        elif path.suffix == ".csv":
            text = path.read_text()
            self.assertTrue(text.endswith("\n") and len({line.count(",") for line in text.splitlines()}) == 1, where)

    # Memory: how much address space is there. Found by halving: where --version still starts, and where all is done.
    def test_memory(self):
        for case in self.cases():
            with self.subTest(case.name):
                limit = lambda size: lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))
                starts = lambda size: subprocess.run([BIN / case.tool, "--version"], preexec_fn=limit(size),
                                                     capture_output=True).returncode == 0
                least = self.halve(1 << 20, 8 << 30, 1 << 20, starts)
                done = self.halve(least, 16 << 30, 4 << 20,
                                  lambda size: self.step(case, f"address space of {size}", limit(size)))
                steps = STEPS * (20 if ARGUMENTS.dense else 1)
                for k in range(steps):
                    size = least + (done - least) * k // steps & ~4095
                    self.step(case, f"address space of {size}", limit(size))

    def test_too_little_memory_for_libtorch(self):
        for case in self.cases():
            if case.name == "train":
                limit = lambda: resource.setrlimit(resource.RLIMIT_AS, ((1 << 30) - 4096,) * 2)
                done = subprocess.run([BIN / case.tool, *self.arguments(case)], cwd=self.folder, capture_output=True,
                                      text=True, preexec_fn=limit, timeout=LIMIT_S)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (
                    2, "", "snnl-train: error: not enough memory: libtorch needs 1 GiB of address space; allow more "
                    "(ulimit -v)\n"))
                self.assertEqual(os.listdir(self.folder), [])

    def halve(self, low, high, width, works):
        while high - low > width:
            middle = (low + high) // 2 & ~4095
            low, high = (low, middle) if works(middle) else (middle, high)
        return high

    def test_descriptors(self):
        for case in self.cases():
            with self.subTest(case.name):
                for count in range(4, 64):
                    limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))
                    if subprocess.run([BIN / case.tool, "--version"], preexec_fn=limit, capture_output=True).returncode:
                        continue
                    if self.step(case, f"{count} descriptors", limit):
                        break
                else:
                    self.fail(f"{case.name}: 64 descriptors are too few")

    def test_closed_descriptors(self):
        for case in self.cases():
            for closed in ([0], [1], [2], [0, 1], [1, 2], [0, 1, 2]):
                with self.subTest(case.name, closed=closed):
                    folder, names = self.folder, case.outputs
                    for name in names:
                        (folder / name).unlink(missing_ok=True)
                    marks = " ".join(f"{number}{'<' if number == 0 else '>'}&-" for number in closed)
                    command = ["/bin/sh", "-c", f'exec "$@" {marks}', "sh", BIN / case.tool, *self.arguments(case)]
                    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LIMIT_S)
                    prints = 1 in closed and "-q" not in case.arguments and case.name != "report"
                    self.assertEqual(done.returncode, 2 if prints else 0, done.stderr)
                    if prints and 2 not in closed:
                        self.assertEqual(done.stderr, f"{case.tool}: error: stdout: could not be written\n")
                    self.assertEqual([name for name in os.listdir(folder) if name.endswith(".tmp")], [])
                    for name, reference in self.reference(case).items():
                        if (folder / name).exists() and case.name != "train":
                            self.assertEqual((folder / name).read_bytes(), reference)

    # Threads that cannot be had: none, then one, and so on. A shim makes them fail; root has no limit of its own.
    def test_threads(self):
        shim = self.make_shim()
        if not shim:
            self.skipTest("there is no C compiler")
        for case in self.cases():
            if self.starts_threads_before_main(case):
                continue
            with self.subTest(case.name):
                for count in (0, 1, 2, 3, 5, 9):
                    self.step(case, f"{count} threads", environment={"LD_PRELOAD": shim, "SNNL_TEST_THREADS": str(count)})

    def make_shim(self):
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if not compiler:
            return None
        source = pathlib.Path(self.keep.name) / "few_threads.c"
        source.write_text("""
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <pthread.h>
            #include <stdlib.h>
            static int left = -1;
            int pthread_create(pthread_t* t, const pthread_attr_t* a, void* (*f)(void*), void* x) {
              int (*real)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) = dlsym(RTLD_NEXT, "pthread_create");
              if (left < 0) left = atoi(getenv("SNNL_TEST_THREADS"));
              if (left == 0) return EAGAIN;
              --left;
              return real(t, a, f, x);
            }
            """)
        shim = source.with_suffix(".so")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
        return str(shim)

    def unprivileged(self):
        """A folder of nobody's, or a reason why there can be none."""
        if os.geteuid() != 0:
            self.skipTest("only root can become another user")
        folder = self.folder / "of-nobody"
        folder.mkdir()
        os.chmod(self.folder, 0o755)
        os.chown(folder, NOBODY, NOBODY)
        try:
            subprocess.run([BIN / "snnl-analyze", "--version"], user=NOBODY, group=NOBODY, extra_groups=[], check=True,
                           capture_output=True)
        except (PermissionError, subprocess.CalledProcessError, OSError) as error:
            self.skipTest(f"nobody cannot run the tools: {error}")
        return folder

    def test_processes(self):
        folder = self.unprivileged()
        for case in self.cases():
            with self.subTest(case.name):
                for count in (1, 2, 3, 4, 8):
                    limit = lambda: resource.setrlimit(resource.RLIMIT_NPROC, (count, count))
                    self.step(case, f"{count} processes", limit, folder=folder, user=NOBODY)

    def test_size_of_files(self):
        for case in self.cases():
            with self.subTest(case.name):
                largest = max(len(text) for text in self.reference(case).values())
                sizes = {0, 1, 4096, 65536, 131072, largest - 1}
                sizes |= {largest * k // STEPS for k in range(STEPS)}
                for size in sorted(sizes):
                    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
                    self.step(case, f"files of {size} bytes", limit)
                    self.step(case, f"new files of {size} bytes", limit, fresh=True)

    def test_full_device(self):
        for case in self.cases("analyze-losses", "report", "train"):
            with self.subTest(case.name):
                first = case.outputs[0]
                arguments = ["/dev/full" if text == first else text for text in self.arguments(case)]
                done = subprocess.run([BIN / case.tool, *arguments], cwd=self.folder, capture_output=True, text=True,
                                      timeout=LIMIT_S)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(done.stderr, f"{case.tool}: error: /dev/full: could not be written whole (No space left on "
                                 "device)\n")
                self.assertEqual(os.listdir(self.folder), [])

    def test_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        libc = ctypes.CDLL(None, use_errno=True)
        for case in self.cases():
            with self.subTest(case.name):
                needed = sum(len(text) + 8192 for text in self.reference(case).values())
                for k in range(STEPS // 2 + 1):
                    size = 16384 + needed * 3 * k // (STEPS // 2) & ~4095
                    if libc.mount(b"none", str(disk).encode(), b"tmpfs", 0, f"size={size}".encode()) != 0:
                        self.skipTest(f"a small disk cannot be made: {os.strerror(ctypes.get_errno())}")
                    try:
                        self.step(case, f"disk of {size} bytes", folder=disk, fresh=True)
                    finally:
                        libc.umount2(str(disk).encode(), 2)

    def test_folder_that_may_not_be_written(self):
        folder = self.unprivileged()
        os.chmod(folder, 0o555)
        os.chown(folder, 0, 0)
        for case in self.cases():
            with self.subTest(case.name):
                self.assertFalse(self.step(case, "closed folder", folder=folder, user=NOBODY, fresh=True))
                self.assertFalse(self.step(case, "closed folder, old files", folder=folder, user=NOBODY))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=pathlib.Path)
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("--dense", action="store_true", help="many more steps")
    parser.add_argument("-k", default="", help="only cases whose name holds this")
    parser.add_argument("tests", nargs="*", help="such as Limits.test_memory [all]")
    ARGUMENTS = parser.parse_args()
    BIN = ARGUMENTS.bin.resolve()
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it, and children would
    unittest.main(argv=[sys.argv[0], *ARGUMENTS.tests], verbosity=2)
