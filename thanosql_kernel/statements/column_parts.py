"""Columns as CREATE TABLE and ALTER TABLE define them: a name, a type, and what this kernel cannot hold of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from thanosql_kernel.catalog.unknown import no_type
from thanosql_kernel.duck.binder import known_type
from thanosql_kernel.duck.expressions import wrong_in_type
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, Unsupported
from thanosql_kernel.sql.brackets import CLOSING
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.statements.registry import heads
from thanosql_kernel.wording import instead
from thanosql_kernel.wording.grammar import TS105
from thanosql_kernel.wording.refusals import TS600

#: What begins a constraint -> what to do instead.
CONSTRAINTS = {
    "PRIMARY": instead.KEYS,
    "UNIQUE": instead.KEYS,
    "FOREIGN": instead.KEYS,
    "REFERENCES": instead.KEYS,
    "CHECK": instead.CHECKS,
    "CONSTRAINT": instead.CHECKS,
    "NOT": instead.NOT_NULL,
    "DEFAULT": instead.DEFAULT,
    "GENERATED": instead.GENERATED,
    "AS": instead.GENERATED,
    "COLLATE": instead.COLLATE,
}


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A type.

    Attributes:
        text: As it is written.
        span: Where.
    """

    text: str
    span: Span

    def problems(self) -> Iterator[ThanoSQLError]:
        """That it is none, or that there is none of that name."""
        if (wrong := wrong_in_type(self.text)) is not None:
            start = self.span.start
            span = Span(start + wrong.start, start + wrong.end)
            yield ParseError(TS105.NOT_A_TYPE(), span=span)
        elif known_type(self.text) is None:
            yield no_type(self.text, self.span)

    @property
    def known_as(self) -> str:
        """What DuckDB calls it."""
        return known_type(self.text) or self.text.upper()


def read_if_not_exists(cursor: Cursor) -> bool:
    """Read ``IF NOT EXISTS`` if it is next; what IF alone begins may have that name."""
    if not cursor.looking_at("IF", "NOT"):
        return cursor.accept_words("IF", "NOT", "EXISTS") is not None
    cursor.expect("IF", "NOT", "EXISTS")
    return True


def read_type(cursor: Cursor, *ends: str) -> ColumnType:
    """Read all that follows, up to one of the words or signs, or a line that begins with a statement's word."""
    cursor.want("type")
    if cursor.done or cursor.tokens[cursor.at].upper in ends:
        raise cursor.fail()
    start, depth = cursor.here().start, 0
    while (token := cursor.peek()) is not None:
        begins_line = cursor.at and "\n" in cursor.source[cursor.tokens[cursor.at - 1].end : token.start]
        is_over = begins_line and token.start > start and token.upper in heads()
        if is_over or (depth == 0 and token.upper in ends):
            break
        depth += (token.text in CLOSING) - (token.text in CLOSING.values())
        cursor.at += 1
    span = cursor.span_from(start)
    return ColumnType(cursor.source[span.start : span.end], span)


def refused_constraint(cursor: Cursor) -> Unsupported | None:
    """The error for a constraint if one is next; it is read."""
    token = cursor.peek()
    hint = CONSTRAINTS.get(token.upper) if token is not None else None
    if token is None or hint is None:
        return None
    start, depth = cursor.at, 0
    while (following := cursor.peek()) is not None and (depth or following.text not in (",", ")")):
        depth += (following.text in CLOSING) - (following.text in CLOSING.values())
        cursor.at += 1
    span = Span(token.start, cursor.tokens[cursor.at - 1].end)
    words = " ".join(item.upper for item in cursor.tokens[start : start + 2] if item.kind == "word")
    told = words if token.upper in ("NOT", "PRIMARY", "FOREIGN") else token.upper
    return Unsupported(TS600.NO_CONSTRAINTS(words=told), span=span, hint=str(hint))
