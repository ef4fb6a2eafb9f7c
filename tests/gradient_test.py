#!/usr/bin/env python3
"""The library's gradient against PyTorch's autograd, in float64, of a formula written independently.

usage: gradient_test.py GRADIENT_TOOL SOURCE_DIR
"""

import subprocess
import sys
import unittest

import numpy as np
import torch

TOOL, SOURCE = sys.argv.pop(1), sys.argv.pop(1)
sys.path.insert(0, f"{SOURCE}/scripts")
from snnl_torch import SoftNearestNeighborLoss


def library(x, y, temperature, distance, precision):
    lines = [f"{len(x)} {x.shape[1]} {temperature!r} {distance} {precision}"]
    lines += [f"{label} " + " ".join(repr(float(v)) for v in row) for label, row in zip(y, x)]
    result = subprocess.run([TOOL], input="\n".join(lines), capture_output=True, text=True, check=True)
    first, *rows = result.stdout.splitlines()
    value, by_log_temperature = map(float, first.split())
    return value, by_log_temperature, np.array([[float(v) for v in row.split()] for row in rows])


def autograd(x, y, temperature, distance):
    """Distances from differences, masks, log-sum-exp; nothing shared with the library."""
    x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    log_t = torch.tensor(float(np.log(temperature)), dtype=torch.float64, requires_grad=True)
    y = torch.tensor(y)
    if distance == "cosine":
        d = 1 - torch.nn.functional.cosine_similarity(x[:, None], x[None], dim=2, eps=0)
    else:
        d = (x[:, None] - x[None]).square().sum(2)
    same = (y[:, None] == y[None]) & ~torch.eye(len(y), dtype=torch.bool)
    scored = same.any(1)
    logits = (-d / log_t.exp())[scored]
    itself = torch.eye(len(y), dtype=torch.bool)[scored]
    loss = (torch.logsumexp(logits.masked_fill(itself, -torch.inf), 1)
            - torch.logsumexp(logits.masked_fill(~same[scored], -torch.inf), 1)).mean()
    loss.backward()
    return float(loss), float(log_t.grad), x.grad.numpy()


def cases():
    random = np.random.default_rng(3)
    for n, d, classes, offset in ((128, 256, 10, 0.0), (300, 7, 4, 0.0), (65, 33, 40, 0.0), (90, 20, 3, 100.0)):
        y = random.integers(classes, size=n)
        x = (random.normal(size=(n, d)) + 0.4 * random.normal(size=(classes, d))[y] + offset).astype(np.float32)
        yield x, y


class Gradient(unittest.TestCase):
    def test_against_autograd(self):
        for x, y in cases():
            for distance in ("sqeuclidean", "cosine"):
                wide = x.astype(np.float64)
                differences = wide[:, None] - wide[None]
                mean = (differences**2).sum(2).mean()
                if distance == "cosine":
                    unit = wide / np.linalg.norm(wide, axis=1, keepdims=True)
                    mean = (1 - unit @ unit.T).mean()
                for factor in (0.01, 0.05, 0.3, 3):
                    value, by_log_temperature, gradient = autograd(x, y, factor * mean, distance)
                    for precision, bound in (("auto", 1e-4), ("double", 1e-6)):
                        with self.subTest(n=len(x), distance=distance, factor=factor, precision=precision):
                            found = library(x, y, factor * mean, distance, precision)
                            self.assertLess(np.linalg.norm(found[2] - gradient), bound * np.linalg.norm(gradient))
                            self.assertAlmostEqual(found[0], value, delta=bound * max(1, value))
                            self.assertAlmostEqual(found[1], by_log_temperature,
                                                   delta=bound * max(1, abs(by_log_temperature)))

    def test_the_loss_for_pytorch_has_the_same_gradient(self):
        for x, y in cases():
            t = float(0.3 * x.var(0).sum())
            at = torch.tensor(x, requires_grad=True)
            loss = SoftNearestNeighborLoss(t)(at, torch.tensor(y))
            loss.backward()
            value, _, gradient = library(x, y, t, "sqeuclidean", "auto")
            self.assertAlmostEqual(float(loss), value, places=4)
            self.assertLess(np.linalg.norm(at.grad.numpy() - gradient), 1e-3 * np.linalg.norm(gradient))


if __name__ == "__main__":
    unittest.main()
