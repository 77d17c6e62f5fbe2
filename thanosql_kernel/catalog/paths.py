"""Where the files are that paths in tables name: the same answer for whoever shows, embeds, searches or copies them.

A relative path is looked for in the database's own folder, the one that holds ``.thanosql``, and then in the working
folder, so that a notebook in another folder finds what its neighbour's tables name. A name that a person would not tell
from the one on the disk is found too (`spellings`). Standard library only.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from thanosql_kernel.catalog.location import Location
from thanosql_kernel.catalog.spellings import is_ambiguous, respelt, spellings
from thanosql_kernel.wording.data import OR


@dataclass(frozen=True, slots=True)
class PathFinder:
    """Finds files by the paths in tables.

    Attributes:
        folders: Where relative paths may start, absolute, in the order in which they are tried.
    """

    folders: tuple[str, ...]

    @classmethod
    def over(cls, *folders: str | os.PathLike[str]) -> Self:
        """A finder that tries these folders in order."""
        return cls(tuple(dict.fromkeys(os.path.abspath(folder) for folder in folders)))

    @classmethod
    def of(cls, location: Location, working_folder: Path) -> Self:
        """The finder of a database and a working folder."""
        own = [location.folder.parent] if location.is_local else []
        return cls.over(*own, working_folder)

    @property
    def described(self) -> str:
        """Where relative paths start, for people."""
        return str(OR).join(self.folders)

    def candidates(self, path: str) -> Sequence[str]:
        """The absolute paths that a path may stand for, in the order in which they are tried; ``~`` is the home folder.

        Two spellings that differ only in ``./``, ``..`` and doubled slashes give the same. Of names that can be spelt
        with other characters the path as it is comes first.
        """
        return [place for spelt in spellings(path) for place in self._places(spelt)]

    def _places(self, path: str) -> Sequence[str]:
        path = os.path.expanduser(path) if path.startswith("~") else path
        if os.path.isabs(path):
            return (_tidied(path),)
        return [_tidied(os.path.join(folder, path)) for folder in self.folders]

    def look(self, path: str, *, exactly: bool = False) -> tuple[str, os.stat_result]:
        """The first candidate that is there, and what it is.

        Args:
            path: As in a table.
            exactly: Whether a name that only looks the same is another.

        Raises:
            OSError: None is; what the system says of the first.
            ValueError: No file can have such a name.
        """
        first: OSError | None = None
        for candidate in self._places(path) if exactly else self.candidates(path):
            try:
                return candidate, os.stat(candidate)
            except OSError as error:
                first = first or error
        if not exactly and (spelt := self._respelt(path)) is not None:
            return spelt, os.stat(spelt)
        assert first is not None
        raise first

    def is_gone(self, path: str) -> bool:
        """Whether there is no file of exactly this name any more.

        Of what cannot be looked at nobody knows: a folder that may not be entered, a disk that does not answer, a link
        that leads nowhere as long as a disk is away.
        """
        return all(map(_is_gone, self._places(path)))

    def find(self, path: str) -> Path:
        """The first candidate that is there; the first of all if none is. A single one is not looked at."""
        candidates = self.candidates(path)
        if len(candidates) == 1:
            return Path(candidates[0])
        found = next(filter(os.path.lexists, candidates), None)
        return Path(found or self._respelt(path) or candidates[0])

    def _respelt(self, path: str) -> str | None:
        """What the disk spells partly in one way and partly in another."""
        for candidate in self.candidates(path) if is_ambiguous(path) else ():
            spelt = respelt(candidate)
            if spelt != candidate and os.path.lexists(spelt):
                return spelt
        return None

    def shortened(self, path: str, written_in: Path) -> str:
        """A path that was written in a folder, so that it is found whoever asks: as it is if it starts the same there.

        Raises:
            ValueError: No file can have such a name.
        """
        if os.path.isabs(os.path.expanduser(path)) or os.path.abspath(written_in) == self.folders[0]:
            return path
        absolute = _tidied(os.path.join(os.path.abspath(written_in), path))
        inside = os.path.join(self.folders[0], "")
        return absolute.removeprefix(inside).replace(os.sep, "/")


def _is_gone(place: str) -> bool:
    try:
        os.stat(place)
    except (FileNotFoundError, NotADirectoryError):
        return not _hangs_on_a_link(place)
    except (OSError, ValueError):
        return False
    return False


def _hangs_on_a_link(place: str) -> bool:
    """Whether the nearest name that is there on the way is a link that leads nowhere."""
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    return not os.path.exists(place)


def _tidied(path: str) -> str:
    """``os.path.normpath``, which takes 3 µs, where there is something to tidy."""
    if os.sep == "/" and "/." not in path and "//" not in path and not path.endswith("/"):
        return path
    return os.path.normpath(path)
