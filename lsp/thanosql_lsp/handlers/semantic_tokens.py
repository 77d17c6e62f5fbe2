"""Semantic tokens: what an editor colours."""

from __future__ import annotations

from lsprotocol import types

from thanosql_kernel.analysis.features.tokens import MODIFIERS, TYPES, SemanticToken, part_tokens
from thanosql_kernel.errors import Span
from thanosql_lsp.open_document import OpenDocument
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.time_slices import TimeSlices

_TYPE_NUMBERS = {name: number for number, name in enumerate(TYPES)}
_MODIFIER_BITS = {name: 1 << number for number, name in enumerate(MODIFIERS)}


async def tokens(ls: ThanosqlServer, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    """All tokens of a document."""
    open_document = ls.documents.open_document(params.text_document.uri)
    return (
        await _tokens(ls, open_document, Span(0, len(open_document.text)))
        if open_document is not None
        else None
    )


async def tokens_in(
    ls: ThanosqlServer, params: types.SemanticTokensRangeParams
) -> types.SemanticTokens | None:
    """The tokens of the statements that a range touches."""
    open_document = ls.documents.open_document(params.text_document.uri)
    return (
        await _tokens(ls, open_document, open_document.span(params.range))
        if open_document is not None
        else None
    )


async def _tokens(ls: ThanosqlServer, open_document: OpenDocument, wanted: Span) -> types.SemanticTokens:
    written = _Written(open_document)
    slices = TimeSlices(ls.documents.together(open_document))
    for placed in (await slices.read(ls.run_order(open_document))).placed_of(open_document):
        if placed.start <= wanted.end:
            for part in placed.document.parts:
                start = placed.start + part.start
                if start <= wanted.end and wanted.start <= start + len(part.block.text):
                    for token in part_tokens(part):
                        written.add(token, placed.start)
                await slices.pause()
        await slices.pause()
    return types.SemanticTokens(data=written.data)


class _Written:
    """Tokens in the protocol's shape: five numbers each, places counted from the token before."""

    def __init__(self, open_document: OpenDocument) -> None:
        self.data: list[int] = []
        self._index = open_document.index
        self._line = 0
        self._character = 0

    def add(self, token: SemanticToken, start: int) -> None:
        """One token more; what stands behind the end of its first line is left out."""
        line, character = self._index.position(start + token.span.start)
        last_line, end = self._index.position(start + token.span.end)
        if last_line != line:
            end = self._index.position(self._index.content(line)[1])[1]
        bits = sum(_MODIFIER_BITS[name] for name in token.modifiers)
        from_character = character - (self._character if line == self._line else 0)
        self.data += [line - self._line, from_character, end - character, _TYPE_NUMBERS[token.type], bits]
        self._line, self._character = line, character
