"""Arrow columns as Python values, of every type, with nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_DAY_S = 86_400
_UNITS_A_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def python_values(column: pa.ChunkedArray) -> list[Any]:
    """The values: maps as dictionaries, and what Python has no value for as the text that DuckDB shows.

    Python's dates end with the years 1 and 9999 and its hours with 23; DuckDB has ``infinity``, years before Christ
    and 24:00. A list, struct or map with one of those within is text as a whole.
    """
    if not any(_has_midnight_at_the_end(leaf) for chunk in column.chunks for leaf in _leaves(chunk)):
        try:
            return list(column.to_pylist(maps_as_pydicts="strict"))
        except TypeError:  # keys that are lists or structs
            return list(column.to_pylist())
        except (OverflowError, ValueError):
            pass
    return _texts(column)


def records(table: pa.Table) -> list[dict[str, Any]]:
    """The rows as dictionaries by column name; see `python_values`."""
    columns = map(python_values, table.columns)
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    import duckdb
    import pyarrow as pa

    with duckdb.connect(":memory:", config={"autoload_known_extensions": "false"}) as connection:
        connection.register("given", pa.table({"value": column}))
        texts = connection.sql("SELECT CAST(value AS VARCHAR) FROM given").to_arrow_table()
    return list(texts.column(0).to_pylist())


def _leaves(array: pa.Array) -> Iterator[pa.Array]:
    """The arrays of single values that an array is made of."""
    import pyarrow as pa

    types, kind = pa.types, array.type
    if types.is_map(kind):
        parts = [array.keys, array.items]
    elif types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        parts = [array.flatten()]
    elif types.is_struct(kind):
        parts = [array.field(at) for at in range(kind.num_fields)]
    else:
        yield array
        return
    for part in parts:
        yield from _leaves(part)


def _has_midnight_at_the_end(array: pa.Array) -> bool:
    """Whether there is a 24:00, which pyarrow gives as 00:00."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_time(array.type):
        return False
    width = pa.int32() if pa.types.is_time32(array.type) else pa.int64()
    latest = pc.max(array.view(width)).as_py()
    return latest is not None and latest >= _DAY_S * _UNITS_A_SECOND[array.type.unit]
