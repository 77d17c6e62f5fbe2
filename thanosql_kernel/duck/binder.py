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
from thanosql_kernel.duck.expressions import is_type
from thanosql_kernel.duck.start import start
from thanosql_kernel.sql.identifiers import quote, unique_names

Tables = Mapping[str, tuple[Column, ...]]

#: What a column of unknown type is taken to be: it fits wherever any type does.
UNKNOWN_TYPE = '"NULL"'
_REMEMBERED = 128
_MEMORY_BYTES = 256 << 20

_Typed = tuple[tuple[str, str], ...]
_Named = tuple[tuple[str, _Typed], ...]


def bind(sql: str, tables: Tables, *, prefix: str = "", suffix: str = "") -> tuple[Column, ...] | None:
    """The columns that a query gives, names made unique; None where that cannot be told, as with open parameters.

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
        raise found.at(found.offset, found.length)
    return found


@lru_cache(maxsize=_REMEMBERED)
def _bound(sql: str, tables: _Named) -> tuple[Column, ...] | SqlFailure | None:
    import duckdb

    with _lock:
        instance = _instance()
        if not instance.hold(tables, sql):
            return None
        try:
            relation = instance.connection.sql(sql)
        except duckdb.Error:
            return instance.failure(sql)
        types = [str(kind) for kind in relation.types]
        return tuple(map(Column, unique_names(list(relation.columns)), types))


@lru_cache(maxsize=_REMEMBERED)
def known_type(sql: str) -> str | None:
    """DuckDB's own name of a type; None where a text is that of none."""
    try:
        columns = bind(f"SELECT CAST(NULL AS {sql}\n) AS value", {}) if is_type(sql) else None
    except SqlFailure:
        return None
    return columns[0].type if columns else None


_lock = Lock()


@cache
def _instance() -> _Instance:
    return _Instance()


class _Instance:
    """DuckDB with the tables of the last query."""

    def __init__(self) -> None:
        config: dict[str, str | int] = {"threads": 1, "memory_limit": f"{_MEMORY_BYTES}B"}
        self.connection: Any = start(config)
        self.connection.execute("SET errors_as_json = true")
        self._held: dict[str, tuple[str, _Typed]] = {}

    def hold(self, tables: _Named, sql: str) -> bool:
        """Let these tables stand and no others, for a query may name tables in texts too (``query_table('t')``).

        Returns:
            Whether they do: what is known of a table may be nothing that DuckDB has.
        """
        import duckdb

        # Tables have a column that rows of a run lack. Views do not, and take twice as long.
        kind = "VIEW" if "rowid" in sql.lower() else "TABLE"
        wanted = {name: (kind, columns) for name, columns in tables}
        for name in [name for name, held in self._held.items() if wanted.get(name) != held]:
            self.connection.execute(f"DROP {self._held.pop(name)[0]} temp.{quote(name)}")
        try:
            for name in wanted.keys() - self._held.keys():
                self._create(name, *wanted[name])
        except duckdb.Error:
            return False
        return True

    def _create(self, name: str, kind: str, columns: _Typed) -> None:
        typed = [(quote(column), type_name or UNKNOWN_TYPE) for column, type_name in columns]
        body = f"({', '.join(map(' '.join, typed))})"
        if kind == "VIEW":
            body = "AS SELECT " + ", ".join(f"NULL::{type_name} AS {column}" for column, type_name in typed)
        self.connection.execute(f"CREATE TEMP {kind} {quote(name)} {body}")
        self._held[name] = (kind, columns)

    def failure(self, sql: str) -> SqlFailure | None:
        """What is wrong with a query that cannot be bound, with its place, which relations do not tell."""
        import duckdb

        try:
            self.connection.execute(f"{_PREPARE}{sql}")
        except duckdb.Error as error:
            found = failure_of(error)
            offset = None if found.offset is None else found.offset - len(_PREPARE)
            return found.at(offset, found.length)
        return None


_PREPARE = "PREPARE _thanosql AS\n"
