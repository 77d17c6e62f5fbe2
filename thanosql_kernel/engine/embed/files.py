"""Which files stand behind values, and what tells their contents from later ones."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.embed.digests import KEY, Digests, digest
from thanosql_kernel.engine.embed.values import DistinctValues, Failures, OutOfReach
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.wording import data
from thanosql_kernel.wording.system import system_reason

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


NO_KEY = bytes(KEY.itemsize)
NO_STATE = FileState(NO_KEY, False)


def file_state(value: str, paths: PathFinder) -> FileState | str:
    """The state of a picture's file, or in a few words why there is none to read."""
    if not value.strip():
        return data.NO_PATH()
    if "://" in value[:12]:
        return data.REMOTE()
    try:
        path, status = paths.look(value)
    except FileNotFoundError:
        return OutOfReach(data.MISSING())
    except PermissionError:
        return OutOfReach(data.NO_PERMISSION())
    except OSError as error:
        return OutOfReach(data.NOT_OPENED(reason=system_reason(error)))
    except ValueError as error:
        return data.NOT_OPENED(reason=error)
    return _problem(status) or _state(path, status)


def _problem(status: os.stat_result) -> str | None:
    if stat.S_ISDIR(status.st_mode):
        return data.A_FOLDER()
    if not stat.S_ISREG(status.st_mode):
        return data.NO_REGULAR_FILE()
    return None if status.st_size else data.EMPTY_FILE()


def path_key(path: str) -> bytes:
    """Digest of an absolute path alone: what a file held when it was last seen."""
    return digest(f"{path}\0".encode("utf-8", "surrogateescape"))


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


def survey(
    items: DistinctValues,
    look: Callable[[str], FileState | str],
    failures: Failures,
    check: Callable[[], None],
) -> Survey:
    """Look at all files in threads; those that are not there become failures.

    Args:
        items: The values.
        look: Gives the state of what is behind a value, or why there is nothing; see `file_state`.
        failures: Where those go.
        check: Raises `Interrupted` when the user asked to stop.

    Raises:
        Interrupted: from ``check``, also while a disk does not answer.
    """
    found = [np.empty(0, dtype=KEY)]
    lasting = [np.empty(0, dtype=np.bool_)]
    at = 0
    for keys, are_lasting, problems in map_aside(
        partial(_look_at, look=look), items.chunks(STAT_TASK), threads=STAT_THREADS, check=check
    ):
        for index, reason in problems:
            failures.add(at + index, reason)
        found.append(np.frombuffer(keys, dtype=KEY))
        lasting.append(np.frombuffer(are_lasting, dtype=np.bool_))
        at += len(are_lasting)
    return Survey(np.concatenate(found), np.concatenate(lasting))


def _look_at(
    values: list[str], look: Callable[[str], FileState | str]
) -> tuple[bytes, bytes, list[tuple[int, str]]]:
    """The keys of a few files in one piece, whether each is lasting, and what is wrong with some."""
    keys, lasting, problems = bytearray(), bytearray(), []
    for index, value in enumerate(values):
        state = look(value)
        if isinstance(state, str):
            problems.append((index, state))
            state = NO_STATE
        keys += state.key
        lasting.append(state.is_lasting)
    return bytes(keys), bytes(lasting), problems
