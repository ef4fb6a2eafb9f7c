"""Whether a run was a good end: the first thing that is wrong, as (kind, detail)."""

import json
import os
import re
import xml.etree.ElementTree

LONGEST_LINE = 1000
HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]")


def _text_complaint(data, name):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "harmful", f"{name} is not UTF-8"
    found = HARMFUL.search(text)
    return ("harmful", f"{name} holds U+{ord(found.group()):04X}") if found else None


def _stderr_complaint(tool, data):
    for line in data.decode("utf-8", "replace").removesuffix("\n").split("\n"):
        if data and not line.startswith(tool + ": "):
            return "leak", f"stderr: {line[:200]!r}"
        if len(line) > LONGEST_LINE:
            return "long", f"a line of {len(line)} characters on stderr"
    return _text_complaint(data, "stderr")


def _refuse(constant):
    raise ValueError(constant)


def _torn(path):
    """Whether an output is not whole, by what its format ends with."""
    if os.path.isdir(path):
        return any(_torn(os.path.join(path, name)) for name in os.listdir(path))
    with open(path, "rb") as file:
        data = file.read()
    try:
        if path.endswith(".json"):
            json.loads(data.decode("utf-8"), parse_constant=_refuse)
        elif path.endswith(".xml"):
            xml.etree.ElementTree.fromstring(data)
        elif path.endswith(".html"):
            return not data.rstrip().endswith(b"</html>")
        elif path.endswith(".h5"):
            return not data.startswith(b"\x89HDF\r\n\x1a\n")
        else:
            return not data.endswith(b"\n")
    except (ValueError, xml.etree.ElementTree.ParseError):
        return True
    return False


def judge(case, folder, status, out, err, orphans):
    """`status` is None where the time was up, negative for a signal."""
    if status is None:
        return "hang", "did not end"
    if status < 0:
        return "signal", f"signal {-status}"
    if status not in (0, 1, 2):
        return "status", f"exit status {status}"
    complaint = _stderr_complaint(case.tool, err) or _text_complaint(out, "stdout")
    if complaint:
        return complaint
    if status != 0 and not err and not case.silent:
        return "silent", f"exit status {status} without a message"
    if orphans:
        return "orphan", f"{orphans} processes outlived the tool"
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if name in case.files and name not in case.rewritten:
            with open(path, "rb") as file:
                if file.read() != case.files[name]:
                    return "input", f"{name} was changed"
        elif name in case.files:
            with open(path, "rb") as file:
                if file.read() != case.files[name] and _torn(path):
                    return "torn", name
        elif name not in case.outputs:
            return "left", name
        elif _torn(path):
            return "torn", name
    missing = [name for name in case.files if not os.path.exists(os.path.join(folder, name))]
    if missing:
        return "input", f"{missing[0]} is gone"
    absent = [name for name in case.outputs if status == 0 and not os.path.exists(os.path.join(folder, name))]
    if absent:
        return "absent", f"{absent[0]} is missing, and the exit status is 0"
    return None
