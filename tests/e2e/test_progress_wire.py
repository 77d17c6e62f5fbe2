"""Progress over the wire: bars with a button for front ends that name their cells, text for the others."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import FAKE, live_kernel, send_from_notebook

from thanosql_kernel.jupyter.progress import DELAY_S, INTERVAL_S

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

VIEW_MIME = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with live_kernel(FAKE, tmp_path_factory.mktemp("kernel")) as live:
        yield live


def say(kernel, model, data):
    message = kernel.client.session.msg("comm_msg", {"comm_id": model, "data": data})
    kernel.client.shell_channel.send(message)


def start_work(kernel):
    """A cell that works for minutes, once its bar is there: its id, what its widgets are, and the display."""
    running, widgets, shown = send_from_notebook(kernel, "work"), {}, []

    def is_bar(message):
        if message["msg_type"] == "comm_open":
            widgets[message["content"]["data"]["state"]["_model_name"]] = message["content"]["comm_id"]
        if message["msg_type"] == "display_data":
            shown.append(message["content"])
        return shown and "FloatProgressModel" in widgets

    kernel.wait_for(running, is_bar)
    return running, widgets, shown[0]


def test_cancel_stops_the_cell_and_leaves_one_line(kernel):
    running, widgets, shown = start_work(kernel)
    assert shown["data"]["text/plain"] == "Working …"
    say(kernel, shown["data"][VIEW_MIME]["model_id"], {"method": "update", "state": {"_view_count": 1}})
    say(kernel, widgets["ButtonModel"], {"method": "custom", "content": {"event": "click"}})
    answer = kernel.answer(running)
    assert answer.reply["content"]["ename"] == "KeyboardInterrupt"
    assert answer.contents("stream") == []
    (left,) = answer.contents("update_display_data")
    assert left["transient"] == shown["transient"]
    assert set(left["data"]) == {"text/plain", "text/html"}
    assert left["data"]["text/plain"].startswith("Working ")
    assert "\n" not in left["data"]["text/plain"]
    assert kernel.run("hello").reply["content"]["status"] == "ok"


def test_the_bar_moves_while_the_cell_works(kernel):
    running, widgets, _ = start_work(kernel)
    values = []
    while len(values) < 3:
        message = kernel.wait_for(running, lambda message: message["msg_type"] == "comm_msg")
        state = message["content"]["data"].get("state", {})
        if message["content"]["comm_id"] == widgets["FloatProgressModel"] and "value" in state:
            values.append(state["value"])
    assert values == sorted(values)
    kernel.manager.interrupt_kernel()
    assert kernel.answer(running).reply["content"]["ename"] == "KeyboardInterrupt"


def test_short_cells_of_a_notebook_open_no_widget(kernel):
    answer = kernel.answer(send_from_notebook(kernel, "hello"))
    assert answer.contents("comm_open") == []
    assert len(answer.contents("display_data")) == 1


def test_a_client_that_names_no_cell_gets_text(kernel):
    running = kernel.send("work")
    kernel.wait_for(running, lambda message: message["msg_type"] == "stream")
    kernel.manager.interrupt_kernel()
    answer = kernel.answer(running)
    assert answer.contents("comm_open") == answer.contents("display_data") == []


def test_a_client_that_only_keeps_outputs_gets_one_line_when_the_work_has_ended(kernel):
    running = kernel.send("work", allow_stdin=False)
    kernel.wait_for(running, lambda message: message["msg_type"] == "execute_input")
    time.sleep(DELAY_S + 5 * INTERVAL_S)
    kernel.manager.interrupt_kernel()
    answer = kernel.answer(running)
    (line,) = answer.text("stderr").splitlines()
    assert re.fullmatch(r"Working [\d,]+/10,000 steps, .* left", line)
    assert "\r" not in answer.text("stderr")
