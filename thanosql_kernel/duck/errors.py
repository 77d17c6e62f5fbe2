"""DuckDB's errors as the user's: code, place in the cell, nearest name."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace

from thanosql_kernel.catalog.unknown import made_by_search, no_column, no_table
from thanosql_kernel.duck import blame, slips
from thanosql_kernel.duck.mistyped import mistyped
from thanosql_kernel.errors import (
    DataError,
    Fix,
    ParseError,
    Replace,
    Span,
    ThanoSQLError,
    TypeMismatch,
    UnknownName,
    Unsupported,
    nearest,
)
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.identifiers import is_plain, quote_if_needed
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.sql.parameters import text_literal
from thanosql_kernel.sql.query import Shift
from thanosql_kernel.sql.slips import other_sign
from thanosql_kernel.wording.names import TS202

_NO_COLUMN = re.compile(
    r'Referenced column "(.*?)" not found|does not have a column named "(.*?)"'
    r'|Column "(.*?)" (?:in (?:EXCLUDE|REPLACE|RENAME) list not found|does not exist on \w+ side of join)'
)
_NO_FROM = re.compile(
    r'Referenced column "(.*?)" was not found because the FROM clause is missing|(\*) expression without FROM clause'
)
_NO_FIELD = re.compile(r'Could not find key "(.*?)" in struct')
_NO_TABLE = re.compile(r'Table with name "?(.+?)"? does not exist')
_NO_OWNER = re.compile(r'Referenced table "(.*?)" not found')
_NO_FUNCTION = re.compile(
    r"(?:Scalar |Aggregate |Table |Macro )*Function with name (?P<name>\S+) does not exist"
)
_NO_TYPE = re.compile(r"Type with name (\S+) does not exist")
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
_OF_ROWS = frozenset(("ConversionException", "OutOfRangeException", "InvalidInputException"))
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
        subtype: What DuckDB calls this kind of mistake, ``NO_MATCHING_FUNCTION`` for one; "" where it says nothing.
    """

    def __init__(self, kind: str, message: str, offset: int | None, length: int, subtype: str = "") -> None:
        super().__init__(message)
        self.subtype = subtype
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
    return SqlFailure(kind, details["exception_message"], offset, length, details.get("error_subtype", ""))


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
        view: The view whose text it is; "" for a text of the cell.
        named_at: Where the cell names that view, or the one that reads it.
    """

    sql: str
    start: int
    prefix: int = 0
    tables: Sequence[str] = ()
    columns: Sequence[str] = field(default=())
    shifts: Sequence[Shift] = ()
    written: str = ""
    view: str = ""
    named_at: Span | None = None

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
    error = _translated(failure, place)
    return in_view(error, place.view, place.named_at) if place.view else error


def in_view(error: ThanoSQLError, view: str, named_at: Span | None) -> ThanoSQLError:
    """The error of a view's text where the cell names the view: no place in the text is one in the cell."""
    found = copy(error)
    found.span, found.meant, found.fixes = named_at, None, ()
    if error.view is None:
        found.view = view
        found.message = f"{error.message} (in the view {view})"
    return found


def _translated(failure: SqlFailure, place: Place) -> ThanoSQLError:
    span = place.span(failure.offset, failure.length)
    if failure.kind == "ParserException" and (error := mistyped(place.text)) is not None:
        return error.moved(place.start)
    if failure.offset is None or failure.kind == "BinderException":
        span = _better_place(failure, span, place)
    for pattern, make in _ABOUT_NAMES:
        match = pattern.search(failure.message)
        if match:
            return make(next(group for group in match.groups() if group is not None), span, place)
    if (elsewhere := _IN_EXTENSION.search(failure.message)) is not None:
        name, extension = elsewhere.groups()
        message = f"{name} is in DuckDB's extension {extension}, and no extensions are loaded here"
        return Unsupported(message, span=span)
    message = told(failure.message)
    if failure.kind == "ParserException":
        return syntax_error(failure, place)
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
        sign = other_sign(list(read_tokens(place.text)))
        wrong = _bound_wrong(failure, message, span)
        return wrong if sign is None else _mended(wrong, sign, place)
    return TypeMismatch(message, code="TS301", span=span)


