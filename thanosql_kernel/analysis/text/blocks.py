"""A text in blocks of one statement each, which edits elsewhere leave alone.

A block counts places from its own start, so that typing above it does not touch it. Statements are parsed once, when
the block is cut, and never again until their own text changes.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from thanosql_kernel.analysis.text.clauses import matching
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, UnexpectedEnd
from thanosql_kernel.sql.brackets import CLOSING
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.lexer import Token, read_tokens
from thanosql_kernel.sql.script import Cut, Piece, cuts
from thanosql_kernel.sql.token_reader import Want, token_index
from thanosql_kernel.statements.boundaries import Boundaries, Reading, gives_to, read
from thanosql_kernel.statements.cell import free_text, parse_piece
from thanosql_kernel.statements.registry import find_head, heads, parse_at, parse_nested
from thanosql_kernel.statements.statement import Statement

Outcome = Statement | ThanoSQLError


@dataclass(eq=False, slots=True)
class Block:
    """A part of a document that holds one statement at most.

    Attributes:
        text: The part.
        piece: The statement in it, its places counted from the start of the block; None for blanks and comments.
        outcome: What the statement parsed to, or why it does not; None without a statement.
        depends_on_rest: Whether text far behind may change it: a quote or comment in it is not closed.
        seen: How long the text is, from its start, that tells where it ends: it may look at the statement behind it.
        memory: What was found out about it, for those who ask again.
    """

    text: str
    piece: Piece | None
    outcome: Outcome | None
    depends_on_rest: bool = False
    seen: int = 0
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The significant tokens of its statement."""
        return self.piece.tokens if self.piece else ()

    @property
    def statement(self) -> Statement | None:
        """The statement, if it parses."""
        return self.outcome if isinstance(self.outcome, Statement) else None

    @property
    def is_magic(self) -> bool:
        """Whether it is a ``%`` or ``!`` line."""
        return self.piece is not None and self.piece.magic is not None

    def outcome_beside(self, *, magic: bool) -> Outcome | None:
        """The outcome, given whether there are magic lines in the cell: free text is no error beside them."""
        if magic and self.piece is not None and (free := free_text(self.piece)):
            return free
        return self.outcome


def cut_blocks(text: str, start: int = 0) -> Iterator[Block]:
    """The blocks of a text, cut as they are asked for.

    A quote that was opened and not closed would turn all text behind it inside out. So where a statement does not
    parse, a string in it that holds lines with which statements begin is taken to end with its first line.

    Args:
        text: All of it.
        start: 0, or where a block of this text begins.
    """
    reader = _Reader()
    at = start
    while at < len(text):
        try:
            for block in _cut_from(text, at, reader):
                at += len(block.text)
                yield block
                if reader.knows_beyond(at):
                    # A block is the same whatever stands above it, or edits would not give what reading anew does.
                    reader = _Reader()
                    break
        except _OpenQuote:
            continue


def _cut_from(text: str, start: int, reader: _Reader) -> Iterator[Block]:
    """Blocks, until a quote turns out to be open."""
    memory = _Memory(text, start)
    for cut in cuts(text, Boundaries(text, memory.read), start, read=reader.read):
        block = _block(text, cut, memory)
        if (
            reader.suspect is not None
            and reader.suspect < cut.end
            and isinstance(block.outcome, ThanoSQLError)
        ):
            raise reader.found_open()
        if (end := _end_of_unfinished(block)) is not None:
            reader.forget(cut.start + end)
            yield _block(text, _shortened(cut, end), loose=True)
            return
        reader.forget(cut.end)
        yield block
        memory.forget(cut.end)


def _end_of_unfinished(block: Block) -> int | None:
    """Where the next statement begins if the block's is not finished and runs into it; None if it does not.

    The words at the start of a line are those of a statement, and what stands there is an error as it is: the token
    that is wrong, the one in front of it (taken for a name), or something inside a parenthesis that is never closed.
    """
    error, tokens = block.outcome, block.tokens
    if not isinstance(error, ParseError) or error.span is None or len(tokens) < 2:
        return None
    wrong = token_index(tokens, error.span.start)
    is_open = error.code == "TS101" or _is_left_open(tokens, wrong)
    for index in range(wrong + 1, len(tokens)) if is_open else (wrong, wrong - 1):
        if begins_line(block, index) and _may_end(tokens, index, wrong):
            if gives_to(tokens[:index], tokens[index:]):
                continue
            before = read(block.text, tokens[:index])
            if index == wrong and isinstance(before.outcome, Statement):
                return tokens[index].start
            if isinstance(before.outcome, UnexpectedEnd) and not (is_open and _goes_on(block, before)):
                return tokens[index].start
    return None


