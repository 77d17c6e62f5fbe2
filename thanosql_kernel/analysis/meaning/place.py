"""A caret in a statement, and all that tells what may be typed there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from thanosql_kernel.analysis.meaning.known import Known, read_statement
from thanosql_kernel.analysis.meaning.scope import Scope
from thanosql_kernel.analysis.meaning.sources import Source
from thanosql_kernel.analysis.text.blocks import Block
from thanosql_kernel.analysis.text.clauses import Tokens, query_of, statement_at
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.lexer import Token, tokenize
from thanosql_kernel.sql.token_reader import Want, token_index
from thanosql_kernel.statements.foresight import Columns
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.registry import find_head, heads, parse_at, parse_nested
from thanosql_kernel.statements.statement import Statement


@dataclass(frozen=True)
class Place:
    """A caret in a statement. Its offsets count from the start of the statement's block.

    Attributes:
        block_start: Where the block begins in the document.
        typed: The part of the word or string in front of the caret.
        text: The whole word, or all that stands in the string.
        span: The word or the inside of the string around the caret: what a completion replaces.
        quote: The quote character if the caret is inside a string or quoted name, else "".
        wants: What the grammar would accept here.
        in_sql: Whether SQL may stand here.
        statement: The kind of the innermost statement, None before its words are complete.
        tokens: The significant tokens of the innermost statement, whole.
        before: The significant tokens of the whole statement in front of the word.
        known: What is known here.
        may_begin: Whether a statement may begin with the word at the caret.
    """

    block_start: int
    typed: str
    text: str
    span: Span
    quote: str
    wants: tuple[Want, ...]
    in_sql: bool
    statement: type[Statement] | None
    tokens: Tokens
    before: Tokens
    known: Known
    may_begin: bool = False

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of the innermost statement."""
        return self.statement.option_specs if self.statement else ()

    @property
    def inputs(self) -> tuple[Option, ...]:
        """What may stand beside its first words, written as options are."""
        return self.statement.input_specs if self.statement else ()

    @cached_property
    def given(self) -> frozenset[str]:
        """The names of options given already."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return frozenset(
            name.text.lower() for name, after in pairs if after.text == "=" and name.start != self.span.start
        )

    @cached_property
    def scope(self) -> Scope:
        """What can be named in the query around the caret."""
        query = query_of(self.tokens)
        if query and query[0].start <= self.span.start:
            return self.known.names.at(query, self.span.start)
        table = next((token.name for token in self.tokens[1:] if _is_table_name(token)), None)
        found = self.known.catalog.find_table(table) if table else None
        return Scope("WHERE", (Source(table, found.columns or None, table),) if found else ())

    @cached_property
    def target_columns(self) -> Columns:
        """The columns that the innermost statement can name outside its SQL: those of its query or table."""
        query = queried(self.tokens)
        if query:
            return self.known.names.output(query)
        sources = self.scope.sources
        return sources[0].columns if sources else None

    @property
    def owner(self) -> str | None:
        """``t`` in ``t.|``."""
        dot = len(self.before) >= 2 and self.before[-1].text == "." and self.before[-2].is_name
        return self.before[-2].name if dot else None

    @property
    def owners(self) -> tuple[str, ...]:
        """``t`` and ``st`` in ``t.st.|``."""
        end = len(self.before)
        while end >= 2 and self.before[end - 1].text == "." and self.before[end - 2].is_name:
            end -= 2
        return tuple(token.name for token in self.before[end:] if token.is_name)

    @property
    def wants_only_query(self) -> bool:
        """Whether nothing but a query may stand here: behind AS, or in a parenthesis where a table stands."""
        if not any(want.kind == "query" for want in self.wants):
            return False
        if len(self.before) < 2 or self.before[-1].text != "(":
            return True
        return self.before[-2].upper in _BEFORE_QUERY and self.scope.clause in ("", "FROM")

    @property
    def wants_table(self) -> bool:
        """Whether a table name must stand here: behind FROM, JOIN, or a comma in FROM."""
        if not self.before or self.before[-1].upper in ("FROM", "JOIN"):
            return True
        return self.before[-1].text == "," and self.scope.clause == "FROM"


#: What stands in front of the parenthesis around a query, and around no expression.
_BEFORE_QUERY = frozenset("FROM JOIN LATERAL AS MATERIALIZED UNION ALL DISTINCT EXCEPT INTERSECT , (".split())


def queried(tokens: Tokens) -> Tokens:
    """The query of a statement whose columns it can name outside of it; an INSERT names those of its table."""
    return () if tokens and tokens[0].upper == "INSERT" else query_of(tokens)


def find_place(block: Block, block_start: int, offset: int, known: Known) -> Place | None:
    """The place at ``offset`` of a block; None inside comments, numbers and magic lines.

    Args:
        block: What the caret is in, or right behind.
        block_start: Where the block begins in the document.
        offset: The caret, counted from the start of the block.
        known: What is known where the block begins.
    """
    past = _is_past(block, offset)
    if block.is_magic and not past:
        return None
    tokens = () if past or block.is_magic else block.tokens
    if past and block.statement is not None:
        known = known.after((block.statement,))
    token = token_around(block.text, block.tokens, offset)
    if token is not None and (token.kind in ("comment", "number") or token.text.startswith("/*")):
        return None
    if tokens and offset < tokens[0].start:
        tokens = ()
    return _begin(_Caret(block, block_start, offset, token), tokens, known)


@dataclass(frozen=True)
class _Caret:
    block: Block
    block_start: int
    offset: int
    token: Token | None


def _begin(caret: _Caret, tokens: Tokens, known: Known) -> Place:
    """The place, in the statement above the caret or in one that begins below it on a line of its own."""
    span, quote = _word_span(caret.token, caret.offset)
    word_start = span.start - (1 if quote else 0)
    end = token_index(tokens, word_start)
    cut = None if quote else _new_statement(caret.block.text, tokens, end, word_start)
    if cut is not None and cut < end:
        above = read_statement(tokens[:cut])
        known = known.after((above,)) if above else known
        tokens, end, cut = tokens[cut:], end - cut, None
    cursor = Cursor(caret.block.text[: span.start], tokens[:end], nested=parse_nested)
    with suppress(ThanoSQLError):
        parse_at(cursor)
    wants = tuple(cursor.wants.get(end, ()))
    return Place(
        block_start=caret.block_start,
        typed=caret.block.text[span.start : caret.offset],
        text=caret.block.text[span.start : span.end],
        span=span,
        quote=quote,
        wants=wants,
        in_sql=any(want.kind in ("sql", "condition") for want in wants),
        statement=cursor.open[-1] if cursor.open else None,
        tokens=statement_at(tokens, span.start, may_nest),
        before=tokens[:end],
        known=known,
        may_begin=not quote and (end == 0 or cut is not None),
    )


def _new_statement(text: str, tokens: Tokens, end: int, word_start: int) -> int | None:
    """Index of the token with which a half-typed statement begins below a complete one; None if none does.

    The index is ``end`` when it would begin with the word at the caret.
    """
    for index in range(max(1, end - 2), end + 1):
        start = tokens[index].start if index < end else word_start
        if "\n" not in text[tokens[index - 1].end : start] if index - 1 < len(tokens) else True:
            continue
        if _continues_a_head(tokens[index:end]) and read_statement(tokens[:index]) is not None:
            return index
    return None


def _continues_a_head(tokens: Sequence[Token]) -> bool:
    words = tuple(token.upper for token in tokens)
    return any(
        len(head.words) > len(words) and head.words[: len(words)] == words
        for group in heads().values()
        for head in group
    )


def _is_past(block: Block, offset: int) -> bool:
    """Whether a ``;`` or the end of a magic line lies between the block's statement and the offset."""
    if block.piece is None or offset <= block.piece.span.end:
        return False
    return block.is_magic or ";" in block.text[block.piece.span.end : offset]


