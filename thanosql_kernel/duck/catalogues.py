"""Which queries read SQL's catalogues: ``information_schema``, ``duckdb_tables()``, ``SHOW TABLES``."""

from __future__ import annotations

from collections.abc import Collection

from thanosql_kernel.duck.tree import Tree, given_names, walk
from thanosql_kernel.duck.words import is_catalogue
from thanosql_kernel.errors import Span, Unsupported
from thanosql_kernel.wording.refusals import TS600

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
    known = {*names, *given_names(tree)} if found else set()
    return any(_is_catalogue(part, known) for part in found)


def read_alone(span: Span) -> Unsupported:
    """The error where such a query reads other rows too."""
    return Unsupported(TS600.CATALOGUES_ALONE(), span=span, hint=TS600.STORE_CATALOGUE())


def _is_catalogue(part: Tree, known: Collection[str]) -> bool:
    kind, name = part.get("type"), str(part.get("table_name", "")).lower()
    if kind == "BASE_TABLE":
        schema = str(part.get("schema_name", "")).lower()
        return schema in _SCHEMAS or (name not in known and is_catalogue(name))
    if kind == "TABLE_FUNCTION":
        function = part.get("function") or {}
        called = str(function.get("function_name", "")).lower()
        return called in _OF_A_TABLE or is_catalogue(called)
    return kind == "SHOW_REF" and part.get("show_type") in _SHOWN
