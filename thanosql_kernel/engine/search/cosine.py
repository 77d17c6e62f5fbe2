"""Vectors of length one, and their cosine similarity to a few queries at memory bandwidth."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.interrupts import never
from thanosql_kernel.machine import available_cores

Floats = NDArray[np.float32]
T = TypeVar("T")

TILE_VALUES = 1 << 18
"""Values a BLAS call reads: 1 MiB stays in a core's cache while several queries pass over it, and OpenBLAS
runs a matrix-vector product below 460,800 values in the calling thread (``interface/gemv.c``)."""

_TILES_A_PIECE = 16
"""Tiles that a thread takes at once, about a millisecond of work."""


class UnitVectors:
    """Vectors of length one in one contiguous block of whole tiles, filled from its beginning.

    Args:
        capacity: How many it has to have room for.
        dim: Their length in numbers.

    Attributes:
        dim: Their length in numbers.
        count: How many are there.
        values: float32 (capacity rounded up to whole tiles, dim). Rows of NaN stand for NULL vectors, for vectors
            of zeros and for such with values that are not finite; the rows beyond ``count`` mean nothing.
    """

    def __init__(self, capacity: int, dim: int) -> None:
        tile = tile_rows(dim)
        self.dim = dim
        self.count = 0
        self.values: Floats = np.zeros((-(-capacity // tile) * tile, dim), dtype=np.float32)

    @classmethod
    def collect(cls, arrays: Iterable[Any], count: int, dim: int) -> UnitVectors:
        """Arrow vector arrays, ``count`` vectors in all, as a block of their own.

        Raises:
            ValueError: there are more or fewer than ``count``.
        """
        units = cls(count, dim)
        units.add(arrays, count)
        return units

    @property
    def room(self) -> int:
        """How many vectors more it can take."""
        return len(self.values) - self.count

    @property
    def size_bytes(self) -> int:
        """What it takes in memory: the tiles that are in use; the system gives no memory for the others."""
        return self.values[: self.used_rows].nbytes

    @property
    def used_rows(self) -> int:
        """The rows of the tiles that are in use."""
        tile = tile_rows(self.dim)
        return -(-self.count // tile) * tile

    def add(self, arrays: Iterable[Any], count: int) -> Run:
        """Copy Arrow vector arrays, ``count`` vectors in all, behind those that are there, brought to length one.

        Nothing counts as added before all of it is there.

        Raises:
            ValueError: there are more or fewer than ``count``.
        """
        start = at = self.count
        for array in arrays:
            if at + len(array) > start + count:
                raise ValueError(f"more than {count} vectors")
            unit_rows(array, self.values[at : at + len(array)])
            at += len(array)
        if at != start + count:
            raise ValueError(f"{at - start} vectors, not {count}")
        self.count = at
        return Run(self, start, at)


class Run(NamedTuple):
    """Vectors that follow one another in a block."""

    units: UnitVectors
    start: int
    stop: int

    @property
    def rows(self) -> int:
        """How many."""
        return self.stop - self.start


def joined(runs: Iterable[Run]) -> list[Run]:
    """The same vectors in as few runs as there can be; empty ones are left out."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last is not None and last.units is run.units and last.stop == run.start:
            found[-1] = Run(run.units, last.start, run.stop)
        elif run.rows:
            found.append(run)
    return found


