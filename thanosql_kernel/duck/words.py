"""What DuckDB's words are, keywords and functions, asked of DuckDB itself once a process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from thanosql_kernel.duck.start import start
from thanosql_kernel.sql.identifiers import quote

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


def as_name(name: str) -> str:
    """The name as SQL can read it: plain where it can be, else in double quotes."""
    return name if name.isidentifier() and not is_reserved(name) else quote(name)


@cache
def reserved() -> frozenset[str]:
    """The words of `is_reserved`: those in the other categories, ``unreserved`` and ``column_name``, may be names."""
    sql = """
    FROM duckdb_keywords() SELECT keyword_name GROUP BY ALL
    HAVING bool_and(keyword_category IN ('reserved', 'type_function'))
    """
    with start({"threads": 1}) as connection:
        return frozenset(name for (name,) in connection.execute(sql).fetchall())


@cache
def macros() -> frozenset[str]:
    """Names of functions that are written in SQL, for whose calls their bodies stand."""
    sql = "SELECT lower(function_name) FROM duckdb_functions() WHERE function_type = 'macro'"
    with start({"threads": 1}) as connection:
        return frozenset(name for (name,) in connection.execute(sql).fetchall())


@cache
def types() -> frozenset[str]:
    """Names of types, their other names included, that are one word and nothing else in SQL."""
    with start({"threads": 1}) as connection:
        found = {
            name.lower() for (name,) in connection.execute("SELECT type_name FROM duckdb_types()").fetchall()
        }
    return frozenset(name for name in found if " " not in name and not is_reserved(name))


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
