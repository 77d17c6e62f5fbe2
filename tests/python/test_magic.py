"""``%load_ext thanosql_kernel`` in a real IPython shell."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THANOSQL_DATABASE", str(tmp_path / "db"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "thanosql_kernel")
    yield shell
    shell.run_line_magic("unload_ext", "thanosql_kernel")
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


def run(shell, cell):
    """The value of a cell, with what it printed and displayed."""
    with capture_output() as captured:
        outcome = shell.run_cell(cell, store_history=True)
    assert outcome.error_in_exec is None, outcome.error_in_exec
    assert outcome.error_before_exec is None
    return outcome.result, captured


def fail(shell, cell):
    """The error of a cell and what the user reads."""
    with capture_output() as captured:
        outcome = shell.run_cell(cell)
    assert outcome.error_in_exec is not None
    return outcome.error_in_exec, captured.stdout + captured.stderr


def test_a_cell_returns_a_data_frame(shell):
    frame, _ = run(shell, "%%thanosql\nCREATE TABLE t AS SELECT 1 AS id, '고양이' AS 이름;\nSELECT * FROM t")
    pd.testing.assert_frame_equal(frame, pd.DataFrame({"id": [1], "이름": ["고양이"]}), check_dtype=False)
    assert shell.user_ns["_"] is frame


def test_a_line_returns_a_data_frame(shell):
    run(shell, "frame = %thanosql SELECT 1 AS a, '{x} $y' AS b")
    assert shell.user_ns["frame"].to_dict("records") == [{"a": 1, "b": "{x} $y"}]


def test_python_variables_are_values_and_tables(shell):
    run(
        shell,
        "import pandas as pd\nlow, names = 1, ['가', '나']\nmine = pd.DataFrame({'id': [1, 2], 'n': names})",
    )
    frame, _ = run(shell, "%%thanosql\nSELECT n FROM mine WHERE id > $low AND n IN $names")
    assert list(frame["n"]) == ["나"]
    frame, _ = run(
        shell, 'def f(secret):\n    found = %thanosql SELECT $secret AS s\n    return found\nf("it\'s")'
    )
    assert list(frame["s"]) == ["it's"]


def test_sql_is_a_name_of_the_magic_too(shell):
    frame, _ = run(shell, "%%sql\nSELECT 1 AS a;\nSELECT a + 1 AS a FROM _")
    assert list(frame["a"]) == [2]
    run(shell, "%%sql -o 사진들\nSELECT 7 AS id")
    assert list(shell.user_ns["사진들"]["id"]) == [7]
    frame, _ = run(shell, "%sql SELECT 5 AS a")
    assert list(frame["a"]) == [5]
    shell.run_line_magic("unload_ext", "thanosql_kernel")
    assert shell.find_cell_magic("sql") is shell.find_line_magic("sql") is None


def test_a_sql_magic_of_somebody_else_stays(shell):
    def theirs(line, cell=None):
        return "theirs"

    shell.run_line_magic("unload_ext", "thanosql_kernel")
    shell.register_magic_function(theirs, "cell", "sql")
    shell.run_line_magic("load_ext", "thanosql_kernel")
    assert run(shell, "%%sql\nSELECT 1")[0] == "theirs"
    assert shell.find_line_magic("sql") is None
    shell.run_line_magic("unload_ext", "thanosql_kernel")
    assert shell.find_cell_magic("sql") is theirs
    del shell.magics_manager.magics["cell"]["sql"]


def test_a_sql_magic_that_is_loaded_later_takes_the_name_and_keeps_it(shell):
    def theirs(line, cell=None):
        return "theirs"

    shell.register_magic_function(theirs, "line_cell", "sql")
    shell.run_line_magic("unload_ext", "thanosql_kernel")
    shell.run_line_magic("load_ext", "thanosql_kernel")
    assert run(shell, "%sql SELECT 1")[0] == run(shell, "%%sql\nSELECT 1")[0] == "theirs"
    for kind in ("line", "cell"):
        del shell.magics_manager.magics[kind]["sql"]


def test_a_sql_magic_that_is_loaded_when_it_is_needed_stays_and_is_not_loaded_before(shell, tmp_path):
    shell.run_line_magic("unload_ext", "thanosql_kernel")
    (tmp_path / "their_sql.py").write_text(
        "def load_ipython_extension(shell):\n"
        "    shell.register_magic_function(lambda line, cell: 'theirs', 'cell', 'sql')\n"
    )
    shell.magics_manager.register_lazy("sql", "their_sql")
    try:
        shell.run_line_magic("load_ext", "thanosql_kernel")
        shell.run_line_magic("unload_ext", "thanosql_kernel")
        shell.run_line_magic("load_ext", "thanosql_kernel")
        assert "their_sql" not in sys.modules
        run(shell, "import sys; sys.path.insert(0, '.')")
        assert run(shell, "%%sql\nSELECT 1")[0] == "theirs"
    finally:
        sys.modules.pop("their_sql", None)
        shell.magics_manager.lazy_magics.pop("sql", None)


def test_the_setting_of_progress_holds_for_magics(shell, monkeypatch):
    from thanosql_kernel.jupyter import progress

    monkeypatch.setattr(progress, "DELAY_S", 0.0)
    store = "CREATE TABLE t AS SELECT i FROM range(300000) r(i)"
    _, captured = run(shell, f"%%thanosql\n{store}")
    assert captured.stderr.startswith("storing t 300,000 rows, ")
    assert captured.stderr.count("\n") == 1
    _, captured = run(shell, f"%%thanosql\nSET display.progress = off;\nDROP TABLE t;\n{store}")
    assert captured.stderr == ""


def test_a_cell_can_assign_its_rows(shell):
    value, _ = run(shell, "%%thanosql -o photos\nSELECT 7 AS id")
    assert value is None
    assert list(shell.user_ns["photos"]["id"]) == [7]
    error, _ = fail(shell, "%%thanosql -o\nSELECT 1")
    assert "-o NAME" in str(error)


def test_pictures_and_messages_are_displayed(shell, tmp_path):
    Image.new("RGB", (40, 30), "red").save(tmp_path / "빨강.png")
    value, captured = run(
        shell,
        "%%thanosql\nCREATE TABLE p AS SELECT '빨강.png' AS image_path;\nPRINT IMAGE AS SELECT * FROM p",
    )
    assert value is None
    message, pictures = (output.data for output in captured.outputs)
    assert message["text/plain"] == "1 row of 1 column stored as p"
    assert 'src="data:image/webp' in pictures["text/html"]


def test_the_result_of_an_earlier_cell_is_underscore_in_sql_too(shell):
    run(shell, "%%thanosql\nSELECT 1 AS a UNION ALL SELECT 2")
    frame, _ = run(shell, "%thanosql SELECT sum(a)::INT AS a FROM _")
    assert list(frame["a"]) == [3]


def test_a_result_that_was_assigned_is_underscore_too(shell):
    run(shell, "%thanosql SELECT 1 AS a")
    run(shell, "%%thanosql -o 표\nSELECT 2 AS a")
    frame, _ = run(shell, "%thanosql SELECT a FROM _")
    assert list(frame["a"]) == [2]


def test_a_variable_is_read_only_where_a_table_stands(shell):
    run(shell, "import pandas as pd\n%thanosql CREATE TABLE t AS SELECT 1 AS mixed, 2 AS b")
    run(shell, "mixed, other = pd.DataFrame({'c': [1, 'x']}), pd.DataFrame({'d': [7]})")
    frame, _ = run(shell, "%thanosql SELECT b, mixed FROM t, other ORDER BY b, mixed")
    assert frame.to_dict("records") == [{"b": 2, "mixed": 1}]
    frame, _ = run(shell, "%thanosql SELECT d FROM t JOIN t AS u ON (t.b = u.b), other WHERE t.b = 2")
    assert list(frame["d"]) == [7]
    _, text = fail(shell, "%thanosql SELECT b, other FROM t")
    assert "the columns are mixed, b\n" in text.replace("\x1b[0m", "") + "\n"


def test_an_error_is_short_and_points_at_the_word(shell):
    error, text = fail(shell, "%%thanosql\nSELECT *\nFROM foto")
    assert type(error).__name__ == "UnknownName"
    assert "no table named foto" in text
    assert "2 | FROM \x1b[31mfoto\x1b[0m\n" in text
    assert "Traceback" not in text
    assert ".py" not in text
    error, text = fail(shell, "%thanosql SELECT $lowest")
    assert "no value for $lowest" in text


def test_a_token_is_read_over(shell):
    _, captured = run(shell, "%thanosql API_TOKEN=s3cr3t")
    (answer,) = captured.outputs
    assert "No token is needed" in answer.data["text/plain"]
    _, captured = run(shell, "%thanosql ws://engine.example:8888/v1")
    assert "No server is needed" in captured.outputs[0].data["text/plain"]
    everything = str(vars(shell.magics_manager.registry["ThanoSQLMagics"])["_connection"].session.__dict__)
    assert "s3cr3t" not in everything
    files = [path for path in (shell.user_ns["_dh"][0] / "db").rglob("*") if path.is_file()]
    assert not any(b"s3cr3t" in path.read_bytes() for path in files)


def test_a_line_without_a_statement_says_where_one_goes(shell):
    _, captured = run(shell, "%thanosql")
    assert captured.outputs[0].data["text/plain"].startswith("Nothing to run: a statement goes behind")


def test_an_interrupt_stops_a_cell_and_is_told_in_a_word(shell):
    run(shell, "%thanosql SELECT 1 AS warm")
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    error, text = fail(
        shell, "%thanosql SELECT sum(a.i * b.i) FROM range(100000000) a(i), range(1000000) b(i)"
    )
    assert isinstance(error, KeyboardInterrupt)
    assert "Traceback" not in text
    frame, _ = run(shell, "%thanosql SELECT 1 AS a")
    assert list(frame["a"]) == [1]


def test_loading_opens_nothing_and_unloading_takes_the_magics_away(shell, tmp_path):
    assert not (tmp_path / "db").exists()
    shell.run_line_magic("unload_ext", "thanosql_kernel")
    assert shell.find_line_magic("thanosql") is None
    assert shell.find_cell_magic("thanosql") is None
    shell.run_line_magic("load_ext", "thanosql_kernel")
    assert shell.find_cell_magic("thanosql") is not None
