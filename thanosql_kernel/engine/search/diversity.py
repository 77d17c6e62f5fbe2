"""Relevant and different at once: maximal marginal relevance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.search.different import maximal_marginal_relevance

Floats = NDArray[np.float32]


def most_relevant(
    text: Floats, candidates: Floats, top_n: int, diversity: float
) -> tuple[NDArray[np.int64], Floats]:
    """The candidates that say best what a text is about, and are unlike each other, best first.

    The first is the one most similar to the text; each further one has the highest ``(1 - diversity) * similarity to
    the text - diversity * similarity to the nearest that is chosen already`` (maximal marginal relevance: Carbonell and
    Goldstein 1998, https://doi.org/10.1145/290941.291025; for keywords: KeyBERT, Grootendorst 2020,
    https://doi.org/10.5281/zenodo.4461265). Ties go to the more similar candidate, then to the one that comes first.

    Args:
        text: float32 (dim,) of length one.
        candidates: float32 (n, dim), each of length one.
        top_n: How many at most.
        diversity: From 0, only similarity to the text counts, to 1, only being unlike each other does.

    Returns:
        int64 (m,): which candidates, the most similar to the text first; float32 (m,): their cosines.
    """
    relevance = np.clip(candidates @ text, -1.0, 1.0)
    order = np.argsort(-relevance, kind="stable")
    chosen = maximal_marginal_relevance(candidates[order], relevance[order], top_n, 1 - diversity)
    found = order[np.sort(chosen)]
    return found, relevance[found].astype(np.float32)
