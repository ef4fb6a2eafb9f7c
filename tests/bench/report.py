"""The table, for a terminal and for docs/performance.md."""

import re

HEADER = ["case", "n", "d", "classes", "seconds", "against", "its seconds", "ratio (least..most)", "peak MiB", "l",
          "passes", "status", "bound (stretch)", "met"]
TEXT_COLUMNS = (0, 5, 11, 12, 13)
MARKERS = ("<!-- table begins: scripts/bench --markdown -->", "<!-- table ends -->")


def number(value, digits=3):
    if value is None:
        return ""
    return f"{value:.{digits}g}" if abs(value) < 1000 else f"{value:.0f}"


def cells(result):
    head = [result["case"], *(str(result.get(key, "")) for key in ("n", "d", "classes"))]
    for key in ("skipped", "failed"):
        if key in result:
            return head + [""] * 7 + [f"{key}: {result[key]}", "", ""]
    ratio, reference = result.get("ratio"), result.get("reference_seconds")
    bounds = result["bounds"]
    return head + [
        number(result["seconds"]["median"]), result["reference"], number(reference["median"]) if reference else "",
        f"{ratio['median']:.3g} ({ratio['least']:.3g}..{ratio['most']:.3g})" if ratio else "",
        number(result["peak_mib"]), number(result["l"]), str(result.get("passes", "")), result["status"],
        "; ".join(b["text"] for b in bounds),
        "; ".join(b["met"] for b in bounds) + (" (degenerate)" if "degenerate" in result else "")]


def footnotes(document):
    for result in document["rows"]:
        if "degenerate" in result:
            yield f"{result['case']}: {result['degenerate']}"
        if "peer" in result:
            yield (f"{result['peer']}; {result['peer_evaluations']} evaluations, l = {result['peer_l']:.7g}, "
                   f"snnl {result['l']:.7g}; {number(result['peak_mib'])} MiB are the peer's")
        if any(b["of"] == "pairs_per_second" for b in result.get("bounds", [])):
            yield (f"{result['case']}: {result['pairs_per_second'] / 1e6:.0f} million pairs/s: n (n - 1) / 2 over the time "
                   f"of the whole search, passes: {result['passes']}")


def machine_line(document):
    m = document["machine"]
    return (f"{m['cpu']}, {m['cores']} processors, {m['blas']}, {m['simd']}; {document['threads']} threads, "
            f"medians of {document['repetitions']} repetitions; load before {document['load_before']:.2f}")


def terminal(document):
    rows = [HEADER] + [cells(result) for result in document["rows"]]
    widths = [max(len(row[k]) for row in rows) for k in range(len(HEADER))]
    lines = ["  ".join(cell.ljust(width) if k in TEXT_COLUMNS else cell.rjust(width)
                       for k, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows]
    return "\n".join([machine_line(document), "", *lines, "", *footnotes(document)]) + "\n"


def markdown(document):
    rule = ["---" if k in TEXT_COLUMNS else "---:" for k in range(len(HEADER))]
    rows = [HEADER, rule] + [cells(result) for result in document["rows"]]
    table = ["| " + " | ".join(row) + " |" for row in rows]
    notes = [f"- {note}" for note in footnotes(document)]
    return "\n".join([machine_line(document), "", *table, *([""] + notes if notes else [])]) + "\n"


def put_into(text, table):
    """`text` with what stands between the markers replaced; the table between markers where there are none."""
    begin, end = MARKERS
    block = f"{begin}\n\n{table}\n{end}"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.S)
    return pattern.sub(lambda _: block, text) if pattern.search(text) else block + "\n"
