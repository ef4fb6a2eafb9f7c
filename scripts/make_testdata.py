#!/usr/bin/env python3
"""Train two small networks and record their activations: the data in testdata/.

fashion_mnist_cnn.h5  a convolutional network on Fashion-MNIST, 600 test images
digits_mlp.h5         a multilayer perceptron on scikit-learn's digits, 500 held-out images

Both are HDF5 activation dumps, layout version 1 (docs/). Epoch 0 is the network before training. Seeds are fixed and
training uses one thread: the same versions of PyTorch and HDF5 on the same kind of CPU give the same bytes.
"""

import argparse
import os
import random
import sys
import time
from pathlib import Path

# BLAS reads these when it is loaded; with more threads it adds in another order.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

try:
    import h5py
    import numpy as np
    import torch
    import torch.nn.functional as F
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split
    from snnl_idx import read_idx
    from torch import nn
except ImportError as missing:
    print(f"make_testdata.py: error: {missing}; "
          "run it with the Python of: scripts/find-python h5py numpy torch sklearn", file=sys.stderr)
    sys.exit(2)

FASHION_CLASSES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                   "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
FASHION_KINDS = ["tops", "trousers", "dresses", "footwear", "bags"]
FASHION_KIND_OF_CLASS = np.array([0, 1, 0, 2, 0, 3, 0, 3, 4, 3])


class Cnn(nn.Module):
    """Three 3x3 convolutions and two dense layers; forward() returns every layer's output after its ReLU."""

    layer_names = ["conv1", "conv2", "conv3", "fc1", "logits"]

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc1 = nn.Linear(64 * 3 * 3, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        conv1 = F.relu(self.conv1(x))
        conv2 = F.relu(self.conv2(F.max_pool2d(conv1, 2)))
        conv3 = F.relu(self.conv3(F.max_pool2d(conv2, 2)))
        fc1 = F.relu(self.fc1(F.max_pool2d(conv3, 2).flatten(1)))
        return {"conv1": conv1, "conv2": conv2, "conv3": conv3, "fc1": fc1, "logits": self.fc2(fc1)}


class Mlp(nn.Module):
    """Two hidden layers; forward() returns the input too, and every layer's output after its ReLU."""

    layer_names = ["input", "fc1", "fc2", "logits"]

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 32)
        self.fc2 = nn.Linear(32, 16)
        self.fc3 = nn.Linear(16, 10)

    def forward(self, x):
        fc1 = F.relu(self.fc1(x))
        fc2 = F.relu(self.fc2(fc1))
        return {"input": x, "fc1": fc1, "fc2": fc2, "logits": self.fc3(fc2)}


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)


def load_fashion(directory):
    """Images in [0, 1] as [n, 1, 28, 28] and labels, for training and test."""
    def part(name):
        images = read_idx(directory / f"{name}-images-idx3-ubyte")
        labels = read_idx(directory / f"{name}-labels-idx1-ubyte")
        return torch.from_numpy(images[:, None] / np.float32(255)), torch.from_numpy(labels.astype(np.int64))
    return part("train"), part("t10k")


def pick_per_class(labels, per_class, seed):
    """Indices of `per_class` samples of each class, ascending."""
    rng = np.random.default_rng(seed)
    picked = [rng.choice(np.flatnonzero(labels == c), per_class, replace=False) for c in np.unique(labels)]
    return np.sort(np.concatenate(picked))


def train_epoch(model, optimizer, x, y, batch, generator):
    model.train()
    for rows in torch.randperm(len(x), generator=generator).split(batch):
        optimizer.zero_grad()
        F.cross_entropy(model(x[rows])["logits"], y[rows]).backward()
        optimizer.step()


@torch.no_grad()
def evaluate(model, x, y):
    """Mean cross-entropy and accuracy."""
    model.eval()
    logits = torch.cat([model(part)["logits"] for part in x.split(1000)])
    return F.cross_entropy(logits, y).item(), (logits.argmax(1) == y).double().mean().item()


@torch.no_grad()
def activations(model, x, pool):
    """Layer name -> array [n, ...]; maps of height x width are averaged over a pool[name] x pool[name] grid."""
    model.eval()
    outputs = model(x)
    return {name: (F.adaptive_avg_pool2d(outputs[name], pool[name]) if name in pool else outputs[name]).numpy()
            for name in model.layer_names}


class DumpWriter:
    """Writes an activation dump, layout version 1. `storage` gives each layer's create_dataset arguments."""

    def __init__(self, path, layer_names, storage, attributes):
        self.file = h5py.File(path, "w")
        self.layer_names = layer_names
        self.storage = storage
        self.file.attrs["snnl_dump_version"] = 1
        self.file.attrs["layer_names"] = layer_names
        for name, value in attributes.items():
            self.file.attrs[name] = value

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def integers(self, name, values, class_names=None):
        dataset = self.file.create_dataset(name, data=values, track_times=False)
        if class_names is not None:
            dataset.attrs["class_names"] = class_names

    def epoch(self, epoch, layers, layer_attributes, attributes):
        group = self.file.create_group(f"epochs/{epoch:04d}")
        group.attrs["epoch"] = epoch
        for name, value in attributes.items():
            group.attrs[name] = value
        for name in self.layer_names:
            dataset = group.create_dataset(name, data=layers[name], track_times=False, **self.storage[name])
            for attribute, value in layer_attributes.get(name, {}).items():
                dataset.attrs[attribute] = value


