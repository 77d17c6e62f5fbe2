"""What a document looks like from above: its outline, what can be folded, what a growing selection takes in."""

from __future__ import annotations

from lsprotocol import types

from thanosql_kernel.analysis.features import symbols as analysis
from thanosql_kernel.analysis.features.symbols import Fold, Symbol
from thanosql_lsp.run_order import PlacedCell
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.time_slices import TimeSlices

_KINDS = {
    "statement": types.SymbolKind.Function,
    "table": types.SymbolKind.Struct,
    "column": types.SymbolKind.Field,
    "model": types.SymbolKind.Module,
}


async def symbols(
    ls: ThanosqlServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    """One symbol a statement, with what it makes below it; a flat list for clients that know no other."""
    found = [
        (placed, one)
        for placed in await _spots(ls, params.text_document)
        for one in analysis.symbols(placed.document)
    ]
    if ls.client_can("text_document", "document_symbol", "hierarchical_document_symbol_support"):
        return [_symbol(placed, one) for placed, one in found]
    return [
        types.SymbolInformation(
            types.Location(placed.open_document.uri, placed.range(one.span)), one.name, _KINDS[one.kind]
        )
        for placed, symbol in found
        for one in (symbol, *symbol.children)
    ]


async def _spots(ls: ThanosqlServer, document: types.TextDocumentIdentifier) -> list[PlacedCell]:
    """The cells of a document; others have their turn while they are read."""
    open_document = ls.documents.open_document(document.uri)
    if open_document is None:
        return []
    slices = TimeSlices(ls.documents.together(open_document))
    placed_cells: list[PlacedCell] = []
    for placed in (await slices.read(ls.run_order(open_document))).placed_of(open_document):
        placed_cells.append(placed)
        await slices.pause()
    return placed_cells


def _symbol(placed: PlacedCell, one: Symbol) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=one.name,
        kind=_KINDS[one.kind],
        range=placed.range(one.span),
        selection_range=placed.range(one.name_span),
        detail=one.detail or None,
        children=[_symbol(placed, child) for child in one.children] or None,
    )


async def folding(ls: ThanosqlServer, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """Statements, parentheses and comments of several lines; a parenthesis keeps the line that closes it."""
    found: dict[int, types.FoldingRange] = {}
    for placed in await _spots(ls, params.text_document):
        for fold in analysis.folding(placed.document):
            one = _fold(placed, fold)
            if one.end_line > one.start_line:
                found.setdefault(one.start_line, one)
    return list(found.values())


def _fold(placed: PlacedCell, fold: Fold) -> types.FoldingRange:
    where = placed.range(fold.span)
    last = where.end.line
    line = placed.cell.text[: fold.span.end].rpartition("\n")[2]
    if fold.kind == "parenthesis" and not line.strip():
        last -= 1
    kind = types.FoldingRangeKind.Comment if fold.kind == "comment" else None
    return types.FoldingRange(where.start.line, last, kind=kind)


def selection(ls: ThanosqlServer, params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
    """What a selection grows to, from the word at each place to the whole document."""
    open_document = ls.documents.open_document(params.text_document.uri)
    if open_document is None:
        return None
    whole = types.SelectionRange(
        types.Range(open_document.position(0), open_document.position(len(open_document.text)))
    )
    run_order = ls.run_order(open_document)
    found: list[types.SelectionRange] = []
    for position in params.positions:
        placed = run_order.placed_at(open_document, position)
        chain = whole
        for span in reversed(analysis.selection(placed.document, placed.offset(position)) if placed else ()):
            where = placed.range(span) if placed else chain.range
            chain = chain if where == chain.range else types.SelectionRange(where, chain)
        found.append(chain)
    return found
