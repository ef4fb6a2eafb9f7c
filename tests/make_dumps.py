#!/usr/bin/env python3
"""Writes the HDF5 files that the reader's tests read: make_dumps.py DIR.

They come from h5py, not from the library under test, so that an error made twice cannot cancel out. Unless said
otherwise a dump has 12 samples, sample r has class r % 3, and an element is 100 * row + column + 1000 * epoch.
"""

import os
import shutil
import sys
import zlib

import h5py
import numpy as np

N = 12
D = 5


def values(epoch=0, shape=(N, D)):
    columns = int(np.prod(shape[1:]))
    flat = 100.0 * np.arange(shape[0])[:, None] + np.arange(columns)[None, :] + 1000.0 * epoch
    return flat.reshape(shape).astype(np.float32)


def labels(n=N):
    return (np.arange(n) % 3).astype(np.int64)


def write_epochs(f, epochs, layers=("fc",)):
    for epoch in epochs:
        group = f.create_group(f"epochs/{epoch:04d}")
        group.attrs["epoch"] = epoch
        for layer in layers:
            group[layer] = values(epoch)


def version1(f):
    f.attrs["snnl_dump_version"] = 1
    f["labels"] = labels()


# Whole dumps of version 1


def v1(f):
    version1(f)
    f.attrs["layer_names"] = ["stem", "conv10", "conv2"]
    f.attrs["model"] = "toy"
    f.attrs["dataset"] = "made up"
    f["labels"].attrs["class_names"] = ["cat", "dog", "owl"]
    f["label_sets/coarse"] = labels() // 2
    f["label_sets/coarse"].attrs["class_names"] = np.array([b"mammal", b"bird"])
    f["sample_ids"] = np.arange(N)
    write_epochs(f, [0, 1, 10], ["fc2", "fc10", "conv10"])
    for epoch in [0, 1, 10]:
        f[f"epochs/{epoch:04d}/conv2"] = values(epoch, (N, 2, 3))
        f[f"epochs/{epoch:04d}/sample_ids"] = np.arange(N)


def v1_plain(f):
    f["labels"] = labels()
    write_epochs(f, [0, 1], ["conv10", "conv2"])


def v1_part0(f):
    version1(f)
    write_epochs(f, [0, 1])


def v1_part1(f):
    version1(f)
    write_epochs(f, [2, 3])


def v1_overlap(f):
    version1(f)
    write_epochs(f, [1, 2])


def v2(f):
    version1(f)
    f.attrs["snnl_dump_version"] = 2
    write_epochs(f, [0])


def version_text(f):
    version1(f)
    f.attrs["snnl_dump_version"] = "one"
    write_epochs(f, [0])


def shuffled(f):
    """Epoch 1 has its samples in the opposite order and says so."""
    version1(f)
    f["label_sets/coarse"] = labels() // 2
    write_epochs(f, [0, 1])
    f["epochs/0001/labels"] = labels()[::-1]