def _is_left_open(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a token is a bracket that nothing closes."""
    is_bracket = index < len(tokens) and tokens[index].text in CLOSING
    return is_bracket and index not in matching(tokens)


def _may_end(tokens: tuple[Token, ...], index: int, wrong: int) -> bool:
    """Whether a statement that is wrong at one token may end in front of another."""
    if index == wrong:
        return tokens[index].upper in heads() and tokens[index].upper != "FROM"
    head = find_head(tokens[index:])
    return head is not None and not head.kind.table_valued and not head.kind.is_query


def _goes_on(block: Block, before: Reading) -> bool:
    """Whether the statement may go on with the line behind what was read."""
    first = len(before.cursor.tokens)
    ends = (index for index in range(first + 1, len(block.tokens)) if begins_line(block, index))
    line = block.tokens[first : next(ends, len(block.tokens))]
    return Boundaries(block.text).goes_on(block.tokens[:first], before, line)


def begins_line(block: Block, index: int) -> bool:
    """Whether a token other than the first is the first on its line."""
    tokens = block.tokens
    return 0 < index < len(tokens) and "\n" in block.text[tokens[index - 1].end : tokens[index].start]


def _shortened(cut: Cut, end: int) -> Cut:
    """The part up to ``end``, counted from its start."""
    assert cut.piece is not None
    end += cut.start
    tokens = tuple(token for token in cut.piece.tokens if token.start < end)
    return Cut(cut.start, end, Piece(Span(tokens[0].start, tokens[-1].end), tokens), cut.seen)


class _OpenQuote(Exception):
    """A quote is not closed though another one follows."""


class _Reader:
    """Reads tokens; strings that seem to have swallowed statements are suspects until their statement parses."""

    def __init__(self) -> None:
        self._suspects: list[tuple[int, int]] = []  # where each begins, how many tokens were read before it
        self._count = 0
        self._open: set[int] = set()

    @property
    def suspect(self) -> int | None:
        """Where the first suspect of the present statement begins, None without one."""
        return self._suspects[0][0] if self._suspects else None

    def read(self, text: str, start: int) -> Iterator[Token]:
        """The significant tokens from a place on.

        Raises:
            _OpenQuote: The statement with the suspect goes on and on.
        """
        at: int | None = start
        while at is not None:
            at = yield from self._read_to_open(text, at)

    def _read_to_open(self, text: str, start: int) -> Generator[Token, None, int | None]:
        """Tokens up to the next open quote; where to read on, None at the end of the text."""
        for token in read_tokens(text, start):
            if token.start in self._open and token.kind in ("string", "quoted"):
                quote, end = token.start, text.index("\n", token.start)
                if token.text[0] in "eE":
                    quote += 1
                    yield Token("word", token.text[0], token.start, quote)
                yield Token("unclosed", text[quote:end], quote, end)
                return end
            if token.kind in ("string", "quoted") and _swallowed(token.text):
                self._suspects.append((token.start, self._count))
            self._count += 1
            if self._suspects and self._count - self._suspects[0][1] > _MOST_BEHIND_SUSPECT:
                raise self.found_open()
            yield token
        return None

    def found_open(self) -> _OpenQuote:
        """The suspect is an open quote from now on."""
        if self.suspect is not None:
            self._open.add(self.suspect)
        self._suspects.clear()
        return _OpenQuote()

    def knows_beyond(self, end: int) -> bool:
        """Whether it takes a quote behind that place to be open."""
        return any(start >= end for start in self._open)

    def forget(self, end: int) -> None:
        """The statement that ends there is past."""
        while self._suspects and self._suspects[0][0] < end:
            del self._suspects[0]


#: Tokens that a statement may have behind a string with lines that look like statements before that is not believed.
_MOST_BEHIND_SUSPECT = 400


def _swallowed(string: str) -> bool:
    return string[0] != "$" and "\n" in string and _line_of_statement().search(string) is not None


@cache
def _line_of_statement() -> re.Pattern[str]:
    """A line that begins with the words of a statement."""
    words = {r"\s+".join(head.words) for group in heads().values() for head in group}
    return re.compile(rf"\n[ \t]*(?:{'|'.join(sorted(words))})\b", re.IGNORECASE)


class _Memory:
    """What the tokens of the present part were read as, kept for the block that they become.

    Attributes:
        start: Where the part begins; places are counted from there.
    """

    def __init__(self, text: str, start: int) -> None:
        self.start = start
        self._text = text
        self._read: tuple[int, Outcome] | None = None

    def read(self, tokens: Sequence[Token]) -> Reading:
        """Read them as a statement."""
        piece = shift_piece(Piece(Span(tokens[0].start, tokens[-1].end), tuple(tokens)), -self.start)
        found = read(self._text[self.start : tokens[-1].end], piece.tokens)
        self._read = (len(tokens), found.outcome)
        return found

    def outcome(self, piece: Piece) -> Outcome | None:
        """What became of the piece, if it was read."""
        return self._read[1] if self._read is not None and self._read[0] == len(piece.tokens) else None

    def forget(self, start: int) -> None:
        """The next part begins there."""
        self.start, self._read = start, None


def _block(text: str, cut: Cut, memory: _Memory | None = None, *, loose: bool = False) -> Block:
    own, seen = text[cut.start : cut.end], cut.seen - cut.start
    if cut.piece is None:
        return Block(own, None, None, seen=seen)
    piece = shift_piece(cut.piece, -cut.start)
    outcome = (memory.outcome(piece) if memory is not None else None) or parse(own, piece)
    loose = loose or any(token.kind == "unclosed" or token.text == "$" for token in piece.tokens)
    return Block(own, piece, outcome, loose, seen)


def parse(text: str, piece: Piece) -> Outcome:
    """What a statement parses to, or why it does not."""
    try:
        return parse_piece(text, piece)
    except ThanoSQLError as error:
        return error


def wants_of(block: Block) -> dict[int, list[Want]]:
    """What the parser would have accepted at each token of a block; remembered."""
    if "wants" not in block.memory:
        block.memory["wants"] = read_wants(block)
    wants: dict[int, list[Want]] = block.memory["wants"]
    return wants


def read_wants(block: Block) -> dict[int, list[Want]]:
    """What the parser would have accepted at each token of a block."""
    cursor = Cursor(block.text, block.tokens, nested=parse_nested)
    with suppress(ThanoSQLError):
        parse_at(cursor)
    return cursor.wants


def shift_piece(piece: Piece, by: int) -> Piece:
    """The piece with its places moved."""
    if by == 0:
        return piece
    tokens = tuple(Token(t.kind, t.text, t.start + by, t.end + by) for t in piece.tokens)
    return Piece(shift(piece.span, by), tokens, piece.magic)


def shift(span: Span, by: int) -> Span:
    """The span moved."""
    return Span(span.start + by, span.end + by)