def _is_table_name(token: Token) -> bool:
    return token.is_name and token.upper not in ("FROM", "INTO", "TABLE", "IF", "EXISTS")


def may_nest(tokens: Tokens) -> bool:
    """Whether tokens begin a statement that may stand where SQL allows a table."""
    head = find_head(tokens)
    return head is not None and head.kind.table_valued


def token_around(text: str, tokens: Tokens, offset: int) -> Token | None:
    """The token, comments too, that an offset is in or right behind of; None between tokens."""
    index = token_index(tokens, offset)
    if index and _touches(tokens[index - 1], offset):
        return tokens[index - 1]
    start = tokens[index - 1].end if index else 0
    end = tokens[index].start if index < len(tokens) else len(text)
    for token in _gap_tokens(text[start:end], start):
        if _touches(token, offset):
            return token
    return None


def _gap_tokens(gap: str, start: int) -> Iterator[Token]:
    for token in tokenize(gap):
        yield Token(token.kind, token.text, token.start + start, token.end + start)


def _touches(token: Token, offset: int) -> bool:
    inside = token.start < offset < token.end
    open_end = token.kind in ("word", "unclosed", "number") or token.text.startswith("--")
    return inside or (offset == token.end and open_end)


def _word_span(token: Token | None, offset: int) -> tuple[Span, str]:
    """The span that a completion replaces, and the quote around it."""
    if token is None or token.kind in ("space", "symbol", "number"):
        return Span(offset, offset), ""
    if token.kind == "word":
        return Span(token.start, max(token.end, offset)), ""
    closed = token.kind in ("string", "quoted")
    return Span(token.start + 1, token.end - 1 if closed else token.end), token.text[0]
