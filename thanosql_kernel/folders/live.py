"""Live photos: a still and the film of the moment around it, two files of one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from thanosql_kernel.folders.kinds import Kind, ending

_STILLS = frozenset((".heic", ".heif", ".hif", ".jpg", ".jpeg"))
_FILMS = frozenset((".mov", ".mp4"))
#: What iCloud puts behind the stem of the film of a HEIC.
_CLOUD = "_hevc"


def live_photos(paths: Sequence[str], kinds: Sequence[Kind]) -> Iterator[tuple[int, int]]:
    """The positions of each still and its film: in one folder, of one name but for the ending.

    Where two stills have that name, a HEIC and what was exported from it, the film is of both.

    Args:
        paths: Files.
        kinds: What they are.
    """
    films = {
        _stem(paths[at]): at for at, kind in enumerate(kinds) if kind == "video" and _is(paths[at], _FILMS)
    }
    if not films:
        return
    for at, kind in enumerate(kinds):
        if kind == "image" and _is(paths[at], _STILLS):
            stem = _stem(paths[at])
            film = films.get(stem, films.get(stem + _CLOUD))
            if film is not None:
                yield at, film


def kinds_in(paths: Sequence[str], kinds: Sequence[Kind]) -> Counter[Kind]:
    """How many files of each kind there are, films of live photos not among them."""
    counts = Counter(kinds)
    counts["video"] -= len({film for _, film in live_photos(paths, kinds)})
    return counts


def _is(path: str, endings: frozenset[str]) -> bool:
    return ending(path) in endings


def _stem(path: str) -> str:
    return path[: path.rfind(".")].lower()
