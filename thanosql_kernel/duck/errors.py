"""DuckDB's errors as the user's: code, place in the cell, nearest name."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from thanosql_kernel.catalog.unknown import made_by_search, no_column, no_table
from thanosql_kernel.duck.mistyped import mistyped
from thanosql_kernel.errors import (
    DataError,
    ParseError,
    Span,
    ThanoSQLError,
    TypeMismatch,
    UnknownName,
    Unsupported,
)
from thanosql_kernel.sql.query import Shift

_NO_COLUMN = re.compile(
    r'Referenced column "(?P<name>.*?)" not found|does not have a column named "(?P<other>.*?)"'
)
_NO_TABLE = re.compile(
    r'Table with name "?(?P<name>.+?)"? does not exist|Referenced table "(?P<alias>.*?)" not found'
)
_NO_FUNCTION = re.compile(
    r"(?:Scalar |Aggregate |Table |Macro )*Function with name (?P<name>\S+) does not exist"
)
_NO_FROM = re.compile(r'Referenced column "(?P<name>.+?)" was not found because the FROM clause is missing')
_IN_EXTENSION = re.compile(
    r'with name "?([^" ]+)"? is not in the catalog, but it exists in the (\w+) extension'
)
_PLACEHOLDER = re.compile(
    r'"?\b_(?:[nq]|thanosql_)\d*\b"?\.?|"?\btemp"?\.main\.'
    r"| \(use: [^)]*\bunnamed_subquery[^)]*\)| when casting from source column SUBQUERY"
)
SOURCE = re.compile(r",? ?/(?:home|rustc)/\S+\.rs:\d+:\d+.*", re.DOTALL)  # where Lance says something
_TOO_DEEP = re.compile(r"Max expression depth limit of (\d+) exceeded")
_NOT_TO_BE_HAD = re.compile(
    r"(?:,? or |(?<=[.!;\n])\s*)[^.!\n]*?"
    r"(?:\bSET \w+ ?(?:=|TO )|\bset \w+ ?=|\bPRAGMA \w|\b(?:INSTALL|LOAD)\b)[^\n]*"
)
_SUGGESTION = re.compile(
    r"\s*(Did you mean|Candidate |\tCandidate |LINE \d+:|Either add|Possible solutions:).*", re.DOTALL
)


class SqlFailure(Exception):
    """What DuckDB said.

    Attributes:
        kind: The exception's class, e.g. ``BinderException``.
        message: In DuckDB's words.
        offset: Where, in UTF-8 bytes of the SQL that it was given; None if it does not say.
        length: How many bytes are to blame.
    """

    def __init__(self, kind: str, message: str, offset: int | None, length: int) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.offset = offset
        self.length = length


def failure_of(error: Exception) -> SqlFailure:
    """A DuckDB exception (with ``errors_as_json``) as data."""
    kind, text = type(error).__name__, str(error)
    start = text.find("{")
    try:
        details = json.loads(text[start:]) if start >= 0 else None
    except ValueError:
        details = None
    if not isinstance(details, dict) or "exception_message" not in details:
        return SqlFailure(kind, text.partition(": ")[2] or text, None, 0)
    offset, length = parse_location(details)
    return SqlFailure(kind, details["exception_message"], offset, length)


def parse_location(details: dict[str, str]) -> tuple[int | None, int]:
    """Offset and length in bytes from ``location`` (``"[7,9]"``) or ``position``."""
    match = re.match(r"\[(\d+),(\d+)\]", details.get("location", ""))
    if match:
        return int(match[1]), int(match[2])
    position = details.get("position", "")
    return (int(position), 1) if position.isdigit() else (None, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where SQL text came from.

    Attributes:
        sql: The text that DuckDB read.
        start: Offset of the text in the cell, in code points.
        prefix: Bytes that stood before it when DuckDB read it.
        tables: Names that a hint may suggest for tables.
        columns: Names that a hint may suggest for columns.
        shifts: Where literals stand in ``sql`` for parameters of the cell.
        written: The text with those parameters, whose characters stand one to one with the cell's; ``sql`` if "".
    """

    sql: str
    start: int
    prefix: int = 0
    tables: Sequence[str] = ()
    columns: Sequence[str] = field(default=())
    shifts: Sequence[Shift] = ()
    written: str = ""

    @property
    def text(self) -> str:
        """The text whose characters stand one to one with the cell's."""
        return self.written or self.sql

    @property
    def whole(self) -> Span:
        """All of the text."""
        return Span(self.start, self.start + len(self.text))

    def span(self, offset: int | None, length: int) -> Span:
        """The span in the cell of bytes that DuckDB named; all of the text where it named none."""
        data = self.sql.encode()
        if offset is None or not 0 <= (start := offset - self.prefix) <= len(data):
            return self.whole
        before = len(data[:start].decode(errors="ignore"))
        marked = len(data[start : start + length].decode(errors="ignore"))
        first, last = self._in_text(before), self._in_text(before + max(marked, 1), is_end=True)
        return Span(self.start + first, self.start + min(max(last, first + 1), len(self.text)))

    def _in_text(self, at: int, *, is_end: bool = False) -> int:
        """An offset into the SQL as one into the text; all of a parameter for a part of its literal."""
        moved = 0
        for start, length, length_in_text in self.shifts:
            if at <= start:
                break
            if at < start + length:
                return start + moved + (length_in_text if is_end else 0)
            moved += length_in_text - length
        return at + moved


