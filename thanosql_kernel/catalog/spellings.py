"""Names of files that look the same and are spelt with other characters: composed (NFC) or decomposed (NFD).

``é`` and Korean syllables are one character each where Windows, Linux and keyboards write them, and several on disks of
Macs and many NAS. For a person it is one name. Standard library only.
"""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

_SEPARATORS = re.compile(r"([/\\]+)" if os.sep == "\\" else "(/+)")
# A folder that was changed within a tick of its disk's clock may change again without one (FAT: 2 s).
_LASTING_AFTER_NS = 2_000_000_000
_MOST_WAYS = 4


def composed(text: str) -> str:
    """The text as keyboards write it (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def decomposed(text: str) -> str:
    """The text as disks of Macs write it (NFD)."""
    return text if text.isascii() else unicodedata.normalize("NFD", text)


def is_ambiguous(text: str) -> bool:
    """Whether what looks like the text may be spelt in another way."""
    return composed(text) != decomposed(text)


def spellings(path: str) -> tuple[str, ...]:
    """The path, and how keyboards and disks of Macs write it."""
    return (path,) if path.isascii() else tuple(dict.fromkeys((path, composed(path), decomposed(path))))


def respelt(path: str, start: str | os.PathLike[str] = "") -> str:
    """A path as the disk spells it, as far as it leads to something; the rest, and one that needs nothing, as it is.

    Asks the disk, and reads folders, only where the path may be spelt in another way: for whoever has not found it.

    Args:
        path: Perhaps relative; ``~`` is the home folder.
        start: Where it starts if it is.
    """
    if not is_ambiguous(path) or "\0" in path:
        return path
    if path.startswith("~/"):
        return "~/" + respelt(path[2:], os.path.expanduser("~"))
    # Names at even places, what separates them at odd ones.
    pieces = _SEPARATORS.split(path)
    for end in range(len(pieces), 0, -2):
        found = next(_found(os.fspath(start), pieces[:end]), None)
        if found is not None:
            return found + "".join(pieces[end:])
    return path


def _found(start: str, pieces: Sequence[str], spelt: str = "") -> Iterator[str]:
    """The ways to spell a path that lead to something, the exact one first."""
    if not pieces:
        yield spelt
        return
    name, *behind = pieces
    for way in islice(_names_like(os.path.join(start, spelt), name), _MOST_WAYS):
        yield from _found(start, behind[1:], spelt + way + "".join(behind[:1]))


def _names_like(folder: str, name: str) -> Iterator[str]:
    """What a name in a folder may be, as the disk spells it."""
    if not name or os.path.lexists(os.path.join(folder, name)):
        yield name
    if is_ambiguous(name):
        yield from (other for other in _others(folder).get(composed(name), ()) if other != name)


def _others(folder: str) -> dict[str, tuple[str, ...]]:
    try:
        changed_ns = os.stat(folder or ".").st_mtime_ns
    except (OSError, ValueError):
        return {}
    if abs(time.time_ns() - changed_ns) < _LASTING_AFTER_NS:
        return _listed(folder)
    return _remembered(folder, changed_ns)


@lru_cache(maxsize=64)
def _remembered(folder: str, _changed_ns: int) -> dict[str, tuple[str, ...]]:
    return _listed(folder)


def _listed(folder: str) -> dict[str, tuple[str, ...]]:
    """The names in a folder that may be spelt in another way, by how keyboards write them."""
    found: dict[str, tuple[str, ...]] = {}
    try:
        for name in sorted(filter(is_ambiguous, os.listdir(folder or "."))):
            found[composed(name)] = (*found.get(composed(name), ()), name)
    except OSError:
        return {}
    return found
