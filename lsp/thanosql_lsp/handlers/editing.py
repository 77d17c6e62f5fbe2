"""Formatting: a whole document, or the statements that a selection touches."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from thanosql_kernel.analysis.format import format as laid_out
from thanosql_kernel.errors import Span
from thanosql_lsp.buffers import Buffer, difference
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.sheets import Spot
from thanosql_lsp.turns import Turn


async def format_document(
    ls: ThanosqlServer, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    """The edits that lay a document out; each cell by itself."""
    buffer = ls.documents.buffer(params.text_document.uri)
    if buffer is None:
        return None
    cells = (await Turn([buffer]).read(ls.sheet(buffer))).spots_of(buffer)
    return await _edits(buffer, [(spot.start, spot.cell.text) for spot in cells])


async def format_range(
    ls: ThanosqlServer, params: types.DocumentRangeFormattingParams
) -> list[types.TextEdit] | None:
    """The edits that lay out the statements that a range touches."""
    buffer = ls.documents.buffer(params.text_document.uri)
    if buffer is None:
        return None
    chosen: list[tuple[int, str]] = []
    sheet = await Turn([buffer]).read(ls.sheet(buffer))
    for spot in sheet.spots_of(buffer):
        touched = _touched(spot, buffer.span(params.range))
        if touched is not None:
            chosen.append((spot.start + touched.start, spot.cell.text[touched.start : touched.end]))
    return await _edits(buffer, chosen)


def _touched(spot: Spot, chosen: Span) -> Span | None:
    """The statements of a cell that a range of the document touches, and all between them; None without any."""
    spans = [
        Span(part.start + part.block.piece.span.start, part.start + part.block.piece.span.end)
        for part in spot.document.parts
        if part.block.piece is not None
    ]
    first, last = chosen.start - spot.start, chosen.end - spot.start
    hit = [span for span in spans if span.start <= last and first <= span.end]
    return Span(hit[0].start, hit[-1].end) if hit else None


async def _edits(buffer: Buffer, pieces: list[tuple[int, str]]) -> list[types.TextEdit]:
    """What changes pieces of a document to their layout, at most one edit a piece.

    Raises:
        JsonRpcContentModified: Somebody typed meanwhile.
    """
    turn = Turn([buffer])
    edits: list[types.TextEdit] = []
    for start, text in pieces:
        # In a thread: a megabyte takes seconds, and nobody may wait for it who only types.
        new = await asyncio.to_thread(_formatted, text)
        turn.check()
        if new != text:
            span, replacement = difference(text, new)
            edits.append(
                types.TextEdit(buffer.range(Span(start + span.start, start + span.end)), replacement)
            )
        turn.check()
    return edits


def _formatted(text: str) -> str:
    """The layout of a text, the line ends behind it as they were: blank lines may part it from the next cell.

    Where every line ends with CR LF, those of the layout do too.
    """
    body = text.rstrip("\r\n")
    new = laid_out(body)
    if 0 < text.count("\n") == text.count("\r\n"):
        new = new.replace("\r\n", "\n").replace("\n", "\r\n")
    return new + text[len(body) :]
