"""Words in texts: BM25 over the rows at hand, and its order fused with that of the similarities.

BM25 is Robertson's and Walker's (1994), with the never negative idf of Lucene; reciprocal rank fusion is Cormack's,
Clarke's and Büttcher's (SIGIR 2009). Both are computed of the rows that are searched, whether these are a table or not
and whether it has an index or not, so that a row's numbers never depend on how it is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.text_indexes import TextIndexes
from thanosql_kernel.engine.search.texts import Counted, Doubles, Word, counted, joined, words_of
from thanosql_kernel.statements.search_ranking import FUSION_CONSTANT

SATURATION = 1.2
"""BM25's k1: how soon more of the same word says no more."""

LENGTHS = 0.75
"""BM25's b: how much a word in a short text says more."""


def word_scores(
    rows: Relation,
    column: str,
    text: str,
    check: Callable[[], None],
    indexes: TextIndexes | None = None,
) -> Doubles:
    """BM25 of each row's text for the words of ``text`` (see `texts`); NaN for NULL, 0 where none is found.

    A text's length is that of its characters.

    Args:
        rows: The rows.
        column: Of texts.
        text: The words.
        check: Raises `Interrupted`.
        indexes: What finds the rows of a stored table that hold a word; the numbers are the same without.

    Returns:
        float64 (n,).
    """
    words = words_of(text)
    found = None if indexes is None else indexes.counted(rows, column, words, check)
    if found is None:
        found = joined(_in_batches(rows, column, words, check), len(words))
    return _bm25(*found)


def _in_batches(
    rows: Relation, column: str, words: Sequence[Word], check: Callable[[], None]
) -> Iterator[Counted]:
    for batch in rows.batches([column]):
        check()
        yield counted(batch.column(0), words)


def fused(similarities: NDArray[np.float32], words: Doubles) -> Doubles:
    """Reciprocal rank fusion: the sum of 1 / (60 + rank) over both orders; NaN for rows that are in neither.

    Equal numbers have the same rank, that of the first of them. A row without a vector is in no order of similarities,
    one without any of the words in none of these.

    Args:
        similarities: float32 (n,), NaN without a vector.
        words: float64 (n,), NaN without a text.
    """
    total = np.zeros(len(words), np.float64)
    is_ranked = np.zeros(len(words), bool)
    for scores, counts in ((similarities, ~np.isnan(similarities)), (words, words > 0)):
        total[counts] += 1.0 / (FUSION_CONSTANT + _ranks(scores[counts]))
        is_ranked |= counts
    return np.where(is_ranked, total, np.nan)


def _ranks(scores: NDArray[np.floating]) -> NDArray[np.int64]:
    """The rank of each from 1 on, the largest first, equals alike."""
    ascending = np.sort(scores)
    return len(scores) - np.searchsorted(ascending, scores, side="right") + 1


def _bm25(counts: Doubles, lengths: Doubles) -> Doubles:
    """Of (t, n) counts of words and (n,) lengths of texts, NaN for NULL."""
    there = ~np.isnan(lengths)
    total = np.count_nonzero(there)
    mean = float(lengths[there].mean()) if total else 1.0
    damping = SATURATION * (1 - LENGTHS + LENGTHS * lengths / (mean or 1.0))
    scores = np.where(there, 0.0, np.nan)
    for count in counts:
        holding = np.count_nonzero(count)
        idf = np.log1p((total - holding + 0.5) / (holding + 0.5))
        found = count > 0
        scores[found] += idf * count[found] * (SATURATION + 1) / (count[found] + damping[found])
    return scores
