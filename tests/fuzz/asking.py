"""All that an editor and a console ask about a text, and what has to hold of the answers whatever the text is."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))
from editor_cells import catalog

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.format import format as laid_out
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.features.inlay import hints
from thanosql_kernel.analysis.features.references import definition, references
from thanosql_kernel.analysis.features.rename import rename
from thanosql_kernel.analysis.features.signature import signature
from thanosql_kernel.analysis.features.symbols import folding, selection, symbols
from thanosql_kernel.analysis.features.tokens import semantic_tokens
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.sql.lexer import tokenize
from thanosql_kernel.sql.script import Piece
from thanosql_kernel.statements.cell import completeness, parse_cell, pieces

CATALOG = catalog(t="id INTEGER, v FLOAT[512], 라벨 VARCHAR", labels="label VARCHAR, kind VARCHAR")


def ask(text: str, rng: random.Random) -> None:
    """Everything, at places that ``rng`` chooses.

    Raises:
        AssertionError: An answer is wrong.
        Exception: Of another kind than `ThanoSQLError`: a bug.
    """
    ask_parser(text)
    ask_document(text, rng)
    ask_formatter(text)


def ask_parser(text: str) -> None:
    """The text is cut into tokens and statements that lie in it, and is parsed or refused in words."""
    tokens = list(tokenize(text))
    assert "".join(token.text for token in tokens) == text, "tokens are lost"
    found = pieces(text)
    _lie_within(text, (piece.span for piece in found))
    assert all(a.span.end <= b.span.start for a, b in pairwise(found)), "statements overlap"
    assert completeness(text) in ("complete", "incomplete", "invalid")
    try:
        parse_cell(text)
    except ThanoSQLError as error:
        _is_sound(text, error)


def ask_document(text: str, rng: random.Random) -> None:
    """What an editor asks of all of it, and at some places of it."""
    document = Document(text, CATALOG)
    marks = diagnose(document)
    _lie_within(text, (mark.span for mark in marks))
    for mark in marks:
        mark.message.encode()
    _lie_within(text, (token.span for token in semantic_tokens(document)))
    _lie_within(text, (symbol.span for symbol in symbols(document)))
    folding(document)
    hints(document)
    for offset in {0, len(text), *(rng.randint(0, len(text)) for _ in range(3))}:
        _ask_at(document, offset)
    _ask_edited(document, rng)


def _ask_at(document: Document, offset: int) -> None:
    text = document.text
    items = complete(document, offset)
    assert all(0 <= item.span.start <= item.span.end <= len(text) for item in items)
    told = hover(document, offset)
    if told is not None:
        told.markdown.encode()
    signature(document, offset)
    _lie_within(text, selection(document, offset), empty=True)
    definition(document, offset)
    _lie_within(text, references(document, offset))
    found = rename(document, offset, "새_이름")
    if not isinstance(found, ThanoSQLError):
        _lie_within(text, (edit.span for edit in found), empty=True)


def _ask_edited(document: Document, rng: random.Random) -> None:
    """An edit leaves the same document as if it had been opened so."""
    at = rng.randint(0, len(document.text))
    end = min(len(document.text), at + rng.choice((0, 1, 5)))
    edited = document.edited(Span(at, end), rng.choice((";", "'", "(", "\nSELECT 1", "a", "")))
    assert _outline(edited) == _outline(Document(edited.text, CATALOG)), f"an edit at {at} is not followed"


def _outline(document: Document) -> list[tuple[int, Piece | None]]:
    return [(part.start, part.block.piece) for part in document.parts]


def ask_formatter(text: str) -> None:
    """Formatting keeps every token and every comment, and is done after one go."""
    once = laid_out(text)
    assert _meaning(once) == _meaning(text), "formatting changes the meaning"
    assert laid_out(once) == once, "formatting again changes it"


def _meaning(text: str) -> list[list[str]]:
    """Of every statement the tokens and the comments among them, letter case of words aside."""
    return [[piece.magic or "", *_words(text, piece)] for piece in pieces(text)]


def _words(text: str, piece: Piece) -> Iterator[str]:
    at = piece.span.start
    for token in piece.tokens:
        yield from (part.text.rstrip() for part in tokenize(text[at : token.start]) if part.kind == "comment")
        yield token.upper if token.kind == "word" else token.text
        at = token.end


def _is_sound(text: str, error: ThanoSQLError) -> None:
    if error.span is not None:
        _lie_within(text, [error.span], empty=True)
    error.render(text).encode()


def _lie_within(text: str, spans: Iterable[Span], *, empty: bool = False) -> None:
    for span in spans:
        right = 0 <= span.start <= span.end <= len(text) and (empty or span.start < span.end or not text)
        assert right, f"{span} is outside of {len(text)} characters"
