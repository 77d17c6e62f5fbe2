"""An editor for the tests: a real server process behind pytest-lsp's client, and texts with a caret in them."""

import asyncio
import itertools
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

CARET = "‸"
_TIMEOUT_S = 60

_PLAIN = types.ClientCapabilities()
_RICH = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True),
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
    ),
    notebook_document=types.NotebookDocumentClientCapabilities(
        synchronization=types.NotebookDocumentSyncClientCapabilities()
    ),
    text_document=types.TextDocumentClientCapabilities(
        diagnostic=types.DiagnosticClientCapabilities(),
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
        rename=types.RenameClientCapabilities(prepare_support=True),
        document_symbol=types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True),
        completion=types.CompletionClientCapabilities(
            completion_item=types.ClientCompletionItemOptions(
                snippet_support=True,
                insert_replace_support=True,
                documentation_format=[types.MarkupKind.Markdown],
                resolve_support=types.ClientCompletionItemResolveOptions(["documentation"]),
            )
        ),
    ),
)


@dataclass
class Place:
    """An open document and a caret in it."""

    uri: str
    text: str
    position: types.Position

    @property
    def at(self) -> dict[str, Any]:
        return {"text_document": types.TextDocumentIdentifier(self.uri), "position": self.position}

    @property
    def document(self) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri)

    def offset(self, at: types.Position) -> int:
        """The place in the text, counted the slow way in UTF-16 units."""
        lines = self.text.split("\n")
        units = lines[at.line].encode("utf-16-le")[: 2 * at.character] if at.line < len(lines) else b""
        return sum(len(line) + 1 for line in lines[: at.line]) + len(units.decode("utf-16-le"))

    def sliced(self, where: types.Range) -> str:
        """The part of the text that a range means."""
        return self.text[self.offset(where.start) : self.offset(where.end)]

    def edited(self, edits: Iterable[types.TextEdit | types.AnnotatedTextEdit]) -> str:
        """The text with edits made."""
        text = self.text
        for edit in sorted(edits, key=lambda edit: self.offset(edit.range.start), reverse=True):
            text = text[: self.offset(edit.range.start)] + edit.new_text + text[self.offset(edit.range.end) :]
        return text


Scenario = Callable[["Editor"], Awaitable[None]]