def _better_place(failure: SqlFailure, span: Span, place: Place) -> Span:
    """A place where DuckDB tells none; all of an operator's operands where it marks the operator."""
    tokens = list(read_tokens(place.text))
    if failure.offset is not None:
        from thanosql_kernel.duck.words import is_reserved

        marked = _shifted(span, -place.start)
        return _shifted(blame.with_operands(tokens, marked, is_reserved), place.start)
    message = _SUGGESTION.sub("", failure.message)
    found = blame.told_names(tokens, message, of_rows=failure.kind in _OF_ROWS)
    return _shifted(found, place.start) if found is not None else span


def syntax_error(failure: SqlFailure, place: Place) -> ParseError:
    """The error for SQL that DuckDB's grammar does not take, at the word that it stops at."""
    tokens = list(read_tokens(place.text))
    if failure.offset is None:
        span = slips.bare_select(tokens)
        return ParseError(told(failure.message), code="TS105", span=_shifted(span, place.start))
    span = place.span(failure.offset, failure.length)
    if span.start >= place.whole.end and tokens:
        span = _shifted(tokens[-1].span, place.start)
    text = place.text[span.start - place.start : span.end - place.start]
    message = f'SQL syntax error at or near "{text}"' if text else told(failure.message)
    slip = slips.keyword_slip(tokens, span.start - place.start)
    if slip is None:
        return ParseError(message, code="TS105", span=span)
    token, meant = slip
    fix = Fix(f"write {meant}", Replace(_shifted(token.span, place.start), meant))
    return ParseError(message, code="TS105", span=span, hint=f"did you mean {meant}?", fixes=[fix])


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _no_column(name: str, span: Span, place: Place) -> ThanoSQLError:
    span = _narrowed(span, name, place)
    error, tokens, at = (
        no_column(name, span, place.columns),
        list(read_tokens(place.text)),
        span.start - place.start,
    )
    if (one := slips.in_one(tokens, at, place.columns)) is not None:
        return _mended(error, one, place)
    is_quoted = place.text[at:][:1] == '"'
    if made_by_search(name, place.columns) is not None or (error.meant is not None and not is_quoted):
        return error
    if (text := slips.as_text(tokens, at)) is not None:
        hint = TS202.QUOTES(text=text_literal(name))
        return _mended(error, text, place, hint)
    if is_quoted and error.meant is None:
        return UnknownName(error.message, code="TS202", span=span, hint=TS202.QUOTES(text=text_literal(name)))
    return error


def _mended(error: ThanoSQLError, fix: Fix, place: Place, hint: str = "") -> ThanoSQLError:
    """The error with what mends it, as the text at the place has it, instead of a name that is near."""
    found = copy(error)
    found.meant, found.hint, found.fixes = None, hint or fix.advice, (_placed(fix, place),)
    return found


def _placed(fix: Fix, place: Place) -> Fix:
    edit = fix.edit
    assert isinstance(edit, Replace)
    return replace(fix, edit=Replace(_shifted(edit.span, place.start), edit.text))


def _no_table(name: str, span: Span, place: Place) -> ThanoSQLError:
    is_file = (
        "/" in name or "\\" in name or name.lower().endswith((".csv", ".tsv", ".json", ".parquet", ".xlsx"))
    )
    span = _narrowed(span, name, place)
    if name not in place.tables and not is_file:
        error = no_table(name, span, place.tables)
        one = slips.in_one(list(read_tokens(place.text)), span.start - place.start, place.tables)
        return error if one is None else _mended(error, one, place)
    hint, fixes = f"COPY t FROM '{name}' makes a table of a file", []
    if name in place.tables:
        hint, fixes = (
            f"a text or value names no table: write {name} itself",
            [edits.writing(span, quote_if_needed(name))],
        )
    return UnknownName(f"no table named {name}", code="TS201", span=span, hint=hint, fixes=fixes)


