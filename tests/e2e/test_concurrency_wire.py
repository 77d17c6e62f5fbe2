"""What is answered while a cell runs, and whose output is whose meanwhile."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import FAKE, TIMEOUT_S, live_kernel

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with live_kernel(FAKE, tmp_path_factory.mktemp("kernel")) as live:
        yield live


def is_output(message):
    return message["msg_type"] == "stream"


def is_idle(message):
    return message["content"].get("execution_state") == "idle"


@pytest.fixture
def running(kernel):
    """A cell that prints from a thread of its own until it is interrupted."""
    message_id = kernel.send("chatter")
    kernel.wait_for(message_id, is_output)
    yield message_id
    kernel.manager.interrupt_kernel()
    kernel.wait_for(message_id, is_idle)


def read_until(kernel, found):
    """All messages on iopub up to the first with ``found(message)``."""
    seen = []
    while not seen or not found(seen[-1]):
        seen.append(kernel.client.get_iopub_msg(timeout=TIMEOUT_S))
    return seen


def status_of(message_id, state):
    def found(message):
        return (message["msg_type"], message["content"].get("execution_state"), parent_of(message)) == (
            "status",
            state,
            message_id,
        )

    return found


def parent_of(message):
    return message["parent_header"].get("msg_id")


QUESTIONS = {
    "complete_reply": lambda client: client.complete("SEL", 3),
    "inspect_reply": lambda client: client.inspect("SELECT 1", 3),
    "is_complete_reply": lambda client: client.is_complete("SELECT 1"),
    "kernel_info_reply": lambda client: client.kernel_info(),
    "comm_info_reply": lambda client: client.comm_info(),
    "history_reply": lambda client: client.history(hist_access_type="tail", n=1),
}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_question_is_answered_while_a_cell_runs(kernel, running, kind):
    asked = QUESTIONS[kind](kernel.client)
    assert kernel.ask(asked, kind).get("status", "complete") in ("ok", "complete")
    assert asked != running


def test_a_completion_beside_a_cell_is_busy_then_idle_and_the_cell_busy_again(kernel, running):
    asked = kernel.client.complete("SEL", 3)
    kernel.ask(asked, "complete_reply")
    seen = [read_until(kernel, status_of(asked, "busy"))[-1]]
    seen += read_until(kernel, status_of(asked, "idle"))
    seen += read_until(kernel, lambda message: message["msg_type"] == "status")
    states = [
        (parent_of(message), message["content"]["execution_state"])
        for message in seen
        if message["msg_type"] == "status"
    ]
    assert states == [(asked, "busy"), (asked, "idle"), (running, "busy")]


def test_after_a_cell_the_kernel_is_idle(kernel):
    cell = kernel.send("chatter")
    kernel.wait_for(cell, is_output)
    for _ in range(20):
        kernel.ask(kernel.client.complete("SEL", 3), "complete_reply")
    kernel.manager.interrupt_kernel()
    read_until(kernel, status_of(cell, "idle"))
    asked = kernel.client.complete("SEL", 3)
    after = read_until(kernel, status_of(asked, "idle"))
    assert [parent_of(message) for message in after] == [asked, asked]


def test_output_stays_with_its_cell_while_questions_are_answered(kernel, running):
    asked = [kernel.client.complete("SEL", 3) for _ in range(20)]
    for message_id in asked:
        kernel.ask(message_id, "complete_reply")
    seen = read_until(kernel, status_of(asked[-1], "idle"))
    seen += read_until(kernel, is_output)
    assert {parent_of(message) for message in seen if is_output(message)} == {running}


def test_every_move_of_a_slider_is_answered_by_idle_so_that_the_next_is_sent(kernel):
    model_id = kernel.run("widget").plain[-1]
    cell = kernel.send("chatter")
    kernel.wait_for(cell, is_output)
    for value in range(30):
        data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        message = kernel.client.session.msg("comm_msg", {"comm_id": model_id, "data": data})
        kernel.client.shell_channel.send(message)
        seen = read_until(kernel, status_of(message["header"]["msg_id"], "idle"))
        echo = [found for found in seen if found["msg_type"] == "comm_msg"][-1]
        assert echo["content"]["data"]["state"]["value"] == value
    kernel.manager.interrupt_kernel()
    kernel.answer(cell)


def test_cells_keep_their_order_whatever_is_asked_between_them(kernel):
    cells = [kernel.send("chatter", stop_on_error=False), kernel.send("hello")]
    kernel.wait_for(cells[0], is_output)
    assert kernel.ask(kernel.client.complete("SEL", 3), "complete_reply")["status"] == "ok"
    cells.append(kernel.send("table"))
    assert kernel.ask(kernel.client.is_complete("SELECT 1"), "is_complete_reply")["status"] == "complete"
    kernel.manager.interrupt_kernel()
    finished = []
    while len(finished) < 3:
        reply = kernel.client.get_shell_msg(timeout=TIMEOUT_S)
        if reply["msg_type"] == "execute_reply":
            finished.append((parent_of(reply), reply["content"]["status"]))
    assert [cell for cell, _ in finished] == cells


def test_an_interrupt_aborts_queued_cells_but_not_a_completion(kernel):
    cell = kernel.send("chatter")
    kernel.wait_for(cell, is_output)
    queued = [kernel.send("hello"), kernel.send("table")]
    asked = kernel.client.complete("SEL", 3)
    assert kernel.ask(asked, "complete_reply")["matches"]
    kernel.manager.interrupt_kernel()
    assert kernel.answer(cell).reply["content"]["ename"] == "KeyboardInterrupt"
    for message_id in queued:
        assert kernel.answer(message_id).reply["content"]["status"] == "aborted"


def test_a_cell_sent_when_the_error_has_come_is_never_aborted(kernel):
    for _ in range(50):
        failed = kernel.client.execute("nope")
        while parent_of(kernel.client.get_shell_msg(timeout=TIMEOUT_S)) != failed:
            pass
        assert kernel.run("hello").reply["content"]["status"] == "ok"
