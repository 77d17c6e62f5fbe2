"""Where in a query a caret stands: in which bracket and clause, and what may come next there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from thanosql_kernel.analysis.meaning.place import Place
from thanosql_kernel.analysis.text.clauses import JOINS, SET_WORDS, Tokens, from_items, top
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.brackets import CLAUSES
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.token_reader import token_index

Expected = Literal["value", "operator", "table", "behind table", "type", "number", "words", "nothing"]

_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_STARTS = CLAUSES | frozenset({"SET", "VALUES", "PARTITION", "USING", "ON", "RETURNING"})
#: Words behind which an expression begins.
_BEFORE_VALUE = frozenset(
    "SELECT DISTINCT WHERE AND OR NOT ON HAVING QUALIFY WHEN THEN ELSE CASE BETWEEN LIKE ILIKE GLOB BY SET "
    "ESCAPE RETURNING".split()
)
#: Words behind which other words of the grammar come.
_BEFORE_WORDS = frozenset(
    "GROUP ORDER PARTITION IS NULLS LEFT RIGHT FULL INNER OUTER CROSS NATURAL SEMI ANTI ASOF POSITIONAL OVER FILTER "
    "WITHIN EXCLUDE REPLACE UNION EXCEPT INTERSECT ALL LIMIT OFFSET VALUES USING WITH ROWS RANGE IN EXISTS".split()
)
_OF_JOINS = frozenset({"ON", "USING"})
#: Brackets around a caret that are looked through; no person writes as many.
_MOST_BRACKETS = 40
#: Stands for what is open behind a bracket.
_CLOSED = Token("symbol", ")", 0, 0)
_CASTS = frozenset({"CAST", "TRY_CAST"})
_FROM_INSIDE = frozenset({"EXTRACT", "SUBSTRING", "TRIM"})


@dataclass(frozen=True)
class Position:
    """A caret in a query.

    Attributes:
        around: The tokens in front of the innermost bracket that is open at the caret, the bracket the last.
        before: The tokens in that bracket and in the same query of a UNION, in front of the caret.
        after: Those behind the caret, as far as they belong to it.
        is_behind_set_word: Whether a UNION, EXCEPT or INTERSECT begins this query.
        outer: The same caret as the bracket around sees it; None in the outermost.
    """

    around: Tokens
    before: Tokens
    after: Tokens
    is_behind_set_word: bool = False
    outer: Position | None = None

    @cached_property
    def query(self) -> Position:
        """The same caret as the innermost query around it sees it."""
        if self.outer is None or any(token.upper in ("SELECT", "FROM") for _, token in top(self.all)):
            return self
        return self.outer.query

    @cached_property
    def opener(self) -> str:
        """The word in front of the open bracket, "" where none stands there or none is open."""
        if len(self.around) < 2 or self.around[-1].text != "(":
            return ""
        return self.around[-2].upper if self.around[-2].is_name else ""

    @cached_property
    def _start(self) -> int:
        """Index behind the word that begins the clause; 0 before the first."""
        found, clause = 0, ""
        for index, token in top(self.before):
            if token.upper in _STARTS and self._begins(token.upper, clause) and not self._is_inner(index):
                found, clause = index + 1, token.upper
        return found

    def _begins(self, word: str, clause: str) -> bool:
        """Whether a word that may begin a clause does so behind another clause: ``DISTINCT ON`` begins none."""
        if word in _OF_JOINS:
            return clause in {"FROM", *_OF_JOINS}
        return word not in ("SET", "VALUES") or not clause

    def _is_inner(self, index: int) -> bool:
        """Whether a word that may begin a clause does not: in ``t.from``, ``IS DISTINCT FROM``, ``trim(… FROM …)``."""
        word, before = self.before[index].upper, self.before[index - 1] if index else None
        if before is not None and (before.text == "." or (word == "FROM" and before.upper == "DISTINCT")):
            return True
        return word == "FROM" and self.opener in _FROM_INSIDE

    @cached_property
    def clause(self) -> str:
        """The word that begins the clause, such as WHERE, ON, SET, VALUES or RETURNING; "" before the first."""
        return self.before[self._start - 1].upper if self._start else ""

    @cached_property
    def part(self) -> Tokens:
        """The tokens of the clause, without its word."""
        return self.before[self._start :]

    @cached_property
    def last(self) -> Token | None:
        """The token in front of the caret, in the bracket."""
        return self.before[-1] if self.before else None

    @cached_property
    def all(self) -> Tokens:
        """The tokens of the query around the caret, that at the caret and those in open brackets left out."""
        is_open = self.before and self.before[-1].text in ("(", "[")
        return [*self.before, *((_CLOSED,) if is_open else ()), *self.after]

    @cached_property
    def open_case(self) -> str:
        """The last word of the CASE that is open: CASE, WHEN, THEN or ELSE; "" outside of one."""
        words: list[str] = []
        for _, token in top(self.part):
            if token.upper == "CASE":
                words.append("CASE")
            elif token.upper in ("WHEN", "THEN", "ELSE") and words:
                words[-1] = token.upper
            elif token.upper == "END" and words:
                words.pop()
        return words[-1] if words else ""

    @cached_property
    def source_count(self) -> int:
        """How many tables and subqueries the query's own FROM names."""
        start = next((i for i, token in top(self.all) if token.upper == "FROM"), None)
        if start is None:
            return 0
        ends = (i for i, token in top(self.all) if i > start and token.upper in CLAUSES)
        return sum(1 for item in from_items(self.all[start + 1 : next(ends, len(self.all))]) if item)

    @cached_property
    def joined(self) -> Tokens:
        """The tokens of FROM behind the last JOIN or comma."""
        index = next((i for i in range(len(self.before) - 1, -1, -1) if self._begins_item(i)), -1)
        return self.before[index + 1 :]

    def _begins_item(self, index: int) -> bool:
        return self.before[index].upper in JOINS | {"FROM", ","}

    def has(self, word: str) -> bool:
        """Whether the query has a clause, in front of the caret or behind."""
        return any(token.upper == word for _, token in top(self.all))

    @cached_property
    def expected(self) -> Expected:
        """What comes next."""
        last = self.last
        if last is None:
            return "words" if self.is_behind_set_word or not self.around else "value"
        if last.text == "::":
            return "type"
        if last.upper == "AS":
            return "type" if self.opener in _CASTS else "nothing"
        if last.kind == "word" and (found := self._behind_word(last.upper)) is not None:
            return found
        if last.text == ",":
            return "table" if self.clause in {"FROM", *_OF_JOINS} else "value"
        if self._is_value_end(last):
            return self._behind_value
        return "value"

    def _behind_word(self, word: str) -> Expected | None:
        """What comes behind a word of the grammar; None behind any other."""
        if len(self.before) > 1 and self.before[-2].text == ".":
            return None
        if word == "FROM" and self._is_inner(len(self.before) - 1):
            return "value"
        if word in ("FROM", "JOIN"):
            return "table"
        if word in ("LIMIT", "OFFSET"):
            return "number"
        if word == "NOT" and self.is_behind_value(-2):
            return "words"
        if word in _BEFORE_VALUE:
            return "value"
        return "words" if word in _BEFORE_WORDS else None

    def _is_value_end(self, token: Token) -> bool:
        if token.text == "*":
            before = self.before[-2] if len(self.before) > 1 else None
            return before is None or before.text in (",", ".", "(") or before.upper in ("SELECT", "DISTINCT")
        return token.text in _CLOSING or token.kind in (
            "word",
            "quoted",
            "string",
            "number",
            "parameter",
            "unclosed",
        )

    def is_behind_value(self, index: int) -> bool:
        """Whether the token of that (negative) index, counted from the caret, ends a value."""
        if len(self.before) < -index:
            return False
        token = self.before[index]
        is_word = token.kind == "word" and token.upper in _BEFORE_VALUE | _BEFORE_WORDS
        return not is_word and (token.is_name or token.text in _CLOSING or token.kind in ("string", "number"))

    @property
    def _behind_value(self) -> Expected:
        if self.clause in ("FROM", "USING"):
            return "behind table"
        return "number" if self.clause in ("LIMIT", "OFFSET") else "operator"


