"""Long calls into native code that the user can still stop."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar, cast

S = TypeVar("S")
T = TypeVar("T")
POLL_S = 0.05


class Call(Protocol):
    """Calls a function and returns its value."""

    def __call__(self, work: Callable[[], T]) -> T:
        """The value of ``work()``."""
        ...


class Side(Call, Protocol):
    """A thread at the side that calls functions, one after the other."""

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        """Begin ``work()`` behind what was begun before; what is returned waits for its value."""
        ...


def never() -> None:
    """A check that never interrupts."""


def run_interruptibly(
    work: Callable[[], T], *, check: Callable[[], None], cancel: Callable[[], None] | None = None
) -> T:
    """Run ``work`` in a thread and look every 50 ms whether the user wants it stopped.

    Args:
        work: What to do.
        check: Raises `Interrupted` when the user asked to stop.
        cancel: Makes ``work`` end soon, e.g. a connection's ``interrupt``; the call returns only when it has ended.

    Returns:
        What ``work`` returns.

    Raises:
        Interrupted: from ``check``, after ``work`` has ended.
        Exception: whatever ``work`` raises.
    """
    outcome: dict[str, Any] = {}
    context = contextvars.copy_context()

    def target() -> None:
        try:
            outcome["value"] = context.run(work)
        except BaseException as error:
            outcome["error"] = error

    thread = threading.Thread(target=target, name="thanosql-work", daemon=True)
    thread.start()
    _wait(thread, check, cancel)
    if "error" in outcome:
        raise outcome["error"]
    return cast(T, outcome["value"])


def _wait(thread: threading.Thread, check: Callable[[], None], cancel: Callable[[], None] | None) -> None:
    delay_s = 0.001
    while True:
        try:
            thread.join(delay_s)
            if not thread.is_alive():
                return
            delay_s = min(delay_s * 2, POLL_S)
            check()
        except BaseException:
            _stop(thread, cancel)
            raise


def _stop(thread: threading.Thread, cancel: Callable[[], None] | None) -> None:
    """Cancel again and again: an interrupt that comes between two queries of the work is lost."""
    while thread.is_alive():
        if cancel is not None:
            cancel()
        thread.join(POLL_S)


@contextmanager
def abandonable(check: Callable[[], None]) -> Iterator[Side]:
    """A way to call what cannot be stopped, such as a model or a silent server, in one thread at the side.

    When the user asks to stop, the call raises what ``check`` does and the work is left to end by itself: its result is
    dropped, and it must not need anything that is let go meanwhile.

    Args:
        check: Raises `Interrupted` when the user asked to stop.

    Yields:
        A function that takes the work and returns its value. All calls share one thread, as OpenMP starts its own
        threads for each that calls it.
    """
    works: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
    threading.Thread(target=_serve, args=(works,), name="thanosql-side", daemon=True).start()

    try:
        yield _Thread(works, check)
    finally:
        works.put(None)


class _Thread:
    """Calls what is run in one thread at the side."""

    def __init__(
        self, works: queue.SimpleQueue[Callable[[], None] | None], check: Callable[[], None]
    ) -> None:
        self._works, self._check = works, check

    def __call__(self, work: Callable[[], T]) -> T:
        return self.begin(work)()

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        future: Future[T] = Future()
        context = contextvars.copy_context()
        self._works.put(lambda: _settle(future, lambda: context.run(work)))
        return lambda: _awaited(future, self._check)


def map_aside(
    work: Callable[[S], T], items: Iterable[S], *, threads: int, check: Callable[[], None]
) -> Iterator[T]:
    """``map`` in threads at the side, two items a thread ahead, for what may not answer: slow disks, dead mounts.

    When the user asks to stop, or nobody wants more, work that has begun is left to end by itself, and no thread of it
    keeps the process from ending.

    Args:
        work: Done to each item, in any thread.
        items: Read in the thread of whoever iterates.
        threads: How many at most.
        check: Raises `Interrupted` when the user asked to stop.

    Yields:
        What ``work`` returns, in the order of the items.

    Raises:
        Interrupted: from ``check``.
        Exception: whatever ``work`` raises, at its place.
    """
    works: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
    ahead: deque[Future[T]] = deque()
    started = 0
    try:
        for item in items:
            future: Future[T] = Future()
            if started < threads:
                threading.Thread(target=_serve, args=(works,), name="thanosql-aside", daemon=True).start()
                started += 1
            works.put(_begun(future, work, item))
            ahead.append(future)
            if len(ahead) > 2 * threads:
                yield _awaited(ahead.popleft(), check)
        while ahead:
            yield _awaited(ahead.popleft(), check)
    finally:
        for future in ahead:
            future.cancel()
        for _ in range(started):
            works.put(None)


def _begun(future: Future[T], work: Callable[[S], T], item: S) -> Callable[[], None]:
    def run() -> None:
        if future.set_running_or_notify_cancel():
            _settle(future, lambda: work(item))

    return run


def _awaited(future: Future[T], check: Callable[[], None]) -> T:
    """The result of work in another thread."""
    delay_s = 0.001
    while not wait([future], delay_s).done:
        delay_s = min(delay_s * 2, POLL_S)
        check()
    return future.result()


def _serve(works: queue.SimpleQueue[Callable[[], None] | None]) -> None:
    while (work := works.get()) is not None:
        work()


def _settle(future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)
