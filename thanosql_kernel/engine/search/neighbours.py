"""All pairs of vectors whose cosine reaches a threshold: exactly those, in bounded memory, at the speed of a product.

Vectors are turned so that their first few numbers hold most of their length; what the rest of two vectors adds to
their product is at most the product of the lengths of the rests (Cauchy and Schwarz). A product of the first numbers
and these lengths is therefore a bound that no pair exceeds: it is computed for all pairs, the cosine itself for the few
that reach the threshold by it. The idea is that of LEMP (Teflioudi et al. 2015,
https://doi.org/10.1145/2723372.2747647).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.interrupts import never

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

BLOCK_ROWS = 1024
TILE_ROWS = 2048
"""A product of a block and a tile is 8 MB, and takes a hundredth of a second. It has one place in memory: new memory
for each takes longer than the product."""
MOST_PAIRS = 1 << 20
"""Of a block at once: where there are more, fewer rows are taken."""
PAIRS_A_CALL = 8192
"""Whose vectors are read beside one another: 32 MB of 512 numbers."""
SLACK = 1e-5
"""Rounding of single-precision products of 1,024 numbers stays far below it."""
_SAMPLE = 1024
_WIDTHS = (32, 64, 128, 256)
_MOST_LEFT = 2e-4
"""Of pairs that the bound may leave: so many cost as much as the rest of the product."""
_DENSE = 1 / 64
"""Of a tile: where more are left, the whole product is computed."""


class Pairs(NamedTuple):
    """Pairs in order.

    Attributes:
        first: int64 (p,): the lower index of each.
        second: int64 (p,): the higher.
        cosine: float32 (p,).
    """

    first: Indices
    second: Indices
    cosine: Floats


class Neighbours:
    """The pairs of some vectors.

    Args:
        vectors: float32 (n, dim) of length one.
        threshold: The least cosine, above 0.
        check: Raises `Interrupted` when the user asked to stop; asked many times a second.
    """

    def __init__(self, vectors: Floats, threshold: float, check: Callable[[], None] = never) -> None:
        self.vectors = vectors
        self.threshold = np.float32(threshold)
        self._check = check
        self._bounds = bounding(vectors, threshold)
        self._least = np.float32(threshold - SLACK)
        self._product = np.empty((BLOCK_ROWS, TILE_ROWS), dtype=np.float32)
        self._near = np.empty((BLOCK_ROWS, TILE_ROWS), dtype=np.bool_)

    def have_any(self, advance: Callable[[int], None] = lambda rows: None) -> Flags:
        """bool (n,): which vectors have a neighbour; ``advance`` is told how many of them were looked at."""
        found = np.zeros(len(self.vectors), dtype=np.bool_)
        for start in range(0, len(found), BLOCK_ROWS):
            rows = np.arange(start, min(start + BLOCK_ROWS, len(found)))
            for tile in self._tiles(start):
                for pairs in self._pairs(rows, tile, found):
                    found[pairs.first] = found[pairs.second] = True
            advance(len(rows))
        return found

    def blocks(self, distance: Floats) -> Iterator[Pairs]:
        """The pairs whose lower index is of one that belongs to nobody when its block's turn comes, in order.

        Args:
            distance: float32 (n,): infinite for such; may be changed between blocks.
        """
        for start in range(0, len(distance), BLOCK_ROWS):
            yield from self._block(np.arange(start, min(start + BLOCK_ROWS, len(distance))), distance)

    def _block(self, rows: Indices, distance: Floats) -> Iterator[Pairs]:
        """The pairs of so many rows, all of a row at once, or of fewer rows at a time where they are many."""
        rows = rows[np.isinf(distance[rows])]
        if not len(rows):
            return
        found: list[Pairs] = []
        count = 0
        for tile in self._tiles(int(rows[0])):
            for pairs in self._pairs(rows, tile):
                found.append(pairs)
                count += len(pairs.first)
            if count > MOST_PAIRS and len(rows) > 1:
                del found
                half = len(rows) // 2
                yield from self._block(rows[:half], distance)
                yield from self._block(rows[half:], distance)
                return
        if count:
            yield _sorted(found)

    def _tiles(self, start: int) -> Iterator[slice]:
        for at in range(start, len(self.vectors), TILE_ROWS):
            self._check()
            yield slice(at, min(at + TILE_ROWS, len(self.vectors)))

    def _pairs(self, rows: Indices, tile: slice, found: Flags | None = None) -> Iterator[Pairs]:
        """The pairs of rows with those of a tile behind them, but not of two that were found."""
        mask = self._near_mask(self._bounds, rows, tile)
        if tile.start <= rows[-1]:
            mask &= np.arange(tile.start, tile.stop)[None, :] > rows[:, None]
        left = int(np.count_nonzero(mask))
        if left > _DENSE * mask.size:
            yield from self._of_dense(rows, tile, mask.copy())
        elif left:
            first, second = self._indices(rows, tile, mask)
            if found is not None:
                new = ~(found[first] & found[second])
                first, second = first[new], second[new]
            yield from self._computed(first, second)

    def _near_mask(self, vectors: Floats, rows: Indices, tile: slice) -> Flags:
        """bool (r, t): which products reach the threshold, or nearly; valid until it is asked for again."""
        size = len(rows), tile.stop - tile.start
        product, near = self._product[: size[0], : size[1]], self._near[: size[0], : size[1]]
        np.matmul(vectors[rows], vectors[tile].T, out=product)
        return np.greater_equal(product, self._least, out=near)

    def _indices(self, rows: Indices, tile: slice, mask: Flags) -> tuple[Indices, Indices]:
        first, second = np.nonzero(mask)
        return rows[first], second + tile.start

    def _of_dense(self, rows: Indices, tile: slice, mask: Flags) -> Iterator[Pairs]:
        """Of many pairs, the whole product is quicker than the cosine of each."""
        if self._bounds is not self.vectors:
            self._near_mask(self.vectors, rows, tile)
        product = self._product[: len(rows), : tile.stop - tile.start]
        mask &= product >= self.threshold
        yield Pairs(*self._indices(rows, tile, mask), product[mask])

    def _computed(self, first: Indices, second: Indices) -> Iterator[Pairs]:
        for at in range(0, len(first), PAIRS_A_CALL):
            part = slice(at, at + PAIRS_A_CALL)
            cosines = np.einsum("ij,ij->i", self.vectors[first[part]], self.vectors[second[part]])
            near = cosines >= self.threshold
            yield Pairs(first[part][near], second[part][near], cosines[near])


def bounding(vectors: Floats, threshold: float) -> Floats:
    """Rows whose products bound those of the vectors: the vectors themselves where nothing narrower bounds them well.

    Returns:
        float32 (n, width + 1): the first numbers of the turned vectors and the length of the rest; the width is the
        least at which few pairs of a sample are left.
    """
    count, dim = vectors.shape
    widths = [width for width in _WIDTHS if 2 * width <= dim]
    if not widths or count < 2 * _SAMPLE:
        return vectors
    sample = vectors[np.linspace(0, count - 1, 2 * _SAMPLE).astype(np.int64)]
    axes, others = _axes(sample[::2]), sample[1::2]
    reached = np.count_nonzero(others @ others.T >= threshold)
    for width in widths:
        bounds = _with_rest(others, axes[:, :width])
        left = np.count_nonzero(bounds @ bounds.T >= threshold) - reached
        if left <= _MOST_LEFT * _SAMPLE * _SAMPLE:
            return _with_rest(vectors, axes[:, :width])
    return vectors


def _axes(vectors: Floats) -> Floats:
    """Orthogonal axes (dim, dim), those along which the vectors are longest first."""
    moments = vectors.astype(np.float64).T @ vectors.astype(np.float64)
    found: Floats = np.linalg.eigh(moments)[1][:, ::-1].astype(np.float32)
    return found


def _with_rest(vectors: Floats, axes: Floats) -> Floats:
    """The vectors along some orthogonal axes, and the length of what is left of each."""
    found = np.empty((len(vectors), axes.shape[1] + 1), dtype=np.float32)
    np.matmul(vectors, axes, out=found[:, :-1])
    inside = np.einsum("ij,ij->i", found[:, :-1], found[:, :-1], dtype=np.float64)
    whole = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    found[:, -1] = np.sqrt(np.maximum(whole - inside, 0.0) + SLACK * SLACK)
    return found


def _sorted(found: list[Pairs]) -> Pairs:
    first = np.concatenate([pairs.first for pairs in found])
    second = np.concatenate([pairs.second for pairs in found])
    order = np.lexsort((second, first))
    return Pairs(first[order], second[order], np.concatenate([pairs.cosine for pairs in found])[order])