def shuffled_sets(f):
    shuffled(f)
    f["epochs/0001/label_sets/coarse"] = (labels() // 2)[::-1]


def nested(f):
    version1(f)
    group = f.create_group("epochs/0000")
    group.attrs["epoch"] = 0
    for layer in ["block10/conv", "block2/conv", "stem"]:
        group[layer] = values()


def aliases(f):
    """'best' and 'latest' are second names of epochs; the frozen layer of epoch 1 is that of epoch 0."""
    version1(f)
    write_epochs(f, [0, 1])
    f["epochs/0000/frozen"] = values()
    f["epochs/0001/frozen"] = f["epochs/0000/frozen"]
    f["epochs/best"] = f["epochs/0000"]
    f["epochs/latest"] = h5py.SoftLink("/epochs/0001")


def cycles(f):
    version1(f)
    write_epochs(f, [0])
    f["epochs/0000/self"] = f["epochs/0000"]
    f["epochs/0000/up"] = h5py.SoftLink("/epochs")
    f["epochs/0000/top"] = f["/"]


def linked_groups(f):
    """Each group is in the one above under two names: 2^26 paths from few bytes."""
    version1(f)
    write_epochs(f, [0])
    below = f.create_group("below")
    below["fc"] = values()
    for level in range(26):
        above = f.create_group(f"level{level}")
        above["x"] = below
        above["y"] = below
        below = above
    f["epochs/0001/layer"] = below
    f["epochs/0001"].attrs["epoch"] = 1


def soft_loop(f):
    version1(f)
    write_epochs(f, [0])
    f["epochs/0000/ping"] = h5py.SoftLink("/epochs/0000/pong")
    f["epochs/0000/pong"] = h5py.SoftLink("/epochs/0000/ping")


def epoch_elsewhere(f):
    version1(f)
    write_epochs(f, [0])
    f["epochs/0001"] = h5py.ExternalLink("v1.h5", "/epochs/0001")


def no_labels(f):
    write_epochs(f, [0])
    f["meta/y"] = labels()
    f["meta/onehot"] = np.eye(3)[labels()]
    f["loss"] = np.ones(4)


def labels_elsewhere(f):
    write_epochs(f, [0])
    f["labels"] = h5py.ExternalLink("v1.h5", "/labels")


# Foreign layouts


def group_per_epoch(f):
    """/runs/{epoch}/{layer}/act"""
    f["meta/y"] = labels()
    for epoch in [3, 20]:
        for layer in ["a", "b"]:
            f[f"runs/epoch_{epoch}/{layer}/act"] = values(epoch)
            f[f"runs/epoch_{epoch}/{layer}/weight"] = np.ones((3, 3))
        f[f"runs/epoch_{epoch}/y"] = labels()[::-1]


def group_per_layer(f):
    """/{layer}/{epoch}; the epoch's attribute wins over its name"""
    f["labels"] = labels()
    for layer in ["conv10", "conv2"]:
        for epoch in [5, 6]:
            f[f"{layer}/step_{epoch}"] = values(epoch)
    for layer in ["conv10", "conv2"]:
        f[f"{layer}/step_6"].attrs["epoch"] = 60


def named_epochs(f):
    """/{epoch}/{layer} without any number: 0, 1, 2 in natural order"""
    f["labels"] = labels()
    for i, name in enumerate(["a_init", "b_middle", "c_end"]):
        f[f"runs/{name}/fc"] = values(i)


def mixed_epochs(f):
    f["labels"] = labels()
    f["runs/init/fc"] = values(0)
    f["runs/epoch_1/fc"] = values(1)


def one_component(f):
    """/{layer}_{epoch}"""
    f["labels"] = labels()
    for layer in ["conv_1", "conv_2"]:
        for epoch in [7, 8]:
            f[f"{layer}_{epoch}"] = values(epoch)


def axis_first(f):
    f["labels"] = labels()
    f["fc"] = np.stack([values(epoch) for epoch in range(4)])
    f["conv"] = np.stack([values(epoch, (N, 2, 3)) for epoch in range(4)]).astype(np.float16)
    f["last_only"] = values(3)


def axis_second(f):
    f["labels"] = labels()
    f["fc"] = np.stack([values(epoch) for epoch in range(4)], axis=1)


def axis_unfinished(f):
    """Made for 4 epochs, of which 2 were written."""
    f["labels"] = labels()
    f.create_dataset("fc", (4, N, D), "f4", chunks=(1, N, D))[:2] = np.stack([values(0), values(1)])


def one_epoch_file(epoch):
    def write(f):
        # The labels differ from file to file, as where each epoch's samples are shuffled anew.
        f["labels"] = np.roll(labels(), epoch)
        f["fc"] = values(epoch)

    return write


def epoch_in_attribute(f):
    one_epoch_file(30)(f)
    f.attrs["epoch"] = 30


# Elements


def bfloat16_type():
    kind = h5py.h5t.IEEE_F16LE.copy()
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_ebias(127)
    return kind


def write_raw(group, name, kind, data):
    space = h5py.h5s.create_simple(data.shape)
    dataset = h5py.h5d.create(group.id, name.encode(), kind, space)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ascontiguousarray(data), mtype=kind)


def bfloat16_bits(array):
    bits = np.asarray(array, np.float32).view(np.uint32)
    assert not (bits & 0xFFFF).any()
    return (bits >> 16).astype(np.uint16)


