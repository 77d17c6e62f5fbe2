"""Cells to statements: where each one begins and ends, and the lines that old notebooks begin with."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import Token, read_tokens

_CELL_MAGIC = re.compile(r"\s*%%(?:thano)?sql\b[^\n]*")

#: What a statement cannot end with, so that the next line belongs to it even if it starts with a statement word.
_CONTINUES = frozenset(
    "AS UNION ALL EXCEPT INTERSECT BY SELECT DISTINCT FROM WHERE AND OR NOT JOIN USING IN LIKE ILIKE IS BETWEEN "
    "THEN ELSE WHEN CASE WITH RECURSIVE HAVING LIMIT OFFSET SET VALUES INTO LEFT RIGHT INNER OUTER CROSS FULL "
    "RETURNING SUMMARIZE , ( [ = < > <= >= <> != == + - * / % || :: -> ->> .".split()
)

#: What a statement can end with all the same.
_ENDS = frozenset(
    tuple(words.split())
    for words in ("BY ALL", "LIMIT ALL", "DEFAULT VALUES", "RETURNING *", "INSERT *", "SET *")
)

#: Most words that a statement begins with (CREATE OR REPLACE TABLE).
_HEAD_WORDS = 4


def goes_on(tokens: Sequence[Token]) -> bool:
    """Whether no statement can end with the last of these tokens."""
    if len(tokens) > 1 and (tokens[-2].upper, tokens[-1].upper) in _ENDS:
        return False
    return tokens[-1].upper in _CONTINUES


Starts = Callable[[Sequence[Token]], bool]
Complete = Callable[[Sequence[Token]], bool]
Read = Callable[[str, int], Iterator[Token]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement of a cell, not yet parsed.

    Attributes:
        span: From its first to its last token, the ``;`` left out; a whole magic line for those.
        tokens: Its significant tokens; empty for magic lines.
        magic: The line without leading space if it is a ``%`` or ``!`` line, else None.
    """

    span: Span
    tokens: tuple[Token, ...]
    magic: str | None = None


class Cut(NamedTuple):
    """A part of a cell that holds one statement at most; together they are the cell.

    Attributes:
        start: Where it begins: behind the last one.
        end: Behind the statement and its ``;``, or where the next statement begins.
        piece: The statement; None for blanks, comments and lone semicolons.
    """

    start: int
    end: int
    piece: Piece | None


def split(cell: str, *, starts: Starts, complete: Complete) -> list[Piece]:
    """The statements of a cell, in order.

    They end at ``;``, at a magic line, or before a line that starts with a statement word outside parentheses where
    the statement so far is complete. Blank lines alone end nothing. A line that starts with two statement words, which
    no SQL goes on with, begins a statement even where the one above lacks its end or a parenthesis.

    Args:
        cell: The text.
        starts: Whether a statement's words begin these tokens.
        complete: Whether these tokens are a whole statement.
    """
    return [cut.piece for cut in cuts(cell, starts=starts, complete=complete) if cut.piece is not None]


def cuts(
    cell: str, start: int = 0, *, starts: Starts, complete: Complete, read: Read = read_tokens
) -> Iterator[Cut]:
    """The cell in parts, as `split` says, read as they are asked for.

    Args:
        cell: The text.
        start: Where to begin: 0 or where a part of this text begins.
        starts: As for `split`.
        complete: As for `split`.
        read: Reads the significant tokens from a place on.
    """
    if start == 0 and (match := _CELL_MAGIC.match(cell)):
        yield Cut(0, match.end(), None)
        start = match.end()
    while start < len(cell):
        for cut in _cuts_to_magic(cell, start, starts, complete, read):
            yield cut
            start = cut.end


def _cuts_to_magic(cell: str, start: int, starts: Starts, complete: Complete, read: Read) -> Iterator[Cut]:
    """The parts up to the end of the next magic line, or of the cell."""
    reader = _Ahead(read(cell, start))
    tokens: list[Token] = []
    depth = 0
    while (token := reader.peek()) is not None:
        text = token.text
        if text[0] in "%!" and _is_first_on_line(cell, token):
            if tokens:
                yield _cut(start, token.start, tokens)
            yield _magic_cut(cell, token.start if tokens else start, token.start)
            return
        if text == ";":
            yield _cut(start, token.end, tokens)
            start, tokens, depth = token.end, [], 0
            reader.skip()
            continue
        if tokens and token.kind == "word" and _is_boundary(cell, tokens, reader, depth, starts, complete):
            yield _cut(start, token.start, tokens)
            start, tokens, depth = token.start, [], 0
        if text in _OPENING:
            depth += 1
        elif text in _CLOSING:
            depth = max(0, depth - 1)
        tokens.append(token)
        reader.skip()
    if start < len(cell):
        yield _cut(start, len(cell), tokens)


