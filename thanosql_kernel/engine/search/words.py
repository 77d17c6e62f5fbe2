"""Words in texts: BM25 over the rows at hand, and its order fused with that of the similarities.

BM25 is Robertson's and Walker's (1994), with the never negative idf of Lucene; reciprocal rank fusion is Cormack's,
Clarke's and Büttcher's (SIGIR 2009). Both are computed of the rows that are searched, whether these are a table or not
and whether it has an index or not, so that a row's numbers never depend on how it is stored.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.statements.search_ranking import FUSION_CONSTANT

if TYPE_CHECKING:
    import pyarrow as pa

Doubles = NDArray[np.float64]

SATURATION = 1.2
"""BM25's k1: how soon more of the same word says no more."""

LENGTHS = 0.75
"""BM25's b: how much a word in a short text says more."""

_NO_WORD = r"[^\p{L}\p{M}\p{N}]+"
_UNSPACED = frozenset("HANGUL CJK HIRAGANA KATAKANA THAI LAO KHMER MYANMAR".split())
"""Scripts, as Unicode's names begin, whose words carry endings or stand without blanks: they are found within words."""


def word_scores(rows: Relation, column: str, text: str, check: Callable[[], None]) -> Doubles:
    """BM25 of each row's text for the words of ``text``; NaN for NULL, 0 where none is found.

    A word is letters and digits in a row, in NFKC and lower case. It counts where it stands as a whole word; one with
    letters of `_UNSPACED` wherever it stands: ``고양이`` is found in ``길고양이가``. A text's length is that of its
    characters.

    Returns:
        float64 (n,).
    """
    words = _words(text)
    counts, lengths = [np.empty((len(words), 0), np.float64)], [np.empty(0, np.float64)]
    for batch in rows.batches([column]):
        check()
        found = _counted(batch.column(0), words)
        counts.append(found[0])
        lengths.append(found[1])
    return _bm25(np.concatenate(counts, axis=1), np.concatenate(lengths))


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


# -- texts -----------------------------------------------------------------------------------------------------
class _Word(NamedTuple):
    """A word and how it is told from parts of others.

    Attributes:
        text: The word.
        stands_within: Whether it counts within other words.
    """

    text: str
    stands_within: bool


def _words(text: str) -> list[_Word]:
    """The words of a text, each once."""
    import pyarrow as pa

    words = str(_apart(_plain(pa.array([text])))[0].as_py()).split(" ")
    return [_Word(word, _stands_within(word)) for word in dict.fromkeys(words) if word]


def _stands_within(word: str) -> bool:
    names = (unicodedata.name(letter, "").split(" ")[0] for letter in word)
    return any(name.split("-")[0] in _UNSPACED for name in names)


def _plain(texts: pa.Array) -> pa.Array:
    """Texts in NFKC and lower case."""
    import pyarrow.compute as pc

    return pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC"))


def _apart(plain: pa.Array) -> pa.Array:
    """The texts with two blanks for all that is between words, and one at either end: no two words share a blank."""
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(
        " ", pc.replace_substring_regex(plain, pattern=_NO_WORD, replacement="  "), " ", ""
    )


def _counted(texts: pa.Array, words: Iterable[_Word]) -> tuple[Doubles, Doubles]:
    """How often each word is in each text (t, n), and how long the texts are (n,), NaN for NULL."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = _plain(texts.cast(pa.string()))
    lengths = pc.utf8_length(plain).cast(pa.float64()).to_numpy(zero_copy_only=False)
    counts = [_times(word, plain) for word in words]
    return np.asarray(counts, np.float64).reshape(len(counts), len(texts)), lengths


def _times(word: _Word, plain: pa.Array) -> Doubles:
    """How often a word is in each text (n,); only texts that hold its letters are taken apart."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.fill_null(pc.count_substring(plain, pattern=word.text), 0)
    counts: Doubles = found.to_numpy(zero_copy_only=False).astype(np.float64)
    if not word.stands_within:
        holding = np.flatnonzero(counts)
        whole = pc.count_substring(_apart(plain.take(pa.array(holding))), pattern=f" {word.text} ")
        counts[holding] = whole.to_numpy(zero_copy_only=False)
    return counts
