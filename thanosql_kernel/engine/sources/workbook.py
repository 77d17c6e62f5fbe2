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
from thanosql_kernel.engine.sources.workbook_parts import is_encrypted, tell_of_lost
from thanosql_kernel.errors import DataError, nearest
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.tabular.layout import SAMPLE_LINES, titles
from thanosql_kernel.tabular.names import column_names, renamed
from thanosql_kernel.wording import answers, tables
from thanosql_kernel.wording.tables import TS501

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
    """The rows of a sheet: the one that the options name, else the first visible one that is not empty.

    Its first row names the columns, titles above it left out, unless the options say otherwise.

    Raises:
        DataError: TS501 when it is no workbook, needs a password, or has no such sheet or none with rows.
    """
    import pyarrow as pa

    with abandonable(reading.work.check) as call:
        sheet = _chosen(_sheets(path, reading, call), path, reading)
        header, rows = _cut(call(sheet.rows.to_python), path.name, reading)
        call(lambda: tell_of_lost(path, sheet.name, reading.work.notice))
        names = column_names(header)
        for written, name in renamed(header, names):
            reading.work.notice(tables.NAME_TAKEN(file=path.name, name=written, new_name=name))
        arrays = [call(partial(_array, [row[at] for row in rows])) for at in range(len(names))]
    filled = [at for at, array in enumerate(arrays) if header[at] or array.null_count < len(array)]
    if left_out := [names[at] for at in range(len(names)) if at not in filled]:
        reading.work.notice(tables.UNNAMED_DROPPED(file=path.name, columns=", ".join(left_out)))
    columns = storable_names([Column(names[at], _sql_type(arrays[at].type)) for at in filled], reading)
    return ArrowRelation(pa.table([arrays[at] for at in filled], names=[it.name for it in columns]), columns)


def _chosen(sheets: Sequence[_Sheet], path: Path, reading: Reading) -> _Sheet:
    """The sheet to read; says which were not."""
    wanted = reading.options.value("sheet")
    if wanted is not None:
        return _named(wanted, sheets, path, reading)
    filled = [sheet for sheet in sheets if sheet.rows.start is not None]
    if not filled:
        raise reading.error(TS501.EMPTY(name=path.name))
    first = next((sheet for sheet in filled if sheet.is_visible), filled[0])
    if others := [_shown(sheet) for sheet in filled if sheet is not first]:
        reading.work.notice(answers.SHEET_READ(name=first.name, others=", ".join(others)))
    return first


def _named(wanted: object, sheets: Sequence[_Sheet], path: Path, reading: Reading) -> _Sheet:
    """The sheet of that name, or that number from 1 on."""
    if isinstance(wanted, int):
        found = sheets[wanted - 1] if wanted <= len(sheets) else None
    else:
        found = next((sheet for sheet in sheets if sheet.name.casefold() == str(wanted).casefold()), None)
    if found is None:
        names = ", ".join(sheet.name for sheet in sheets)
        raise DataError(
            TS501.NO_SHEET(file=path.name, sheet=wanted),
            span=reading.options.given_span("sheet"),
            hint=TS501.SHEETS(names=names),
            meant=nearest(str(wanted), [sheet.name for sheet in sheets]),
        )
    if found.rows.start is None:
        raise reading.error(TS501.EMPTY_SHEET(file=path.name, sheet=found.name))
    return found


def _cut(rows: list[list[Any]], what: str, reading: Reading) -> tuple[list[str], list[list[Any]]]:
    """The names as they are written, and the rows below them that hold anything."""
    rows = rows[skip:] if (skip := reading.options.integer("skip") or 0) else rows
    is_named = reading.options.value("header") is not False
    if is_named and not skip:
        above = titles([[_text(value).strip() for value in row] for row in rows[:SAMPLE_LINES]])
        said = [" ".join(_text(value) for value in row if value != "") for row in rows[:above]]
        if any(said):
            reading.work.notice(tables.TITLES(name=what, titles=" · ".join(filter(None, said))))
        rows = rows[above:]
    rows = [row for row in rows if any(value != "" for value in row)]
    if not rows:
        raise reading.error(TS501.EMPTY(name=what))
    if not is_named:
        return [""] * len(rows[0]), rows
    return [_text(value).strip() for value in rows[0]], rows[1:]


def _shown(sheet: _Sheet) -> str:
    return sheet.name if sheet.is_visible else answers.HIDDEN_SHEET(name=sheet.name)


def _sheets(path: Path, reading: Reading, call: Call) -> list[_Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        _check_size(path, reading)
        book = call(lambda: CalamineWorkbook.from_path(str(path)))
        return [
            _Sheet(
                item.name,
                item.visible == SheetVisibleEnum.Visible,
                call(partial(book.get_sheet_by_name, item.name)),
            )
            for item in book.sheets_metadata
        ]
    except (CalamineError, OSError, ValueError) as error:
        if call(lambda: is_encrypted(path)):
            raise reading.error(TS501.PASSWORD(name=path.name), hint=TS501.SAVE_WITHOUT()) from error
        raise reading.error(TS501.UNREADABLE(name=path.name, reason=error)) from error


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
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, float) and value.is_integer() and abs(value) < _MAX_WHOLE:
        return str(int(value))
    return str(value)


def _sql_type(kind: pa.DataType) -> str:
    import pyarrow as pa

    names = {pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN", pa.date32(): "DATE"}
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP"
    return "TIME" if pa.types.is_time(kind) else names.get(kind, "VARCHAR")
