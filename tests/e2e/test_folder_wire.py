"""A kernel whose working folder is gone goes on answering, and a page that is loaded anew finds it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from jupyter_client.blocking import BlockingKernelClient

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import REAL, TIMEOUT_S, Live, live_kernel

pytestmark = pytest.mark.e2e

# Goes into a folder, removes it, and becomes the kernel.
IN_A_FOLDER_THAT_IS_GONE = [
    "sh",
    "-c",
    'mkdir -p w/gone && cd w/gone && rmdir ../gone && exec "$0" "$@"',
    *REAL,
]


def answers(kernel):
    """All that a page asks when it is loaded, and cells."""
    # Of a session of its own: two clients of one are the same address to the kernel.
    client = BlockingKernelClient()
    client.load_connection_info(kernel.manager.get_connection_info())
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT_S)
        answers_page(Live(kernel.manager, client))
    finally:
        client.stop_channels()


def answers_page(kernel):
    assert kernel.ask(kernel.client.kernel_info(), "kernel_info_reply")["status"] == "ok"
    assert "SELECT" in kernel.ask(kernel.client.complete("SELEC", 5), "complete_reply")["matches"]
    page = kernel.client.inspect("CONVERT USING mini AS SELECT 1", 3)
    assert kernel.ask(page, "inspect_reply")["found"]
    assert kernel.ask(kernel.client.history(hist_access_type="tail", n=3), "history_reply")["status"] == "ok"
    assert "42" in kernel.run("SELECT 6 * 7 AS n").plain[0]
    assert kernel.run("HELP").plain
    missing = kernel.run("SELECT * FROM 없는_표").reply["content"]
    assert missing["ename"] == "TS201"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that somebody works in")
def test_a_kernel_started_in_a_folder_that_is_gone_answers(tmp_path):
    with live_kernel(IN_A_FOLDER_THAT_IS_GONE, tmp_path) as kernel:
        answers(kernel)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that somebody works in")
@pytest.mark.parametrize("used", [False, True])
def test_a_kernel_answers_when_its_folder_goes_away(tmp_path, used):
    folder = tmp_path / "사진"
    folder.mkdir()
    with live_kernel(REAL, folder) as kernel:
        if used:
            assert kernel.run("CREATE TABLE t AS SELECT 1 AS n").reply["content"]["status"] == "ok"
        shutil.rmtree(folder)
        answers(kernel)
        created = kernel.run("CREATE TABLE u AS SELECT 1 AS n").reply["content"]
        assert created.get("ename", "TS5").startswith("TS5")
