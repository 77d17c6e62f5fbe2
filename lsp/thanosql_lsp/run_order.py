"""What is run together: the cells of a notebook, or one file; each cell knows what those above will have done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.catalog import Catalog
from thanosql_kernel.errors import Span
from thanosql_lsp.cells import Cell
from thanosql_lsp.open_document import OpenDocument


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell where it stands.

    Attributes:
        open_document: The editor's document that it is in.
        start: Where it begins there.
        cell: Its text and memory.
        document: What it says, given all that stands above.
    """

    open_document: OpenDocument
    start: int
    cell: Cell
    document: Document

    def range(self, span: Span) -> types.Range:
        """The range of some of the cell's code points."""
        return self.open_document.range(Span(span.start + self.start, span.end + self.start))

    def offset(self, position: types.Position) -> int:
        """The offset of a position in the cell."""
        return self.open_document.offset(position) - self.start

    def span(self, where: types.Range) -> Span:
        """The cell's part of a range."""
        start, end = self.open_document.span(where)
        length = len(self.cell.text)
        return Span(min(max(0, start - self.start), length), min(max(0, end - self.start), length))


class RunOrder:
    """Documents of an editor that are run one after another.

    Args:
        open_documents: In the order they run; those that are not ThanoSQL are passed over.
        catalog: What the database holds; None without one.
        folder: Where relative paths start.
    """

    def __init__(
        self, open_documents: Sequence[OpenDocument], catalog: Catalog | None, folder: Path | None
    ) -> None:
        self.open_documents = [open_document for open_document in open_documents if open_document.is_served]
        python = any(open_document.language_id == "python" for open_document in self.open_documents)
        self._start = Known.at_start(catalog, folder, has_variables=not python)

    def reading(self) -> Iterator[None]:
        """Read all cells, a few milliseconds' worth between two yields."""
        known = self._start
        for open_document in self.open_documents:
            for cell in list(open_document.cells.items):
                cell.document = cell.document.under(known)
                yield from cell.document.reading()
                known = _known_behind(cell, known)

    def placed_cells(self) -> Iterator[PlacedCell]:
        """Its cells from the first to the last."""
        known = self._start
        for open_document in self.open_documents:
            for index, cell in enumerate(list(open_document.cells.items)):
                behind = _known_behind(cell, known)
                yield PlacedCell(open_document, open_document.cells.start(index), cell, cell.document)
                known = behind

    def placed_at(self, open_document: OpenDocument, position: types.Position) -> PlacedCell | None:
        """The cell that a caret is in; None when that is no ThanoSQL."""
        known = self._start
        for one in self.open_documents:
            items = one.cells.items
            wanted = (
                one.cells.index_at(open_document.offset(position)) if one is open_document else len(items)
            )
            for cell in items[:wanted]:
                known = _known_behind(cell, known)
            if one is open_document:
                cell = items[wanted]
                cell.document = cell.document.under(known)
                return PlacedCell(open_document, one.cells.start(wanted), cell, cell.document)
        return None

    def placed_of(self, open_document: OpenDocument) -> Iterator[PlacedCell]:
        """The cells of one of its documents."""
        known = self._start
        for one in self.open_documents:
            for index, cell in enumerate(list(one.cells.items)):
                behind = _known_behind(cell, known)
                if one is open_document:
                    yield PlacedCell(open_document, one.cells.start(index), cell, cell.document)
                known = behind
            if one is open_document:
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
