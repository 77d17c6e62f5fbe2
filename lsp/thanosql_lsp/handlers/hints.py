"""What stands between the lines: the columns that a statement will make, and a lens to run it."""

from __future__ import annotations

from lsprotocol import types

from thanosql_kernel.analysis.features import inlay as analysis
from thanosql_kernel.errors import Span
from thanosql_kernel.wording.editor import RUN
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.time_slices import TimeSlices


async def inlay(ls: ThanosqlServer, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """Name and dimension of the generated columns, at the end of the statements in a range."""
    open_document = ls.documents.open_document(params.text_document.uri)
    if open_document is None:
        return None
    wanted = open_document.span(params.range)
    slices = TimeSlices(ls.documents.together(open_document))
    found: list[types.InlayHint] = []
    for placed in (await slices.read(ls.run_order(open_document))).placed_of(open_document):
        if placed.start <= wanted.end:
            for part in placed.document.parts:
                start = placed.start + part.start
                if start <= wanted.end and wanted.start <= start + len(part.block.text):
                    found += [
                        types.InlayHint(
                            position=open_document.position(placed.start + hint.offset),
                            label=hint.label,
                            kind=types.InlayHintKind.Type,
                            tooltip=hint.doc,
                            padding_left=True,
                        )
                        for hint in analysis.part_hints(part)
                    ]
        await slices.pause()
    return found


async def lenses(ls: ThanosqlServer, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """ "Run" above each statement, for clients that have said by which command they run one."""
    open_document = ls.documents.open_document(params.text_document.uri)
    command = ls.settings.run_command
    if open_document is None or command is None:
        return None
    slices = TimeSlices(ls.documents.together(open_document))
    found: list[types.CodeLens] = []
    for placed in (await slices.read(ls.run_order(open_document))).placed_of(open_document):
        for part in placed.document.parts:
            if part.block.piece is not None and not part.block.is_magic:
                start, end = part.block.piece.span
                where = placed.range(Span(part.start + start, part.start + end))
                run = types.Command(RUN(), command, arguments=[open_document.uri, where])
                found.append(types.CodeLens(where, run))
        await slices.pause()
    return found
