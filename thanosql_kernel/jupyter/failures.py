"""Errors as Jupyter's ``error`` messages: short, coloured, never a Python traceback."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TypedDict

from thanosql_kernel.errors import Interrupted, ThanoSQLError, display_width
from thanosql_kernel.wording.names import HINT

_RED, _BLUE, _PLAIN = "\x1b[31m", "\x1b[34m", "\x1b[0m"


class ErrorContent(TypedDict):
    """Content of an ``error`` message, and part of an ``execute_reply``."""

    ename: str
    evalue: str
    traceback: list[str]


def error_content(error: ThanoSQLError, cell: str | None) -> ErrorContent:
    """The error as front ends show it; ``cell`` is the text its span points into."""
    if isinstance(error, Interrupted):
        return ErrorContent(ename="KeyboardInterrupt", evalue=error.message, traceback=[error.message])
    lines = error.render(cell).split("\n")
    following = [*lines[1:], ""]
    shown = [
        _marked(line, below) if _is_carets(below) else _colour(line, error.code)
        for line, below in zip(lines, following, strict=True)
    ]
    return ErrorContent(ename=error.code, evalue=error.message, traceback=shown)


def _colour(line: str, code: str) -> str:
    for beginning, colour in ((code, _RED), (HINT(hint="").rstrip(": "), _BLUE)):
        if line.startswith(f"{beginning}: "):
            return f"{colour}{beginning}{_PLAIN}{line.removeprefix(beginning)}"
    return f"{_RED}{line}{_PLAIN}" if _is_carets(line) else line


def _is_carets(line: str) -> bool:
    return bool(line.strip()) and not line.strip().strip("^")


def _marked(line: str, carets: str) -> str:
    """The line with what stands above the carets coloured: in a browser, Korean letters are not two columns wide."""
    start = _offset(line, len(carets) - len(carets.lstrip()))
    end = _offset(line, len(carets))
    return f"{line[:start]}{_RED}{line[start:end]}{_PLAIN}{line[end:]}" if start < end else line


def _offset(line: str, columns: int) -> int:
    """How many characters take that many columns of a terminal, marks over the last one counted in."""
    return bisect_right(list(accumulate(map(display_width, line), initial=0)), columns) - 1


def as_bug(error: Exception) -> ThanoSQLError:
    """An unexpected exception outside the engine as TS900; the traceback goes to a log file."""
    from platformdirs import user_log_path

    from thanosql_kernel.engine.bug_log import logged

    return logged(error, user_log_path("thanosql", appauthor=False))