def translate(failure: SqlFailure, place: Place) -> ThanoSQLError:
    """The error to show for what DuckDB said about the SQL at ``place``."""
    span = place.span(failure.offset, failure.length)
    if failure.kind == "ParserException" and (error := mistyped(place.text)) is not None:
        return error.moved(place.start)
    for pattern, make in ((_NO_COLUMN, _no_column), (_NO_TABLE, _no_table), (_NO_FUNCTION, _no_function)):
        match = pattern.search(failure.message)
        if match:
            return make(next(group for group in match.groups() if group is not None), span, place)
    if (elsewhere := _IN_EXTENSION.search(failure.message)) is not None:
        name, extension = elsewhere.groups()
        message = f"{name} is in DuckDB's extension {extension}, and no extensions are loaded here"
        return Unsupported(message, span=span)
    message = told(failure.message)
    if (bare := _NO_FROM.search(failure.message)) is not None:
        hint = f"put FROM in front of the table; text is written in single quotes: '{bare['name']}'"
        return ParseError(message, code="TS105", span=_narrowed(span, bare["name"], place), hint=hint)
    if failure.kind == "ParserException":
        return ParseError(message, code="TS105", span=span)
    if failure.kind in ("ConversionException", "OutOfRangeException", "TypeMismatchException"):
        return TypeMismatch(
            message, code="TS301", span=span, hint="TRY_CAST gives NULL where a value does not fit"
        )
    if failure.kind == "PermissionException":
        hint = "COPY t FROM 'path' reads files into tables"
        return ParseError("SQL does not read or write files here", code="TS105", span=span, hint=hint)
    if failure.kind == "OutOfMemoryException":
        return DataError(message, code="TS504", span=span, hint="select fewer columns or rows")
    if failure.kind in ("BinderException", "CatalogException", "NotImplementedException", "SyntaxException"):
        return _bound_wrong(failure, message, span)
    return TypeMismatch(message, code="TS301", span=span)


def _no_column(name: str, span: Span, place: Place) -> ThanoSQLError:
    span = _narrowed(span, name, place)
    error = no_column(name, span, place.columns)
    is_quoted = place.text[span.start - place.start :][:1] == '"'
    if is_quoted and error.meant is None and made_by_search(name, place.columns) is None:
        return UnknownName(
            error.message, code="TS202", span=span, hint=f"text is written in single quotes: '{name}'"
        )
    return error


def _no_table(name: str, span: Span, place: Place) -> ThanoSQLError:
    is_file = (
        "/" in name or "\\" in name or name.lower().endswith((".csv", ".tsv", ".json", ".parquet", ".xlsx"))
    )
    span = _narrowed(span, name, place)
    if name not in place.tables and not is_file:
        return no_table(name, span, place.tables)
    hint = f"COPY t FROM '{name}' makes a table of a file"
    if name in place.tables:
        hint = f"a text or value names no table: write {name} itself"
    return UnknownName(f"no table named {name}", code="TS201", span=span, hint=hint)


def _no_function(name: str, span: Span, place: Place) -> ThanoSQLError:
    return ParseError(f"no function named {name}", code="TS105", span=_narrowed(span, name, place))


def _bound_wrong(failure: SqlFailure, message: str, span: Span) -> ThanoSQLError:
    if "No function matches" in failure.message:
        return TypeMismatch(message, code="TS300", span=span, hint="CAST the values, or use another function")
    return ParseError(message, code="TS105", span=span)


def _narrowed(span: Span, name: str, place: Place) -> Span:
    """The part of the span that is the name itself: DuckDB marks ``t.name`` or ``name(…)`` as a whole."""
    text = place.text[span.start - place.start : span.end - place.start]
    for written in ('"' + name.replace('"', '""') + '"', name):
        at = text.lower().rfind(written.lower())
        if at >= 0:
            return Span(span.start + at, span.start + at + len(written))
    return span


def told(message: str) -> str:
    """DuckDB's message without its own suggestions, our placeholders and settings that are not to be had."""
    if deep := _TOO_DEEP.search(message):
        return f"expressions may be nested {int(deep[1]):,} deep at most, so long may a + b + … be"
    text = (
        _PLACEHOLDER.sub("", _NOT_TO_BE_HAD.sub("", _SUGGESTION.sub("", SOURCE.sub("", message))))
        .strip()
        .rstrip("!.")
    )
    return " ".join(text.split()) or "the query is not valid"
