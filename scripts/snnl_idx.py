"""Image sets in IDX form: two zero bytes, type 8, rank, big-endian sizes, values."""

import gzip
import struct
from pathlib import Path

import numpy as np


def read_idx(path):
    """The array of unsigned bytes in PATH, or in PATH.gz where that is there. Raises OSError, or ValueError naming
    the file."""
    path = Path(path)
    if not path.exists() and Path(f"{path}.gz").exists():
        path = Path(f"{path}.gz")
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        data = file.read()
    if len(data) < 4 or data[:3] != b"\0\0\x08" or len(data) < 4 + 4 * data[3]:
        raise ValueError(f"{path}: not an IDX file of unsigned bytes")
    shape = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * data[3])
    if values.size != np.prod(shape):
        raise ValueError(f"{path}: holds {values.size} values, not {shape}")
    return values.reshape(shape)


def write_idx(path, values):
    """Writes an array of unsigned bytes; PATH appears when it is whole."""
    temporary = path.with_name(path.name + ".tmp")
    with open(temporary, "wb") as out:
        out.write(struct.pack(">BBBB", 0, 0, 8, values.ndim))
        out.write(struct.pack(f">{values.ndim}I", *values.shape))
        out.write(np.ascontiguousarray(values, np.uint8).tobytes())
    temporary.replace(path)
