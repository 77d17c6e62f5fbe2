"""Which queries read SQL's catalogues: ``information_schema``, ``duckdb_tables()``, ``SHOW TABLES``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from thanosql_kernel.duck.start import start
from thanosql_kernel.duck.tree import Tree, walk
from thanosql_kernel.errors import Span, Unsupported

_SCHEMAS = frozenset({"information_schema", "pg_catalog"})
_OF_A_TABLE = frozenset({"pragma_table_info", "pragma_show"})
_SOURCES = ("BASE_TABLE", "TABLE_FUNCTION", "SHOW_REF")
_SHOWN = frozenset({"SHOW_SPECIAL", "SHOW_FROM"})


def reads_catalogues(tree: Tree, names: Collection[str]) -> bool:
    """Whether a query reads what DuckDB says of its tables.

    Args:
        tree: The query's.
        names: Lower-case names that stand for rows in it.
    """
    found = [part for part in walk(tree) if part.get("type") in _SOURCES]
    known = {*names, *_of_ctes(tree)} if found else set()
    return any(_is_catalogue(part, known) for part in found)


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


def _of_ctes(tree: Tree) -> Iterator[str]:
    for part in walk(tree):
        names = part.get("cte_map")
        if isinstance(names, dict):
            yield from (str(item["key"]).lower() for item in names.get("map", []))


@cache
def _views() -> frozenset[str]:
    """The catalogues that DuckDB has itself; functions have the same names."""
    with start({"threads": 1}) as instance:
        rows = instance.execute("SELECT lower(view_name) FROM duckdb_views() WHERE internal").fetchall()
    return frozenset(name for (name,) in rows)
