"""Errors as Jupyter's ``error`` messages: short, coloured, never a Python traceback."""

from __future__ import annotations

from typing import TypedDict

from thanosql_kernel.errors import Interrupted, ThanoSQLError

_RED, _BLUE, _PLAIN = "\x1b[31m", "\x1b[34m", "\x1b[0m"


class ErrorContent(TypedDict):
    """Content of an ``error`` message, and part of an ``execute_reply``."""

    ename: str
    evalue: str
    traceback: list[str]


def error_content(error: ThanoSQLError, cell: str) -> ErrorContent:
    """The error as front ends show it; ``cell`` is the text its span points into."""
    if isinstance(error, Interrupted):
        return ErrorContent(ename="KeyboardInterrupt", evalue=error.message, traceback=[error.message])
    lines = [_colour(line) for line in error.render(cell).split("\n")]
    return ErrorContent(ename=error.code, evalue=error.message, traceback=lines)


def _colour(line: str) -> str:
    if line.startswith("TS") and ": " in line:
        code, message = line.split(": ", 1)
        return f"{_RED}{code}{_PLAIN}: {message}"
    if line.startswith("hint: "):
        return f"{_BLUE}hint{_PLAIN}: {line.removeprefix('hint: ')}"
    if line.strip() and not line.strip().strip("^"):
        return f"{_RED}{line}{_PLAIN}"
    return line


def as_bug(error: Exception) -> ThanoSQLError:
    """An unexpected exception outside the engine as TS900; the traceback goes to a log file."""
    from platformdirs import user_log_path

    from thanosql_kernel.engine.failures import logged

    return logged(error, user_log_path("thanosql", appauthor=False))
