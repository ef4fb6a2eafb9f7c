#!/usr/bin/env python3
"""The loss, the regulariser and the recorder for PyTorch, and what they write, read by the tools.

usage: torch_test.py SOURCE_DIR BIN_DIR
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import types
import unittest
import warnings
from pathlib import Path

SOURCE, BINARIES = Path(sys.argv.pop(1)), Path(sys.argv.pop(1))
sys.path.insert(0, str(SOURCE / "scripts"))

import h5py
import numpy as np
import snnl_dump
import torch
from snnl_torch import ActivationRecorder, EntanglementRegularizer, SoftNearestNeighborLoss
from torch import nn

torch.set_num_threads(1)


def definition(x, y, t, distance="sqeuclidean"):
    """The loss written from its definition, in float64."""
    n = len(x)
    losses = []
    for i in range(n):
        def d(j):
            if distance == "sqeuclidean":
                return np.sum((x[i] - x[j])**2)
            a, b = np.linalg.norm(x[i]), np.linalg.norm(x[j])
            return 1.0 if a == 0 or b == 0 else 1 - x[i] @ x[j] / (a * b)
        everyone = np.array([-d(j) / t for j in range(n) if j != i])
        own = np.array([-d(j) / t for j in range(n) if j != i and y[j] == y[i]])
        if len(own):
            losses.append(np.logaddexp.reduce(everyone) - np.logaddexp.reduce(own))
    return np.mean(losses) if losses else 0.0


def samples(n=24, d=5, classes=3, seed=0):
    random = np.random.default_rng(seed)
    y = np.arange(n) % classes
    return random.normal(size=(n, d)) + 0.7 * random.normal(size=(classes, d))[y], y


def hard_cases(n=120, d=8, classes=4):
    """labels [n], and activations on which a search for the temperature, or float32, goes wrong easily."""
    random = np.random.default_rng(11)
    y = np.arange(n) % classes
    centres, noise = random.normal(size=(classes, d)), random.normal(size=(n, d))
    apart = 3 * centres[y] + 0.05 * noise
    wrong = apart.copy()
    wrong[:2] = 3 * centres[(y[:2] + 1) % classes] + 0.05 * noise[:2]
    far, twice = noise + centres[y], noise + 0.5 * centres[y]
    far[3] *= 1e4
    twice[::3] = twice[0]
    half = np.arange(n)[:, None] < n // 2
    layers = {"mixed": noise + centres[y], "apart": apart, "two_wrong_labels": wrong, "outlier": far, "duplicates": twice,
              "two_scales": np.where(half, 1e-3, 1) * (noise + centres[y]) + np.where(half, 0, 100),
              "norms": noise * 10.0**random.integers(-3, 3, size=(n, 1)), "no_classes": noise,
              "relu": np.maximum(0, noise + 0.5 * centres[y])}
    return {"labels": y, "layers": {name: x.astype(np.float32) for name, x in layers.items()}}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(4 * 4 * 4, 6)
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        return self.out(torch.relu(self.fc(self.drop(torch.relu(self.conv(x)).flatten(1)))))


def images(n=32):
    torch.manual_seed(1)
    return torch.randn(n, 1, 6, 6), torch.arange(n) % 3


def loader(n=32, batch=10):
    x, y = images(n)
    return [(x[k:k + batch], y[k:k + batch]) for k in range(0, n, batch)]


class Loss(unittest.TestCase):
    def test_equals_its_definition(self):
        x, y = samples()
        y[3] = 77  # a class of one: a neighbour, but not scored
        for distance, temperatures in (("sqeuclidean", (0.05, 1, 30)), ("cosine", (0.01, 0.3, 5))):
            for t in temperatures:
                found = SoftNearestNeighborLoss(t, distance).double()(torch.tensor(x), torch.tensor(y))
                self.assertAlmostEqual(float(found), definition(x, y, t, distance), places=7)

    def test_gradients_by_finite_differences(self):
        x, y = samples(10, 3)
        y[0] = 9
        for distance in ("sqeuclidean", "cosine"):
            loss = SoftNearestNeighborLoss(0.8, distance).double()
            at = torch.tensor(x, requires_grad=True)
            self.assertTrue(torch.autograd.gradcheck(lambda v: loss(v, torch.tensor(y)), (at,)))

    def test_degenerate_batches_have_zero_gradient_and_no_nan(self):
        x, _ = samples(6, 3)
        equal = np.ones((6, 3))
        cases = {"one class": (x, [1] * 6, 0), "no pair": (x, list(range(6)), 0), "one sample": (x[:1], [1], 0),
                 "no sample": (x[:0], [], 0), "all equal": (equal, [0, 0, 0, 1, 1, 1], np.log(5 / 2)),
                 "all zero": (0 * equal, [0, 0, 0, 1, 1, 1], np.log(5 / 2))}
        for name, (values, labels, expected) in cases.items():
            for distance in ("sqeuclidean", "cosine"):
                with self.subTest(name, distance=distance):
                    at = torch.tensor(values, dtype=torch.float32, requires_grad=True)
                    for loss in (SoftNearestNeighborLoss(0.5, distance, learned=True), SoftNearestNeighborLoss(distance=distance)):
                        at.grad = None
                        value = loss(at, torch.tensor(labels, dtype=torch.long))
                        value.backward()
                        self.assertAlmostEqual(float(value), expected, places=5)
                        self.assertTrue(torch.all(at.grad.abs() < 1e-6), at.grad)

    def test_rows_of_zeros_duplicates_and_extremes_stay_finite(self):
        for distance in ("sqeuclidean", "cosine"):
            for factor in (1, 1e-12, 1e12):
                x, y = samples()
                x[2] = x[7] = 0
                x[4] = x[5]
                at = torch.tensor(x * factor, dtype=torch.float32, requires_grad=True)
                t = 1e-4 if distance == "cosine" else 1e-4 * factor**2
                loss = SoftNearestNeighborLoss(t, distance)(at, torch.tensor(y))
                loss.backward()
                self.assertTrue(torch.isfinite(loss))
                self.assertTrue(torch.isfinite(at.grad).all())
                if distance == "cosine":
                    self.assertEqual(float(at.grad[2].abs().sum()), 0)

    def test_an_offset_does_not_cost_digits(self):
        x, y = samples()
        found = SoftNearestNeighborLoss(1.0)(torch.tensor(x + 1e3, dtype=torch.float32), torch.tensor(y))
        self.assertAlmostEqual(float(found), definition(x, y, 1.0), places=3)

    def test_autocast_and_half(self):
        x, y = samples()
        expected = definition(x, y, 1.0)
        for dtype in (torch.bfloat16, torch.float16):
            found = SoftNearestNeighborLoss(1.0)(torch.tensor(x).to(dtype), torch.tensor(y))
            self.assertEqual(found.dtype, torch.float32)
            self.assertAlmostEqual(float(found), expected, delta=0.03)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = SoftNearestNeighborLoss(1.0)(torch.tensor(x, dtype=torch.float32), torch.tensor(y))
        self.assertAlmostEqual(float(found), expected, places=4)

    def test_a_learned_temperature_finds_the_optimum(self):
        x, y = samples(60, 4)
        loss = SoftNearestNeighborLoss(20.0, learned=True)
        optimiser = torch.optim.Adam(loss.parameters(), lr=0.05)
        for _ in range(300):
            optimiser.zero_grad()
            loss(torch.tensor(x), torch.tensor(y)).backward()
            optimiser.step()
        least = min(definition(x, y, t) for t in np.exp(np.linspace(-3, 4, 80)))
        self.assertAlmostEqual(definition(x, y, loss.temperature), least, delta=2e-3)

    def test_the_optimal_temperature_is_that_of_the_engine(self):
        """On data made adverse to a search: two wrong labels, an outlier, duplicates, clusters of very unequal size."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cases.h5"
            cases = hard_cases()
            with h5py.File(path, "w") as file:
                file["labels"] = cases["labels"]
                for name, x in cases["layers"].items():
                    file[f"epochs/0000/{name}"] = x
            for distance in ("sqeuclidean", "cosine"):
                found = subprocess.run([BINARIES / "snnl-analyze", path, "--distance", distance, "--quiet", "--json", "-"],
                                       capture_output=True, text=True, check=True)
                for item in json.loads(found.stdout)["items"]:
                    with self.subTest(item["layer"], distance=distance):
                        at = torch.tensor(cases["layers"][item["layer"]], requires_grad=True)
                        loss = SoftNearestNeighborLoss(distance=distance)
                        value = loss(at, torch.tensor(cases["labels"]))
                        value.backward()
                        exact = definition(at.detach().double().numpy(), cases["labels"], loss.last.temperature, distance)
                        self.assertLess(exact - item["entanglement"], 1e-5)
                        self.assertAlmostEqual(float(value), item["entanglement"], delta=3e-5)
                        self.assertAlmostEqual(loss.last.mean_distance / item["mean_distance"], 1, places=4)

    def test_the_optimal_loss_does_not_see_the_scale(self):
        for name, x in hard_cases()["layers"].items():
            labels = torch.tensor(hard_cases()["labels"])
            at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
            loss = SoftNearestNeighborLoss()
            value = loss(at, labels)
            value.backward()
            along = float((at.grad * at.detach()).sum() / (at.grad.norm() * at.detach().norm() + 1e-30))
            self.assertLess(abs(along), 1e-6, name)
            for factor in (1e-8, 1e8):
                self.assertAlmostEqual(float(loss(at.detach() * factor, labels)), float(value), places=6, msg=name)

    def test_the_gradient_at_the_optimum_by_finite_differences(self):
        x, y = samples(14, 3, seed=4)
        loss = SoftNearestNeighborLoss().double()
        at = torch.tensor(x, requires_grad=True)
        self.assertTrue(torch.autograd.gradcheck(lambda v: loss(v, torch.tensor(y)), (at,), eps=1e-5, atol=1e-5))

    def test_the_authors_epsilon(self):
        x, y = samples()
        x[5] = 40.0  # far from all of its class
        for t in (0.05, 1.0, 30.0):
            d = ((x[:, None] - x[None])**2).sum(2)
            near = np.exp(-d / t) * (1 - np.eye(len(x)))
            p = near / (1e-5 + near.sum(1, keepdims=True))
            expected = np.mean(-np.log(1e-5 + (p * (y[:, None] == y[None])).sum(1)))
            found = SoftNearestNeighborLoss(t, epsilon=1e-5).double()(torch.tensor(x), torch.tensor(y))
            self.assertAlmostEqual(float(found), expected, places=7)
        apart = torch.tensor([[0.0], [1e3], [1.0], [2e3]])  # the nearest of the own class is out of reach
        self.assertAlmostEqual(float(SoftNearestNeighborLoss(1.0, epsilon=1e-5)(apart, torch.tensor([0, 0, 1, 1]))),
                               -np.log(1e-5), places=4)

    def test_bad_arguments(self):
        for arguments, what in (((0,), "temperature 0"), (("best",), "temperature 'best'"), ((True,), "temperature True"),
                                ((1, "manhattan"), "distance 'manhattan'"), ((1, "cosine", False, -1), "epsilon -1"),
                                (("optimal", "cosine", True), "needs a number to begin with")):
            with self.assertRaisesRegex(ValueError, what):
                SoftNearestNeighborLoss(*arguments)
        with self.assertRaisesRegex(ValueError, "do not fit"):
            SoftNearestNeighborLoss()(torch.zeros(3, 2), torch.zeros(4))


