#!/usr/bin/env python3
"""Train with and without entangled hidden layers, analyse the dumps, sum up. scripts/reproduce builds first."""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import numpy as np

Study = namedtuple("Study", "architecture epochs train_samples weights seeds dump_epochs")

FULL = [
    Study("mlp", 15, 0, [0, -0.003, -0.01, -0.03, -0.1], [0, 1, 2, 3, 4], [0, 1, 2, 5, 10, 15]),
    Study("cnn", 8, 12000, [0, -0.01, -0.03], [0, 1, 2], [0, 1, 2, 4, 8]),
    Study("resnet", 8, 12000, [0, -0.01, -0.03], [0, 1, 2], [0, 1, 2, 4, 8]),
]
QUICK = [
    Study("mlp", 4, 10000, [0, -0.03], [0, 1], [0, 1, 2, 4]),
    Study("cnn", 2, 2000, [0, -0.03], [0], [0, 1, 2]),
]

Run = namedtuple("Run", "study weight seed")


def name_of(run):
    return f"{run.study.architecture}{run.weight:+g}-seed{run.seed}"


def fail(message):
    print(f"reproduce: error: {message}", file=sys.stderr)
    sys.exit(2)


def call(command, log):
    # One thread for each run: two runs side by side take less time than one after the other on two threads.
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    with open(log, "a") as out:
        status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, env=environment, check=False).returncode
    if status:
        raise RuntimeError(f"exit status {status} of {' '.join(map(str, command))}; see {log}")


def options_of(run):
    study = run.study
    options = ["--architecture", study.architecture, f"--weight={run.weight:g}", "--seed", run.seed,
               "--epochs", study.epochs, "--threads", 1]
    if study.train_samples:
        options += ["--train-samples", study.train_samples]
    return [str(option) for option in options]


def carry_out(run, folder, binaries):
    """Leaves training.json, analysis.json and outliers.json; the last two appear when they are complete."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "analysis.json"
    options = options_of(run)
    made = folder / "options.json"
    same_plan = made.exists() and json.loads(made.read_text()) == options
    dump, log = folder / "dump.h5", folder / "log.txt"
    if not (done.exists() and same_plan):
        done.unlink(missing_ok=True)
        if not same_plan:
            for old in ["checkpoint.pt", "dump.h5", "training.json", "outliers.json"]:
                (folder / old).unlink(missing_ok=True)
        made.write_text(json.dumps(options))
        call([binaries / "snnl-train", *options, "--checkpoint", folder / "checkpoint.pt", "--resume",
              "--json", folder / "training.json", "--dump", dump,
              "--dump-epochs", ",".join(map(str, run.study.dump_epochs))], log)
        call([binaries / "snnl-analyze", dump, "--threads", "1", "--json", done], log)
        dump.unlink()
    if not (folder / "outliers.json").exists():
        judge_outliers(run, folder, binaries, options, log)


OUTLIER_SETS = ["letters", "noise", "grey", "rotated", "inverted"]
# Hidden layers whose neighbours are counted: those of a few thousand features at most.
OUTLIER_LAYERS = {"mlp": ["fc1", "fc2"], "cnn": ["conv3", "fc1"], "resnet": ["stage3", "pool"]}


def judge_outliers(run, folder, binaries, options, log):
    """Leaves outliers.json: the trained network's samples and those of the outlier sets among 5000 it was trained on."""
    layers = OUTLIER_LAYERS[run.study.architecture]
    parts = {"train": ["--dump-split", "train", "--dump-samples", "5000"],
             "calibration": ["--dump-split", "validation", "--dump-samples", "2000"],
             "test": ["--dump-split", "test", "--dump-samples", "2000"],
             **{name: ["--dump-data", folder.parent.parent / "outliers" / name] for name in OUTLIER_SETS}}
    files = {name: folder / f"{name}.h5" for name in parts}
    chosen = [word for layer in [*layers, "logits"] for word in ("--dump-layers", layer)]
    for name, which in parts.items():
        files[name].unlink(missing_ok=True)
        call([binaries / "snnl-train", *options, "--quiet", "--checkpoint", folder / "checkpoint.pt", "--resume",
              "--dump", files[name], "--dump-epochs", str(run.study.epochs), *chosen, *which], log)
    call([binaries / "snnl-outliers", "--train", files["train"], "--calibration", files["calibration"],
          "--test", files["test"], *[word for name in OUTLIER_SETS for word in ("--ood", f"{name}={files[name]}")],
          *[word for layer in layers for word in ("--layers", layer)], "--predictions", "/predictions/{epoch}",
          "--threads", "1", "--json", folder / "outliers.json"], log)
    for file in files.values():
        file.unlink()


