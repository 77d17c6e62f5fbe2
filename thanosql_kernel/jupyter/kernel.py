"""The Jupyter kernel: messages in, messages out. The work is done by the engine in a worker thread."""

# The base class is not annotated.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from traceback import format_exc
from typing import TYPE_CHECKING, Any

from ipykernel._version import kernel_protocol_version

from thanosql_kernel import __version__
from thanosql_kernel.catalog.location import find_database
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.files import disk, working_folder
from thanosql_kernel.jupyter import assist
from thanosql_kernel.jupyter.cell_progress import CellProgress
from thanosql_kernel.jupyter.comms import wire_comms
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.executions import Execution, Executions
from thanosql_kernel.jupyter.failures import ErrorContent, as_bug, error_content
from thanosql_kernel.jupyter.history import History
from thanosql_kernel.jupyter.host import Host
from thanosql_kernel.jupyter.leaving import PAYLOAD, leaves
from thanosql_kernel.jupyter.progress import TextProgress
from thanosql_kernel.jupyter.shell import ConcurrentShell
from thanosql_kernel.jupyter.terminal import TEXT_COLUMNS, inherited_columns
from thanosql_kernel.jupyter.welcome import banner
from thanosql_kernel.jupyter.widgets.progress import WidgetProgress
from thanosql_kernel.jupyter.widgets.show import show_browser
from thanosql_kernel.statements.results import MediaResult, Message
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import commands

if TYPE_CHECKING:
    from thanosql_kernel.statements.results import Result

_log = logging.getLogger(__name__)
_NAME = f"ThanoSQL Kernel {__version__}"
_SHUTDOWN_S = 2.0
#: JupyterLab looks by name, MIME type and extension, in this order: our language by its MIME type where our extension
#: is, else SQL by the extension. The editor of classic notebooks loads ``mode`` and knows SQL by ``name``.
_CODEMIRROR_MODE = {"name": "text/x-sql", "mode": "sql", "mime": "text/x-thanosql", "extensions": ["sql"]}
_HELP_LINKS = (
    (commands.SQL_OF_QUERIES, "https://duckdb.org/docs/stable/sql/introduction"),
    (commands.WHERE_TABLES_LIVE, "https://lancedb.github.io/lancedb/"),
)
#: Characters of the cells that ran last; what they name is completed first.
_REMEMBERED = 2000
_execution: ContextVar[Execution] = ContextVar("execution")


