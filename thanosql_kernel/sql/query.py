"""Query text inside a statement, with the dialect's statements that are nested in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import Token


@dataclass(frozen=True, slots=True)
class Nested:
    """A dialect statement that stands where SQL allows a table expression.

    Attributes:
        span: The statement itself, without the parentheses around it.
        statement: What its parser made of it.
    """

    span: Span
    statement: Any


class Shift(NamedTuple):
    """A literal in SQL: where it starts, how long it is, and how long its ``$name`` is in the cell."""

    start: int
    length: int
    length_in_cell: int


class Bound(NamedTuple):
    """A ``$name`` in SQL and the literal that stands for it."""

    span: Span
    literal: str


@dataclass(frozen=True, slots=True)
class Query:
    """A piece of SQL (a whole query, or an expression in UPDATE and DELETE).

    Attributes:
        source: The whole cell.
        span: The SQL in it.
        tokens: The significant tokens of the SQL, those of nested statements left out.
        nested: Direct children, in text order; their own children are inside them.
        bound: The parameters that have values, in text order, those of nested statements left out.
        is_expression: Whether it is a condition or value over a table instead of a whole query.
    """

    source: str
    span: Span
    tokens: tuple[Token, ...]
    nested: tuple[Nested, ...] = ()
    bound: tuple[Bound, ...] = ()
    is_expression: bool = False

    @property
    def text(self) -> str:
        """The SQL as the user wrote it."""
        return self.source[self.span.start : self.span.end]

    def sql(self, names: Sequence[str] | None = None, *, binding: bool = True) -> str:
        """The SQL with each nested statement replaced by ``FROM name``, every other character in its place.

        Without parameters, or not ``binding`` them, offsets into the result plus ``span.start`` are offsets into the
        cell; with them `shifts` says how. The names must be short (`_n1` …, see `placeholder`); by default the
        children are numbered from 1.
        """
        parts: list[str] = []
        at = self.span.start
        for span, text in sorted([*self._placeholders(names), *(self.bound if binding else ())]):
            parts += (self.source[at : span.start], text)
            at = span.end
        parts.append(self.source[at : self.span.end])
        return "".join(parts)

    def _placeholders(self, names: Sequence[str] | None) -> Iterator[tuple[Span, str]]:
        for number, nested in enumerate(self.nested):
            name = names[number] if names else placeholder(number + 1)
            yield nested.span, f"FROM {name}".ljust(nested.span.end - nested.span.start)

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """Where literals stand in `sql`, in order."""
        shifts, moved = [], -self.span.start
        for span, literal in self.bound:
            length = span.end - span.start
            shifts.append(Shift(span.start + moved, len(literal), length))
            moved += len(literal) - length
        return tuple(shifts)

    def plain_table(self) -> str | None:
        """The table's name if the query is ``SELECT * FROM t``, ``FROM t`` or ``t`` and nothing else, else None."""
        words = [token for token in self.tokens if token.text not in ("(", ")")]
        texts = [token.text.upper() for token in words]
        if len(words) == 4 and texts[:3] == ["SELECT", "*", "FROM"] and words[3].is_name:
            return words[3].name
        if len(words) == 2 and texts[0] == "FROM" and words[1].is_name:
            return words[1].name
        return self.bare_name

    @property
    def bare_name(self) -> str | None:
        """The name if that is all there is, in statements that take one for its table."""
        return self.tokens[0].name if len(self.tokens) == 1 and self.tokens[0].is_name else None


def placeholder(number: int) -> str:
    """The name that stands for the n-th nested statement; short enough to fit in its place."""
    return f"_n{number}"


PLACEHOLDER = re.compile(r"_n\d+\Z")
_RESULT = re.compile(r"_\d{0,9}\Z", re.ASCII)


def is_result_name(name: str) -> bool:
    """Whether a name stands for an earlier result where no table has it: ``_``, ``_3``."""
    return _RESULT.match(name) is not None


_MAIN_WORDS = frozenset("SELECT FROM VALUES TABLE INSERT UPDATE DELETE".split())


def has_main_query(tokens: Sequence[Token]) -> bool:
    """Whether something to run follows the common table expressions of ``WITH a AS (…), b AS (…)``."""
    depth, in_body, behind_body = 0, False, False
    for before, token in pairwise(tokens):
        if depth == 0 and (token.upper in _MAIN_WORDS or (behind_body and token.text != ",")):
            return True
        if depth == 0:
            in_body = token.text == "(" and before.upper in ("AS", "MATERIALIZED")
        depth += (token.text == "(") - (token.text == ")")
        behind_body = in_body and depth == 0
    return False
