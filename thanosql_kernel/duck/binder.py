"""Queries bound by DuckDB over empty tables: the names and types that they give, or what is wrong, before they run.

Nothing is run and nothing is computed beforehand: a relation that nobody reads is bound and no more. One instance of a
process, apart from those that run queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.errors import SqlFailure, failure_of
from thanosql_kernel.duck.start import start
from thanosql_kernel.sql.identifiers import quote, unique_names

Tables = Mapping[str, tuple[Column, ...]]

#: What a column of unknown type is taken to be: it fits wherever any type does.
UNKNOWN_TYPE = '"NULL"'
_REMEMBERED = 128
_MEMORY_BYTES = 256 << 20
#: Most tables that stand at once; beyond, all are made anew.
_MOST_TABLES = 256

_Named = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def bind(sql: str, tables: Tables, *, prefix: str = "", suffix: str = "") -> tuple[Column, ...] | None:
    """The columns that a query gives, names made unique; None where that depends on parameters.

    Args:
        sql: One query that parses, or what becomes one between prefix and suffix.
        tables: By name, the columns of all tables that it may read; a column without a type may be of any.
        prefix: Stands in front of it.
        suffix: Stands behind it.

    Raises:
        SqlFailure: It is not valid; the place counts the bytes of the prefix too.
    """
    named = tuple(
        (name.lower(), tuple((column.name, column.type) for column in columns))
        for name, columns in tables.items()
    )
    found = _bound(f"{prefix}{sql}{suffix}", named)
    if isinstance(found, SqlFailure):
        raise SqlFailure(found.kind, found.message, found.offset, found.length)
    return found


@lru_cache(maxsize=_REMEMBERED)
def _bound(sql: str, tables: _Named) -> tuple[Column, ...] | SqlFailure | None:
    import duckdb

    with _lock:
        instance = _instance()
        instance.hold(tables)
        try:
            relation = instance.connection.sql(sql)
        except duckdb.Error:
            return instance.failure(sql)
        types = [str(kind) for kind in relation.types]
        return tuple(map(Column, unique_names(list(relation.columns)), types))


_lock = Lock()


@cache
def _instance() -> _Instance:
    return _Instance()


class _Instance:
    """DuckDB with the tables of the last query and some of those before."""

    def __init__(self) -> None:
        config: dict[str, str | int] = {"threads": 1, "memory_limit": f"{_MEMORY_BYTES}B"}
        self.connection: Any = start(config)
        self.connection.execute("SET errors_as_json = true")
        self._held: dict[str, tuple[tuple[str, str], ...]] = {}

    def hold(self, tables: _Named) -> None:
        """Let these tables stand; others that stand from before are of no query that is bound now."""
        wanted = dict(tables)
        if len(self._held) > _MOST_TABLES:
            self._drop(self._held.keys() - wanted.keys())
        for name, columns in wanted.items():
            if self._held.get(name) != columns:
                self._create(name, columns)

    def _create(self, name: str, columns: tuple[tuple[str, str], ...]) -> None:
        typed = ", ".join(f"{quote(column)} {kind or UNKNOWN_TYPE}" for column, kind in columns)
        self._held.pop(name, None)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} ({typed})")
        self._held[name] = columns

    def _drop(self, names: set[str]) -> None:
        for name in names:
            self.connection.execute(f"DROP TABLE temp.{quote(name)}")
            del self._held[name]

    def failure(self, sql: str) -> SqlFailure | None:
        """What is wrong with a query that cannot be bound, with its place, which relations do not tell."""
        import duckdb

        try:
            self.connection.execute(f"{_PREPARE}{sql}")
        except duckdb.Error as error:
            found = failure_of(error)
            offset = None if found.offset is None else found.offset - len(_PREPARE)
            return SqlFailure(found.kind, found.message, offset, found.length)
        return None


_PREPARE = "PREPARE _thanosql AS\n"
