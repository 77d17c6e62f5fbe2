"""Groups of like things around the one of each that is preferred: every other was compared with that one itself.

Joining whatever is near to anything in a group (single linkage) runs from scene to scene of a long walk. Here the
things are gone through from the most preferred on; each that belongs to nobody yet takes all that are like it, so that
no two of a group are further apart than twice the threshold (leader clustering, Hartigan 1975, chapter 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from thanosql_kernel.engine.search.neighbours import Flags, Indices, Neighbours, Pairs

PAIRS_A_ROUND = 4096
"""Compared at once: of a leader that takes thousands, none of what it takes is compared in vain."""

Compare = Callable[[Pairs], Flags]


def leaders(neighbours: Neighbours, are_alike: Compare) -> Indices:
    """Whom each vector belongs to, int64 (n,): itself or one before it.

    Args:
        neighbours: Of vectors in order of preference.
        are_alike: Which pairs of neighbours belong together, bool (p,).
    """
    count = len(neighbours.vectors)
    owner = np.arange(count, dtype=np.int64)
    free = np.ones(count, dtype=np.bool_)
    for pairs in neighbours.blocks(free):
        for some in _rounds(pairs, free):
            alike = are_alike(some)
            _take(some.first[alike], some.second[alike], owner, free)
    return owner


def _rounds(pairs: Pairs, free: Flags) -> Iterator[Pairs]:
    """The pairs of free things, all of one leader in the same round."""
    at = 0
    while at < len(pairs.first):
        end = min(at + PAIRS_A_ROUND, len(pairs.first))
        last = pairs.first[end - 1]
        whole = int(np.searchsorted(pairs.first, last, "left" if last != pairs.first[at] else "right"))
        end = whole if end < len(pairs.first) else end
        part = slice(at, end)
        left = free[pairs.first[part]] & free[pairs.second[part]]
        if left.any():
            yield Pairs(pairs.first[part][left], pairs.second[part][left], pairs.cosine[part][left])
        at = end


def _take(first: Indices, second: Indices, owner: Indices, free: Flags) -> None:
    """Give each second to the first free leader that is like it."""
    for leader, start, end in _runs(first):
        if free[leader]:
            others = second[start:end]
            taken = others[free[others]]
            owner[taken] = leader
            free[taken] = False


def _runs(values: Indices) -> Iterator[tuple[int, int, int]]:
    """Each of some sorted values, with where it begins and ends."""
    starts = np.flatnonzero(np.diff(values, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(values)]):
        yield int(values[start]), start, end
