"""Query text inside a statement, with the dialect's statements that are nested in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import Token, line_comments
from thanosql_kernel.visible import without_halves


@dataclass(frozen=True, slots=True)
class Nested:
    """A dialect statement that stands where SQL allows a table expression, or a table at a version.

    Attributes:
        span: The statement itself, without the parentheses around it.
        statement: What its parser made of it.
        before: What SQL has in front of the name that stands for its rows.
        behind: What it has behind that.
    """

    span: Span
    statement: Any
    before: str = "FROM "
    behind: str = ""


class Shift(NamedTuple):
    """A literal in SQL: where it starts, how long it is, and how long its ``$name`` is in the cell."""

    start: int
    length: int
    length_in_cell: int


class Bound(NamedTuple):
    """A ``$name`` in SQL and the literal that stands for it."""

    span: Span
    literal: str


#: What a piece of SQL is: a whole query, a condition or value, what stands behind FROM, what stands behind SELECT, or
#: the common table expressions in front of a statement.
Form = Literal["query", "expression", "tables", "items", "with"]


@dataclass(frozen=True, slots=True)
class Query:
    """A piece of SQL (a whole query, or a part of one in statements that change tables).

    Attributes:
        source: The whole cell.
        span: The SQL in it.
        tokens: The significant tokens of the SQL, those of nested statements left out.
        nested: Direct children, in text order; their own children are inside them.
        bound: The parameters that have values, in text order, those of nested statements left out.
        form: What it is.
        left_out: Parts of the cell within the span that belong to something else, and words in their place.
    """

    source: str
    span: Span
    tokens: tuple[Token, ...]
    nested: tuple[Nested, ...] = ()
    bound: tuple[Bound, ...] = ()
    form: Form = "query"
    left_out: tuple[Bound, ...] = ()

    @property
    def is_expression(self) -> bool:
        """Whether it is a condition or value over a table instead of a whole query."""
        return self.form == "expression"

    @property
    def text(self) -> str:
        """The SQL as the user wrote it, without what belongs to something else."""
        return self._with(self._kept())

    def sql(self, names: Sequence[str] | None = None, *, binding: bool = True) -> str:
        """The SQL with ``FROM name`` in place of each nested statement, every other character where it was.

        Without parameters, or not ``binding`` them, offsets into the result plus ``span.start`` are offsets into the
        cell; with them `shifts` says how. The names must be short (`_n1` …, see `placeholder`); by default the
        children are numbered from 1.
        """
        bound = self.bound if binding else ()
        return without_halves(self._with([*self._placeholders(names), *self._kept(), *bound]))

    def _with(self, replaced: Iterable[tuple[Span, str]]) -> str:
        parts: list[str] = []
        at = self.span.start
        for span, text in sorted(replaced):
            parts += (self.source[at : span.start], text)
            at = span.end
        parts.append(self.source[at : self.span.end])
        return "".join(parts)

    def _kept(self) -> Iterator[tuple[Span, str]]:
        """What stands in the place of what is left out, as long as that."""
        yield from ((span, text.rjust(span.end - span.start)) for span, text in self.left_out)
        apart = [*(nested.span for nested in self.nested), *(span for span, _ in self.left_out)]
        for comment in line_comments(self.source, *self.span):
            if not any(span.start <= comment.start < span.end for span in apart):
                yield comment, " " * (comment.end - comment.start)

    def _placeholders(self, names: Sequence[str] | None) -> Iterator[tuple[Span, str]]:
        for number, nested in enumerate(self.nested):
            name = names[number] if names else placeholder(number + 1)
            text = f"{nested.before}{name}{nested.behind}"
            yield nested.span, text.ljust(nested.span.end - nested.span.start)

    def behind(self, given: Query, word: str = "") -> Query:
        """The query with the common table expressions in front of its statement, and with a word in front of itself."""
        between = Span(given.span.end, self.span.start)
        at = between.end - len(word) - 1
        words = (Token("word", word, at, at + len(word)),) if word else ()
        return replace(
            self,
            span=Span(given.span.start, self.span.end),
            tokens=(*given.tokens, *words, *self.tokens),
            nested=(*given.nested, *self.nested),
            bound=(*given.bound, *self.bound),
            left_out=(*given.left_out, Bound(between, f"{word} "), *self.left_out),
        )

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
        if self.nested:
            return None
        words = [token for token in self.tokens if token.text not in ("(", ")")]
        texts = [token.text.upper() for token in words]
        if len(words) == 4 and texts[:3] == ["SELECT", "*", "FROM"] and words[3].is_name:
            return words[3].name
        if len(words) == 2 and texts[0] == "FROM" and words[1].is_name:
            return words[1].name
        return self.bare_name

    @property
    def only_nested(self) -> Any:
        """The dialect's statement that is all there is, perhaps in parentheses; None where there is more."""
        is_all = len(self.nested) == 1 and all(token.text in ("(", ")") for token in self.tokens)
        return self.nested[0].statement if is_all else None

    @property
    def bare_name(self) -> str | None:
        """The name if that is all there is, in statements that take one for its table."""
        is_name = len(self.tokens) == 1 and self.tokens[0].is_name and not self.nested
        return self.tokens[0].name if is_name else None


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
    depth = 0
    for token in tokens[1:]:
        if depth == 0 and token.upper in _MAIN_WORDS:
            return True
        depth += (token.text == "(") - (token.text == ")")
    return behind_with(tokens) is not None


def behind_with(tokens: Sequence[Token]) -> int | None:
    """Index of the first token behind ``WITH a AS (…), b AS (…)``; None if there is none."""
    depth, in_body, behind_body = 0, False, False
    for index, (before, token) in enumerate(pairwise(tokens), start=1):
        if depth == 0 and behind_body and token.text != ",":
            return index
        if depth == 0:
            in_body = token.text == "(" and before.upper in ("AS", "MATERIALIZED")
        depth += (token.text == "(") - (token.text == ")")
        behind_body = in_body and depth == 0
    return None
