"""Tables as files: csv, tsv, json and jsonl as DuckDB writes them, parquet as pyarrow does. All are streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from thanosql_kernel.engine.export.stream import Outgoing
from thanosql_kernel.interrupts import run_interruptibly
from thanosql_kernel.sql.identifiers import quote

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: Excel takes a csv for UTF-8, Korean text included, only if it begins with this.
BYTE_ORDER_MARK = "\ufeff"
_SEPARATORS = {"csv": ",", "tsv": "\t"}
_GROUP_ROWS = 1 << 17
_GROUP_BYTES = 64 << 20


def write_table(outgoing: Outgoing, file: Path, format: str) -> int:
    """Write rows to a file; returns how many.

    Args:
        outgoing: The rows.
        file: Where to; its folder is the only place that the writing connection may touch.
        format: csv, tsv, json, jsonl or parquet.

    Raises:
        OSError: The file cannot be written.
        Interrupted: The user asked to stop.
    """
    if format == "parquet":
        return _write_parquet(outgoing, file)
    batches = outgoing.batches()
    first = next(batches, None)
    if first is None:
        separator = _SEPARATORS.get(format)
        empty = header(outgoing.schema.names, separator) if separator else "[]\n" if format == "json" else ""
        file.write_text(empty, "utf-8", newline="")
    else:
        _write_by_duckdb(outgoing, chain([first], batches), file, format)
    return outgoing.count


def header(names: list[str], separator: str) -> str:
    """The first line of a csv, with the mark that Excel needs."""
    line = io.StringIO()
    csv.writer(line, delimiter=separator, lineterminator="\n").writerow(names)
    return BYTE_ORDER_MARK + line.getvalue()


def _write_by_duckdb(outgoing: Outgoing, batches: Iterator[pa.RecordBatch], file: Path, format: str) -> None:
    import duckdb
    import pyarrow as pa

    connection = _connect(file.parent)

    def cancel() -> None:
        connection.interrupt()
        outgoing.stop()

    try:
        # A relation's names are unique; DuckDB would take others for one.
        names = [f"c{at}" for at in range(len(outgoing.schema))]
        schema = pa.schema(
            [field.with_name(name) for name, field in zip(names, outgoing.schema, strict=True)]
        )
        renamed = (pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in batches)
        connection.register("_rows", pa.RecordBatchReader.from_batches(schema, renamed))
        sql = _copy_sql(outgoing.schema, file, format)
        run_interruptibly(
            lambda: connection.execute(sql),
            check=outgoing.check,
            cancel=cancel,
        )
    except duckdb.Error as error:
        if outgoing.error is not None:
            raise outgoing.error from None
        raise OSError(str(error).splitlines()[0]) from error
    finally:
        connection.close()


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection that can write into the folder and do nothing else with files."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        # DuckDB 2.0 waits for itself for ever where a COPY is interrupted that writes in threads of its own.
        "async_threads": 0,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
    }
    connection = duckdb.connect(":memory:", config=config)
    connection.execute(f"SET allowed_directories = [{_literal(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    return connection


def _copy_sql(schema: pa.Schema, file: Path, format: str) -> str:
    separator = _SEPARATORS.get(format)
    item = _csv_item if separator else _json_item
    items = ", ".join(
        f"{item(f'c{at}', field.type)} AS {quote(field.name)}" for at, field in enumerate(schema)
    )
    if separator:
        options = (
            f"FORMAT csv, HEADER false, DELIM {_literal(separator)}, "
            f"PREFIX {_literal(header(schema.names, separator))}, SUFFIX '\n'"
        )
    else:
        options = f"FORMAT json, ARRAY {str(format == 'json').lower()}"
    return f"COPY (SELECT {items} FROM _rows) TO {_literal(str(file))} ({options})"


def _csv_item(value: str, kind: pa.DataType) -> str:
    """What stands in a cell: lists, structs and maps as JSON."""
    import pyarrow as pa

    return f"CAST(to_json({_json_item(value, kind)}) AS VARCHAR)" if pa.types.is_nested(kind) else value


def _json_item(value: str, kind: pa.DataType, depth: int = 0) -> str:
    """The value with NULL for what JSON lacks, NaN and infinity."""
    import pyarrow as pa

    types = pa.types
    if types.is_floating(kind):
        return f"CASE WHEN isfinite({value}) THEN {value} END"
    if not types.is_nested(kind) or not _holds_floats(kind):
        return value
    name = f"x{depth}"
    if types.is_map(kind):
        inner = _json_item(name, kind.item_type, depth + 1)
        return f"map(map_keys({value}), list_transform(map_values({value}), lambda {name}: {inner}))"
    if types.is_struct(kind):
        parts = [(field, f"struct_extract({value}, {_literal(field.name)})") for field in kind]
        items = (f"{quote(field.name)} := {_json_item(part, field.type, depth)}" for field, part in parts)
        fields = ", ".join(items)
        return f"CASE WHEN {value} IS NOT NULL THEN struct_pack({fields}) END"
    if types.is_union(kind):
        return value
    return f"list_transform({value}, lambda {name}: {_json_item(name, kind.value_type, depth + 1)})"


def _holds_floats(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_floating(kind):
        return True
    return any(_holds_floats(kind.field(at).type) for at in range(kind.num_fields))


def _write_parquet(outgoing: Outgoing, file: Path) -> int:
    """Row groups of a size that readers like, not one a batch; one is written while the next is read."""
    import pyarrow.parquet

    with (
        pyarrow.parquet.ParquetWriter(file, outgoing.schema) as writer,
        ThreadPoolExecutor(1, "thanosql-parquet") as thread,
    ):
        written: Future[None] | None = None
        for group in _groups(outgoing.batches()):
            if written is not None:
                written.result()
            written = thread.submit(writer.write_table, group)
        if written is not None:
            written.result()
    return outgoing.count


def _groups(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows in pieces of `_GROUP_ROWS` or `_GROUP_BYTES`, whichever is less."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        held.append(batch)
        rows, size = rows + len(batch), size + batch.nbytes
        if rows >= _GROUP_ROWS or size >= _GROUP_BYTES:
            yield pa.Table.from_batches(held)
            held, rows, size = [], 0, 0
    if held:
        yield pa.Table.from_batches(held)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
