"""What DuckDB's words are, keywords and functions, asked of DuckDB itself once a process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from thanosql_kernel.duck.start import start
from thanosql_kernel.sql.identifiers import is_plain, quote

_FUNCTIONS = """
SELECT lower(function_name), function_type, coalesce(stability, ''), parameters,
       CASE WHEN function_type = 'macro' THEN json_serialize_sql('SELECT ' || macro_definition) END,
       len(parameters) > 0 AND NOT list_has_any(parameter_types, ['VARCHAR', 'VARCHAR[]', 'TABLE']) AS reads_values
FROM duckdb_functions()
"""
_OF_ONE_ROW = frozenset({"scalar", "macro"})
_OF_TABLES = frozenset({"table", "table_macro", "pragma"})


@dataclass(frozen=True, slots=True)
class _Function:
    """One signature of a function.

    Attributes:
        kind: scalar, aggregate, window, table, macro, table_macro or pragma.
        stability: CONSISTENT, CONSISTENT_WITHIN_QUERY or VOLATILE; "" where DuckDB does not say.
        calls: What a macro calls.
        reads_values: Whether it takes arguments, and no text that may be a query or name something.
    """

    kind: str
    stability: str
    calls: frozenset[str]
    reads_values: bool

    @property
    def is_consistent(self) -> bool:
        return self.stability in ("CONSISTENT", "") and (self.kind not in _OF_TABLES or self.reads_values)


def is_of_one_row(name: str) -> bool:
    """Whether a function gives one value for one row, and at any time the same for the same arguments."""
    found = _functions().get(name.lower(), ())
    return bool(found) and all(
        function.kind in _OF_ONE_ROW and function.is_consistent and all(map(is_of_one_row, function.calls))
        for function in found
    )


def is_consistent(name: str) -> bool:
    """Whether a function, of rows or of tables, gives at any time the same for the same arguments."""
    found = _functions().get(name.lower(), ())
    return bool(found) and all(
        function.is_consistent and all(map(is_consistent, function.calls)) for function in found
    )


def is_function(name: str) -> bool:
    """Whether DuckDB has a function of that name: some may be written as if they were columns (``current_date``)."""
    return name.lower() in _functions()


def function_names() -> Iterable[str]:
    """The names of all functions."""
    return _functions().keys()


def is_reserved(word: str) -> bool:
    """Whether SQL never reads the bare word as the name of a table or column."""
    return word.lower() in reserved()


def is_keyword(word: str) -> bool:
    """Whether SQL has a word of its own of that name, be it that it may be a name elsewhere."""
    return word.lower() in _categories()


def may_be_function(word: str) -> bool:
    """Whether a keyword may be the name of a function, as ``left`` may."""
    return "type_function" in _categories().get(word.lower(), ())


def is_called(word: str) -> bool:
    """Whether a keyword is written like a function: ``CAST(…)``, ``COALESCE(…)``, ``DECIMAL(10, 2)``."""
    return word.lower() == "cast" or (
        "column_name" in _categories().get(word.lower(), ()) and word.upper() not in _NOT_CALLED
    )


def is_setting(name: str) -> bool:
    """Whether DuckDB has a setting of that name."""
    return name.lower() in _settings()


def as_name(name: str) -> str:
    """The name as SQL can read it: plain where it can be, else in double quotes."""
    return name if is_plain(name) and not is_reserved(name) else quote(name)


#: DuckDB has them among the words that may be columns and no functions; a value or rows follow these all the same.
_NOT_CALLED = frozenset({"VALUES", "EXISTS", "BETWEEN"})


def is_catalogue(name: str) -> bool:
    """Whether DuckDB has a view of that name that tells what there is, as ``sqlite_master``."""
    return name.lower() in _catalogues()


@cache
def _catalogues() -> frozenset[str]:
    with start({"threads": 1}) as instance:
        rows = instance.execute("SELECT lower(view_name) FROM duckdb_views() WHERE internal").fetchall()
    return frozenset(name for (name,) in rows)


@cache
def reserved() -> frozenset[str]:
    """The words of `is_reserved`: those in the other categories, ``unreserved`` and ``column_name``, may be names."""
    return frozenset(
        word
        for word, categories in _categories().items()
        if categories.isdisjoint(("unreserved", "column_name"))
    )


@cache
def macros() -> frozenset[str]:
    """Names of functions that are written in SQL, for whose calls their bodies stand."""
    sql = "SELECT lower(function_name) FROM duckdb_functions() WHERE function_type = 'macro'"
    with start({"threads": 1}) as connection:
        return frozenset(name for (name,) in connection.execute(sql).fetchall())


@cache
def _categories() -> dict[str, frozenset[str]]:
    """DuckDB's keywords -> where its grammar has them: reserved, unreserved, column_name, type_function."""
    sql = "FROM duckdb_keywords() SELECT keyword_name, list(keyword_category) GROUP BY keyword_name"
    with start({"threads": 1}) as connection:
        return {name: frozenset(found) for name, found in connection.execute(sql).fetchall()}


@cache
def type_words() -> frozenset[str]:
    """Names of types, their other names included, that are one word and nothing else in SQL."""
    with start({"threads": 1}) as connection:
        found = {
            name.lower() for (name,) in connection.execute("SELECT type_name FROM duckdb_types()").fetchall()
        }
    return frozenset(name for name in found if " " not in name and not is_reserved(name))


@cache
def _settings() -> frozenset[str]:
    with start({"threads": 1}) as connection:
        names = connection.execute("SELECT lower(name) FROM duckdb_settings()").fetchall()
    return frozenset(name for (name,) in names)


@cache
def _functions() -> dict[str, list[_Function]]:
    found: dict[str, list[_Function]] = {}
    with start({"threads": 1}) as connection:
        for name, kind, stability, parameters, body, reads_values in connection.execute(
            _FUNCTIONS
        ).fetchall():
            unknown = frozenset({""} if kind == "table_macro" else ())
            calls = _called(body, parameters) if body else unknown
            found.setdefault(name, []).append(_Function(kind, stability, calls, reads_values))
    return found


def _called(body: str, parameters: Sequence[str]) -> frozenset[str]:
    """What a macro with that tree calls; "" for what is no function of one row."""
    calls: set[str] = set()

    def look(part: dict[str, Any]) -> None:
        kind = part.get("class")
        if kind == "FUNCTION":
            calls.add(str(part["function_name"]).lower())
        elif kind in ("SUBQUERY", "WINDOW") or part.get("error") is True:
            calls.add("")
        elif kind == "COLUMN_REF" and part["column_names"][0] not in parameters:
            calls.add(str(part["column_names"][-1]).lower())

    json.loads(body, object_hook=look)
    return frozenset(calls)
