"""Every message of a session, both ways of every channel, against the protocol's schema."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from jupyter_kernel_test.msgspec_v5 import validate_message
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import REAL, TIMEOUT_S, live_kernel

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

CELLS = [
    "",
    "SELECT 1 AS a, '고양이' AS 이름, NULL AS n; SELECT * FROM range(100)",
    "COPY photos FROM '사진'",
    "CONVERT USING mini AS SELECT * FROM photos",
    "SEARCH IMAGE text='red' USING mini AS SELECT * FROM photos",
    "PRINT IMAGE AS SELECT * FROM photos",
    "PRINT IMAGE OPTIONS(format='sheet') AS SELECT * FROM photos",
    "PRINT IMAGE OPTIONS(format='widget') AS SELECT * FROM photos",
    "LIST MODEL; LIST TABLE; DESCRIBE photos; HELP; HELP CONVERT; SHOW SETTINGS",
    "SELECT * FROM nowhere",
    "CONVERT WITH mini AS SELECT 1",
    "SELECT * FROM _",
    "%thanosql API_TOKEN=nothing",
    "EXPORT photos TO 'photos.csv'; DROP TABLE photos",
]
#: The validator has no schema for these.
UNKNOWN = ("comm_open", "comm_msg", "comm_close")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("작업")
    (folder / "사진").mkdir()
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (80, 60), colour).save(folder / "사진" / f"{colour}.png")
    return folder


class Ear:
    """Hears all messages of a kernel and checks each."""

    def __init__(self, client):
        self.client = client
        self.heard = Counter()

    def reply(self, message_id, kind, channel="shell"):
        get = getattr(self.client, f"get_{channel}_msg")
        message = get(timeout=TIMEOUT_S)
        validate_message(message, kind, message_id)
        self.heard[kind] += 1
        return message["content"]

    def listen(self, message_id):
        """Published messages of a request, from its busy to its idle, with nobody else's between them."""
        states = []
        while "idle" not in states:
            message = self.client.get_iopub_msg(timeout=TIMEOUT_S)
            kind = message["msg_type"]
            assert message["parent_header"]["msg_id"] == message_id, kind
            assert message["header"]["version"].startswith("5.")
            if kind not in UNKNOWN:
                validate_message(message, kind, message_id)
            self.heard[kind] += 1
            if kind == "status":
                states.append(message["content"]["execution_state"])
            assert states[0] == "busy"
        assert states == ["busy", "idle"]


def test_every_message_of_a_session_is_as_the_protocol_says(folder):
    with live_kernel(REAL, folder) as live:
        client = live.client
        live.run("SELECT 1")
        ear = Ear(client)
        for cell in CELLS:
            message_id = client.execute(cell)
            ear.reply(message_id, "execute_reply")
            ear.listen(message_id)
        asked = {
            "complete_reply": client.complete("SELECT * FROM ph", 16),
            "inspect_reply": client.inspect("CONVERT USING mini", 17),
            "is_complete_reply": client.is_complete("CONVERT USING"),
            "kernel_info_reply": client.kernel_info(),
            "comm_info_reply": client.comm_info(),
            "history_reply": client.history(hist_access_type="tail", n=10),
        }
        for kind, message_id in asked.items():
            content = ear.reply(message_id, kind)
            ear.listen(message_id)
        assert [code for _, _, code in content["history"]][-2:] == ["SELECT * FROM _", CELLS[-1]]
        running = client.execute("SELECT sum(a.range * b.range) FROM range(3000000) a, range(3000000) b")
        live.wait_for(running, lambda message: message["msg_type"] == "execute_input")
        live.manager.interrupt_kernel()
        assert ear.reply(running, "execute_reply")["status"] == "error"
        message_id = client.shutdown()
        content = client.get_control_msg(timeout=TIMEOUT_S)
        validate_message(content, "shutdown_reply", message_id)
    wanted = {
        "execute_reply",
        "execute_input",
        "display_data",
        "error",
        "status",
        "comm_open",
        "history_reply",
    }
    assert wanted <= set(ear.heard)
    assert ear.heard["execute_reply"] == len(CELLS) + 1
