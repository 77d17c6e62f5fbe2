"""The outline of a document: its statements, what can be folded, and what a growing selection takes in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from thanosql_kernel.analysis.meaning.document import Document, Part
from thanosql_kernel.analysis.meaning.place import token_around
from thanosql_kernel.analysis.text.blocks import shift
from thanosql_kernel.analysis.text.clauses import Tokens, matching
from thanosql_kernel.catalog import View
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import Token, tokenize
from thanosql_kernel.statements.registry import find_head
from thanosql_kernel.wording import counted, shortened
from thanosql_kernel.wording.editor import KINDS

SymbolKind = Literal["statement", "table", "column", "model"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """An entry of the outline.

    Attributes:
        name: The words of a statement and what it is about, or the name of what it makes.
        kind: What it is.
        span: All of it.
        name_span: The part to put the caret on.
        detail: A few words more.
        children: What a statement makes.
    """

    name: str
    kind: SymbolKind
    span: Span
    name_span: Span
    detail: str = ""
    children: tuple[Symbol, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines that can be folded into the first: from the end of its line to ``span.end``."""

    span: Span
    kind: Literal["statement", "parenthesis", "comment"]


def symbols(document: Document) -> list[Symbol]:
    """One symbol a statement, with the tables and columns it makes; statements that do not parse count too."""
    return [_symbol(part) for part in document.parts if part.block.tokens]


def _symbol(part: Part) -> Symbol:
    piece = part.block.piece
    assert piece is not None
    head = find_head(piece.tokens)
    words = " ".join(head.words) if head else piece.tokens[0].upper
    first = piece.tokens[: len(head.words) if head else 1]
    name_span = shift(Span(first[0].start, first[-1].end), part.start)
    subject = next((name.text for name in part.block.statement.names), "") if part.block.statement else ""
    span = shift(piece.span, part.start)
    detail = " ".join(part.block.text[piece.span.start : piece.span.end].split())[:80]
    return Symbol(
        shortened(f"{words} {subject}".strip()),
        "statement",
        span,
        name_span,
        detail,
        tuple(_made(part, name_span)),
    )


def _made(part: Part, name_span: Span) -> Iterator[Symbol]:
    """The tables, models and generated columns that a statement makes."""
    statement = part.block.statement
    if statement is None:
        return
    makes = statement.makes(part.known)
    before, after = part.known.catalog, makes.catalog
    for name, model in after.models.items():
        if before.models.get(name) != model:
            yield Symbol(name, "model", name_span, name_span, model.spec)
    for name, found in after.readable.items():
        if before.readable.get(name) is not found:
            detail = str(counted(len(found.columns), "column")) if found.columns else ""
            detail = str(KINDS["view"]) if isinstance(found, View) else detail
            yield Symbol(name, "table", name_span, name_span, detail)
    for added in makes.added:
        yield Symbol(added.column.name, "column", name_span, name_span)


def folding(document: Document) -> list[Fold]:
    """Statements, parentheses and comments that take more than one line."""
    return [fold for part in document.parts for fold in _folds(part)]


def _folds(part: Part) -> Iterator[Fold]:
    text, piece = part.block.text, part.block.piece
    spans: list[Fold] = []
    if piece is not None:
        spans.append(Fold(piece.span, "statement"))
        spans += [
            Fold(Span(piece.tokens[start].start, piece.tokens[end].start), "parenthesis")
            for start, end in matching(piece.tokens).items()
        ]
    spans += [
        Fold(t.span, "comment") for t in tokenize(text) if t.kind == "comment" and t.text.startswith("/*")
    ]
    for fold in spans:
        if "\n" in text[fold.span.start : fold.span.end]:
            yield Fold(shift(fold.span, part.start), fold.kind)


def selection(document: Document, offset: int) -> list[Span]:
    """What a growing selection takes in, from the word at ``offset`` outwards to the whole document."""
    found: list[Span] = []
    part = document.part_at(offset)
    if part is not None:
        found += [shift(span, part.start) for span in _around(part, offset - part.start)]
    found.append(Span(0, len(document.text)))
    return [span for number, span in enumerate(found) if number == 0 or span != found[number - 1]]


def _around(part: Part, offset: int) -> Iterator[Span]:
    """The word, the inside of every pair of brackets with and without them, the statement."""
    tokens, piece = part.block.tokens, part.block.piece
    token = token_around(part.block.text, tokens, offset) or _word_after(tokens, offset)
    if token is not None:
        if token.kind in ("string", "quoted") and len(token.text) > 2:
            yield Span(token.start + 1, token.end - 1)
        yield Span(token.start, token.end)
    pairs = [
        (start, end)
        for start, end in matching(tokens).items()
        if tokens[start].start < offset <= tokens[end].start
    ]
    for start, end in sorted(pairs, reverse=True):
        if end > start + 1:
            yield Span(tokens[start + 1].start, tokens[end - 1].end)
        yield Span(tokens[start].start, tokens[end].end)
    if piece is not None and piece.span.start <= offset <= piece.span.end:
        yield piece.span


def _word_after(tokens: Tokens, offset: int) -> Token | None:
    return next((token for token in tokens if token.start == offset), None)
