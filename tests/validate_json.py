#!/usr/bin/env python3
"""Checks JSON files against a JSON Schema: validate_json.py SCHEMA FILE...

Prints what is wrong, a line for each file, and exits with 1; with 0 where all is well. NaN and Infinity, which Python
would read, are wrong: they are not JSON.
"""

import json
import sys

import jsonschema


def strict_json(path):
    def refuse(name):
        raise ValueError(f"{name} is not JSON")

    def unique(pairs):
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a name occurs twice in one object")
        return dict(pairs)

    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_constant=refuse, object_pairs_hook=unique)


def complaint(validator, path):
    try:
        document = strict_json(path)
    except ValueError as e:
        return str(e)
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    return error and f"{error.json_path}: {error.message[:500]}"


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: validate_json.py SCHEMA FILE...")
    schema = strict_json(sys.argv[1])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    complaints = [(path, complaint(validator, path)) for path in sys.argv[2:]]
    for path, text in complaints:
        if text:
            print(f"{path}: {text}")
    sys.exit(any(text for _, text in complaints))


if __name__ == "__main__":
    main()