SMALL = (8 * np.arange(N)[:, None] + np.arange(D)[None, :]).astype(np.float64)
TYPES = {
    "f2le": "<f2", "f2be": ">f2", "f4le": "<f4", "f4be": ">f4", "f8le": "<f8", "f8be": ">f8",
    "i1": "i1", "u1": "u1", "i2le": "<i2", "i2be": ">i2", "u2": "<u2",
    "i4le": "<i4", "u4be": ">u4", "i8": "<i8", "u8": "<u8",
}  # fmt: skip


def types(f):
    """Elements are 8 * row + column, which every type holds."""
    version1(f)
    group = f.create_group("epochs/0000")
    for name, dtype in TYPES.items():
        group[name] = SMALL.astype(dtype)
    group["bool"] = SMALL % 2 == 0
    write_raw(group, "bf16", bfloat16_type(), bfloat16_bits(SMALL))
    for name, dtype in {"bf16_u2": "<u2", "bf16_i2": "<i2", "bf16_u2be": ">u2"}.items():
        group[name] = bfloat16_bits(SMALL).astype(np.uint16).view(np.int16 if name == "bf16_i2" else np.uint16).astype(dtype)
        group[name].attrs["dtype"] = "bfloat16"
    group.create_dataset("gzip", data=SMALL.astype("<f4"), chunks=(5, 2), compression="gzip", shuffle=True)
    group.create_dataset("gzip_f2", data=SMALL.astype("<f2"), chunks=(5, 2), compression="gzip", fletcher32=True)
    group.create_dataset("resizable", data=SMALL.astype("<f2"), chunks=(4, 4), maxshape=(None, None))


def all_halves(f):
    """Every 16-bit word, 64 to a row, as float16 and as bfloat16; a quarter of the rows are of NaN and Inf."""
    f["labels"] = np.zeros(1024, np.int8)
    group = f.create_group("epochs/0000")
    words = np.arange(65536, dtype=np.uint16).reshape(1024, 64)
    group["f2"] = words.view(np.float16)
    write_raw(group, "bf16", bfloat16_type(), words)


GZIP_SHAPES = {
    # Shape and chunks of what is stored; the last chunks reach beyond the dataset.
    "whole": ((N, D), (N, D)), "rows": ((N, D), (5, D)), "columns": ((N, D), (N, 2)), "tiles": ((N, D), (5, 2)),
    "ones": ((N, D), (1, 1)), "volume": ((N, 3, 4), (5, 2, 3)), "images": ((N, 3, 4, 5), (5, 2, 4, 3)),
    "planes": ((N, 3, 4, 5), (7, 2, 4, 5)),
}  # fmt: skip


def gzip(f):
    """/{layer}: every kind of element, chunk and filter that is decompressed without HDF5's help."""
    f["labels"] = labels()
    for name, dtype in TYPES.items():
        f.create_dataset(f"type_{name}", data=SMALL.astype(dtype), chunks=(5, 2), compression="gzip", shuffle=True)
        f.create_dataset(f"plain_type_{name}", data=SMALL.astype(dtype), chunks=(5, 2), compression="gzip")
    f.create_dataset("type_bool", data=SMALL % 2 == 0, chunks=(5, 2), compression="gzip")
    f.create_dataset("type_bf16", data=bfloat16_bits(SMALL).astype(">u2"), chunks=(5, 2), compression="gzip")
    f["type_bf16"].attrs["dtype"] = "bfloat16"
    for name, (shape, chunks) in GZIP_SHAPES.items():
        for dtype in ["f4", "f2"]:
            data = np.random.default_rng(len(shape)).normal(size=shape).astype(dtype)
            f.create_dataset(f"shape_{name}_{dtype}", data=data, chunks=chunks, compression="gzip", shuffle=True)
    noise = np.random.default_rng(7).normal(size=(N, 300)).astype("f4")
    for level in [0, 1, 4, 9]:
        for shuffle in [False, True]:
            for fletcher32 in [False, True]:
                name = f"level_{level}" + "_shuffle" * shuffle + "_fletcher32" * fletcher32
                f.create_dataset(
                    name, data=noise, chunks=(5, 77), compression="gzip", compression_opts=level, shuffle=shuffle,
                    fletcher32=fletcher32,
                )  # fmt: skip
    pipelines = {
        "checksum_inside": ["fletcher32", "deflate"],
        "checksum_odd": ["fletcher32", "shuffle", "deflate"],
        "shuffled_last": ["deflate", "shuffle"],
    }
    for name, filters in pipelines.items():
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((5, 77))
        for kind in filters:
            plist.set_deflate(4) if kind == "deflate" else getattr(plist, "set_" + kind)()
        space = h5py.h5s.create_simple(noise.shape)
        made = h5py.h5d.create(f.id, f"order_{name}".encode(), h5py.h5t.IEEE_F32LE, space, plist)
        made.write(h5py.h5s.ALL, h5py.h5s.ALL, noise)
    odd = f.create_dataset("odd_bytes", (N, 7), "i1", chunks=(5, 3), compression="gzip", fletcher32=True)
    odd[...] = np.arange(N * 7).reshape(N, 7)
    # The first chunk without shuffle, the second without any filter, the rest with both.
    masked = f.create_dataset("masked", data=noise, chunks=(5, 300), compression="gzip", shuffle=True)
    first = np.zeros((5, 300), "<f4") + noise[:5]
    masked.id.write_direct_chunk((0, 0), zlib.compress(first.tobytes()), filter_mask=1)
    masked.id.write_direct_chunk((5, 0), noise[5:10].tobytes(), filter_mask=3)
    f.create_dataset("many", data=np.random.default_rng(8).normal(size=(N, 50000)).round(1), chunks=(1, 5000),
                     compression="gzip", shuffle=True)  # fmt: skip


