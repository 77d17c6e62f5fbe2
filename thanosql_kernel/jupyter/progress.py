"""Progress bars: what they share, and those that are a line of text on stderr."""

from __future__ import annotations

import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextvars import copy_context
from typing import TextIO

from thanosql_kernel.jupyter.cells import shorten, width
from thanosql_kernel.jupyter.meter import Meter
from thanosql_kernel.jupyter.terminal import terminal_columns

DELAY_S = 1.0
INTERVAL_S = 0.2
_BAR_CELLS = 20

Clock = Callable[[], float]


class TimedBar(ABC):
    """One piece of work. `advance` may be called from any thread.

    Nothing is drawn before `DELAY_S` of work, and then at most every `INTERVAL_S`. Subclasses draw.
    """

    def __init__(self, meter: Meter, clock: Clock) -> None:
        self.meter = meter
        self._clock = clock
        self._started_s = clock()
        self._drawn_s: float | None = None
        self._drawn = 0
        self._closed = False
        self._lock = threading.Lock()
        context = copy_context()
        self._timer = threading.Timer(DELAY_S, lambda: context.run(self.appear))
        self._timer.daemon = True
        self._timer.start()

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        """Say that ``n`` more units are done, ``errors`` of them in vain."""
        with self._lock:
            self.meter.done += n
            self.meter.errors += errors
            now_s = self._clock()
            waited_s = now_s - self._started_s if self._drawn_s is None else now_s - self._drawn_s
            if not self._closed and waited_s >= (DELAY_S if self._drawn_s is None else INTERVAL_S):
                self._redraw(now_s)

    def tell(self, text: str) -> None:
        """Say how the work goes; shown with the next state."""
        with self._lock:
            self.meter.told = text

    def appear(self) -> None:
        """Draw the bar if it is not there yet: something takes long and has not advanced."""
        with self._lock:
            if self._drawn_s is None and not self._closed:
                self._redraw(self._clock())

    def close(self) -> None:
        """Leave the last state standing, if anything was drawn."""
        self._timer.cancel()
        with self._lock:
            if self._drawn_s is not None and not self._closed:
                now_s = self._clock()
                if self.meter.done != self._drawn:
                    self._redraw(now_s)
                self.end(now_s - self._started_s)
            self._closed = True

    def _redraw(self, now_s: float) -> None:
        self._drawn_s, self._drawn = now_s, self.meter.done
        self.draw(now_s - self._started_s)

    @abstractmethod
    def draw(self, elapsed_s: float) -> None:
        """Show the state; called with the lock held."""

    @abstractmethod
    def end(self, elapsed_s: float) -> None:
        """The work has ended and something was drawn."""


class TextProgress:
    """Starts progress lines on a stream.

    Args:
        stream: stderr unless given.
        clock: Tells the seconds.
        rewrites: Whether somebody looks on while a line is written over; a terminal's lines are unless given.
        columns: The width of whoever's terminal shows the stream; that of the stream unless given.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        clock: Clock = time.monotonic,
        *,
        rewrites: bool | None = None,
        columns: int | None = None,
    ) -> None:
        self._stream, self._clock = stream, clock
        self._rewrites, self._columns = rewrites, columns

    def start(self, label: str, total: int | None, unit: str) -> TimedBar:
        """A new line for a piece of work; ``close`` ends it."""
        out = self._stream or sys.stderr
        # What worker threads write belongs to the cell that started them: its message is in the context.
        context = copy_context()
        meter = Meter(label, total, unit)

        def write(text: str) -> None:
            context.copy().run(_write, out, text)

        is_terminal = out.isatty()
        if not (is_terminal if self._rewrites is None else self._rewrites):
            return LastLine(meter, self._clock, write)
        columns = self._columns or (terminal_columns(out) if is_terminal else None)
        return ProgressLine(meter, self._clock, write, columns)


class ProgressLine(TimedBar):
    """A line that rewrites itself; the last state stays."""

    def __init__(
        self, meter: Meter, clock: Clock, write: Callable[[str], None], columns: int | None = None
    ) -> None:
        self._write, self._columns = write, columns
        self._width = 0
        super().__init__(meter, clock)

    def draw(self, elapsed_s: float) -> None:
        """Write over the last state."""
        text = self._text(elapsed_s)
        columns = width(text)
        self._write("\r" + text + " " * (self._width - columns))
        self._width = columns

    def end(self, elapsed_s: float) -> None:
        """Go to the next line."""
        self._write("\n")

    def _text(self, elapsed_s: float) -> str:
        """The state in one line of the terminal: of two, only the second would be written over."""
        label, words = self.meter.label, self.meter.words(elapsed_s)
        text = f"{label} {self._bar()}{words}"
        if self._columns is None or width(text) < self._columns:
            return text
        return shorten(f"{label} {words}", self._columns - 1)

    def _bar(self) -> str:
        share = self.meter.share
        if share is None:
            return ""
        filled = int(share * _BAR_CELLS)
        return f"[{'#' * filled}{'-' * (_BAR_CELLS - filled)}] {int(share * 100):>3} % "


class LastLine(TimedBar):
    """A line for a log: the last state alone."""

    def __init__(self, meter: Meter, clock: Clock, write: Callable[[str], None]) -> None:
        self._write = write
        super().__init__(meter, clock)

    def draw(self, elapsed_s: float) -> None:
        """Nobody looks on."""

    def end(self, elapsed_s: float) -> None:
        """Say how far the work came."""
        self._write(f"{self.meter.label} {self.meter.words(elapsed_s)}\n")


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    if text.endswith("\n") or stream.isatty():
        stream.flush()
