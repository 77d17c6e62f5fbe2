"""The server: what it offers, what it keeps, and when it looks at documents again.

Only pygls is imported before `initialize` is answered, so that an editor is not kept waiting; the handlers' modules
and DuckDB (the parser of query bodies) are loaded in the background right behind that answer.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcException
from pygls.lsp.server import LanguageServer

from thanosql_kernel import __version__
from thanosql_kernel.wording import language, set_language
from thanosql_lsp.settings import Settings
from thanosql_lsp.workspace import ThanosqlWorkspace

if TYPE_CHECKING:
    from thanosql_kernel.analysis.features.completion.items import Completion
    from thanosql_lsp.catalogs import Catalogs
    from thanosql_lsp.open_document import OpenDocument
    from thanosql_lsp.run_order import PlacedCell, RunOrder

log = logging.getLogger(__name__)

#: Cells in these languages of these kinds of notebooks are sent to the server.
NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithNotebook(
            notebook=notebook,
            cells=[types.NotebookCellLanguage(language) for language in ("thanosql", "python")],
        )
        for notebook in ("jupyter-notebook", "interactive")
    ],
    save=False,
)
#: How long typing keeps a document from being read on in the background.
_PAUSE_S = 0.15
_HANDLERS = ("completion", "diagnostics", "navigation", "outline", "semantic_tokens", "formatting", "hints")


class Refusal(JsonRpcException):
    """The answer that what was asked for cannot be done, and why; no fault of the server."""

    CODE = types.LSPErrorCodes.RequestFailed.value
    MESSAGE = "Request failed"


def is_fault(error: BaseException | None) -> bool:
    """Whether an error belongs into the log: the editor shows refusals, and asks again after its own edits."""
    return not isinstance(error, Refusal | JsonRpcContentModified)


class Positioned(Protocol):
    """The parameters of any request about a place in a document."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


