"""Which parts of a text a sentence encoder was trained to read, measured from the pieces of its tokenizer."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from thanosql_kernel.wording import models

TAUGHT_PIECES = 100
"""A script with fewer pieces of two letters was met by chance: multilingual USE has 20 of Greek, 1,569 of Thai."""

_NO_PART = frozenset("PZC")  # punctuation, spaces, controls and joiners say nothing themselves
_MARKS_OF_ALL = ("COMBINING", "VARIATION", "MODIFIER")
_SPACE = "▁"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is made of a text.

    Attributes:
        unread: What the encoder passes over, each once, for people: ``Hebrew``, ``🐱``.
        is_empty: Whether nothing is left that it reads.
    """

    unread: tuple[str, ...]
    is_empty: bool


class Vocabulary:
    """The characters and scripts that an encoder knows.

    Args:
        pieces: Those of its tokenizer, in any order.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        words = [piece.strip(_SPACE) for piece in pieces]
        self._characters = frozenset(word for word in words if len(word) == 1)
        taught = Counter(_script(word[0]) for word in words if len(word) > 1 and word.isalpha())
        self.scripts = frozenset(script for script, count in taught.items() if count >= TAUGHT_PIECES)

    def read(self, text: str) -> Reading:
        """What of a text is known; width, composition and letter case make no difference."""
        unread: dict[str, None] = {}
        is_empty = True
        for written in filter(says_something, unicodedata.normalize("NFC", text.lower())):
            name = self._unknown(written)
            if name:
                unread[name] = None
            else:
                is_empty = False
        return Reading(tuple(unread), is_empty)

    def _unknown(self, written: str) -> str:
        """The name of what is not known: a script or the character itself; "" for a known one."""
        for character in filter(says_something, unicodedata.normalize("NFKC", written)):
            script = _script(character)
            if unicodedata.category(character)[0] in "LM" and script not in self.scripts:
                return _said(script)
            if character not in self._characters:
                return written
        return ""


def _said(script: str) -> str:
    known = models.SCRIPTS.get(script)
    return models.OTHER_SCRIPT(name=script.capitalize()) if known is None else known()


def says_something(character: str) -> bool:
    """Whether a character means something alone; punctuation, spaces and joiners do not."""
    if unicodedata.category(character)[0] in _NO_PART:
        return False
    return not unicodedata.name(character, "").startswith(_MARKS_OF_ALL)


def _script(character: str) -> str:
    """The script of a letter, as the beginning of its Unicode name says it."""
    script = unicodedata.name(character, "?").split()[0].split("-")[0]
    return "CJK" if script == "IDEOGRAPHIC" else script  # 々, as in 様々
