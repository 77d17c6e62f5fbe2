"""Ctrl-C and the stop button while a statement runs in Python."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from thanosql_kernel.errors import Interrupted

_asked: threading.Event | None = None


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Gives what a statement asks whether to stop. The first interrupt asks it to, a second one does not ask.

    Statements work in threads, where an interrupt would leave the work running. Only the main thread gets signals; in
    any other nothing asks to stop.

    Raises:
        KeyboardInterrupt: When the statement has stopped.
    """
    global _asked
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and _asked is not None:  # within a statement: who interrupts that one means this too
        yield _asked.is_set
        return
    asked = threading.Event()
    restore = _on_interrupt(asked) if is_main else None
    if is_main:
        _asked = asked
    try:
        yield asked.is_set
    except Interrupted as error:
        raise KeyboardInterrupt(error.message) from None
    finally:
        if restore is not None:
            _asked = None
            restore()


def _on_interrupt(asked: threading.Event) -> Callable[[], object]:
    """Let SIGINT ask; returns what brings the handler of before back."""
    before = signal.getsignal(signal.SIGINT) or signal.SIG_DFL

    def handle(number: int, frame: FrameType | None) -> None:
        if asked.is_set() and callable(before):
            before(number, frame)
        asked.set()

    signal.signal(signal.SIGINT, handle)
    return lambda: signal.signal(signal.SIGINT, before)
