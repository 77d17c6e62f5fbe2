"""Which files of a folder are wanted."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from thanosql_kernel.folders.kinds import Media

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True)
class Selection:
    """Which files of a folder are wanted.

    Patterns are those of ``.gitignore``, upper and lower case and NFC and NFD alike: one without a slash is looked for
    in every folder, one with a slash from the folder on, ``**`` goes through any number of folders.

    Attributes:
        media: The kind; None for what the folder mostly is.
        recursive: Whether to look into the folders in it.
        pattern: What paths below the folder must look like; of several, one a line, one is enough. None for all.
        exclude: What neither they nor a folder above them may look like.
        follow_links: Whether to look into linked folders.
        metadata: Whether rows have more than their paths.
    """

    media: Media | None = None
    recursive: bool = True
    pattern: str | None = None
    exclude: tuple[str, ...] = ()
    follow_links: bool = True
    metadata: bool = True

    @property
    def takes_every_name(self) -> bool:
        """Whether `takes` says yes to all."""
        return self.pattern is None and not self.exclude

    def takes(self, path: str) -> bool:
        """Whether a file is wanted.

        Args:
            path: From the folder on, with ``/`` between.
        """
        folded = _folded(path)
        wanted = self._pattern is None or self._pattern.match_file(folded)
        return wanted and not self._exclude.match_file(folded)

    def enters(self, path: str) -> bool:
        """Whether a folder is to be looked into: only its exclusion says no."""
        return not (self.exclude and self._exclude.match_file(_folded(path) + "/"))

    @cached_property
    def _pattern(self) -> GitIgnoreSpec | None:
        return None if self.pattern is None else _spec(tuple(self.pattern.split("\n")))

    @cached_property
    def _exclude(self) -> GitIgnoreSpec:
        return _spec(self.exclude)


def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(_literal(_folded(pattern)) for pattern in patterns)


def _literal(pattern: str) -> str:
    """A pattern whose first sign is only that: ``#recycle`` is no comment."""
    return f"\\{pattern}" if pattern[:1] in ("#", "!") else pattern


def _folded(text: str) -> str:
    """Upper and lower case, composed and decomposed letters are the same."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).lower()