def tile_rows(dim: int) -> int:
    """Rows scored by one BLAS call; a power of two, so that every row of a tile meets the same kernel."""
    return max(16, 1 << (max(1, TILE_VALUES // max(dim, 1)).bit_length() - 1))


def unit_rows(array: Any, out: Floats) -> None:
    """Arrow lists of numbers as float32 (n, dim) of length one; NaN rows for what has no direction.

    A few rows at a time, which stay in the core's cache: half the time of whole batches.

    Args:
        array: n values of a (fixed-size) list type of any floating type.
        out: float32 (n, dim), where the rows go; lists of another length than dim count as NULL.
    """
    rows = _dense_rows(array, out.shape[1])
    size = max(1, TILE_VALUES // out.shape[1])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for at in range(0, len(rows), size):
            part = rows[at : at + size]
            norms = np.sqrt(np.einsum("ij,ij->i", part, part, dtype=np.float64))
            norms[~np.isfinite(norms) | (norms == 0.0)] = np.nan
            np.divide(part, norms[:, None].astype(np.float32), out=out[at : at + size])


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


def score(runs: Sequence[Run], queries: Floats, check: Callable[[], None] = never) -> Floats:
    """Cosine similarity of every vector to every query.

    Equal vectors get bitwise equal scores wherever they stand (whole tiles only), so that ties are ties.

    Args:
        runs: n vectors in all.
        queries: float32 (q, dim), of any length but zero.
        check: Raises `Interrupted` when the user asked to stop; asked a few times a second.

    Returns:
        float32 (n, q) in [-1, 1]; NaN where a vector has no direction.
    """
    directions = directions_of(queries)
    runs = joined(runs)
    spans = _spans(runs)
    total = sum(span.rows for span in spans.values())
    scores = np.empty((len(directions), total), dtype=np.float32)
    pieces = [piece for span in spans.values() for piece in span.pieces()]
    spread(pieces, lambda piece: _score_piece(piece, directions, scores), check)
    places = [spans[id(run.units)].place(run) for run in runs]
    if len(places) == 1:
        chosen = scores[:, places[0]]
    else:
        chosen = np.concatenate([scores[:, :0], *(scores[:, place] for place in places)], axis=1)
    return np.clip(chosen, -1.0, 1.0, out=chosen).T


def directions_of(queries: Floats) -> Floats:
    """Queries of length one, float32 (q, dim)."""
    lengths = np.linalg.norm(queries, axis=1, keepdims=True)
    return np.ascontiguousarray(queries / lengths, dtype=np.float32)


class _Span(NamedTuple):
    """Whole tiles of a block, and where their scores go."""

    units: UnitVectors
    start: int
    stop: int
    at: int

    @property
    def rows(self) -> int:
        return self.stop - self.start

    def place(self, run: Run) -> slice:
        """Where the scores of a run are."""
        return slice(self.at + run.start - self.start, self.at + run.stop - self.start)

    def pieces(self) -> Iterator[_Span]:
        """The span cut into pieces of a few tiles."""
        size = _TILES_A_PIECE * tile_rows(self.units.dim)
        for start in range(self.start, self.stop, size):
            yield _Span(self.units, start, min(start + size, self.stop), self.at + start - self.start)


def _spans(runs: Sequence[Run]) -> dict[int, _Span]:
    """The tiles to score by their block: those that the runs touch, and what lies between them."""
    bounds: dict[int, Run] = {}
    for run in runs:
        known = bounds.get(id(run.units), run)
        bounds[id(run.units)] = Run(run.units, min(known.start, run.start), max(known.stop, run.stop))
    spans, at = {}, 0
    for key, (units, start, stop) in bounds.items():
        tile = tile_rows(units.dim)
        spans[key] = _Span(units, start // tile * tile, -(-stop // tile) * tile, at)
        at += spans[key].rows
    return spans


def spread(pieces: Sequence[T], score_piece: Callable[[T], None], check: Callable[[], None]) -> None:
    """Score all pieces, this thread and one for each other core, if it is worth starting them."""
    left, stopped = deque(pieces), threading.Event()

    def work(check: Callable[[], None]) -> None:
        while not stopped.is_set():
            check()
            try:
                piece = left.popleft()
            except IndexError:
                return
            score_piece(piece)

    others = min(available_cores(), len(pieces)) - 1
    if others < 1:
        return work(check)
    with ThreadPoolExecutor(others, thread_name_prefix="score") as pool:
        try:
            futures = [pool.submit(work, never) for _ in range(others)]
            work(check)
        finally:
            stopped.set()
    for future in futures:
        future.result()
    return None


def _score_piece(piece: _Span, directions: Floats, scores: Floats) -> None:
    values, tile = piece.units.values, tile_rows(piece.units.dim)
    for start in range(piece.start, piece.stop, tile):
        at = piece.at + start - piece.start
        for number, direction in enumerate(directions):
            np.matmul(values[start : start + tile], direction, out=scores[number, at : at + tile])


def score_stream(batches: Iterator[Any], dim: int, queries: Floats) -> Floats:
    """Like `score` over Arrow vector arrays that are read once and not kept; float32 (n, q)."""
    parts = [score([UnitVectors(len(array), dim).add([array], len(array))], queries) for array in batches]
    return np.concatenate(parts) if parts else np.empty((0, len(queries)), dtype=np.float32)


def best_first(
    scores: NDArray[np.floating], k: int | None = None, *, descending: bool = True
) -> NDArray[np.int64]:
    """Row numbers of the k best scores, best first; ties in row order, NaN last.

    Args:
        scores: floating (n,).
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
