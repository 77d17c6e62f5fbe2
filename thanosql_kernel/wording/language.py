"""Which language is spoken: one for the whole process, that of the system unless told otherwise."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterator
from typing import Literal, get_args

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
#: Asked in this order, as gettext does; the first is ours.
_VARIABLES = ("THANOSQL_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

_spoken: Language | None = None


def language() -> Language:
    """The language that is spoken now."""
    return _spoken if _spoken is not None else set_language(None)


def set_language(wanted: str | None) -> Language:
    """Speak a language from now on.

    Args:
        wanted: A language as locales and editors name it (``ko``, ``ko-KR``, ``ko_KR.UTF-8``); one that is not
            spoken here is English. None for that of the system.
    """
    global _spoken
    _spoken = _known(next(_of_system(), "")) if wanted is None else _known(wanted)
    return _spoken


def _known(name: str) -> Language:
    # Windows says Korean_Korea.949
    return "ko" if name.lower().replace("-", "_").split("_")[0].split(".")[0] in ("ko", "korean") else "en"


def _of_system() -> Iterator[str]:
    yield from (value for name in _VARIABLES if (value := os.environ.get(name)))
    yield from (name for name in (locale.getlocale()[0],) if name)
