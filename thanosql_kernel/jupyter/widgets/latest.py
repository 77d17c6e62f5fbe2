"""Work that users ask for faster than it can be done: only what was asked for last is finished."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context

from thanosql_kernel.errors import Interrupted

Stale = Callable[[], bool]
"""Whether something newer was asked for meanwhile."""


class Latest:
    """Runs work in a thread, one piece at a time, each after a pause in which nothing newer came.

    Args:
        pause_s: How long to wait for something newer, such as the next letter that a user types.
    """

    def __init__(self, pause_s: float = 0.0) -> None:
        self._pause_s = pause_s
        self._asked = threading.Condition()
        self._number = 0
        self._running = threading.Lock()

    def ask(self, work: Callable[[Stale], None]) -> threading.Thread:
        """Start work that ends early, or never begins, once something newer is asked for.

        Args:
            work: Given a function that says whether it is stale; may raise `Interrupted`.

        Returns:
            The thread that waits and works; what it publishes belongs to the message that asked.
        """
        with self._asked:
            self._number += 1
            number = self._number
            self._asked.notify_all()
        context = copy_context()
        thread = threading.Thread(
            target=context.run, args=(self._run, work, number), name="latest", daemon=True
        )
        thread.start()
        return thread

    def stop(self) -> None:
        """Make whatever runs or waits stale."""
        with self._asked:
            self._number += 1
            self._asked.notify_all()

    def _run(self, work: Callable[[Stale], None], number: int) -> None:
        def stale() -> bool:
            return self._number != number

        with self._asked:
            if self._asked.wait_for(stale, timeout=self._pause_s):
                return
        with self._running:
            if not stale():
                try:
                    work(stale)
                except Interrupted:
                    return