class ThanosqlServer(LanguageServer):
    """One server for one editor.

    Attributes:
        settings: What the user has set; `configure` takes others in.
        locale: The client's own language; None if it does not say.
        completes_strings: Whether words that are begun inside quotes are completed.
    """

    def __init__(self) -> None:
        super().__init__(
            "thanosql-language-server", __version__, types.TextDocumentSyncKind.Incremental, NOTEBOOKS
        )
        self.settings = Settings()
        self.locale: str | None = None
        self.completes_strings = True
        self.is_warm = False
        self._catalogs: Catalogs | None = None
        self.offered: tuple[Completion, ...] = ()
        self.waiting: dict[str, asyncio.Task[None]] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self._reading: set[str] = set()

    # -- what is open --------------------------------------------------------------------------------------------
    @property
    def documents(self) -> ThanosqlWorkspace:
        """All that the editor has open."""
        open_documents = self.workspace
        assert isinstance(open_documents, ThanosqlWorkspace)
        return open_documents

    @property
    def catalogs(self) -> Catalogs:
        """The catalogue files."""
        if self._catalogs is None:
            from thanosql_lsp.catalogs import Catalogs

            self._catalogs = Catalogs()
        self._catalogs.database = self.settings.database
        return self._catalogs

    def run_order(self, open_document: OpenDocument) -> RunOrder:
        """What runs together with a document."""
        from thanosql_lsp.run_order import RunOrder

        folder = self.documents.folder(open_document)
        return RunOrder(self.documents.together(open_document), self.catalogs.catalog(folder), folder)

    def placed(self, params: Positioned) -> PlacedCell | None:
        """The cell that a caret is in; None where there is no ThanoSQL."""
        open_document = self.documents.open_document(params.text_document.uri)
        return (
            self.run_order(open_document).placed_at(open_document, params.position)
            if open_document is not None
            else None
        )

    # -- settings ------------------------------------------------------------------------------------------------
    def configure(self, given: object) -> bool:
        """Take in what the user has set; whether anything is another than before."""
        before = self.settings
        self.settings = before.updated(given)
        self._speak()
        return self.settings != before

    def _speak(self) -> None:
        """Speak the language that is set, else the client's, else the system's; what is read is read anew in it."""
        before = language()
        if set_language(self.settings.language or self.locale) != before:
            for open_document in self.documents.text_documents.values():
                cast("OpenDocument", open_document).forget()

    # -- the client ------------------------------------------------------------------------------------------------
    def client_can(self, *path: str) -> bool:
        """Whether the client has declared a capability, e.g. ``client_can("text_document", "diagnostic")``."""
        at: Any = self.client_capabilities
        for name in path:
            at = getattr(at, name, None)
        return at is not None and at is not False

    def markup(self, markdown: str, plain: str, formats: tuple[str, ...]) -> types.MarkupContent:
        """A text as the client can show it.

        Args:
            markdown: With marks.
            plain: Without.
            formats: Where the client's capabilities list the formats that it takes.
        """
        taken: Any = self.client_capabilities
        for name in formats:
            taken = getattr(taken, name, None)
        if types.MarkupKind.Markdown in (taken or ()):
            return types.MarkupContent(types.MarkupKind.Markdown, markdown)
        return types.MarkupContent(types.MarkupKind.PlainText, plain)

    def workspace_edit(self, edits: Mapping[str, Sequence[types.TextEdit]]) -> types.WorkspaceEdit:
        """Edits of documents by URI; for the versions at hand, where the client can refuse edits of others."""
        if not self.client_can("workspace", "workspace_edit", "document_changes"):
            return types.WorkspaceEdit(changes=edits)
        changes = []
        for uri, of_document in edits.items():
            open_document = self.documents.open_document(uri)
            version = open_document.version if open_document is not None else None
            identifier = types.OptionalVersionedTextDocumentIdentifier(uri, version)
            changes.append(types.TextDocumentEdit(identifier, of_document))
        return types.WorkspaceEdit(document_changes=changes)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Into the log, where a user is not interrupted by it."""
        if is_fault(error):
            log.error("%s", error, exc_info=error)

    def read_ahead(self, uri: str) -> None:
        """Read a document, and what runs with it, before somebody asks; once it is read this costs little."""
        open_document = self.documents.open_document(uri)
        if open_document is not None and (key := self.documents.key(open_document)) not in self._reading:
            self._reading.add(key)
            self.in_background(self._read(uri)).add_done_callback(lambda _: self._reading.discard(key))

    @property
    def is_reading(self) -> bool:
        """Whether documents are still read in the background."""
        return bool(self._reading)

    async def _read(self, uri: str) -> None:
        from thanosql_lsp.time_slices import TimeSlices

        while (open_document := self.documents.open_document(uri)) is not None:
            try:
                await TimeSlices(self.documents.together(open_document)).read(self.run_order(open_document))
            except JsonRpcContentModified:
                await asyncio.sleep(_PAUSE_S)
            else:
                return

    def in_background(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Run something beside the handlers; its exceptions are logged."""
        task: asyncio.Task[None] = asyncio.ensure_future(_logged(work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def warm_up(self, then: Callable[[], None]) -> None:
        """Load the handlers and DuckDB in a thread, then call back in the event loop."""
        loop = asyncio.get_running_loop()

        def load() -> None:
            try:
                _load_all()
            except Exception:
                log.exception("the handlers could not be loaded")
            finally:
                _call_soon(loop, done)

        def done() -> None:
            # What is loaded now stays; DuckDB complains unless it is thawed in the end.
            gc.freeze()
            atexit.register(gc.unfreeze)
            self.is_warm = True
            then()

        # Not a daemon: a thread that is killed inside DuckDB takes the process down with a core dump.
        threading.Thread(target=load, name="warm-up").start()


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the loop is closed: the editor was faster to leave than we to load
        loop.call_soon_threadsafe(call)


async def _logged(work: Awaitable[None]) -> None:
    try:
        await work
    except JsonRpcContentModified:
        pass  # and so it is about to be done again
    except Exception:
        log.exception("work in the background failed")


def _load_all() -> None:
    for name in _HANDLERS:
        import_module(f"thanosql_lsp.handlers.{name}")
    from thanosql_kernel.statements.registry import statement_types

    statement_types()
    from thanosql_kernel.analysis.features.complete import warm

    warm()


def handler(module: str, name: str) -> Callable[..., Any]:
    """A function of `thanosql_lsp.handlers`, loaded when it is first needed; its exceptions are logged."""

    def find() -> Callable[..., Any]:
        return getattr(import_module(f"thanosql_lsp.handlers.{module}"), name)  # type: ignore[no-any-return]

    def call(ls: ThanosqlServer, params: Any) -> Any:
        try:
            return find()(ls, params)
        except JsonRpcException:  # an answer: the editor shows it
            raise
        except Exception:
            log.exception("%s failed", name)
            return None

    return call


def async_handler(module: str, name: str) -> Callable[..., Any]:
    """Like `handler`, for functions that give others a turn while they work."""

    async def call(ls: ThanosqlServer, params: Any) -> Any:
        try:
            found = getattr(import_module(f"thanosql_lsp.handlers.{module}"), name)
            return await found(ls, params)
        except (asyncio.CancelledError, JsonRpcException):
            raise
        except Exception:
            log.exception("%s failed", name)
            return None

    return call
