"""What a CONVERT has to look at: the distinct values of a column, and which files stand behind them."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.digests import KEY, Digests, digest, pack
from thanosql_kernel.errors import Span, TypeMismatch

if TYPE_CHECKING:
    import pyarrow as pa

STAT_CHUNK = 2048
STAT_TASK = 256
STAT_THREADS = 8
"""More than cores: network disks answer slowly, not busily."""
SETTLED_AFTER_S = 2.0
"""A file written less than this before it was looked at may change again within one tick of its clock (FAT: 2 s)."""
FEW = 5


@dataclass(frozen=True, slots=True)
class Items:
    """The distinct values of a text column, in order of their first rows.

    Attributes:
        values: Distinct values, an Arrow array (u,).
        of_row: int64 (n,): which value each row has; -1 for NULL.
    """

    values: pa.Array
    of_row: NDArray[np.int64]

    @classmethod
    def collect(cls, column: pa.ChunkedArray, name: str, span: Span | None) -> Items:
        """The items of a column.

        Raises:
            TypeMismatch: TS300, the column does not hold text.
        """
        import pyarrow as pa

        if not _is_text(column.type):
            raise TypeMismatch(
                f"column {name} holds {column.type}, not text",
                span=span,
                hint="choose a column of paths or texts",
            )
        encoded = column.cast(pa.large_string()).combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        of_row = encoded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
        return cls(encoded.dictionary, of_row)

    def __len__(self) -> int:
        return len(self.values)

    def value(self, index: int) -> str:
        """One value."""
        return str(self.values[index].as_py())

    def chunks(self, size: int) -> Iterator[list[str]]:
        """All values, ``size`` at a time."""
        for at in range(0, len(self.values), size):
            yield self.values.slice(at, size).to_pylist()


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    types = pa.types
    return any(
        is_text(kind)
        for is_text in (types.is_string, types.is_large_string, types.is_string_view, types.is_null)
    )


@dataclass(slots=True)
class Failures:
    """Which items cannot be embedded, with the reasons of the first few.

    Attributes:
        mask: bool (u,), true for the items that failed.
        reasons: Reasons by item, of the first few items at least.
    """

    mask: NDArray[np.bool_]
    reasons: dict[int, str] = field(default_factory=dict)

    def add(self, index: int, reason: str) -> None:
        """Note that an item failed."""
        self.mask[index] = True
        self.reasons[index] = reason
        if len(self.reasons) > 64 * FEW:
            self.reasons = {first: self.reasons[first] for first in nsmallest(FEW, self.reasons)}

    def first(self) -> list[tuple[int, str]]:
        """The first few of them in item order."""
        return [(index, self.reasons[index]) for index in nsmallest(FEW, self.reasons)]


class FileState(NamedTuple):
    """What a file was when it was looked at.

    Attributes:
        key: Digest of path, size and modification time.
        is_settled: Whether the key tells this content from a later one.
    """

    key: bytes
    is_settled: bool


def resolve(value: str, folder: Path) -> str:
    """The absolute path that a value of a column stands for."""
    return os.path.abspath(folder / os.path.expanduser(value))


def look_at(value: str, folder: Path) -> FileState | str:
    """The state of a picture's file, or in a few words why there is none to read."""
    if not value.strip():
        return "the path is empty"
    if "://" in value[:12]:
        return "remote pictures are not fetched"
    try:
        path = resolve(value, folder)
        status = os.stat(path)
    except FileNotFoundError:
        return "missing"
    except PermissionError:
        return "permission denied"
    except (OSError, ValueError) as error:
        return f"cannot be opened: {getattr(error, 'strerror', None) or error}"
    return _problem(status) or _state(path, status)


def _look_at_all(values: list[str], folder: Path) -> list[FileState | str]:
    return [look_at(value, folder) for value in values]


def _problem(status: os.stat_result) -> str | None:
    if stat.S_ISDIR(status.st_mode):
        return "a folder, not a file"
    if not stat.S_ISREG(status.st_mode):
        return "not a regular file"
    return None if status.st_size else "empty file"


def _state(path: str, status: os.stat_result) -> FileState:
    name = f"{path}\0{status.st_size}\0{status.st_mtime_ns}".encode("utf-8", "surrogateescape")
    return FileState(digest(name), time.time() - status.st_mtime > SETTLED_AFTER_S)


@dataclass(frozen=True, slots=True)
class Survey:
    """The files behind items.

    Attributes:
        keys: Digests (u,) of the files' states; zero bytes where there is no file.
        settled: bool (u,): whether the key can be trusted later.
    """

    keys: Digests
    settled: NDArray[np.bool_]


def survey(items: Items, folder: Path, failures: Failures, check: Callable[[], None]) -> Survey:
    """Look at all files in threads; those that are not there become failures.

    Raises:
        Interrupted: from ``check``.
    """
    keys, settled = np.zeros(len(items), dtype=KEY), np.zeros(len(items), dtype=np.bool_)
    with ThreadPoolExecutor(STAT_THREADS, thread_name_prefix="stat") as pool:
        at = 0
        for chunk in items.chunks(STAT_CHUNK):
            check()
            tasks = [chunk[start : start + STAT_TASK] for start in range(0, len(chunk), STAT_TASK)]
            states = [
                state for task in pool.map(partial(_look_at_all, folder=folder), tasks) for state in task
            ]
            for index, state in enumerate(states, at):
                if isinstance(state, str):
                    failures.add(index, state)
            found = {at + index: state for index, state in enumerate(states) if not isinstance(state, str)}
            rows = np.array(list(found), dtype=np.int64)
            keys[rows] = pack(state.key for state in found.values())
            settled[rows] = [state.is_settled for state in found.values()]
            at += len(chunk)
    return Survey(keys, settled)
