"""Formatting: a whole document, or the statements that a selection touches."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from thanosql_kernel.analysis.features.format import format as laid_out
from thanosql_kernel.errors import Span
from thanosql_lsp.open_document import OpenDocument, difference
from thanosql_lsp.run_order import PlacedCell
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.time_slices import TimeSlices


async def format_document(
    ls: ThanosqlServer, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    """The edits that lay a document out; each cell by itself."""
    open_document = ls.documents.open_document(params.text_document.uri)
    if open_document is None:
        return None
    cells = (await TimeSlices([open_document]).read(ls.run_order(open_document))).placed_of(open_document)
    return await _edits(open_document, [(placed.start, placed.cell.text) for placed in cells])


async def format_range(
    ls: ThanosqlServer, params: types.DocumentRangeFormattingParams
) -> list[types.TextEdit] | None:
    """The edits that lay out the statements that a range touches."""
    open_document = ls.documents.open_document(params.text_document.uri)
    if open_document is None:
        return None
    chosen: list[tuple[int, str]] = []
    run_order = await TimeSlices([open_document]).read(ls.run_order(open_document))
    for placed in run_order.placed_of(open_document):
        touched = _touched(placed, open_document.span(params.range))
        if touched is not None:
            chosen.append((placed.start + touched.start, placed.cell.text[touched.start : touched.end]))
    return await _edits(open_document, chosen)


def _touched(placed: PlacedCell, chosen: Span) -> Span | None:
    """The statements of a cell that a range of the document touches, and all between them; None without any."""
    spans = [
        Span(part.start + part.block.piece.span.start, part.start + part.block.piece.span.end)
        for part in placed.document.parts
        if part.block.piece is not None
    ]
    first, last = chosen.start - placed.start, chosen.end - placed.start
    hit = [span for span in spans if span.start <= last and first <= span.end]
    return Span(hit[0].start, hit[-1].end) if hit else None


async def _edits(open_document: OpenDocument, pieces: list[tuple[int, str]]) -> list[types.TextEdit]:
    """What changes pieces of a document to their layout, at most one edit a piece.

    Raises:
        JsonRpcContentModified: Somebody typed meanwhile.
    """
    slices = TimeSlices([open_document])
    edits: list[types.TextEdit] = []
    for start, text in pieces:
        # In a thread: a megabyte takes seconds, and nobody may wait for it who only types.
        new = await asyncio.to_thread(_formatted, text)
        slices.check()
        if new != text:
            span, replacement = difference(text, new)
            edits.append(
                types.TextEdit(open_document.range(Span(start + span.start, start + span.end)), replacement)
            )
        slices.check()
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
