"""Rows that differ: maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.cosine import best_first, unit_rows
from thanosql_kernel.engine.work import Work
from thanosql_kernel.interrupts import never
from thanosql_kernel.statements.search_ranking import diverse_pool
from thanosql_kernel.wording import searching

#: What two cosines of single precision differ by that are equal.
_EQUAL = 1e-6

Floats = NDArray[np.float32]
Positions = NDArray[np.int64]


def diverse_rows(
    rows: Relation, column: str, scores: Floats, top_k: int, share: float, work: Work
) -> Positions:
    """The ``top_k`` rows that are chosen one after the other, out of the `diverse_pool` best.

    Each is the one with the largest ``share * score - (1 - share) * (its largest cosine to one chosen before)``; ties
    go to the better score, then to the row that comes first. Rows without a vector follow where rows are left.

    Args:
        rows: What is searched; repeatable.
        column: The vectors.
        scores: float32 (n,), NaN without a vector.
        top_k: How many.
        share: Lambda.
        work: The statement's.
    """
    pool = best_first(scores, diverse_pool(top_k))
    pool = pool[~np.isnan(scores[pool])]
    vectors = _vectors(rows, column, pool)
    with work.progress(searching.CHOOSING(), min(top_k, len(pool)), "rows") as bar:

        def chose() -> None:
            work.check()
            bar.advance()

        chosen = pool[maximal_marginal_relevance(vectors, scores[pool], top_k, share, chose)]
    if len(chosen) == top_k or len(pool) < np.count_nonzero(~np.isnan(scores)):
        return chosen
    without = np.flatnonzero(np.isnan(scores))
    return np.concatenate([chosen, without[: top_k - len(chosen)]])


def maximal_marginal_relevance(
    vectors: Floats, scores: Floats, top_k: int, share: float, chose: Callable[[], None] = never
) -> Positions:
    """Indices of the rows chosen greedily, as defined, in double precision; of equals the one with the best score.

    Equal vectors have bitwise equal cosines: they are computed once for all of them. Scores are of single precision:
    what differs by less than that is equal, or rounding would choose.

    Args:
        vectors: float32 (n, dim) of length one.
        scores: float32 (n,), best first.
        top_k: How many.
        share: Lambda.
        chose: Called for each row; may raise `Interrupted`.
    """
    unique, which = np.unique(vectors, axis=0, return_inverse=True)
    units, which = unique.astype(np.float64), which.reshape(-1)
    relevance = share * scores.astype(np.float64)
    nearest = np.full(len(units), -np.inf)
    is_left = np.ones(len(scores), bool)
    chosen: list[int] = []
    while len(chosen) < min(top_k, len(scores)):
        chose()
        penalty = (1 - share) * nearest[which] if chosen else 0.0
        values = np.where(is_left, relevance - penalty, -np.inf)
        best = int(np.argmax(values >= values.max() - _EQUAL))
        chosen.append(best)
        is_left[best] = False
        np.maximum(nearest, units @ units[which[best]], out=nearest)
    return np.asarray(chosen, np.int64)


def _vectors(rows: Relation, column: str, positions: Positions) -> Floats:
    """The vectors at positions, of length one, float32 (n, dim)."""
    taken = rows.take(positions.tolist(), [column]).column(0).combine_chunks()
    width = len(taken[0]) if len(taken) else 0
    vectors = np.empty((len(taken), width), np.float32)
    if width:
        unit_rows(taken, vectors)
    return vectors
