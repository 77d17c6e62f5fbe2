"""The one error of everything that reads films."""

from __future__ import annotations


class UnreadableFilm(Exception):
    """A film could not be read.

    Attributes:
        reason: A few words for a person, said when it was found.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stopped(Exception):
    """Nobody wants more of the film."""
