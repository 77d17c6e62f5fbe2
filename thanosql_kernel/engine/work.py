"""What travels with a piece of work: whether to stop, what to show meanwhile, what to tell, and where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.errors import Interrupted, Span
from thanosql_kernel.files import working_folder
from thanosql_kernel.interrupts import never

if TYPE_CHECKING:
    from thanosql_kernel.engine.pictures import Pictures
    from thanosql_kernel.web.pictures import WebPictures


class Advancing(Protocol):
    """What work asks of a bar."""

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        """``n`` more units are done, ``errors`` of them in vain."""
        ...

    def tell(self, text: str) -> None:
        """How the work goes, in a few words: what was told last is shown with the next state."""
        ...


class Bar(Advancing, Protocol):
    """One piece of work on its way."""

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

    def tell(self, text: str) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Nothing to close."""


ShowProgress = Callable[[str, "int | None", str], AbstractContextManager[Advancing]]
"""Opens a bar for the length of a block: label, total, unit."""


@contextmanager
def showing(sink: ProgressSink | None, label: str, total: int | None, unit: str) -> Iterator[Bar]:
    """A bar that is closed when the block ends; an invisible one without a sink."""
    bar: Bar = _NoBar() if sink is None else sink.start(label, total, unit)
    try:
        yield bar
    finally:
        bar.close()


def _show_nothing(label: str, total: int | None, unit: str) -> AbstractContextManager[Advancing]:
    return showing(None, label, total, unit)


def _tell_nobody(text: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Work:
    """How a piece of work talks to the user who waits for it.

    Attributes:
        folder: Where relative paths that a statement writes start.
        check: Raises `Interrupted` when the user asked to stop; to be called at least once a second, from any thread.
        notice: Tells the user a line beside the result; the same line is told once.
        notice_once: Tells a line beside the first result of the session that it belongs to.
        progress: Opens a bar.
        span: Where in the cell errors point.
        finder: Finds the files that paths in tables name; looks in ``folder`` alone when None.
        web: Fetches the pictures that addresses in tables name; None where nothing is fetched.
    """

    folder: Path = field(default_factory=working_folder)
    check: Callable[[], None] = never
    notice: Callable[[str], None] = _tell_nobody
    progress: ShowProgress = _show_nothing
    span: Span | None = None
    finder: PathFinder | None = None
    web: WebPictures | None = None
    notice_once: Callable[[str], None] = _tell_nobody

    @property
    def paths(self) -> PathFinder:
        """Finds the files that paths in tables name."""
        return self.finder or PathFinder.over(self.folder)

    @property
    def pictures(self) -> Pictures:
        """Opens the pictures that values in tables stand for."""
        from thanosql_kernel.engine.pictures import Pictures

        return Pictures(self.paths, self.web, self.check)

    def at(self, span: Span | None) -> Work:
        """The same work where errors point elsewhere."""
        return replace(self, span=span)

    def is_cancelled(self) -> bool:
        """Whether the user asked to stop."""
        try:
            self.check()
        except Interrupted:
            return True
        return False
