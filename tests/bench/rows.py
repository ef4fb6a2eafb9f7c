"""The rows of the table: what is measured, on what, and what is to be reached."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Bound:
    """`of` is a field of a result: ratio, seconds, pairs_per_second, peak_mib."""

    of: str
    reach: float
    stretch: float = None
    least: bool = False  # whether the measured value is to be at least this, not at most

    def met(self, value):
        """"no", "yes", or "stretch"."""
        def holds(limit):
            return value >= limit if self.least else value <= limit
        if self.stretch is not None and holds(self.stretch):
            return "stretch"
        return "yes" if holds(self.reach) else "no"

    def __str__(self):
        unit = {"ratio": " x", "seconds": " s", "pairs_per_second": " pairs/s", "peak_mib": " MiB"}[self.of]
        text = f"{'>=' if self.least else '<='} {self.reach:.3g}{unit}"
        return text if self.stretch is None else f"{text} ({self.stretch:.3g})"


@dataclass(frozen=True)
class Row:
    name: str
    kind: str  # how it is measured: a function of measure.py
    case: str  # for the reader
    workload: dict = field(default_factory=dict)
    bounds: tuple = ()
    status: str = "converged"  # of the temperature; anything else is reported as degenerate
    reference: str = ""  # what the ratio is against, for the reader
    options: dict = field(default_factory=dict)  # of its kind


def clusters(n, d, classes, separation, norms=0):
    return {"n": n, "d": d, "classes": classes, "separation": separation, "kind": "clusters", "seed": 1, "norms": norms}


def logits(n, classes, margin):
    return {"n": n, "d": classes, "classes": classes, "separation": margin, "kind": "logits", "seed": 1}


# The instruction sets, each with the kernels of OpenBLAS for it; "": those that it chooses itself.
CORES = (("avx512", ""), ("avx512", "SkylakeX"), ("avx2", "Haswell"), ("sse2", "Nehalem"))


def makers():
    """Who makes products by default is decided by these: packed() against BLAS."""
    def row(what, simd, core, kind, d, **options):
        name = f"makers-{what}-d{d}-{simd}{'-' + core if core else ''}".replace(" ", "-")
        return Row(name, kind, f"{what}, {simd}", options.pop("workload", {"n": 512, "d": d}), (), None,
                   f"BLAS, {core or 'its own choice'}", {"simd": simd, "core": core, **options})
    for simd, core in CORES:
        for d in (64, 512):
            yield row("tile in float", simd, core, "makers_of_a_tile", d, product="distances<float>")
            yield row("tile in double", simd, core, "makers_of_a_tile", d, product="distances<double>")
            yield row("exact rows", simd, core, "makers_of_a_tile", d, product="rows<double>")
        for d in (64, 512):
            yield row("gradient", simd, core, "makers_of_a_case", d, subject="gradient", workload=clusters(4096, d, 10, 0.2))
        yield row("neighbours", simd, core, "makers_of_a_case", 512, subject="neighbors", workload=clusters(8000, 512, 10, 0.2))


USUAL = clusters(8192, 512, 10, 0.2)


def against_gemm(name, case, workload, *bounds, status="converged"):
    return Row(name, "search", case, workload, bounds, status, "gemm", {"reference": "gemm"})


def with_classes(count, reach):
    return Row(f"classes-{count}", "search", f"{count} classes", clusters(8192, 512, count, 0.2), (Bound("ratio", reach),),
               reference="10 classes", options={"reference": "classes"})


ROWS = [
    against_gemm("d512", "search", USUAL, Bound("ratio", 0.8, 0.65)),
    against_gemm("d3072", "search", clusters(8192, 3072, 10, 0.12), Bound("ratio", 0.75, 0.6)),
    against_gemm("d64", "search", clusters(8192, 64, 10, 0.3), Bound("ratio", 1.2, 0.9)),
    against_gemm("logits", "search, logits", logits(8192, 10, 2),
                 Bound("pairs_per_second", 400e6, 800e6, least=True)),
    Row("n60000", "large_search", "search", clusters(60000, 512, 10, 0.2),
        (Bound("ratio", 0.8, 0.65), Bound("peak_mib", 450)), reference="gemm at its rate for n = 8192"),
    with_classes(100, 1.15),
    with_classes(1000, 1.8),
    against_gemm("d512-more-overlap", "search, more overlap", clusters(8192, 512, 10, 0.15)),
    against_gemm("d512-separated", "search, separated", clusters(8192, 512, 10, 1), status="lower_bound"),
    against_gemm("d3072-separated", "search, separated", clusters(8192, 3072, 10, 0.5), status="lower_bound"),
    against_gemm("d64-separated", "search, separated", clusters(8192, 64, 10, 2.5), status="lower_bound"),
    against_gemm("logits-separated", "search, separated logits", logits(8192, 10, 15), status="lower_bound"),
    against_gemm("d512-norms", "search, unequal norms", clusters(8192, 512, 10, 0.2, norms=0.2)),
    against_gemm("d64-norms", "search, unequal norms", clusters(8192, 64, 10, 0.3, norms=0.2)),
    against_gemm("d512-nearly-separated", "search, nearly separated", clusters(8192, 512, 10, 0.5), status="lower_bound"),
    against_gemm("d512-norms-separated", "search, unequal norms, nearly separated", clusters(8192, 512, 10, 0.5, norms=0.2),
                 status=None),
    Row("threads", "thread_scaling", "search, one thread over two", USUAL, (Bound("ratio", 1.85, 1.95, least=True),),
        reference="one thread"),
    Row("process-float32", "processes", "snnl-analyze, float32", USUAL, (Bound("ratio", 1.15),), reference="search",
        options={"storage": "float32", "against": None}),
    Row("process-float16", "processes", "snnl-analyze, float16", USUAL, (Bound("ratio", 1.1),), reference="float32 dump",
        options={"storage": "float16", "against": "float32"}),
    Row("process-gzip", "processes", "snnl-analyze, gzip", USUAL, reference="float32 dump",
        options={"storage": "gzip", "against": "float32"}),
    Row("rows", "process_of_rows", "snnl-analyze --rows {rows}", clusters(1000000, 128, 10, 0.3),
        (Bound("seconds", 40),), options={"rows": 4096}),
    Row("digits", "real_dump", "snnl-analyze digits_mlp.h5", options={"file": "digits_mlp.h5"}),
    Row("fashion-mnist", "real_dump", "snnl-analyze fashion_mnist_cnn.h5", options={"file": "fashion_mnist_cnn.h5"}),
    Row("gradient", "gradient", "gradient", USUAL, (Bound("ratio", 3.5),), "fixed", "gemm"),
    Row("gradient-batch", "gradient_peer", "gradient of a batch, PyTorch", clusters(128, 256, 10, 0.2),
        (Bound("ratio", 1, least=True),), "fixed", "gradient", {"calls": 200, "modules": ["numpy", "torch"]}),
    Row("neighbors-faiss", "neighbors_peer", "75 neighbours, FAISS", clusters(24000, 512, 10, 0.2),
        (Bound("ratio", 1.3, 1.8, least=True),), "fixed", "neighbours", {"modules": ["numpy", "faiss"]}),
    Row("sklearn", "peer", "scikit-learn and SciPy", clusters(4096, 512, 10, 0.2),
        (Bound("ratio", 40, 60, least=True),), reference="search",
        options={"peer": "sklearn", "modules": ["numpy", "scipy", "sklearn"]}),
    Row("torch", "peer", "PyTorch", clusters(4096, 512, 10, 0.2), (Bound("ratio", 30, least=True),), reference="search",
        options={"peer": "torch", "modules": ["numpy", "torch"]}),
]
ROWS += makers()

PEERS = ("sklearn", "torch", "neighbors-faiss")


def quick(row):
    """The same with little data and nothing to reach: what the smoke test runs."""
    workload, options = dict(row.workload), dict(row.options)
    if workload and row.kind != "makers_of_a_tile":
        workload["n"] = min(workload["n"], max(256, workload["n"] // 64)) if workload["n"] <= 8192 else 1024
        if "classes" in workload:
            workload["classes"] = min(workload["classes"], workload["n"] // 4)
    if row.kind.startswith("makers"):
        options["turns"] = 1
    if "rows" in options:
        options["rows"] = 128
    return replace(row, workload=workload, options=options, bounds=(), status=None)