def gzip_epochs(f):
    """/{layer}[{epoch}] and, below second, /{layer}[:,{epoch}]; of four epochs, three were written."""
    f["labels"] = labels()
    data = np.random.default_rng(3).normal(size=(4, N, 3, 4)).astype("f4")
    for name, chunks in {"one": (1, 5, 2, 3), "two": (2, N, 3, 4), "all": (4, 1, 3, 4)}.items():
        options = {"compression": "gzip", "shuffle": True}
        first = f.create_dataset(f"first/{name}", data.shape, "f4", chunks=chunks, **options)
        first[:3] = data[:3]
        swapped = tuple(chunks[i] for i in (1, 0, 2, 3))
        second = f.create_dataset(f"second/{name}", (N, 4, 3, 4), "f4", chunks=swapped, fillvalue=7, **options)
        second[:, :3] = np.swapaxes(data, 0, 1)[:, :3]


def not_for_us(f):
    """What HDF5 has to read itself."""
    data = values()
    f["labels"] = labels()
    f["contiguous"] = data
    f.create_dataset("chunked", data=data, chunks=(5, 2))
    f.create_dataset("shuffled", data=data, chunks=(5, 2), shuffle=True)
    f.create_dataset("checked", data=data, chunks=(5, 2), fletcher32=True)
    f.create_dataset("scaled", data=data.astype("i4"), chunks=(5, 2), scaleoffset=0, compression="gzip")
    f.create_dataset("lzf", data=data, chunks=(5, 2), compression="lzf")
    twice = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    twice.set_chunk((5, 2))
    twice.set_deflate(1)
    twice.set_deflate(1)
    space = h5py.h5s.create_simple(data.shape)
    h5py.h5d.create(f.id, b"twice", h5py.h5t.IEEE_F32LE, space, twice).write(h5py.h5s.ALL, h5py.h5s.ALL, data)
    # A stored chunk much larger than the chunk, which zlib reads and stops at its end.
    swollen = f.create_dataset("swollen", data=data, chunks=(N, D), compression="gzip")
    swollen.id.write_direct_chunk((0, 0), zlib.compress(data.tobytes()) + bytes(9999))


