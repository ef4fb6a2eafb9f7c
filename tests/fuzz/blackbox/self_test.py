#!/usr/bin/env python3
"""That the judge sees each kind of bad end, on a tool that misbehaves as it is told; and that mutations follow the seed."""

import os
import random
import struct
import sys
import tempfile
import types
import unittest

import cases
import main
import mutate_hdf5
import mutate_json

TOOL = """#!/bin/sh
eval "$1"
"""
GOOD = "echo hello; echo 'snnl-fake: error: in.h5: is damaged' >&2; exit 2"


class Judge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        tool = os.path.join(cls.folder.name, "snnl-fake")
        with open(tool, "w", encoding="ascii") as file:
            file.write(TOOL)
        os.chmod(tool, 0o755)
        options = types.SimpleNamespace(address_space=0, timeout=1, seed=1, only=[], keep=cls.folder.name)
        cls.worker = main.Worker(options, types.SimpleNamespace(tools=cls.folder.name), cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def kind(self, script, **more):
        case = cases.Case("snnl-fake", [script], {"in.h5": b"bytes"}, "in.h5", **more)
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "in.h5"), "wb") as file:
                file.write(b"bytes")
            complaint = main.judge(case, folder, *self.worker._run(case, folder))
            return complaint and complaint[0]

    def test_good_ends(self):
        self.assertIsNone(self.kind(GOOD))
        self.assertIsNone(self.kind("echo '{\"a\": 1}' > a.json; echo x > b.csv", outputs=["a.json", "b.csv"]))
        self.assertIsNone(self.kind("exit 1", silent=True))

    def test_bad_ends(self):
        for kind, script in (("signal", "kill -SEGV $$"), ("status", "exit 3"), ("hang", "sleep 30"), ("silent", "exit 2"),
                             ("leak", "echo 'HDF5-DIAG: Error detected' >&2; exit 2"),
                             ("leak", f"echo 'terminate called' >&2; {GOOD}"),
                             ("long", "echo \"snnl-fake: error: $(head -c 2000 /dev/zero | tr '\\0' x)\" >&2; exit 2"),
                             ("harmful", "printf 'a\\033[2J\\n'"), ("harmful", "printf '\\342\\200\\256\\n'"), ("harmful", "printf '\\377'"),
                             ("left", "echo x > in.h5.tmp-1"), ("input", "echo x >> in.h5"), ("input", "rm in.h5"),
                             ("orphan", "sleep 20 >/dev/null 2>&1 & exit 0"),
                             ("orphan", "setsid sleep 20 >/dev/null 2>&1 & sleep 0.3")):
            with self.subTest(script=script):
                self.assertEqual(self.kind(script), kind)

    def test_bad_outputs(self):
        for kind, name, script in (("torn", "a.json", "printf '{\"a\": 1' > a.json"), ("torn", "a.json", "echo NaN > a.json"),
                                   ("torn", "a.xml", "echo '<a>' > a.xml"), ("torn", "a.csv", "printf 'a,b\\n1' > a.csv"),
                                   ("torn", "a.html", "echo '<html>' > a.html"), ("torn", "a.h5", "echo x > a.h5"),
                                   ("absent", "a.json", "exit 0")):
            with self.subTest(script=script):
                self.assertEqual(self.kind(script, outputs=[name]), kind)


class Mutation(unittest.TestCase):
    def test_lookup3(self):
        # The values that the function's author gives.
        self.assertEqual(mutate_hdf5.lookup3(b""), 0xDEADBEEF)
        self.assertEqual(mutate_hdf5.lookup3(b"Four score and seven years ago"), 0x17770551)

    def test_checksums_are_made_to_fit(self):
        header = bytearray(b"\x89HDF\r\n\x1a\n" + bytes((2, 8, 8, 0)) + struct.pack("<4Q", 0, 2**64 - 1, 4096, 48))
        header += struct.pack("<I", mutate_hdf5.lookup3(header)) + bytes(100)
        structures = mutate_hdf5.Structures(bytes(header))
        self.assertEqual(structures.places, [(0, 44, 44)])
        fit = 0
        for seed in range(200):
            data = bytearray(header)
            mutate_hdf5.mutate(random.Random(seed), data, [bytes(header)], structures)
            stored = int.from_bytes(data[44:48], "little")
            fit += data[:44] != header[:44] and len(data) == len(header) and mutate_hdf5.lookup3(data[:44]) == stored
        self.assertGreater(fit, 50)

    def test_seed(self):
        text = b'{"a": [1, 2, {"b": "c"}], "d": null}'

        def made(seed):
            data = bytearray(text)
            mutate_json.mutate(random.Random(seed), data, [text])
            return bytes(data)

        self.assertEqual([made(k) for k in range(100)], [made(k) for k in range(100)])
        self.assertGreater(len({made(k) for k in range(100)}), 50)


if __name__ == "__main__":
    sys.exit(unittest.main())
