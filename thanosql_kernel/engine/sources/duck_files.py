"""Table files through DuckDB's readers: streamed, with errors that name the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.connection import Duck, SqlFailure
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.engine.store.names import column_problem, storable_column
from thanosql_kernel.errors import DataError, ThanoSQLError
from thanosql_kernel.sql.identifiers import unique_names
from thanosql_kernel.wording import answers
from thanosql_kernel.wording.tables import TS501

_LINE = re.compile(r"Line: (\d+)", re.IGNORECASE)
_EXPECTED = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")

#: The second is what a quote leads to that swallows the rest of a large file.
_OPEN_QUOTE = re.compile("unterminated quote|maximum line size", re.IGNORECASE)


class FileRelation(SqlRelation):
    """The rows of a file; errors say where in the file.

    Args:
        duck: A connection that may read files.
        sql: Reads the file.
        columns: Its columns, named so that they can be stored.
        reading: The COPY.
        what: What to call the file in errors.
    """

    def __init__(self, duck: Duck, sql: str, columns: Sequence[Column], reading: Reading, what: str) -> None:
        super().__init__(duck, sql, columns, place=Place("", reading.span.start), repeatable=True)
        self.reading = reading
        self.what = what

    def _error(self, failure: SqlFailure, sql: str) -> ThanoSQLError:
        return unreadable(failure, self.reading, self.what)


def unreadable(failure: SqlFailure, reading: Reading, what: str) -> DataError:
    """What DuckDB said about a file, in one sentence with the line."""
    found = _LINE.search(failure.message)
    line = found[1] if found else None
    counts = _EXPECTED.search(failure.message)
    if counts:
        other = TS501.OTHER_COUNT_IN_LINE if line else TS501.OTHER_COUNT
        message = other(name=what, given=counts[2], wanted=counts[1], line=line)
        hint = TS501.SKIP_OR_DELIMITER if counts[1] == "1" else TS501.REPAIR_LINE
        return reading.error(message, hint=hint())
    if line and _OPEN_QUOTE.search(failure.message):
        return reading.error(TS501.QUOTE_OPEN(name=what, line=line), hint=TS501.CLOSE_QUOTE())
    reason = " ".join(failure.message.split("\n")[0].split())
    reason = re.sub(r"""['"]?[^\s'"]*[/\\]([^\s'"/\\]+)['"]?""", r"\1", reason)
    unreadable = TS501.UNREADABLE_LINE if line else TS501.UNREADABLE_TABLE
    return reading.error(unreadable(name=what, reason=reason, line=line))


def storable_names(columns: Sequence[Column], reading: Reading) -> tuple[Column, ...]:
    """The columns under names that can be stored; says which were changed."""
    names = unique_names(
        [storable_column(column.name) if column_problem(column.name) else column.name for column in columns]
    )
    for column, name in zip(columns, names, strict=True):
        if column.name != name:
            reading.work.notice(answers.COLUMN_RENAMED(name=column.name, new_name=name))
    return tuple(Column(name, column.type) for column, name in zip(columns, names, strict=True))


def file_rows(sql: str, reading: Reading, what: str) -> FileRelation:
    """What a query reads of a file.

    Args:
        sql: Reads the file.
        reading: The COPY.
        what: What to call the file in errors.

    Raises:
        DataError: TS501.
    """
    try:
        columns = reading.duck.describe(sql)
    except SqlFailure as failure:
        raise unreadable(failure, reading, what) from failure
    return FileRelation(reading.duck, sql, storable_names(columns, reading), reading, what)


def call(function: str, paths: Sequence[Path], options: dict[str, str]) -> str:
    """A call of one of DuckDB's readers in SQL."""
    files = f"[{', '.join(literal(_escaped(path)) for path in paths)}]"
    return f"{function}({', '.join([files, *(f'{name} = {value}' for name, value in options.items())])})"


def _escaped(path: Path) -> str:
    """The path with the characters that DuckDB takes for patterns in brackets."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def literal(text: str) -> str:
    """The text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"
