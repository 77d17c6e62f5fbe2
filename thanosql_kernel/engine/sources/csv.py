"""Text tables: separator, names and types found by reading the whole file, so that no later line is a surprise.

DuckDB's own sniffer is not asked: it takes a ragged file for one of a single column, types columns by their first
20,480 rows, makes numbers of codes with leading zeros and drops the zone of a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.connection import SqlFailure
from thanosql_kernel.engine.sources import exact
from thanosql_kernel.engine.sources.csv_lines import records, sample, separator_of, with_even_ends
from thanosql_kernel.engine.sources.duck_files import FileRelation, call, literal, storable_names, unreadable
from thanosql_kernel.engine.sources.encoding import as_utf8
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.sql.identifiers import quote, unique_names
from thanosql_kernel.wording.data import TS501

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SAMPLE_ROWS = 10_000
_MAX_LINE_BYTES = 16 << 20


def read_csv(path: Path, reading: Reading, *, separator: str | None = None) -> FileRelation:
    """A csv or tsv file whose first line names the columns.

    Raises:
        DataError: TS501, with the line, when a line has more or fewer values than the first.
    """
    text = as_utf8(path, reading)
    beginning = sample(text)
    separator = separator or separator_of(beginning)
    header = next(records(beginning, separator), [])
    if not any(name.strip() for name in header):
        raise reading.error(TS501.NO_HEADER(name=path.name))
    if _CONTROL.search("".join(header)):
        raise reading.error(TS501.NO_TEXT(name=path.name))
    names = unique_names([name.strip() or f"column{at + 1}" for at, name in enumerate(header)])
    source = _source(with_even_ends(text, separator, reading), separator, names)
    try:
        types = _types(source, names, reading)
    except SqlFailure as failure:
        raise unreadable(failure, reading, path.name) from failure
    columns = [Column(name, types.get(name, "VARCHAR")) for name in names]
    return CsvRelation(source, names, storable_names(columns, reading), reading, path.name)


class CsvRelation(FileRelation):
    """The rows of a text table.

    Args:
        source: SQL that gives the texts.
        names: What the columns are called in it.
        columns: What they are called here, and their types.
        reading: The COPY.
        what: What to call the file in errors.
    """

    def __init__(
        self, source: str, names: Sequence[str], columns: Sequence[Column], reading: Reading, what: str
    ) -> None:
        items = (
            f"CAST({quote(name)} AS {column.type}) AS {quote(name)}"
            for name, column in zip(names, columns, strict=True)
        )
        super().__init__(reading.duck, f"SELECT {', '.join(items)} FROM {source}", columns, reading, what)
        self._source = source
        self._source_names = names

    def as_written(self, names: Sequence[str]) -> CsvRelation:
        """The rows with the texts of these columns, as ``1.50`` or ``TRUE``."""
        wanted = {name.lower() for name in names}
        columns = [replace(c, type="VARCHAR") if c.name.lower() in wanted else c for c in self.columns]
        return CsvRelation(self._source, self._source_names, columns, self.reading, self.what)


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
    exact.prepare(reading.duck)
    first_rows = f"(FROM {source} LIMIT {_SAMPLE_ROWS})"
    left = _fitting({name: list(exact.KINDS) for name in names}, first_rows, reading)
    types: dict[str, str] = {}
    while True:
        # The narrowest of each column alone: nearly always it holds, and one pass is all. Ragged lines are found too.
        guessed = {name: kinds[:1] for name, kinds in left.items()}
        held = _fitting(guessed, source, reading)
        types |= {name: kinds[0] for name, kinds in held.items()}
        left = {name: kinds[1:] for name, kinds in left.items() if name not in held and kinds[1:]}
        if not left:
            return types


def _fitting(candidates: dict[str, list[str]], source: str, reading: Reading) -> dict[str, list[str]]:
    """For each column, which of its candidate types all values have; columns without values or types are left out."""
    tests = [(name, kind) for name, kinds in candidates.items() for kind in kinds]
    items = [f"bool_and({exact.condition(kind, quote(name))})" for name, kind in tests]
    row = (
        reading.duck.table(f"SELECT {', '.join([*items, 'count(*)'])} FROM {source}").to_pylist()[0].values()
    )
    found: dict[str, list[str]] = {}
    for (name, kind), fits in zip(tests, row, strict=False):
        if fits:
            found.setdefault(name, []).append(kind)
    return found
