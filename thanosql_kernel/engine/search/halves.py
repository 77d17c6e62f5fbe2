"""Vectors of length one in 16 bits a number, half of what `cosine.UnitVectors` takes; how far off their cosines are.

A vector is whole numbers times a scale of its own. So the numbers keep 15 bits below the largest of them, where float16
keeps 11 of each: a fifth of the error. And NumPy turns them into float32, which BLAS multiplies, at 3 numbers a
nanosecond and core; float16 at .4. See docs/decisions/0042.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.search.cosine import Floats, spread
from thanosql_kernel.interrupts import never

LARGEST = 32_767
MOST_NUMBERS = 1 << 13
"""Longer vectors have no bound worth it; see `bound`."""

_TILE_VALUES = 1 << 17
"""Of float32 half a MiB, which stays in a core's cache between being made and being multiplied."""
_TILES_A_PIECE = 64
_PIECES_AHEAD = 4
"""Are fetched before their turn: 64 MiB keep a disk busy."""
_ULP = 2.0**-24


class Quality(NamedTuple):
    """How good some vectors in 16 bits are.

    Attributes:
        error: The length of the difference to the vector of float32 is at most this, for all of them.
        length: Of the longest of those: one, but for vectors of the smallest numbers that there are.
    """

    error: float = 0.0
    length: float = 0.0

    def worst(self, other: Quality) -> Quality:
        """Of both together."""
        return Quality(max(self.error, other.error), max(self.length, other.length))


class Halves(NamedTuple):
    """Vectors that follow one another.

    Attributes:
        numbers: int16 (n, dim).
        scales: float32 (n,): what they are times; NaN for what has no direction.
        quality: How good they are.
        fetch: Tells the system that rows from one on, so many, will be read soon.
    """

    numbers: NDArray[np.int16]
    scales: Floats
    quality: Quality
    fetch: Callable[[int, int], None] = lambda start, rows: None

    @property
    def size_bytes(self) -> int:
        """What they take."""
        return self.numbers.nbytes + self.scales.nbytes


def halved(units: Floats) -> Halves:
    """Vectors in 16 bits a number.

    Args:
        units: float32 (n, dim), each of length one; rows of NaN for what has no direction.
    """
    numbers = np.zeros(units.shape, dtype=np.int16)
    scales = np.empty(len(units), dtype=np.float32)
    quality, size = Quality(), _tile_rows(units.shape[1])
    scratch = np.empty((min(size, len(units)), units.shape[1]), dtype=np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        for at in range(0, len(units), size):
            part = slice(at, at + size)
            here = units[part]
            quality = quality.worst(_halve(here, numbers[part], scales[part], scratch[: len(here)]))
    return Halves(numbers, scales, quality)


def _halve(units: Floats, numbers: NDArray[np.int16], scales: Floats, scratch: Floats) -> Quality:
    """Fill in numbers and scales."""
    largest = np.maximum(units.max(axis=1, initial=0.0), -units.min(axis=1, initial=0.0))
    np.divide(largest, np.float32(LARGEST), out=scales)
    np.multiply(units, np.reciprocal(scales)[:, None], out=scratch)
    scratch[~(largest > 0)] = 0.0
    np.rint(scratch, out=scratch)
    np.copyto(numbers, scratch, casting="unsafe")
    scratch *= scales[:, None]
    scratch -= units
    # What is rounded here is less than is added.
    length = 1.001 * _longest(units)
    return Quality(1.001 * _longest(scratch) + 4 * _ULP * length, length)


def _longest(rows: Floats) -> float:
    squares = np.einsum("ij,ij->i", rows, rows)
    return float(np.sqrt(np.fmax.reduce(squares, initial=0.0)))


def bound(quality: Quality, dim: int) -> float:
    """How far a rough cosine may be from the one that `cosine.score` gives of the same vector.

    By Cauchy and Schwarz the difference of the vectors, times the query's length, which is one; and what both products
    round, each at most dim units in the last place of the product of the lengths, in whatever order it is summed
    (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1).

    Args:
        quality: Of the vectors.
        dim: Their length in numbers, at most `MOST_NUMBERS`.
    """
    return 1.001 * quality.error + 1.01 * (2 * dim + 16) * _ULP * (quality.length + quality.error)


def rough(
    parts: Sequence[Halves],
    direction: Floats,
    check: Callable[[], None] = never,
    advance: Callable[[int], None] = lambda rows: None,
) -> Floats:
    """Cosines to a query, each within the `bound`: float32 (n,), NaN where a vector has no direction.

    Args:
        parts: n vectors in all.
        direction: float32 (dim,), of length one.
        check: Raises `Interrupted` when the user asked to stop; asked a few times a second.
        advance: Told how many rows more are done, by the thread that calls.
    """
    scores = np.empty(sum(len(part.scales) for part in parts), dtype=np.float32)
    done: deque[int] = deque()

    def score_piece(piece: _Piece) -> None:
        _score_piece(piece, direction, scores)
        done.append(piece.stop - piece.start)

    def look() -> None:
        check()
        while done:
            advance(done.popleft())

    spread(list(_pieces(parts)), score_piece, look)
    look()
    return scores


class _Piece(NamedTuple):
    """A few tiles of vectors, and where their scores go."""

    part: Halves
    start: int
    stop: int
    at: int


def _pieces(parts: Sequence[Halves]) -> Iterator[_Piece]:
    at = 0
    for part in parts:
        count, dim = part.numbers.shape
        size = _TILES_A_PIECE * _tile_rows(dim)
        for start in range(0, count, size):
            yield _Piece(part, start, min(start + size, count), at + start)
        at += count


def _tile_rows(dim: int) -> int:
    return max(1, _TILE_VALUES // max(1, dim))


def _score_piece(piece: _Piece, direction: Floats, scores: Floats) -> None:
    part, rows = piece.part, _tile_rows(len(direction))
    _fetch_ahead(piece)
    floats = np.empty((min(rows, piece.stop - piece.start), len(direction)), dtype=np.float32)
    for start in range(piece.start, piece.stop, rows):
        count = min(rows, piece.stop - start)
        at = piece.at + start - piece.start
        np.copyto(floats[:count], part.numbers[start : start + count])
        np.matmul(floats[:count], direction, out=scores[at : at + count])
    found = scores[piece.at : piece.at + piece.stop - piece.start]
    found *= part.scales[piece.start : piece.stop]
    np.clip(found, -1.0, 1.0, out=found)


def _fetch_ahead(piece: _Piece) -> None:
    """Have the system read what comes behind a piece; at the beginning of a part all up to there."""
    count, size = len(piece.part.scales), piece.stop - piece.start
    first = piece.stop + (_PIECES_AHEAD - 1) * size if piece.start else 0
    last = min(piece.stop + _PIECES_AHEAD * size, count)
    if first < last:
        piece.part.fetch(first, last - first)