def spread(values, scale=1.0, digits=2):
    values = np.asarray(values) * scale
    if len(values) < 2:
        return f"{values.mean():.{digits}f}"
    return f"{values.mean():.{digits}f} ± {values.std(ddof=1):.{digits}f}"


def final_scores(training, split):
    return training["epochs"][-1][split]


def summarize_study(study, load, out):
    trainings = {w: [load(w, s, "training.json") for s in study.seeds] for w in study.weights}
    analyses = {w: [load(w, s, "analysis.json") for s in study.seeds] for w in study.weights}
    samples = study.train_samples or trainings[0][0]["data"]["train"]
    print(f"## {study.architecture}: {samples} training images, {study.epochs} epochs, "
          f"{len(study.seeds)} seed{'s' * (len(study.seeds) > 1)}\n", file=out)
    print("| weight | valid. accuracy % | test accuracy %, mean | best | against 0 | cross-entropy | ECE % |", file=out)
    print("|---:|---:|---:|---:|---:|---:|---:|", file=out)
    base = np.array([final_scores(t, "test")["accuracy"] for t in trainings[0]])
    for weight, runs in trainings.items():
        test = [final_scores(t, "test") for t in runs]
        accuracy = np.array([t["accuracy"] for t in test])
        against = "" if weight == 0 else spread(accuracy - base, 100)
        print(f"| {weight:g} | {spread([final_scores(t, 'validation')['accuracy'] for t in runs], 100)} "
              f"| {spread(accuracy, 100)} | {100 * accuracy.max():.2f} | {against} "
              f"| {spread([t['cross_entropy'] for t in test], 1, 3)} "
              f"| {spread([t['expected_calibration_error'] for t in test], 100)} |", file=out)
    layers = list(dict.fromkeys(item["layer"] for item in analyses[0][0]["items"]))
    print("\nEntanglement (nats) of 1000 test images at the optimal temperature, mean over the seeds:\n", file=out)
    print("| weight | epoch | " + " | ".join(layers) + " |", file=out)
    print("|---:|---:|" + "---:|" * len(layers), file=out)
    for weight, runs in analyses.items():
        for epoch in study.dump_epochs:
            cells = []
            for layer in layers:
                found = [item["entanglement"] for run in runs for item in run["items"]
                         if item["epoch"] == epoch and item["layer"] == layer and item["entanglement"] is not None]
                cells.append(f"{np.mean(found):.3f}" if len(found) == len(runs) else "-")
            print(f"| {weight:g} | {epoch} | " + " | ".join(cells) + " |", file=out)
    print(file=out)


def summarize_outliers(study, load, out):
    print("Samples that do not belong, by their neighbours in " + " and ".join(OUTLIER_LAYERS[study.architecture])
          + "; credibility is its mean, AUROC and FPR at 95 % TPR in %, \"sure\" the share of outliers whose softmax is at "
          "least 0.9:\n", file=out)
    print("| weight | set | credibility | support % | AUROC credibility | AUROC softmax | FPR credibility | FPR softmax | sure % |",
          file=out)
    print("|---:|---|---:|---:|---:|---:|---:|---:|---:|", file=out)
    for weight in study.weights:
        runs = [load(weight, s, "outliers.json") for s in study.seeds]
        neighbors = runs[0]["options"]["k"] * len(runs[0]["options"]["layers"])

        def means(samples):
            return (spread([np.mean(s["credibility"]) for s in samples], 1, 3),
                    spread([1 - np.mean(s["nonconformity"]) / neighbors for s in samples], 100, 1))

        print(f"| {weight:g} | test | {' | '.join(means([r['test'] for r in runs]))} | | | | | |", file=out)
        for k, name in enumerate(OUTLIER_SETS):
            sets = [r["outliers"][k] for r in runs]

            def of(score, metric):
                found = [s[metric] for one in sets for s in one["separations"] if s["score"] == score]
                return spread(found, 100, 1)

            print(f"| {weight:g} | {name} | {' | '.join(means(sets))} | {of('credibility', 'auroc')} | {of('softmax', 'auroc')} "
                  f"| {of('credibility', 'fpr_at_95_tpr')} | {of('softmax', 'fpr_at_95_tpr')} "
                  f"| {of('softmax', 'sure_outliers')} |", file=out)
    print(file=out)


