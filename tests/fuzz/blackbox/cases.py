"""One run: files, one of them mutated, a tool and its options."""

import dataclasses

import mutate_bytes
import mutate_hdf5
import mutate_json


@dataclasses.dataclass
class Case:
    tool: str
    arguments: list
    files: dict  # name -> bytes
    mutated: str  # name of the file
    outputs: list = dataclasses.field(default_factory=list)  # names of files or folders that may appear
    rewritten: list = dataclasses.field(default_factory=list)  # inputs that are also outputs
    silent: bool = False  # whether a status other than 0 may come without a message


def _times(rng):
    return rng.choice((1, 1, 1, 1, 2, 3, 6))


def _damaged_dump(rng, corpus, dump):
    data = bytearray(dump.data)
    for _ in range(_times(rng)):
        mutate_hdf5.mutate(rng, data, corpus.dump_bytes, dump.structures)
    return bytes(data)


def _damaged_json(rng, data, others):
    data = bytearray(data)
    for _ in range(_times(rng)):
        mutate_json.mutate(rng, data, others)
    return bytes(data)


def _outputs(rng, choices):
    """Options for some of the outputs, and their files."""
    chosen = [one for one in choices if rng.random() < 0.4]
    return [part for option, file in chosen for part in (option, file)], [file for _, file in chosen]


def inspect(rng, corpus):
    dump = rng.choice(corpus.dumps)
    options, outputs = _outputs(rng, [("--json", "out.json")])
    if rng.random() < 0.2:
        options.append("--no-data")
    return Case("snnl-inspect", ["in.h5", "--threads", "1", *options], {"in.h5": _damaged_dump(rng, corpus, dump)}, "in.h5",
                outputs, silent=True)


def analyze(rng, corpus):
    dump = rng.choice(corpus.dumps)
    per_sample = rng.choice(("loss.csv", "loss.h5"))
    choices = [("--json", "out.json"), ("--csv", "out.csv"), ("--similarity-csv", "similarity.csv"), ("--per-sample", per_sample)]
    if corpus.has_page:
        choices.append(("--report", "page.html"))
    options, outputs = _outputs(rng, choices)
    for more in (["--precision", "double"], ["--distance", "cosine"], ["--nonfinite", "drop"], ["--rows", "10"],
                 ["--memory", "64MiB"], ["--temperature-curve", "3"], ["--csv-safe"]):
        if rng.random() < 0.1:
            options += more
    files = {"in.h5": _damaged_dump(rng, corpus, dump)}
    names = ["in.h5"]
    if rng.random() < 0.1:
        files["good.h5"] = rng.choice(corpus.dumps).data
        names = rng.choice((["in.h5", "good.h5"], ["good.h5", "in.h5"]))
    return Case("snnl-analyze", [*names, *dump.options, "--threads", "1", *options], files, "in.h5", outputs)


def outliers(rng, corpus):
    dump = corpus.find(rng.choice(("clean", "odd_names", "hostile_names", "one_class", "harmful_names")))
    options, outputs = _outputs(rng, [("--json", "out.json"), ("--csv", "out.csv")])
    files = {"in.h5": _damaged_dump(rng, corpus, dump), "good.h5": dump.data}
    train, rest = rng.choice((("in.h5", "good.h5"), ("good.h5", "in.h5")))
    return Case("snnl-outliers", ["--train", f"{train}@0:20", "--calibration", f"{rest}@20:28", "--test", f"{rest}@28:36",
                                  "-k", "3", "--threads", "1", *options], files, "in.h5", outputs)


def check(rng, corpus):
    base = rng.choice(corpus.analyses)
    files = {"in.json": base, "base.json": base if rng.random() < 0.8 else rng.choice(corpus.analyses)}
    options, outputs = _outputs(rng, [("--json", "out.json"), ("--markdown", "out.md"), ("--junit", "out.xml")])
    arguments, mutated = ["in.json", "--baseline", "base.json"], rng.choice(("in.json", "base.json"))
    if rng.random() < 0.4:
        files["config.json"] = rng.choice(corpus.configs)
        arguments = ["in.json", "--config", "config.json", "--baseline", "base.json"]
        if rng.random() < 0.7:
            mutated = "config.json"
    files[mutated] = _damaged_json(rng, files[mutated], corpus.analyses)
    rewritten = []
    if rng.random() < 0.1:
        arguments.append("--update")
        rewritten, options, outputs = ["base.json"], [], []
    return Case("snnl-check", [*arguments, *options], files, mutated, outputs, rewritten, silent=True)


def report(rng, corpus):
    base = rng.choice(corpus.analyses)
    files = {"in.json": base}
    arguments, outputs = ["in.json", "--spec", "specs"], ["specs"]
    if corpus.has_page and rng.random() < 0.7:
        arguments, outputs = ["in.json", "-o", "page.html"], ["page.html"]
    if rng.random() < 0.3:
        files["other.json"] = base
        arguments.insert(1, "other.json")
    mutated = "in.json"
    if rng.random() < 0.4:
        files["outliers.json"] = rng.choice(corpus.outliers)
        arguments += ["--outliers", "outliers.json"]
        mutated = "outliers.json"
    files[mutated] = _damaged_json(rng, files[mutated], corpus.analyses)
    return Case("snnl-report", arguments, files, mutated, outputs)


def resume(rng, corpus):
    dump = corpus.find("several")
    files = {"good.h5": dump.data, "in.json": _damaged_json(rng, corpus.analyses[1], corpus.analyses)}
    return Case("snnl-analyze", ["good.h5", *dump.options, "--json", "in.json", "--resume", "--temperature-curve", "5",
                                 "--threads", "1"], files, "in.json", [], ["in.json"])


def train(rng, corpus):
    files = dict(rng.choice(corpus.images))
    mutated = rng.choice(sorted(files))
    data = bytearray(files[mutated])
    for _ in range(_times(rng)):
        # The header is where the parser looks.
        if data and rng.random() < 0.5:
            mutate_bytes.set_integer(rng, data, [data], rng.randrange(min(16, len(data))))
        else:
            mutate_bytes.mutate(rng, data, list(files.values()))
    files[mutated] = bytes(data)
    return Case("snnl-train", ["--data", ".", "--architecture", "mlp", "--epochs", "1", "--threads", "1", "--dump", "out.h5"],
                files, mutated, ["out.h5"])


KINDS = {"inspect": (inspect, 30), "analyze": (analyze, 35), "outliers": (outliers, 10), "check": (check, 12),
         "report": (report, 6), "resume": (resume, 5), "train": (train, 1)}


def make(rng, corpus, only):
    """A run of one of the kinds `only`, or of any."""
    kinds = [kind for kind in KINDS if (not only or kind in only) and (kind != "train" or corpus.has_train)]
    kind = rng.choices(kinds, [KINDS[kind][1] for kind in kinds])[0]
    return kind, KINDS[kind][0](rng, corpus)