class Editor:
    """What a person does in an editor, without the screen."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self._numbers = itertools.count(1)

    def open(self, text: str, *, uri: str | None = None, language: str = "thanosql") -> Place:
        """Open a document; the caret stands at ``‸``, else at the end."""
        uri = uri or f"untitled:Untitled-{next(self._numbers)}"
        before, _, after = text.partition(CARET)
        item = types.TextDocumentItem(uri, language, 1, before + after)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return Place(uri, before + after, position(before))

    def open_notebook(self, *cells: str, language: str = "thanosql", uri: str | None = None) -> list[Place]:
        """Open a notebook as VS Code does, one document a cell."""
        name = uri or f"file:///nowhere/book-{next(self._numbers)}.ipynb"
        cell_uri = name.replace("file:", "vscode-notebook-cell:")
        places, items = [], []
        for number, text in enumerate(cells):
            before, _, after = text.partition(CARET)
            places.append(Place(f"{cell_uri}#{number}", before + after, position(before)))
            items.append(types.TextDocumentItem(places[-1].uri, language, 1, before + after))
        book = types.NotebookDocument(
            name,
            "jupyter-notebook",
            1,
            [types.NotebookCell(types.NotebookCellKind.Code, one.uri) for one in items],
        )
        self.client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(book, items))
        return places

    def change(self, place: Place, start: int, end: int, new: str, *, version: int = 2) -> None:
        """Replace a part of a document, with ASCII in front of it on its line."""
        change = types.TextDocumentContentChangePartial(
            types.Range(position(place.text[:start]), position(place.text[:end])), new
        )
        place.text = place.text[:start] + new + place.text[end:]
        identifier = types.VersionedTextDocumentIdentifier(version, place.uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))

    async def items(self, place: Place | str) -> list[types.CompletionItem]:
        place = self.open(place) if isinstance(place, str) else place
        found = await self.client.text_document_completion_async(types.CompletionParams(**place.at))
        return list(found.items) if found else []

    async def labels(self, place: Place | str) -> list[str]:
        return [item.label for item in await self.items(place)]

    async def problems(self, place: Place | str) -> list[types.Diagnostic]:
        """What is wrong in a document, by asking."""
        place = self.open(place) if isinstance(place, str) else place
        identifier = types.TextDocumentIdentifier(place.uri)
        report = await self.client.text_document_diagnostic_async(types.DocumentDiagnosticParams(identifier))
        return list(report.items)

    async def pushed(
        self, place: Place, wanted: Callable[[list[types.Diagnostic]], bool]
    ) -> list[types.Diagnostic]:
        """What the server says by itself is wrong, once that is as wanted."""
        while not (place.uri in self.client.diagnostics and wanted(list(self.client.diagnostics[place.uri]))):
            await self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        return list(self.client.diagnostics[place.uri])

    async def is_warm(self) -> None:
        """Wait until the server has loaded all that it loads in the background."""
        while True:
            params = types.ExecuteCommandParams("thanosql.serverStatus")
            status = await self.client.workspace_execute_command_async(params)
            if status["warm"]:
                return


def position(before: str) -> types.Position:
    """Where a text ends, in UTF-16 units."""
    line = before.rpartition("\n")[2]
    return types.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)


async def start(
    capabilities: types.ClientCapabilities,
    folder: Path,
    options: Any,
    locale: str | None = None,
    environment: dict[str, str] | None = None,
) -> Editor:
    """A server process with an editor that has said hello."""
    server_env = {**os.environ, **(environment or {})}
    config = ClientServerConfig(
        server_command=[sys.executable, "-P", "-m", "thanosql_lsp"], server_env=server_env
    )
    client = await config.start()
    params = types.InitializeParams(
        capabilities, root_uri=folder.as_uri(), initialization_options=options, locale=locale
    )
    await client.initialize_session(params)
    return Editor(client)


async def stop(editor: Editor) -> None:
    """Close the editor; the server ends by itself."""
    await editor.client.shutdown_session()
    await editor.client.stop()


class Stage:
    """Plays scenarios with editors, which most of them share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shared: dict[tuple[bool, str | None], Editor] = {}
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def play(
        self,
        scenario: Scenario,
        *,
        rich: bool = True,
        locale: str | None = None,
        environment: dict[str, str] | None = None,
        alone: bool = False,
        **options: Any,
    ) -> None:
        """Let an editor act; one of its own if its server is to start with variables or options.

        Args:
            scenario: What it does.
            rich: Whether it can all that VS Code can, or nothing but the bare protocol.
            locale: The language that it says it is in.
            environment: Variables that the server's process has beside the usual ones.
            alone: Whether it changes what others would notice.
            options: What it sends as initialization options.
        """
        alone = bool(alone or environment or options)
        start_it = partial(
            start, _RICH if rich else _PLAIN, self._folder, options or None, locale, environment
        )
        self._run(self._play(scenario, start_it, None if alone else (rich, locale)))

    def close(self) -> None:
        """End the servers."""
        for editor in self._shared.values():
            self._run(stop(editor))
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_TIMEOUT_S)

    async def _play(
        self,
        scenario: Scenario,
        start_it: Callable[[], Awaitable[Editor]],
        shared: tuple[bool, str | None] | None,
    ) -> None:
        if shared is not None:
            if shared not in self._shared:
                self._shared[shared] = await start_it()
            await scenario(self._shared[shared])
            return
        editor = await start_it()
        try:
            await scenario(editor)
        finally:
            await stop(editor)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Where scenarios are played."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("THANOSQL_DATABASE", raising=False)
        patch.setenv("THANOSQL_LANGUAGE", "en")
        made = Stage(tmp_path_factory.mktemp("workspace"))
        yield made
        made.close()


@pytest.fixture
def act(stage: Stage) -> Callable[..., None]:
    """`Stage.play`."""
    return stage.play
