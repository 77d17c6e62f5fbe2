"""Parquet files: what DuckDB's reader would change is cast back, told or refused, as pyarrow tells the columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from thanosql_kernel.engine.sources.duck_files import FileRelation, call, file_rows
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.wording import tables
from thanosql_kernel.wording.tables import TS501

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_MOST_DIGITS = 38
_ELEMENTS = {"float": "FLOAT", "double": "DOUBLE", "halffloat": "FLOAT"}


def read_parquet(path: Path, reading: Reading) -> FileRelation:
    """A parquet file; lists of one length, as vectors are, keep it.

    Raises:
        DataError: TS501, it cannot be read, or holds numbers of more digits than any type here.
    """
    with abandonable(reading.work.check) as opened:
        file = opened(lambda: _opened(path))
    casts = []
    for column in file.schema_arrow if file is not None else ():
        _check(column, path.name, reading)
        if (kind := _vector_type(column.type)) is not None:
            casts.append(f"CAST({quote(column.name)} AS {kind}) AS {quote(column.name)}")
    if file is not None:
        _tell_of_old_times(file, path.name, reading)
    replaced = f" REPLACE ({', '.join(casts)})" if casts else ""
    return file_rows(f"SELECT *{replaced} FROM {call('read_parquet', [path], {})}", reading, path.name)


def _opened(path: Path) -> pq.ParquetFile | None:
    """What the file says of itself; None if it is damaged, which DuckDB tells."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError):
        return None


def _check(column: pa.Field, what: str, reading: Reading) -> None:
    import pyarrow as pa

    for kind in _parts(column.type):
        if pa.types.is_decimal(kind) and kind.precision > _MOST_DIGITS:
            message = TS501.TOO_MANY_DIGITS(file=what, name=column.name, digits=kind.precision)
            raise reading.error(message, hint=TS501.CAST_FIRST())
        if pa.types.is_duration(kind):
            reading.work.notice(tables.DURATIONS(file=what, name=column.name, unit=kind.unit))
        if pa.types.is_time64(kind) and kind.unit == "ns":
            reading.work.notice(tables.FINE_TIMES(file=what, name=column.name))


def _parts(kind: pa.DataType) -> Iterator[pa.DataType]:
    """A type and the types in it."""
    yield kind
    for at in range(kind.num_fields):
        yield from _parts(kind.field(at).type)


def _vector_type(kind: pa.DataType) -> str | None:
    import pyarrow as pa

    if not pa.types.is_fixed_size_list(kind):
        return None
    element = _ELEMENTS.get(str(kind.value_type))
    return f"{element}[{kind.list_size}]" if element else None


def _tell_of_old_times(file: pq.ParquetFile, what: str, reading: Reading) -> None:
    columns = (file.schema.column(at) for at in range(len(file.schema)))
    if names := [column.path for column in columns if column.physical_type == "INT96"]:
        reading.work.notice(tables.OLD_TIMES(file=what, names=", ".join(names)))
