"""Which cells run now, and how the user's interrupt reaches them."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_POLL_S = 0.01


class Execution:
    """One run of one cell; `cancel` may be called from any thread and from a signal handler.

    The flag is a plain attribute: with an Event, a signal that comes while another is handled would deadlock.
    """

    def __init__(self) -> None:
        self._cancelled = False

    def cancel(self) -> None:
        """Ask the cell to stop at its next check."""
        self._cancelled = True

    def cancelled(self) -> bool:
        """Whether somebody asked the cell to stop."""
        return self._cancelled


class Executions:
    """The cells that run now: one in the main shell and one in each subshell."""

    def __init__(self) -> None:
        self._running: dict[int, Execution] = {}

    @contextmanager
    def running(self) -> Iterator[Execution]:
        """A new execution, known to `cancel_all` until the block ends."""
        execution = Execution()
        self._running[id(execution)] = execution
        try:
            yield execution
        finally:
            del self._running[id(execution)]

    def cancel_all(self) -> None:
        """Ask every running cell to stop. Takes no lock: a signal handler must not wait."""
        for execution in tuple(self._running.values()):
            execution.cancel()

    def wait(self, timeout_s: float) -> bool:
        """Wait until no cell runs; False if some still does after ``timeout_s``."""
        until_s = time.monotonic() + timeout_s
        while self._running and time.monotonic() < until_s:
            time.sleep(_POLL_S)
        return not self._running

    def handle_sigint(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make SIGINT cancel cells for the life of the process, never end it. Main thread only.

        Python runs signal handlers between two instructions of the main thread. A signal that comes just before the
        loop goes to sleep would wait for the loop's next event, so it has to wake the loop too.

        Args:
            loop: The main thread's.
        """
        with contextlib.suppress(NotImplementedError):  # Windows, where no signal interrupts a kernel
            loop.add_signal_handler(signal.SIGINT, _woken)

        def cancel_all(number: int, frame: FrameType | None) -> None:
            self.cancel_all()

        signal.signal(signal.SIGINT, cancel_all)


def _woken() -> None:
    """Nothing is left to do: the handler has run by now."""
