"""What is wrong, pushed to editors that do not ask and given to those that do; and how to put it right."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from lsprotocol import types

from thanosql_kernel.analysis.diagnose import Diagnostic, Fix, diagnose_part
from thanosql_kernel.analysis.document import Part
from thanosql_lsp.buffers import Buffer
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.sheets import Spot
from thanosql_lsp.turns import Turn

#: How long the typing must pause before a document is looked at.
DEBOUNCE_S = 0.15

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "info": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def schedule(ls: ThanosqlServer, uri: str) -> None:
    """Push what is wrong in a document, and in those that run with it, once the typing pauses."""
    buffer = ls.documents.buffer(uri)
    if buffer is None or ls.client_can("text_document", "diagnostic"):
        return
    key = ls.documents.key(buffer)
    waiting = ls.waiting.pop(key, None)
    if waiting is not None:
        waiting.cancel()
    ls.waiting[key] = ls.in_background(_push(ls, uri))


def clear(ls: ThanosqlServer, uri: str) -> None:
    """Take back what was pushed for a document."""
    if not ls.client_can("text_document", "diagnostic"):
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


async def _push(ls: ThanosqlServer, uri: str) -> None:
    await asyncio.sleep(DEBOUNCE_S)
    buffer = ls.documents.buffer(uri)
    if buffer is None:
        return
    together = ls.documents.together(buffer)
    found: dict[str, list[types.Diagnostic]] = {one.uri: [] for one in together}
    versions = {one.uri: one.version for one in together}
    turn = Turn(together)
    for spot in (await turn.read(ls.sheet(buffer))).spots():
        found[spot.buffer.uri] += await look(ls, spot, turn)
    for one in together:
        ls.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(one.uri, found[one.uri], versions[one.uri])
        )


async def pull(ls: ThanosqlServer, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """What is wrong in one document; "unchanged" if that is what the client has already."""
    buffer = ls.documents.buffer(params.text_document.uri)
    items = await _pulled(ls, buffer) if buffer is not None else []
    result = f"{hash(repr(items)) & (2**64 - 1):x}"
    if result == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result)
    return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=result)


async def _pulled(ls: ThanosqlServer, buffer: Buffer) -> list[types.Diagnostic]:
    turn = Turn(ls.documents.together(buffer))
    items: list[types.Diagnostic] = []
    for spot in (await turn.read(ls.sheet(buffer))).spots_of(buffer):
        items += await look(ls, spot, turn)
        await turn.pause()
    return items


async def look(ls: ThanosqlServer, spot: Spot, turn: Turn) -> list[types.Diagnostic]:
    """What is wrong in a cell; others have their turn between its statements."""
    magic = spot.document.is_old_notebook
    found: list[types.Diagnostic] = []
    for part in spot.document.parts:
        found += [to_protocol(spot, one) for one in _look_at(ls, part, magic) if _is_sure(one, spot.buffer)]
        await turn.pause()
    return found


def _is_sure(one: Diagnostic, buffer: Buffer) -> bool:
    """Whether it is wrong for certain: in a Python notebook an unknown table may be a data frame."""
    return buffer.language_id != "python" or one.code != "TS201"


def _look_at(ls: ThanosqlServer, part: Part, magic: bool) -> list[Diagnostic]:
    """What is wrong with one statement; its SQL is checked once the parser for it is loaded."""
    return diagnose_part(part, magic=magic, check_queries=ls.settings.check_queries and ls.is_warm)


def to_protocol(spot: Spot, one: Diagnostic) -> types.Diagnostic:
    """The same in the protocol's words; the hint stands on a line of its own."""
    return types.Diagnostic(
        range=spot.range(one.span),
        severity=_SEVERITIES[one.severity],
        code=one.code,
        source="thanosql",
        message=f"{one.message}\n{one.hint}" if one.hint else one.message,
    )


def code_actions(ls: ThanosqlServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The fixes for what is wrong in a range."""
    buffer = ls.documents.buffer(params.text_document.uri)
    if buffer is None or not _wants_fixes(params.context.only):
        return []
    spots = ls.sheet(buffer).spots_of(buffer)
    return [action for spot in spots for action in _fixes(ls, spot, buffer, params)]


def _wants_fixes(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    wanted = [str(getattr(kind, "value", kind)) for kind in only or ()]
    return not wanted or any(kind in ("", "quickfix") for kind in wanted)


def _fixes(
    ls: ThanosqlServer, spot: Spot, buffer: Buffer, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    first, last = (buffer.offset(at) - spot.start for at in (params.range.start, params.range.end))
    magic = spot.document.is_old_notebook
    for part in spot.document.parts:
        if part.start <= last and first <= part.start + len(part.block.text):
            for one in _look_at(ls, part, magic):
                if one.span.start <= last and first <= one.span.end:
                    yield from (_action(ls, spot, one, fix) for fix in one.fixes)


def _action(ls: ThanosqlServer, spot: Spot, one: Diagnostic, fix: Fix) -> types.CodeAction:
    edits = [types.TextEdit(spot.range(edit.span), edit.text) for edit in fix.edits]
    return types.CodeAction(
        title=fix.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[to_protocol(spot, one)],
        is_preferred=fix.preferred or None,
        edit=ls.workspace_edit({spot.buffer.uri: edits}),
    )
