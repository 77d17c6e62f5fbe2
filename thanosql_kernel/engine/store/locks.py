"""Locks that one ThanoSQL process holds on a table while it writes it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from thanosql_kernel.engine.store.failures import storage_errors
from thanosql_kernel.errors import DataError
from thanosql_kernel.wording.data import TS503

_TIMEOUT_S = 600.0
_POLL_S = 0.2


@contextmanager
def locked(file: Path, check: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold a lock: nobody else holds it meanwhile, and it is free again when the process ends.

    Args:
        file: What stands for it; made if it is not there.
        check: Raises `Interrupted` when the user asked to stop waiting.

    Raises:
        DataError: TS503 after ten minutes, TS504 when the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    with storage_errors():
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file, timeout=0, thread_local=False)
        deadline = time.monotonic() + _TIMEOUT_S
        while True:
            try:
                lock.acquire(timeout=_POLL_S)
                break
            except Timeout:
                if check is not None:
                    check()
                if time.monotonic() > deadline:
                    raise DataError(TS503.LOCKED()) from None
    try:
        yield
    finally:
        lock.release()
