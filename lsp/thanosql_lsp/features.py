"""Which requests the server answers, and by which handlers."""

from __future__ import annotations

import logging
from typing import Any

from lsprotocol import types

from thanosql_lsp.server import ThanosqlServer, async_handler, handler, is_fault

#: `analysis.tokens.TYPES` and `MODIFIERS`, written down here because importing them would keep the editor waiting.
TOKEN_TYPES = (
    "comment", "string", "number", "keyword", "property", "class", "struct", "variable", "function", "macro",
)  # fmt: skip
TOKEN_MODIFIERS = ("declaration", "generated", "unsupported")

_SEMANTIC_TOKENS = types.SemanticTokensLegend(TOKEN_TYPES, TOKEN_MODIFIERS)
_COMPLETION = types.CompletionOptions(
    trigger_characters=[".", "'", '"', "=", "/", "$"], resolve_provider=True
)
_SIGNATURE = types.SignatureHelpOptions(trigger_characters=["(", ",", "="], retrigger_characters=[","])
_DIAGNOSTIC = types.DiagnosticOptions(
    inter_file_dependencies=True, workspace_diagnostics=False, identifier="thanosql"
)
_ACTIONS = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])

_FEATURES: tuple[tuple[str, Any, Any], ...] = (
    (types.INITIALIZE, handler("lifecycle", "initialize"), None),
    (types.INITIALIZED, handler("lifecycle", "initialized"), None),
    (types.SHUTDOWN, handler("lifecycle", "shutdown"), None),
    (types.WORKSPACE_DID_CHANGE_CONFIGURATION, handler("lifecycle", "did_change_configuration"), None),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, handler("lifecycle", "did_change_watched_files"), None),
    (types.TEXT_DOCUMENT_DID_OPEN, handler("lifecycle", "did_open"), None),
    (types.TEXT_DOCUMENT_DID_CHANGE, handler("lifecycle", "did_change"), None),
    (types.TEXT_DOCUMENT_DID_SAVE, handler("lifecycle", "did_change"), None),
    (types.TEXT_DOCUMENT_DID_CLOSE, handler("lifecycle", "did_close"), None),
    (types.NOTEBOOK_DOCUMENT_DID_OPEN, handler("lifecycle", "did_open_notebook"), None),
    (types.NOTEBOOK_DOCUMENT_DID_CHANGE, handler("lifecycle", "did_change_notebook"), None),
    (types.NOTEBOOK_DOCUMENT_DID_CLOSE, handler("lifecycle", "did_close_notebook"), None),
    (types.TEXT_DOCUMENT_COMPLETION, handler("completion", "complete"), _COMPLETION),
    (types.COMPLETION_ITEM_RESOLVE, handler("completion", "resolve"), None),
    (types.TEXT_DOCUMENT_DIAGNOSTIC, async_handler("diagnostics", "pull"), _DIAGNOSTIC),
    (types.TEXT_DOCUMENT_CODE_ACTION, handler("diagnostics", "code_actions"), _ACTIONS),
    (types.TEXT_DOCUMENT_HOVER, handler("navigation", "hover"), None),
    (types.TEXT_DOCUMENT_SIGNATURE_HELP, handler("navigation", "signature_help"), _SIGNATURE),
    (types.TEXT_DOCUMENT_DEFINITION, handler("navigation", "definition"), None),
    (types.TEXT_DOCUMENT_REFERENCES, handler("navigation", "references"), None),
    (types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, handler("navigation", "highlights"), None),
    (types.TEXT_DOCUMENT_PREPARE_RENAME, handler("navigation", "prepare_rename"), None),
    (types.TEXT_DOCUMENT_RENAME, handler("navigation", "rename"), None),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, async_handler("outline", "symbols"), None),
    (types.TEXT_DOCUMENT_FOLDING_RANGE, async_handler("outline", "folding"), None),
    (types.TEXT_DOCUMENT_SELECTION_RANGE, handler("outline", "selection"), None),
    (types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, async_handler("semantic_tokens", "tokens"), _SEMANTIC_TOKENS),
    (
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE,
        async_handler("semantic_tokens", "tokens_in"),
        _SEMANTIC_TOKENS,
    ),
    (types.TEXT_DOCUMENT_FORMATTING, async_handler("formatting", "format_document"), None),
    (types.TEXT_DOCUMENT_RANGE_FORMATTING, async_handler("formatting", "format_range"), None),
    (types.TEXT_DOCUMENT_INLAY_HINT, async_handler("hints", "inlay"), None),
    (types.TEXT_DOCUMENT_CODE_LENS, async_handler("hints", "lenses"), None),
)


def build() -> ThanosqlServer:
    """A server with all its features, not yet started."""
    # pygls logs every answer that is an error, with a traceback.
    logging.getLogger("pygls.protocol.json_rpc").addFilter(
        lambda record: is_fault(record.exc_info[1] if record.exc_info else None)
    )
    server = ThanosqlServer()
    register(server)
    return server


def register(server: ThanosqlServer) -> None:
    """Register every feature with the server."""
    for method, found, options in _FEATURES:
        server.feature(method, options)(found)
    server.command("thanosql.serverStatus")(server_status)


def server_status(ls: ThanosqlServer, *_: Any) -> dict[str, Any]:
    """What to put into a report of a fault: version, database, what is loaded."""
    import os
    import sys

    from thanosql_kernel import __version__

    file = ls.catalogs.file(ls.documents.root)
    return {
        "version": __version__,
        "python": sys.version,
        "pid": os.getpid(),
        "database": str(file.path.parent.parent),
        "warm": ls.is_warm,
        "reading": ls.is_reading,
        "catalogExists": file.stamp() is not None,
        "positionEncoding": ls.documents.encoding,
        "openDocuments": len(ls.documents.text_documents),
        "modules": sorted({name.partition(".")[0] for name in sys.modules}),
    }
