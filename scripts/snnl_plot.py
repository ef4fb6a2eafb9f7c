"""What the plot scripts share: analyses read and checked, their options, the look of the figures, saving.

Analyses are files of snnl-analyze: JSON, or CSV (--csv for the numbers of the items, --similarity-csv for the classes).
"""

import csv
import difflib
import fnmatch
import io
import json
import math
import os
import secrets
import sys
import warnings
from dataclasses import dataclass, field
from pathlib import Path

try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
except ImportError as missing:
    print(f"{Path(sys.argv[0]).name}: error: {missing}; run it with the Python of: scripts/find-python matplotlib",
          file=sys.stderr)
    sys.exit(2)

SCHEMAS = ("snnl.analysis/1", "snnl.reference/1")
WIDTHS = {"column": 3.3, "text": 6.75, "slide": 10.0}  # inches
# Okabe and Ito's palette without its yellow, which is too pale for lines on white.
PALETTE = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#000000"]
MARKERS = "osD^vP*Xh<>dp"
# One for each run.
LINES = ["-", (0, (4, 1.6)), (0, (1, 1.2)), (0, (6, 1.4, 1, 1.4)), (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1))]
NUMBERS = ("samples", "features", "scored", "temperature", "mean_distance", "entanglement", "entanglement_stderr",
           "chance", "normalized", "effective_neighbors")


class InputError(Exception):
    """Wrong input, told in one line."""


@dataclass
class Item:
    """One layer at one epoch. Numbers that are not there are NaN, arrays None."""
    epoch: object  # int, or None
    layer: str
    ok: bool
    numbers: dict
    status: str = ""  # of the temperature
    similarity: object = None  # [C, C], NaN for classes without samples
    curve: object = None  # (temperatures, entanglements)
    ids: str = ""  # tells the samples from others, whatever their order; empty where the file does not say

    def __getattr__(self, name):
        if name in NUMBERS:
            return self.numbers.get(name, math.nan)
        raise AttributeError(name)

    @property
    def is_bound(self):
        return self.status in ("lower_bound", "upper_bound")


@dataclass
class Run:
    """One analysis."""
    path: str
    label: str
    items: dict  # (epoch, layer) -> Item
    classes: list = field(default_factory=list)
    settings: dict = field(default_factory=dict)  # what its numbers depend on, as far as the file says
    counts: dict = field(default_factory=dict)  # samples of each class, where the file says so and numbers depend on it

    @property
    def layers(self):
        return list(dict.fromkeys(layer for _, layer in self.items))

    @property
    def epochs(self):
        return sorted({epoch for epoch, _ in self.items}, key=lambda epoch: -1 if epoch is None else epoch)


# --- reading -----------------------------------------------------------------------------------------------------------


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def kind_of(value):
    kinds = {dict: "an object", list: "an array", str: "text", bool: str(value).lower(), type(None): "null"}
    return kinds.get(type(value), str(value))


class Place:
    """A value in a JSON file that knows its path, for messages."""

    def __init__(self, file, value, pointer=""):
        self.file, self.value, self.pointer = file, value, pointer

    def fail(self, what):
        raise InputError(f"{self.file}:{self.pointer or '/'}: {what}")

    def expect(self, types, what):
        if not isinstance(self.value, types) or isinstance(self.value, bool):
            self.fail(f"is {kind_of(self.value)}, expected {what}")
        return self.value

    def __getitem__(self, key):
        self.expect(dict, "an object")
        if key not in self.value:
            self.fail(f"has no field '{key}'")
        return Place(self.file, self.value[key], f"{self.pointer}/{key}")

    def get(self, key):
        return self[key] if key in self.expect(dict, "an object") else Place(self.file, None, f"{self.pointer}/{key}")

    def elements(self):
        return [Place(self.file, value, f"{self.pointer}/{k}")
                for k, value in enumerate(self.expect(list, "an array"))]

    def text(self):
        return self.expect(str, "text")

    def number(self):
        """A number; NaN where there is none."""
        return math.nan if self.value is None else float(self.expect((int, float), "a number"))

    def numbers(self, length=None):
        values = [place.number() for place in self.elements()]
        if length is not None and len(values) != length:
            self.fail(f"holds {len(values)} values, expected {length}")
        return values


def read_text(path):
    try:
        text = Path(path).read_text(encoding="utf-8")
    except IsADirectoryError:
        raise InputError(f"{path}: is a directory; name a file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is neither JSON nor CSV; write one with snnl-analyze") from None
    if not text.strip():
        raise InputError(f"{path}: is empty")
    return text


