"""What can go wrong with stored tables, in words the user knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from thanosql_kernel.duck.told import SOURCE
from thanosql_kernel.errors import DataError, ThanoSQLError
from thanosql_kernel.wording.data import TS501, TS504

_WRAPPED = re.compile(r"^(?:External error: |LanceError\(\w+\): |Generic .{1,40}? error: )+")


class Conflict(DataError):
    """TS503: somebody else changed the table between reading and writing it: read again."""

    default_code = "TS503"


class Unwritable(DataError):
    """TS504: the disk is full, or the folder may not be written."""

    default_code = "TS504"


def reason_of(error: BaseException) -> str:
    """What Lance says, without where in its source it says so."""
    return _WRAPPED.sub("", SOURCE.sub("", str(error))).strip() or type(error).__name__


def is_full(error: OSError) -> bool:
    """Whether the disk has no room for what was to be written."""
    text = str(error).lower()
    return any(said in text for said in ("no space left", "file too large", "quota exceeded"))


def exhausted(error: BaseException) -> DataError | None:
    """What is said of a full disk or memory wherever it shows; None of any other error."""
    if isinstance(error, OSError) and is_full(error):
        return Unwritable(TS504.DISK_FULL(), hint=TS504.FREE_SPACE())
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":  # DuckDB's
        return DataError(TS504.NO_MEMORY(), hint=TS504.SELECT_LESS())
    return None


@contextmanager
def database_read() -> Iterator[None]:
    """Says of a folder or catalogue that may not be read what can be done about it.

    Raises:
        DataError: TS501.
    """
    try:
        yield
    except PermissionError as error:
        raise DataError(TS501.FORBIDDEN_DATABASE(), hint=TS501.READABLE_FOLDER()) from error


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turns what the file system says into the user's errors."""
    try:
        yield
    except ThanoSQLError:
        raise
    except OSError as error:
        found = storage_error(error)
        if found is None:
            raise
        raise found from error


def storage_error(error: OSError) -> DataError | None:
    """What the file system says about a disk or folder in the user's words; None if it says something else."""
    text = str(error).lower()
    if isinstance(error, PermissionError) or "permission denied" in text or "read-only file system" in text:
        return Unwritable(TS504.FORBIDDEN(), hint=TS504.WRITABLE_FOLDER())
    if is_full(error):
        return Unwritable(TS504.DISK_FULL(), hint=TS504.FREE_SPACE())
    if isinstance(error, (NotADirectoryError, FileExistsError)) or "not a directory" in text:
        return DataError(TS504.NO_FOLDER(), hint=TS504.SET_FOLDER())
    return None