def _no_owner(name: str, span: Span, place: Place) -> ThanoSQLError:
    """A table in front of a column that is not read; of a column in a subquery DuckDB says so too."""
    tokens = list(read_tokens(place.text))
    words = {token.upper for token in tokens}
    if "SELECT" in words and "FROM" not in words and span != place.whole:
        return _no_from(name, span, place)
    if (column := blame.column_behind(tokens, name, span.start - place.start)) is not None:
        return _no_column(column.name, _shifted(column.span, place.start), place)
    return _no_table(name, span, place)


def _no_function(name: str, span: Span, place: Place) -> ThanoSQLError:
    error = no_function(name, _narrowed(span, name, place, first=True))
    sign = None if is_plain(name) else other_sign(list(read_tokens(place.text)))
    return error if sign is None else _mended(error, sign, place)


def _no_type(name: str, span: Span, place: Place) -> ThanoSQLError:
    """A column in front of a text, which SQL takes for a type: ``label 'cat'``."""
    error = ParseError(told(f"Type with name {name} does not exist"), code="TS105", span=span)
    sign = slips.equals_missing(list(read_tokens(place.text)), span.start - place.start)
    return error if sign is None else _mended(error, sign, place)


def no_function(name: str, span: Span) -> ParseError:
    """The error for a function that DuckDB does not have."""
    from thanosql_kernel.duck.words import function_names

    meant = nearest(name, function_names()) if is_plain(name) else None
    return ParseError(f"no function named {name}", code="TS105", span=span, meant=meant)


def _no_field(name: str, span: Span, place: Place) -> ThanoSQLError:
    return UnknownName(f"no field named {name}", code="TS202", span=_narrowed(span, name, place))


def _no_from(name: str, span: Span, place: Place) -> ThanoSQLError:
    """A column of nothing: at the end of the text where FROM could still follow, else at the name."""
    tokens, at = list(read_tokens(place.text)), span.start - place.start
    froms = [token.start for token in tokens if token.upper == "FROM"]
    if any(start < at for start in froms):
        return _no_column(name, span, place)
    meant = None
    if not froms:
        span, meant = _shifted(tokens[-1].span, place.start), nearest(tokens[-1].text, ["FROM"])
    hint = "put FROM in front of the table"
    if name != "*":
        hint = f"{hint}; text is written in single quotes: '{name}'"
    error = ParseError("FROM is missing", code="TS105", span=span, hint=hint, meant=meant)
    missing = (
        None if froms or meant else slips.as_text(tokens, at) or slips.from_missing(tokens, place.tables)
    )
    return error if missing is None else _mended(error, missing, place, hint)


_ABOUT_NAMES = (
    (_NO_FROM, _no_from),
    (_NO_COLUMN, _no_column),
    (_NO_TABLE, _no_table),
    (_NO_OWNER, _no_owner),
    (_NO_FUNCTION, _no_function),
    (_NO_TYPE, _no_type),
    (_NO_FIELD, _no_field),
)


def _bound_wrong(failure: SqlFailure, message: str, span: Span) -> ThanoSQLError:
    if "No function matches" in failure.message:
        return TypeMismatch(message, code="TS300", span=span, hint="CAST the values, or use another function")
    return ParseError(message, code="TS105", span=span)


def _narrowed(span: Span, name: str, place: Place, *, first: bool = False) -> Span:
    """The part of the span that is the name itself."""
    within = _shifted(span, -place.start)
    found = blame.named(list(read_tokens(place.text)), name, within, first=first)
    return _shifted(found, place.start) if found is not None else span


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
