"""Which completions fit the letters typed, and which stand first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from thanosql_kernel.analysis.features.completion.items import Completion
from thanosql_kernel.errors import Span

_WORD = re.compile(r"\w+")
#: Where the parts of a name begin: ``image_path``, ``imagePath``, ``s.image``, ``촬영 일시``.
_PART = re.compile(r"[^\W_]+?(?=[\W_]|\Z|(?<=[a-z0-9])(?=[A-Z]))")
#: Characters in front of the caret that are looked through for names used before.
LOOKED_THROUGH = 2000
_NEVER = 1_000_000


class Recent:
    """The words used in front of the caret, the last ones first.

    Args:
        text: What stands there; only its end is looked through.
    """

    def __init__(self, text: str) -> None:
        self._text = text[-LOOKED_THROUGH:]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        words = _WORD.findall(self._text.lower())
        return {word: len(words) - number for number, word in enumerate(words)}

    def order(self, name: str) -> int:
        """How long ago it was used: the smaller the later; a large number for never."""
        lower = name.lower()
        if not self._places:
            return _NEVER
        if lower not in self._places and (word := _WORD.match(lower)):
            lower = word.group()
        return self._places.get(lower, _NEVER)

    def is_used(self, name: str) -> bool:
        """Whether it was used."""
        return self.order(name) < _NEVER


def closeness(name: str, typed: str) -> int | None:
    """How well a name fits what is typed: 0 it begins so, 1 a part of it does or its initials, 2 inside; None not.

    Args:
        name: As it would be typed.
        typed: In small letters.
    """
    lower = name.lower()
    if lower.startswith(typed):
        return 0
    at = lower.find(typed)
    if at < 0:
        has_initials = len(typed) > 1 and lower[:1] == typed[0] and _initials(name).startswith(typed)
        return 1 if has_initials else None
    while at >= 0:
        if not lower[at - 1].isalnum() or (name[at - 1].islower() and name[at].isupper()):
            return 1
        at = lower.find(typed, at + 1)
    return 2


def _initials(name: str) -> str:
    return "".join(part[0] for part in _PART.findall(name)).lower()


def rank(items: Iterable[Completion], typed: str, span: Span) -> list[Completion]:
    """The items that fit what is typed, best first: the closer first, then by tier, order and name."""
    wanted = typed.lower()
    found = []
    for item in items:
        close = closeness(item.typed_as or item.text, wanted)
        if close is not None:
            length = len(item.text) if wanted else 0
            found.append(((close, item.tier, item.order, length, item.text.lower()), item))
    found.sort(key=lambda pair: pair[0])
    for _, item in found:
        item.span = span
        item.label = item.label or item.text
    return [item for _, item in found]
