"""Damage of the structures of HDF5: integers inside them are changed, and checksums made to fit again."""

import re

import mutate_bytes

SIGNATURES = re.compile(rb"\x89HDF\r\n\x1a\n|GCOL|TREE|SNOD|HEAP|OHDR|OCHK|FRHP|FHDB|FHIB|FAHD|FADB|EAHD|EAIB|EASB|EADB|"
                        rb"BTHD|BTLF|BTIN|FSHD|FSSE|SMTB|SMLI")
REACH = {b"GCOL": 512, b"TREE": 256, b"SNOD": 256, b"HEAP": 32, b"OHDR": 512, b"FRHP": 146}
# Where the checksum of a structure of fixed size stands, for addresses of eight bytes.
CHECKSUM_AT = {b"BTHD": 34, b"FAHD": 24, b"EAHD": 68}


def lookup3(data):
    """Bob Jenkins' lookup3 (hashlittle), the checksum of HDF5's metadata."""
    mask = 0xFFFFFFFF

    def rot(x, k):
        return ((x << k) | (x >> (32 - k))) & mask

    length, at = len(data), 0
    a = b = c = (0xDEADBEEF + length) & mask
    while length > 12:
        a = (a + int.from_bytes(data[at:at + 4], "little")) & mask
        b = (b + int.from_bytes(data[at + 4:at + 8], "little")) & mask
        c = (c + int.from_bytes(data[at + 8:at + 12], "little")) & mask
        a = (a - c) & mask ^ rot(c, 4)
        c = (c + b) & mask
        b = (b - a) & mask ^ rot(a, 6)
        a = (a + c) & mask
        c = (c - b) & mask ^ rot(b, 8)
        b = (b + a) & mask
        a = (a - c) & mask ^ rot(c, 16)
        c = (c + b) & mask
        b = (b - a) & mask ^ rot(a, 19)
        a = (a + c) & mask
        c = (c - b) & mask ^ rot(b, 4)
        b = (b + a) & mask
        at, length = at + 12, length - 12
    if length == 0:
        return c
    rest = bytes(data[at:at + 12]) + bytes(12)
    a = (a + int.from_bytes(rest[0:4], "little")) & mask
    b = (b + int.from_bytes(rest[4:8], "little")) & mask
    c = (c + int.from_bytes(rest[8:12], "little")) & mask
    c = ((c ^ b) - rot(b, 14)) & mask
    a = ((a ^ c) - rot(c, 11)) & mask
    b = ((b ^ a) - rot(a, 25)) & mask
    c = ((c ^ b) - rot(b, 16)) & mask
    a = ((a ^ c) - rot(c, 4)) & mask
    b = ((b ^ a) - rot(a, 14)) & mask
    return ((c ^ b) - rot(b, 24)) & mask


def _header_checksum(data, at):
    """Of an object header of version 2: where it stands after the header, by its own length."""
    flags = data[at + 5]
    offset = 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    return offset + width + int.from_bytes(data[at + offset:at + offset + width], "little")


class Structures:
    """Where the structures of a file are, and which of them have a checksum at a known place."""

    def __init__(self, data):
        self.places = []  # (offset, reach, offset of the checksum in it or None)
        for match in SIGNATURES.finditer(data):
            at, name = match.start(), match.group()
            checksum = CHECKSUM_AT.get(name)
            if name == b"OHDR":
                checksum = _header_checksum(data, at)
            elif name.startswith(b"\x89HDF") and data[at + 8] >= 2:
                checksum = 44
            elif name in (b"FRHP", b"BTLF", b"FADB", b"EAIB", b"OCHK"):
                checksum = next((n for n in range(16, 260)
                                 if lookup3(data[at:at + n]) == int.from_bytes(data[at + n:at + n + 4], "little")), None)
            if checksum is not None and lookup3(data[at:at + checksum]) != int.from_bytes(
                    data[at + checksum:at + checksum + 4], "little"):
                checksum = None
            self.places.append((at, checksum or REACH.get(name, 96), checksum))


def mutate(rng, data, corpus, structures):
    """`data` changed in place, in one of its `structures` or anywhere."""
    places = [place for place in structures.places if place[0] + 8 < len(data)]
    if not places or rng.random() < 0.35:
        mutate_bytes.mutate(rng, data, corpus)
        return
    at, reach, checksum = rng.choice(places)
    where = min(at + rng.randrange(reach), len(data) - 1)
    for _ in range(rng.choice((1, 1, 1, 2))):
        if rng.random() < 0.75:
            mutate_bytes.set_integer(rng, data, corpus, where)
        else:
            data[where] ^= 1 << rng.randrange(8)
    if checksum is not None and at + checksum + 4 <= len(data) and rng.random() < 0.85:
        data[at + checksum:at + checksum + 4] = lookup3(data[at:at + checksum]).to_bytes(4, "little")
