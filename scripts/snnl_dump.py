"""Write activation dumps (docs/dump-format.md, layout version 1) from any framework that gives NumPy arrays.

    writer = DumpWriter("run.h5", labels, class_names=["cat", "dog"])
    for epoch in range(10):
        writer.write_epoch(epoch, {"fc1": fc1_activations, "logits": logits})
        train_one_epoch()

Each epoch is written to a copy of the file, which then takes its name: a program that is killed at any point leaves the
epochs before it readable. Where dumps are so large that copying hurts, "run-{epoch}.h5" writes a file for each epoch, which
snnl-analyze reads together.
"""

import difflib
import os
import secrets
import shutil
from pathlib import Path

import h5py
import numpy as np

STORED_TYPES = {"float16": np.float16, "float32": np.float32, "float64": np.float64}


def did_you_mean(wanted, names):
    near = difflib.get_close_matches(wanted, list(names), n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; there are {', '.join(list(names)[:20])}"


def pool_maps(values):
    """Global average pooling: [n, channels, ...] becomes [n, channels]; matrices stay as they are."""
    values = np.asarray(values)
    return values if values.ndim <= 2 else values.mean(axis=tuple(range(2, values.ndim)), dtype=np.float64)


class DumpWriter:
    """Writes epochs of one run. `path`: the dump, or a pattern with "{epoch}" for a file for each epoch.

    labels        [n] whole numbers
    class_names   [C] text, of labels 0 .. C-1; optional
    sample_ids    [n] numbers or text; optional
    layer_names   forward order; else that of the first epoch
    model, dataset  what the file should say of itself; optional
    dtype         "float16", "float32" or "float64": how activations are stored. Values beyond it are an error
    compression   level of gzip, 0 to 9; None for none
    data_format   "channels_last" where maps are [n, height, width, channels], as of Keras and JAX; kept as an attribute of
                  layers of four axes, by which --pool of snnl-analyze finds the channels. None: [n, channels, height, width]

    A dump that exists is continued: it must have the same labels. Raises ValueError where something does not fit.
    """

    def __init__(self, path, labels, class_names=None, sample_ids=None, layer_names=None, model=None, dataset=None,
                 dtype="float32", compression=None, data_format=None):
        self.path = str(path)
        self.labels = np.asarray(labels)
        if self.labels.ndim != 1 or self.labels.dtype.kind not in "iu" or len(self.labels) == 0:
            raise ValueError(f"{path}: labels must be whole numbers, one for each sample, not {self.labels.dtype} "
                             f"{list(self.labels.shape)}")
        self.class_names = None if class_names is None else [str(name) for name in class_names]
        if self.class_names is not None and not 0 <= self.labels.min() <= self.labels.max() < len(self.class_names):
            raise ValueError(f"{path}: labels lie in {self.labels.min()} .. {self.labels.max()}, but there are "
                             f"{len(self.class_names)} class names")
        self.sample_ids = None if sample_ids is None else np.asarray(sample_ids)
        if self.sample_ids is not None and self.sample_ids.shape != self.labels.shape:
            raise ValueError(f"{path}: {len(self.sample_ids)} sample ids, but {len(self.labels)} labels")
        if dtype not in STORED_TYPES:
            raise ValueError(f"dtype '{dtype}' is none of {', '.join(STORED_TYPES)}")
        if data_format not in (None, "channels_first", "channels_last"):
            raise ValueError(f"data_format '{data_format}' is neither channels_first nor channels_last")
        self.data_format = data_format
        self.layer_names = None if layer_names is None else list(layer_names)
        self.model, self.dataset, self.dtype, self.compression = model, dataset, dtype, compression
        if "{epoch}" not in self.path and os.path.exists(self.path):
            self._check(self.path)

    def file_of(self, epoch):
        return self.path.replace("{epoch}", f"{epoch:04d}")

    def epochs(self):
        """Epochs that are written, of a dump in one file."""
        if "{epoch}" in self.path:
            raise ValueError(f"{self.path}: a file for each epoch: look for the files")
        if not os.path.exists(self.path):
            return []
        with h5py.File(self.path, "r") as file:
            return sorted(int(group.attrs["epoch"]) for group in file.get("epochs", {}).values())

    def write_epoch(self, epoch, activations, predictions=None, overwrite=False):
        """Writes `activations`, layer -> [n, ...], and `predictions` [n] (classes) if given, whole or not at all."""
        epoch = int(epoch)
        if epoch < 0:
            raise ValueError(f"epoch {epoch} is negative")
        stored = {layer: self._stored(layer, values) for layer, values in activations.items()}
        if not stored:
            raise ValueError(f"epoch {epoch} has no layers")
        if predictions is not None:
            predictions = np.asarray(predictions)
            if predictions.shape != self.labels.shape or predictions.dtype.kind not in "iu":
                raise ValueError(f"epoch {epoch}: predictions must be whole numbers, one for each sample")
        target = self.file_of(epoch)
        temporary = str(Path(target).with_name(f".{Path(target).name}.{secrets.token_hex(8)}.tmp"))
        exists = os.path.exists(target)
        if exists:
            self._check(target)
        with open(temporary, "xb"):  # made here, and through no link
            pass
        try:
            if exists:
                shutil.copyfile(target, temporary)
            with h5py.File(temporary, "r+" if exists else "w") as file:
                self._describe(file, stored)
                self._put(file, epoch, stored, predictions, overwrite)
            with open(temporary, "rb") as file:
                os.fsync(file.fileno())
            os.replace(temporary, target)
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)

    def _stored(self, layer, values):
        parts = layer.split("/")
        if any(part in ("", ".", "..") for part in parts) or parts[0] in ("labels", "label_sets"):
            raise ValueError(f"'{layer}' cannot name a layer: in a dump it would name something else, or nothing")
        values = np.asarray(values)
        if values.ndim < 2 or values.shape[0] != len(self.labels):
            raise ValueError(f"layer '{layer}' has shape {list(values.shape)}, expected [{len(self.labels)}, ...]: one "
                             "row for each label")
        if values.dtype.kind not in "fiub":
            raise ValueError(f"layer '{layer}' holds {values.dtype}, expected numbers")
        with np.errstate(over="ignore"):
            stored = values.astype(STORED_TYPES[self.dtype])
        if np.isinf(stored).any() and not np.isinf(values).any():
            raise ValueError(f"layer '{layer}' holds {np.abs(values).max():.3g}, which is beyond {self.dtype}; record it "
                             "as float32")
        return stored

    def _check(self, path):
        """A file that is continued must be of the same samples."""
        with h5py.File(path, "r") as file:
            if file.attrs.get("snnl_dump_version") != 1:
                raise ValueError(f"{path}: exists, and is no activation dump of version 1; choose another name")
            if "labels" not in file or not np.array_equal(file["labels"][...], self.labels):
                raise ValueError(f"{path}: exists, with other labels; choose another name, or remove it")

    def _describe(self, file, stored):
        if "labels" in file:
            return
        file.attrs["snnl_dump_version"] = 1
        text = h5py.string_dtype()
        file.attrs.create("layer_names", self.layer_names or list(stored), dtype=text)
        for name in ("model", "dataset"):
            if getattr(self, name) is not None:
                file.attrs[name] = str(getattr(self, name))
        file["labels"] = self.labels
        if self.class_names is not None:
            file["labels"].attrs.create("class_names", self.class_names, dtype=text)
        if self.sample_ids is not None:
            ids = self.sample_ids
            file.create_dataset("sample_ids", data=ids.astype(object) if ids.dtype.kind == "U" else ids,
                                dtype=text if ids.dtype.kind == "U" else None)

    def _put(self, file, epoch, stored, predictions, overwrite):
        name = f"epochs/{epoch:04d}"
        for path in (name, f"predictions/{epoch:04d}"):
            if path in file and not overwrite:
                raise ValueError(f"{self.file_of(epoch)}: has epoch {epoch} already; overwrite=True replaces it")
            if path in file:
                del file[path]
        group = file.create_group(name)
        group.attrs["epoch"] = epoch
        for layer, values in stored.items():
            # Chunks of whole rows, of about 256 KiB.
            rows = max(1, min(len(values), (1 << 18) // max(1, values[0].nbytes)))
            options = {} if self.compression is None else {
                "chunks": (rows, *values.shape[1:]), "compression": "gzip", "compression_opts": self.compression,
                "shuffle": True}
            dataset = group.create_dataset(layer, data=values, **options)
            if self.data_format is not None and values.ndim == 4:
                dataset.attrs["data_format"] = self.data_format
        if predictions is not None:
            file[f"predictions/{epoch:04d}"] = predictions
