"""Rows as pandas data frames and Python dictionaries: whole numbers stay whole, whatever their size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from thanosql_kernel.values import python_values

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Integers that travel as text: Arrow has none of 128 bits.
_WRITTEN = frozenset({"UHUGEINT", "BIGNUM"})


def frame_of(table: pa.Table, sql_types: Sequence[str]) -> pd.DataFrame:
    """A data frame: vectors are numpy arrays, integers with NULLs pandas' nullable ones (floats would round them).

    Args:
        table: The rows; names are unique.
        sql_types: The columns' types as DuckDB writes them.
    """
    import pandas as pd

    columns = {
        name: _series(column, sql_type)
        for name, column, sql_type in zip(table.column_names, table.columns, sql_types, strict=True)
    }
    return pd.DataFrame(columns, copy=False)


def rows_of(table: pa.Table, sql_types: Sequence[str]) -> list[dict[str, Any]]:
    """The rows as dictionaries by column name; see `frame_of` for the arguments."""
    columns = [
        _integers(column) if _is_whole(column.type, sql_type) else python_values(column)
        for column, sql_type in zip(table.columns, sql_types, strict=True)
    ]
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def _series(column: pa.ChunkedArray, sql_type: str) -> Any:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    if _is_whole(column.type, sql_type):
        try:
            column = column.cast(pa.int64())
        except pa.ArrowInvalid:
            return pd.Series(_integers(column), dtype=object)
    if pa.types.is_integer(column.type) and column.null_count:
        kind = column.type.to_pandas_dtype()
        return pd.arrays.IntegerArray(
            column.fill_null(0).to_numpy().astype(kind), column.is_null().to_numpy()
        )
    try:
        if pa.types.is_timestamp(column.type):
            pc.min_max(column).as_py()  # pandas takes infinity for the year 294247
        return column.to_pandas(integer_object_nulls=True, maps_as_pydicts="strict")
    except (OverflowError, TypeError, ValueError):
        return pd.Series(python_values(column), dtype=object)


def _is_whole(kind: pa.DataType, sql_type: str) -> bool:
    """Whether a type holds integers that are larger than Arrow's."""
    import pyarrow as pa

    return sql_type in _WRITTEN or (pa.types.is_decimal(kind) and kind.scale == 0)


def _integers(column: pa.ChunkedArray) -> list[int | None]:
    return [None if value is None else int(value) for value in column.to_pylist()]
