"""Content keys as 16-byte digests in NumPy arrays: millions of them at 16 bytes each, no dictionary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from io import BufferedReader
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

WIDTH_BYTES = 16
"""Half a SHA-256: among 10 million contents two share a digest with probability 1.5e-25."""

KEY = np.dtype(f"S{WIDTH_BYTES}")
"""Compared as raw bytes; NumPy strips trailing NULs only when it hands out single Python objects."""

Digests = NDArray[np.bytes_]


def digest(data: bytes) -> bytes:
    """The key of some bytes."""
    return hashlib.sha256(data).digest()[:WIDTH_BYTES]


def digest_stream(stream: BufferedReader) -> bytes:
    """The key of everything left in a stream, read in blocks."""
    return hashlib.file_digest(stream, "sha256").digest()[:WIDTH_BYTES]


def digest_texts(texts: Iterable[str]) -> Digests:
    """The keys (n,) of texts."""
    return pack(digest(text.encode("utf-8", "surrogatepass")) for text in texts)


def digest_strings(texts: pa.LargeStringArray) -> Digests:
    """The keys (n,) of an Arrow array of texts without NULLs, as `digest_texts` gives them: 1 µs each."""
    _, ends, data = texts.buffers()
    view = memoryview(data or b"")
    bounds = np.frombuffer(ends, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1].tolist()
    sha256 = hashlib.sha256
    return pack([sha256(view[start:stop]).digest()[:WIDTH_BYTES] for start, stop in pairwise(bounds)])


def pack(keys: Iterable[bytes]) -> Digests:
    """Digests (n,) as one array."""
    return np.frombuffer(b"".join(keys), dtype=KEY)


def unpack(keys: Digests) -> list[bytes]:
    """The single digests, trailing NULs and all."""
    data = keys.tobytes()
    return [data[at : at + WIDTH_BYTES] for at in range(0, len(data), WIDTH_BYTES)]


def to_arrow(keys: Digests) -> pa.FixedSizeBinaryArray:
    """An Arrow array over the same bytes."""
    import pyarrow as pa

    data = np.ascontiguousarray(keys)
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(WIDTH_BYTES), len(data), [None, pa.py_buffer(data)])


def from_arrow(array: Any) -> Digests:
    """Digests (n,) of a fixed-size binary array without NULLs."""
    start = array.offset * WIDTH_BYTES
    data = np.frombuffer(array.buffers()[1] or b"", dtype=np.uint8)
    return data[start : start + len(array) * WIDTH_BYTES].view(KEY)


def positions(needles: Digests, haystack: Digests) -> NDArray[np.int64]:
    """Where each needle stands in a sorted haystack; -1 where it does not.

    Needles are looked up in sorted order: 10x fewer cache misses on millions of them.
    """
    if not len(haystack) or not len(needles):
        return np.full(len(needles), -1, dtype=np.int64)
    order = np.argsort(needles, kind="stable")
    found = np.empty(len(needles), dtype=np.int64)
    found[order] = np.searchsorted(haystack, needles[order])
    found[found == len(haystack)] = 0
    found[haystack[found] != needles] = -1
    return found
