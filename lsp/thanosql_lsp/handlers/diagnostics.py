"""What is wrong, pushed to editors that do not ask and given to those that do; and how to put it right."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from lsprotocol import types

from thanosql_kernel.analysis.features.diagnose import Diagnostic, Fix, diagnose_part
from thanosql_kernel.analysis.meaning.document import Part
from thanosql_lsp.open_document import OpenDocument
from thanosql_lsp.run_order import PlacedCell
from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.time_slices import TimeSlices

#: How long the typing must pause before a document is looked at.
DEBOUNCE_S = 0.15

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def schedule(ls: ThanosqlServer, uri: str) -> None:
    """Push what is wrong in a document, and in those that run with it, once the typing pauses."""
    open_document = ls.documents.open_document(uri)
    if open_document is None or ls.client_can("text_document", "diagnostic"):
        return
    key = ls.documents.key(open_document)
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
    open_document = ls.documents.open_document(uri)
    if open_document is None:
        return
    together = ls.documents.together(open_document)
    found: dict[str, list[types.Diagnostic]] = {one.uri: [] for one in together}
    versions = {one.uri: one.version for one in together}
    slices = TimeSlices(together)
    for placed in (await slices.read(ls.run_order(open_document))).placed_cells():
        found[placed.open_document.uri] += await look(ls, placed, slices)
    for one in together:
        ls.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(one.uri, found[one.uri], versions[one.uri])
        )


async def pull(ls: ThanosqlServer, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """What is wrong in one document; "unchanged" if that is what the client has already."""
    open_document = ls.documents.open_document(params.text_document.uri)
    items = await _pulled(ls, open_document) if open_document is not None else []
    result = f"{hash(repr(items)) & (2**64 - 1):x}"
    if result == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result)
    return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=result)


async def _pulled(ls: ThanosqlServer, open_document: OpenDocument) -> list[types.Diagnostic]:
    slices = TimeSlices(ls.documents.together(open_document))
    items: list[types.Diagnostic] = []
    for placed in (await slices.read(ls.run_order(open_document))).placed_of(open_document):
        items += await look(ls, placed, slices)
        await slices.pause()
    return items


async def look(ls: ThanosqlServer, placed: PlacedCell, slices: TimeSlices) -> list[types.Diagnostic]:
    """What is wrong in a cell; others have their turn between its statements."""
    magic = placed.document.is_old_notebook
    found: list[types.Diagnostic] = []
    for part in placed.document.parts:
        found += [
            to_protocol(placed, one)
            for one in _look_at(ls, part, magic)
            if one.severity != "hint" and _is_sure(one, placed.open_document)
        ]
        await slices.pause()
    return found


def _is_sure(one: Diagnostic, open_document: OpenDocument) -> bool:
    """Whether it is wrong for certain: in a Python notebook an unknown table may be a data frame."""
    return open_document.language_id != "python" or one.code != "TS201"


def _look_at(ls: ThanosqlServer, part: Part, magic: bool) -> list[Diagnostic]:
    """What is wrong with one statement; its SQL is checked once the parser for it is loaded."""
    return diagnose_part(part, magic=magic, check_queries=ls.settings.check_queries and ls.is_warm)


def to_protocol(placed: PlacedCell, one: Diagnostic) -> types.Diagnostic:
    """The same in the protocol's words; the hint stands on a line of its own."""
    return types.Diagnostic(
        range=placed.range(one.span),
        severity=_SEVERITIES[one.severity],
        code=one.code,
        source="thanosql",
        message=f"{one.message}\n{one.hint}" if one.hint else one.message,
    )


def code_actions(ls: ThanosqlServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The fixes for what is wrong in a range."""
    open_document = ls.documents.open_document(params.text_document.uri)
    if open_document is None or not _wants_fixes(params.context.only):
        return []
    placed_cells = ls.run_order(open_document).placed_of(open_document)
    return [action for placed in placed_cells for action in _fixes(ls, placed, open_document, params)]


def _wants_fixes(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    wanted = [str(getattr(kind, "value", kind)) for kind in only or ()]
    return not wanted or any(kind in ("", "quickfix") for kind in wanted)


def _fixes(
    ls: ThanosqlServer, placed: PlacedCell, open_document: OpenDocument, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    first, last = (open_document.offset(at) - placed.start for at in (params.range.start, params.range.end))
    magic = placed.document.is_old_notebook
    for part in placed.document.parts:
        if part.start <= last and first <= part.start + len(part.block.text):
            for one in _look_at(ls, part, magic):
                if one.span.start <= last and first <= one.span.end:
                    yield from (_action(ls, placed, one, fix) for fix in one.fixes)


def _action(ls: ThanosqlServer, placed: PlacedCell, one: Diagnostic, fix: Fix) -> types.CodeAction:
    edits = [types.TextEdit(placed.range(edit.span), edit.text) for edit in fix.edits]
    is_marked = one.severity != "hint"
    return types.CodeAction(
        title=fix.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[to_protocol(placed, one)] if is_marked else None,
        is_preferred=(fix.preferred and is_marked) or None,
        edit=ls.workspace_edit({placed.open_document.uri: edits}),
    )