class Regularizer(unittest.TestCase):
    def test_adds_the_losses_of_the_layers(self):
        model, (x, y) = Net(), images()
        model.drop.p = 0
        with EntanglementRegularizer(model, ["conv", "fc"], 2.0, warmup=0, temperature=50.0) as regularizer:
            model(x)
            total = regularizer(y)
            expected = {"conv": model.conv(x), "fc": model.fc(torch.relu(model.conv(x)).flatten(1))}
            for layer, output in expected.items():
                value = definition(output.detach().double().flatten(1).numpy(), y.numpy(), 50.0)
                self.assertAlmostEqual(regularizer.values[layer].loss, value, places=4)
                self.assertEqual(regularizer.values[layer].temperature, 50)
                apart = torch.pdist(output.detach().double().flatten(1)).square().mean()
                self.assertAlmostEqual(regularizer.values[layer].mean_distance / float(apart), 1, places=5)
            self.assertAlmostEqual(float(total), 2 * sum(v.loss for v in regularizer.values.values()), places=5)
            total.backward()
            self.assertGreater(float(model.conv.weight.grad.abs().sum()), 0)
        self.assertEqual(len(model.conv._forward_hooks) + len(model._forward_pre_hooks), 0)

    def test_only_the_last_training_pass_counts(self):
        model, (x, y) = Net(), images()
        regularizer = EntanglementRegularizer(model, "fc", 1.0)
        model(x)
        model.eval()
        model(x)
        model.train()
        with torch.no_grad():
            model(x)
        with self.assertRaisesRegex(RuntimeError, "ran 0 times"):
            regularizer(y)
        model(x)
        model(x)
        regularizer(y)
        with self.assertRaisesRegex(RuntimeError, "ran 0 times"):
            regularizer(y)

    def test_training_moves_the_layer_the_way_of_the_weight(self):
        def trained(weight):
            torch.manual_seed(3)
            model, (x, y) = Net(), images()
            model.drop.p = 0
            regularizer = EntanglementRegularizer(model, ["fc"], weight, warmup=20)
            optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
            for _ in range(80):
                optimiser.zero_grad()
                loss = nn.functional.cross_entropy(model(x), y) + regularizer(y)
                loss.backward()
                optimiser.step()
            return regularizer.values["fc"].loss

        apart, plain, mixed = trained(5.0), trained(0.0), trained(-5.0)
        self.assertLess(apart, plain)
        self.assertLess(plain, mixed)

    def test_learned_temperatures_lower_the_loss_whatever_the_weight(self):
        for weight in (1.0, -1.0):
            torch.manual_seed(3)
            model, (x, y) = Net(), images()
            model.drop.p = 0
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                regularizer = EntanglementRegularizer(model, ["fc"], weight, warmup=0, temperature=5.0, learned=True)
            optimiser = torch.optim.SGD(regularizer.losses.parameters(), lr=1.0)
            model(x)
            regularizer(y).backward()
            first = regularizer.values["fc"].loss
            for _ in range(30):
                optimiser.step()
                optimiser.zero_grad()
                model(x)
                regularizer(y).backward()
            self.assertLess(regularizer.values["fc"].loss, first)

    def test_warns_where_shrinking_looks_like_entangling(self):
        for options, what in (({"temperature": 3.0}, "fixed"), ({"temperature": 3.0, "learned": True}, "learned")):
            with self.assertWarnsRegex(UserWarning, what + ", the loss also rises where activations shrink"):
                EntanglementRegularizer(Net(), "fc", -1.0, **options)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            EntanglementRegularizer(Net(), "fc", -1.0)
            EntanglementRegularizer(Net(), "fc", 1.0, temperature=3.0)

    def test_warms_up_and_goes_on_where_it_was(self):
        model, (x, y) = Net(), images()
        model.drop.p = 0
        regularizer = EntanglementRegularizer(model, "fc", 2.0, warmup=4)

        def share(of):
            model(x)
            return float(of(y).detach()) / of.values["fc"].loss

        for expected in (0.5, 1.0):
            self.assertAlmostEqual(share(regularizer), expected, places=5)
        other = EntanglementRegularizer(model, "fc", 2.0, warmup=4)
        other.load_state_dict(regularizer.state_dict())
        regularizer.close()
        for expected in (1.5, 2.0, 2.0):
            self.assertAlmostEqual(share(other), expected, places=5)

    def test_names(self):
        model = nn.DataParallel(Net())
        with EntanglementRegularizer(model, ["fc", "module.conv"], 1.0) as regularizer:
            self.assertEqual(regularizer.layers, ["fc", "conv"])
            x, y = images()
            model(x)
            regularizer(y)
        with self.assertRaisesRegex(ValueError, "no layer 'conv2'; did you mean 'conv'?"):
            EntanglementRegularizer(Net(), ["conv2"], 1.0)


