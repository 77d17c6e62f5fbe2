"""Results of earlier cells in the ThanoSQL kernel, and ThanoSQL cells in a live Python kernel."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import REAL, live_kernel, send_from_notebook

pytestmark = pytest.mark.e2e
VIEW_MIME = "application/vnd.jupyter.widget-view+json"
PYTHON = [sys.executable, "-m", "ipykernel"]


def test_cells_read_results_by_their_numbers(tmp_path):
    with live_kernel(REAL, tmp_path) as kernel:
        first = kernel.run("SELECT 20 AS a UNION ALL SELECT 22")
        number = first.reply["content"]["execution_count"]
        kernel.run("CREATE TABLE t AS SELECT 1 AS a")
        kernel.run("SELECT 1 AS hidden", silent=True)
        kernel.run("SELECT 5 AS a", store_history=False)
        assert "42" in kernel.run(f"SELECT sum(a)::INT AS total FROM _{number}").plain[0]
        assert "42" in kernel.run("SELECT total FROM _").plain[0]
        assert kernel.run("EXPORT _ TO '결과.json'").plain == ["1 row written to 결과.json"]
        answer = kernel.run("SELECT * FROM _999")
        (error,) = answer.contents("error")
        assert (error["ename"], error["evalue"]) == ("TS208", "no result _999 is kept")
        assert f"_{number}" in error["traceback"][-1]
        (error,) = kernel.run("SELECT $low").contents("error")
        assert error["ename"] == "TS209"
        assert "SET VARIABLE low = … gives it one" in error["traceback"][-1]


def test_a_variable_of_one_cell_is_a_value_and_a_completion_of_the_next(tmp_path):
    with live_kernel(REAL, tmp_path) as kernel:
        assert kernel.run("SET VARIABLE 내해 = '바다'").plain == ["내해 is '바다'"]
        assert "바다!" in kernel.run("SELECT $내해 || '!' AS x").plain[0]
        assert kernel.ask(kernel.client.complete("SELECT $내", 9), "complete_reply")["matches"] == ["$내해"]


def test_a_python_kernel_speaks_thanosql(tmp_path):
    Image.new("RGB", (60, 40), "red").save(tmp_path / "빨강.png")
    with live_kernel(PYTHON, tmp_path) as kernel:
        kernel.run("%load_ext thanosql_kernel")
        kernel.run(
            "import pandas as pd; mine = pd.DataFrame({'id': [1, 2], 'image_path': ['빨강.png', None]}); low = 1"
        )
        answer = kernel.run(
            "%%thanosql\nCREATE TABLE p AS SELECT * FROM mine;\nSELECT * FROM p WHERE id > $low"
        )
        assert answer.plain == ["2 rows of 2 columns stored as p"]
        (shown,) = answer.contents("execute_result")
        assert "<table" in shown["data"]["text/html"]
        assert given(kernel, "(_.df().id.tolist(), type(_).__name__)")["text/plain"] == "([2], 'QueryResult')"
        pictures = given(kernel, "%%thanosql\nPRINT IMAGE AS SELECT * FROM p WHERE id = 1")
        assert 'src="data:image/webp' in pictures["text/html"]
        page, widget = kernel.run(
            "%%thanosql\nPRINT IMAGE OPTIONS(format='widget') AS SELECT * FROM p"
        ).contents("display_data")
        assert 'src="data:image/webp' in page["data"]["text/html"]
        assert "application/vnd.jupyter.widget-view+json" in widget["data"]
        (error,) = kernel.run("%%thanosql\nSELECT *\nFROM q").contents("error")
        assert "no table named q" in "\n".join(error["traceback"])
        assert "File" not in "\n".join(error["traceback"])
        (error,) = kernel.run("import thanosql_kernel\nthanosql_kernel.connect().sql('FROM q')").contents(
            "error"
        )
        assert [line.count("File") for line in error["traceback"]] == [0] * 4
        assert "No token is needed" in given(kernel, "%thanosql API_TOKEN=s3cr3t")["text/plain"]
        kernel.run("%%thanosql out << SELECT 7 AS a")
        assert given(kernel, "out.df().a.tolist()")["text/plain"] == "[7]"


def given(kernel, cell):
    """What the cell's value looks like."""
    (result,) = kernel.run(cell).contents("execute_result")
    return result["data"]


def test_the_stop_button_stops_thanosql_in_a_python_kernel(tmp_path):
    endless = "SELECT sum(a.i * b.i) FROM range(100000000) a(i), range(1000000) b(i)"
    with live_kernel(PYTHON, tmp_path) as kernel:
        kernel.run("%load_ext thanosql_kernel")
        kernel.run("%thanosql SELECT 1 AS warm")
        message = kernel.send(f"print('on the way')\nx = %thanosql {endless}")
        kernel.wait_for(message, lambda it: it["msg_type"] == "stream")
        kernel.manager.signal_kernel(signal.SIGINT)
        answer = kernel.answer(message)
        assert answer.reply["content"]["status"] == "error"
        (error,) = answer.contents("error")
        assert error["ename"] == "KeyboardInterrupt"
        frame = kernel.run("%thanosql SELECT 41 + 1 AS a").contents("execute_result")[0]
        assert "42" in frame["data"]["text/plain"]


def test_progress_in_a_python_kernel_follows_the_setting_and_the_front_end(tmp_path):
    store = "CREATE OR REPLACE TABLE t AS SELECT i FROM range(300000) r(i)"
    with live_kernel(PYTHON, tmp_path) as kernel:
        kernel.run("%load_ext thanosql_kernel\nfrom thanosql_kernel.jupyter import progress")
        kernel.run("progress.DELAY_S = progress.INTERVAL_S = 0.0")

        seen = kernel.answer(send_from_notebook(kernel, f"%thanosql {store}"))
        assert seen.text("stderr").startswith("\rstoring t ")
        kept = kernel.run(f"%thanosql {store}", allow_stdin=False)
        (line,) = kept.text("stderr").splitlines()
        assert line.startswith("storing t 300,000 rows, ")

        kernel.run("%thanosql SET display.progress = widget")
        drawn = kernel.answer(send_from_notebook(kernel, f"%thanosql {store}"))
        assert drawn.contents("comm_open")
        assert drawn.text("stderr") == ""
        bar, left = drawn.contents("display_data")[0], drawn.contents("update_display_data")[-1]
        assert VIEW_MIME in bar["data"]
        assert left["transient"] == bar["transient"]
        assert left["data"]["text/plain"].startswith("storing t 300,000 rows, ")

        kernel.run("%thanosql SET display.progress = off")
        quiet = kernel.answer(send_from_notebook(kernel, f"%thanosql {store}"))
        assert quiet.text("stderr") == ""
        assert quiet.contents("comm_open") == []
