"""Cells to statements: where each one begins and ends, and the lines that old notebooks begin with."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Literal, NamedTuple, Protocol

from thanosql_kernel.errors import Span
from thanosql_kernel.sql.cursor import HEAD_WORDS
from thanosql_kernel.sql.lexer import Token, read_tokens

_CELL_MAGIC = re.compile(r"(?:\s*#[^\n]*\n)*\s*(?P<magic>%%(?:thano)?sql\b)(?P<rest>[^\n]*)")
_VARIABLE = re.compile(r"\s*\$[^\W\d]\w*\s*;?\s*")
_ASSIGNED = re.compile(r"\s*[^\W\d]\w*\s*<<")

#: Most tokens behind a line start that are looked at to tell what it begins.
_MOST_AHEAD = 200

Read = Callable[[str, int], Iterator[Token]]


class Start(NamedTuple):
    """What a line starts with that may begin a statement.

    Attributes:
        length: How many tokens that is.
        kind: "words" that stand nowhere else, one "word", or what begins a "clause" of SQL as well as a statement.
    """

    length: int
    kind: Literal["words", "word", "clause"]


class Grammar(Protocol):
    """What is asked about statements to tell where each one ends."""

    def start(self, tokens: Sequence[Token]) -> Start | None:
        """What of a statement these tokens start with; None if they start with nothing of one."""

    def ends(self, tokens: Sequence[Token], ahead: Ahead) -> bool:
        """Whether a statement ends with these tokens where a line with the words of another one follows."""

    def takes(self, tokens: Sequence[Token], line: Sequence[Token]) -> bool:
        """Whether the SQL that these tokens end with goes on with that line."""

    def knows_magic(self, line: str) -> bool:
        """Whether a ``%`` or ``!`` line says something to this kernel."""


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
        seen: Where the text ends that was looked at to tell all this.
    """

    start: int
    end: int
    piece: Piece | None
    seen: int


def split(cell: str, grammar: Grammar) -> list[Piece]:
    """The statements of a cell, in order.

    They end at ``;``, at a magic line, or in front of a line with which SQL cannot go on and that starts with the words
    of a statement. Blank lines and comments end nothing. Inside brackets only a line with two such words does.
    """
    return [cut.piece for cut in cuts(cell, grammar) if cut.piece is not None]


def cuts(cell: str, grammar: Grammar, start: int = 0, *, read: Read = read_tokens) -> Iterator[Cut]:
    """The cell in parts, as `split` says, read as they are asked for.

    Args:
        cell: The text.
        grammar: As for `split`.
        start: Where to begin: 0 or where a part of this text begins.
        read: Reads the significant tokens from a place on.
    """
    if start == 0 and (match := _CELL_MAGIC.match(cell)):
        if _VARIABLE.fullmatch(match["rest"]):
            span = Span(match.start("magic"), match.end())
            piece = Piece(span, (), cell[slice(*span)].rstrip())
        else:
            piece = None
        start = match.end() if piece is not None else match.start("rest") + len(named(match["rest"], grammar))
        yield Cut(0, start, piece, match.end())
    while start < len(cell):
        for cut in _cuts_to_magic(cell, start, grammar, read):
            yield cut
            start = cut.end


def named(rest: str, grammar: Grammar) -> str:
    """What stands behind ``%%thanosql`` on its line and is no statement: options, an address, ``name <<``."""
    found = _ASSIGNED.match(rest)
    before = found.group() if found is not None else ""
    tokens = list(islice(read_tokens(rest, len(before)), HEAD_WORDS))
    return before if tokens and grammar.start(tokens) is not None else rest


def _cuts_to_magic(cell: str, start: int, grammar: Grammar, read: Read) -> Iterator[Cut]:
    """The parts up to the end of the next magic line, or of the cell."""
    reader = _Reader(cell, grammar, read(cell, start))
    tokens: list[Token] = []
    depth = 0
    while (token := reader.peek()) is not None:
        text = token.text
        if text[0] in "%!" and _is_first_on_line(cell, token) and _is_magic(tokens, reader):
            if tokens:
                yield _cut(start, token.start, tokens, reader)
            yield _magic_cut(token.start if tokens else start, token.start, reader)
            return
        if text == ";":
            yield _cut(start, token.end, tokens, reader)
            start, tokens, depth = token.end, [], 0
            reader.skip()
            continue
        if tokens and (token.kind == "word" or text == "(") and _is_boundary(tokens, token, reader, depth):
            yield _cut(start, token.start, tokens, reader)
            start, tokens, depth = token.start, [], 0
        if text in _OPENING:
            depth += 1
        elif text in _CLOSING:
            depth = max(0, depth - 1)
        tokens.append(token)
        reader.skip()
    if start < len(cell):
        yield _cut(start, len(cell), tokens, reader)