def gzip_damaged(f):
    """Chunk 2 of each, at [10, 0], is not what it should be; there are 8 chunks of 5 rows."""
    f["labels"] = np.arange(40) % 2
    data = np.random.default_rng(4).normal(size=(40, 300)).astype("<f4")
    chunk = data[10:15].tobytes()
    whole = zlib.compress(chunk)
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0x40
    stored = {
        "noise": (bytes(range(256)) * 20, 0), "flipped": (bytes(flipped), 0), "cut": (whole[:-100], 0),
        "no_checksum": (whole[:-4], 0), "one_byte": (b"x", 0), "too_short": (zlib.compress(chunk[:-4]), 0),
        "too_long": (zlib.compress(chunk + b"abcd"), 0), "empty": (zlib.compress(b""), 0),
        "mask_lies": (whole, 1), "unmasked": (chunk, 0), "raw_short": (chunk[:-1], 1), "raw_long": (chunk + b"a", 1),
    }  # fmt: skip
    for name, (content, mask) in stored.items():
        made = f.create_dataset(name, data=data, chunks=(5, 300), compression="gzip")
        made.id.write_direct_chunk((10, 0), content, filter_mask=mask)
    made = f.create_dataset("checksum", data=data, chunks=(5, 300), compression="gzip", fletcher32=True)
    mask, content = made.id.read_direct_chunk((10, 0))
    made.id.write_direct_chunk((10, 0), content[:-1] + bytes([content[-1] ^ 1]), mask)
    # Bytes after the end of the stream are no damage.
    made = f.create_dataset("good", data=data, chunks=(5, 300), compression="gzip")
    made.id.write_direct_chunk((10, 0), whole + b"more")


def large(f):
    """More elements than any block: 300 * 5000 as float16."""
    f["labels"] = np.arange(300) % 2
    group = f.create_group("epochs/0000")
    data = (np.arange(300)[:, None] + np.arange(5000)[None, :] % 512) % 2048
    group.create_dataset("f2", data=data.astype(np.float16), chunks=(7, 999))


def unsupported(f):
    version1(f)
    group = f.create_group("epochs/0000")
    group["text"] = np.full((N, 2), b"abc")
    group["vlen_text"] = [["a", "b"]] * N
    group["compound"] = np.zeros((N, 2), [("x", "f4"), ("y", "f4")])
    group["complex"] = np.zeros((N, 2), np.complex64)
    colour = h5py.enum_dtype({"RED": 0, "BLUE": 1}, basetype="i1")
    group.create_dataset("enum", data=np.zeros((N, 2), "i1"), dtype=colour)
    group.create_dataset("array", (N, 2), dtype=np.dtype(("f4", (3,))))[0, 0] = [1, 2, 3]
    ragged = group.create_dataset("ragged", (N, 2), dtype=h5py.vlen_dtype(np.float32))
    ragged[0, 0] = [1, 2]
    group["good"] = values()


def nonfinite(f):
    version1(f)
    group = f.create_group("epochs/0000")
    for name, dtype in {"f2": "f2", "f4": "f4", "f8": "f8"}.items():
        data = values().astype(dtype)
        data[3, 4] = np.inf
        data[7, 0] = np.nan
        data[11, 1] = -np.inf
        group[name] = data
    one = values()
    one[4, 2] = np.nan
    group["one"] = one
    group["all"] = np.full((N, D), np.nan, np.float32)
    many = values()
    many[2:11, 1] = np.nan
    group["many"] = many
    group["good"] = values()


def bad_items(f, folder):
    version1(f)
    group = f.create_group("epochs/0000")
    group["good"] = values()
    group["short"] = values(0, (10, D))
    group["scalar"] = 3.0
    group["vector"] = np.ones(N)
    group["no_samples"] = np.ones((0, D))
    group["no_features"] = np.ones((N, 0))
    group["no_shape"] = h5py.Empty("f4")
    group.create_dataset("unwritten", (N, D), "f4")
    group.create_dataset("part", (N, D), "f4", chunks=(4, D))[:5] = values()[:5]
    group.create_dataset("lzf", data=values(), compression="lzf")
    group["other_file"] = h5py.ExternalLink("v1.h5", "/epochs/0000/fc2")
    group["dangling"] = h5py.SoftLink("/nowhere")
    group["through_link"] = h5py.SoftLink("/epochs/0000/other_file")
    external = os.path.join(folder, "external.raw")
    group.create_dataset("external", (N, D), "f4", external=[("external.raw", 0, 4 * N * D)])
    values().tofile(external)
    layout = h5py.VirtualLayout((N, D), "f4")
    layout[:] = h5py.VirtualSource("v1.h5", "epochs/0000/fc2", (N, D))
    group.create_virtual_dataset("virtual", layout)
    group.create_dataset("huge", (N, 2**55), "f4", chunks=(1, 1024))[0, 0] = 1