class Entangling(unittest.TestCase):
    """What training with the regulariser does to a layer is what snnl-analyze says of samples it was not trained on."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.addCleanup(self._folder.cleanup)

    def last_epoch(self, dump):
        """layer -> entanglement as a share of chance, and the share of right predictions."""
        found = subprocess.run([BINARIES / "snnl-analyze", dump, "--quiet", "--json", "-"], capture_output=True, text=True,
                               check=True)
        items = json.loads(found.stdout)["items"]
        last = max(item["epoch"] for item in items)
        with h5py.File(dump) as file:
            right = np.mean(file[f"predictions/{last:04}"][...] == file["labels"][...])
        return {item["layer"]: item["normalized"] for item in items if item["epoch"] == last}, right

    def test_the_example_of_the_page(self):
        text = (SOURCE / "docs/training.md").read_text()
        example = re.search(r"^```python\n(.*?)^```$", text, re.M | re.S)[1]
        results = {}
        for weight in ("-1.0", "0.0"):
            self.assertIn("weight=-1.0", example)
            subprocess.run([sys.executable, "-c", example.replace("weight=-1.0", f"weight={weight}")
                            .replace('"scripts"', repr(str(SOURCE / "scripts")))], cwd=self.folder, check=True, capture_output=True)
            results[weight] = self.last_epoch(self.folder / "training.h5")
            (self.folder / "training.h5").unlink()
        (with_it, right), (without, right_without) = results["-1.0"], results["0.0"]
        self.assertLess(without["relu2"], 0.3)
        self.assertGreater(with_it["relu2"], 0.9)
        self.assertGreater(right, right_without - 0.05)

    def test_a_convolutional_network(self):
        images = Path("/usr/share/datasets/fashion-mnist")
        if not images.is_dir():
            self.skipTest("no Fashion-MNIST; scripts/install-deps torch installs it")
        import snnl_idx

        def read(kind, count):
            pixels, labels = (snnl_idx.read_idx(images / f"{kind}-{what}-ubyte")[:count] for what in ("images-idx3", "labels-idx1"))
            return torch.tensor(pixels)[:, None].float() / 255, torch.tensor(labels).long()

        (x, y), fixed = read("train", 8000), read("t10k", 1000)

        def trained(weight, epochs):
            torch.manual_seed(1)
            model = nn.Sequential()
            for name, module in (("conv1", nn.Conv2d(1, 16, 5, 2)), ("relu1", nn.ReLU()), ("conv2", nn.Conv2d(16, 32, 3, 2)),
                                 ("relu2", nn.ReLU()), ("flat", nn.Flatten()), ("fc1", nn.Linear(800, 64)), ("relu3", nn.ReLU()),
                                 ("logits", nn.Linear(64, 10))):
                model.add_module(name, module)
            optimiser = torch.optim.Adam(model.parameters(), lr=0.002)
            with EntanglementRegularizer(model, ["relu2", "relu3"], weight) as regularizer:
                for _ in range(epochs):
                    for batch in torch.randperm(len(x)).split(256):
                        optimiser.zero_grad()
                        (nn.functional.cross_entropy(model(x[batch]), y[batch]) + regularizer(y[batch])).backward()
                        optimiser.step()
            path = self.folder / f"cnn{weight}.h5"
            ActivationRecorder(model, ["relu2", "relu3", "logits"], path, [fixed]).record(epochs)
            return self.last_epoch(path)

        (without, right_without), (with_it, right) = trained(0.0, 6), trained(-1.0, 25)
        self.assertLess(without["relu3"], 0.4)
        for layer in ("relu2", "relu3"):
            self.assertGreater(with_it[layer], 0.9, layer)
        self.assertGreater(right, right_without - 0.05)


class Recorder(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.path = self.folder / "run.h5"
        self.addCleanup(self._folder.cleanup)

    def tool(self, name, *arguments):
        result = subprocess.run([BINARIES / name, *map(str, arguments)], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def test_what_is_recorded_is_what_the_tools_read(self):
        model = Net()
        recorder = ActivationRecorder(model, ["conv", "fc", "out"], self.path, loader(), dtype="float32",
                                      class_names=["a", "b", "c"], sample_ids=[f"image {k}" for k in range(32)],
                                      dataset="noise", compression=4)
        random = torch.get_rng_state()
        for epoch in (0, 5):
            recorder.record(epoch)
        self.assertTrue(model.training and model.drop.training)
        self.assertTrue(torch.equal(torch.get_rng_state(), random))
        inspection = json.loads(self.tool("snnl-inspect", self.path, "--json", "-"))
        self.assertEqual((inspection["status"], inspection["epochs"], inspection["layers"]),
                         ("sound", [0, 5], ["conv", "fc", "out"]))
        self.assertEqual([f for f in inspection["findings"] if f["severity"] == "error"], [])
        analysis = json.loads(self.tool("snnl-analyze", self.path, "--quiet", "--temperature", "3", "--json", "-"))
        x, y = images()
        model.eval()
        with torch.no_grad():
            fc = model.fc(torch.relu(model.conv(x)).flatten(1)).double().numpy()
        item = [i for i in analysis["items"] if i["layer"] == "fc" and i["epoch"] == 5][0]
        self.assertAlmostEqual(item["entanglement"], definition(fc, y.numpy(), 3.0), places=5)
        with h5py.File(self.path) as file:
            np.testing.assert_array_equal(file["predictions/0005"][...], model(x).argmax(1).numpy())
            self.assertEqual(file["sample_ids"].asstr()[3], "image 3")

    def test_pooling_half_precision_and_data_parallel(self):
        recorder = ActivationRecorder(nn.DataParallel(Net()), ["conv", "module.fc"], self.path, loader(), pool=True)
        recorder.record(0)
        with h5py.File(self.path) as file:
            self.assertEqual(file["epochs/0000/conv"].shape, (32, 4))
            self.assertEqual(file["epochs/0000/fc"].dtype, np.float16)
        self.tool("snnl-inspect", self.path)

    def test_goes_on_and_refuses_what_does_not_fit(self):
        model = Net()
        ActivationRecorder(model, ["fc"], self.path, loader()).record(0)
        recorder = ActivationRecorder(model, ["fc"], self.path, loader())
        recorder.record(1)
        with self.assertRaisesRegex(ValueError, "has epoch 1 already"):
            recorder.record(1)
        recorder.record(1, overwrite=True)
        other = [(x, (y + 1) % 3) for x, y in loader()]
        with self.assertRaisesRegex(ValueError, "exists, with other labels"):
            ActivationRecorder(model, ["fc"], self.path, other).record(2)
        recorder.loader = other
        with self.assertRaisesRegex(ValueError, "must not shuffle"):
            recorder.record(2)
        with torch.no_grad():
            model.fc.weight.fill_(1e6)
        recorder.loader = loader()
        with self.assertRaisesRegex(ValueError, "beyond float16; record it as float32"):
            recorder.record(2)
        self.assertEqual(snnl_dump.DumpWriter(self.path, np.arange(32) % 3).epochs(), [0, 1])
        self.assertEqual([p.name for p in self.folder.iterdir()], ["run.h5"])

    def test_a_file_for_each_epoch(self):
        recorder = ActivationRecorder(Net(), ["fc", "out"], self.folder / "run-{epoch}.h5", loader())
        for epoch in range(3):
            recorder.record(epoch)
        out = self.tool("snnl-inspect", *sorted(self.folder.iterdir()))
        self.assertIn("epochs  3: 0, 1, 2", out)

    def test_killed_at_any_point_it_leaves_the_epochs_before(self):
        program = (f"import sys; sys.path.insert(0, {str(SOURCE / 'scripts')!r})\n"
                   "import numpy as np, snnl_dump\n"
                   "w = snnl_dump.DumpWriter(sys.argv[1], np.arange(200) % 4)\n"
                   "for e in range(10000):\n"
                   "    w.write_epoch(e, {'a': np.full((200, 300), e), 'b': np.full((200, 50), e)})\n"
                   "    print(e, flush=True)\n")
        random = np.random.default_rng(5)
        for k in range(12):
            path = self.folder / f"{k}.h5"
            with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True) as child:
                child.stdout.readline()
                time.sleep(float(random.uniform(0, 0.15)))
                os.kill(child.pid, signal.SIGKILL)
                done = child.stdout.read().split()
            epochs = snnl_dump.DumpWriter(path, np.arange(200) % 4).epochs()
            self.assertEqual(epochs[:1 + len(done)], list(range(1 + len(done))))
            with h5py.File(path) as file:
                for epoch in epochs:
                    self.assertTrue((file[f"epochs/{epoch:04d}/b"][...] == epoch).all())
            # The next run clears nothing away that is not its own, and goes on.
            snnl_dump.DumpWriter(path, np.arange(200) % 4).write_epoch(99999, {"a": np.zeros((200, 2))})

    def test_a_writer_that_is_given_nonsense(self):
        def refused(message, *arguments, **options):
            with self.assertRaisesRegex(ValueError, message):
                snnl_dump.DumpWriter(self.path, *arguments, **options)

        refused("labels must be whole numbers", [0.5, 1])
        refused("labels must be whole numbers", [])
        refused("labels lie in 0 .. 2, but there are 2 class names", [0, 1, 2], class_names=["a", "b"])
        refused("1 sample ids, but 2 labels", [0, 1], sample_ids=[4])
        refused("dtype 'int8' is none of", [0, 1], dtype="int8")
        writer = snnl_dump.DumpWriter(self.path, [0, 1, 0])
        for activations, message in (({}, "no layers"), ({"a//b": np.ones((3, 2))}, "cannot name a layer"),
                                     ({"labels": np.ones((3, 2))}, "cannot name a layer"),
                                     ({"a": np.ones((2, 2))}, r"shape \[2, 2\], expected \[3, ...\]"),
                                     ({"a": np.array([["x"], ["y"], ["z"]])}, "expected numbers")):
            with self.assertRaisesRegex(ValueError, message):
                writer.write_epoch(0, activations)
        self.assertEqual(list(self.folder.iterdir()), [])


class Pooling(unittest.TestCase):
    def test_maps_and_tokens_as_pytorch_pools_them(self):
        random = np.random.default_rng(4)
        n, y = 60, np.arange(60) % 3
        numbers = {}
        with tempfile.TemporaryDirectory() as folder:
            for height, width in ((7, 5), (8, 8), (1, 1), (2, 3)):
                maps = random.normal(size=(n, 4, height, width)) + 0.3 * random.normal(size=(3, 4, 1, 1))[y]
                for rows, columns in ((1, 1), (2, 2), (4, 2), (3, 3)):
                    path = Path(folder) / f"{height}x{width}-{rows}x{columns}.h5"
                    right = torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(maps), (rows, columns))
                    layers = {"raw": maps, "pytorch": right.flatten(1).numpy()}
                    snnl_dump.DumpWriter(path, y, dtype="float64").write_epoch(0, layers)
                    last = Path(folder) / ("last-" + path.name)
                    writer = snnl_dump.DumpWriter(last, y, dtype="float64", data_format="channels_last")
                    writer.write_epoch(0, {"raw": maps.transpose(0, 2, 3, 1), "pytorch": layers["pytorch"]})
                    for file in (path, last):
                        run = subprocess.run([BINARIES / "snnl-analyze", file, "--pool", f"{rows}x{columns}", "--json", "-",
                                              "--precision", "double"], capture_output=True, text=True, check=True)
                        numbers[file.name] = {item["layer"]: item for item in json.loads(run.stdout)["items"]}
        self.assertEqual(len(numbers), 32)
        for name, items in numbers.items():
            with self.subTest(name):
                self.assertEqual(items["raw"]["features"], items["pytorch"]["features"])
                for field in ("entanglement", "temperature", "mean_distance"):
                    np.testing.assert_allclose(items["raw"][field], items["pytorch"][field], rtol=1e-9)

    def test_a_format_that_is_none(self):
        with self.assertRaisesRegex(ValueError, "data_format 'NHWC' is neither channels_first nor channels_last"):
            snnl_dump.DumpWriter("run.h5", [0, 1], data_format="NHWC")


class Keras(unittest.TestCase):
    def test_the_callback_records_what_the_layers_give(self):
        """Keras itself is in no Debian package: a stand-in with the parts of its interface that are used."""
        layers = types.SimpleNamespace(Layer=object)
        stand_in = types.ModuleType("tensorflow")

        class Callback:
            def set_model(self, model):
                self.model = model

        class Model:
            """Two layers; Model(inputs, outputs) gives all outputs."""
            def __init__(self, inputs=None, outputs=None):
                self.inputs, self.outputs = inputs, outputs or []
                self.layers = [types.SimpleNamespace(name=name, output=name)
                               for name in ("conv", "dense", "logits")]

            def get_layer(self, name):
                return next(layer for layer in self.layers if layer.name == name)

            def predict(self, x, batch_size=None, verbose=0):
                values = {"conv": np.tile(x, 4).reshape(len(x), 2, 2, -1), "dense": np.tile(x, 3), "logits": x}
                return [values[name] for name in self.outputs]

        backend = types.SimpleNamespace(image_data_format=lambda: "channels_last")
        stand_in.keras = types.SimpleNamespace(backend=backend, callbacks=types.SimpleNamespace(Callback=Callback), Model=Model,
                                               layers=layers)
        sys.modules["tensorflow"] = stand_in
        self.addCleanup(sys.modules.pop, "tensorflow")
        import snnl_keras
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.h5"
            x, y = samples(12, 3)
            callback = snnl_keras.ActivationRecorder(["conv", "dense", "logits"], path, x, y, every=2)
            callback.set_model(Model())
            callback.on_train_begin()
            for epoch in range(4):
                callback.on_epoch_end(epoch)
            with h5py.File(path) as file:
                self.assertEqual(sorted(file["epochs"]), ["0000", "0002", "0004"])
                self.assertEqual(file["epochs/0002/dense"].shape, (12, 9))
                np.testing.assert_array_equal(file["predictions/0004"][...], x.argmax(1))
                self.assertEqual(file["epochs/0004/conv"].attrs["data_format"], "channels_last")
                self.assertEqual(dict(file["epochs/0004/dense"].attrs), {})
            with self.assertRaisesRegex(ValueError, "no layer 'dens'; did you mean 'dense'?"):
                callback = snnl_keras.ActivationRecorder(["dens"], path, x, y)
                callback.set_model(Model())


if __name__ == "__main__":
    unittest.main()
