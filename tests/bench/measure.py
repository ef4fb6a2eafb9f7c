"""Runs the programs that a row needs and makes a result of what they say."""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent.parent


class Skipped(Exception):
    """The row cannot be measured here; says why."""


@dataclass
class Setting:
    binaries: Path
    scratch: Path
    threads: int
    repetitions: int
    quick: bool
    context: dict  # what snnl-bench says about itself

    def program(self, name):
        return str(self.binaries / name)


def run(command, environment=None):
    """Runs a program to its end: (stdout, seconds, peak MiB). Its time is that of the whole process."""
    start = time.perf_counter()
    # This process is small: the peak that a child inherits from it does not matter.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}) as process:
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"exit status {process.returncode} of: {' '.join(map(str, command))}")
    return out, seconds, usage.ru_maxrss / 1024


def python_with(*modules):
    found = subprocess.run([SOURCE / "scripts/find-python", *modules], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                           text=True)
    if found.returncode != 0:
        raise Skipped(f"no Python has {', '.join(modules)}")
    return found.stdout.strip()


def bench(setting, reference, workload, repetitions, environment=None, **more):
    """The repetitions of one case of snnl-bench, as dictionaries."""
    values = {"threads": setting.threads, **workload, **more}
    case = reference + ":" + ",".join(f"{key}={value}" for key, value in values.items())
    out, _, _ = run([setting.program("snnl-bench"), f"--case={case}", "--benchmark_format=json",
                     f"--benchmark_repetitions={repetitions}"], environment)
    document = json.loads(out)
    if not environment:
        setting.context.update(document["context"])
    return [b for b in document["benchmarks"] if b["run_type"] == "iteration"]


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values), "values": values}


def timed(subject, reference=None):
    """Fields of a result. The ratio is the median of the ratios of neighbours in time, not the ratio of medians."""
    result = {"seconds": spread(subject)}
    if reference:
        result["reference_seconds"] = spread(reference)
        result["ratio"] = spread([a / b for a, b in zip(subject, reference)])
    return result


def told(repetition):
    return {"l": repetition["l"], "normalized": repetition["normalized"], "passes": int(repetition["passes"]),
            "status": repetition["label"], "precision": "double" if repetition["used_double"] else "float"}


def search(row, setting):
    reference = row.options["reference"]
    repetitions = bench(setting, reference, row.workload, setting.repetitions)
    result = timed([r["subject_s"] for r in repetitions], [r["reference_s"] for r in repetitions])
    result.update(told(repetitions[-1]))
    # The product that GEMM needs does not count: again, in a process that holds the matrix only.
    alone = bench(setting, "none", row.workload, 1)[0]
    result["peak_mib"] = alone["peak_kib"] / 1024
    n = row.workload["n"]
    result["pairs_per_second"] = n * (n - 1) / 2 / result["seconds"]["median"]
    return result


def of_gradient(repetition):
    return {"l": repetition["l"], "status": "fixed", "precision": "double" if repetition["used_double"] else "float",
            "peak_mib": repetition["peak_kib"] / 1024}


def gradient(row, setting):
    repetitions = bench(setting, "gemm", row.workload, setting.repetitions, subject="gradient")
    return {**timed([r["subject_s"] for r in repetitions], [r["reference_s"] for r in repetitions]),
            **of_gradient(repetitions[-1])}


def beside(setting, row, measured, peer, *arguments):
    """(fields, our last repetition, what the peer says): ours, then the peer, then ours again. `arguments`
    are what else it is told; one that is called is made of our last repetition. The ratio is peer over ours."""
    python = python_with(*row.options["modules"])
    repetitions = measured()
    out, _, peak = run([python, HERE / "peers.py", peer, json.dumps(row.workload), str(setting.threads),
                        *[argument(repetitions[-1]) if callable(argument) else str(argument) for argument in arguments]])
    theirs = json.loads(out)
    repetitions += measured()
    ours = [r["subject_s"] for r in repetitions]
    fields = timed(theirs["seconds"], [statistics.median(ours)] * len(theirs["seconds"]))
    fields.update(reference_seconds=spread(ours), peak_mib=peak, peer_l=theirs["l"],
                  peer=f"{theirs['versions']}: {theirs['method']}")
    return fields, repetitions[-1], theirs