_OPENING = ("(", "[", "{")
_CLOSING = (")", "]", "}")


class _Ahead:
    """Tokens to read, with a look at those that follow."""

    def __init__(self, tokens: Iterator[Token]) -> None:
        self._tokens = tokens
        self._seen: deque[Token] = deque()

    def peek(self) -> Token | None:
        if not self._seen:
            self._seen.extend(islice(self._tokens, 1))
        return self._seen[0] if self._seen else None

    def ahead(self, count: int) -> list[Token]:
        self._seen.extend(islice(self._tokens, count - len(self._seen)))
        return list(islice(self._seen, count))

    def skip(self) -> None:
        self._seen.popleft()


def _is_boundary(
    cell: str, tokens: list[Token], reader: _Ahead, depth: int, starts: Starts, complete: Complete
) -> bool:
    """Whether the next token begins another statement than the one these tokens began."""
    previous, following = tokens[-1], reader.peek()
    if following is None or "\n" not in cell[previous.end : following.start] or goes_on(tokens[-2:]):
        return False
    ahead = reader.ahead(_HEAD_WORDS)
    if not starts(ahead):
        return False
    if starts(ahead[:1]):
        return depth == 0 and not _sql_goes_on(tokens, ahead) and complete(tokens)
    return tokens[0].upper not in ("INSERT", "WITH") or complete(tokens)


#: What may stand between UNION and the next query.
_SET_OPTIONS = frozenset("ALL DISTINCT BY NAME".split())
_SET_WORDS = frozenset("UNION EXCEPT INTERSECT".split())
_BEGIN_QUERY = frozenset("SELECT FROM WITH VALUES (".split())
#: Statements with a FROM that begins no query.
_OWN_FROM = frozenset("COPY UPLOAD DELETE UPDATE FUNCTION PREPROCESS".split())
#: Clauses behind FROM after which ``FROM t SELECT a`` can no longer get its SELECT.
_LATE_CLAUSES = frozenset("WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET".split())


def _sql_goes_on(tokens: Sequence[Token], ahead: Sequence[Token]) -> bool:
    """Whether a word that can begin a statement goes on with a query here: ``FROM t`` + ``SELECT a``."""
    word, behind = ahead[0].upper, ahead[1].upper if len(ahead) > 1 else ""
    joins = _last_outside(tokens, _SET_OPTIONS) in _SET_WORDS
    if word == "TABLE":
        return joins
    if word == "SELECT":
        return joins or (tokens[0].upper not in _OWN_FROM and _is_from_first(tokens))
    if word == "SET":
        return tokens[-1].upper == "UPDATE"
    if word in ("PIVOT", "UNPIVOT"):
        return behind == "(" and not (len(ahead) > 2 and ahead[2].upper in _BEGIN_QUERY)
    return word == "DESC" and behind in ("", ",", "NULLS", "LIMIT", "OFFSET", "UNION", ";")


def _last_outside(tokens: Sequence[Token], words: frozenset[str]) -> str:
    """The last token that is none of these words."""
    return next((token.upper for token in reversed(tokens) if token.upper not in words), "")


def _is_from_first(tokens: Sequence[Token]) -> bool:
    """Whether the last query of a statement begins with FROM and has nothing but that yet."""
    depth, found = 0, False
    for token in reversed(tokens):
        depth += (token.text in _CLOSING) - (token.text in _OPENING)
        if depth == 0:
            if token.upper in _SET_WORDS:
                return found
            if token.upper == "SELECT" or (not found and token.upper in _LATE_CLAUSES):
                return False
            found = found or token.upper == "FROM"
    return found


def _cut(start: int, end: int, tokens: list[Token]) -> Cut:
    piece = Piece(Span(tokens[0].start, tokens[-1].end), tuple(tokens)) if tokens else None
    return Cut(start, end, piece)


def _is_first_on_line(cell: str, token: Token) -> bool:
    line_start = cell.rfind("\n", 0, token.start) + 1
    return not cell[line_start : token.start].strip(" \t")


def _magic_cut(cell: str, start: int, at: int) -> Cut:
    end = cell.find("\n", at)
    end = len(cell) if end < 0 else end
    line = cell[at:end].rstrip()
    return Cut(start, end, Piece(Span(at, at + len(line)), (), line))
