"""The kernel's messages, with an engine that obeys single words: see fake_kernel.py."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import FAKE, TIMEOUT_S, live_kernel, send_from_notebook

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("kernel")


@pytest.fixture(scope="module")
def kernel(folder):
    with live_kernel(FAKE, folder) as live:
        yield live


def start_work(kernel):
    """A cell that works for minutes, once it is seen to run."""
    running = kernel.send("work")
    kernel.wait_for(running, lambda message: message["msg_type"] == "stream")
    return running


def interrupt(kernel, running):
    kernel.manager.interrupt_kernel()
    return kernel.answer(running)


def test_results_are_display_data_in_both_forms_and_in_order(kernel):
    answer = kernel.run("hello; table")
    assert answer.reply["content"]["status"] == "ok"
    assert answer.plain == ["hello, world\nnote: said quietly", "n\n-\n1\n1 of 24,968 rows"]
    assert all("text/html" in part["data"] for part in answer.contents("display_data"))


def test_what_libraries_log_is_below_no_cell(kernel):
    answer = kernel.run("log")
    assert answer.reply["content"]["status"] == "ok"
    assert answer.text("stderr") == answer.text("stdout") == ""
    assert answer.plain == ["logged"]


def test_what_is_printed_belongs_to_its_cell(kernel):
    answer = kernel.run("print")
    assert answer.text("stdout") == "to stdout\n"
    assert answer.text("stderr") == "to stderr\n"


def test_an_error_is_short_with_a_caret_and_no_traceback(kernel):
    answer = kernel.run("hello\n  nope")
    error = answer.contents("error")[0]
    assert (error["ename"], error["evalue"]) == ("TS201", "no word nope")
    shown = re.sub(r"\x1b\[\d*m", "", "\n".join(error["traceback"]))
    assert shown == "TS201: no word nope\n   2 |   nope\n         ^^^^\nhint: try hello"
    assert {key: answer.reply["content"][key] for key in error} == error
    assert answer.plain == ["hello, world\nnote: said quietly"]


def test_an_error_aborts_the_cells_queued_behind_it_and_later_ones_run(kernel, folder):
    first, second = kernel.send("gate"), kernel.send("hello")
    kernel.ask(kernel.client.kernel_info(), "kernel_info_reply")  # so both have arrived
    (folder / "go").touch()
    assert kernel.answer(first).reply["content"]["status"] == "error"
    assert kernel.answer(second).reply["content"]["status"] == "aborted"
    assert kernel.run("hello").reply["content"]["status"] == "ok"


def test_a_bug_is_one_short_message_that_says_where_the_traceback_is(kernel):
    content = kernel.run("bug").reply["content"]
    assert content["ename"] == "TS900"
    shown = "\n".join(content["traceback"])
    assert "do_bug" not in shown
    assert "do_bug" in Path(re.search(r"(/\S+\.log)", shown)[1]).read_text()


def test_the_execution_count_moves_only_with_history(kernel):
    first = kernel.run("hello").reply["content"]["execution_count"]
    assert kernel.run("hello", store_history=False).reply["content"]["execution_count"] == first
    assert kernel.run("hello", silent=True).reply["content"]["execution_count"] == first
    after = kernel.run("nope")
    assert after.reply["content"]["execution_count"] == first + 1
    assert after.contents("execute_input")[0]["execution_count"] == first + 1


def test_a_silent_cell_says_nothing(kernel):
    assert kernel.run("hello; table; nope", silent=True).messages == []


def test_user_expressions_are_answered_empty(kernel):
    assert kernel.run("hello", user_expressions={"a": "1"}).reply["content"]["user_expressions"] == {}


def test_progress_is_live_on_stderr_and_an_interrupt_stops_the_cell(kernel):
    answer = interrupt(kernel, start_work(kernel))
    content = answer.reply["content"]
    assert (content["status"], content["ename"]) == ("error", "KeyboardInterrupt")
    assert content["evalue"] == "interrupted: 3 steps are kept"
    assert answer.text("stderr").endswith("\n")
    assert kernel.run("hello").reply["content"]["status"] == "ok"


def test_ten_interrupts_in_a_row_leave_the_same_process_alive(kernel):
    pid = kernel.pid
    for _ in range(10):
        kernel.manager.interrupt_kernel()
    assert kernel.run("hello").reply["content"]["status"] == "ok"
    running = start_work(kernel)
    for _ in range(3):
        kernel.manager.interrupt_kernel()
    assert kernel.answer(running).reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("hello").reply["content"]["status"] == "ok"
    assert kernel.pid == pid
    assert kernel.manager.is_alive()


def test_an_interrupt_message_works_like_the_signal(kernel):
    running = start_work(kernel)
    assert kernel.ask_control("interrupt") == {"status": "ok"}
    assert kernel.answer(running).reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("hello").reply["content"]["status"] == "ok"


def test_an_interrupt_aborts_the_cells_queued_behind(kernel):
    running, queued = kernel.send("work"), kernel.send("hello")
    kernel.wait_for(running, lambda message: message["msg_type"] == "stream")
    interrupt(kernel, running)
    assert kernel.answer(queued).reply["content"]["status"] == "aborted"


def test_kernel_info_names_the_language_and_no_debugger(kernel):
    info = kernel.ask(kernel.client.kernel_info(), "kernel_info_reply")
    language = info["language_info"]
    assert (language["name"], language["mimetype"]) == ("thanosql", "text/x-thanosql")
    assert (language["file_extension"], language["pygments_lexer"]) == (".thanosql", "thanosql")
    assert "debugger" not in info["supported_features"]
    assert language["version"] in info["banner"]


def test_a_console_knows_when_to_run_a_cell(kernel):
    def state(code):
        return kernel.ask(kernel.client.is_complete(code), "is_complete_reply")

    assert state("SELECT 1")["status"] == "complete"
    assert state("CONVERT USING m OPTIONS (") == {"status": "incomplete", "indent": "  "}
    assert state("CONVERT USING m")["status"] == "incomplete"
    assert state("CONVERT WITH m AS SELECT 1")["status"] == "invalid"


def test_completion_replaces_from_the_start_of_the_word(kernel):
    code = "SELECT 이미지경"
    reply = kernel.ask(kernel.client.complete(code, len(code)), "complete_reply")
    assert (reply["cursor_start"], reply["cursor_end"]) == (7, len(code))
    found = kernel.ask(kernel.client.inspect("SELECT 1", 3), "inspect_reply")
    assert found["status"] == "ok"


def test_a_widget_opens_its_comm_in_the_cell(kernel):
    answer = kernel.run("widget")
    opened = answer.contents("comm_open")
    model_id = answer.plain[-1]
    assert model_id in [content["comm_id"] for content in opened]
    assert {content["target_name"] for content in opened} == {"jupyter.widget"}


def test_a_widget_can_be_moved_while_a_cell_works(kernel):
    model_id = kernel.run("widget").plain[-1]
    running = start_work(kernel)
    data = {"method": "update", "state": {"value": 42}, "buffer_paths": []}
    message = kernel.client.session.msg("comm_msg", {"comm_id": model_id, "data": data})
    kernel.client.shell_channel.send(message)
    echo = kernel.wait_for(message["header"]["msg_id"], lambda got: got["msg_type"] == "comm_msg")
    assert echo["content"]["data"]["state"]["value"] == 42
    interrupt(kernel, running)


def test_a_reopened_notebook_can_ask_for_the_widgets(kernel):
    model_id = kernel.run("widget").plain[-1]
    content = {"comm_id": "a-control-comm", "target_name": "jupyter.widget.control", "data": {}}
    opened = kernel.client.session.msg("comm_open", content, metadata={"version": "1.0.0"})
    kernel.client.shell_channel.send(opened)
    asked = kernel.client.session.msg(
        "comm_msg", {"comm_id": "a-control-comm", "data": {"method": "request_states"}}
    )
    kernel.client.shell_channel.send(asked)
    states = kernel.wait_for(asked["header"]["msg_id"], lambda got: got["msg_type"] == "comm_msg")
    assert model_id in states["content"]["data"]["states"]


def test_shutdown_ends_the_process_even_in_the_middle_of_work(tmp_path):
    with live_kernel(FAKE, tmp_path) as live:
        start_work(live)
        process = live.manager.provisioner.process
        live.client.shutdown()
        assert process.wait(TIMEOUT_S) == 0


def test_a_first_interrupt_during_start_does_not_kill(tmp_path):
    with live_kernel(FAKE, tmp_path) as live:
        live.manager.signal_kernel(signal.SIGINT)
        assert live.run("hello").reply["content"]["status"] == "ok"


def test_even_a_debug_log_holds_no_cell(tmp_path, capfd):
    with live_kernel([*FAKE, "--debug"], tmp_path) as live:
        live.run("hello token-123")
    assert "token-123" not in "".join(capfd.readouterr())


def test_exit_tells_a_console_to_end(kernel):
    for cell in ("exit", "QUIT;", " exit ( )\n;", "quit"):
        answer = kernel.run(cell)
        assert answer.reply["content"]["status"] == "ok"
        assert answer.reply["content"]["payload"] == [{"source": "ask_exit", "keepkernel": False}]
        assert answer.plain == []


def test_exit_in_a_notebook_ends_nothing_and_says_where_that_is_done(kernel):
    for message in (send_from_notebook(kernel, "exit"), kernel.send("quit;", allow_stdin=False)):
        answer = kernel.answer(message)
        assert answer.reply["content"]["status"] == "ok"
        assert answer.reply["content"]["payload"] == []
        (text,) = answer.plain
        assert "Kernel › Shut Down Kernel" in text
    assert kernel.run("hello").plain[0].startswith("hello")


def test_exit_among_statements_is_for_the_engine(kernel):
    assert kernel.run("hello; exit").contents("error")[0]["evalue"] == "no word exit"


def test_enter_runs_exit_and_completion_does_not_offer_it(kernel):
    for cell in ("exit", "quit()", "EXIT;"):
        asked = kernel.client.is_complete(cell)
        assert kernel.ask(asked, "is_complete_reply")["status"] == "complete"
    offered = kernel.ask(kernel.client.complete("ex", 2), "complete_reply")["matches"]
    assert "EXPORT" in offered
    assert not {"exit", "quit"} & {word.lower() for word in offered}
