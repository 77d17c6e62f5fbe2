"""What a front end gives so that long work can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Bar(Protocol):
    """One piece of work on its way."""

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        """``n`` more units are done, ``errors`` of them in vain."""
        ...

    def close(self) -> None:
        """The work has ended, well or badly."""
        ...


class ProgressSink(Protocol):
    """Shows bars; called from the thread that runs the cell."""

    def start(self, label: str, total: int | None, unit: str) -> Bar:
        """A new bar.

        Args:
            label: What is done, e.g. ``CONVERT``.
            total: How many units there are; None if nobody knows.
            unit: What is counted, e.g. ``images``, ``bytes``.
        """
        ...


class _NoBar:
    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Nothing to close."""


@contextmanager
def showing(sink: ProgressSink | None, label: str, total: int | None, unit: str) -> Iterator[Bar]:
    """A bar that is closed when the block ends; an invisible one without a sink."""
    bar: Bar = _NoBar() if sink is None else sink.start(label, total, unit)
    try:
        yield bar
    finally:
        bar.close()
