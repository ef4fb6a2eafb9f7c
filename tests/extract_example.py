#!/usr/bin/env python3
"""Write the first ```cpp block of a Markdown file to a source file: extract_example.py FILE.md OUT.cpp"""
import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
example = re.search(r"^```cpp\n(.*?)^```$", text, re.M | re.S)
if example is None:
    sys.exit(f"{sys.argv[1]}: no ```cpp block")
open(sys.argv[2], "w", encoding="utf-8").write(example.group(1))
