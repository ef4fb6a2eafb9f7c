#!/usr/bin/env python3
"""Writes the HDF5 files that the command-line tests read.

    make_cli_dumps.py DIR          the small ones
    make_cli_dumps.py --large FILE 20,000 samples of 512 features, float32, 10 classes
    make_cli_dumps.py --separated FILE  three layers of 6,000 samples, classes far apart: many passes
"""

import os
import sys

import h5py
import numpy as np

N = 40


def clusters(n=N, d=6, classes=4, separation=1.0, seed=1):
    """Overlapping Gaussian clusters; row i is of class i % classes."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(classes, d)) * separation
    return (centres[np.arange(n) % classes] + generator.normal(size=(n, d))).astype(np.float32)


def start(f, labels):
    f.attrs["snnl_dump_version"] = 1
    f["labels"] = np.asarray(labels, np.int64)
    group = f.create_group("epochs/0000")
    group.attrs["epoch"] = 0
    return group


def one_class(f):
    start(f, np.zeros(N))["fc"] = clusters()


def singletons(f):
    """20 + 18 samples in two classes, and two classes of one."""
    labels = np.arange(N) % 2
    labels[5], labels[22] = 7, 9
    start(f, labels)["fc"] = clusters(classes=2)


def only_singletons(f):
    start(f, np.arange(N))["fc"] = clusters()


def two_samples(f):
    """A distance of 25 between two samples of one class."""
    start(f, [3, 3])["fc"] = np.array([[0, 0], [3, 4]], np.float32)


def two_strangers(f):
    start(f, [0, 1])["fc"] = np.array([[0, 0], [3, 4]], np.float32)


def one_sample(f):
    start(f, [0])["fc"] = np.ones((1, 3), np.float32)


def separated(f):
    """Two clusters of width 1, 1000 apart."""
    x = clusters(classes=1)
    x[1::2, 0] += 1000
    start(f, np.arange(N) % 2)["fc"] = x


def repelled(f):
    """Each sample has one of the other class at the same place, the rest are far: the loss only falls as T grows."""
    x = np.repeat(100 * np.eye(8), 2, axis=0).astype(np.float32)
    start(f, np.arange(16) % 2)["fc"] = x


def good_and_bad(f):
    """Two epochs of layers in error between two good ones; `alone` has the good ones only."""
    group = start(f, np.arange(N) % 4)
    dirty = clusters()
    dirty[3, 1] = np.nan
    dirty[17, 0] = np.inf
    dirty[39, 5] = -np.inf
    for epoch in range(2):
        group = f.require_group(f"epochs/{epoch:04d}")
        group.attrs["epoch"] = epoch
        group["a_good"] = clusters(seed=epoch)
        group["constant"] = np.full((N, 3), 2.5, np.float32)
        group["dirty"] = dirty
        group["empty"] = np.ones((0, 6), np.float32)
        group["no_features"] = np.ones((N, 0), np.float32)
        group["scalar"] = 3.0
        group["short"] = clusters()[:30]
        group["text"] = np.full((N, 2), b"abc")
        group["vector"] = np.ones(N, np.float32)
        group["z_good"] = clusters(seed=10 + epoch).astype(np.float64)


def alone(f):
    start(f, np.arange(N) % 4)
    for epoch in range(2):
        group = f.require_group(f"epochs/{epoch:04d}")
        group.attrs["epoch"] = epoch
        group["a_good"] = clusters(seed=epoch)
        group["z_good"] = clusters(seed=10 + epoch).astype(np.float64)


def clean(f):
    """The layer `dirty` of good_and_bad without the rows that hold NaN or Inf."""
    kept = np.delete(np.arange(N), [3, 17, 39])
    start(f, kept % 4)["dirty"] = clusters()[kept]


def only_nan(f):
    start(f, np.arange(N) % 4)["fc"] = np.full((N, 2), np.nan, np.float32)


def dropped_to_one(f):
    """One sample is left without those that hold NaN."""
    x = np.full((N, 2), np.nan, np.float32)
    x[4] = 1
    start(f, np.arange(N) % 4)["fc"] = x


def odd_names(f):
    group = start(f, np.arange(N) % 3)
    f["labels"].attrs["class_names"] = ['says "miau"', "dog, big", "Übel"]
    group["block 1/conv,a"] = clusters(classes=3)
    group["größe"] = clusters(classes=3, seed=2)


def hostile_names(f):
    start(f, np.arange(N) % 2)["a\n\x1b[31mb"] = clusters(classes=2)
    f["labels"].attrs["class_names"] = ["a\nb", "\x1b[31m"]


def harmful_names(f):
    """Names that turn the direction of writing, hide, end lines, are not UTF-8, are long, or are formulas."""
    group = start(f, np.arange(N) % 2)
    for k, name in enumerate(["\u202egnp.x".encode(), "c\u200b\u2028\ufeffv".encode(), b"\xc2\x9b2Jx\xff\xc0\x9b", b"l" * 5000,
                              b"=1+1", b"-2", "\u4e2d\u4e2d".encode(), b"</script><img src=x onerror=alert(1)>"]):
        group[name.replace(b"/", b"|")] = clusters(classes=2, seed=k + 1)
    bad = group.create_dataset(b"\xe2\x80\xaebad" + b"b" * 3000, data=np.full((N, 2), np.nan, np.float32))
    bad.attrs["note"] = "an error whose name is long"
    f["labels"].attrs["class_names"] = np.array(["@SUM(1)\u202e".encode(), b"\xff\t\x9b" + b"c" * 2000])
    f.attrs["model"] = "m\u2066\x1b[2J"


def not_utf8(f):
    """A class name in Latin-1."""
    start(f, np.arange(N) % 2)["fc"] = clusters(classes=2)
    f["labels"].attrs["class_names"] = np.array([b"\xdcbel", b"gut"])


def class_missing(f):
    """Epoch 1 has its own labels: none of class 2 and one of class 1."""
    start(f, np.arange(N) % 3)["fc"] = clusters(classes=3)
    own = np.zeros(N, np.int64)
    own[8] = 1
    f["epochs/0001/fc"] = clusters(classes=3, seed=2)
    f["epochs/0001/labels"] = own


def huge_values(f):
    """Values whose squared distances exceed a double."""
    group = start(f, np.arange(N) % 2)
    group["f8"] = clusters(classes=2).astype(np.float64) * 1e200
    group["tiny"] = clusters(classes=2).astype(np.float64) * 1e-200


def many_classes(f):
    """6000 classes of two."""
    start(f, np.arange(12000) // 2)["fc"] = clusters(n=12000, d=2)


def many(f):
    start(f, np.arange(N) % 4)
    for epoch in range(1, 30):
        group = f.create_group(f"epochs/{epoch:04d}")
        group["fc"] = clusters(seed=epoch)
    f["epochs/0000/fc"] = clusters(seed=0)


def several(f):
    """Faults of every kind in one file; nothing may hide another."""
    labels = np.arange(N) % 3
    labels[7] = 3
    group = start(f, labels)
    f["labels"].attrs["class_names"] = ["cat", "dog", "cat", "owl"]
    f.attrs["layer_names"] = ["good", "gone"]
    f["label_sets/few"] = labels[:9]
    f["label_sets/onehot"] = np.eye(4)[labels]
    group["good"] = clusters(classes=3)
    group["only_here"] = clusters(classes=3)
    short = clusters()[:30]
    short[4, 2] = np.nan
    group["short_and_nan"] = short
    group["zeros"] = np.zeros((N, 3), np.float32)
    second = f.create_group("epochs/0001")
    second.attrs["epoch"] = 1
    second["good"] = clusters(classes=3)
    second["zeros"] = clusters(classes=3)
    second["short_and_nan"] = clusters(classes=3)
    third = f.create_group("epochs/0002")
    third.attrs["epoch"] = "two"
    third["labels"] = np.ones((N, 2))
    third["good"] = clusters(classes=3)
    f["epochs/0003"] = h5py.ExternalLink("elsewhere.h5", "/epochs/0003")
    fifth = f.create_group("epochs/again")
    fifth.attrs["epoch"] = 1
    fifth["good"] = clusters(classes=3, seed=5)


def bad_labels(f):
    """Labels of two classes and half."""
    start(f, np.arange(N) % 2)["dirty"] = np.full((N, 2), np.nan, np.float32)
    f["epochs/0000/good"] = clusters()
    del f["labels"]
    f["labels"] = np.arange(N) + .5


# Foreign layouts: each is read by what snnl-inspect proposes


def foreign_deep(f):
    """Steps above nested layers, weights beside them."""
    f["meta/target"] = np.arange(N) % 4
    f["meta/weights"] = np.ones((N, N + 1, 2))[:3]
    for step in (100, 2000):
        for block in range(2):
            f[f"ckpt/step-{step}/blocks/{block}/mlp"] = clusters(d=8, seed=block)
            f[f"ckpt/step-{step}/blocks/{block}/weight"] = np.ones((8, 8))
        f[f"ckpt/step-{step}/head"] = clusters(d=3)
        f[f"ckpt/step-{step}/loss"] = np.ones(7)


def foreign_flat(f):
    """One epoch, labels as strings, things beside the layers."""
    f["y"] = [f"c{k % 4}" for k in range(N)]
    f["sample_index"] = np.arange(N)
    f["conv 1"] = clusters()
    f["it's fc"] = clusters()
    f["losses"] = np.ones(100)
    f["kernel"] = np.ones((3, 3))


def foreign_axis(f):
    f["data/labels"] = (np.arange(N) % 4).astype("u1")
    for layer in ("conv1", "conv2"):
        f[f"data/acts/{layer}"] = np.stack([clusters(seed=k) for k in range(5)])


def foreign_word(f):
    """conv2_epoch10"""
    f["labels"] = np.arange(N) % 4
    for layer in ("conv1", "conv2"):
        for epoch in (1, 2, 10):
            f[f"{layer}_epoch{epoch}"] = clusters(seed=epoch)


def foreign_one_layer(f):
    f["targets"] = np.arange(N) % 4
    for epoch in range(3):
        f[f"acts/{epoch}"] = clusters(seed=epoch)


def foreign_own_labels(f):
    """Each epoch has its own order of samples."""
    for epoch in range(3):
        f[f"epoch_{epoch}/labels"] = np.roll(np.arange(N) % 4, epoch)
        for layer, d in (("conv1", 6), ("fc", 4)):
            f[f"epoch_{epoch}/{layer}/activations"] = clusters(d=d, seed=epoch)


def foreign_numbers(f):
    """Epochs and layers are both numbers; only the shapes tell which is which."""
    f["labels"] = np.arange(N) % 4
    for epoch in (0, 5, 10):
        for layer in range(4):
            f[f"hidden/{epoch}/{layer}"] = clusters(d=3 + layer, seed=epoch)


def foreign_two_numbers(f):
    f["labels"] = np.arange(N) % 4
    for epoch in (10, 20):
        for layer in "gh":
            f[f"ckpt_{epoch}_lr0.1/{layer}"] = clusters(seed=epoch)


def foreign_no_epochs(f):
    """Layers are counted, not epochs."""
    f["labels"] = np.arange(N) % 4
    for part in ("encoder", "decoder"):
        for layer in range(3):
            f[f"{part}/layer{layer}"] = clusters(seed=layer)


def foreign_cube(f):
    f["acts"] = np.stack([clusters(seed=k) for k in range(5)])
    f["y"] = np.arange(N) % 4


def foreign_no_labels(f):
    for epoch in range(3):
        f[f"{epoch}/fc"] = clusters(seed=epoch)


def one_hot(n=N, classes=4):
    return np.eye(classes)[np.arange(n) % classes]


def foreign_one_hot(f):
    f["y"] = one_hot().astype(np.float16)
    f["acts/conv"] = clusters()
    f["acts/fc"] = clusters(d=4, seed=2)


def foreign_one_hot_axis(f):
    f["y"] = one_hot() > 0
    f["acts"] = np.stack([clusters(seed=k) for k in range(5)])


def foreign_wrong_row(f):
    foreign_one_hot(f)
    f["y"][7] = [1, 1, 0, 0]


def foreign_soft(f):
    foreign_one_hot(f)
    f["y"][...] = .7 * one_hot() + .075


def foreign_two_labels(f):
    f["y"] = np.arange(N) % 4
    f["targets"] = np.arange(N) // 10
    f["acts/fc"] = clusters()


def foreign_two_splits(f):
    for split, n in (("train", 60), ("test", 40)):
        f[f"{split}/y"] = np.arange(n) % 4
        f[f"{split}/acts/fc"] = clusters(n)


def foreign_domain(f):
    """Labels by their name, and something else that has as few values."""
    f["y"] = np.arange(N) % 4
    f["domain"] = np.arange(N) // 20
    f["acts/fc"] = clusters()


def foreign_same_labels(f):
    f["y"] = np.arange(N) % 4
    f["y_onehot"] = one_hot()
    f["y_text"] = [f"c{k % 4}" for k in range(N)]
    f["sample_index"] = np.arange(N)
    f["acts/fc"] = clusters()


def foreign_predictions(f):
    f["pred"] = np.arange(N) % 4
    f["acts/fc"] = clusters()


def foreign_count(f):
    """Two layers, or two epochs of one."""
    f["labels"] = np.arange(N) % 4
    f["conv_1"] = clusters()
    f["conv_2"] = clusters(seed=2)


def one_hot_kinds(f):
    """Label sets of one meaning and many types, and some that are not one-hot."""
    start(f, np.arange(N) % 4)["fc"] = clusters()
    sets = f.create_group("label_sets")
    for name, kind in (("half", "f2"), ("double", "f8"), ("big", ">f4"), ("flags", "?"), ("bytes", "u1"),
                       ("signed", ">i4"), ("wide", "u8")):
        sets[name] = one_hot().astype(kind)
    sets.create_dataset("chunked", data=one_hot(), chunks=(7, 3), compression="gzip")
    sets["named"] = one_hot()
    sets["named"].attrs["class_names"] = ["cat", "dog", "owl", "eel"]
    sets["unnamed_class"] = one_hot()
    sets["unnamed_class"].attrs["class_names"] = ["cat", "dog", "owl"]
    sets["with_empty_class"] = np.eye(9)[np.arange(N) % 4]
    for name, value in (("two_ones", [1, 1, 0, 0]), ("no_one", [0, 0, 0, 0]), ("two", [0, 2, 0, 0]),
                        ("minus", [1, -1, 0, 0]), ("nan", [1, np.nan, 0, 0]), ("soft", [.7, .1, .1, .1])):
        wrong = one_hot()
        wrong[33] = value
        sets[name] = wrong


def one_hot_beside(f):
    """One-hot labels beside layers, under several names; what only looks alike is a layer."""
    f["labels"] = np.arange(N) % 4
    for epoch in range(2):
        group = f.create_group(f"epochs/{epoch:04}")
        group["fc"] = clusters(seed=epoch)
        group["y"] = one_hot().astype("u1")
        group["onehot"] = one_hot().astype("u1")
        group["y_pred"] = one_hot().astype("u1")
        group["target"] = one_hot() * 2
    f["epochs/0001/labels"] = np.roll(one_hot(), 1, axis=0)


def bfloat16_bits(x):
    """Rounded to nearest, as PyTorch does it; `x` holds no NaN."""
    bits = np.asarray(x, np.float32).view(np.uint32).astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def float16_bits(x):
    return np.asarray(x, np.float16).view(np.uint16)


def many_clusters(seed=1):
    return clusters(200, 32, seed=seed)


def bits(f):
    """The same layers as numbers, and as the bits of numbers in 16-bit integers; `integers` are what they seem."""
    x = many_clusters()
    group = start(f, np.arange(200) % 4)
    group["relu"] = bfloat16_bits(np.maximum(x, 0))
    group["signed"] = bfloat16_bits(x).view(np.int16)
    group["big_endian"] = bfloat16_bits(x).astype(">u2")
    group["single"] = x
    group["integers"] = np.round(40 * np.abs(x)).astype(np.uint16)
    f["bits_of_maps/relu"] = bfloat16_bits(np.maximum(x, 0)).reshape(200, -1, 2, 2)
    f["bits_of_half/half"] = float16_bits(x)
    f["bits_of_half/said"] = float16_bits(x)
    f["bits_of_half/said"].attrs["dtype"] = "float16"


def rounded(f):
    """What the bits of `bits` are, as float32."""
    x = many_clusters()
    group = start(f, np.arange(200) % 4)
    for name, y in (("relu", np.maximum(x, 0)), ("signed", x), ("big_endian", x)):
        group[name] = (bfloat16_bits(y).astype(np.uint32) << 16).view(np.float32)
    group["half"] = group["said"] = x.astype(np.float16).astype(np.float32)


def bits_over_epochs(f):
    f["labels"] = np.arange(200) % 4
    for epoch in range(5):
        group = f.create_group(f"epochs/{epoch:04}")
        for layer in ("fc1", "fc2"):
            group[layer] = bfloat16_bits(np.maximum(many_clusters(epoch), 0))


def bits_and_labels(f):
    """Labels of 16-bit integers beside a layer of them."""
    f["labels"] = (np.arange(200) % 4).astype(np.int16)
    f["epochs/0000/relu"] = bfloat16_bits(np.maximum(many_clusters(), 0)).view(np.int16)


def integers(f):
    """16-bit integers that are what they seem."""
    generator = np.random.default_rng(3)
    n, d = 200, 32
    group = start(f, np.arange(n) % 4)
    group["image"] = generator.integers(0, 256, (n, d)).astype(np.uint16)
    depth = generator.gamma(4, 1000, (n, d)) * (generator.random((n, d)) < 0.7)
    group["depth"] = np.minimum(depth, 65535).astype(np.uint16)
    group["whole_range"] = generator.integers(0, 65536, (n, d)).astype(np.uint16)
    group["stretched"] = (257 * generator.integers(0, 256, (n, d))).astype(np.uint16)
    group["counts"] = generator.poisson(3, (n, d)).astype(np.uint16)
    group["audio"] = np.clip(generator.laplace(0, 2000, (n, d)), -32768, 32767).astype(np.int16)
    group["quantised"] = np.clip(generator.normal(0, 9000, (n, d)), -32768, 32767).astype(np.int16)
    group["onehot"] = np.eye(4, dtype=np.uint16)[np.arange(n) % 4]


def padded(f):
    """60 samples of 4 classes between 20 of padding, whose label is -100 and whose values are huge or NaN."""
    group = start(f, np.full(80, -100))
    real = np.arange(80) % 4 != 3
    labels = np.full(80, -100)
    labels[real] = np.arange(60) % 4
    f["labels"][...] = labels
    x = np.full((80, 6), 1e6, np.float32)
    x[real] = clusters(60)
    group["fc"] = x
    y = x.copy()
    y[3] = np.nan
    group["nan_in_padding"] = y
    names = np.array(["pad", "cat", "dog", "a,b"], object)[np.where(real, 1 + np.arange(80) % 3, 0)]
    f["label_sets/words"] = names.astype(h5py.string_dtype())
    f["label_sets/split"] = (np.arange(80) >= 40).astype(np.int8)
    f["label_sets/named"] = labels
    f["label_sets/named"].attrs["class_names"] = ["cat", "dog", "owl", "eel"]


def without_padding(f):
    group = start(f, np.arange(60) % 4)
    group["fc"] = group["nan_in_padding"] = clusters(60)


def plus_and_minus(f):
    start(f, np.where(np.arange(N) % 2, 1, -1))["fc"] = clusters(classes=2)


def dominated(f):
    """100 samples of 24 features, row 3 is to be ignored."""
    n, d = 100, 24
    labels = np.arange(n) % 4
    labels[3] = -100
    for epoch in range(2):
        group = f.create_group(f"epochs/{epoch:04}")
        base = clusters(n, d, seed=epoch + 5)
        for name in ("one_unit", "two_units", "one_sample", "three_samples", "half_constant", "sound"):
            x = base.copy()
            if name == "one_unit":
                x[:, 13] *= 10000
            if name == "two_units":
                x[:, [20, 2]] *= np.float32([200, 400])
            if name == "one_sample":
                x[17] *= 10000
            if name == "three_samples":
                x[[90, 17, 44]] *= np.float32([[30000], [10000], [20000]])
            if name == "half_constant":
                x[:, ::2] = 3
            group[name] = x
        group["onehot"] = np.eye(4, dtype=np.float32)[np.arange(n) % 4]
        group["softmax"] = np.exp(8 * group["onehot"][...]) / np.exp(8 * group["onehot"][...]).sum(1, keepdims=True)
        group["binary"] = base[:, :1] * (1.0, 0.001)
    f["labels"] = labels


def wide_values(seed=5):
    generator = np.random.default_rng(seed)
    labels = np.arange(300) % 3
    centres = generator.normal(size=(3, 8)) * 0.9
    return labels, centres[labels] + generator.normal(size=(300, 8))


def wide(f):
    """Doubles that float holds."""
    labels, x = wide_values()
    f["labels"] = labels
    f["epochs/0000/x"] = x.astype(np.float32).astype(np.float64)


def wide_far_off(f):
    """The same, and so far from 0 that it does not."""
    labels, x = wide_values()
    f["labels"] = labels
    f["epochs/0000/x"] = x.astype(np.float32).astype(np.float64) + 2.0**27


FILES = [wide, wide_far_off, dominated, plus_and_minus, padded, without_padding, bits, rounded, bits_over_epochs, bits_and_labels, integers, several, bad_labels, foreign_deep, foreign_flat, foreign_axis, foreign_word, foreign_one_layer,
         foreign_own_labels, foreign_numbers, foreign_two_numbers, foreign_no_epochs, foreign_cube,
         foreign_no_labels, foreign_one_hot, foreign_one_hot_axis, foreign_wrong_row, foreign_soft, foreign_two_labels, foreign_two_splits,
         foreign_domain, foreign_same_labels, foreign_predictions, foreign_count, one_hot_kinds, one_hot_beside, one_class, singletons, only_singletons, two_samples, two_strangers, one_sample, separated, repelled,
         good_and_bad, alone, clean, only_nan, dropped_to_one, odd_names, hostile_names, harmful_names,
         not_utf8, class_missing, huge_values, many, many_classes]


def large(f):
    n, d = 20000, 512
    generator = np.random.default_rng(5)
    labels = np.arange(n) % 10
    centres = generator.normal(size=(10, d)).astype(np.float32) * 0.3
    data = start(f, labels).create_dataset("fc", (n, d), "f4")
    for first in range(0, n, 1000):
        rows = slice(first, first + 1000)
        data[rows] = centres[labels[rows]] + generator.standard_normal((1000, d), np.float32)


def separated(f):
    labels = np.arange(6000) % 10
    start(f, labels)
    for layer, d in (("a", 256), ("b", 32), ("c", 512)):
        f["epochs/0000"][layer] = clusters(6000, d, 10, 3.0, d)


LARGE = {"--large": large, "--separated": separated}


def main():
    if len(sys.argv) == 3 and sys.argv[1] in LARGE:
        with h5py.File(sys.argv[2], "w") as f:
            LARGE[sys.argv[1]](f)
        return
    if len(sys.argv) != 2:
        sys.exit("usage: make_cli_dumps.py DIR | --large FILE | --separated FILE")
    os.makedirs(sys.argv[1], exist_ok=True)
    for write in FILES:
        with h5py.File(os.path.join(sys.argv[1], write.__name__ + ".h5"), "w") as f:
            write(f)


if __name__ == "__main__":
    main()
