"""Damage of JSON: of its bytes, and of its values, so that the text stays JSON."""

import copy
import json

import mutate_bytes

VALUES = [None, True, False, 0, 1, -1, 2, 0.5, -0.0, 1e308, -1e308, 5e-324, 1 << 31, (1 << 63) - 1, 1 << 63, 1 << 64,
          -(1 << 63) - 1, 10 ** 400, "", "auto", "x" * 5000, "\u202e\x9b\x1b[2J", "</script><script>alert(1)</script>",
          "=1+1", "../../etc/passwd", "/dev/null", "a\x00b", "\ud800", [], {}, [[]], [None], {"": None}]
TOKENS = [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-0", b"0x1", b"'", b'"\\ud800"', b'"\xff"', b"\xef\xbb\xbf", b"//",
          b"," * 3, b"[" * 20000, b'{"a":' * 20000, b"1" * 20000, b'"' + b"a" * 70000 + b'"']


def _places(value, found):
    if isinstance(value, dict):
        for key, one in value.items():
            found.append((value, key))
            _places(one, found)
    elif isinstance(value, list):
        for k, one in enumerate(value):
            found.append((value, k))
            _places(one, found)


def _change(rng, document):
    found = []
    _places(document, found)
    holder, key = rng.choice(found)
    kind = rng.randrange(7)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif kind == 2 and isinstance(holder, dict):
        holder[str(key) + rng.choice(("", "x", "\n", "\u200b"))] = holder.pop(key)
    elif kind == 3:
        other, place = rng.choice(found)
        holder[key] = copy.deepcopy(other[place])
    elif kind == 4 and isinstance(holder[key], (int, float)) and not isinstance(holder[key], bool):
        holder[key] = rng.choice((-holder[key], holder[key] + 1, holder[key] * 1000, holder[key] / 1000))
    elif kind == 5 and isinstance(holder[key], str):
        holder[key] += rng.choice(("", " ", "\x00", "\u2028", "x" * 3000))
    else:
        holder[key] = rng.choice(VALUES)


def _with_token(rng, text):
    at = rng.randrange(len(text) + 1)
    text[at:at + rng.choice((0, 0, 1, 3))] = rng.choice(TOKENS)


def mutate(rng, data, corpus):
    kind = rng.random()
    if kind < 0.25:
        mutate_bytes.mutate(rng, data, corpus)
    elif kind < 0.4:
        _with_token(rng, data)
    else:
        try:
            document = json.loads(bytes(data))
            for _ in range(rng.choice((1, 1, 1, 2, 5))):
                _change(rng, document)
        except (ValueError, IndexError, TypeError, RecursionError, OverflowError):
            return mutate_bytes.mutate(rng, data, corpus) if data else None
        data[:] = json.dumps(document, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