def read_run(path, label=None):
    """Reads an analysis, whatever its format."""
    text = read_text(path)
    items, classes, settings, counts = (read_json if text.lstrip()[0] in "{[" else read_csv)(path, text)
    if not items:
        raise InputError(f"{path}: holds no items; nothing can be drawn")
    epochs = {epoch for epoch, _ in items}
    if None in epochs and len(epochs) > 1:
        raise InputError(f"{path}: some items have an epoch and some have none")
    bad = sum(not item.ok for item in items.values())
    if bad == len(items):
        raise InputError(f"{path}: every item is in error; nothing can be drawn")
    if bad:
        print(f"{program()}: note: {path}: {bad} of {len(items)} items are in error and left out", file=sys.stderr)
    samples = sorted({int(item.samples) for item in items.values() if item.ok and not math.isnan(item.samples)})
    if samples and settings.get("neighborhood", "all samples") == "all samples":
        settings["samples"] = str(samples[0]) if len(samples) == 1 else f"{samples[0]} to {samples[-1]}"
    else:
        counts = {}
    return Run(str(path), label or Path(path).stem, items, classes, settings, counts)


def differences(run, first):
    """Why numbers of the two do not compare."""
    reasons = [f"{what}: {run.settings[what]}, {there} there" for what, there in first.settings.items()
               if run.settings.get(what, there) != there]
    if run.settings.get("samples") == first.settings.get("samples"):  # else that says it
        reasons += [f"samples of class '{name}': {run.counts[name]}, {there} there" for name, there
                    in first.counts.items() if run.counts.get(name, there) != there][:1]
    return reasons


def other_samples(run, first):
    """What tells that items of the two are of as many, but other samples; empty where nothing does."""
    pairs = [(item, first.items[place]) for place, item in run.items.items() if place in first.items]
    told = [(a, b) for a, b in pairs if a.ids and b.ids and a.samples == b.samples]
    others = sum(a.ids != b.ids for a, b in told)
    return "" if not others else "their sample ids differ" + (
        "" if others == len(told) else f" in {others} of {len(told)} items")


def note_differences(runs):
    """Says on stderr which runs cannot be laid over the first, and why."""
    for run in runs[1:]:
        reasons, others = differences(run, runs[0]), other_samples(run, runs[0])
        if others:
            print(f"{program()}: note: {run.label} and {runs[0].label} are of other samples: {others}", file=sys.stderr)
        if reasons:
            print(f"{program()}: note: numbers of {run.label} and {runs[0].label} do not compare: {'; '.join(reasons)}",
                  file=sys.stderr)


def add_item(items, item, fail):
    if (item.epoch, item.layer) in items:
        fail(f"is epoch {item.epoch} of layer '{item.layer}', which was there before")
    items[item.epoch, item.layer] = item


def read_json(path, text):
    try:
        top = Place(path, json.loads(text, parse_constant=lambda name: float(name)))
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            raise InputError(f"{path}: ends in the middle: it was cut off, or not written to its end") from None
        raise InputError(f"{path}:{error.lineno}: is not JSON: {error.msg}") from None
    except RecursionError:
        raise InputError(f"{path}: is nested too deeply") from None
    schema = top["schema"]
    if schema.text() not in SCHEMAS:
        schema.fail(f"is '{schema.value}', expected '{SCHEMAS[0]}'; write it with snnl-analyze --json")
    classes, counts = [], {}
    if top.get("labels").value is not None:
        counts = {c["name"].text(): int(c["count"].number()) for c in top["labels"]["classes"].elements()
                  if isinstance(c.value, dict) and is_number(c.get("count").value)}
        classes = [c["name"].text() if isinstance(c.value, dict) else str(c.value)
                   for c in top["labels"]["classes"].elements()]
    items = {}
    for place in top["items"].elements():
        add_item(items, read_json_item(place, len(classes)), place.fail)
    settings = {}
    if isinstance(top.get("options").value, dict):
        absent = {"neighborhood": "all samples", "rows": "all", "temperature": "auto", "pool": "none", "tokens": "all",
                  "standardize": False, "whiten": "none"}
        for name in ("distance", "temperature", "pool", "tokens", "standardize", "whiten", "neighborhood", "rows"):
            value = top["options"].get(name).value
            settings[name] = str(absent.get(name) if value is None else value)
        if settings["pool"] != "none":  # the same option makes other features of them
            settings["channels of maps"] = "last" if top["options"].get("channels_last").value else "first"
    return items, classes, settings, counts


