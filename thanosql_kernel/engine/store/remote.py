"""Databases in object storage: what asks them may never be answered, and what they answer may hold secrets."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from thanosql_kernel.catalog.location import without_secrets
from thanosql_kernel.catalog.model import damaged
from thanosql_kernel.engine.store.identity import table_identity
from thanosql_kernel.engine.store.manifests import Version
from thanosql_kernel.engine.store.names import is_internal, user_name
from thanosql_kernel.errors import DataError, ThanoSQLError
from thanosql_kernel.interrupts import abandonable, never
from thanosql_kernel.wording.data import TS502, TS507

T = TypeVar("T")
#: How long an answer is waited for; object stores are asked six times over, each time for half a minute and more.
LIMIT_S = 30.0
_STATUS = re.compile(r"\bstatus(?: code)?: (\d{3})\b")
_REFUSED = ("401", "403")
_TRIES = 2
"""A table that could not be opened and has versions then may have been made in between."""
_MANIFEST = ".manifest"
_check: ContextVar[Callable[[], None]] = ContextVar("check", default=never)


@contextmanager
def watched(check: Callable[[], None]) -> Iterator[None]:
    """Within the block, waiting for object storage ends as soon as ``check`` raises."""
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


class RemoteTables:
    """The tables of a database in object storage.

    Args:
        uri: Its address, e.g. ``s3://bucket/folder``.
        suffix: What ends the names of tables' folders.
    """

    def __init__(self, uri: str, suffix: str) -> None:
        self._uri = uri.rstrip("/")
        self._suffix = suffix

    def names(self) -> Sequence[str]:
        """The storage names of all tables.

        Raises:
            DataError: TS502, the storage does not answer or refuses to.
        """
        try:
            return self._answer(self._listed)
        except ThanoSQLError:
            raise
        except Exception as error:
            raise unreachable(self._uri, error) from None  # what the storage says may repeat a key

    def versions(self) -> dict[str, Version]:
        """Storage name -> latest version of every table that users may see."""
        found = {}
        for name in self.names():
            if not is_internal(name):
                try:
                    dataset = self.open(name, None)
                    found[name] = Version(int(dataset.version), table_identity(dataset).hex())
                except FileNotFoundError:
                    continue
        return found

    def open(self, name: str, version: int | None) -> Any:
        """A table as a Lance data set.

        Raises:
            FileNotFoundError: There is no such table or version.
            Damaged: TS507, its manifest cannot be read.
            DataError: TS502, the storage does not answer or refuses to.
        """
        for _ in range(_TRIES):
            try:
                return self._opened(name, version)
            except (ValueError, OSError):
                if version is not None or not self._has_versions(name):
                    raise FileNotFoundError(name) from None
        raise damaged(user_name(name), TS507.NEWEST()) from None

    def _has_versions(self, name: str) -> bool:
        """Whether there is a table, and not only files that somebody has written for one that is to be made."""
        from lance.file import LanceFileSession

        address = f"{self._uri}/{name}{self._suffix}"
        found = self._answer(lambda: LanceFileSession(address).list("_versions"))
        return any(str(path).endswith(_MANIFEST) for path in found)

    def _opened(self, name: str, version: int | None) -> Any:
        import lance

        return self._answer(lambda: lance.dataset(f"{self._uri}/{name}{self._suffix}", version=version))

    def drop(self, name: str) -> None:
        """Remove a table.

        Raises:
            FileNotFoundError: There is none.
            DataError: TS502, the storage does not answer or refuses to.
        """
        try:
            self._answer(lambda: self._connection().drop_table(name))
        except ThanoSQLError:
            raise
        except Exception as error:
            if name not in self.names():
                raise FileNotFoundError(name) from None
            raise unreachable(self._uri, error) from None

    def _listed(self) -> Sequence[str]:
        names: list[str] = []
        connection, token = self._connection(), None
        while True:
            page = connection.list_tables(page_token=token)
            names += page.tables
            token = page.page_token
            if not token:
                return sorted(names)

    def _connection(self) -> Any:
        import lancedb

        return lancedb.connect(self._uri)

    def _answer(self, work: Callable[[], T]) -> T:
        """The value of ``work()``, unless it takes too long or the user stops it."""
        deadline, check = time.monotonic() + LIMIT_S, _check.get()

        def wait() -> None:
            check()
            if time.monotonic() > deadline:
                raise unreachable(self._uri, None)

        with abandonable(wait) as call:
            return call(work)


def unreachable(uri: str, error: Exception | None) -> DataError:
    """The error for a storage that gave none or no good answer.

    Args:
        uri: Its address; what may be a password is not repeated.
        error: What it said; None if it said nothing.
    """
    address = without_secrets(uri)
    status = _STATUS.search(str(error))
    if status is not None and status[1] in _REFUSED:
        message = TS502.REFUSED(address=address, status=status[1])
        return DataError(message, hint=TS502.CHECK_CREDENTIALS())
    if error is None:
        message = TS502.SILENT_DATABASE(address=address)
    elif status is not None:
        message = TS502.DATABASE_ANSWERED(address=address, status=status[1])
    else:
        message = TS502.NO_DATABASE(address=address)
    return DataError(message, hint=TS502.CHECK_ENDPOINT())
