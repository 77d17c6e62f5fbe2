"""EXPORT's work: rows to files that other programs read, whole or not at all."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Span, UnknownName, did_you_mean
from thanosql_kernel.images.decode import UnreadableImage
from thanosql_kernel.images.thumbnail import data_uri
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.sql.identifiers import unique_names

if TYPE_CHECKING:
    import pyarrow as pa

#: Excel takes a csv for UTF-8, Korean text included, only if it begins with this.
_BYTE_ORDER_MARK = "\ufeff"
_IMAGE_NAMES = ("image_path", "image", "filepath", "path")
_THUMBNAIL_PX = 160
_RECORDS_AT_ONCE = 1000
_PICTURE_COPY = re.compile(r"\d{4,}_.+", re.DOTALL)

Advance = Callable[[int], None]
"""Told of rows that are done; raises `Interrupted` when the user asked to stop."""


class Exported(NamedTuple):
    """What was written: how many rows, and how many pictures of them could not be copied."""

    rows: int
    missing: int = 0


def export(
    rows: Relation,
    target: Path,
    *,
    format: str,
    image_column: str | None,
    overwrite: bool,
    work: Work,
) -> Exported:
    """Write rows to ``target``.

    Args:
        rows: What to write.
        target: The file or, for the format "folder", the folder.
        format: csv, tsv, parquet, json, jsonl, html or folder.
        image_column: The column with picture paths, for html and folder; guessed when None.
        overwrite: Whether something that is there already may be replaced.
        work: Finds pictures by the paths in the rows.

    Raises:
        DataError: TS504 when the target exists or cannot be written.
        UnknownName: TS202 when there is no such picture column.
    """
    _check_free(target, overwrite, work.span, is_folder=format == "folder")
    images = _image_column(rows, image_column, work.span)
    with work.progress("EXPORT", None, "rows") as bar:

        def advance(count: int) -> None:
            work.check()
            bar.advance(count)

        try:
            return _export(rows, target, format, images, work, advance)
        except OSError as error:
            reason = error.strerror or str(error)
            raise DataError(
                f"{target.name} cannot be written: {reason}", code="TS504", span=work.span
            ) from error


def _export(
    rows: Relation, target: Path, format: str, images: str | None, work: Work, advance: Advance
) -> Exported:
    target.parent.mkdir(parents=True, exist_ok=True)
    with _whole(target, is_folder=format == "folder") as unfinished:
        batches = rows.batches()
        if format == "parquet":
            return Exported(_write_parquet(batches, unfinished, advance))
        records = _records(batches, advance)
        with abandonable(work.check) as call:
            if format == "folder":
                return _write_folder(rows, records, unfinished, images, work.paths, call)
            with unfinished.open("w", encoding="utf-8", newline="") as stream:
                return Exported(_write_text(rows, records, stream, format, images, work.paths, call))


def _check_free(target: Path, overwrite: bool, span: Span | None, *, is_folder: bool) -> None:
    """Refuse to replace what is there, unless the user said so; never a folder with files that EXPORT did not write."""
    if not target.exists() or (is_folder and target.is_dir() and not any(target.iterdir())):
        return
    hint: str | None = "OPTIONS(overwrite=True) replaces it"
    message = f"{target.name or target} exists already"
    if target.is_dir() and not (is_folder and _is_export(target)):
        message, hint = f"{target.name or target} is a folder with files of its own", "choose another name"
    elif overwrite:
        return
    raise DataError(message, code="TS504", span=span, hint=hint)


def _is_export(folder: Path) -> bool:
    """Whether a folder holds what EXPORT writes and nothing else."""
    names = [path.name for path in folder.iterdir()]
    return "rows.csv" in names and all(name == "rows.csv" or _PICTURE_COPY.fullmatch(name) for name in names)


@contextmanager
def _whole(target: Path, *, is_folder: bool) -> Iterator[Path]:
    """A path beside ``target`` that takes its place if the block ends well and is removed if not."""
    scratch = Path(tempfile.mkdtemp(prefix=".export-", dir=target.parent))
    unfinished = scratch / target.name
    try:
        if is_folder:
            unfinished.mkdir()
        yield unfinished
        if is_folder and target.exists():
            os.replace(target, scratch / "replaced")
        os.replace(unfinished, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _image_column(rows: Relation, stated: str | None, span: Span | None) -> str | None:
    by_name = {name.lower(): name for name in rows.names}
    if stated is not None and stated.lower() not in by_name:
        raise UnknownName(
            f"no column named {stated}", code="TS202", span=span, hint=did_you_mean(stated, rows.names)
        )
    wanted = (stated,) if stated is not None else _IMAGE_NAMES
    return next((by_name[name.lower()] for name in wanted if name.lower() in by_name), None)


def _write_parquet(batches: pa.RecordBatchReader, file: Path, advance: Advance) -> int:
    import pyarrow.parquet

    count = 0
    with pyarrow.parquet.ParquetWriter(file, batches.schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
            advance(batch.num_rows)
            count += batch.num_rows
    return count


def _records(batches: pa.RecordBatchReader, advance: Advance) -> Iterator[dict[str, Any]]:
    for batch in batches:
        for start in range(0, batch.num_rows, _RECORDS_AT_ONCE):
            for record in batch.slice(start, _RECORDS_AT_ONCE).to_pylist():
                yield record
                advance(1)


def _write_text(
    rows: Relation,
    records: Iterator[dict[str, Any]],
    stream: TextIO,
    format: str,
    images: str | None,
    paths: PathFinder,
    call: Call,
) -> int:
    if format in ("csv", "tsv"):
        return _write_csv(rows.names, records, stream, "," if format == "csv" else "\t")
    if format == "html":
        return _write_html(rows.columns, records, stream, images, paths, call)
    return _write_json(records, stream, lines=format == "jsonl")


def _write_csv(names: list[str], records: Iterator[dict[str, Any]], stream: TextIO, delimiter: str) -> int:
    import csv

    stream.write(_BYTE_ORDER_MARK)
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    count = 0
    for record in records:
        writer.writerow([_csv_value(record[name]) for name in names])
        count += 1
    return count


def _csv_value(value: object) -> object:
    return _json(value) if isinstance(value, (list, dict)) else value


def _write_json(records: Iterator[dict[str, Any]], stream: TextIO, *, lines: bool) -> int:
    count = 0
    for record in records:
        before = "" if lines else ",\n" if count else "[\n"
        stream.write(f"{before}{_json(record)}" + ("\n" if lines else ""))
        count += 1
    if not lines:
        stream.write("\n]\n" if count else "[]\n")
    return count


def _json(value: object) -> str:
    """JSON; it has no NaN and no infinity, null stands for them."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_plain)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> object:
    """What JSON has no form for, as text."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


_PAGE = """<!doctype html>
<meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif}}table{{border-collapse:collapse}}
td,th{{border-bottom:1px solid #ccc;padding:4px 10px;text-align:left}}</style>
<table><thead><tr>{head}</tr></thead><tbody>
"""


def _write_html(
    columns: tuple[Column, ...],
    records: Iterator[dict[str, Any]],
    stream: TextIO,
    images: str | None,
    paths: PathFinder,
    call: Call,
) -> int:
    shown = [column.name for column in columns if not column.type.endswith("]")]
    head = "".join(f"<th>{escape(name)}</th>" for name in shown)
    stream.write(_PAGE.format(title="ThanoSQL", head=head))
    count = 0
    for record in records:
        cells = "".join(
            f"<td>{_html_value(record[name], paths if name == images else None, call)}</td>" for name in shown
        )
        stream.write(f"<tr>{cells}</tr>\n")
        count += 1
    stream.write("</tbody></table>\n")
    return count


def _html_value(value: object, paths: PathFinder | None, call: Call) -> str:
    """A value, escaped; a path with its picture when ``paths`` can find it."""
    if value is None:
        return "<i>NULL</i>"
    text = escape(str(value))
    if paths is None:
        return text
    try:
        picture = call(lambda: data_uri(paths.find(str(value)), side_px=_THUMBNAIL_PX))
        return f'<img src="{picture}" alt="{text}"><br>{text}'
    except UnreadableImage as error:
        return f"{text} ({escape(str(error))})"


def _write_folder(
    rows: Relation,
    records: Iterator[dict[str, Any]],
    target: Path,
    images: str | None,
    paths: PathFinder,
    call: Call,
) -> Exported:
    """Copies of the pictures, numbered in row order, and ``rows.csv`` with their names in its first column."""
    name_column = unique_names([*rows.names, "file"])[-1]
    missing = 0

    def with_copies() -> Iterator[dict[str, Any]]:
        nonlocal missing
        for number, record in enumerate(records, start=1):
            path = record.get(images) if images else None
            copy = None
            if path is not None:
                source = paths.find(str(path))
                copy = call(partial(_copy_picture, source, target / f"{number:04d}_{source.name}"))
            missing += path is not None and copy is None
            yield {**record, name_column: copy}

    with (target / "rows.csv").open("w", encoding="utf-8", newline="") as stream:
        count = _write_csv([name_column, *rows.names], with_copies(), stream, ",")
    return Exported(count, missing)


def _copy_picture(source: Path, target: Path) -> str | None:
    """Copy a picture; the name of the copy, None if there is nothing to copy."""
    try:
        with source.open("rb") as original, target.open("wb") as copy:
            shutil.copyfileobj(original, copy)
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        return None
    return target.name
