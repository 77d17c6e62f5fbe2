"""ThanoSQL from Python: `thanosql_kernel.connect`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from multiprocessing.reduction import ForkingPickler

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image

import thanosql_kernel
from thanosql_kernel.errors import ThanoSQLError


@pytest.fixture
def db(tmp_path):
    with thanosql_kernel.connect("db", working_folder=tmp_path, progress=False) as connection:
        connection.sql(
            "CREATE TABLE photos AS SELECT i AS id, 'p' || i || '.jpg' AS image_path FROM range(50) r(i)"
        )
        yield connection


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, thanosql_kernel; from thanosql_kernel import connect, load_ipython_extension;"
        "print([name for name in ('duckdb', 'lancedb', 'lance', 'pyarrow', 'numpy', 'pandas', 'IPython', 'PIL') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_rows_come_as_arrow_pandas_and_dictionaries(db):
    result = db.sql("SELECT * FROM photos WHERE id < $n", n=2)
    assert result.columns == ["id", "image_path"]
    assert result.arrow().equals(pa.table({"id": [0, 1], "image_path": ["p0.jpg", "p1.jpg"]}))
    assert result.df().equals(pd.DataFrame({"id": [0, 1], "image_path": ["p0.jpg", "p1.jpg"]}))
    assert result.pandas().equals(result.df())
    assert (
        result.rows()
        == list(result)
        == [{"id": 0, "image_path": "p0.jpg"}, {"id": 1, "image_path": "p1.jpg"}]
    )
    assert len(result) == 2


def test_all_rows_come_where_a_page_is_shown(db):
    result = db.sql("SELECT id FROM photos")
    assert "50 rows" in repr(result)
    assert repr(result).count("\n") < 30
    assert result.arrow().column(0).to_pylist() == list(range(50))


def test_a_result_is_printed_in_the_width_of_the_terminal_and_displayed_in_that_of_notebooks(db, monkeypatch):
    paths = ["thanosql-dataset/sample_photos/ai_benchmark/segmentation/12.jpg", "여름/1.jpg"]
    result = db.sql("SELECT unnest($paths) AS image_path, 5 AS n", paths=paths)
    monkeypatch.setenv("COLUMNS", "40")
    assert "\n…/ai_benchmark/segmentation/12.jpg  5\n" in repr(result)
    assert f"{paths[0]}  5" in result._repr_mimebundle_()["text/plain"]
    monkeypatch.setenv("COLUMNS", "90")
    assert f"{paths[0]}  5" in repr(result)


def test_rows_are_those_of_then(db):
    result = db.sql("SELECT id FROM photos WHERE id >= 10")
    db.sql("DELETE FROM photos")
    assert len(result) == len(result.rows()) == 40
    assert db.sql("SELECT * FROM photos").rows() == []


def test_several_statements_give_the_last_result_and_an_empty_text_none(db):
    result = db.sql("SELECT 1 AS a; SELECT a + 1 AS a FROM _")
    assert result.rows() == [{"a": 2}]
    assert len(result.shown) == 2
    assert repr(db.sql("-- nothing")) == ""


def test_underscore_is_the_last_result(db):
    db.sql("SELECT id FROM photos ORDER BY id DESC")
    assert db.sql("SELECT * FROM _ LIMIT 1").rows() == [{"id": 49}]


def test_a_statement_without_rows_says_so(db):
    result = db.sql("CREATE TABLE other AS SELECT 1 AS a")
    assert not result.has_rows
    assert repr(result) == "1 row of 1 column stored as other"
    with pytest.raises(ThanoSQLError, match="gave no rows"):
        result.df()


def test_tables_that_are_passed_are_read_by_their_names(db):
    frame = pd.DataFrame({"id": [3, 4, 99], "note": ["가", "나", "다"]})
    joined = db.sql(
        "SELECT note FROM photos JOIN frame USING (id) WHERE note <> $no ORDER BY 1", frame=frame, no="나"
    )
    assert joined.rows() == [{"note": "가"}]
    earlier = db.sql("SELECT id FROM photos WHERE id > 47")
    assert db.sql("SELECT max(id) AS top FROM earlier", earlier=earlier).rows() == [{"top": 49}]
    assert db.sql("SELECT $select AS a, $x AS b", {"select": 1}, x=2).rows() == [{"a": 1, "b": 2}]
    assert pa.table(earlier).num_rows == 2


def test_columns_that_differ_in_case_alone_get_numbers(db):
    frame = pd.DataFrame({"값": [1], "a": [2], "A": [3]})
    assert db.sql("SELECT * FROM frame", frame=frame).rows() == [{"값": 1, "a": 2, "A_1": 3}]
    assert db.sql("SELECT A_1 FROM frame", frame=frame).rows() == [{"A_1": 3}]


def test_a_passed_table_is_not_mistaken_for_a_stored_one(db):
    with pytest.raises(ThanoSQLError, match="a table named photos is stored, and one is passed"):
        db.sql("SELECT * FROM photos", photos=pd.DataFrame({"id": [1]}))
    db.sql("CREATE VIEW 보기 AS SELECT * FROM photos")
    with pytest.raises(ThanoSQLError, match="a view named 보기 is stored, and a table is passed"):
        db.sql("SELECT * FROM 보기", 보기=pd.DataFrame({"id": [1]}))


def test_vectors_come_as_arrays(db):
    result = db.sql("SELECT [1, 2]::FLOAT[2] AS v")
    assert result.arrow().schema.field("v").type == pa.list_(pa.float32(), 2)
    (vector,) = result.df()["v"]
    assert isinstance(vector, np.ndarray)
    assert vector.dtype == np.float32


def test_an_error_carries_its_place_in_its_notes(db):
    with pytest.raises(ThanoSQLError) as caught:
        db.sql("SELECT *\nFROM foto")
    assert caught.value.code == "TS201"
    (note,) = caught.value.__notes__
    assert "   2 | FROM foto\n            ^^^^" in note


def test_pictures_are_shown_and_are_rows_too(db, tmp_path):
    Image.new("RGB", (40, 30), "red").save(tmp_path / "p0.jpg")
    result = db.sql("PRINT IMAGE AS SELECT * FROM photos WHERE id = 0")
    assert 'src="data:image/webp' in result._repr_html_()
    assert "p0.jpg" in repr(result)
    assert set(result._repr_mimebundle_()) == {"text/plain", "text/html"}
    assert result.rows() == [{"id": 0, "image_path": "p0.jpg"}]


def test_an_error_goes_to_another_process_as_it_is(db):
    """concurrent.futures hands it over; one that cannot be handed over would take its place."""
    with pytest.raises(ThanoSQLError) as caught:
        db.sql("SELECT * FROM photoz")
    error = ForkingPickler.loads(ForkingPickler.dumps(caught.value))
    assert type(error) is type(caught.value)
    assert (error.code, error.message, error.span) == ("TS201", caught.value.message, caught.value.span)
    assert error._render_traceback_() == caught.value._render_traceback_()
    assert error.__notes__ == caught.value.__notes__


def test_without_pandas_the_error_says_what_to_do(db, monkeypatch):
    result = db.sql("SELECT 1 AS a")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ThanoSQLError) as caught:
        result.df()
    assert (caught.value.message, caught.value.hint) == (
        "pandas is not installed",
        "pip install pandas, or take .arrow() or .rows()",
    )


def test_only_text_is_run(tmp_path):
    with (
        thanosql_kernel.connect(tmp_path / "db") as db,
        pytest.raises(TypeError, match="takes a text, not NoneType"),
    ):
        db.sql(None)


def test_a_closed_connection_says_so_and_keeps_what_was_read(tmp_path):
    db = thanosql_kernel.connect(tmp_path / "db", working_folder=tmp_path)
    few, many = db.sql("SELECT 1 AS a"), db.sql("SELECT i FROM range(100) r(i)")
    db.close()
    assert few.rows() == [{"a": 1}]
    assert repr(db).endswith(", closed>")
    with pytest.raises(ThanoSQLError, match="the connection is closed"):
        db.sql("SELECT 1")
    with pytest.raises(ThanoSQLError):
        many.rows()


def test_a_new_connection_finds_the_database_of_notebooks_here(tmp_path, monkeypatch):
    monkeypatch.delenv("THANOSQL_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    with thanosql_kernel.connect() as db:
        db.sql("CREATE TABLE t AS SELECT 1 AS a")
    assert (tmp_path / ".thanosql" / "t.lance").is_dir()
    with thanosql_kernel.connect() as db:
        assert db.sql("SELECT * FROM t").rows() == [{"a": 1}]


def test_control_c_stops_a_query_and_the_connection_goes_on(db):
    before = signal.getsignal(signal.SIGINT)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        db.sql("SELECT sum(a.i * b.i) FROM range(100000000) a(i), range(1000000) b(i)")
    assert signal.getsignal(signal.SIGINT) is before
    assert db.sql("SELECT 1 AS a").rows() == [{"a": 1}]


def test_control_c_stops_reading_an_earlier_result(db):
    many = db.sql("SELECT i FROM range(400000000) r(i)")
    for read in (
        many.arrow,
        lambda: db.sql("SELECT max(i) FROM many", many=many),
        lambda: db.sql("SELECT sum(i) FROM _"),
    ):
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            read()
    assert db.sql("SELECT * FROM many LIMIT 1", many=db.sql("SELECT 7 AS i")).rows() == [{"i": 7}]


def test_threads_take_turns(db):
    found = []

    def ask(number):
        found.append(db.sql("SELECT $n AS n", n=number).rows()[0]["n"])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(6))


def test_the_traceback_of_a_script_has_none_of_the_engine_s_frames(db):
    with pytest.raises(ThanoSQLError) as caught:
        db.sql("SELECT * FROM foto")
    assert len(caught.traceback) <= 3
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
