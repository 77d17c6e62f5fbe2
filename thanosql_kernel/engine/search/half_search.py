"""The best rows of a table, found by rough cosines and compared exactly."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.search.cosine import Floats, best_first, directions_of
from thanosql_kernel.engine.search.finding import scores_at
from thanosql_kernel.engine.search.half_columns import HalfColumn
from thanosql_kernel.engine.work import Work

Positions = NDArray[np.int64]

_LEAST_SPARED = 8
"""Of the rows at most one in so many is read again by its position; reading all of them is cheaper than more."""
_GROUP = 64


class Vectors(NamedTuple):
    """A column of vectors of a table.

    Attributes:
        dataset: The table, a Lance data set.
        name: The column.
        halves: The same in 16 bits a number.
    """

    dataset: Any
    name: str
    halves: HalfColumn


class Best(NamedTuple):
    """The best rows.

    Attributes:
        positions: Their numbers in the table, best first, ties in its order, rows without a vector last.
        scores: float32 (k, q), the cosines to all queries: the very ones that `cosine.score` gives.
        missing: How many of the rows to choose from have no vector.
    """

    positions: Positions
    scores: Floats
    missing: int


def best(table: Vectors, queries: Floats, k: int, among: Positions | range, work: Work) -> Best | None:
    """The rows with the highest cosines to the first query.

    Args:
        table: What is searched.
        queries: float32 (q, dim).
        k: How many rows.
        among: The rows to choose from, ascending.
        work: The statement's.

    Returns:
        None where so many rows may be among the best that comparing all of them is as cheap.
    """
    whole = table.halves.rough(directions_of(queries)[0], work)
    found = whole[among.start : among.stop] if isinstance(among, range) else whole[among]
    chosen = candidates(found, k, 2 * table.halves.bound)
    if len(chosen) * _LEAST_SPARED > max(len(found), _LEAST_SPARED * k):
        return None
    rest = np.flatnonzero(np.isnan(found))[: k - len(chosen)] if k > len(chosen) else chosen[:0]
    positions = _placed(np.concatenate([chosen, rest]), among)
    scores = scores_at(table.dataset, table.name, positions, queries, work.check)
    order = best_first(scores[:, 0], k)
    return Best(positions[order], scores[order], int(np.count_nonzero(np.isnan(found))))


def _placed(numbers: Positions, among: Positions | range) -> Positions:
    """The positions of the rows with these numbers among some."""
    return numbers + among.start if isinstance(among, range) else among[numbers]


def candidates(scores: Floats, k: int, margin: float) -> Positions:
    """The rows whose scores are not below the k-th best by more than a margin, ascending; never one without a score.

    With scores that are off by half the margin at most, no other row can be among the k best: k rows have a true score
    of at least the k-th best less half the margin, and whoever is as good as these has at least that less the other
    half.
    """
    if k <= 0:
        return np.empty(0, np.int64)
    good = scores >= np.float32(-np.inf) if k >= len(scores) else scores >= _least(scores, k, margin)
    return np.flatnonzero(good)


def _least(scores: Floats, k: int, margin: float) -> np.float32:
    """The k-th best score less a margin, rounded down."""
    size = max(1, min(_GROUP, len(scores) // (4 * k)))
    groups = scores[: len(scores) // size * size].reshape(-1, size)
    tops = np.nan_to_num(np.fmax.reduce(groups, axis=1), nan=-np.inf)
    # k groups have a score as good as this: no fewer rows have.
    few = scores[scores >= np.partition(tops, len(tops) - k)[len(tops) - k]]
    kth = float(np.partition(few, len(few) - k)[len(few) - k]) if len(few) >= k else -np.inf
    return np.float32(np.nextafter(np.float32(kth - margin), np.float32(-np.inf)))
