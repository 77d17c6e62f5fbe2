"""The one error of everything that reads pictures."""

from __future__ import annotations


class UnreadableImage(Exception):
    """A picture could not be read.

    Attributes:
        reason: a few words for a person, such as ``missing`` or ``truncated``, said when it was found.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
