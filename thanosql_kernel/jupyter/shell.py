"""The shell channel: cells wait for each other, everything else is answered at once, also while a cell runs."""

# The base class is not annotated.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import asyncio
import sys
import threading
import warnings
from concurrent.futures import Future
from contextvars import ContextVar, copy_context
from typing import Any

from ipykernel.kernelbase import Kernel

#: Whether the message being handled is answered beside the cells of its shell.
_beside: ContextVar[bool] = ContextVar("beside", default=False)


def drop_quietly_what_a_subshell_leaves() -> None:
    """Let no warning stand below a cell because a front end has closed a subshell that still had messages waiting."""
    warnings.filterwarnings("ignore", r"coroutine '_async_in_context\b", RuntimeWarning)


class ConcurrentShell(Kernel):
    """A kernel that completes, inspects and serves widgets while a cell runs.

    The base class handles one message of a shell at a time, so that a completion would wait for the running cell. It
    lets comm messages pass, but publishes no "idle" for them, for which widgets wait before they send their next state.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._cells: dict[int, Any] = {}
        self._publishing = threading.Lock()
        drop_quietly_what_a_subshell_leaves()

    async def shell_main(self, subshell_id: str | None, msg: Any) -> None:
        """Take a message: a cell in its turn, anything else now, in a context of its own."""
        if self._kind(msg) in ("execute_request", ""):
            await super().shell_main(subshell_id, msg)
            return
        context = copy_context()
        context.run(_beside.set, True)
        await asyncio.create_task(self.dispatch_shell(msg, subshell_id=subshell_id), context=context)

    def _kind(self, msg: Any) -> str:
        """The message's type; empty for what is no request, such as the base class's notes to itself."""
        if self.session is None:
            return ""
        try:
            _, frames = self.session.feed_identities(msg, copy=False)
            return str(self.session.deserialize(frames, content=False, copy=False)["header"]["msg_type"])
        except Exception:
            return ""

    async def execute_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """As the base class; the cell is known to run."""
        self._cells[id(parent)] = parent
        try:
            await super().execute_request(stream, ident, parent)
        finally:
            del self._cells[id(parent)]

    async def abort_queued(self) -> None:
        """Abort the cells that wait behind the present one, which has failed; to be called before its reply is sent.

        The base class does so after the reply, and with them a cell that was sent because the reply had come.
        """
        parent = self.get_parent("shell")
        if self.shell_channel_thread is None or not parent["content"].get("stop_on_error", True):
            return
        subshell_id = parent["header"].get("subshell_id")
        posted: Future[None] = Future()

        def post() -> None:
            self._post_dummy_stop_aborting_message(subshell_id)
            posted.set_result(None)

        if subshell_id is None:
            self._aborting = True
        else:
            self.shell_channel_thread.manager.set_subshell_aborting(subshell_id, True)
        self.shell_channel_thread.io_loop.add_callback(post)
        await asyncio.wrap_future(posted)

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing is left to do after `abort_queued`."""
        if self.shell_channel_thread is None:
            super()._abort_queues(subshell_id)

    def set_parent(self, ident: Any, parent: Any, channel: str = "shell") -> None:
        """Say whose the output is from here on, printed text included.

        A message beside a cell sets it for its own context alone: threads that the cell has started go on printing
        below the cell.
        """
        if channel != "shell":
            super().set_parent(ident, parent, channel)
            return
        if _beside.get():
            self._shell_parent_ident.set(ident)
            self._shell_parent.set(parent)
        else:
            super().set_parent(ident, parent, channel)
        method = "set_thread_parent" if _beside.get() else "set_parent"
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, method):
                getattr(stream, method)(parent)

    def _publish_status(self, status: str, channel: str, parent: Any = None) -> None:
        """As the base class; after an "idle" beside a running cell, "busy" once more for that cell.

        Front ends show the last status that they heard, whichever message it was for.
        """
        with self._publishing:
            super()._publish_status(status, channel, parent)
            if status == "idle":
                for cell in tuple(self._cells.values()):
                    super()._publish_status("busy", channel, cell)
