#!/usr/bin/env python3
"""Runs the tools on damaged dumps, JSON and image sets, and judges how each run ends."""

import argparse
import collections
import ctypes
import multiprocessing
import os
import random
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import cases
from corpus import Corpus
from judge import judge

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PR_SET_CHILD_SUBREAPER = 36


def parse():
    parser = argparse.ArgumentParser(
        prog="fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="A good end is: exit status 0, 1 or 2, no signal, in time, stderr nothing but harmless lines 'TOOL: ...', no file\n"
               "left behind, no input changed, each output whole or absent, no process that outlives the tool.\n"
               "Run K of a seed is the same whatever else runs: --seed S --first K --runs 1 repeats it.\n"
               "Exit status: 0 all ended well, 1 some did not, 2 usage error.")
    parser.add_argument("--runs", type=int, default=2000, metavar="N", help="[%(default)s]")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="[%(default)s]")
    parser.add_argument("--first", type=int, default=0, metavar="K", help="number of the first run [%(default)s]")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="J", help="runs at a time [%(default)s]")
    parser.add_argument("--keep", default="out/fuzz", metavar="DIR", help="where findings are kept [%(default)s]")
    parser.add_argument("--bin", default="build/test/bin", metavar="DIR", help="the tools [%(default)s]")
    parser.add_argument("--fixtures", default="build/test/tests/dumps,build/test/tests/cli_dumps", metavar="DIR,...",
                        help="dumps to mutate [%(default)s]")
    parser.add_argument("--only", default="", metavar="KIND,...", help=f"of {', '.join(cases.KINDS)} [all]")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS", help="of a run [%(default)s]")
    parser.add_argument("--address-space", type=int, default=4096, metavar="MIB",
                        help="limit of a run, 0 for none, as sanitizers need it [%(default)s]")
    options = parser.parse_args()
    options.only = [kind for kind in options.only.split(",") if kind]
    if any(kind not in cases.KINDS for kind in options.only) or options.runs < 1 or options.jobs < 1:
        parser.error("--only: unknown kind, or nothing to run")
    return options


class Worker:
    """Runs cases one by one in a folder of its own."""

    def __init__(self, options, corpus, folder):
        self.options, self.corpus = options, corpus
        self.folder = tempfile.mkdtemp(dir=folder)
        # Processes that a tool leaves become children of this one, where they are seen.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))
        if options.address_space:
            resource.setrlimit(resource.RLIMIT_AS, (options.address_space << 20,) * 2)
        # Tools must say what is wrong themselves.
        os.environ.update({"LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "exitcode=99:abort_on_error=0", "UBSAN_OPTIONS": "halt_on_error=1"})

    def __call__(self, number):
        rng = random.Random(f"{self.options.seed} {number}")
        kind, case = cases.make(rng, self.corpus, self.options.only)
        folder = os.path.join(self.folder, "run")
        os.mkdir(folder)
        for name, data in case.files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        status, out, err, orphans = self._run(case, folder)
        complaint = judge(case, folder, status, out, err, orphans)
        if complaint:
            self._keep(number, kind, case, complaint, out, err)
        shutil.rmtree(folder)
        return kind, complaint, number

    def _run(self, case, folder):
        tool = os.path.join(self.corpus.tools, case.tool)
        with subprocess.Popen([tool, *case.arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, start_new_session=True) as process:
            try:
                out, err = process.communicate(timeout=self.options.timeout)
                status = process.returncode
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                out, err = process.communicate()
                status = None
        return status, out, err, self._orphans()

    @staticmethod
    def _orphans():
        """Ends the processes that are left, and counts those that did not end by themselves in a second."""
        deadline = time.monotonic() + 1
        while True:
            try:
                found = os.waitpid(-1, os.WNOHANG)[0]
            except ChildProcessError:
                return 0
            if not found:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.01)
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            children = [int(one) for one in file.read().split()]
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return len(children)

    def _keep(self, number, kind, case, complaint, out, err):
        folder = os.path.join(self.options.keep, f"{complaint[0]}-{kind}-{self.options.seed}-{number}")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for name, data in {**case.files, "stdout": out, "stderr": err}.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        only = f" --only {','.join(self.options.only)}" if self.options.only else ""
        with open(os.path.join(folder, "command"), "w", encoding="utf-8") as file:
            file.write(f"# {complaint[0]}: {complaint[1]}; {case.mutated} is damaged\n{shlex.join([case.tool, *case.arguments])}\n"
                       f"# scripts/fuzz --seed {self.options.seed} --first {number} --runs 1{only}\n")


_worker = None


def _start(options, corpus, folder):
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _worker = Worker(options, corpus, folder)


def _one(number):
    return _worker(number)


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that folders are removed
    os.chdir(ROOT)
    options.keep, tools = os.path.abspath(options.keep), os.path.abspath(options.bin)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    counts, kinds, begin = collections.Counter(), collections.Counter(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="snnl-fuzz-", dir=memory) as folder:
        seeds = os.path.join(folder, "seeds")
        os.mkdir(seeds)
        try:
            corpus = Corpus(tools, options.fixtures.split(","), seeds)
        except OSError as error:
            print(f"fuzz: error: {error.filename}: {error.strerror}; build the tests first (scripts/build test)", file=sys.stderr)
            return 2
        prepared = time.monotonic()
        numbers = range(options.first, options.first + options.runs)
        with multiprocessing.get_context("fork").Pool(options.jobs, _start, (options, corpus, folder)) as pool:
            for done, (kind, complaint, number) in enumerate(pool.imap_unordered(_one, numbers, 16), 1):
                kinds[kind] += 1
                if complaint:
                    counts[complaint[0]] += 1
                    print(f"run {number}, {kind}: {complaint[0]}: {complaint[1]}", flush=True)
                if done % 10000 == 0:
                    print(f"{done} runs, {sum(counts.values())} findings, {done / (time.monotonic() - prepared):.0f} runs/s",
                          flush=True)
    spent = time.monotonic() - prepared
    print("by kind: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    print(f"{options.runs} runs, {sum(counts.values())} findings" +
          (" (" + ", ".join(f"{name} {count}" for name, count in counts.most_common()) + f"), kept in {options.keep}" if counts else "") +
          f"; seed {options.seed}, {options.runs / spent:.0f} runs/s, {prepared - begin:.0f} s to prepare")
    return 1 if counts else 0


if __name__ == "__main__":
    sys.exit(main())
