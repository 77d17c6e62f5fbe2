"""Which frames of a film stand for it. Standard library only: the language server reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

SECOND_US = 1_000_000
DEFAULT_S = 1.0
#: Between two frames of a scene that goes on and on.
LONGEST_S = 10.0
LEAST_S = 0.04
MOST_S = 86_400.0
_SCENES = "scenes "


@dataclass(frozen=True, slots=True)
class Sampling:
    """Frames at equal intervals, or where scenes begin.

    Attributes:
        interval_us: Microseconds between two frames; with ``scenes`` at most so many.
        scenes: Whether frames are taken where scenes begin, too.
    """

    interval_us: int = round(DEFAULT_S * SECOND_US)
    scenes: bool = False

    @classmethod
    def of(cls, interval_s: float | None, scenes: bool) -> Self:
        """As a statement gives it, the interval in seconds."""
        seconds = (LONGEST_S if scenes else DEFAULT_S) if interval_s is None else interval_s
        return cls(round(seconds * SECOND_US), scenes)

    @classmethod
    def decoded(cls, text: str) -> Self:
        """As `encoded` writes it.

        Raises:
            ValueError: It is none.
        """
        return cls(round(float(text.removeprefix(_SCENES)) * SECOND_US), text.startswith(_SCENES))

    @property
    def encoded(self) -> str:
        """In one word or two, in the catalogue: ``1``, ``0.5``, ``scenes 10``."""
        return f"{_SCENES if self.scenes else ''}{self.seconds}"

    @property
    def seconds(self) -> str:
        """The interval as a statement writes it."""
        return f"{self.interval_us / SECOND_US:g}"
