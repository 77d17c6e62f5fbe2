"""The kernel with its real engine: statements in, messages out."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

import jupyter_kernel_test
import numpy as np
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import REAL, live_kernel

pytestmark = pytest.mark.e2e

LINUX = Path("/proc/self/maps").exists()
HEAVY = re.compile(r"/(torch|onnxruntime|sentence_transformers|transformers)/[^ ]*\.so")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A working folder with photos that are cheap to make and slow to embed by the hundred."""
    place = tmp_path_factory.mktemp("작업")
    noise = np.random.default_rng(7)
    (place / "사진").mkdir()
    (place / "큰 사진").mkdir()
    buffer = io.BytesIO()
    Image.new("RGB", (6000, 4000), "teal").save(buffer, "PNG")
    for number in range(400):  # what follows a PNG's end is not decoded, but makes it another file
        (place / "큰 사진" / f"{number}.png").write_bytes(buffer.getvalue() + str(number).encode())
    tile = Image.fromarray(noise.integers(0, 255, (60, 80, 3), np.uint8)).resize((1600, 1200))
    for number in range(400):
        tile.putpixel((0, 0), (number % 256, number // 256, 0))
        tile.save(place / "사진" / f"{number}.jpg", quality=60)
    return place


@pytest.fixture(scope="module")
def kernel(folder):
    with live_kernel(REAL, folder) as live:
        yield live


def status_of(answer):
    content = answer.reply["content"]
    return content["status"], content.get("ename", "")


def interrupt_after(kernel, code, found):
    """Run a cell and interrupt it once ``found(message)``; the answer."""
    running = kernel.send(code)
    kernel.wait_for(running, found)
    kernel.manager.interrupt_kernel()
    return kernel.answer(running)


def is_input(message):
    return message["msg_type"] == "execute_input"


def is_result(message):
    return message["msg_type"] == "display_data"


# -- what a user does ----------------------------------------------------------------------------------------
def test_several_statements_of_a_cell_show_their_results_in_order(kernel):
    answer = kernel.run("SELECT 1 AS a; CREATE TABLE 고양이 AS SELECT 7 AS 나이; SELECT * FROM 고양이;")
    assert status_of(answer) == ("ok", "")
    assert len(answer.plain) == 3
    assert answer.plain[0] == "a\n-\n1\n1 row"
    assert answer.plain[2] == "나이\n----\n   7\n1 row"


def test_a_table_of_many_rows_is_cut_and_says_so(kernel):
    plain = kernel.run("SELECT range AS n FROM range(24968)").plain[0]
    assert plain.endswith("20 of 24,968 rows")


def test_an_unknown_table_is_named_with_a_caret_and_a_hint(kernel):
    kernel.run("CREATE OR REPLACE TABLE photos AS SELECT 1 AS a")
    answer = kernel.run("SELECT 1;\nSELECT * FROM fotos;")
    error = answer.contents("error")[0]
    shown = re.sub(r"\x1b\[\d*m", "", "\n".join(error["traceback"]))
    assert error["ename"] == "TS201"
    assert "   2 | SELECT * FROM fotos;\n                     ^^^^^" in shown
    assert "did you mean photos?" in shown
    assert "Traceback" not in shown
    assert len(answer.plain) == 1


def test_blank_and_comment_cells_say_nothing(kernel):
    for cell in ("", "  \n", "-- nothing", "/* nothing */ ;"):
        answer = kernel.run(cell)
        assert status_of(answer) == ("ok", "")
        assert answer.contents("display_data") == []


def test_cells_of_the_old_magic_run_and_the_token_is_nowhere(kernel, folder):
    token = "s3cr3t-t0k3n-of-the-past"
    answers = [
        kernel.run("%load_ext thanosql"),
        kernel.run(f"%thanosql API_TOKEN={token}"),
        kernel.run("%%thanosql\nSELECT 42 AS answer"),
        kernel.run("%thanosql SELECT 43 AS answer"),
        kernel.run("%%sql\nSELECT 44 AS answer"),
    ]
    assert [status_of(answer) for answer in answers] == [("ok", "")] * 5
    assert "42" in answers[2].plain[0]
    assert "43" in answers[3].plain[0]
    assert "44" in answers[4].plain[0]
    for answer in answers:
        outputs = [message for message in answer.messages if message["msg_type"] != "execute_input"]
        assert token not in str(outputs) + str(answer.reply["content"])
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if token.encode() in path.read_bytes()]


def test_completion_knows_the_tables_of_the_database(kernel):
    kernel.run("CREATE OR REPLACE TABLE completed_table AS SELECT 1 AS some_column")
    code = "SELECT * FROM comple"
    reply = kernel.ask(kernel.client.complete(code, len(code)), "complete_reply")
    assert "completed_table" in reply["matches"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (14, len(code))


def test_print_image_shows_pictures_and_a_text_twin(kernel):
    answer = kernel.run(
        "COPY 사진들 OPTIONS(if_exists='replace') FROM '사진';"
        "PRINT IMAGE OPTIONS(limit=3) AS SELECT * FROM 사진들;"
    )
    assert status_of(answer) == ("ok", "")
    data = answer.contents("display_data")[-1]["data"]
    assert data["text/html"].count('<img src="data:image/webp;base64,') == 3
    assert data["text/plain"].startswith("1. ")
    assert "0.jpg" in data["text/plain"]


# -- interrupts ----------------------------------------------------------------------------------------------
@pytest.mark.timeout(120)
def test_an_interrupted_select_replies_and_the_next_runs(kernel):
    slow = "SELECT sum(sqrt(a.range * b.range)) FROM range(3000000) a, range(3000000) b"
    for _ in range(30):  # a signal that finds the main thread falling asleep was lost once in twelve tries
        answer = interrupt_after(kernel, slow, is_input)
        assert status_of(answer) == ("error", "KeyboardInterrupt")
        assert kernel.run("SELECT 1 AS a").plain == ["a\n-\n1\n1 row"]


@pytest.mark.timeout(240)
def test_an_interrupted_convert_replies_and_leaves_no_half_table(kernel):
    kernel.run("COPY interrupted OPTIONS(if_exists='replace') FROM '큰 사진'")
    kernel.run("CONVERT USING mini AS SELECT * FROM interrupted LIMIT 1")  # the model is loaded

    def has_progress(message):
        return message["msg_type"] == "stream" and message["content"]["name"] == "stderr"

    answer = interrupt_after(kernel, "CONVERT USING mini AS SELECT * FROM interrupted", has_progress)
    assert status_of(answer) == ("error", "KeyboardInterrupt")
    assert "FLOAT[" not in kernel.run("DESCRIBE interrupted").plain[0]
    assert kernel.run("SELECT count(*) AS n FROM interrupted").plain == ["  n\n---\n400\n1 row"]


@pytest.mark.timeout(120)
def test_a_cell_of_a_subshell_waits_its_turn_and_is_interrupted_too(kernel):
    subshell = kernel.ask_control("create_subshell")["subshell_id"]
    slow = "SELECT sum(sqrt(a.range * b.range)) FROM range(3000000) a, range(3000000) b"
    running = kernel.send(f"SELECT 1 AS first;\n{slow}")
    kernel.wait_for(running, is_result)  # a cell that has only been announced may be overtaken
    message = kernel.client.session.msg("execute_request", {"code": "SELECT 1", "silent": False})
    message["header"]["subshell_id"] = subshell
    kernel.client.shell_channel.send(message)
    waiting = message["header"]["msg_id"]
    kernel.wait_for(waiting, is_input)
    kernel.manager.interrupt_kernel()
    replies = {}
    while len(replies) < 2:
        reply = kernel.client.get_shell_msg(timeout=10)
        if reply["parent_header"]["msg_id"] in (running, waiting):
            replies[reply["parent_header"]["msg_id"]] = reply["content"]["ename"]
    assert replies == {running: "KeyboardInterrupt", waiting: "KeyboardInterrupt"}
    assert status_of(kernel.run("SELECT 1")) == ("ok", "")


# -- start ---------------------------------------------------------------------------------------------------
def model_runtimes(live):
    """The model runtimes whose libraries the kernel's process has loaded."""
    return sorted(set(HEAVY.findall(Path(f"/proc/{live.pid}/maps").read_text())))


@pytest.mark.skipif(not LINUX, reason="needs Linux's /proc to see a process's libraries")
def test_neither_start_nor_select_loads_a_model_runtime_but_convert_does(tmp_path):
    with live_kernel(REAL, tmp_path) as live:
        assert status_of(live.run("SELECT 1 AS a")) == ("ok", "")
        assert model_runtimes(live) == []
        Image.new("RGB", (32, 32)).save(tmp_path / "black.png")
        assert status_of(live.run("CONVERT USING mini AS SELECT 'black.png' AS image_path")) == ("ok", "")
        assert "onnxruntime" in model_runtimes(live)


# -- the protocol's own tests --------------------------------------------------------------------------------
class TestProtocol(jupyter_kernel_test.KernelTests):
    """jupyter_kernel_test's checks of every message against the protocol's schema."""

    language_name = "thanosql"
    file_extension = ".thanosql"
    code_generate_error = "SELECT * FROM nowhere"
    code_display_data = [  # noqa: RUF012
        {"code": "SELECT 1", "mime": "text/plain"},
        {"code": "SELECT 1", "mime": "text/html"},
        {"code": "LIST MODEL", "mime": "text/html"},
    ]
    complete_code_samples = ["SELECT 1", "LIST TABLE;", "", "-- a comment"]  # noqa: RUF012
    incomplete_code_samples = [  # noqa: RUF012
        "CONVERT USING m",
        "SEARCH IMAGE text='고양이'",
        "SELECT * FROM (",
    ]
    invalid_code_samples = ["CONVERT WITH m AS SELECT 1"]  # noqa: RUF012
    completion_samples = [{"text": "SEL", "matches": {"SELECT"}}]  # noqa: RUF012
    code_inspect_sample = "CONVERT USING mini"
    # Cells show results: none of them prints, pages or clears, and history is tried with the kernel's own cells.
    test_execute_stdout = test_execute_stderr = test_execute_result = None
    test_pager = test_clear_output = test_history = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.running = live_kernel(REAL, cls.folder.name)
        live = cls.running.__enter__()
        cls.km, cls.kc = live.manager, live.client

    @classmethod
    def tearDownClass(cls):
        cls.running.__exit__(None, None, None)
        cls.folder.cleanup()
