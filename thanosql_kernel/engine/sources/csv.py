"""Text tables: separator, names and types found by reading the whole file, so that no later line is a surprise.

DuckDB's own sniffer is not asked: it takes a ragged file for one of a single column, types columns by their first
20,480 rows, makes numbers of codes with leading zeros and drops the zone of a time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.connection import SqlFailure
from thanosql_kernel.engine.sources import exact
from thanosql_kernel.engine.sources.csv_lines import sample, with_even_ends
from thanosql_kernel.engine.sources.duck_files import FileRelation, call, literal, storable_names, unreadable
from thanosql_kernel.engine.sources.encoding import as_utf8
from thanosql_kernel.engine.sources.given_types import given_types, held
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.tabular.layout import SAMPLE_LINES, Layout, layout_of
from thanosql_kernel.tabular.names import column_names, renamed
from thanosql_kernel.wording import tables
from thanosql_kernel.wording.tables import TS501

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SAMPLE_ROWS = 10_000
_MAX_LINE_BYTES = 16 << 20


def read_csv(path: Path, reading: Reading, *, separator: str | None = None) -> FileRelation:
    """A csv or tsv file; its first line names the columns unless the options say otherwise.

    Raises:
        DataError: TS501, with the line, when a line has more or fewer values than the first.
    """
    text = as_utf8(path, reading)
    layout = _layout(text, path.name, reading, separator)
    header = layout.header or ("",) * layout.width
    names = column_names(header)
    source = _source(with_even_ends(text, layout.separator, reading), layout, names)
    given = given_types(names, path.name, reading)
    try:
        types, empty = _types(source, [name for name in names if name not in given], reading)
        held(source, given, path.name, reading)
    except SqlFailure as failure:
        raise unreadable(failure, reading, path.name) from failure
    _tell(layout, names, path.name, reading)
    types = dict.fromkeys(names, "VARCHAR") | types | given
    names = _without_empty(header, names, empty, path.name, reading)
    columns = [Column(name, types[name]) for name in names]
    return CsvRelation(source, names, storable_names(columns, reading), reading, path.name)


def _layout(text: Path, what: str, reading: Reading, separator: str | None) -> Layout:
    """How the file is laid out: as the options say, else as its first lines look."""
    options = reading.options
    skip = options.integer("skip") or 0
    stated = (options.text("delimiter") or "").replace("\\t", "\t") or separator
    layout = layout_of(
        sample(text, SAMPLE_LINES + skip),
        separator=stated,
        skip=skip,
        header=options.value("header") is not False,
    )
    if layout is None or not any(name.strip() for name in layout.header or ("rows",)):
        raise reading.error(TS501.NO_HEADER(name=what))
    if _CONTROL.search("".join(layout.header or ())):
        raise reading.error(TS501.NO_TEXT(name=what))
    return layout


def _tell(layout: Layout, names: Sequence[str], what: str, reading: Reading) -> None:
    """Say what was decided that a person might have decided otherwise."""
    notice = reading.work.notice
    if layout.titles:
        notice(tables.TITLES(name=what, titles=" · ".join(layout.titles)))
    if layout.looks_like_values and reading.options.assignment("header") is None:
        notice(tables.NAMES_LIKE_VALUES(name=what, names=", ".join(names)))
    for written, name in renamed(layout.header or ("",) * len(names), names):
        notice(tables.NAME_TAKEN(file=what, name=written, new_name=name))


def _without_empty(
    header: Sequence[str], names: Sequence[str], empty: set[str], what: str, reading: Reading
) -> list[str]:
    """The names but those of columns that have neither a name nor a value: separators at the end of each line."""
    dropped = [name for title, name in zip(header, names, strict=True) if not title.strip() and name in empty]
    if not dropped or len(dropped) == len(names):
        return list(names)
    reading.work.notice(tables.UNNAMED_DROPPED(file=what, columns=", ".join(dropped)))
    return [name for name in names if name not in dropped]


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


def _source(path: Path, layout: Layout, names: Sequence[str]) -> str:
    """The file as a table of text; values in double quotes may hold separators and line breaks."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    options = {
        "auto_detect": "false",
        "header": "false",
        "skip": str(layout.above),
        "delim": literal(layout.separator),
        "quote": "'\"'",
        "escape": "'\"'",
        "max_line_size": str(_MAX_LINE_BYTES),
        "columns": "{" + columns + "}",
    }
    if len(names) > 1:
        return call("read_csv", path, options)
    # A blank line of a table with one column is no row; a row without a value is written as two quotes.
    rows = call("read_csv", path, options | {"allow_quoted_nulls": "false"})
    name = quote(names[0])
    return f"(SELECT nullif({name}, '') AS {name} FROM {rows} WHERE {name} IS NOT NULL)"


def _types(source: str, names: Sequence[str], reading: Reading) -> tuple[Mapping[str, str], set[str]]:
    """Types of columns that are not text, guessed from the first rows and held against all; and columns without values."""
    exact.prepare(reading.duck)
    first_rows = f"(FROM {source} LIMIT {_SAMPLE_ROWS})"
    left, empty = _fitting({name: list(exact.KINDS) for name in names}, first_rows, reading)
    types: dict[str, str] = {}
    while True:
        # The narrowest of each column alone: nearly always it holds, and one pass is all. Ragged lines are found too.
        guessed = {name: kinds[:1] for name, kinds in left.items()}
        held, empty = _fitting(guessed | dict.fromkeys(empty, []), source, reading)
        types |= {name: kinds[0] for name, kinds in held.items()}
        left = {name: kinds[1:] for name, kinds in left.items() if name not in held and kinds[1:]}
        if not left:
            return types, empty


def _fitting(
    candidates: Mapping[str, Sequence[str]], source: str, reading: Reading
) -> tuple[dict[str, list[str]], set[str]]:
    """For each column, which of its candidate types all values have, if any; and columns without values."""
    tests = [(name, kind) for name, kinds in candidates.items() for kind in kinds]
    items = [f"bool_and({exact.condition(kind, quote(name))})" for name, kind in tests]
    items += [f"count({quote(name)})" for name in candidates]
    row = list(
        reading.duck.table(f"SELECT {', '.join([*items, 'count(*)'])} FROM {source}").to_pylist()[0].values()
    )
    found: dict[str, list[str]] = {}
    for (name, kind), fits in zip(tests, row, strict=False):
        if fits:
            found.setdefault(name, []).append(kind)
    counts = zip(candidates, row[len(tests) :], strict=False)
    return found, {name for name, count in counts if not count}
