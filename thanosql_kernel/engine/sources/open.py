"""What COPY reads: table files, media folders, JSON texts, and URLs of table files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.sources import download
from thanosql_kernel.engine.sources.csv import read_csv
from thanosql_kernel.engine.sources.duck_files import FileRelation, read_json, read_parquet
from thanosql_kernel.engine.sources.media import list_media
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.engine.sources.workbook import read_workbook
from thanosql_kernel.errors import DataError, Span, Unsupported, did_you_mean

_PICKLES = frozenset((".pkl", ".pickle", ".p", ".joblib", ".npy", ".pt", ".pth"))
_COMPRESSED = (".gz",)
_READERS: dict[str, Callable[[Path, Reading], FileRelation]] = {
    ".csv": lambda path, reading: read_csv(path, reading),
    ".txt": lambda path, reading: read_csv(path, reading),
    ".tsv": lambda path, reading: read_csv(path, reading, separator="\t"),
    ".tab": lambda path, reading: read_csv(path, reading, separator="\t"),
    ".json": lambda path, reading: read_json(path, reading),
    ".jsonl": lambda path, reading: read_json(path, reading),
    ".ndjson": lambda path, reading: read_json(path, reading),
    ".parquet": lambda path, reading: read_parquet(path, reading),
    ".pq": lambda path, reading: read_parquet(path, reading),
}
_WORKBOOKS = frozenset((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"))


def read_source(source: str, reading: Reading) -> Relation:
    """The rows of a file, a media folder, a JSON text or a URL; big files are streamed when they are read.

    Raises:
        DataError: TS500 not there, TS501 cannot be read, TS502 the network.
        Unsupported: TS600 a format that is not known, TS601 one that would run code.
    """
    if source.lstrip()[:1] in ("[", "{"):
        return _read_json_text(source, reading)
    if download.is_url(source):
        _refuse_unsafe(_suffix(Path(source.split("?")[0])), reading.span)
        path = download.fetch(source, reading.temporary, reading.work.at(reading.span))
        return _read_file(path, reading)
    path = reading.work.folder / Path(source).expanduser()
    if path.is_dir():
        return _read_folder(path, source, reading)
    if not path.exists():
        raise _missing(path, source, reading.span)
    return _read_file(path, reading)


def _read_file(path: Path, reading: Reading) -> Relation:
    suffix = _suffix(path)
    _refuse_unsafe(suffix, reading.span)
    try:
        if path.stat().st_size == 0:
            raise DataError(f"{path.name} is empty", code="TS501", span=reading.span)
        if suffix in _WORKBOOKS:
            return read_workbook(path, reading)
        if suffix in _READERS:
            return _READERS[suffix](path, reading)
    except PermissionError as error:
        raise DataError(f"{path.name} may not be read", code="TS501", span=reading.span) from error
    known = "csv, tsv, json, jsonl, parquet, xlsx, xls or a folder of media files"
    raise Unsupported(
        f"files that end in {suffix or 'nothing'} cannot be read",
        span=reading.span,
        hint=f"COPY takes {known}",
    )


def _suffix(path: Path) -> str:
    """The ending in lower case; the one before ``.gz`` for compressed files."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in _COMPRESSED else suffix


def _refuse_unsafe(suffix: str, span: Span) -> None:
    if suffix in _PICKLES:
        raise Unsupported(
            f"{suffix} files are refused: opening one runs code from it",
            code="TS601",
            span=span,
            hint="save it as parquet where it was made, e.g. DataFrame.to_parquet('data.parquet')",
        )


def _read_json_text(text: str, reading: Reading) -> Relation:
    path = reading.temporary / "records.json"
    path.write_text(text, "utf-8")
    return read_json(path, reading, what="the JSON text")


def _read_folder(folder: Path, written: str, reading: Reading) -> Relation:
    import pyarrow as pa

    name, paths = list_media(folder, written, reading.work.at(reading.span))
    return ArrowRelation(pa.table({name: pa.array(paths, pa.string())}), [Column(name, "VARCHAR")])


def _missing(path: Path, written: str, span: Span) -> DataError:
    """TS500 with the nearest name beside it, or the part of the path that does exist."""
    parent = path.parent
    if not parent.is_dir():
        return DataError(
            f"there is no file or folder {written}",
            code="TS500",
            span=span,
            hint=f"there is no folder {parent.name}",
        )
    with os.scandir(parent) as entries:
        names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    prefix = written[: len(written) - len(path.name)] if written.endswith(path.name) else ""
    close = did_you_mean(path.name, names)
    hint = (
        close.replace("did you mean ", f"did you mean {prefix}")
        if close
        else f"relative paths start in {parent}"
    )
    return DataError(f"there is no file or folder {written}", code="TS500", span=span, hint=hint)
