"""DuckDB's functions and types as people look them up, asked of DuckDB itself once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from thanosql_kernel.duck.start import start

if TYPE_CHECKING:
    import duckdb

_FUNCTIONS = """
FROM duckdb_functions()
SELECT lower(function_name), first(function_type), first(parameters ORDER BY len(parameters) DESC),
       coalesce(first(description) FILTER (description IS NOT NULL), '')
WHERE (function_type IN ('scalar', 'aggregate', 'window', 'macro') OR function_name = 'unnest')
  AND NOT (starts_with(function_name, 'icu_') OR starts_with(function_name, 'collate_')
           OR starts_with(function_name, 'pg_') OR starts_with(function_name, '__'))
GROUP BY ALL
"""
_TYPES = "FROM duckdb_types() SELECT upper(type_name), upper(logical_type) GROUP BY ALL ORDER BY ALL"


@dataclass(frozen=True, slots=True)
class Function:
    """A function that queries can call.

    Attributes:
        name: In small letters.
        kind: scalar, aggregate, window or macro; table for one that makes rows.
        parameters: Of its longest form.
        doc: What it does, "" where DuckDB does not say.
    """

    name: str
    kind: str
    parameters: tuple[str, ...]
    doc: str

    @property
    def call(self) -> str:
        """How it is called: ``round(x, precision)``."""
        return f"{self.name}({', '.join(self.parameters)})"


@cache
def functions() -> Mapping[str, Function]:
    """The functions that have a name, operators left out."""
    with start({"threads": 1}) as connection:
        rows = connection.execute(_FUNCTIONS).fetchall()
    return {
        name: Function(name, kind, tuple(parameters or ()), " ".join(doc.split()))
        for name, kind, parameters, doc in sorted(rows)
        if name.isidentifier()
    }


def is_aggregate(name: str) -> bool:
    """Whether a function makes one value of many rows."""
    found = functions().get(name.lower())
    return found is not None and found.kind == "aggregate"


@cache
def types() -> Mapping[str, str]:
    """Types that a value can be cast to as they stand, in capitals -> what DuckDB itself calls them."""
    with start({"threads": 1}) as connection:
        rows = connection.execute(_TYPES).fetchall()
        return {name: known_as for name, known_as in rows if _is_whole(connection, name)}


def _is_whole(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether a type needs no parameters: ``STRUCT`` alone is none."""
    import duckdb

    try:
        connection.execute(f"SELECT NULL::{name}")
    except duckdb.Error:
        return False
    return True


def warm() -> None:
    """Ask now, so that nobody waits for it later."""
    functions()
    types()
