"""The phrases of a text that may be its keywords: words and runs of words as they stand in it.

A phrase is a piece of the text: words that stand side by side with nothing but spaces between them, stop words and
punctuation being where phrases end. So whoever looks for a keyword in the text finds it. Words are those of Unicode;
of Korean words, what is in front of their particles and endings (see `korean`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from typing import NamedTuple, Protocol

_WORD = re.compile(r"[^\W_]+(?:[-'’·][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s\Z", re.IGNORECASE)
_JAMO = re.compile("[ㄱ-ㆎ]+")
"""Korean letters that make no syllables: laughter (ㅋㅋ) and tears (ㅠㅠ)."""
_LONGEST_WORD = 40
"""What is longer is a text of a script without spaces, or no word."""


class Stem(NamedTuple):
    """What of a word may end a phrase.

    Attributes:
        start: Where it starts in the text.
        stop: Where it ends.
        goes_on: Whether a phrase may go on behind the word: nothing follows the stem, or what binds it to the next.
    """

    start: int
    stop: int
    goes_on: bool


class Stemmer(Protocol):
    """Finds the stems of the Korean words of a text."""

    def stems(self, text: str, words: list[tuple[int, int]]) -> list[Stem | None]:
        """For each word, given by start and end, its stem; None for one that is no keyword."""
        ...


class Phrases:
    """How phrases are found.

    Args:
        language: ``ko`` or ``en``; None for whatever each text is in: Korean if there is Hangul in it.
        shortest: Of how many words they are at least.
        longest: Of how many at most.
        use_stopwords: Whether words that say nothing by themselves are left out.
        stemmer: Of Korean words.
        most_words: So many words of a text are read.
    """

    def __init__(
        self,
        language: str | None,
        shortest: int,
        longest: int,
        *,
        use_stopwords: bool,
        stemmer: Stemmer,
        most_words: int = 5000,
    ) -> None:
        self._language = language
        self._shortest, self._longest = shortest, longest
        self._use_stopwords = use_stopwords
        self._stemmer = stemmer
        self._most_words = most_words

    def of(self, text: str) -> list[str]:
        """The phrases (lower case, spaces as one) of a text, composed as NFC, each once, in order of appearance."""
        found: dict[str, None] = {}
        for run in self._runs(text):
            for first in range(len(run)):
                for last in range(first, min(first + self._longest, len(run))):
                    if last - first + 1 >= self._shortest:
                        phrase = " ".join(text[run[first].start : run[last].stop].split()).lower()
                        found[phrase] = None
                    if not run[last].goes_on:
                        break
        return list(found)

    def is_too_long(self, text: str) -> bool:
        """Whether a text has more words than are read."""
        return next(
            (True for count, _ in enumerate(_WORD.finditer(text)) if count >= self._most_words), False
        )

    def pieces(self, text: str, words: int) -> list[str]:
        """The text in pieces of so many words, what is behind the words that are read left out."""
        starts = [
            found.start() for count, found in enumerate(self._words(text)) if count and count % words == 0
        ]
        end = None
        if self.is_too_long(text):
            *_, last = self._words(text)
            end = last.end()
        return [text[start:stop] for start, stop in zip([0, *starts], [*starts, end], strict=True)]

    def _words(self, text: str) -> Iterator[re.Match[str]]:
        return (found for _, found in zip(range(self._most_words), _WORD.finditer(text), strict=False))

    def _runs(self, text: str) -> Iterator[list[Stem]]:
        """The stems of words that may be in phrases, those that stand side by side together."""
        run: list[Stem] = []
        spans = [found.span() for found in self._words(text)]
        before = 0
        for (start, end), stem in zip(spans, self._stems(text, spans), strict=True):
            if run and (stem is None or text[before:start].strip() or stem.start > start):
                yield run
                run = []
            if stem is not None:
                run.append(stem)
            before = end
        if run:
            yield run

    def _stems(self, text: str, spans: list[tuple[int, int]]) -> list[Stem | None]:
        is_korean = self._language == "ko" or (self._language is None and has_hangul(text))
        korean = [is_korean and has_hangul(text[start:end]) for start, end in spans]
        inflected = [span for span, is_one in zip(spans, korean, strict=True) if is_one]
        stems = iter(self._stemmer.stems(text, inflected) if inflected else ())
        found = [
            next(stems) if is_one else _plain(text, span) for span, is_one in zip(spans, korean, strict=True)
        ]
        return [stem if stem is not None and self._says_something(text, stem) else None for stem in found]

    def _says_something(self, text: str, stem: Stem) -> bool:
        word = text[stem.start : stem.stop].lower()
        if len(word) > _LONGEST_WORD or (len(word) < 2 and not _is_syllabic(word)) or _JAMO.fullmatch(word):
            return False
        return not (self._use_stopwords and is_stop_word(word))


def _plain(text: str, span: tuple[int, int]) -> Stem:
    """A word that is not inflected, without ``'s``."""
    start, end = span
    possessive = _POSSESSIVE.search(text[start:end])
    return Stem(start, end - len(possessive[0]) if possessive else end, goes_on=True)


def has_hangul(text: str) -> bool:
    """Whether there are Korean letters in a text."""
    return any("가" <= character <= "힣" for character in text)


def composed(text: str) -> str:
    """The text with each syllable and accented letter as one character."""
    return unicodedata.normalize("NFC", text)


def _is_syllabic(word: str) -> bool:
    """Whether one character may be a word: a Korean syllable or a Chinese character."""
    return bool(word) and ("가" <= word <= "힣" or "一" <= word <= "鿿")


def is_stop_word(word: str) -> bool:
    """Whether a word (lower case) says nothing by itself, in English or Korean."""
    plain = word.replace("’", "'")
    return word in _stop_words() or "".join(takewhile(lambda it: it != "'", plain)) in _stop_words()


@cache
def _stop_words() -> frozenset[str]:
    """Those of English as scikit-learn has them, those of Korean that are not left out by their part of speech."""
    from importlib.resources import files

    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    lines = files(__package__ or "").joinpath("stop_words_ko.txt").read_text("utf-8").splitlines()
    korean = {word for line in lines if not line.startswith("#") for word in line.split()}
    return frozenset({*ENGLISH_STOP_WORDS, *korean, *_CONTRACTED})


#: What is left of English contractions in front of the apostrophe.
_CONTRACTED = "don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain".split()
