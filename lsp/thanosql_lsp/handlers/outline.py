"""What a document looks like from above: its outline, what can be folded, what a growing selection takes in."""

from __future__ import annotations

from lsprotocol import types

from thanosql_kernel.analysis import symbols as analysis
from thanosql_kernel.analysis.symbols import Fold, Symbol
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.sheets import Spot
from thanosql_lsp.turns import Turn

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
        (spot, one)
        for spot in await _spots(ls, params.text_document)
        for one in analysis.symbols(spot.document)
    ]
    if ls.client_can("text_document", "document_symbol", "hierarchical_document_symbol_support"):
        return [_symbol(spot, one) for spot, one in found]
    return [
        types.SymbolInformation(
            types.Location(spot.buffer.uri, spot.range(one.span)), one.name, _KINDS[one.kind]
        )
        for spot, symbol in found
        for one in (symbol, *symbol.children)
    ]


async def _spots(ls: ThanosqlServer, document: types.TextDocumentIdentifier) -> list[Spot]:
    """The cells of a document; others have their turn while they are read."""
    buffer = ls.documents.buffer(document.uri)
    if buffer is None:
        return []
    turn = Turn(ls.documents.together(buffer))
    spots: list[Spot] = []
    for spot in (await turn.read(ls.sheet(buffer))).spots_of(buffer):
        spots.append(spot)
        await turn.pause()
    return spots


def _symbol(spot: Spot, one: Symbol) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=one.name,
        kind=_KINDS[one.kind],
        range=spot.range(one.span),
        selection_range=spot.range(one.name_span),
        detail=one.detail or None,
        children=[_symbol(spot, child) for child in one.children] or None,
    )


async def folding(ls: ThanosqlServer, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """Statements, parentheses and comments of several lines; a parenthesis keeps the line that closes it."""
    found: dict[int, types.FoldingRange] = {}
    for spot in await _spots(ls, params.text_document):
        for fold in analysis.folding(spot.document):
            one = _fold(spot, fold)
            if one.end_line > one.start_line:
                found.setdefault(one.start_line, one)
    return list(found.values())


def _fold(spot: Spot, fold: Fold) -> types.FoldingRange:
    where = spot.range(fold.span)
    last = where.end.line
    line = spot.cell.text[: fold.span.end].rpartition("\n")[2]
    if fold.kind == "parenthesis" and not line.strip():
        last -= 1
    kind = types.FoldingRangeKind.Comment if fold.kind == "comment" else None
    return types.FoldingRange(where.start.line, last, kind=kind)


def selection(ls: ThanosqlServer, params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
    """What a selection grows to, from the word at each place to the whole document."""
    buffer = ls.documents.buffer(params.text_document.uri)
    if buffer is None:
        return None
    whole = types.SelectionRange(types.Range(buffer.position(0), buffer.position(len(buffer.text))))
    sheet = ls.sheet(buffer)
    found: list[types.SelectionRange] = []
    for position in params.positions:
        spot = sheet.spot_at(buffer, position)
        chain = whole
        for span in reversed(analysis.selection(spot.document, spot.offset(position)) if spot else ()):
            where = spot.range(span) if spot else chain.range
            chain = chain if where == chain.range else types.SelectionRange(where, chain)
        found.append(chain)
    return found
