#!/usr/bin/env python3
"""Writes one activation dump: make_bench_dumps.py FILE WORKLOAD STORAGE

WORKLOAD is the JSON of the arguments of samples.chunks; STORAGE is float32, float16, or gzip (float32 in chunks of 256
rows, shuffled, level 4).
"""

import json
import sys

import h5py
import numpy as np

from samples import chunks


def main():
    path, workload, storage = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
    n, d = workload["n"], workload["d"]
    options = {}
    if storage == "gzip":
        options = {"chunks": (min(256, n), d), "compression": "gzip", "compression_opts": 4, "shuffle": True}
    with h5py.File(path, "w") as f:
        f.attrs["snnl_dump_version"] = 1
        group = f.create_group("epochs/0000")
        group.attrs["epoch"] = 0
        data = group.create_dataset("layer", (n, d), np.float16 if storage == "float16" else np.float32, **options)
        labels = f.create_dataset("labels", (n,), np.int64)
        first = 0
        for x, y in chunks(**workload):
            data[first:first + len(x)] = x
            labels[first:first + len(x)] = y
            first += len(x)


main()