def read_json_item(place, classes):
    epoch = place.get("epoch")
    if epoch.value is not None:
        epoch.expect(int, "a whole number")
    layer = place["layer"].text()
    loss = place["entanglement"].number()
    ok = place.get("status").value in (None, "ok") and math.isfinite(loss)
    numbers = {name: place.get(name).number() for name in NUMBERS}
    item = Item(epoch.value, layer, ok, numbers, place.get("temperature_status").value or "")
    if place.get("sample_ids").value is not None:
        item.ids = place["sample_ids"]["set"].text()
    similarity = place.get("class_similarity")
    if similarity.value is not None:
        rows = similarity.elements()
        if len(rows) != classes:
            similarity.fail(f"holds {len(rows)} rows, expected {classes}, one for each class")
        item.similarity = np.array([row.numbers(classes) for row in rows])
    curve = place.get("temperature_curve")
    if curve.value is not None:
        temperatures = curve["temperature"].numbers()
        item.curve = np.array(temperatures), np.array(curve["entanglement"].numbers(len(temperatures)))
    return item


def read_csv(path, text):
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows)
    if header[:2] != ["epoch", "layer"] or not ("entanglement" in header or "similarity" in header):
        raise InputError(f"{path}:1: is not the header of a CSV file that snnl-analyze writes; nor is the file JSON")
    items, classes = {}, {}
    for row in rows:
        line = rows.line_num
        if len(row) != len(header):
            raise InputError(f"{path}:{line}: has {len(row)} fields, expected {len(header)}")
        record = dict(zip(header, row))
        try:
            epoch = int(record["epoch"]) if record["epoch"] else None
            numbers = {name: float(record[name]) if record[name] else math.nan
                       for name in (*NUMBERS, "similarity") if name in record}
        except ValueError as error:
            raise InputError(f"{path}:{line}: {error}") from None

        def fail(what, line=line):
            raise InputError(f"{path}:{line}: {what}")

        if "similarity" in header:
            a = classes.setdefault(record["class_a"], len(classes))
            classes.setdefault(record["class_b"], len(classes))
            item = items.setdefault((epoch, record["layer"]), Item(epoch, record["layer"], True, {}, similarity={}))
            if (record["class_a"], record["class_b"]) in item.similarity:
                fail(f"the pair {record['class_a']}, {record['class_b']} was there before")
            item.similarity[record["class_a"], record["class_b"]] = numbers["similarity"]
        else:
            add_item(items, Item(epoch, record["layer"], record["status"] == "ok", numbers,
                                 record["temperature_status"]), fail)
    if "similarity" in header:
        names = list(classes)
        for item in items.values():
            item.similarity = np.array([[item.similarity.get((a, b), math.nan) for b in names] for a in names])
    return items, list(classes), {}, {}


# --- choosing ----------------------------------------------------------------------------------------------------------