# Labels


def label_kinds(f):
    version1(f)
    write_epochs(f, [0])
    sets = f.create_group("label_sets")
    y = labels()
    names = np.array(["cat", "owl", "bee"])
    sets["negative"] = (y * -7).astype("i1")
    sets["unsigned"] = (y * 100).astype(">u2")
    sets["too_large"] = (y + 2**64 - 3).astype("u8")
    sets["float"] = y.astype("f4")
    sets["half_float"] = y.astype("f2")
    sets["fraction"] = y + 0.5
    sets["not_a_number"] = np.where(y == 2, np.nan, y)
    sets["text"] = [str(name) for name in names[y]]
    sets["fixed_text"] = np.char.encode(names[y])
    sets["column"] = y[:, None]
    sets["onehot"] = np.eye(3)[y]
    sets["cube"] = np.zeros((2, 2, 3))
    sets["bool"] = y == 0
    sets["out_of_range"] = y
    sets["out_of_range"].attrs["class_names"] = ["cat", "dog"]
    sets["bad_names"] = y
    sets["bad_names"].attrs["class_names"] = [1, 2, 3]
    sets["few"] = y[:10]
    sets["empty"] = np.zeros(0, "i8")
    sets["complex"] = y.astype(complex)
    sets.create_dataset("unwritten", (N,), "i8")
    sets["a_group/inside"] = y


def other_class(f):
    """A class that the other parts do not have, and names."""
    f["labels"] = np.where(labels() == 2, 9, labels())
    write_epochs(f, [5])


def renamed_class(f):
    f["labels"] = labels()
    f["labels"].attrs["class_names"] = ["cat", "dog", "bat"]
    write_epochs(f, [6])


