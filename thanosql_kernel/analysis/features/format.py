"""A document laid out evenly. Only white space and the case of keywords change: every other token stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from thanosql_kernel.analysis.features.layout import Unfit, lay_out
from thanosql_kernel.analysis.text.blocks import Block, cut_blocks, read_wants
from thanosql_kernel.duck.keywords import keywords
from thanosql_kernel.sql.lexer import Token, tokenize
from thanosql_kernel.sql.query import Query
from thanosql_kernel.sql.script import Piece
from thanosql_kernel.statements.cell import pieces


def format(text: str) -> str:
    """The text laid out: keywords in capitals, one clause a line, options in one line or one a line.

    Comments stay between the tokens that they stand between. Statements that do not parse, and those that would become
    others, stay as they are. Formatting what was formatted changes nothing.
    """
    blocks = list(cut_blocks(text))
    statements = [_laid_out(block, words) for block, words in zip(blocks, _words(blocks), strict=True)]
    formatted = _assembled(blocks, statements)
    if _are_same(text, formatted):
        return formatted
    before = [_as_it_is(block) for block in blocks]
    sound = [new if _are_same(old, new) else old for old, new in zip(before, statements, strict=True)]
    formatted = _assembled(blocks, sound)
    return formatted if _are_same(text, formatted) else text


def _laid_out(block: Block, words: _Words) -> str:
    """The statement of a block laid out; as it is if no layout fits it."""
    if block.statement is None or block.is_magic:
        return _as_it_is(block)
    try:
        return lay_out(block, words.keywords, words.options)
    except (Unfit, RecursionError):
        return _as_it_is(block)


def _as_it_is(block: Block) -> str:
    return block.text[slice(*block.piece.span)] if block.piece is not None else ""


# -- between statements ------------------------------------------------------------------------------------------
def _assembled(blocks: Sequence[Block], statements: Sequence[str]) -> str:
    """The text with these statements in the blocks."""
    parts: list[str] = []
    new_line = True
    for block, statement in zip(blocks, statements, strict=True):
        if part := _with_surroundings(block, statement, new_line=new_line):
            parts.append(part)
            new_line = part.endswith("\n")
    text = "".join(parts)
    ending = "\n" if blocks and blocks[-1].text.endswith("\n") and text.strip() else ""
    return text.rstrip(" \n") + ending if text.strip() else text


def _with_surroundings(block: Block, statement: str, *, new_line: bool) -> str:
    """The statement with what stands around it in its block.

    Args:
        block: The block.
        statement: Its statement.
        new_line: Whether the block begins on a line of its own.
    """
    if block.is_magic:
        return block.text
    if block.piece is None:
        return _trivia(block.text, new_line=new_line)
    start, end = block.piece.span
    lead = _trivia(block.text[:start], new_line=new_line)
    if not new_line and not lead.strip() and "\n" not in lead:
        lead = "\n"
    return lead + statement + _tail(block.text[end:])


def _tail(text: str) -> str:
    """What stands behind a statement: its ``;`` right behind it, a comment one space away."""
    tail = _trivia(text, new_line=True).rstrip(" ")
    return f" {tail}" if tail.startswith(("--", "/*")) else tail


def _trivia(text: str, *, new_line: bool) -> str:
    """Comments as they are; between them one space, or as many line ends as there were, two at most."""
    if text == "\n":
        return text
    parts = []
    for token in tokenize(text):
        if token.kind == "space":
            lines = min(token.text.count("\n"), 2)
            parts.append("\n" * lines if lines else " ")
        else:
            parts.append(token.text.rstrip() if token.text.startswith("--") else token.text)
    joined = "".join(parts)
    return joined.removeprefix(" ") if new_line else joined


# -- what must not change ----------------------------------------------------------------------------------------
def _are_same(text: str, formatted: str) -> bool:
    """Whether two texts are the same statements, token by token, and the same comments stand in them."""
    before, after = ([_essence(cell, piece) for piece in pieces(cell)] for cell in (text, formatted))
    return before == after


def _essence(text: str, piece: Piece) -> list[str]:
    """The tokens and comments of a statement, whatever the letter case of its words.

    SQL joins strings with a line end between them, so that belongs to the second.
    """
    found = [piece.magic] if piece.magic is not None else []
    before: Token | None = None
    for token in piece.tokens:
        gap = text[before.end : token.start] if before is not None else ""
        if gap and not gap.isspace():
            found += (part.text.rstrip() for part in tokenize(gap) if part.kind == "comment")
        if before is not None and token.kind == before.kind == "string":
            found.append("\n" * ("\n" in gap))
        found.append(token.upper)
        before = token
    return found


# -- words -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Words:
    """Where words of a block start: those that are keywords, and those that name options."""

    keywords: frozenset[int]
    options: frozenset[int]


def _words(blocks: Sequence[Block]) -> list[_Words]:
    """The words of each block: statements' parsers know theirs, and DuckDB is asked about those of SQL."""
    queries = [list(_queries(block)) for block in blocks]
    in_sql = iter(keywords([query for found in queries for query in found]))
    return [
        _with_statement_words(block, islice(in_sql, len(asked)))
        for block, asked in zip(blocks, queries, strict=True)
    ]


def _queries(block: Block) -> Iterator[Query]:
    if block.statement is not None and not block.is_magic:
        for statement in (block.statement, *block.statement.children()):
            yield from statement.queries


def _with_statement_words(block: Block, in_sql: Iterable[frozenset[int]]) -> _Words:
    if block.statement is None:
        return _Words(frozenset(), frozenset())
    statements = (block.statement, *block.statement.children())
    names = {name.span.start for statement in statements for name in statement.names}
    found, options = set[int](), set[int]()
    wants = read_wants(block)
    for index, token in enumerate(block.tokens):
        if token.kind == "word" and (wanted := wants.get(index)):
            if ("word", token.upper) in wanted and token.start not in names:
                found.add(token.start)
            if ("option", "") in wanted:
                options.add(token.start)
    return _Words(frozenset(found.union(*in_sql)), frozenset(options))
