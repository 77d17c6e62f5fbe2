"""What an editor colours: every token of a document and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from thanosql_kernel.analysis.meaning.document import Document, Part
from thanosql_kernel.analysis.meaning.occurrences import Kind, Occurrence, occurrences
from thanosql_kernel.analysis.text.blocks import shift
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import Token, tokenize

TokenType = Literal[
    "comment", "string", "number", "keyword", "property", "class", "struct", "variable", "function", "macro"
]
Modifier = Literal["declaration", "generated", "unsupported"]

TYPES: tuple[TokenType, ...] = get_args(TokenType)
MODIFIERS: tuple[Modifier, ...] = get_args(Modifier)

_BY_KIND: dict[Kind, TokenType] = {
    "statement word": "keyword",
    "keyword": "keyword",
    "option": "property",
    "index": "property",
    "setting": "property",
    "model": "class",
    "base model": "class",
    "data set": "class",
    "table": "struct",
    "alias": "variable",
    "column": "variable",
    "field": "property",
    "function": "function",
    "type": "keyword",
    "path": "string",
}


@dataclass(frozen=True, slots=True)
class SemanticToken:
    """A token on one line.

    Attributes:
        span: Where.
        type: One of `TYPES`: a model is a ``class``, a table a ``struct``, an option a ``property``, a magic line a
            ``macro``.
        modifiers: Some of `MODIFIERS`.
    """

    span: Span
    type: TokenType
    modifiers: tuple[Modifier, ...] = ()


def semantic_tokens(document: Document) -> list[SemanticToken]:
    """Every token but punctuation, in order; what spans lines comes in one piece a line."""
    return [token for part in document.parts for token in part_tokens(part)]


def part_tokens(part: Part) -> Iterator[SemanticToken]:
    """The tokens of one statement and the comments around it."""
    if part.block.is_magic and part.block.piece is not None:
        yield SemanticToken(shift(part.block.piece.span, part.start), "macro")
        return
    words = {word.span.start: word for word in occurrences(part)}
    for token in tokenize(part.block.text):
        found = _semantic(token, words)
        if found is not None:
            for span in _lines(part.block.text, token.span):
                yield SemanticToken(shift(span, part.start), found[0], found[1])


def _semantic(token: Token, words: dict[int, Occurrence]) -> tuple[TokenType, tuple[Modifier, ...]] | None:
    if token.kind == "comment" or token.text.startswith("/*"):
        return "comment", ()
    word = words.get(token.start) or words.get(token.start + 1)
    if token.kind in ("string", "unclosed"):
        return ("string", _modifiers(word)) if word is not None and word.in_string else ("string", ())
    if word is not None and token.kind in ("word", "quoted"):
        kind = _BY_KIND.get(word.kind, "string")
        return (kind, _modifiers(word)) if not word.in_string else ("string", _modifiers(word))
    by_token: dict[str, TokenType] = {
        "number": "number",
        "quoted": "string",
        "word": "keyword",
        "parameter": "variable",
    }
    return (by_token[token.kind], ()) if token.kind in by_token else None


def _modifiers(word: Occurrence) -> tuple[Modifier, ...]:
    found: list[Modifier] = []
    if word.defines:
        found.append("declaration")
    if word.column is not None and word.column.generated is not None:
        found.append("generated")
    if word.kind == "statement word" and word.statement is not None and not word.statement.is_supported():
        found.append("unsupported")
    return tuple(found)


def _lines(text: str, span: Span) -> Iterator[Span]:
    """The parts of a span that stand on one line each, blank ends left out."""
    start = span.start
    while start < span.end:
        end = text.find("\n", start, span.end)
        end = span.end if end < 0 else end
        line = text[start:end].rstrip("\r")
        if line:
            yield Span(start, start + len(line))
        start = end + 1