class ThanoSQLKernel(ConcurrentShell):
    """A kernel whose cells are ThanoSQL."""

    implementation = "thanosql_kernel"
    implementation_version = __version__
    language_info = {  # noqa: RUF012
        "name": "thanosql",
        "version": __version__,
        "mimetype": "text/x-thanosql",
        "file_extension": ".thanosql",
        "pygments_lexer": "thanosql",
        "codemirror_mode": _CODEMIRROR_MODE,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._count = 0
        self._host = self.make_host()
        self._executions = Executions()
        self._history = History(_database_folder())
        self._warming = False
        self._ran = ""
        _keep_cells_out_of(self.log)
        wire_comms(self)

    def make_host(self) -> Host:
        """The owner of the engine; tests put their own here."""
        return Host()

    # -- life ------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """Take messages; an interrupt cancels cells from here on."""
        super().start()
        if threading.current_thread() is threading.main_thread():
            loop: asyncio.AbstractEventLoop = getattr(self.io_loop, "asyncio_loop")  # noqa: B009 (tornado's stubs lack it)
            self._executions.handle_sigint(loop)

    def pre_handler_hook(self) -> None:
        """Keep our SIGINT handler: the base class would let an interrupt end the process."""

    def post_handler_hook(self) -> None:
        """See `pre_handler_hook`."""

    async def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """Stop what runs and close the session."""
        self._executions.cancel_all()
        if await asyncio.to_thread(self._executions.wait, _SHUTDOWN_S):
            await asyncio.to_thread(self._host.close)
        for stream in (sys.stdout, sys.stderr):
            # The control thread flushes once more while the publishing thread may have ended: not 10 s for that.
            if hasattr(stream, "flush_timeout"):
                stream.flush_timeout = 0.2
        return {"status": "ok", "restart": restart}

    # -- who we are ------------------------------------------------------------------------------------------
    @property
    def kernel_info(self) -> dict[str, Any]:
        """As the base class, without its debugger."""
        return {
            "protocol_version": kernel_protocol_version,
            "implementation": self.implementation,
            "implementation_version": self.implementation_version,
            "language_info": self.language_info,
            "banner": _banner(),
            "help_links": [{"text": str(text), "url": url} for text, url in _HELP_LINKS],
            "supported_features": ["kernel subshells"] if self._supports_kernel_subshells else [],
        }

    async def kernel_info_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """Answer, then load the engine in the background while the user reads the prompt."""
        await super().kernel_info_request(stream, ident, parent)
        if not self._warming:
            self._warming = True
            self._host.warm_up()

    @property
    def execution_count(self) -> int:
        """Number of the last cell that counts."""
        return self._count

    @execution_count.setter
    def execution_count(self, value: int) -> None:
        # The base class counts every cell that is not silent; one without history must not count.
        if self.get_parent("shell").get("content", {}).get("store_history", True):
            self._count = value

    # -- cells -----------------------------------------------------------------------------------------------
    async def execute_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """As the base class; an interrupt counts from before the front end hears that the cell runs."""
        with self._executions.running() as execution:
            token = _execution.set(execution)
            try:
                await super().execute_request(stream, ident, parent)
            finally:
                _execution.reset(token)

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: dict[str, str] | None = None,
        allow_stdin: bool = False,
        *,
        cell_meta: dict[str, Any] | None = None,
        cell_id: str | None = None,
    ) -> dict[str, Any]:
        """Run a cell in a worker thread; the loop stays free for interrupts and widgets."""
        count = self.execution_count
        number = count if store_history and not silent else None
        self._ran = f"{self._ran}\n{code}"[-_REMEMBERED:]
        payload: list[dict[str, Any]] = []
        failure = None
        if leaves(code):
            payload = self._leave(silent)
        else:
            failure = await asyncio.to_thread(self._run, code, _execution.get(), silent, number)
        if number is not None:
            with contextlib.suppress(OSError):
                self._history.add(number, code)
        if failure is not None:
            if not silent:
                self.send_response(self.iopub_socket, "error", failure)
                await self.abort_queued()
            return {"status": "error", "execution_count": count, "user_expressions": {}, **failure}
        return {"status": "ok", "execution_count": count, "user_expressions": {}, "payload": payload}

    def _leave(self, silent: bool) -> list[dict[str, Any]]:
        """End the console that asks for it; whoever looks at a notebook is told that it stays."""
        if self._is_console:
            return [dict(PAYLOAD)]
        if not silent:
            self._show(Message(commands.STAYS()))
        return []

    def _run(self, code: str, execution: Execution, silent: bool, number: int | None) -> ErrorContent | None:
        """Run a cell in this thread; the error to show, or None."""
        show = _discard if silent else partial(self._show, cancelled=execution.cancelled)
        progress = None if silent else self._progress(execution)
        try:
            session = self._host.session()
            session.run(
                code,
                emit=show,
                progress=progress,
                cancelled=execution.cancelled,
                number=number,
                keep=not silent,
            )
        except ThanoSQLError as error:
            return error_content(error, code)
        except Exception as error:
            return error_content(as_bug(error), code)
        finally:
            if progress is not None:
                progress.close()
        return None

    def _progress(self, execution: Execution) -> CellProgress:
        """The bars of the cell that starts in this thread."""

        def mode() -> str:
            return str(getattr(self._host.session(), "settings", {}).get("display.progress", "auto"))

        has_cell_id, is_console = self._has_cell_id, self._is_console
        return CellProgress(
            mode,
            widgets=WidgetProgress(partial(self.send_response, self.iopub_socket), execution.cancel),
            text=TextProgress(
                rewrites=has_cell_id or is_console,
                columns=inherited_columns() if is_console else None,
            ),
            automatic="widget" if has_cell_id else "text",
        )

    def _show(self, result: Result, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Publish a result, after whatever was printed before it."""
        publish = partial(self.send_response, self.iopub_socket)
        sys.stdout.flush()
        sys.stderr.flush()
        if isinstance(result, MediaResult) and result.form == "widget":
            show_browser(result, self._host.session(), publish, cancelled=cancelled)
            return
        columns = inherited_columns() if self._is_console else None
        data = mime_bundle(result, cancelled=cancelled, columns=columns or TEXT_COLUMNS)
        if "image/png" in data and self._is_console:
            publish("display_data", _display({"text/plain": data["text/plain"]}))
        publish("display_data", _display(data))

    @property
    def _has_cell_id(self) -> bool:
        """Whether the cell is one of a notebook that somebody looks at."""
        return "cellId" in self.get_parent("shell").get("metadata", {})

    @property
    def _is_console(self) -> bool:
        """Whether somebody types: `jupyter console` gives a PNG to another program and drops the text beside it."""
        return not self._has_cell_id and bool(self.get_parent("shell")["content"].get("allow_stdin"))

    async def do_history(
        self,
        hist_access_type: str,
        output: bool = False,
        raw: bool = True,
        session: int = 0,
        start: int = 1,
        stop: int | None = None,
        n: int | None = None,
        pattern: str = "*",
        unique: bool = False,
    ) -> dict[str, Any]:
        """Earlier cells, of earlier sessions too."""
        history = self._history
        if hist_access_type == "tail":
            found = history.tail(n or 0)
        elif hist_access_type == "search":
            found = history.search(pattern, n, unique=unique)
        else:
            found = history.between(session, start, stop)
        if output:
            return {"status": "ok", "history": [(*entry[:2], (entry.code, None)) for entry in found]}
        return {"status": "ok", "history": found}

    # -- while a cell is written -----------------------------------------------------------------------------
    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Whether Enter runs the cell in a console."""
        return assist.is_complete(code)

    async def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:
        """What could be typed at the cursor."""
        return assist.complete(code, cursor_pos, self._ran, self._host.variables)

    async def do_inspect(
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Any = ()
    ) -> dict[str, Any]:
        """What the word at the cursor means."""
        return assist.inspect(code, cursor_pos)


def _database_folder() -> Path | None:
    """The internal folder of the database to use; None if the disk does not say where it is."""
    folder = working_folder()
    return disk.ask(folder, lambda: find_database(folder).internal, None)


def _banner() -> str:
    """What a console says first; a front end waits for it with all else, so it does not wait for a disk."""
    folder = working_folder()
    try:
        return disk.ask(folder, lambda: banner(folder), _NAME)
    except Exception:
        _log.warning("no banner: %s", visible(format_exc(), lines=True))
        return _NAME


def _display(data: dict[str, str]) -> dict[str, Any]:
    """Content of a ``display_data`` message."""
    return {"data": data, "metadata": {}, "transient": {}}


def _discard(result: Result) -> None:
    """Show nothing: the cell is silent."""


def _keep_cells_out_of(log: logging.Logger) -> None:
    """Switch debug messages off: the base class logs whole messages there, old API tokens included."""
    log.setLevel(max(log.getEffectiveLevel(), logging.INFO))
