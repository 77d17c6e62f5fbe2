"""Excel and OpenDocument workbooks: the first sheet to be seen that holds anything."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.sources.duck_files import storable_names
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.sql.identifiers import unique_names
from thanosql_kernel.wording import answers
from thanosql_kernel.wording.data import TS501

if TYPE_CHECKING:
    import pyarrow as pa

#: Excel has only doubles: whole numbers from here on are not exact, and no BIGINT says that they are.
_MAX_WHOLE = 2**53
#: A sheet is read into memory; the largest that Excel writes, a million rows of text, unpack to about one GB.
_MAX_UNPACKED_BYTES = 4 << 30


class _Sheet(NamedTuple):
    name: str
    is_visible: bool
    rows: Any


def read_workbook(path: Path, reading: Reading) -> ArrowRelation:
    """The rows of the first visible sheet that is not empty; its first row names the columns.

    Raises:
        DataError: TS501 when it is no workbook or has no sheet with rows.
    """
    import pyarrow as pa

    with abandonable(reading.work.check) as call:
        sheets = _filled_sheets(path, reading, call)
        if not sheets:
            raise reading.error(TS501.EMPTY(name=path.name))
        first = next((sheet for sheet in sheets if sheet.is_visible), sheets[0])
        others = [_shown(sheet) for sheet in sheets if sheet is not first]
        if others:
            reading.work.notice(answers.SHEET_READ(name=first.name, others=", ".join(others)))
        header, *rows = call(first.rows.to_python)
        names = unique_names([str(name).strip() or f"column{at + 1}" for at, name in enumerate(header)])
        arrays = [call(partial(_array, [row[at] for row in rows])) for at in range(len(names))]
    columns = storable_names(
        [Column(name, _sql_type(array.type)) for name, array in zip(names, arrays, strict=True)], reading
    )
    return ArrowRelation(pa.table(arrays, names=[column.name for column in columns]), columns)


def _shown(sheet: _Sheet) -> str:
    return sheet.name if sheet.is_visible else answers.HIDDEN_SHEET(name=sheet.name)


def _filled_sheets(path: Path, reading: Reading, call: Call) -> list[_Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        _check_size(path, reading)
        book = call(lambda: CalamineWorkbook.from_path(str(path)))
        sheets = [
            _Sheet(
                item.name,
                item.visible == SheetVisibleEnum.Visible,
                call(partial(book.get_sheet_by_name, item.name)),
            )
            for item in book.sheets_metadata
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise reading.error(TS501.UNREADABLE(name=path.name, reason=error)) from error
    return [sheet for sheet in sheets if sheet.rows.start is not None]


def _check_size(path: Path, reading: Reading) -> None:
    """Refuse a file that is small on disk and fills the memory."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MAX_UNPACKED_BYTES:
                raise reading.error(TS501.WORKBOOK_TOO_LARGE(name=path.name), hint=TS501.SAVE_AS_CSV())


def _array(values: Sequence[Any]) -> pa.Array:
    """Cells as one Arrow type: whole numbers stay whole (Excel has only floats), mixtures become text."""
    import pyarrow as pa

    cells = [None if value == "" else value for value in values]
    kinds = {type(value) for value in cells if value is not None}
    if kinds and kinds <= {int, float}:
        return _numbers(cells)
    if kinds == {dt.date, dt.datetime}:
        cells = [dt.datetime.combine(v, dt.time()) if type(v) is dt.date else v for v in cells]
        return pa.array(cells, pa.timestamp("us"))
    if len(kinds) == 1 and kinds <= {str, bool, dt.date, dt.datetime, dt.time}:
        return pa.array(cells)
    return pa.array([None if value is None else _text(value) for value in cells], pa.string())


def _numbers(cells: Sequence[float | None]) -> pa.Array:
    import pyarrow as pa

    whole = all(v is None or (float(v).is_integer() and abs(v) < _MAX_WHOLE) for v in cells)
    if whole:
        return pa.array([None if v is None else int(v) for v in cells], pa.int64())
    return pa.array([None if v is None else float(v) for v in cells], pa.float64())


def _text(value: Any) -> str:
    """A cell as Excel shows it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < _MAX_WHOLE:
        return str(int(value))
    return str(value)


def _sql_type(kind: pa.DataType) -> str:
    import pyarrow as pa

    names = {pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN", pa.date32(): "DATE"}
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP"
    return "TIME" if pa.types.is_time(kind) else names.get(kind, "VARCHAR")
