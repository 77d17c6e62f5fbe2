"""Text tables: separator, names and types found by reading the whole file, so that no later line is a surprise.

DuckDB's own sniffer is not asked: it takes a ragged file for one of a single column, types columns by their first
20,480 rows, makes numbers of codes with leading zeros and drops the zone of a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.connection import SqlFailure
from thanosql_kernel.engine.sources import exact
from thanosql_kernel.engine.sources.csv_lines import sample, with_even_ends
from thanosql_kernel.engine.sources.duck_files import FileRelation, call, literal, storable_names, unreadable
from thanosql_kernel.engine.sources.encoding import as_utf8
from thanosql_kernel.engine.sources.given_types import given_types, held
from thanosql_kernel.engine.sources.packed import unpacked_file
from thanosql_kernel.engine.sources.reading import Named, Reading, tell_missing
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.sql.identifiers import quote, unique_names
from thanosql_kernel.tabular.layout import SAMPLE_LINES, Layout, layout_of
from thanosql_kernel.tabular.names import column_names, renamed
from thanosql_kernel.wording import tables
from thanosql_kernel.wording.tables import TS501

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_FEW_ROWS, _SAMPLE_ROWS = 200, 10_000
_MAX_LINE_BYTES = 16 << 20
_FILE = "_thanosql_file"


class _File(NamedTuple):
    """A file in UTF-8 whose lines end alike, how it is laid out, and what its columns are called."""

    name: str
    text: Path
    layout: Layout
    header: tuple[str, ...]
    names: tuple[str, ...]


def read_csv(files: Sequence[Named], reading: Reading) -> FileRelation:
    """Csv and tsv files as one table, columns by name; the first line names them unless the options say otherwise.

    ``filename=True`` adds a column with the file of each row.

    Raises:
        DataError: TS501, with the line, when a line has more or fewer values than the first.
    """
    prepared = _prepared(files, reading)
    names = _names(prepared)
    shown = unique_names([*names, "filename"])[-1] if reading.options.flag("filename") else None
    source = _source(prepared, names, shown)
    given = given_types(names, files[0].name, reading)
    try:
        types, empty = _types(source, [name for name in names if name not in given], reading)
        held(source, given, files[0].name, reading)
    except SqlFailure as failure:
        raise unreadable(failure, reading, _blamed(failure, prepared)) from failure
    types = dict.fromkeys(names, "VARCHAR") | types | given
    names = _without_empty(prepared, names, empty, reading)
    columns = [*(Column(name, types[name]) for name in names), *([Column(shown, "VARCHAR")] if shown else ())]
    return CsvRelation(source, names, storable_names(columns, reading), reading, prepared)


def _prepared(files: Sequence[Named], reading: Reading) -> list[_File]:
    """The files made ready for DuckDB one after the other, each with a folder of its own for copies."""
    if len(files) == 1:
        return [_file(files[0], reading)]
    with reading.of_each(files) as each:
        prepared = [_file(file, own) for file, own in each]
    tell_missing([(file.name, file.names) for file in prepared], reading.work.notice)
    return prepared


def _file(file: Named, reading: Reading) -> _File:
    path = unpacked_file(file.path, reading)
    what, text = path.name, as_utf8(path, reading)
    layout = _layout(text, what, reading, "\t" if path.suffix.lower() in (".tsv", ".tab") else None)
    header = layout.header or ("",) * layout.width
    names = column_names(header)
    _tell(layout, names, what, reading)
    return _File(file.name, with_even_ends(text, layout.separator, reading), layout, header, tuple(names))


def _names(files: Sequence[_File]) -> list[str]:
    """The names of all files, in the order in which they are met."""
    names: dict[str, str] = {}
    for file in files:
        for name in file.names:
            names.setdefault(name.lower(), name)
    return list(names.values())


def _blamed(failure: SqlFailure, files: Sequence[_File]) -> str:
    """The name of the file that a failure is about."""
    return next((file.text.name for file in files if str(file.text) in failure.message), files[0].text.name)


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


def _without_empty(files: Sequence[_File], names: list[str], empty: set[str], reading: Reading) -> list[str]:
    """The names but those of columns that have neither a name nor a value: separators at the end of each line."""
    titled = {
        name for file in files for title, name in zip(file.header, file.names, strict=True) if title.strip()
    }
    dropped = [name for name in names if name in empty and name not in titled]
    if not dropped or len(dropped) == len(names):
        return names
    reading.work.notice(tables.UNNAMED_DROPPED(file=files[0].name, columns=", ".join(dropped)))
    return [name for name in names if name not in dropped]


class CsvRelation(FileRelation):
    """The rows of text tables.

    Args:
        source: SQL that gives the texts, and which file they are of if that is wanted.
        names: What the columns are called in it.
        columns: What they are called here, and their types.
        reading: The COPY.
        files: What is read.
    """

    def __init__(
        self,
        source: str,
        names: Sequence[str],
        columns: Sequence[Column],
        reading: Reading,
        files: Sequence[_File],
    ) -> None:
        items = [
            f"CAST({quote(name)} AS {column.type}) AS {quote(name)}"
            for name, column in zip(names, columns, strict=False)
        ]
        items += [_FILE] * (len(columns) - len(names))
        super().__init__(
            reading.duck, f"SELECT {', '.join(items)} FROM {source}", columns, reading, files[0].name
        )
        self._source, self._source_names, self._files = source, names, files

    def as_written(self, names: Sequence[str]) -> CsvRelation:
        """The rows with the texts of these columns, as ``1.50`` or ``TRUE``."""
        wanted = {name.lower() for name in names}
        columns = [replace(c, type="VARCHAR") if c.name.lower() in wanted else c for c in self.columns]
        return CsvRelation(self._source, self._source_names, columns, self.reading, self._files)

    def _error(self, failure: SqlFailure, sql: str) -> ThanoSQLError:
        return unreadable(failure, self.reading, _blamed(failure, self._files))


def _source(files: Sequence[_File], names: Sequence[str], shown: str | None) -> str:
    """The files as one table of text; values in double quotes may hold separators and line breaks."""
    groups = groupby(files, key=lambda file: (file.layout.separator, file.layout.above, file.names))
    selects = [_select([*group], names, shown) for _, group in groups]
    return f"({' UNION ALL '.join(selects)})"


def _select(files: Sequence[_File], names: Sequence[str], shown: str | None) -> str:
    """Files that are laid out alike."""
    own = {name.lower(): name for name in files[0].names}
    items = [
        f"{quote(own[name.lower()]) if name.lower() in own else 'NULL'} AS {quote(name)}" for name in names
    ]
    if shown:
        entries = ", ".join(f"{literal(str(file.text))}: {literal(file.name)}" for file in files)
        items.append(f"MAP {{{entries}}}[{_FILE}] AS {_FILE}")
    return f"SELECT {', '.join(items)} FROM {_texts(files, shown)}"


def _texts(files: Sequence[_File], shown: str | None) -> str:
    names, layout = files[0].names, files[0].layout
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
    options |= {"filename": literal(_FILE)} if shown else {}
    paths = [file.text for file in files]
    if len(names) > 1:
        return call("read_csv", paths, options)
    # A blank line of a table with one column is no row; a row without a value is written as two quotes.
    rows = call("read_csv", paths, options | {"allow_quoted_nulls": "false"})
    name = quote(names[0])
    also = f", {_FILE}" if shown else ""
    return f"(SELECT nullif({name}, '') AS {name}{also} FROM {rows} WHERE {name} IS NOT NULL)"


def _types(source: str, names: Sequence[str], reading: Reading) -> tuple[dict[str, str], set[str]]:
    """Types of columns that are no text, guessed by the first rows and held against all; and columns without values."""
    exact.prepare(reading.duck)
    few, empty = _fitting(_any_type(names), f"(FROM {source} LIMIT {_FEW_ROWS})", reading)
    first_rows = f"(FROM {source} LIMIT {_SAMPLE_ROWS})"
    left, empty = _fitting({**_any_type(empty), **few}, first_rows, reading)
    types: dict[str, str] = {}
    while True:
        # The narrowest of each column alone: nearly always it holds, and one pass is all. Ragged lines are found too.
        guessed = {name: kinds[:1] for name, kinds in left.items()}
        held, empty = _fitting(guessed | {name: [] for name in empty}, source, reading)
        types |= {name: kinds[0] for name, kinds in held.items()}
        left = {name: kinds[1:] for name, kinds in left.items() if name not in held and kinds[1:]}
        if not left:
            return types, empty


def _any_type(names: Iterable[str]) -> dict[str, list[str]]:
    return {name: list(exact.KINDS) for name in names}


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
