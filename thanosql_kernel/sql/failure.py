"""A text that is one statement and cannot be read: where that stops, and what was expected there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from thanosql_kernel.errors import Fix, Span, ThanoSQLError
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.brackets import CLAUSES, CLOSING
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.token_reader import Want

Fixes = Iterator[Fix]

#: Words that stand in front of a name elsewhere, and not where a slip puts them.
NOISE = frozenset("TABLE INTO MODEL FILE FOLDER IMAGE TEXT COLUMN DATASET AS ALL FROM".split())


@dataclass(frozen=True)
class Failure:
    """A text that is one statement and cannot be read.

    Attributes:
        source: The text.
        tokens: Its significant tokens.
        error: Why.
        wants: Token index -> what would have been accepted there.
        at: Index of the token that cannot stand where it does; behind the last one for the end.
    """

    source: str
    tokens: Sequence[Token]
    error: ThanoSQLError
    wants: Mapping[int, Sequence[Want]]
    at: int

    @property
    def left(self) -> int:
        """How many tokens stand behind the ones that could be read."""
        return len(self.tokens) - self.at

    @property
    def around(self) -> tuple[int, ...]:
        """The indices of the token that cannot be read and of the one in front of it, which may have been misread."""
        return tuple(index for index in (self.at, self.at - 1) if 0 <= index < len(self.tokens))

    @property
    def is_in_sql(self) -> bool:
        """Whether nobody says what was expected, as SQL does not."""
        return not any(want.kind != "sql" for want in self.wants.get(self.at, ()))

    def words(self, index: int) -> list[str]:
        """The words and signs that would have been accepted at an index."""
        return [want.text for want in self.wants.get(index, ()) if want.kind in ("word", "symbol")]

    def takes(self, index: int, *kinds: str) -> bool:
        """Whether something of these kinds would have been accepted at an index."""
        return any(want.kind in kinds for want in self.wants.get(index, ()))

    def text(self, first: int, last: int) -> str:
        """What is written from a token to another."""
        return self.source[self.tokens[first].start : self.tokens[last].end]

    def span(self, first: int, last: int) -> Span:
        """Where that stands."""
        return Span(self.tokens[first].start, self.tokens[last].end)

    def writing(self, first: int, last: int, text: str) -> Fix:
        """Something else in the place of the tokens."""
        old = "" if first == last == self.at else self.text(first, last)
        return edits.writing(self.span(first, last), text, old=old)

    def run(self, index: int) -> tuple[int, int]:
        """The first and the last of the tokens around an index that no blank, bracket or comma parts."""
        first = last = index
        while first and _touch(self.tokens[first - 1], self.tokens[first]):
            first -= 1
        while last + 1 < len(self.tokens) and _touch(self.tokens[last], self.tokens[last + 1]):
            last += 1
        return first, last


def _touch(one: Token, other: Token) -> bool:
    apart = ("(", ")", "[", "]", "{", "}", ",", ";", "=")
    return one.end == other.start and one.text not in apart and other.text not in apart


def is_sign(failure: Failure, index: int) -> bool:
    """Whether a token is a sign and no bracket."""
    token = failure.tokens[index]
    return token.kind == "symbol" and token.text not in CLOSING and token.text not in CLOSING.values()


def closing_index(tokens: Sequence[Token], opening: int) -> int:
    """Index of the bracket that closes one; of the last token if none does."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text in CLOSING) - (tokens[index].text in CLOSING.values())
        if depth == 0:
            return index
    return len(tokens) - 1


def may_be_part_of_name(token: Token) -> bool:
    """Whether a token may be one of the words of a name that lacks its quotes."""
    is_grammar = token.upper in NOISE or token.upper in CLAUSES or token.upper in ("SET", "OPTIONS", "USING")
    return token.kind in ("word", "number") and not is_grammar
