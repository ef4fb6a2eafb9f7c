"""The samples of workload.hpp in NumPy, the same to the bit: one Mersenne twister, sums of twelve uniforms."""

import numpy as np

ROWS_AT_ONCE = 4096


class Normals:
    """About normal: the sum of twelve uniforms is the same on every machine."""

    def __init__(self, seed):
        # A legacy seed fills the state as std::mt19937 does.
        self.state = np.random.RandomState(seed)

    def draw(self, count):
        words = np.frombuffer(self.state.bytes(4 * 12 * count), "<u4").reshape(count, 12)
        return words.sum(axis=1, dtype=np.uint64) / 2.0**32 - 6  # exact: 36 bits at most


def chunks(n, d, classes, separation, kind="clusters", seed=1, norms=0):
    """Yields (rows [m, d] float32, labels [m]) until n rows are out."""
    normals, of_norms = Normals(seed), Normals(seed + 1000)
    of_norms.draw(1 if norms else 0)  # the centre that workload.cpp draws
    centres = normals.draw(classes * d).reshape(classes, d) * (separation if kind == "clusters" else 0)
    for first in range(0, n, ROWS_AT_ONCE):
        count = min(ROWS_AT_ONCE, n - first)
        labels = np.arange(first, first + count) % classes
        rows = (centres[labels] + normals.draw(count * d).reshape(count, d)).astype(np.float32)
        if kind == "logits":
            rows[np.arange(count), labels] += np.float32(separation)
        if norms:
            rows *= np.exp(norms * of_norms.draw(count).astype(np.float32).astype(np.float64)).astype(np.float32)[:, None]
        yield rows, labels


def samples(**workload):
    parts = list(chunks(**workload))
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])
