"""Vector columns resident in memory, and their cosine similarity to a few queries at memory bandwidth."""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TILE_VALUES = 1 << 18
"""Values a BLAS call reads: 1 MiB stays in a core's cache while several queries pass over it, and OpenBLAS
runs a matrix-vector product below 460,800 values in the calling thread (``interface/gemv.c``)."""


class BlockKey(NamedTuple):
    """A vector column at one moment: storage name and version of the table, and the column's name."""

    table: str
    version: int
    column: str


class Units:
    """Vectors of length one in one contiguous block.

    Attributes:
        count: How many.
        dim: Their length in numbers.
        values: float32 (count rounded up to whole tiles, dim). Rows of NaN stand for NULL vectors, for vectors
            of zeros and for such with values that are not finite; the rows beyond ``count`` are zero.
    """

    def __init__(self, count: int, dim: int) -> None:
        tile = tile_rows(dim)
        self.count = count
        self.dim = dim
        self.values: Floats = np.zeros((-(-count // tile) * tile, dim), dtype=np.float32)

    @classmethod
    def collect(cls, batches: Iterable[Any], count: int, dim: int) -> Units:
        """Copy Arrow vector arrays, ``count`` vectors in all, and bring them to length one.

        Raises:
            ValueError: there are more or fewer than ``count``.
        """
        units, at = cls(count, dim), 0
        for array in batches:
            if at + len(array) > count:
                raise ValueError(f"more than {count} vectors")
            units.values[at : at + len(array)] = unit_rows(array, dim)
            at += len(array)
        if at != count:
            raise ValueError(f"{at} vectors, not {count}")
        return units

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return self.values.nbytes


def tile_rows(dim: int) -> int:
    """Rows scored by one BLAS call; a power of two, so that every row of a tile meets the same kernel."""
    return max(16, 1 << (max(1, TILE_VALUES // max(dim, 1)).bit_length() - 1))


def unit_rows(array: Any, dim: int) -> Floats:
    """Arrow lists of numbers as float32 (n, dim) of length one; NaN rows for what has no direction.

    Args:
        array: a (fixed-size) list array of any floating type.
        dim: numbers a vector; lists of another length count as NULL.
    """
    rows = _dense_rows(array, dim)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        norms = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
        norms[~np.isfinite(norms) | (norms == 0.0)] = np.nan
        return np.asarray(rows / norms[:, None].astype(np.float32), dtype=np.float32)


def _dense_rows(array: Any, dim: int) -> Floats:
    """Float32 (n, dim); NaN where there is no vector or no number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if not pa.types.is_fixed_size_list(array.type) or array.type.list_size != dim:
        usable = pc.equal(pc.list_value_length(array), dim)
        array = pc.if_else(usable, array, pa.scalar(None, array.type)).cast(
            pa.list_(array.type.value_type, dim)
        )
    numbers = array.values[array.offset * dim : (array.offset + len(array)) * dim].cast(pa.float32())
    if numbers.null_count:
        numbers = pc.fill_null(numbers, float("nan"))
    rows = numbers.to_numpy(zero_copy_only=False).reshape(len(array), dim)
    if array.null_count:
        rows = np.where(array.is_valid().to_numpy(zero_copy_only=False)[:, None], rows, np.float32(np.nan))
    return np.asarray(rows, dtype=np.float32)


def score(units: Units, queries: Floats) -> Floats:
    """Cosine similarity of every vector to every query.

    Equal vectors get bitwise equal scores wherever they stand (whole tiles only), so that ties are ties.

    Args:
        units: n vectors.
        queries: float32 (q, dim), of any length but zero.

    Returns:
        float32 (n, q) in [-1, 1]; NaN where a vector has no direction.
    """
    directions = np.ascontiguousarray(
        queries / np.linalg.norm(queries, axis=1, keepdims=True), dtype=np.float32
    )
    values, tile = units.values, tile_rows(units.dim)
    scores = np.empty((len(directions), len(values)), dtype=np.float32)

    def score_tiles(start: int, stop: int) -> None:
        for at in range(start, stop, tile):
            for number, direction in enumerate(directions):
                np.matmul(values[at : at + tile], direction, out=scores[number, at : at + tile])

    _in_threads(score_tiles, len(values), tile)
    return np.clip(scores[:, : units.count], -1.0, 1.0, out=scores[:, : units.count]).T


def _in_threads(work: Callable[[int, int], None], rows: int, tile: int) -> None:
    """Share out whole tiles to as many threads as there are cores, if it is worth starting them."""
    workers = min(available_cores(), rows // (16 * tile) or 1)
    if workers == 1:
        return work(0, rows)
    share = -(-rows // (workers * tile)) * tile
    starts = range(0, rows, share)
    with ThreadPoolExecutor(workers, thread_name_prefix="score") as pool:
        for done in [pool.submit(work, start, min(start + share, rows)) for start in starts]:
            done.result()
    return None


def available_cores() -> int:
    """Cores that this process may use; in a container fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def score_stream(batches: Iterator[Any], dim: int, queries: Floats) -> Floats:
    """Like `score` over Arrow vector arrays that are read once and not kept; float32 (n, q)."""
    parts = [score(Units.collect([array], len(array), dim), queries) for array in batches if len(array)]
    return np.concatenate(parts) if parts else np.empty((0, len(queries)), dtype=np.float32)


def best_first(scores: Floats, k: int | None = None, *, descending: bool = True) -> NDArray[np.int64]:
    """Row numbers of the k best scores, best first; ties in row order, NaN last.

    Args:
        scores: float32 (n,).
        k: how many; all when None.
        descending: whether high scores are best.
    """
    losses = -scores if descending else scores
    if k is None or k >= len(losses):
        return np.argsort(losses, kind="stable").astype(np.int64, copy=False)
    if k <= 0:
        return np.empty(0, dtype=np.int64)
    threshold = np.partition(losses, k - 1)[k - 1]
    if np.isnan(threshold):
        return np.argsort(losses, kind="stable")[:k].astype(np.int64, copy=False)
    candidates = np.flatnonzero(losses <= threshold)
    return candidates[np.argsort(losses[candidates], kind="stable")][:k].astype(np.int64, copy=False)


class VectorMemory:
    """The vector columns used last, as many as fit; safe to use from several threads.

    Attributes:
        cap_bytes: What all of them together may take.
    """

    def __init__(self, cap_bytes: int | None = None) -> None:
        self.cap_bytes = memory_cap_bytes() if cap_bytes is None else cap_bytes
        self._blocks: OrderedDict[BlockKey, Units] = OrderedDict()
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    def fits(self, count: int, dim: int) -> bool:
        """Whether that many vectors may become resident."""
        return 4 * count * dim <= self.cap_bytes

    def get(self, key: BlockKey, load: Callable[[], Units]) -> Units:
        """The vectors of a column, loaded unless they are resident; older ones make room."""
        with self._loading:
            units = self._recall(key)
            if units is None:
                units = load()
                self._keep(key, units)
            return units

    def forget(self, table: str) -> None:
        """Drop what is held of a table."""
        with self._lock:
            for key in [key for key in self._blocks if key.table == table]:
                del self._blocks[key]

    @property
    def held_bytes(self) -> int:
        """What is resident now."""
        with self._lock:
            return sum(units.size_bytes for units in self._blocks.values())

    def _recall(self, key: BlockKey) -> Units | None:
        with self._lock:
            if key in self._blocks:
                self._blocks.move_to_end(key)
            return self._blocks.get(key)

    def _keep(self, key: BlockKey, units: Units) -> None:
        with self._lock:
            stale = [k for k in self._blocks if (k.table, k.column) == (key.table, key.column)]
            for old in stale:
                del self._blocks[old]
            self._blocks[key] = units
            while len(self._blocks) > 1 and sum(u.size_bytes for u in self._blocks.values()) > self.cap_bytes:
                self._blocks.popitem(last=False)


_UNITS_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def memory_cap_bytes() -> int:
    """``THANOSQL_MEMORY`` (bytes, or like ``4GB``, ``512 MiB``), else a quarter of this machine's memory."""
    asked = re.fullmatch(r"\s*([\d.]+)\s*([kmgt]?)i?b?\s*", os.environ.get("THANOSQL_MEMORY", "").lower())
    if asked:
        with suppress(ValueError):
            return int(float(asked[1]) * _UNITS_BYTES[asked[2]])
    return _memory_bytes() // 4


def _memory_bytes() -> int:
    """Of the machine, or of the container (cgroup v2) where that is less; 4 GiB where nobody says."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        total = 4 << 30
    with suppress(OSError, ValueError):
        total = min(total, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return total
