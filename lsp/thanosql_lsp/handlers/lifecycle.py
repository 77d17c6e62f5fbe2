"""From the first message to the last: settings, documents that change, catalogues that change."""

from __future__ import annotations

import asyncio
from typing import Any

from lsprotocol import types

from thanosql_lsp.server import ThanosqlServer
from thanosql_lsp.workspace import ThanosqlWorkspace

#: How often catalogue files are looked at, for editors that do not watch files for us.
WATCH_INTERVAL_S = 1.0


def initialize(ls: ThanosqlServer, params: types.InitializeParams) -> None:
    """Take the books over from pygls, and the settings that the client starts with."""
    made = ls.workspace
    # pygls has no other place to say which class keeps the documents.
    ls.protocol._workspace = ThanosqlWorkspace(
        made.root_uri,
        types.TextDocumentSyncKind.Incremental,
        params.workspace_folders or [],
        made.position_encoding,
    )
    ls.locale = params.locale
    ls.configure(params.initialization_options)


def initialized(ls: ThanosqlServer, _: types.InitializedParams) -> None:
    """Load what is slow to load, ask for settings, have files watched."""
    ls.warm_up(then=lambda: refresh_all(ls))
    ls.in_background(_configure(ls))
    if ls.client_can("workspace", "did_change_watched_files", "dynamic_registration"):
        ls.in_background(_watch_by_client(ls))
    ls.in_background(_watch(ls))


def shutdown(ls: ThanosqlServer, _: Any = None) -> None:
    """Stop what runs in the background."""
    for task in list(ls.tasks):
        task.cancel()


def did_open(ls: ThanosqlServer, params: types.DidOpenTextDocumentParams) -> None:
    """A document was opened: read it before somebody types."""
    ls.read_ahead(params.text_document.uri)
    _schedule(ls, params.text_document.uri)


def did_change(ls: ThanosqlServer, params: Any) -> None:
    """A document was changed or saved: look at it again when the typing pauses."""
    _schedule(ls, params.text_document.uri)


def did_open_notebook(ls: ThanosqlServer, params: types.DidOpenNotebookDocumentParams) -> None:
    """A notebook was opened."""
    if params.cell_text_documents:
        ls.read_ahead(params.cell_text_documents[0].uri)
    did_change_notebook(ls, params)


def did_change_notebook(ls: ThanosqlServer, params: Any) -> None:
    """The cells of a notebook changed."""
    notebook = ls.documents.get_notebook_document(notebook_uri=params.notebook_document.uri)
    if notebook is not None and notebook.cells:
        _schedule(ls, notebook.cells[0].document)
    structure = getattr(getattr(getattr(params, "change", None), "cells", None), "structure", None)
    for closed in structure.did_close or [] if structure else []:
        _clear(ls, closed.uri)


def did_close(ls: ThanosqlServer, params: types.DidCloseTextDocumentParams) -> None:
    """Nothing is wrong any more in a document that is not open."""
    _clear(ls, params.text_document.uri)


def did_close_notebook(ls: ThanosqlServer, params: types.DidCloseNotebookDocumentParams) -> None:
    """The same for all cells of a notebook."""
    for cell in params.cell_text_documents:
        _clear(ls, cell.uri)


def did_change_configuration(ls: ThanosqlServer, params: types.DidChangeConfigurationParams) -> None:
    """Read the settings anew, from the message or by asking."""
    ls.configure(params.settings)
    if ls.client_can("workspace", "configuration"):
        ls.in_background(_configure(ls))
    refresh_all(ls)


def did_change_watched_files(ls: ThanosqlServer, _: types.DidChangeWatchedFilesParams) -> None:
    """A catalogue changed."""
    refresh_all(ls)


def refresh_all(ls: ThanosqlServer) -> None:
    """Look at every open document again."""
    for open_document in list(ls.documents.text_documents.values()):
        _schedule(ls, open_document.uri)
    if ls.client_can("workspace", "diagnostics", "refresh_support"):
        ls.workspace_diagnostic_refresh(None)


def _schedule(ls: ThanosqlServer, uri: str) -> None:
    from thanosql_lsp.handlers.diagnostics import schedule

    schedule(ls, uri)


def _clear(ls: ThanosqlServer, uri: str) -> None:
    from thanosql_lsp.handlers.diagnostics import clear

    clear(ls, uri)


async def _configure(ls: ThanosqlServer) -> None:
    if not ls.client_can("workspace", "configuration"):
        return
    item = types.ConfigurationItem(section="thanosql")
    answers = await ls.workspace_configuration_async(types.ConfigurationParams([item]))
    if ls.configure(answers[0] if answers else None):
        refresh_all(ls)


async def _watch_by_client(ls: ThanosqlServer) -> None:
    watcher = types.FileSystemWatcher(glob_pattern="**/_thanosql/catalog.json")
    options = types.DidChangeWatchedFilesRegistrationOptions([watcher])
    registration = types.Registration("catalog", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    await ls.client_register_capability_async(types.RegistrationParams([registration]))


async def _watch(ls: ThanosqlServer) -> None:
    """Notice catalogues that changed while nothing was asked: the notebook's cells may be right or wrong now."""
    seen = 0
    while True:
        await asyncio.sleep(WATCH_INTERVAL_S)
        changes = ls.catalogs.look_again()
        if changes != seen:
            seen = changes
            refresh_all(ls)
