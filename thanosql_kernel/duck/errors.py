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
from thanosql_kernel.duck.raised import raised
from thanosql_kernel.duck.told import bare, told
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
from thanosql_kernel.sql.query import Shift
from thanosql_kernel.sql.slips import other_sign
from thanosql_kernel.wording.data import TS504
from thanosql_kernel.wording.grammar import TS105, WRITE
from thanosql_kernel.wording.names import DID_YOU_MEAN, IN_VIEW, TS201, TS202
from thanosql_kernel.wording.refusals import TS600
from thanosql_kernel.wording.values import TS300, TS301

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
NO_MATCH = "NO_MATCHING_FUNCTION"
_OF_ROWS = frozenset(("ConversionException", "OutOfRangeException", "InvalidInputException"))


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

    def at(self, offset: int | None, length: int = 0) -> SqlFailure:
        """The same about another place; about none without one."""
        return SqlFailure(self.kind, self.message, offset, length, self.subtype)


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
        found.message = IN_VIEW(problem=error.message, view=view)
    return found


def _translated(failure: SqlFailure, place: Place) -> ThanoSQLError:
    span = place.span(failure.offset, failure.length)
    if failure.kind == "ParserException" and (error := mistyped(place.text)) is not None:
        return error.moved(place.start)
    if failure.offset is None or failure.kind == "BinderException":
        span = _better_place(failure, span, place)
    if (own := raised(failure.message)) is not None:
        return TypeMismatch(" ".join(own.message.split()), code="TS301", span=span)
    for pattern, make in _ABOUT_NAMES:
        match = pattern.search(failure.message)
        if match:
            return make(next(group for group in match.groups() if group is not None), span, place)
    if (elsewhere := _IN_EXTENSION.search(failure.message)) is not None:
        name, extension = elsewhere.groups()
        return Unsupported(TS600.IN_EXTENSION(name=name, extension=extension), span=span)
    message = told(failure.message)
    if failure.kind == "ParserException":
        return syntax_error(failure, place)
    if failure.kind in ("ConversionException", "OutOfRangeException", "TypeMismatchException"):
        return TypeMismatch(message, code="TS301", span=span, hint=TS301.TRY_CAST())
    if failure.kind == "PermissionException":
        return ParseError(TS105.NO_FILES(), span=span, hint=TS105.COPY_READS())
    if failure.kind == "OutOfMemoryException":
        return DataError(message, code="TS504", span=span, hint=TS504.SELECT_LESS())
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
    found = blame.told_names(tokens, bare(failure.message), of_rows=failure.kind in _OF_ROWS)
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
    message = TS105.SYNTAX(text=text) if text else told(failure.message)
    slip = slips.keyword_slip(tokens, span.start - place.start)
    if slip is None:
        return ParseError(message, code="TS105", span=span)
    token, meant = slip
    fix = Fix(WRITE(text=meant), Replace(_shifted(token.span, place.start), meant))
    return ParseError(message, code="TS105", span=span, hint=DID_YOU_MEAN(name=meant), fixes=[fix])


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
        hint = TS202.QUOTE_TEXT(text=name)
        return _mended(error, text, place, hint)
    if is_quoted and error.meant is None:
        return UnknownName(error.message, code="TS202", span=span, hint=TS202.QUOTE_TEXT(text=name))
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
    hint, fixes = TS201.COPY_FILE(path=name), []
    if name in place.tables:
        hint, fixes = (
            TS201.NO_TEXT(name=name),
            [edits.writing(span, quote_if_needed(name))],
        )
    return UnknownName(TS201.NO_TABLE(name=name), span=span, hint=hint, fixes=fixes)


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
    return ParseError(TS105.NO_FUNCTION(name=name), span=span, meant=meant)


def _no_field(name: str, span: Span, place: Place) -> ThanoSQLError:
    return UnknownName(TS202.NO_FIELD(name=name), span=_narrowed(span, name, place))


def _no_from(name: str, span: Span, place: Place) -> ThanoSQLError:
    """A column of nothing: at the end of the text where FROM could still follow, else at the name."""
    tokens, at = list(read_tokens(place.text)), span.start - place.start
    froms = [token.start for token in tokens if token.upper == "FROM"]
    if any(start < at for start in froms):
        return _no_column(name, span, place)
    meant = None
    if not froms:
        span, meant = _shifted(tokens[-1].span, place.start), nearest(tokens[-1].text, ["FROM"])
    hint = TS105.PUT_FROM() if name == "*" else TS105.PUT_FROM_OR_QUOTE(text=name)
    error = ParseError(TS105.NO_FROM(), span=span, hint=hint, meant=meant)
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
    if failure.subtype == NO_MATCH:
        return TypeMismatch(message, code="TS300", span=span, hint=TS300.CAST_OR_OTHER_FUNCTION())
    return ParseError(message, code="TS105", span=span)


def _narrowed(span: Span, name: str, place: Place, *, first: bool = False) -> Span:
    """The part of the span that is the name itself."""
    within = _shifted(span, -place.start)
    found = blame.named(list(read_tokens(place.text)), name, within, first=first)
    return _shifted(found, place.start) if found is not None else span
