#!/usr/bin/env python3
"""Measure every row of the table in docs/performance.md and print it. scripts/bench builds and calls this."""

import argparse
import fnmatch
import json
import os
import sys
import tempfile
from pathlib import Path

import machine
import report
from measure import SOURCE, Setting, measure
from rows import PEERS, ROWS, quick

SCHEMA = "snnl.bench/1"


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__.splitlines()[0],
        epilog="rows: " + ", ".join(row.name for row in ROWS) + ". Exit status: 0 measured, whether bounds are met or "
        "not; 1 a row failed or measured something degenerate; 2 usage error. Example: bench --only 'd512*' --json b.json")
    parser.add_argument("--json", metavar="FILE", help=f"write everything as {SCHEMA}")
    parser.add_argument("--markdown", metavar="FILE", help="put the table between the markers of FILE, or make FILE")
    parser.add_argument("--quick", action="store_true", help="small sizes, no bounds, no peers: only shows that it runs")
    parser.add_argument("--threads", type=positive, metavar="N", default=min(2, os.cpu_count() or 1),
                        help="for all programs alike (default: %(default)s)")
    parser.add_argument("--repetitions", type=positive, metavar="R",
                        help="of each row, fewer for those that take long (default: 5, with --quick 1)")
    parser.add_argument("--only", action="append", metavar="PATTERN", help="rows by glob ('process-*'); repeatable")
    parser.add_argument("--binaries", type=Path, metavar="DIR", default=SOURCE / "build/bench/bin",
                        help="where snnl-bench and snnl-analyze are (default: build/bench/bin)")
    options = parser.parse_args(arguments)
    options.repetitions = options.repetitions or (1 if options.quick else 5)
    rows = [row for row in ROWS
            if not options.only or any(fnmatch.fnmatch(row.name, pattern) for pattern in options.only)]
    if not rows:
        parser.error("--only: no row has such a name")
    for name in ("snnl-bench", "snnl-analyze"):
        if not (options.binaries / name).exists():
            parser.error(f"no {name} in {options.binaries}; scripts/bench builds it")
    return options, [quick(row) for row in rows if row.name not in PEERS] if options.quick else rows


def write(path, text):
    temporary = Path(f"{path}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def main():
    options, rows = parse(sys.argv[1:])
    load = os.getloadavg()[0]
    context, results = {}, []
    with tempfile.TemporaryDirectory(prefix="snnl-bench-") as scratch:
        setting = Setting(options.binaries, Path(scratch), options.threads, options.repetitions, options.quick, context)
        for row in rows:
            print(f"bench: {row.name}", file=sys.stderr, flush=True)
            results.append(measure(row, setting))
    document = {"schema": SCHEMA, "machine": machine.describe(context), "threads": options.threads,
                "repetitions": options.repetitions, "quick": options.quick, "load_before": load, "rows": results}
    print(report.terminal(document), end="")
    if options.json:
        write(options.json, json.dumps(document, indent=1, allow_nan=False) + "\n")
    if options.markdown:
        old = Path(options.markdown).read_text(encoding="utf-8") if Path(options.markdown).exists() else ""
        write(options.markdown, report.put_into(old, report.markdown(document)))
    return 1 if any("failed" in result or "degenerate" in result for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