def did_you_mean(wanted, names):
    near = difflib.get_close_matches(wanted, names, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; there are {', '.join(names[:12])}"


def all_layers(runs):
    return list(dict.fromkeys(layer for run in runs for layer in run.layers))


def all_epochs(runs):
    epochs = {epoch for run in runs for epoch in run.epochs}
    return sorted(epochs, key=lambda epoch: -1 if epoch is None else epoch)


def choose_layers(runs, globs):
    """Layers that match any of the globs, in the order of the files."""
    layers = all_layers(runs)
    for glob in globs or []:
        if not any(fnmatch.fnmatchcase(layer, glob) for layer in layers):
            raise InputError(f"--layers '{glob}' matches no layer{did_you_mean(glob, layers)}")
    return [layer for layer in layers if not globs or any(fnmatch.fnmatchcase(layer, glob) for glob in globs)]


def choose_layer(runs, name):
    """The layer of that name, or the last one."""
    layers = all_layers(runs)
    if name is not None and name not in layers:
        raise InputError(f"--layer '{name}' is not there{did_you_mean(name, layers)}")
    return layers[-1] if name is None else name


def choose_epochs(runs, text):
    """Epochs of a list such as '7', '1,2,5' or '0:50:5' (50 is left out); all where there is none."""
    epochs = all_epochs(runs)
    if text is None:
        return epochs
    chosen = set()
    for part in text.split(","):
        try:
            ends = [int(end) if end else None for end in part.split(":")]
        except ValueError:
            ends = []
        if not 1 <= len(ends) <= 3 or (len(ends) == 1 and ends[0] is None) or (len(ends) == 3 and (ends[2] or 1) < 1):
            raise InputError(f"--epochs '{text}': '{part}' is neither a number nor a range such as 0:50:5")
        if len(ends) == 1:
            found = set(ends) & set(epochs)
        else:
            known = [epoch for epoch in epochs if epoch is not None]
            first = ends[0] if ends[0] is not None else min(known, default=0)
            last = ends[1] if ends[1] is not None else max(known, default=-1) + 1
            found = set(known) & set(range(first, last, (ends[2] or 1) if len(ends) == 3 else 1))
        if not found:
            raise InputError(f"--epochs '{text}': no epoch is {part}; there are {listing(epochs)}")
        chosen |= found
    return [epoch for epoch in epochs if epoch in chosen]


def listing(values):
    texts = [str(value) for value in values]
    return ", ".join(texts if len(texts) <= 12 else [*texts[:6], "...", *texts[-3:]])


def spread(values, count):
    """At most `count` of the values, evenly spread, first and last among them."""
    if len(values) <= count:
        return list(values)
    if count == 1:
        return [values[-1]]
    return [values[k * (len(values) - 1) // (count - 1)] for k in range(count)]


# --- drawing -----------------------------------------------------------------------------------------------------------


def style_of(width):
    """Text of 6 to 8 points on paper; on a slide, which is shown from afar, half as large again."""
    scale = 1.5 if width >= 9 else 1.0
    sizes = {"font.size": 8, "axes.labelsize": 8, "axes.titlesize": 8, "xtick.labelsize": 7, "ytick.labelsize": 7,
             "legend.fontsize": 7.5, "lines.linewidth": 1.2, "lines.markersize": 4, "axes.linewidth": 0.6,
             "figure.titlesize": 9}
    return {**{name: size * scale for name, size in sizes.items()},
            "axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "snnl", "pdf.fonttype": 42,
            # Names come from files: "$" in them is a character.
            "text.parse_math": False}


def font(size):
    """A size in points, as large again as the style has it."""
    return size * plt.rcParams["font.size"] / 8


def colors_of(count):
    if count <= len(PALETTE):
        return PALETTE[:count]
    return [matplotlib.colormaps["viridis"](0.92 * k / (count - 1)) for k in range(count)]


def sequence_of(count):
    """Colours for values in an order, pale to dark."""
    return [matplotlib.colormaps["viridis_r"](0.15 + 0.8 * k / max(1, count - 1)) for k in range(count)]


def shortened(name, most=28):
    return name if len(name) <= most else f"{name[:most // 2 - 1]}…{name[-(most // 2):]}"


def draw_legend(figure, entries):
    """A strip below all panels. `entries`: handle and text."""
    labels = [shortened(label) for _, label in entries]
    scale = plt.rcParams["legend.fontsize"] / 7.5
    column = scale * (0.45 + 0.062 * max(len(label) for label in labels))  # inches
    rows = math.ceil(len(labels) / max(1, int(figure.get_figwidth() / column)))
    height = scale * (0.08 + 0.16 * rows)
    figure.set_figheight(figure.get_figheight() + height)
    strip = height / figure.get_figheight()
    figure.get_layout_engine().set(rect=(0, strip, 1, 1 - strip))
    legend = figure.legend([handle for handle, _ in entries], ["-"] * len(entries), loc="lower center",
                           ncol=math.ceil(len(labels) / rows), frameon=False, handlelength=2.2, columnspacing=1.2,
                           borderaxespad=0.1)
    # Set afterwards: a legend passes over labels that begin with "_".
    for text, label in zip(legend.get_texts(), labels):
        text.set_text(label)


def sample_note(run):
    """Of how many samples its numbers are, which is part of them; empty where the file does not say."""
    samples = sorted({int(item.samples) for item in run.items.values() if item.ok and not math.isnan(item.samples)})
    if not samples:
        return ""
    note = f"n = {samples[0]}" if samples[0] == samples[-1] else f"n = {samples[0]} to {samples[-1]}"
    if run.classes:
        note += f", {len(run.classes)} class{'' if len(run.classes) == 1 else 'es'}"
    size = run.settings.get("neighborhood", "all samples")
    return note if size == "all samples" else f"neighbourhoods of {size} out of {note}"


def draw_caption(figure, runs):
    """A line below all else that says n, on which the numbers depend. One where all runs have the same."""
    notes = [sample_note(run) for run in runs]
    if not any(notes):
        return
    if len(set(notes)) == 1:
        lines = notes[:1]
    else:
        lines = [f"{shortened(run.label, 16)}: {note or 'n unknown'}" for run, note in zip(runs, notes)]
    # One line where there is room.
    room = 72 * figure.get_figwidth() / font(6) / 0.5
    text = "; ".join(lines) if len("; ".join(lines)) <= room else "\n".join(lines)
    height = font(7.5) / 72 * (1 + text.count("\n")) + 0.03  # inches
    old = figure.get_figheight()
    figure.set_figheight(old + height)
    strip = height / (old + height)
    left, bottom, width, _ = figure.get_layout_engine().get()["rect"]
    bottom = bottom * (1 - strip) + strip
    figure.get_layout_engine().set(rect=(left, bottom, width, 1 - bottom))
    for legend in figure.legends:
        legend.set_bbox_to_anchor((0, strip, 1, 1 - strip), transform=figure.transFigure)
    figure.text(0.5, 0.02 / (old + height), text, ha="center", va="bottom", fontsize=font(6), color="0.35")


def line_handle(**look):
    return matplotlib.lines.Line2D([], [], **look)


def run_entries(runs):
    """Legend of the line styles, where there are several runs."""
    if len(runs) < 2:
        return []
    return [(line_handle(color="0.25", linestyle=LINES[k % len(LINES)]), run.label) for k, run in enumerate(runs)]


def label_epochs(axis, epochs):
    """Ticks at the recorded epochs where they do not crowd."""
    from matplotlib.ticker import FixedLocator, MaxNLocator
    span = epochs[-1] - epochs[0]
    gap = min((b - a for a, b in zip(epochs, epochs[1:])), default=0)
    axis.xaxis.set_major_locator(FixedLocator(epochs) if gap > 0.06 * span else MaxNLocator(integer=True))
    axis.set_xlabel("epoch")


# --- saving and running ------------------------------------------------------------------------------------------------


def program():
    return Path(sys.argv[0]).name


def encode(figure, suffix, dpi):
    metadata = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}[suffix]
    out = io.BytesIO()
    figure.savefig(out, format=suffix[1:], dpi=dpi, metadata=metadata)
    return out.getvalue()


def write_whole(path, data):
    """Whole or not at all: what was there stays until then."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        try:
            with open(temporary, "xb") as file:  # made here, and through no link
                file.write(data)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None


def add_common_options(parser, formats, files="JSON or CSV of snnl-analyze; several are drawn together"):
    parser.add_argument("analyses", metavar="ANALYSIS", nargs="+", help=files)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=", ".join(formats))
    parser.add_argument("--label", action="append", metavar="NAME", help="name of a run, in the order of the files; "
                        "repeatable (default: the file's name)")
    parser.add_argument("--width", default="text", metavar="WIDTH", help="column (3.3 inches), text (6.75), slide (10, "
                        "larger letters), or inches (default: text)")
    parser.add_argument("--dpi", type=int, default=300, help="resolution of PNG and GIF (default: 300)")
    parser.add_argument("--title", help="above the figure (default: none)")


def check_common_options(options, formats):
    """Throws InputError; turns the width into inches."""
    suffix = options.output.suffix.lower()
    if suffix not in formats:
        raise InputError(f"-o {options.output}: the name must end in one of {', '.join(formats)}")
    try:
        options.width = WIDTHS.get(options.width) or float(options.width)
    except ValueError:
        raise InputError(f"--width '{options.width}' is none of {', '.join(WIDTHS)}, nor a number of inches") from None
    if not 2 <= options.width <= 40:
        raise InputError("--width must be between 2 and 40 inches")
    if not 30 <= options.dpi <= 1200:
        raise InputError("--dpi must be between 30 and 1200")
    if options.label and len(options.label) > len(options.analyses):
        raise InputError(f"--label is given {len(options.label)} times for {len(options.analyses)} files")
    for path in options.analyses:
        if os.path.exists(options.output) and os.path.exists(path) and os.path.samefile(options.output, path):
            raise InputError(f"-o {options.output} is an input; choose another name")


def read_runs(options):
    labels = [*(options.label or []), *[None] * len(options.analyses)]
    options.runs = [read_run(path, label) for path, label in zip(options.analyses, labels)]
    return options.runs


def run_script(parser, formats, draw):
    """Parses, draws, saves: draw(options) gives the bytes of the picture. Exit status 2 where anything is wrong."""
    options = parser.parse_args()
    try:
        check_common_options(options, formats)
        # What a font has no glyph for is drawn as a box; the picture shows it.
        warnings.filterwarnings("ignore", message="Glyph")
        with plt.rc_context(style_of(options.width)):
            write_whole(options.output, draw(options))
        note_differences(getattr(options, "runs", []))
    except InputError as error:
        text = "".join(c if c.isprintable() else "?" for c in f"{program()}: error: {error}")
        print(text.encode(errors="replace").decode(), file=sys.stderr)
        return 2
    return 0
