"""Text tables: separator, names and types found by reading the whole file, so that no later line is a surprise.

DuckDB's own sniffer is not asked: it takes a ragged file for one of a single column, types columns by their first
20,480 rows, and makes numbers of codes with leading zeros.
"""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.connection import SqlFailure
from thanosql_kernel.engine.sources.duck_files import FileRelation, call, literal, storable_names, unreadable
from thanosql_kernel.engine.sources.encoding import as_utf8
from thanosql_kernel.errors import DataError
from thanosql_kernel.sql.identifiers import quote, unique_names

if TYPE_CHECKING:
    from thanosql_kernel.engine.sources.reading import Reading

_SEPARATORS = ",;\t|"
_SAMPLE_LINES = 50
_SAMPLE_ROWS = 10_000
_MAX_LINE_BYTES = 16 << 20

#: Types from the narrowest on, with the condition that every value that is not NULL must meet.
_TYPES = {
    "BIGINT": r"regexp_full_match({0}, '\s*[+-]?(0|[1-9][0-9]{{0,17}})\s*')",
    "DOUBLE": r"regexp_full_match({0}, '\s*[+-]?(0|[1-9][0-9]*|)(\.[0-9]*)?([eE][+-]?[0-9]+)?\s*')"
    " AND TRY_CAST({0} AS DOUBLE) IS NOT NULL",
    "BOOLEAN": "lower({0}) IN ('true', 'false')",
    "DATE": r"regexp_full_match({0}, '[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}')"
    " AND TRY_CAST({0} AS DATE) IS NOT NULL",
    "TIMESTAMP": r"regexp_full_match({0}, '[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}[ T][0-9].*')"
    " AND TRY_CAST({0} AS TIMESTAMP) IS NOT NULL",
}


def read_csv(path: Path, reading: Reading, *, separator: str | None = None) -> FileRelation:
    """A csv or tsv file whose first line names the columns.

    Raises:
        DataError: TS501, with the line, when a line has more or fewer values than the first.
    """
    text = as_utf8(_unpacked(path, reading), reading.temporary, reading.work.at(reading.span))
    sample = _sample(text)
    separator = separator or _separator(sample)
    header = next(csv.reader(sample, delimiter=separator), [])
    if not any(name.strip() for name in header):
        raise DataError(f"{path.name} does not begin with column names", code="TS501", span=reading.span)
    names = unique_names([name.strip() or f"column{at + 1}" for at, name in enumerate(header)])
    source = _source(text, separator, names)
    try:
        types = _types(source, names, reading)
    except SqlFailure as failure:
        raise unreadable(failure, reading, path.name) from failure
    columns = [Column(name, types.get(name, "VARCHAR")) for name in names]
    items = ", ".join(f"CAST({quote(column.name)} AS {column.type})" for column in columns)
    sql = f"SELECT {items} FROM {source}"
    return FileRelation(reading.duck, sql, storable_names(columns, reading), reading, path.name)


def _unpacked(path: Path, reading: Reading) -> Path:
    if path.suffix.lower() != ".gz":
        return path
    copy = reading.temporary / path.stem
    try:
        with gzip.open(path, "rb") as source, open(copy, "wb") as target:
            shutil.copyfileobj(source, target)
    except (OSError, EOFError) as error:
        raise DataError(
            f"{path.name} cannot be unpacked: {error}", code="TS501", span=reading.span
        ) from error
    return copy


def _sample(path: Path) -> list[str]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [line for line, _ in zip(file, range(_SAMPLE_LINES), strict=False)]


def _separator(sample: Sequence[str]) -> str:
    """The separator that splits most lines into as many parts as the first; of several, the one with most parts."""

    def merit(separator: str) -> tuple[float, int]:
        rows = [row for row in csv.reader(sample, delimiter=separator) if row]
        parts = len(rows[0]) if rows else 0
        return (sum(len(row) == parts for row in rows) / len(rows) if parts > 1 else 0.0, parts)

    try:
        return max(_SEPARATORS, key=merit)
    except csv.Error:
        return ","


def _source(path: Path, separator: str, names: Sequence[str]) -> str:
    """The file as a table of text; values in double quotes may hold separators and line breaks."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    options = {
        "auto_detect": "false",
        "header": "true",
        "delim": literal(separator),
        "quote": "'\"'",
        "escape": "'\"'",
        "max_line_size": str(_MAX_LINE_BYTES),
        "columns": "{" + columns + "}",
    }
    return call("read_csv", path, options)


def _types(source: str, names: Sequence[str], reading: Reading) -> dict[str, str]:
    """Types of columns that are not text: guessed from the first rows, then held against all."""
    guessed = _fitting(
        {name: list(_TYPES) for name in names}, f"(FROM {source} LIMIT {_SAMPLE_ROWS})", reading
    )
    if not guessed:
        reading.duck.table(
            f"SELECT count(*) FROM {source}"
        )  # so that ragged lines are found before anything is stored
    fitting = _fitting(guessed, source, reading) if guessed else {}
    return {name: kinds[0] for name, kinds in fitting.items()}


def _fitting(candidates: dict[str, list[str]], source: str, reading: Reading) -> dict[str, list[str]]:
    """For each column, which of its candidate types all values have; columns without values or types are left out."""
    tests = [(name, kind) for name, kinds in candidates.items() for kind in kinds]
    items = ", ".join(f"bool_and({_TYPES[kind].format(quote(name))})" for name, kind in tests)
    row = reading.duck.table(f"SELECT {items} FROM {source}").to_pylist()[0].values()
    found: dict[str, list[str]] = {}
    for (name, kind), fits in zip(tests, row, strict=True):
        if fits:
            found.setdefault(name, []).append(kind)
    return found
