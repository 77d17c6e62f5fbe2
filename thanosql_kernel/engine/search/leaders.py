"""Groups of like things around the one of each that is preferred: every other was compared with that one itself.

Joining whatever is near to anything in a group (single linkage) runs from scene to scene of a long walk. Here the
things are gone through from the most preferred on; each that belongs to nobody yet takes all that are like it, so that
no two of a group are further apart than twice the threshold (leader clustering, Hartigan 1975, chapter 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from thanosql_kernel.engine.search.neighbours import Floats, Indices, Neighbours, Pairs

PAIRS_A_ROUND = 4096
"""Compared at once: of a leader that takes thousands, none of what it takes is compared in vain."""

Compare = Callable[[Pairs], Floats]


def leaders(neighbours: Neighbours, apart: Compare) -> Indices:
    """Whom each vector belongs to, int64 (n,): itself or one before it, of several the nearest, then the first.

    Args:
        neighbours: Of vectors in order of preference.
        apart: How far neighbours are from one another (p,), infinite for those that do not belong together.
    """
    count = len(neighbours.vectors)
    owner = np.arange(count, dtype=np.int64)
    distance = np.full(count, np.inf, dtype=np.float32)
    for pairs in neighbours.blocks(distance):
        for some in _rounds(pairs, distance):
            _take(some, apart(some), owner, distance)
    return owner


def _rounds(pairs: Pairs, distance: Floats) -> Iterator[Pairs]:
    """The pairs of those that may lead, all of one in the same round."""
    at = 0
    while at < len(pairs.first):
        end = min(at + PAIRS_A_ROUND, len(pairs.first))
        if end < len(pairs.first):
            last = pairs.first[end]
            start = int(np.searchsorted(pairs.first, last))
            end = start if start > at else int(np.searchsorted(pairs.first, last, "right"))
        left = at + np.flatnonzero(np.isinf(distance[pairs.first[at:end]]))
        if len(left):
            yield Pairs(pairs.first[left], pairs.second[left], pairs.cosine[left])
        at = end


def _take(pairs: Pairs, apart: Floats, owner: Indices, distance: Floats) -> None:
    """Give each second to the nearest leader that is like it; who is given to another leads nobody."""
    for leader, start, end in _runs(pairs.first):
        if np.isinf(distance[leader]):
            others, far = pairs.second[start:end], apart[start:end]
            nearer = far < distance[others]
            owner[others[nearer]] = leader
            distance[others[nearer]] = far[nearer]


def _runs(values: Indices) -> Iterator[tuple[int, int, int]]:
    """Each of some sorted values, with where it begins and ends."""
    starts = np.flatnonzero(np.diff(values, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(values)]):
        yield int(values[start]), start, end