def find_position(place: Place) -> Position:
    """Where the caret of a place stands."""
    openings = _openings(place.before)
    starts = [0, *(opening + 1 for opening in openings)]
    ends = [*starts[1:], len(place.before)]
    found: Position | None = None
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        found = _position(place, Span(start, end), len(openings) - number, found)
    assert found is not None
    return found


def _position(place: Place, part: Span, depth: int, outer: Position | None) -> Position:
    """The caret as a part of the tokens in front of it sees it, ``depth`` open brackets above it."""
    start, end = part
    inside = place.before[start:end]
    cut = _core_start(inside)
    return Position(place.before[:start], inside[cut:], _after(place, depth), cut > 0, outer)


def _openings(tokens: Tokens) -> list[int]:
    """Indexes of the brackets that are left open, the last `_MOST_BRACKETS` of them, outermost first."""
    found: list[int] = []
    depth = 0
    for index in range(len(tokens) - 1, -1, -1):
        text = tokens[index].text
        if text in _CLOSING:
            depth += 1
        elif text in _OPENING and depth:
            depth -= 1
        elif text in _OPENING:
            found.append(index)
            if len(found) == _MOST_BRACKETS:
                break
    return found[::-1]


def _core_start(tokens: Tokens) -> int:
    """Index behind the last UNION, EXCEPT or INTERSECT and its ALL; 0 without one."""
    found = 0
    for index, token in top(tokens):
        if token.upper in SET_WORDS or (found == index > 0 and token.upper in ("ALL", "DISTINCT")):
            found = index + 1
    return found


def _after(place: Place, depth: int) -> Tokens:
    """The tokens behind the word at the caret, ``depth`` brackets above it, up to what cannot belong to its query."""
    found: list[Token] = []
    inner = 0
    for token in place.tokens[token_index(place.tokens, place.span.end) :]:
        inner += (token.text in _OPENING) - (token.text in _CLOSING)
        if inner < 0:
            inner, depth = 0, depth - 1
            if depth < 0:
                break
        elif depth == 0:
            if inner == 0 and (token.text == ";" or token.upper in SET_WORDS):
                break
            found.append(token)
    return found