def gradient_peer(row, setting):
    """The ratio is PyTorch's autograd over the gradient of the library."""
    calls = 2 if setting.quick else row.options["calls"]

    def measured():
        # It takes as many threads as so small a problem is worth.
        return bench(setting, "none", row.workload, setting.repetitions, subject="gradient", calls=calls, threads=0)

    fields, last, _ = beside(setting, row, measured, "torch-gradient", setting.repetitions,
                             lambda ours: repr(ours["temperature"]), calls)
    return {**fields, **of_gradient(last), "peer_evaluations": calls}


def neighbors_peer(row, setting):
    """The ratio is FAISS over the library; both take the same neighbours."""
    def measured():
        return bench(setting, "none", row.workload, setting.repetitions, subject="neighbors")

    fields, last, theirs = beside(setting, row, measured, "faiss", setting.repetitions)
    if abs(theirs["l"] / last["l"] - 1) > 1e-4:
        raise RuntimeError(f"FAISS found other neighbours: {theirs['l']}, not {last['l']}")
    return {**fields, "status": "fixed", "precision": "float", "peak_mib": last["peak_kib"] / 1024, "l": last["l"],
            "peer_evaluations": 1}


def thread_scaling(row, setting):
    """The ratio is one thread over two: the speed-up."""
    if setting.threads < 2:
        raise Skipped("one thread only")
    repetitions = bench(setting, "one_thread", row.workload, setting.repetitions, threads=2)
    two, one = [r["subject_s"] for r in repetitions], [r["reference_s"] for r in repetitions]
    return {**timed(two), "reference_seconds": spread(one), "ratio": spread([a / b for a, b in zip(one, two)]),
            **told(repetitions[-1]), "peak_mib": repetitions[-1]["peak_kib"] / 1024}


def large_search(row, setting):
    """GEMM's product would not fit: its rate is measured on fewer rows, before and after each search."""
    fewer = {**row.workload, "n": min(8192, row.workload["n"])}

    def rate():
        return [r["subject_s"] for r in bench(setting, "gemm_alone", fewer, 2 if setting.quick else 10)]

    seconds, reference, before = [], [], rate()
    for _ in range(min(2, setting.repetitions)):
        searched = bench(setting, "none", row.workload, 1, warm_up=0)[0]
        after = rate()
        seconds.append(searched["subject_s"])
        reference.append(statistics.median(before + after) * (row.workload["n"] / fewer["n"]) ** 2)
        before = after
    return {**timed(seconds, reference), **told(searched), "peak_mib": searched["peak_kib"] / 1024}


def make_dump(setting, workload, storage):
    path = setting.scratch / f"n{workload['n']}-d{workload['d']}-{storage}.h5"
    if not path.exists():
        run([python_with("h5py", "numpy"), HERE / "make_bench_dumps.py", path, json.dumps(workload), storage])
    return path


def analyze(setting, path, *options):
    """A whole snnl-analyze: (seconds, peak MiB, its items)."""
    out = setting.scratch / "analysis.json"
    _, seconds, peak = run([setting.program("snnl-analyze"), path, "-q", "--json", out,
                            "--threads", str(setting.threads), *options])
    return seconds, peak, json.loads(out.read_text())["items"]


def of_item(item):
    return {"l": item["entanglement"], "normalized": item["normalized"], "status": item["temperature_status"],
            "precision": item["precision"]}


def processes(row, setting):
    dump = make_dump(setting, row.workload, row.options["storage"])
    against = row.options["against"]
    other = make_dump(setting, row.workload, against) if against else None
    seconds, reference = [], []
    for _ in range(setting.repetitions):
        if other:
            reference.append(analyze(setting, other)[0])
        else:
            searched = bench(setting, "none", row.workload, 1)[0]
            reference.append(searched["subject_s"])
        taken, peak, items = analyze(setting, dump)
        seconds.append(taken)
    if not other and abs(searched["l"] - items[0]["entanglement"]) > 1e-9:
        raise RuntimeError("samples.py and workload.cpp do not make the same samples")
    return {**timed(seconds, reference), **of_item(items[0]), "peak_mib": peak}


def process_of_rows(row, setting):
    if "--rows" not in run([setting.program("snnl-analyze"), "--help"])[0]:
        raise Skipped("snnl-analyze has no --rows")
    dump = make_dump(setting, row.workload, "float32")
    seconds, peak, items = analyze(setting, dump, "--rows", str(row.options["rows"]))
    dump.unlink()  # half a gigabyte
    return {**timed([seconds]), **of_item(items[0]), "peak_mib": peak}


