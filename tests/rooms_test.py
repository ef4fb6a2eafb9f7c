"""The rooms of the code, as docs/architecture.md lists them, hold: no file includes one of a later room, public headers
include public ones alone, no files include each other in a circle, none is longer than it may be, and namespaces are
called as the rooms.

usage: rooms_test.py SOURCE"""

import re
import sys
import unittest
from pathlib import Path

SOURCE = Path(sys.argv.pop())
ENGINE = ("points", "tiles", "entanglement", "gradient", "neighbors")  # one namespace: `entanglement` is a function
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 350, 80
INCLUDE = re.compile(r'^\s*#include [<"]((?:snnl|analyze|check|common|inspect|outliers|report|train)/[^">]+)[">]', re.M)
OUTSIDE = re.compile(r'^\s*#include <([^">]+)>', re.M)


def table(text):
    """Rooms in order, from the rows "| `lib/snnl/text` | ... | `face.hpp` |"; the public headers that each has."""
    rooms, faces = [], {}
    for line in text.splitlines():
        found = re.match(r"\| `((?:lib/snnl|apps)/[a-z_/0-9]+)` \| [^|]* \|([^|]*)\|", line)
        if found:
            rooms.append(found[1])
            for header in re.findall(r"`([a-z_]+\.hpp)`", found[2]):
                faces[header] = found[1]
    return rooms, faces


def sources():
    return [path for folder in ("lib", "apps") for path in sorted((SOURCE / folder).rglob("*.[ch]pp"))]


def functions(text):
    """What a function begins with, and its lines, as clang-format lays them out: at the margin, or in a class."""
    begun = {}
    for number, line in enumerate(text.splitlines()):
        indent = len(line) - len(line.lstrip())
        if indent in (0, 2) and re.match(r"\s*[\w:<~\[].*\(", line) and not re.match(r"\s*(if|for|while|switch|return)\b", line):
            begun[indent] = (line.strip(), number)
        if re.match(r"\s*}$", line) and indent in begun:
            name, first = begun.pop(indent)
            yield name, number - first + 1


def path_of(include):
    """The file of an include, from the root of the repository."""
    return ("lib/" if include.startswith("snnl/") else "apps/") + include


class Rooms(unittest.TestCase):
    def setUp(self):
        self.rooms, self.faces = table((SOURCE / "docs/architecture.md").read_text())
        self.includes = {str(path.relative_to(SOURCE)): [path_of(name) for name in INCLUDE.findall(path.read_text())]
                         for path in sources()}

    def room_of(self, file):
        """The room of a file; None for what is public and every room's, such as errors."""
        folder, name = file.rsplit("/", 1)
        if folder == "lib/snnl":
            return self.faces.get(name)
        inside = [room for room in self.rooms if folder == room or folder.startswith(room + "/")]
        self.assertTrue(inside, f"{file}: docs/architecture.md names no room for it")
        return max(inside, key=len)

    def test_the_page_names_every_room(self):
        self.assertGreater(len(self.rooms), 20)
        for room in self.rooms:
            self.assertTrue((SOURCE / room).is_dir(), f"docs/architecture.md: there is no {room}")
        for header in self.faces:
            self.assertTrue((SOURCE / "lib/snnl" / header).exists(), f"docs/architecture.md: there is no {header}")

    def test_no_include_runs_up(self):
        for file, includes in self.includes.items():
            room = self.room_of(file)
            for include in includes:
                other = self.room_of(include) if include != "lib/snnl/version.hpp" else None
                if room and other:
                    self.assertLessEqual(self.rooms.index(other), self.rooms.index(room), f"{file} includes {include}")
                if not room:
                    self.assertIsNone(other, f"{file}, which is every room's, includes {include}")

    def test_namespaces_are_called_as_the_rooms(self):
        for file in self.includes:
            room = self.room_of(file)
            opened = re.findall(r"^namespace ([\w:]+) {", (SOURCE / file).read_text(), re.M)
            if file.rsplit("/", 1)[0] == "lib/snnl":
                self.assertIn(opened[-1:], (["snnl"], ["snnl::" + room.rsplit("/", 1)[1]] if room else []), file)
                continue
            name = room.removeprefix("lib/snnl/").removeprefix("apps/").split("/")[0]  # a page is its report's
            name = "engine" if name in ENGINE else "tool" if name == "common" else name
            for one in opened:
                implements = one == "snnl" and room in self.faces.values()  # what the public header promises
                self.assertTrue(implements or name in one.split("::"), f"{file} opens namespace {one}, not {name}")

    def test_public_headers_show_nothing_inside(self):
        for file, includes in self.includes.items():
            if file.rsplit("/", 1)[0] == "lib/snnl":
                for include in includes:
                    self.assertEqual(include.rsplit("/", 1)[0], "lib/snnl", f"{file} includes {include}")

    def test_public_headers_show_no_other_library_than_xtensor(self):
        for path in sorted((SOURCE / "lib/snnl").glob("*.hpp")):
            for include in OUTSIDE.findall(path.read_text()):
                self.assertTrue(re.fullmatch(r"[a-z_]+|xtensor/xtensor\.hpp", include), f"{path.name} includes {include}")

    def test_no_files_include_each_other_in_a_circle(self):
        done, open_ = set(), []

        def visit(file):
            if file in open_:
                self.fail("a circle: " + " -> ".join(open_[open_.index(file):] + [file]))
            if file in done:
                return
            open_.append(file)
            for include in self.includes.get(file, []):
                visit(include)
            open_.pop()
            done.add(file)
        for file in self.includes:
            visit(file)

    def test_tools_do_not_know_each_other(self):
        for file, includes in self.includes.items():
            room = self.room_of(file)
            for include in includes:
                other = self.room_of(include) if include.startswith("apps/") else None
                shared = ("apps/common", "apps/report", "apps/report/page")
                if other and other not in shared:
                    self.assertEqual(other, room, f"{file} includes {include}, which is another tool's")

    def test_no_file_is_long(self):
        for path in sources():
            lines = len(path.read_text().splitlines())
            self.assertLessEqual(lines, MOST_LINES, f"{path.relative_to(SOURCE)} wants to be two")

    def test_no_function_is_long(self):
        for path in sources():
            for name, lines in functions(path.read_text()):
                self.assertLessEqual(lines, MOST_LINES_OF_A_FUNCTION, f"{path.relative_to(SOURCE)}: {name}")

    def test_functions_are_found(self):
        text = "namespace a {\nint f() {\n  g();\n}\n\nclass B {\n  int h() const {\n    g();\n    g();\n  }\n};\n}\n"
        self.assertEqual([lines for name, lines in functions(text)], [3, 4])


if __name__ == "__main__":
    unittest.main()
