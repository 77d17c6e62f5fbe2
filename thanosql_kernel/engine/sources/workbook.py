"""Excel and OpenDocument workbooks: the first sheet that holds anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.sources.duck_files import storable_names
from thanosql_kernel.errors import DataError
from thanosql_kernel.sql.identifiers import unique_names

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.sources.reading import Reading


def read_workbook(path: Path, reading: Reading) -> ArrowRelation:
    """The rows of the first sheet that is not empty; its first row names the columns.

    Raises:
        DataError: TS501 when it is no workbook or has no sheet with rows.
    """
    import pyarrow as pa
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{path.name} cannot be read: {error}", code="TS501", span=reading.span) from error
    filled = {name: rows for name, rows in sheets.items() if rows}
    if not filled:
        raise DataError(f"{path.name} is empty", code="TS501", span=reading.span)
    first = next(iter(filled))
    if len(filled) > 1:
        reading.work.notice(f"sheet {first} was read; {', '.join(list(filled)[1:])} was not")
    header, *rows = filled[first]
    names = unique_names([str(name).strip() or f"column{at + 1}" for at, name in enumerate(header)])
    arrays = [_array([row[at] for row in rows]) for at in range(len(names))]
    columns = storable_names(
        [Column(name, _sql_type(array.type)) for name, array in zip(names, arrays, strict=True)], reading
    )
    return ArrowRelation(pa.table(arrays, names=[column.name for column in columns]), columns)


def _array(values: Sequence[Any]) -> pa.Array:
    """Cells as one Arrow type: whole numbers stay whole (Excel has only floats), mixtures become text."""
    import pyarrow as pa

    cells = [None if value == "" else value for value in values]
    kinds = {type(value) for value in cells if value is not None}
    if kinds and kinds <= {int, float}:
        whole = all(value is None or float(value).is_integer() for value in cells)
        return pa.array([None if v is None else int(v) if whole else float(v) for v in cells])
    if kinds == {dt.date, dt.datetime}:
        cells = [dt.datetime.combine(v, dt.time()) if type(v) is dt.date else v for v in cells]
        return pa.array(cells, pa.timestamp("us"))
    if len(kinds) == 1 and kinds <= {str, bool, dt.date, dt.datetime, dt.time}:
        return pa.array(cells)
    if kinds == {dt.timedelta}:
        return pa.array([None if value is None else str(value) for value in cells], pa.string())
    return pa.array([None if value is None else _text(value) for value in cells], pa.string())


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _sql_type(kind: pa.DataType) -> str:
    import pyarrow as pa

    names = {pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN", pa.date32(): "DATE"}
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP"
    return "TIME" if pa.types.is_time(kind) else names.get(kind, "VARCHAR")
