"""Semantic tokens: what an editor colours."""

from __future__ import annotations

from lsprotocol import types

from thanosql_kernel.analysis.tokens import MODIFIERS, TYPES, SemanticToken, part_tokens
from thanosql_kernel.errors import Span
from thanosql_lsp.buffers import Buffer
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.turns import Turn

_TYPE_NUMBERS = {name: number for number, name in enumerate(TYPES)}
_MODIFIER_BITS = {name: 1 << number for number, name in enumerate(MODIFIERS)}


async def tokens(ls: ThanosqlServer, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    """All tokens of a document."""
    buffer = ls.documents.buffer(params.text_document.uri)
    return await _tokens(ls, buffer, Span(0, len(buffer.text))) if buffer is not None else None


async def tokens_in(
    ls: ThanosqlServer, params: types.SemanticTokensRangeParams
) -> types.SemanticTokens | None:
    """The tokens of the statements that a range touches."""
    buffer = ls.documents.buffer(params.text_document.uri)
    return await _tokens(ls, buffer, buffer.span(params.range)) if buffer is not None else None


async def _tokens(ls: ThanosqlServer, buffer: Buffer, wanted: Span) -> types.SemanticTokens:
    written = _Written(buffer)
    turn = Turn(ls.documents.together(buffer))
    for spot in (await turn.read(ls.sheet(buffer))).spots_of(buffer):
        if spot.start <= wanted.end:
            for part in spot.document.parts:
                start = spot.start + part.start
                if start <= wanted.end and wanted.start <= start + len(part.block.text):
                    for token in part_tokens(part):
                        written.add(token, spot.start)
                await turn.pause()
        await turn.pause()
    return types.SemanticTokens(data=written.data)


class _Written:
    """Tokens in the protocol's shape: five numbers each, places counted from the token before."""

    def __init__(self, buffer: Buffer) -> None:
        self.data: list[int] = []
        self._index = buffer.index
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