def record(writer, model, optimizer, train, test, samples, epochs, batch, seed, pool=None):
    """Train, and at each epoch of `epochs` write the activations of `samples`."""
    pool = pool or {}
    notes = {name: {"pooling": f"mean over each cell of a {size} x {size} grid"} for name, size in pool.items()}
    generator = torch.Generator().manual_seed(seed)
    for epoch in range(max(epochs) + 1):
        if epoch > 0:
            train_epoch(model, optimizer, *train, batch, generator)
        if epoch in epochs:
            loss, accuracy = evaluate(model, *test)
            writer.epoch(epoch, activations(model, samples, pool), notes,
                         {"test_loss": loss, "test_accuracy": accuracy})
            print(f"epoch {epoch}: test loss {loss:.4f}, accuracy {accuracy:.4f}", file=sys.stderr)


def make_fashion(path, data, epochs, train_size, seed, raw=False):
    seed_everything(seed)
    train, test = load_fashion(data)
    train = tuple(part[:train_size] for part in train)
    labels = test[1].numpy()
    ids = pick_per_class(labels, 60, seed)
    model = Cnn()
    half = {"dtype": "f2", "compression": "gzip", "compression_opts": 9, "shuffle": True}
    storage = {name: dict(half, dtype="f4") if name == "logits" else half for name in model.layer_names}
    attributes = {"model": "conv 16-32-64 (3x3, ReLU, max pooling), dense 64-10",
                  "dataset": "Fashion-MNIST, test images, 60 per class"}
    with DumpWriter(path, model.layer_names, storage, attributes) as writer:
        writer.integers("labels", labels[ids].astype(np.uint8), FASHION_CLASSES)
        writer.integers("label_sets/kind", FASHION_KIND_OF_CLASS[labels[ids]].astype(np.int32), FASHION_KINDS)
        writer.integers("sample_ids", ids.astype(np.int64))
        record(writer, model, torch.optim.Adam(model.parameters(), lr=1e-3), train, test, test[0][ids], epochs,
               batch=64, seed=seed, pool={} if raw else {"conv1": 2, "conv2": 2, "conv3": 1})


def make_digits(path, epochs, seed):
    seed_everything(seed)
    images, labels = load_digits(return_X_y=True)
    train_ids, test_ids = train_test_split(np.arange(len(labels)), test_size=500, stratify=labels, random_state=seed)
    test_ids.sort()

    def part(ids):
        return torch.from_numpy(images[ids]), torch.from_numpy(labels[ids])
    test = part(test_ids)
    model = Mlp().double()
    storage = {"input": {"dtype": "f4", "compression": "gzip"}, "fc1": {"dtype": "f4"},
               "fc2": {"dtype": "f8"}, "logits": {"dtype": "f4"}}
    attributes = {"model": "dense 32-16-10 (ReLU)", "dataset": "scikit-learn digits, 500 held-out images"}
    with DumpWriter(path, model.layer_names, storage, attributes) as writer:
        writer.integers("labels", labels[test_ids].astype(np.int64), [str(digit) for digit in range(10)])
        writer.integers("label_sets/parity", (labels[test_ids] % 2).astype(np.int8), ["even", "odd"])
        writer.integers("sample_ids", test_ids.astype(np.int64))
        record(writer, model, torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9), part(train_ids), test,
               test[0], epochs, batch=32, seed=seed)


def whole(path, make):
    """Calls make(temporary path) and renames: the file is whole or absent."""
    temporary = path.with_name(path.name + ".tmp")
    started = time.monotonic()
    try:
        make(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    print(f"{path}: {path.stat().st_size} bytes, {time.monotonic() - started:.0f} s", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        epilog="example: make_testdata.py --data /usr/share/datasets/fashion-mnist --output testdata")
    parser.add_argument("--data", type=Path, default=Path("/usr/share/datasets/fashion-mnist"), metavar="DIR",
                        help="the four Fashion-MNIST files *-ubyte.gz (Debian: dataset-fashion-mnist)")
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parent.parent / "testdata",
                        metavar="DIR", help="where to write the dumps")
    parser.add_argument("--only", choices=["fashion", "digits"], default=argparse.SUPPRESS, help="make one of the two")
    parser.add_argument("--epochs", type=int, nargs="+", default=[0, 1, 2, 4, 7, 12], metavar="N",
                        help="recorded epochs; training ends at the largest")
    parser.add_argument("--train-size", type=int, default=60000, metavar="N", help="Fashion-MNIST training images")
    parser.add_argument("--seed", type=int, default=2019, help="of weights, order and choice of samples")
    parser.add_argument("--raw", action="store_true",
                        help="leave the maps of Fashion-MNIST whole, 70 MB: what README.md lays beside the averaged ones")
    options = parser.parse_args()
    if min(options.epochs) < 0 or options.train_size < 1:
        parser.error("--epochs must not be negative and --train-size must be positive")
    only = getattr(options, "only", None)
    try:
        options.output.mkdir(parents=True, exist_ok=True)
        if only != "digits":
            whole(options.output / "fashion_mnist_cnn.h5",
                  lambda path: make_fashion(path, options.data, options.epochs, options.train_size, options.seed,
                                            options.raw))
        if only != "fashion":
            whole(options.output / "digits_mlp.h5", lambda path: make_digits(path, options.epochs, options.seed))
    except (OSError, ValueError) as error:
        print(f"make_testdata.py: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