def text_labels(f):
    f["labels"] = ["x", "y"] * (N // 2)
    write_epochs(f, [7])


def no_datasets(f):
    f.create_group("epochs/0000")


def many_epochs(f):
    version1(f)
    for epoch in range(0, 100, 5):
        f[f"epochs/{epoch:04d}/fc"] = values(epoch)


# Maps and tokens, and beside each what is to come of it


def windows(cells, extent):
    """As PyTorch's adaptive pooling cuts an axis."""
    return [(cell * extent // cells, -(-(cell + 1) * extent // cells)) for cell in range(cells)]


def pooled_maps(x, how):
    """[n, c, h, w] -> [n, c * cells] in float64, from the definition."""
    x = x.astype(np.float64)
    if how in ("mean", "max"):
        return getattr(x, how)(axis=(2, 3))
    rows, columns = map(int, how.split("x"))
    cells = [x[:, :, a:b, c:d].mean(axis=(2, 3)) for a, b in windows(rows, x.shape[2]) for c, d in
             windows(columns, x.shape[3])]
    return np.stack(cells, axis=2).reshape(len(x), -1)


POOLINGS = ["mean", "max", "1x1", "2x2", "4x2", "3x7", "5x5"]
MAPS = {  # shape of a sample's map, type, and how it is stored
    "plain": ((3, 6, 4), np.float32, {}),
    "odd": ((2, 7, 5), np.float32, {"chunks": (5, 2, 3, 2), "compression": "gzip", "shuffle": True}),
    "bytes": ((4, 5, 3), np.uint8, {"chunks": (12, 4, 5, 3), "compression": "gzip"}),
    "half": ((3, 8, 8), np.float16, {"chunks": (1, 3, 8, 8)}),
    "wide": ((2, 3, 9), np.float64, {"chunks": (7, 1, 3, 9), "fletcher32": True}),
    "one_place": ((6, 1, 1), np.float32, {}),
    "column": ((2, 11, 1), np.float32, {}),
}


def maps(f):
    """<name>: [n, c, h, w]. <name>.last: [n, h, w, c], which says so. <name>.<how>: what pooling makes of either."""
    version1(f)
    generator = np.random.default_rng(7)
    group = f.create_group("epochs/0000")
    group.attrs["epoch"] = 0
    for name, (shape, dtype, options) in MAPS.items():
        integers = np.issubdtype(dtype, np.integer)
        x = (generator.integers(0, 256, (N, *shape)) if integers else generator.normal(size=(N, *shape))).astype(dtype)
        group.create_dataset(name, data=x, **options)
        last = group.create_dataset(name + ".last", data=x.transpose(0, 2, 3, 1))
        last.attrs["data_format"] = "NHWC" if integers else "channels_last"
        for how in POOLINGS:
            group[f"{name}.{how}"] = pooled_maps(x, how)
    group["dense"] = values()
    group["volume"] = values(shape=(N, 2, 2, 2, 3))


def map_epochs(f):
    """Epochs along an axis, one of them never written."""
    version1(f)
    generator = np.random.default_rng(8)
    x = generator.normal(size=(3, N, 2, 5, 4)).astype(np.float32)
    f["first"] = x
    f["second"] = x.transpose(1, 0, 2, 3, 4)
    signs = np.where(np.arange(20) % 2, 1, -1).reshape(5, 4).astype(np.float32)
    part = f.create_dataset("part", (3, N, 2, 5, 4), "f4", chunks=(1, 4, 2, 5, 4))
    part[0] = x[0]
    part[1] = signs  # whose mean is zero
    f["mean"] = np.stack([pooled_maps(one, "mean") for one in x])


def tokens(f):
    version1(f)
    group = f.create_group("epochs/0000")
    group.attrs["epoch"] = 0
    generator = np.random.default_rng(9)
    for name, shape, options in (("tokens", (5, 4), {}), ("zipped", (6, 3), {"chunks": (5, 2, 3), "compression": "gzip"}),
                                 ("one", (1, 3), {})):
        x = generator.normal(size=(N, *shape)).astype(np.float32)
        group.create_dataset(name, data=x, **options)
        group[name + ".mean"] = x.astype(np.float64).mean(1)
        group[name + ".first"], group[name + ".last"] = x[:, 0], x[:, -1]
    padded = generator.normal(size=(N, 4, 3)).astype(np.float32)
    padded[3, 2] = np.nan
    group["padded"] = padded
    group["dense"] = values()


def hidden(f):
    """What pooling could hide: numbers that are none, and sums beyond the largest number."""
    version1(f)
    group = f.create_group("epochs/0000")
    group.attrs["epoch"] = 0
    for name, value, row in (("nan", np.nan, 2), ("minus", -np.inf, 5), ("plus", np.inf, 11)):
        x = np.ones((N, 2, 3, 3), np.float32)
        x[row, 1, 2, 0] = value
        group[name] = x
    most = np.full((N, 2, 3, 3), np.finfo(np.float64).max)
    most[::2] *= -1
    group["largest"] = most
    group["largest_single"] = np.full((N, 2, 3, 3), np.finfo(np.float32).max, np.float32)
    for name, said in (("strange", "NCDHW"), ("number", 3)):
        group[name] = np.ones((N, 2, 3, 3), np.float32)
        group[name].attrs["data_format"] = said


# Ids of samples


def with_ids(ids):
    def write(f):
        version1(f)
        write_epochs(f, [0])
        f["sample_ids"] = ids
    return write


def ids_of_epochs(f):
    """Epoch 1 has its samples in the opposite order, epoch 2 too, but does not say which are where."""
    with_ids(np.arange(N))(f)
    write_epochs(f, [1, 2])
    f["label_sets/coarse"] = labels() // 2
    for epoch in ("0001", "0002"):
        f[f"epochs/{epoch}/labels"] = labels()[::-1]
    f["epochs/0001/sample_ids"] = np.arange(N)[::-1]


def ids_damaged(f):
    """A chunk that is no gzip."""
    version1(f)
    write_epochs(f, [0])
    ids = f.create_dataset("sample_ids", shape=(N,), dtype="i8", chunks=(N,), compression="gzip")
    ids.id.write_direct_chunk((0,), b"no gzip")


def ids_wide(f):
    """Hashes as ids, beyond what a signed integer holds."""
    with_ids(np.arange(N, dtype=np.uint64) + np.uint64(2**64 - N))(f)


H5PY_FILES = {
    "ids": with_ids(np.arange(N)), "ids_short": with_ids(np.arange(N, dtype=np.uint8)[:, None]),
    "ids_text": with_ids([str(k) for k in range(N)]), "ids_bytes": with_ids(np.array([b"%d" % k for k in range(N)])),
    "ids_wide": ids_wide, "ids_wrong": with_ids(np.arange(N - 1)), "ids_floats": with_ids(np.arange(N) / 2),
    "ids_damaged": ids_damaged, "ids_of_epochs": ids_of_epochs,
    "v1": v1, "v1_plain": v1_plain, "v1_part0": v1_part0, "v1_part1": v1_part1, "v1_overlap": v1_overlap, "v2": v2,
    "version_text": version_text, "shuffled": shuffled, "shuffled_sets": shuffled_sets, "nested": nested,
    "aliases": aliases, "cycles": cycles, "linked_groups": linked_groups, "soft_loop": soft_loop,
    "epoch_elsewhere": epoch_elsewhere,
    "no_labels": no_labels, "labels_elsewhere": labels_elsewhere, "group_per_epoch": group_per_epoch,
    "group_per_layer": group_per_layer, "named_epochs": named_epochs, "mixed_epochs": mixed_epochs,
    "one_component": one_component, "axis_first": axis_first, "axis_second": axis_second, "axis_unfinished": axis_unfinished,
    "epoch_2": one_epoch_file(2), "epoch_10": one_epoch_file(10), "first": one_epoch_file(0),
    "second": one_epoch_file(1), "by_attribute": epoch_in_attribute, "types": types, "all_halves": all_halves,
    "gzip": gzip, "gzip_epochs": gzip_epochs, "gzip_damaged": gzip_damaged, "not_for_us": not_for_us, "large": large, "unsupported": unsupported, "nonfinite": nonfinite, "label_kinds": label_kinds,
    "other_class": other_class, "renamed_class": renamed_class, "text_labels": text_labels,
    "no_datasets": no_datasets, "many_epochs": many_epochs, "maps": maps, "map_epochs": map_epochs, "tokens": tokens,
    "hidden": hidden,
}  # fmt: skip


def write_file_problems(folder):
    def path(name):
        return os.path.join(folder, name)

    with open(path("zero_bytes.h5"), "wb"):
        pass
    with open(path("text.h5"), "w", encoding="ascii") as f:
        f.write("epoch,layer,value\n" * 100)
    with open(path("v1.h5"), "rb") as f:
        whole = f.read()
    with open(path("truncated.h5"), "wb") as f:
        f.write(whole[: len(whole) // 2])
    with open(path("header_only.h5"), "wb") as f:
        f.write(whole[:16])
    os.makedirs(path("folder.h5"), exist_ok=True)
    with h5py.File(path("user_block.h5"), "w", userblock_size=1024) as f:
        v1_plain(f)
    # Copied while its writer has it open: the file says so in its header.
    with h5py.File(path("being_written.tmp"), "w", libver="latest") as f:
        v1_plain(f)
        f.flush()
        shutil.copyfile(path("being_written.tmp"), path("being_written.h5"))
    os.remove(path("being_written.tmp"))
    with h5py.File(path("damaged.h5"), "w") as f:
        version1(f)
        write_epochs(f, [0], ["good"])
        f["epochs/0000"].create_dataset("checked", data=values(), chunks=(N, D), fletcher32=True)
        f["epochs/0000"].create_dataset("zipped", data=values(), chunks=(N, D), compression="gzip")
        offsets = [f["epochs/0000/" + name].id.get_chunk_info(0).byte_offset for name in ("checked", "zipped")]
    with open(path("damaged.h5"), "r+b") as f:
        for offset in offsets:
            f.seek(offset)
            f.write(b"\xff" * 16)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_dumps.py DIR")
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name, write in H5PY_FILES.items():
        with h5py.File(os.path.join(folder, name + ".h5"), "w") as f:
            write(f)
    # External storage is named relative to the folder in which the file is written.
    before = os.getcwd()
    os.chdir(folder)
    with h5py.File("bad_items.h5", "w") as f:
        bad_items(f, ".")
    os.chdir(before)
    write_file_problems(folder)


if __name__ == "__main__":
    main()
