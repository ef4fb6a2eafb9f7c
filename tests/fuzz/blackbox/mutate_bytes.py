"""Damage of any file: what disks, transfers and killed writers do, and what an attacker tries first."""

INTERESTING = [0, 1, 2, 3, 4, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000,
               0xFFFFFFFF, 0x100000000, 1 << 40, (1 << 62) + 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1]


def flip_bits(rng, data, corpus):
    for _ in range(rng.choice((1, 1, 1, 2, 8))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def set_bytes(rng, data, corpus):
    at, length = rng.randrange(len(data)), rng.choice((1, 1, 2, 4, 8, 16, 64, 512))
    fill = rng.choice((None, 0, 0xFF))
    for k in range(at, min(at + length, len(data))):
        data[k] = rng.randrange(256) if fill is None else fill


def set_integer(rng, data, corpus, at=None):
    """An integer that may be a length, a count or an address: at the edges, near what was there, or a place in the file."""
    size = rng.choice((1, 2, 4, 8))
    at = rng.randrange(len(data)) if at is None else at
    if rng.random() < 0.7:
        at -= at % size
    if at + size > len(data):
        return
    old = int.from_bytes(data[at:at + size], "little")
    new = rng.choice((rng.choice(INTERESTING), old + rng.choice((-8, -4, -1, 1, 4, 8)), old * 2, old // 2,
                      len(data) - rng.choice((0, 1, 4, 8, 64)), rng.randrange(len(data)) & ~7, rng.getrandbits(8 * size)))
    order = "big" if rng.random() < 0.1 else "little"
    data[at:at + size] = (new & ((1 << 8 * size) - 1)).to_bytes(size, order)


def truncate(rng, data, corpus):
    keep = rng.randrange(len(data))
    if rng.random() < 0.3:
        keep = max(0, len(data) - rng.randrange(1, 64))
    del data[keep:]


def extend(rng, data, corpus):
    length = rng.choice((1, 7, 512, 4096))
    data += bytes(length) if rng.random() < 0.5 else rng.randbytes(length)


def splice(rng, data, corpus):
    """A run of bytes of another file, in place of what is here."""
    other = rng.choice(corpus)
    length = min(rng.choice((8, 64, 512, 4096)), len(other))
    source = rng.randrange(len(other) - length + 1)
    at = source if rng.random() < 0.5 and source < len(data) else rng.randrange(len(data))
    data[at:at + length] = other[source:source + length]


def swap_blocks(rng, data, corpus):
    block = rng.choice((512, 4096))
    blocks = len(data) // block
    if blocks < 2:
        return
    a, b = rng.sample(range(blocks), 2)
    first, second = data[a * block:(a + 1) * block], data[b * block:(b + 1) * block]
    data[a * block:(a + 1) * block], data[b * block:(b + 1) * block] = second, first


def lose_block(rng, data, corpus):
    """A block that was never written, or one too few or too many."""
    block = rng.choice((8, 512, 4096))
    at = rng.randrange(len(data)) // block * block
    kind = rng.randrange(3)
    if kind == 0:
        data[at:at + block] = bytes(len(data[at:at + block]))
    elif kind == 1:
        del data[at:at + block]
    else:
        data[at:at] = data[at:at + block]


MUTATORS = [flip_bits, set_bytes, set_integer, set_integer, truncate, extend, splice, swap_blocks, lose_block]


def mutate(rng, data, corpus):
    """`data`, a bytearray, changed in place by one mutator; `corpus` is what can be spliced in."""
    if data:
        rng.choice(MUTATORS)(rng, data, corpus)
