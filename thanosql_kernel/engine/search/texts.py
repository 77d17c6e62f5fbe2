"""Words of texts: how they are told apart and counted, and the tokens by which an index knows them.

A word is letters and digits in a row, in NFKC and lower case. Scripts whose words carry endings or stand without blanks
have theirs found within others: ``고양이`` in ``길고양이가``.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Doubles = NDArray[np.float64]

_NO_WORD = r"[^\p{L}\p{M}\p{N}]+"
_UNSPACED = frozenset("HANGUL CJK HIRAGANA KATAKANA THAI LAO KHMER MYANMAR".split())
"""Scripts, as Unicode's names begin."""
_NAME_END = re.compile("[ -]")


class Word(NamedTuple):
    """A word and how it is told from parts of others.

    Attributes:
        text: The word.
        stands_within: Whether it counts within other words.
    """

    text: str
    stands_within: bool

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens (see `tokens_of`) of every text that holds the word; some that do not hold it may have them."""
        if not self.stands_within or len(self.text) == 1:
            return (self.text,)
        return tuple(dict.fromkeys(first + second for first, second in pairwise(self.text)))


def words_of(text: str) -> list[Word]:
    """The words of a text, each once."""
    import pyarrow as pa

    words = str(apart(plain(pa.array([text])))[0].as_py()).split(" ")
    return [Word(word, any(map(_is_unspaced, word))) for word in dict.fromkeys(words) if word]


class Counted(NamedTuple):
    """Words in texts.

    Attributes:
        times: float64 (t, n), how often each word is in each text; 0 in NULL.
        lengths: float64 (n,), of the texts in characters; NaN for NULL.
    """

    times: Doubles
    lengths: Doubles


def counted(texts: pa.Array, words: Iterable[Word]) -> Counted:
    """How often each word is in each text, and how long the texts are."""
    import pyarrow as pa

    normal = plain(texts.cast(pa.string()))
    times = [_times(word, normal) for word in words]
    return Counted(np.asarray(times, np.float64).reshape(len(times), len(texts)), lengths_of(normal))


def lengths_of(texts: pa.Array) -> Doubles:
    """The lengths of plain texts in characters; NaN for NULL."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: Doubles = pc.utf8_length(texts).cast(pa.float64()).to_numpy(zero_copy_only=False)
    return found


def joined(parts: Iterable[Counted], words: int) -> Counted:
    """Several one behind the other, of the same so many words."""
    found = [Counted(np.empty((words, 0)), np.empty(0)), *parts]
    times = np.concatenate([part.times for part in found], axis=1)
    return Counted(times, np.concatenate([part.lengths for part in found]))


def _times(word: Word, texts: pa.Array) -> Doubles:
    """How often a word is in each plain text (n,); only texts that hold its letters are taken apart."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.fill_null(pc.count_substring(texts, pattern=word.text), 0)
    times: Doubles = found.to_numpy(zero_copy_only=False).astype(np.float64)
    if not word.stands_within:
        holding = np.flatnonzero(times)
        whole = pc.count_substring(apart(texts.take(pa.array(holding))), pattern=f" {word.text} ")
        times[holding] = whole.to_numpy(zero_copy_only=False)
    return times


def plain(texts: pa.Array) -> pa.Array:
    """Texts in NFKC and lower case."""
    import pyarrow.compute as pc

    return pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC"))


def apart(texts: pa.Array) -> pa.Array:
    """Plain texts with two blanks for all that is between words, and one at either end: no two words share a blank."""
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(
        " ", pc.replace_substring_regex(texts, pattern=_NO_WORD, replacement="  "), " ", ""
    )


def tokens_of(texts: pa.Array) -> pa.Array:
    """The tokens of plain texts, blanks between them: words, and of those with letters of `_UNSPACED` what is in them.

    Of the latter these are all letters and all pairs of neighbours. A text without any has its words alone.
    """
    import pyarrow.compute as pc

    words = apart(texts)
    mixed = pc.fill_null(pc.match_substring_regex(words, pattern=f"[{_ranges()}]"), False)
    return pc.if_else(mixed, _parts_too(words), words) if pc.any(mixed).as_py() else words


def _parts_too(words: pa.Array) -> pa.Array:
    """Whole words, and parts of those that others are found in."""
    import pyarrow.compute as pc

    def replaced(texts: pa.Array, pattern: str, replacement: str) -> pa.Array:
        return pc.replace_substring_regex(texts, pattern=pattern, replacement=replacement)

    whole = replaced(words, f" [^ ]*[{_ranges()}][^ ]* ", "  ")
    others = replaced(words, f" [^ {_ranges()}]+ ", "  ")
    without_first = replaced(others, r" [^ ]([^ ]*) ", r" \1 ")
    pairs = [replaced(part, "([^ ]{2})", r"\1 ") for part in (others, without_first)]
    return pc.binary_join_element_wise(whole, *pairs, replaced(others, "([^ ])", r"\1 "), " ")


def _is_unspaced(letter: str) -> bool:
    return _NAME_END.split(unicodedata.name(letter, ""), maxsplit=1)[0] in _UNSPACED


@cache
def _ranges() -> str:
    """The letters of `_UNSPACED`, as they stand in brackets of a regular expression."""
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in _runs())


def _runs() -> Iterator[tuple[int, int]]:
    letters = (code for code in range(sys.maxunicode + 1) if _is_unspaced(chr(code)))
    for _, run in groupby(enumerate(letters), lambda item: item[1] - item[0]):
        codes = [code for _, code in run]
        yield codes[0], codes[-1]
