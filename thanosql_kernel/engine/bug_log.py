"""Bugs of the kernel: where they are written down, and what the user is told."""

from __future__ import annotations

import tempfile
import time
import traceback
from pathlib import Path

from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.files import append_regular
from thanosql_kernel.wording.refusals import TS900

_LOG_NAME = "errors.log"
_MAX_BYTES = 1 << 20


def logged(error: Exception, folder: Path) -> ThanoSQLError:
    """Write a bug's traceback to a log file and give the error to show.

    The log holds our own source lines and the exception's text: no cell, which may hold tokens.

    Args:
        error: What nobody expected.
        folder: Where the log goes; to the temporary folder if it cannot be written.
    """
    frames = "".join(traceback.format_tb(error.__traceback__))
    entry = f"{time.strftime('%Y-%m-%dT%H:%M:%S')}\n{frames}{type(error).__name__}: {error}\n\n"
    for place in (folder, Path(tempfile.gettempdir())):
        try:
            path = _append(place, entry)
        except OSError:
            continue
        hint = TS900.TRACEBACK(path=path)
        break
    else:
        hint = TS900.NO_TRACEBACK()
    summary = " ".join(str(error).split())[:200]
    return ThanoSQLError(TS900.BUG(kind=type(error).__name__, summary=summary), hint=hint)


def _append(folder: Path, entry: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _LOG_NAME
    if path.exists() and path.stat().st_size > _MAX_BYTES:
        path.replace(path.with_suffix(".old.log"))
    append_regular(path, entry.encode("utf-8", "backslashreplace"))
    return path
