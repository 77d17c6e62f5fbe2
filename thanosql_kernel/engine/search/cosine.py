"""Vectors of length one, and their cosine similarity to a few queries at memory bandwidth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.machine import available_cores

Floats = NDArray[np.float32]

TILE_VALUES = 1 << 18
"""Values a BLAS call reads: 1 MiB stays in a core's cache while several queries pass over it, and OpenBLAS
runs a matrix-vector product below 460,800 values in the calling thread (``interface/gemv.c``)."""


class UnitVectors:
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
    def collect(cls, batches: Iterable[Any], count: int, dim: int) -> UnitVectors:
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


def score(units: UnitVectors, queries: Floats) -> Floats:
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


def score_stream(batches: Iterator[Any], dim: int, queries: Floats) -> Floats:
    """Like `score` over Arrow vector arrays that are read once and not kept; float32 (n, q)."""
    parts = [score(UnitVectors.collect([array], len(array), dim), queries) for array in batches if len(array)]
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
