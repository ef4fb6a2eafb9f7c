#!/usr/bin/env python3
"""Run the commands of the documentation: every line of its ```sh blocks, in a scratch folder.

usage: run_docs.py SOURCE_DIR BIN_DIR SCRATCH_DIR FILE.md...

testdata/ and scripts/ are there as in a checkout, and the tools are on the PATH. Scripts that install, build, run the
tests or take minutes are passed over: CI calls them itself. A ```python block is run as a program before the commands
after it.
"""
import os
import re
import shutil
import subprocess
import sys

NOT_HERE = re.compile(r"scripts/(quickstart|test|bench|install-deps|make_testdata|reproduce)\b|--testdata|\.ci/run|\bcmake\b|\bapt")


def blocks(path):
    with open(path, encoding="utf-8") as file:
        yield from re.findall(r"^```(sh|python)\n(.*?)^```$", file.read(), re.M | re.S)


def main():
    source, binaries, scratch, *documents = sys.argv[1:]
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    for name in ("testdata", "scripts", "docs"):
        os.symlink(os.path.join(source, name), os.path.join(scratch, name))
    # Scripts are run by the Python that runs this, which has what they need.
    path = os.pathsep.join([binaries, os.path.dirname(sys.executable), os.environ["PATH"]])
    environment = dict(os.environ, PATH=path, MPLBACKEND="Agg")
    ran = 0
    for document in documents:
        for language, text in blocks(os.path.join(source, document)):
            if language == "python":
                commands = [[sys.executable, "-c", text]]
            else:
                text = text.replace("\\\n", " ")
                commands = [["sh", "-c", line] for line in text.splitlines()
                            if line.strip() and not line.lstrip().startswith("#") and not NOT_HERE.search(line)]
            for command in commands:
                print(f"{document}: {command[-1].strip().splitlines()[0]}", flush=True)
                status = subprocess.run(command, cwd=scratch, env=environment, timeout=300).returncode
                if status != 0:
                    sys.exit(f"{document}: exit status {status} of: {command[-1]}")
                ran += 1
    if ran == 0:
        sys.exit("no command was found to run")


main()
