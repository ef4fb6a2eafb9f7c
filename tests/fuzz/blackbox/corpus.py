"""What is mutated: the dumps of the tests, and files that the tools make of them."""

import gzip
import json
import os
import struct
import subprocess

from mutate_hdf5 import Structures

LARGEST_DUMP = 120_000  # those of thousands of samples take seconds, undamaged


class Dump:
    """A dump, and the options of snnl-analyze that read it."""

    def __init__(self, name, data, options):
        self.name, self.data, self.options, self.structures = name, data, options, Structures(data)


class Corpus:
    """`tools` is the folder of the built tools, `fixtures` folders of dumps, `folder` an empty one to work in."""

    def __init__(self, tools, fixtures, folder):
        self.tools, self.folder = tools, folder
        self.dumps = [self._dump(path) for path in sorted(self._paths(fixtures))]
        if not self.dumps:
            raise SystemExit(f"fuzz: error: {', '.join(fixtures)}: hold no dumps; build the tests first")
        self.dump_bytes = [dump.data for dump in self.dumps]
        self.analyses = self._analyses()
        self.outliers = self._outliers()
        self.configs = [json.dumps(one).encode() for one in (
            {"schema": "snnl.check-config/1", "baseline": "base.json", "tolerance": ["entanglement:150%", "fc*:entanglement:5%"],
             "direction": ["entanglement:lower"], "layers": ["fc*", "conv[0-9]"], "epochs": "0:10:2"},
            {"schema": "snnl.check-config/1", "tolerance": ["class_similarity:0.01", "temperature:5%"], "epochs": "::"})]
        self.images = self._images()
        self.has_page = self._succeeds("snnl-report", ["a.json", "-o", "a.html"], {"a.json": self.analyses[0]})
        self.has_train = os.path.exists(os.path.join(tools, "snnl-train"))

    def _paths(self, fixtures):
        for folder in fixtures:
            for name in os.listdir(folder):
                path = os.path.join(folder, name)
                if name.endswith((".h5", ".hdf5")) and os.path.isfile(path) and 0 < os.path.getsize(path) <= LARGEST_DUMP:
                    yield path

    def _run(self, tool, arguments, **options):
        return subprocess.run([os.path.join(self.tools, tool), *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120, check=False, **options)

    def _dump(self, path):
        with open(path, "rb") as file:
            data = file.read()
        options = []
        try:
            command = json.loads(self._run("snnl-inspect", [path, "--json", "-"]).stdout)["command"]
            options = [one for one in command if one != path and one not in ("snnl-analyze", "--")]
        except (ValueError, KeyError):
            pass
        return Dump(os.path.basename(path), data, options)

    def find(self, name):
        return next(dump for dump in self.dumps if dump.name == name + ".h5")

    def write(self, files):
        for name, data in files.items():
            with open(os.path.join(self.folder, name), "wb") as file:
                file.write(data)

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def _succeeds(self, tool, arguments, files):
        self.write(files)
        return self._run(tool, arguments).returncode == 0

    def _analyses(self):
        out = []
        for name, options in (("good_and_bad", []), ("several", ["--temperature-curve", "5"]), ("odd_names", []),
                              ("class_missing", ["--rows", "20"]), ("one_class", ["--precision", "double"])):
            dump = self.find(name)
            self.write({"a.h5": dump.data})
            self._run("snnl-analyze", ["a.h5", *dump.options, *options, "-q", "--json", "a.json"])
            out.append(self.read("a.json"))
        return out

    def _outliers(self):
        self.write({"a.h5": self.find("clean").data})
        parts = [f"--{part}=a.h5@{rows}" for part, rows in (("train", "0:20"), ("calibration", "20:28"), ("test", "28:36"))]
        self._run("snnl-outliers", [*parts, "--ood", "far=a.h5@30:36", "-k", "3", "-q", "--json", "o.json"])
        return [self.read("o.json")]

    @staticmethod
    def _images():
        """Two sets of 60 images of 6 x 6 in two classes, plain and gzip."""
        out = []
        for pack in (False, True):
            files = {}
            for split in ("train", "t10k"):
                labels = bytes(k % 2 for k in range(60))
                pixels = bytes((37 * k * (k % 36 + 1) + 90 * (k // 36 % 2)) % 256 for k in range(60 * 36))
                parts = {f"{split}-images-idx3-ubyte": struct.pack(">BBBBIII", 0, 0, 8, 3, 60, 6, 6) + pixels,
                         f"{split}-labels-idx1-ubyte": struct.pack(">BBBBI", 0, 0, 8, 1, 60) + labels}
                for name, data in parts.items():
                    files[name + (".gz" if pack else "")] = gzip.compress(data, mtime=0) if pack else data
            out.append(files)
        return out
