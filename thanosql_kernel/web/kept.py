"""What is kept of the web on this computer: which content an address had when it was last asked, and contents.

The index knows addresses by their digests alone and outlives the contents, which are removed when they take too much
room, those used longest ago first. Both are shared by all databases and kernels of the user. Whatever is wrong with
them costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thanosql_kernel.files import replace_file

DIGEST_BYTES = 16
_BUSY_S = 10.0
_TABLES = """
CREATE TABLE IF NOT EXISTS answers(
    url BLOB PRIMARY KEY, content BLOB NOT NULL, etag TEXT, modified TEXT, asked REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents(content BLOB PRIMARY KEY, size INTEGER NOT NULL, used REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_use ON contents(used);
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered last.

    Attributes:
        content: Digest of the content.
        etag: Its tag, if it had one.
        modified: When it was changed, as the server says it.
        asked_s: When that was, seconds since 1970.
    """

    content: bytes
    etag: str | None
    modified: str | None
    asked_s: float

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask only for another content than this."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}


class Kept:
    """Answers and contents in a folder; safe to use from several threads and processes.

    Args:
        folder: Where; made when something is kept.
        most_bytes: How much the contents may take together.
        clock: Tells the time, seconds since 1970.
    """

    def __init__(
        self, folder: Path, most_bytes: Callable[[], int], clock: Callable[[], float] = time.time
    ) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def answer(self, url: str) -> Answer | None:
        """What an address answered last."""
        rows = self._run("SELECT content, etag, modified, asked FROM answers WHERE url = ?", (_key(url),))
        return Answer(*rows[0]) if rows else None

    def content(self, digest: bytes) -> bytes | None:
        """A content, if it is still kept and whole."""
        try:
            content = self._file(digest).read_bytes()
        except OSError:
            return None
        if digest_of(content) != digest:
            return None
        self._run("UPDATE contents SET used = ? WHERE content = ?", (self._clock(), digest))
        return content

    def holds(self, digest: bytes) -> bool:
        """Whether a content is kept."""
        return self._file(digest).is_file()

    def put(self, url: str, content: bytes, etag: str | None, modified: str | None) -> bytes:
        """Keep what an address answered; gives the content's digest. A disk that is full keeps nothing."""
        digest, now = digest_of(content), self._clock()
        self._run(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", (_key(url), digest, etag, modified, now)
        )
        if len(content) <= self._most_bytes():
            with suppress(OSError):
                file = self._file(digest)
                if not file.is_file():
                    file.parent.mkdir(parents=True, exist_ok=True)
                    replace_file(file, content)
                self._run("INSERT OR REPLACE INTO contents VALUES (?, ?, ?)", (digest, len(content), now))
        self._make_room()
        return digest

    def confirm(self, url: str) -> None:
        """An address has still the content that it had."""
        self._run("UPDATE answers SET asked = ? WHERE url = ?", (self._clock(), _key(url)))

    def _make_room(self) -> None:
        total = self._run("SELECT coalesce(sum(size), 0) FROM contents")
        over = (total[0][0] if total else 0) - self._most_bytes()
        if over <= 0:
            return
        for digest, size in self._run("SELECT content, size FROM contents ORDER BY used LIMIT 1000"):
            if over <= 0:
                return
            with suppress(OSError):
                self._file(digest).unlink(missing_ok=True)
            self._run("DELETE FROM contents WHERE content = ?", (digest,))
            over -= size

    def _file(self, digest: bytes) -> Path:
        name = digest.hex()
        return self.folder / name[:2] / name

    def close(self) -> None:
        """Let go of the index."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _run(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Rows of the index; nothing where it cannot be read, and then it is begun anew."""
        with self._lock:
            try:
                return self._run_once(sql, values)
            except (sqlite3.OperationalError, OSError):  # busy, read-only, a disk that is full
                return []
            except sqlite3.DatabaseError:
                self._connection = None
                with suppress(OSError):
                    self._index.unlink()
                return []

    def _run_once(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        if self._connection is None:
            if sql.startswith("SELECT") and not self._index.exists():
                return []
            self.folder.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._index, timeout=_BUSY_S, check_same_thread=False)
            connection.executescript(f"PRAGMA synchronous = OFF; {_TABLES}")
            self._connection = connection
        with self._connection:
            return self._connection.execute(sql, values).fetchall()

    @property
    def _index(self) -> Path:
        return self.folder / "index.sqlite"


def digest_of(content: bytes) -> bytes:
    """The key of a content, as the embedding cache has it."""
    return hashlib.sha256(content).digest()[:DIGEST_BYTES]


def _key(url: str) -> bytes:
    return digest_of(url.encode("utf-8", "surrogatepass"))
