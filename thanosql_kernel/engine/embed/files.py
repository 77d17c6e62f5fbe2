"""Which files stand behind values, and what tells their contents from later ones."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.embed.digests import KEY, Digests, digest, pack
from thanosql_kernel.engine.embed.values import DistinctValues, Failures

STAT_CHUNK = 2048
STAT_TASK = 256
STAT_THREADS = 8
"""More than cores: network disks answer slowly, not busily."""
LASTING_AFTER_S = 2.0
"""A file written less than this before it was looked at may change again within one tick of its clock (FAT: 2 s)."""


class FileState(NamedTuple):
    """What a file was when it was looked at.

    Attributes:
        key: Digest of path, size and modification time.
        is_lasting: Whether the key tells this content from a later one.
    """

    key: bytes
    is_lasting: bool


def file_state(value: str, paths: PathFinder) -> FileState | str:
    """The state of a picture's file, or in a few words why there is none to read."""
    if not value.strip():
        return "the path is empty"
    if "://" in value[:12]:
        return "remote pictures are not fetched"
    try:
        path, status = paths.look(value)
    except FileNotFoundError:
        return "missing"
    except PermissionError:
        return "permission denied"
    except (OSError, ValueError) as error:
        return f"cannot be opened: {getattr(error, 'strerror', None) or error}"
    return _problem(status) or _state(path, status)


def _states_of(values: list[str], paths: PathFinder) -> list[FileState | str]:
    return [file_state(value, paths) for value in values]


def _problem(status: os.stat_result) -> str | None:
    if stat.S_ISDIR(status.st_mode):
        return "a folder, not a file"
    if not stat.S_ISREG(status.st_mode):
        return "not a regular file"
    return None if status.st_size else "empty file"


def _state(path: str, status: os.stat_result) -> FileState:
    name = f"{path}\0{status.st_size}\0{status.st_mtime_ns}".encode("utf-8", "surrogateescape")
    return FileState(digest(name), time.time() - status.st_mtime > LASTING_AFTER_S)


@dataclass(frozen=True, slots=True)
class Survey:
    """The files behind items.

    Attributes:
        keys: Digests (u,) of the files' states; zero bytes where there is no file.
        lasting: bool (u,): whether the key can be trusted later.
    """

    keys: Digests
    lasting: NDArray[np.bool_]


def survey(items: DistinctValues, paths: PathFinder, failures: Failures, check: Callable[[], None]) -> Survey:
    """Look at all files in threads; those that are not there become failures.

    Raises:
        Interrupted: from ``check``.
    """
    keys, lasting = np.zeros(len(items), dtype=KEY), np.zeros(len(items), dtype=np.bool_)
    with ThreadPoolExecutor(STAT_THREADS, thread_name_prefix="stat") as pool:
        at = 0
        for chunk in items.chunks(STAT_CHUNK):
            check()
            tasks = [chunk[start : start + STAT_TASK] for start in range(0, len(chunk), STAT_TASK)]
            states = [state for task in pool.map(partial(_states_of, paths=paths), tasks) for state in task]
            for index, state in enumerate(states, at):
                if isinstance(state, str):
                    failures.add(index, state)
            found = {at + index: state for index, state in enumerate(states) if not isinstance(state, str)}
            rows = np.array(list(found), dtype=np.int64)
            keys[rows] = pack(state.key for state in found.values())
            lasting[rows] = [state.is_lasting for state in found.values()]
            at += len(chunk)
    return Survey(keys, lasting)
