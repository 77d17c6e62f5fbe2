"""``information_schema``, ``duckdb_tables()``, ``sqlite_master``, ``SHOW TABLES``: SQL's catalogues name our tables.

DuckDB knows a stored table only while a query reads it. A query of its catalogues therefore runs in an instance of its
own, where all tables stand empty.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

from thanosql_kernel.catalog import Catalog
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.duck.start import start
from thanosql_kernel.duck.tree import Tree, given_names, walk
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.store.arrow_types import carried
from thanosql_kernel.errors import Span, Unsupported
from thanosql_kernel.sql.identifiers import quote

#: Nobody has counted the rows; that DuckDB finds none in its tables is no answer.
_UNCOUNTED = """
CREATE MACRO duckdb_tables() AS TABLE
SELECT * REPLACE (CAST(NULL AS BIGINT) AS estimated_size) FROM system.main.duckdb_tables()
"""
_SCHEMAS = frozenset({"information_schema", "pg_catalog"})
_OF_A_TABLE = frozenset({"pragma_table_info", "pragma_show"})
_SHOWN = frozenset({"SHOW_SPECIAL", "SHOW_FROM"})


def reads_catalogues(tree: Tree, names: Collection[str]) -> bool:
    """Whether a query reads what DuckDB says of its tables.

    Args:
        tree: The query's.
        names: Lower-case names that stand for rows in it.
    """
    known = {*names, *given_names(tree)}
    return any(_is_catalogue(part, known) for part in walk(tree))


def catalogue_rows(sql: str, catalog: Catalog, check: Callable[[], None]) -> ArrowRelation:
    """The rows of such a query.

    Raises:
        SqlFailure: The query is not valid.
        Interrupted: The user stopped it.
    """
    with start({"threads": 1}) as instance:
        for table in catalog.tables.values():
            typed = ", ".join(f"{quote(column.name)} {column.type}" for column in table.columns)
            instance.execute(f"CREATE TABLE {quote(table.name)} ({typed})")
        instance.execute(_UNCOUNTED)
        duck = Duck(instance.cursor(), check)
        columns = duck.describe(sql)
        names = ", ".join(quote(column.name) for column in columns)
        items = ", ".join(carried(column.name, column.type) for column in columns)
        rows = duck.table(f"SELECT {items} FROM (\n{sql}\n) AS _q({names})")
        duck.close()
    return ArrowRelation(rows, columns)


def read_alone(span: Span) -> Unsupported:
    """The error where such a query reads other rows too."""
    hint = "store what they say first: CREATE TABLE names AS SELECT table_name FROM information_schema.tables"
    return Unsupported("catalogues of SQL are read alone, without other tables", span=span, hint=hint)


def _is_catalogue(part: Tree, known: Collection[str]) -> bool:
    kind, name = part.get("type"), str(part.get("table_name", "")).lower()
    if kind == "BASE_TABLE":
        schema = str(part.get("schema_name", "")).lower()
        return schema in _SCHEMAS or (name not in known and name in _views())
    if kind == "TABLE_FUNCTION":
        function = part.get("function") or {}
        return str(function.get("function_name", "")).lower() in _views() | _OF_A_TABLE
    return kind == "SHOW_REF" and part.get("show_type") in _SHOWN


@cache
def _views() -> frozenset[str]:
    """The catalogues that DuckDB has itself; functions have the same names."""
    with start({"threads": 1}) as instance:
        rows = instance.execute("SELECT lower(view_name) FROM duckdb_views() WHERE internal").fetchall()
    return frozenset(name for (name,) in rows)
