"""What stands between the lines: the columns that a statement will make, and a lens to run it."""

from __future__ import annotations

from lsprotocol import types

from thanosql_kernel.analysis import inlay as analysis
from thanosql_kernel.errors import Span
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.turns import Turn


async def inlay(ls: ThanosqlServer, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """Name and dimension of the generated columns, at the end of the statements in a range."""
    buffer = ls.documents.buffer(params.text_document.uri)
    if buffer is None:
        return None
    wanted = buffer.span(params.range)
    turn = Turn(ls.documents.together(buffer))
    found: list[types.InlayHint] = []
    for spot in (await turn.read(ls.sheet(buffer))).spots_of(buffer):
        if spot.start <= wanted.end:
            for part in spot.document.parts:
                start = spot.start + part.start
                if start <= wanted.end and wanted.start <= start + len(part.block.text):
                    found += [
                        types.InlayHint(
                            position=buffer.position(spot.start + hint.offset),
                            label=hint.label,
                            kind=types.InlayHintKind.Type,
                            tooltip=hint.doc,
                            padding_left=True,
                        )
                        for hint in analysis.part_hints(part)
                    ]
        await turn.pause()
    return found


async def lenses(ls: ThanosqlServer, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """ "Run" above each statement, for clients that have said by which command they run one."""
    buffer = ls.documents.buffer(params.text_document.uri)
    command = ls.settings.run_command
    if buffer is None or command is None:
        return None
    turn = Turn(ls.documents.together(buffer))
    found: list[types.CodeLens] = []
    for spot in (await turn.read(ls.sheet(buffer))).spots_of(buffer):
        for part in spot.document.parts:
            if part.block.piece is not None and not part.block.is_magic:
                start, end = part.block.piece.span
                where = spot.range(Span(part.start + start, part.start + end))
                run = types.Command("▶ Run", command, arguments=[buffer.uri, where])
                found.append(types.CodeLens(where, run))
        await turn.pause()
    return found
