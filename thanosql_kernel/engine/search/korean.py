"""Korean words without what is attached to them: nouns, found by kiwipiepy where it is installed.

Kiwi (Lee 2024, https://doi.org/10.23287/KJDH.2024.1.1.6) tells the parts of speech; without it, the particles are
taken off that a word ends with, which is wrong where a noun happens to end like one and keeps what is no noun.
"""

from __future__ import annotations

import threading
from typing import Any

from thanosql_kernel.engine.search.phrases import Stem
from thanosql_kernel.forks import has_threads
from thanosql_kernel.packages import missing

#: Nouns, foreign words and Chinese characters; prefixes of nouns, and units behind numbers, belong to them.
_NOUNS = frozenset({"NNG", "NNP", "SL", "SH", "SN"})
_PARTS = _NOUNS | {"XPN", "XSN", "XR", "NNB", "NR"}
_OF = "의"
_PLURAL = "들"

#: Longest first, so that 에서는 goes before 는.
_PARTICLES = sorted(
    "은 는 이 가 을 를 의 에 에서 에게 께 께서 한테 으로 로 와 과 도 만 까지 부터 보다 처럼 마다 이나 나 이라도 라도 "
    "이란 란 이라는 라는 에는 에도 에서는 에서도 으로는 로는 으로도 로도 으로서 로서 으로써 로써 에게서 들은 들이 "
    "들을 들의 들도 들에게 이고 이며 이다 입니다 이었다 였다 예요 이에요 하고 조차 마저 밖에 뿐".split(),
    key=len,
    reverse=True,
)

_lock = threading.Lock()
_loaded: list[Any] = []


class Kiwi:
    """Stems of Korean words by their parts of speech."""

    def stems(self, text: str, words: list[tuple[int, int]]) -> list[Stem | None]:
        """For each word the nouns that it begins with; None where it begins with none."""
        tokens = [(token.start, token.start + token.len, token.tag) for token in _analysed(text)]
        found, at = [], 0
        for start, end in words:
            while at < len(tokens) and tokens[at][0] < start:
                at += 1
            stop = at
            while stop < len(tokens) and tokens[stop][0] < end:
                stop += 1
            found.append(_nouns(text, (start, end), tokens[at:stop]))
            at = stop
        return found


def _nouns(text: str, word: tuple[int, int], tokens: list[tuple[int, int, str]]) -> Stem | None:
    """The nouns that a word begins with."""
    start, end = word
    stop, is_noun = start, False
    for begins, ends, tag in tokens:
        if begins != stop or tag.partition("-")[0] not in _PARTS or ends > end:
            break
        if tag == "XSN" and text[begins:ends] != _PLURAL and ends != end:
            break  # 감동적인: an adjective is made of the noun
        stop, is_noun = ends, is_noun or tag.partition("-")[0] in _NOUNS
    if not is_noun or stop == start:
        return None
    return Stem(start, stop, goes_on=text[stop:end] in ("", _OF))


def _analysed(text: str) -> Any:
    with _lock:  # one instance, which takes seconds to load, for everybody
        if not _loaded:
            import kiwipiepy

            _loaded.append(has_threads(kiwipiepy.Kiwi(num_workers=1)))
        return _loaded[0].tokenize(text)


class ParticleStripper:
    """Stems of Korean words as they are spelt: without the particles that they end with."""

    def stems(self, text: str, words: list[tuple[int, int]]) -> list[Stem | None]:
        """For each word what is left of it, two syllables at least."""
        return [_stripped(text, word) for word in words]


def _stripped(text: str, word: tuple[int, int]) -> Stem | None:
    start, end = word
    written = text[start:end]
    if len(written) < 2:
        return None
    particle = next((it for it in _PARTICLES if written.endswith(it) and len(written) - len(it) >= 2), "")
    return Stem(start, end - len(particle), goes_on=particle in ("", _OF))


def has_kiwi() -> bool:
    """Whether kiwipiepy is installed."""
    return not missing(("kiwipiepy",))
