"""Start kernels for tests and talk to them over the wire."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from jupyter_kernel_test.msgspec_v5 import validate_message

FAKE = [sys.executable, str(Path(__file__).with_name("fake_kernel.py"))]
REAL = [sys.executable, "-P", "-m", "thanosql_kernel"]
TIMEOUT_S = 60


@dataclass
class Answer:
    """What came back for one cell."""

    reply: dict
    messages: list = field(default_factory=list)

    def contents(self, kind):
        return [message["content"] for message in self.messages if message["msg_type"] == kind]

    def text(self, stream):
        return "".join(part["text"] for part in self.contents("stream") if part["name"] == stream)

    @property
    def plain(self):
        return [part["data"]["text/plain"] for part in self.contents("display_data")]


class Live:
    """A running kernel and a client of it; every message is checked against the protocol."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    @property
    def pid(self):
        return self.manager.provisioner.process.pid

    def send(self, code, **options):
        return self.client.execute(code, **options)

    def run(self, code, **options):
        return self.answer(self.send(code, **options))

    def answer(self, message_id):
        answer = Answer(self._reply(message_id))
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT_S)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if not message["msg_type"].startswith("comm_"):  # the validator has no schema for those
                validate_message(message, message["msg_type"], message_id)
            if message["msg_type"] == "status":
                if message["content"]["execution_state"] == "idle":
                    return answer
                continue
            answer.messages.append(message)

    def wait_for(self, message_id, found):
        """Read output of a running cell until ``found(message)``."""
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT_S)
            if message["parent_header"].get("msg_id") == message_id and found(message):
                return message

    def ask(self, message_id, kind):
        reply = self._reply(message_id)
        validate_message(reply, kind, message_id)
        return reply["content"]

    def ask_control(self, kind):
        """Send a request on the control channel; the content of the reply to it."""
        request = self.client.session.msg(f"{kind}_request", {})
        self.client.control_channel.send(request)
        while True:
            reply = self.client.get_control_msg(timeout=TIMEOUT_S)
            if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
                return reply["content"]

    def _reply(self, message_id):
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT_S)
            if reply["parent_header"].get("msg_id") == message_id:
                return reply


def send_from_notebook(kernel, code):
    """A cell as JupyterLab and VS Code send it: with the cell's id."""
    content = {
        "code": code,
        "silent": False,
        "store_history": True,
        "allow_stdin": False,
        "stop_on_error": True,
    }
    message = kernel.client.session.msg("execute_request", content, metadata={"cellId": "a-cell"})
    kernel.client.shell_channel.send(message)
    return message["header"]["msg_id"]


@contextlib.contextmanager
def live_kernel(argv, folder, **environment):
    """A kernel working in ``folder``, with a home of its own."""
    home = Path(folder) / "home"
    home.mkdir(exist_ok=True)
    places = {"HOME": home, "IPYTHONDIR": home / "ipython", "JUPYTER_RUNTIME_DIR": home / "runtime"}
    env = os.environ | {name: str(place) for name, place in places.items()} | environment
    env.pop("THANOSQL_DATABASE", None)
    manager = KernelManager(connection_file=str(home / "connection.json"))
    manager._kernel_spec = KernelSpec(
        argv=[*argv, "-f", "{connection_file}"], display_name="ThanoSQL", language="thanosql"
    )
    manager.start_kernel(cwd=str(folder), env=env)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT_S)
        yield Live(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=not manager.is_alive())