_OPENING = ("(", "[", "{")
_CLOSING = (")", "]", "}")


class _Reader:
    """Tokens to read, with a look at those that follow.

    Attributes:
        seen: Where the text ends that was read.
    """

    def __init__(self, cell: str, grammar: Grammar, tokens: Iterator[Token]) -> None:
        self.cell = cell
        self.grammar = grammar
        self._tokens = tokens
        self._seen: deque[Token] = deque()
        self.seen = 0

    def peek(self, ahead: int = 0) -> Token | None:
        seen = self._seen
        if len(seen) <= ahead:
            seen.extend(islice(self._tokens, ahead + 1 - len(seen)))
            self.seen = max(self.seen, seen[-1].end) if len(seen) > ahead else len(self.cell)
        return seen[ahead] if len(seen) > ahead else None

    def start(self, ahead: int = 0) -> Start | None:
        """What of a statement stands there."""
        self.peek(ahead + HEAD_WORDS - 1)
        return self.grammar.start(list(islice(self._seen, ahead, ahead + HEAD_WORDS)))

    def first(self, count: int) -> list[Token]:
        """So many tokens, all of them looked at before."""
        return list(islice(self._seen, count))

    def up_to(self, end: int) -> list[Token]:
        """The tokens that start in front of that place."""
        count = 0
        while (token := self.peek(count)) is not None and token.start < end:
            count += 1
        return self.first(count)

    def skip(self) -> None:
        self._seen.popleft()

    def line_end(self, start: int) -> int:
        """Where the line ends in which a place is; all of it is read then."""
        end = self.cell.find("\n", start)
        end = len(self.cell) if end < 0 else end
        self.seen = max(self.seen, end)
        return end


class Ahead:
    """The tokens behind a place where a statement may end.

    Attributes:
        words: Those of a statement that they start with.
    """

    def __init__(self, reader: _Reader, words: int) -> None:
        self._reader = reader
        self.words = reader.first(words)

    @cached_property
    def line(self) -> list[Token]:
        """Those of the first line, and of those below that its brackets take up."""
        return self._up_to(0)

    @cached_property
    def statement(self) -> list[Token]:
        """Those up to ``;`` or the next line that begins a statement: of those that begin a clause, the second."""
        return self._up_to(1)

    def _up_to(self, clauses: int) -> list[Token]:
        """The tokens up to the end of a line outside brackets, or up to a statement if that many clauses may come."""
        cell, reader = self._reader.cell, self._reader
        depth, count, end, left = 0, 0, self.words[0].start, clauses
        while count < _MOST_AHEAD and (token := reader.peek(count)) is not None and token.text != ";":
            if count and "\n" in cell[end : token.start]:
                start = reader.start(count)
                left -= depth <= 0 and start is not None and start.kind == "clause"
                is_word = start is not None and start.kind == "word"
                if (start is not None and start.kind == "words") or token.text[0] in "%!":
                    break
                if depth <= 0 and (not clauses or is_word or left < 0):
                    break
            if token.kind == "symbol":
                depth += (token.text in _OPENING) - (token.text in _CLOSING)
            end = token.end
            count += 1
        return reader.first(count)


def _is_boundary(tokens: list[Token], following: Token, reader: _Reader, depth: int) -> bool:
    """Whether the next token begins another statement than the one these tokens began."""
    last = tokens[-1]
    if "\n" not in reader.cell[last.end : following.start] or last.text in _OPENING:
        return False
    start = reader.start()
    if start is None or (start.kind != "words" and depth > 0):
        return False
    return reader.grammar.ends(tokens, Ahead(reader, start.length))


def _is_magic(tokens: list[Token], reader: _Reader) -> bool:
    """Whether the line that comes next is for a notebook's magic, and no operator that SQL goes on with."""
    first = reader.peek()
    assert first is not None
    end = reader.line_end(first.start)
    if not tokens or reader.grammar.knows_magic(reader.cell[first.start : end]):
        return True
    return not reader.grammar.takes(tokens, reader.up_to(end))


def _cut(start: int, end: int, tokens: list[Token], reader: _Reader) -> Cut:
    piece = Piece(Span(tokens[0].start, tokens[-1].end), tuple(tokens)) if tokens else None
    return Cut(start, end, piece, reader.seen)


def _is_first_on_line(cell: str, token: Token) -> bool:
    line_start = cell.rfind("\n", 0, token.start) + 1
    return not cell[line_start : token.start].strip(" \t")


def _magic_cut(start: int, at: int, reader: _Reader) -> Cut:
    end = reader.line_end(at)
    line = reader.cell[at:end].rstrip()
    return Cut(start, end, Piece(Span(at, at + len(line)), (), line), reader.seen)
