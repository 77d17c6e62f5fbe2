"""``%load_ext thanosql_kernel`` in a real IPython shell."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading

import pandas as pd
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image

import thanosql_kernel
from thanosql_kernel.python import magic


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


def rows(shell, cell):
    """The rows that a cell gives."""
    result, _ = run(shell, cell)
    return result.rows()


def test_a_cell_gives_what_a_connection_gives(shell):
    script = "CREATE TABLE t AS SELECT 1 AS id, '고양이' AS 이름;\nSELECT * FROM t"
    result, _ = run(shell, f"%%thanosql\n{script}")
    assert shell.user_ns["_"] is result
    with thanosql_kernel.connect(progress=False) as db:
        again = db.sql("SELECT * FROM t")
        assert type(result) is type(again)
        pd.testing.assert_frame_equal(result.df(), again.df())
    pd.testing.assert_frame_equal(
        result.df(), pd.DataFrame({"id": [1], "이름": ["고양이"]}), check_dtype=False
    )


def test_a_line_gives_the_same(shell):
    run(shell, "frame = %thanosql SELECT 1 AS a, '{x} $y' AS b")
    assert shell.user_ns["frame"].rows() == [{"a": 1, "b": "{x} $y"}]


def test_a_result_is_shown_as_in_a_thanosql_notebook(shell):
    result, _ = run(shell, "%thanosql SELECT 1 AS a")
    data, _ = shell.display_formatter.format(result)
    assert data["text/plain"].startswith("a\n-\n1\n")
    assert "<table" in data["text/html"]
    nothing, captured = run(shell, "%%thanosql\n-- nothing")
    assert captured.outputs == []
    assert shell.display_formatter.format(nothing) == ({}, {})


def test_python_variables_are_values_and_tables(shell):
    run(
        shell,
        "import pandas as pd\nlow, names = 1, ['가', '나']\nmine = pd.DataFrame({'id': [1, 2], 'n': names})",
    )
    assert rows(shell, "%%thanosql\nSELECT n FROM mine WHERE id > $low AND n IN $names") == [{"n": "나"}]
    function = 'def f(secret):\n    found = %thanosql SELECT $secret AS s\n    return found\nf("it\'s")'
    assert rows(shell, function) == [{"s": "it's"}]


def test_sql_is_a_name_of_the_magic_too(shell):
    assert rows(shell, "%%sql\nSELECT 1 AS a;\nSELECT a + 1 AS a FROM _") == [{"a": 2}]
    run(shell, "%%sql -o 사진들\nSELECT 7 AS id")
    assert shell.user_ns["사진들"].rows() == [{"id": 7}]
    assert rows(shell, "%sql SELECT 5 AS a") == [{"a": 5}]
    shell.run_line_magic("unload_ext", "thanosql_kernel")
    assert shell.find_cell_magic("sql") is shell.find_line_magic("sql") is None


def test_a_statement_on_the_line_of_the_cell_magic_runs(shell):
    assert rows(shell, "%%thanosql SELECT 1 AS a") == [{"a": 1}]
    assert rows(shell, "%%thanosql SELECT a\nFROM (SELECT 2 AS a)") == [{"a": 2}]
    assert rows(shell, "%%sql anything else is read over\nSELECT 3 AS a") == [{"a": 3}]


def test_the_text_of_a_variable_runs(shell):
    run(
        shell,
        "query = 'CREATE TABLE t AS SELECT 7 AS a;\\nSELECT a, $more AS b FROM t'; more = 'x'; number = 3",
    )
    assert rows(shell, "%thanosql $query") == [{"a": 7, "b": "x"}]
    run(shell, "again = 'SELECT a FROM t'")
    assert rows(shell, "%%thanosql $again") == [{"a": 7}]
    run(shell, "%%thanosql found << $again")
    assert shell.user_ns["found"].rows() == [{"a": 7}]
    for line in ("%thanosql $nobody", "%thanosql $number"):
        error, told = fail(shell, line)
        assert isinstance(error, UsageError)
        assert line.rpartition("$")[2] in told
    run(shell, "wrong = 'SELECT a\\nFROM t WHERE no'")
    assert "2 | FROM t WHERE" in fail(shell, "%thanosql $wrong")[1]


def test_old_notebooks_load_it_under_its_old_name(shell):
    run(shell, "%load_ext thanosql")
    assert rows(shell, "%%thanosql SELECT 1 AS a") == [{"a": 1}]
    assert shell.input_transformers_cleanup.count(magic._with_body) == 1
    run(shell, "%unload_ext thanosql_kernel")
    run(shell, "%reload_ext thanosql")
    assert rows(shell, "%sql SELECT 2 AS a") == [{"a": 2}]
    sys.modules.pop("thanosql")
    shell.extension_manager.loaded.discard("thanosql")


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


def test_a_cell_can_assign_its_result(shell):
    value, captured = run(shell, "%%thanosql -o photos\nSELECT 7 AS id")
    assert value is None
    assert captured.outputs == []
    assert shell.user_ns["photos"].rows() == [{"id": 7}]
    error, _ = fail(shell, "%%thanosql -o\nSELECT 1")
    assert isinstance(error, UsageError)


@pytest.mark.parametrize(
    "cell",
    [
        "%%thanosql out << SELECT 1 AS a",
        "%%sql out << SELECT 1 AS a\n",
        "%%thanosql out <<\nSELECT 1 AS a",
        "%%sql out<<SELECT\n  1 AS a",
        "%thanosql out << SELECT 1 AS a",
        "%%thanosql out << CREATE TABLE t AS SELECT 1 AS a;\nSELECT * FROM t",
    ],
)
def test_two_arrows_assign_as_in_jupysql(shell, cell):
    value, _ = run(shell, cell)
    assert value is None
    assert shell.user_ns["out"].rows() == [{"a": 1}]


def test_an_error_behind_two_arrows_points_at_its_line(shell):
    _, text = fail(shell, "%%thanosql out << SELECT *\nFROM foto")
    assert "2 | FROM \x1b[31mfoto\x1b[0m\n" in text
    assert "out" not in shell.user_ns


def test_a_result_that_was_assigned_is_a_table_of_queries_and_of_pandas(shell):
    run(shell, "%thanosql out << SELECT range AS a FROM range(100)")
    assert rows(shell, "%thanosql SELECT sum(a)::INT AS a FROM out") == [{"a": 4950}]
    assert len(shell.user_ns["out"].df()) == 100


def test_pictures_and_messages_are_displayed(shell, tmp_path):
    Image.new("RGB", (40, 30), "red").save(tmp_path / "빨강.png")
    value, captured = run(
        shell,
        "%%thanosql\nCREATE TABLE p AS SELECT '빨강.png' AS image_path;\nPRINT IMAGE AS SELECT * FROM p",
    )
    assert value.rows() == [{"image_path": "빨강.png"}]
    (message,) = (output.data for output in captured.outputs)
    assert message["text/plain"] == "1 row of 1 column stored as p"
    pictures, _ = shell.display_formatter.format(value)
    assert 'src="data:image/webp' in pictures["text/html"]


def test_the_result_of_an_earlier_cell_is_underscore_in_sql_too(shell):
    run(shell, "%%thanosql\nSELECT 1 AS a UNION ALL SELECT 2")
    assert rows(shell, "%thanosql SELECT sum(a)::INT AS a FROM _") == [{"a": 3}]


def test_a_result_that_was_assigned_is_underscore_too(shell):
    run(shell, "%thanosql SELECT 1 AS a")
    run(shell, "%%thanosql -o 표\nSELECT 2 AS a")
    assert rows(shell, "%thanosql SELECT a FROM _") == [{"a": 2}]


def test_a_variable_is_read_only_where_a_table_stands(shell):
    run(shell, "import pandas as pd\n%thanosql CREATE TABLE t AS SELECT 1 AS mixed, 2 AS b")
    run(shell, "mixed, other = pd.DataFrame({'c': [1, 'x']}), pd.DataFrame({'d': [7]})")
    assert rows(shell, "%thanosql SELECT b, mixed FROM t, other ORDER BY b, mixed") == [{"b": 2, "mixed": 1}]
    joined = "%thanosql SELECT d FROM t JOIN t AS u ON (t.b = u.b), other WHERE t.b = 2"
    assert rows(shell, joined) == [{"d": 7}]
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


CONNECT = "import thanosql_kernel\ndb = thanosql_kernel.connect(progress=False)"


def test_a_connection_tells_errors_in_four_lines_too(shell):
    run(shell, CONNECT)
    error, text = fail(shell, 'db.sql("""SELECT *\nFROM foto""")')
    assert (type(error).__name__, error.code) == ("UnknownName", "TS201")
    code, line, carets, hint = re.sub(r"\x1b\[\d+m", "", text).strip().splitlines()
    assert code == "TS201: no table named foto"
    assert line == "   2 | FROM foto"
    assert carets == "            ^^^^"
    assert hint.startswith("hint: ")


@pytest.mark.parametrize("read", ["arrow()", "df()", "rows()", "columns", "__len__()"])
def test_reading_what_is_not_there_is_told_in_two_lines(shell, read):
    run(shell, f"{CONNECT}\nresult = db.sql('CREATE TABLE t AS SELECT 1 AS a')")
    error, text = fail(shell, f"result.{read}")
    assert error.code == "TS300"
    assert len(text.strip().splitlines()) == 2


def test_an_interrupt_of_a_connection_is_told_in_a_word(shell):
    run(shell, f"{CONNECT}\ndb.sql('SELECT 1 AS warm')")
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    error, text = fail(
        shell, 'db.sql("SELECT sum(a.i * b.i) FROM range(100000000) a(i), range(1000000) b(i)")'
    )
    assert isinstance(error, KeyboardInterrupt)
    assert len(text.strip().splitlines()) == 1


def test_a_token_is_read_over(shell):
    answer, _ = run(shell, "%thanosql API_TOKEN=s3cr3t")
    assert "No token is needed" in repr(answer)
    answer, _ = run(shell, "%thanosql ws://engine.example:8888/v1")
    assert "No server is needed" in repr(answer)
    everything = str(vars(shell.magics_manager.registry["ThanoSQLMagics"])["_connection"].session.__dict__)
    assert "s3cr3t" not in everything
    files = [path for path in (shell.user_ns["_dh"][0] / "db").rglob("*") if path.is_file()]
    assert not any(b"s3cr3t" in path.read_bytes() for path in files)


def test_a_line_without_a_statement_says_where_one_goes(shell):
    answer, _ = run(shell, "%thanosql")
    assert repr(answer).startswith("Nothing to run: a statement goes behind")


def test_an_interrupt_stops_a_cell_and_is_told_in_a_word(shell):
    run(shell, "%thanosql SELECT 1 AS warm")
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    error, text = fail(
        shell, "%thanosql SELECT sum(a.i * b.i) FROM range(100000000) a(i), range(1000000) b(i)"
    )
    assert isinstance(error, KeyboardInterrupt)
    assert "Traceback" not in text
    assert rows(shell, "%thanosql SELECT 1 AS a") == [{"a": 1}]


def test_loading_opens_nothing_and_unloading_takes_the_magics_away(shell, tmp_path):
    assert not (tmp_path / "db").exists()
    shell.run_line_magic("unload_ext", "thanosql_kernel")
    assert shell.find_line_magic("thanosql") is None
    assert shell.find_cell_magic("thanosql") is None
    shell.run_line_magic("load_ext", "thanosql_kernel")
    assert shell.find_cell_magic("thanosql") is not None
