"""A kernel on a machine whose disks are slow and whose model is quick: ``python -P slow_kernel.py -f connection.json``.

To look at a file takes five seconds where its path says ``slow-disk``, and to read 64 kB of one half a second where it
says ``slow-file``. The model that stands in for ``mini`` gives 64 made-up numbers at once.
"""

from __future__ import annotations

import builtins
import io
import os
import sys
import time
from pathlib import Path
from typing import Any

STAT_S = 5.0
READ_S = 0.5
READ_BYTES = 1 << 16
DIM = 64

_stat, _open, _os_open, _fdopen = os.stat, builtins.open, os.open, os.fdopen
_slow_descriptors: set[int] = set()


def slow_stat(path: Any, *arguments: Any, **options: Any) -> os.stat_result:
    if isinstance(path, (str, os.PathLike)) and "slow-disk" in os.fspath(path):
        time.sleep(STAT_S)
    return _stat(path, *arguments, **options)


class SlowFile(io.RawIOBase):
    """A file that gives 64 kB each half second."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        time.sleep(READ_S)
        data = self._raw.read(min(len(buffer), READ_BYTES))
        buffer[: len(data)] = data
        return len(data)


def slow_open(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
    opened = _open(file, mode, *arguments, **options)
    is_slow = isinstance(file, (str, os.PathLike)) and "slow-file" in os.fspath(file) and "b" in mode
    return io.BufferedReader(SlowFile(opened), READ_BYTES) if is_slow else opened


def noting_open(path: Any, *arguments: Any, **options: Any) -> int:
    descriptor = _os_open(path, *arguments, **options)
    is_slow = isinstance(path, (str, os.PathLike)) and "slow-file" in os.fspath(path)
    (_slow_descriptors.add if is_slow else _slow_descriptors.discard)(descriptor)
    return descriptor


def slow_fdopen(descriptor: int, *arguments: Any, **options: Any) -> Any:
    opened = _fdopen(descriptor, *arguments, **options)
    return io.BufferedReader(SlowFile(opened), READ_BYTES) if descriptor in _slow_descriptors else opened


def main() -> int:
    """Slow the disks, put the model in place, and start the kernel."""
    sys.path.insert(0, str(Path(__file__).parent))
    from changes import MadeUp

    from thanosql_kernel.__main__ import main as start
    from thanosql_kernel.models import registry

    encoder = MadeUp(DIM)
    registry.load = lambda model, **settings: encoder
    os.stat, builtins.open, os.open, os.fdopen = slow_stat, slow_open, noting_open, slow_fdopen
    return start()


if __name__ == "__main__":
    sys.exit(main())
