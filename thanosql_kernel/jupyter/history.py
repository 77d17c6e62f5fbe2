"""The cells of earlier sessions, for the arrow keys and the search of consoles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from thanosql_kernel.files import append_regular, open_regular, replace_file

FILE_NAME = "history.jsonl"
#: Cells that are kept; the file is cut to them once it has twice as many.
KEPT = 2000


class Entry(NamedTuple):
    """A cell as a ``history_reply`` gives it: the session's number, the cell's, and its text."""

    session: int
    number: int
    code: str


class History:
    """A file with one cell a line, in a database's internal folder; several kernels may add to it at once.

    Magic lines are left out: notebooks of the hosted service held tokens there.

    Args:
        internal: The folder. No file is made while the folder is not there. Without one nothing is remembered.
    """

    def __init__(self, internal: Path | None) -> None:
        self.path = internal / FILE_NAME if internal is not None else None
        self._session: int | None = None

    def add(self, number: int, code: str) -> None:
        """Remember a cell."""
        text = "\n".join(line for line in code.split("\n") if not line.lstrip().startswith("%")).strip()
        if not text or self.path is None or not self.path.parent.is_dir():
            return
        entries = self._read() if self._session is None else []
        if self._session is None:
            self._session = max((entry.session for entry in entries), default=0) + 1
        if len(entries) >= 2 * KEPT:
            lines = (self._line(entry) for entry in entries[-KEPT:])
            replace_file(self.path, "".join(lines).encode("utf-8", "replace"))
        append_regular(self.path, self._line(Entry(self._session, number, text)).encode("utf-8", "replace"))

    def tail(self, count: int) -> list[Entry]:
        """The last cells, oldest first."""
        return self._read()[-count:] if count > 0 else []

    def search(self, pattern: str, count: int | None, *, unique: bool) -> list[Entry]:
        """The last cells that a pattern with ``*`` and ``?`` matches, oldest first; each text once if ``unique``."""
        found = (entry for entry in reversed(self._read()) if fnmatchcase(entry.code, pattern))
        return list(islice(_distinct(found) if unique else found, count))[::-1]

    def between(self, session: int, start: int, stop: int | None) -> list[Entry]:
        """The cells of a session, from one number up to another; session 0 is this one, -1 the one before."""
        entries = self._read()
        if session <= 0:
            current = self._session or max((entry.session for entry in entries), default=0) + 1
            session += current
        last = float("inf") if stop is None else stop
        return [entry for entry in entries if entry.session == session and start <= entry.number < last]

    def _read(self) -> list[Entry]:
        if self.path is None:
            return []
        try:
            with open_regular(self.path) as file:
                lines = file.read().splitlines()
        except OSError:
            return []
        return [entry for line in lines if (entry := _entry(line)) is not None]

    @staticmethod
    def _line(entry: Entry) -> str:
        return json.dumps(entry._asdict(), ensure_ascii=False) + "\n"


def _entry(line: bytes) -> Entry | None:
    """The cell of a line; None for half a line, as a killed kernel leaves it."""
    try:
        data: dict[str, Any] = json.loads(line)
        return Entry(int(data["session"]), int(data["number"]), str(data["code"]))
    except (ValueError, KeyError, TypeError):
        return None


def _distinct(entries: Iterator[Entry]) -> Iterator[Entry]:
    seen: set[str] = set()
    for entry in entries:
        if entry.code not in seen:
            seen.add(entry.code)
            yield entry