def real_dump(row, setting):
    runs = [analyze(setting, SOURCE / "testdata" / row.options["file"]) for _ in range(setting.repetitions)]
    items = runs[-1][2]
    found = [item["entanglement"] for item in items]
    return {**timed([seconds for seconds, _, _ in runs]), "peak_mib": max(peak for _, peak, _ in runs),
            "items": len(items), "l": statistics.mean(found), "l_least": min(found), "l_most": max(found),
            "status": "/".join(sorted({item["temperature_status"] for item in items})),
            "precision": "/".join(sorted({item["precision"] for item in items}))}


def peer(row, setting):
    """The ratio is peer over search: how many times faster the search is."""
    fields, last, theirs = beside(setting, row, lambda: bench(setting, "none", row.workload, setting.repetitions),
                                  row.options["peer"], 1 if setting.quick else min(2, setting.repetitions))
    return {**fields, **told(last), "peer_evaluations": theirs["evaluations"]}


def of_makers(row, measured):
    """Ours and BLAS in turn; `measured(environment)` gives seconds. The ratio is ours over BLAS."""
    environment = {"SNNL_SIMD": row.options["simd"]}
    if row.options["core"]:
        environment["OPENBLAS_CORETYPE"] = row.options["core"]
    ours, theirs = [], []
    for _ in range(row.options.get("turns", 5)):
        ours.append(measured({**environment, "SNNL_PRODUCTS": "packed"}))
        theirs.append(measured({**environment, "SNNL_PRODUCTS": "blas"}))
    return {**timed(ours, theirs), "status": "", "peak_mib": None, "l": None}


def need_blas_and(setting, simd):
    if "simd_available" not in setting.context:
        out, _, _ = run([setting.program("snnl-bench"), "--benchmark_format=json", "--benchmark_filter=^minima",
                         "--benchmark_min_time=0.0001"])
        setting.context.update(json.loads(out)["context"])
    if setting.context["blas_of_products"] == "none":
        raise Skipped("there is no BLAS")
    if simd not in setting.context["simd_available"].split():
        raise Skipped(f"this machine has no {simd}")


def makers_of_a_tile(row, setting):
    """One tile of 512 x 512 pairs, or some exact rows, on one thread, without what eats it."""
    need_blas_and(setting, row.options["simd"])

    def measured(environment):
        out, _, _ = run([setting.program("snnl-bench"), "--benchmark_format=json",
                         f"--benchmark_filter=^products/{environment['SNNL_PRODUCTS']}/{row.options['product']}/{row.workload['d']}$",
                         f"--benchmark_min_time={0.001 if setting.quick else 0.1}"], environment)
        return json.loads(out)["benchmarks"][0]["real_time"] * 1e-6
    return of_makers(row, measured)


def makers_of_a_case(row, setting):
    """The whole of what the products are for."""
    need_blas_and(setting, row.options["simd"])
    return of_makers(row, lambda environment: statistics.median(
        r["subject_s"] for r in bench(setting, "none", row.workload, 1 if setting.quick else 2, environment,
                                      subject=row.options["subject"])))


KINDS = {f.__name__: f for f in (makers_of_a_tile, makers_of_a_case, search, thread_scaling, large_search, processes, process_of_rows, real_dump, peer,
                             gradient, gradient_peer, neighbors_peer)}


def measure(row, setting):
    """The result of a row: measured fields, or `skipped` with the reason, or `failed`."""
    result = {"name": row.name, "case": row.case.format(threads=setting.threads, **row.options), **row.workload,
              "reference": row.reference}
    try:
        result.update(KINDS[row.kind](row, setting))
    except Skipped as why:
        return {**result, "skipped": str(why)}
    except (RuntimeError, OSError, ValueError, KeyError) as error:
        print(f"bench: error: {row.name}: {error}", file=sys.stderr)
        return {**result, "failed": str(error)}
    if row.status and "status" in result and result["status"] != row.status and row.kind != "real_dump":
        result["degenerate"] = f"temperature {result['status']}, not {row.status}"
    elif row.status == "converged" and row.kind != "real_dump" and not 0.2 <= result["normalized"] <= 0.9:
        result["degenerate"] = f"normalized entanglement {result['normalized']:.3f}, not in [0.2, 0.9]"
    result["bounds"] = []
    for bound in row.bounds:
        value = result[bound.of]["median"] if isinstance(result[bound.of], dict) else result[bound.of]
        result["bounds"].append({"of": bound.of, "text": str(bound), "value": value, "met": bound.met(value)})
    return result
