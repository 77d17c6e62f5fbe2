"""What is run together: the cells of a notebook, or one file; each cell knows what those above will have done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from thanosql_kernel.analysis.document import Document
from thanosql_kernel.analysis.foresee import Known
from thanosql_kernel.catalog import Catalog
from thanosql_kernel.errors import Span
from thanosql_lsp.buffers import Buffer
from thanosql_lsp.cells import Cell


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell where it stands.

    Attributes:
        buffer: The editor's document that it is in.
        start: Where it begins there.
        cell: Its text and memory.
        document: What it says, given all that stands above.
    """

    buffer: Buffer
    start: int
    cell: Cell
    document: Document

    def range(self, span: Span) -> types.Range:
        """The range of some of the cell's code points."""
        return self.buffer.range(Span(span.start + self.start, span.end + self.start))

    def offset(self, position: types.Position) -> int:
        """The offset of a position in the cell."""
        return self.buffer.offset(position) - self.start

    def span(self, where: types.Range) -> Span:
        """The cell's part of a range."""
        start, end = self.buffer.span(where)
        length = len(self.cell.text)
        return Span(min(max(0, start - self.start), length), min(max(0, end - self.start), length))


class Sheet:
    """Documents of an editor that are run one after another.

    Args:
        buffers: In the order they run; those that are not ThanoSQL are passed over.
        catalog: What the database holds; None without one.
        folder: Where relative paths start.
    """

    def __init__(self, buffers: Sequence[Buffer], catalog: Catalog | None, folder: Path | None) -> None:
        self.buffers = [buffer for buffer in buffers if buffer.is_served]
        self._start = Known.at_start(catalog, folder)

    def reading(self) -> Iterator[None]:
        """Read all cells, a few milliseconds' worth between two yields."""
        known = self._start
        for buffer in self.buffers:
            for cell in list(buffer.cells.items):
                cell.document = cell.document.under(known)
                yield from cell.document.reading()
                known = _known_behind(cell, known)

    def spots(self) -> Iterator[Spot]:
        """Its cells from the first to the last."""
        known = self._start
        for buffer in self.buffers:
            for index, cell in enumerate(list(buffer.cells.items)):
                behind = _known_behind(cell, known)
                yield Spot(buffer, buffer.cells.start(index), cell, cell.document)
                known = behind

    def spot_at(self, buffer: Buffer, position: types.Position) -> Spot | None:
        """The cell that a caret is in; None when that is no ThanoSQL."""
        known = self._start
        for one in self.buffers:
            items = one.cells.items
            wanted = one.cells.index_at(buffer.offset(position)) if one is buffer else len(items)
            for cell in items[:wanted]:
                known = _known_behind(cell, known)
            if one is buffer:
                cell = items[wanted]
                cell.document = cell.document.under(known)
                return Spot(buffer, one.cells.start(wanted), cell, cell.document)
        return None

    def spots_of(self, buffer: Buffer) -> Iterator[Spot]:
        """The cells of one of its documents."""
        known = self._start
        for one in self.buffers:
            for index, cell in enumerate(list(one.cells.items)):
                behind = _known_behind(cell, known)
                if one is buffer:
                    yield Spot(buffer, one.cells.start(index), cell, cell.document)
                known = behind
            if one is buffer:
                return


def _known_behind(cell: Cell, known: Known) -> Known:
    """What is known behind a cell, given what is in front of it; remembered, for there may be thousands of cells."""
    memory: tuple[Known, Document, Known] | None = cell.memory.get("known")
    if memory is not None and memory[0] is known and memory[1] is cell.document:
        return memory[2]
    cell.document = cell.document.under(known)
    behind = cell.document.known_after
    cell.memory["known"] = (known, cell.document, behind)
    return behind