def draw(study, out, scripts):
    """Pictures of the first seed: cross-entropy alone beside the strongest weight."""
    plain, entangled = (out / "runs" / name_of(Run(study, w, study.seeds[0])) / "analysis.json"
                        for w in (0, study.weights[-1]))
    jobs = [["plot_entanglement.py", plain, entangled, "--label", "cross-entropy", "--label",
             f"weight {study.weights[-1]:g}", "-o", out / f"{study.architecture}-entanglement.png"]]
    for kind, analysis in (("plain", plain), ("entangled", entangled)):
        jobs.append(["plot_class_similarity.py", analysis, "--view", "multiples",
                     "-o", out / f"{study.architecture}-similarity-{kind}.png"])
    for script, *arguments in jobs:
        status = subprocess.run([sys.executable, scripts / script, *arguments], check=False).returncode
        if status:
            raise RuntimeError(f"{script} failed")


def main():
    parser = argparse.ArgumentParser(prog="reproduce", description=__doc__)
    parser.add_argument("--bin", type=Path, required=True, help="folder of the built tools")
    parser.add_argument("--quick", action="store_true", help="few short runs")
    parser.add_argument("--out", type=Path, default=Path("out/reproduction"), help="folder to write to")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs at a time, each on one thread")
    options = parser.parse_args()
    if options.jobs < 1:
        fail("--jobs: must be 1 or more")
    if not (options.bin / "snnl-train").exists():
        fail("snnl-train is not built; scripts/install-deps train installs libtorch")
    studies = QUICK if options.quick else FULL
    # Seed by seed: what is there after a while is a study of fewer seeds.
    runs = [Run(study, weight, seed) for k in range(max(len(s.seeds) for s in studies))
            for study in studies for seed in study.seeds[k:k + 1] for weight in study.weights]

    def load(study):
        return lambda weight, seed, file: json.loads(
            (options.out / "runs" / name_of(Run(study, weight, seed)) / file).read_text())

    maker = Path(__file__).resolve().parent / "make_outlier_sets.py"
    if subprocess.run([sys.executable, maker, options.out / "outliers"], check=False).returncode:
        fail("the outlier sets could not be made")

    failures = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        waiting = {pool.submit(carry_out, run, options.out / "runs" / name_of(run), options.bin): run for run in runs}
        for count, future in enumerate(concurrent.futures.as_completed(waiting), 1):
            run = waiting[future]
            try:
                future.result()
                score = final_scores(load(run.study)(run.weight, run.seed, "training.json"), "test")
                print(f"{count} of {len(runs)}: {name_of(run)}, test accuracy {100 * score['accuracy']:.2f} %", flush=True)
            except (RuntimeError, OSError) as error:
                failures += 1
                print(f"reproduce: error: {name_of(run)}: {error}", file=sys.stderr, flush=True)
    if failures:
        sys.exit(1)
    with open(options.out / "summary.md", "w") as out:
        for study in studies:
            summarize_study(study, load(study), out)
            summarize_outliers(study, load(study), out)
    try:
        for study in studies:
            draw(study, options.out, Path(__file__).resolve().parent)
    except RuntimeError as error:
        fail(error)
    print((options.out / "summary.md").read_text(), end="")


if __name__ == "__main__":
    main()
