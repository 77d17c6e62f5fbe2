"""A kernel in a process of its own, as the benchmarks talk to it."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

THANOSQL = (sys.executable, "-P", "-m", "thanosql_kernel")
TIMEOUT_S = 300


class Client:
    """A kernel and what is asked of it."""

    def __init__(self, manager: Any, client: Any) -> None:
        self.manager, self.client = manager, client

    def run(self, code: str) -> None:
        """Run a cell; raises RuntimeError with its message if it fails."""
        reply = self.client.execute_interactive(code, timeout=TIMEOUT_S, output_hook=lambda message: None)
        if reply["content"]["status"] != "ok":
            raise RuntimeError("\n".join(reply["content"]["traceback"]))

    def start(self, code: str, *, until_output: bool) -> str:
        """Start a cell; returns its id once it runs or, if asked for, once it has shown something."""
        cell = str(self.client.execute(code))
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT_S)
            kind = message["msg_type"]
            if message["parent_header"].get("msg_id") != cell or kind == "status":
                continue
            if not until_output or kind != "execute_input":
                return cell

    def reply(self, message_id: str) -> dict[str, Any]:
        """The content of the reply to a message."""
        while True:
            message = self.client.get_shell_msg(timeout=TIMEOUT_S)
            if message["parent_header"].get("msg_id") == message_id:
                content: dict[str, Any] = message["content"]
                return content

    def interrupt(self, cell: str) -> tuple[float, dict[str, Any]]:
        """Interrupt a running cell; seconds from the signal to the reply, and what it says."""
        start_s = time.perf_counter()
        self.manager.interrupt_kernel()
        content = self.reply(cell)
        return time.perf_counter() - start_s, content

    def completion_ms(self, code: str) -> float:
        """How long a completion at the end of ``code`` takes."""
        start_s = time.perf_counter()
        self.reply(self.client.complete(code, len(code)))
        return (time.perf_counter() - start_s) * 1e3


@contextlib.contextmanager
def kernel(folder: Path, argv: Sequence[str] = THANOSQL, **environment: str) -> Iterator[Client]:
    """A kernel at work in a folder, with a database of its own there."""
    manager = KernelManager(connection_file=str(folder / "connection.json"))
    manager._kernel_spec = KernelSpec(
        argv=[*argv, "-f", "{connection_file}"], display_name="kernel", language="sql"
    )
    settings = {"THANOSQL_DATABASE": str(folder / "db"), "HF_HUB_OFFLINE": "1", **environment}
    manager.start_kernel(cwd=str(folder), env=os.environ | settings)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT_S)
        yield Client(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
