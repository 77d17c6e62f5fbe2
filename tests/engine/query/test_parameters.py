"""Values and tables of Python in statements: bound, never formatted into the text."""

from __future__ import annotations

import datetime
import decimal
import math
import uuid
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.hunts import rounds
from thanosql_kernel.errors import ThanoSQLError


def value(world, given, expression="$x"):
    return next(iter(world.run(f"SELECT {expression} AS x", parameters={"x": given})[-1].rows.to_pylist()))[
        "x"
    ]


@pytest.mark.parametrize(
    "given",
    [
        None,
        True,
        False,
        0,
        -3,
        2**40,
        0.1,
        -1.5e-300,
        1e22,
        float("inf"),
        "",
        "it's",
        "'; DROP TABLE t; --",
        "\\' OR 1=1 --",
        "$y {x} %s \n\t\\",
        "고양이 🐈 \u2028",
        b"\x00\xff'",
        [1, 2],
        ["a'b", "다"],
        [[1.5], [2.5, -3.5]],
        {"a": 1, "b'": "x"},
        decimal.Decimal("-12.340"),
        datetime.date(2024, 2, 29),
        datetime.datetime(2024, 2, 29, 12, 30, 1, 5),
        datetime.time(1, 2, 3),
        uuid.UUID(int=7),
    ],
)
def test_a_value_comes_back_as_it_went_in(world, given):
    got = value(world, given)
    assert got == (str(given) if isinstance(given, uuid.UUID) else given) or (got == given.bytes)
    assert type(got) is type(given) or isinstance(got, (str, bytes))


def test_values_of_other_libraries_come_back_as_pythons(world):
    assert value(world, float("nan")) != value(world, float("nan"))
    assert value(world, np.float32(0.5)) == 0.5
    assert value(world, np.int64(-7)) == -7
    assert value(world, np.array(["가", "나"])) == ["가", "나"]
    assert value(world, pd.Series([1, 2])) == [1, 2]
    assert value(world, pd.Timestamp("2024-01-02 03:04:05")) == datetime.datetime(2024, 1, 2, 3, 4, 5)
    assert value(world, pa.scalar("x")) == "x"
    assert value(world, Path("a") / "b") == str(Path("a/b"))
    assert value(world, (1, 2)) == [1, 2]
    assert value(world, datetime.timedelta(days=-1, microseconds=5), "TIMESTAMP '2024-01-02' + $x") == (
        datetime.datetime(2024, 1, 1, 0, 0, 0, 5)
    )
    noon = datetime.datetime(2024, 1, 1, 12, tzinfo=ZoneInfo("Asia/Seoul"))
    assert value(world, noon, "epoch($x)") == noon.timestamp()


@pytest.mark.hunt
@settings(
    max_examples=rounds(30, 500), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")),
    number=st.integers(-(2**62), 2**62),
)
@example(text="", number=-(2**31))
def test_no_text_and_no_number_leaves_its_place(world, text, number):
    cell = "SELECT $text AS a, 5::BIGINT -$number - 5 AS b, [$text, $text] AS c, 'x' AS d -- $text"
    (result,) = world.run(cell, parameters={"text": text, "number": number})
    assert result.rows.to_pylist() == [{"a": text, "b": -number, "c": [text, text], "d": "x"}]


@pytest.mark.hunt
@settings(
    max_examples=rounds(20, 300), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(number=st.floats(allow_nan=False))
def test_every_double_keeps_its_bits(world, number):
    got = value(world, number)
    assert got == number
    assert math.copysign(1, got) == math.copysign(1, number)


def test_values_stand_in_conditions_limits_and_nested_statements(photos):
    cell = "SELECT id FROM (SELECT * FROM t WHERE label IN $labels) WHERE id > $low ORDER BY id LIMIT $n"
    (result,) = photos.run(cell, parameters={"labels": ["cat", "dog"], "low": 1, "n": 2})
    assert result.rows.column(0).to_pylist() == [2, 3]
    (result,) = photos.run("SELECT * FROM (LIST TABLE) WHERE name = $name", parameters={"name": "사진"})
    assert result.rows.num_rows == 1
    photos.run("UPDATE t SET label = $label WHERE id = $id", parameters={"label": "fox's", "id": 2})
    photos.run("DELETE FROM t WHERE label = $label", parameters={"label": "cat"})
    assert [row["label"] for row in photos.rows("SELECT label FROM t ORDER BY id LIMIT 2")] == ["fox's", None]


def test_values_stand_in_options_paths_and_settings(photos):
    photos.run("SET display.rows = $n", parameters={"n": 3})
    assert photos.session.settings["display.rows"] == 3
    photos.run(
        "EXPORT SELECT id FROM t LIMIT 1 TO $path OPTIONS(overwrite=$yes)",
        parameters={"path": Path("새 파일.json"), "yes": True},
    )
    assert (photos.folder / "새 파일.json").exists()
    photos.run("COPY again FROM $path", parameters={"path": str(photos.folder / "새 파일.json")})
    assert photos.rows("SELECT * FROM again") == [{"id": 1}]


@pytest.mark.parametrize(
    ("cell", "parameters", "code", "marked"),
    [
        ("SELECT $x", None, "TS209", "$x"),
        ("SELECT 1; SELECT *\nFROM t WHERE id = $lo", {"low": 1}, "TS209", "$lo"),
        ("SELECT $x", {"x": object()}, "TS300", "$x"),
        ("SELECT $x", {"x": "a\0b"}, "TS300", "$x"),
        ("SELECT $x", {"x": 2**200}, "TS300", "$x"),
        ("SELECT $x", {"x": "\ud800"}, "TS300", "$x"),
        ("SET display.rows = $n", {"n": "many"}, "TS103", "$n"),
        ("SET display.rows = $n", {"n": b"3"}, "TS300", "$n"),
        ("COPY t FROM $path", {"path": 3}, "TS103", "$path"),
        ("SELECT * FROM $t", {"t": "t"}, "TS201", "$t"),
    ],
)
def test_a_value_that_does_not_fit_is_marked(photos, cell, parameters, code, marked):
    with pytest.raises(ThanoSQLError) as caught:
        photos.run(cell, parameters=parameters)
    assert caught.value.code == code
    assert cell[slice(*caught.value.span)] == marked


@pytest.mark.parametrize("written", ["'사진'", "$name"])
def test_a_text_in_the_place_of_a_table_is_told_to_be_a_name(world, written):
    world.run("CREATE TABLE 사진 AS SELECT 1 AS x")
    with pytest.raises(ThanoSQLError) as caught:
        world.run(f"SELECT * FROM {written}", parameters={"name": "사진"})
    assert caught.value.hint == "a text or value names no table: write 사진 itself"


def test_a_cell_with_a_missing_value_runs_nothing_of_itself(photos):
    with pytest.raises(ThanoSQLError):
        photos.run("DELETE FROM t; SELECT $nothing", parameters={})
    assert photos.rows("SELECT count(*) AS n FROM t") == [{"n": 6}]


@pytest.mark.parametrize(
    ("cell", "marked"),
    [
        ("SELECT $x, idd FROM t", "idd"),
        ("SELECT $x, $x,\n  $y AS y, 이름, idd FROM t WHERE label = $x", "이름"),
        ("SELECT $x AS a FROM tt WHERE id = $y", "tt"),
        ("SELECT $x AS x FROM t WHERE $y", "$y"),
        ("SELECT lowr($x) FROM t", "lowr"),
        ("SELECT $x FRM t WHERE $y", "t"),
        ("DELETE FROM t WHERE label = $x AND idd = 3", "idd"),
    ],
)
def test_errors_behind_values_point_at_the_word(photos, cell, marked):
    given = {"x": "아주 긴 값입니다, 이름보다 훨씬 더 긴", "y": "nie"}
    with pytest.raises(ThanoSQLError) as caught:
        photos.run(cell, parameters=given)
    assert cell[slice(*caught.value.span)] == marked


FRAMES = {
    "pandas": pd.DataFrame({"id": [1, 2, 7], "이름": ["가", "나", None]}),
    "arrow": pa.table({"id": [1, 2, 7], "이름": ["가", "나", None]}),
    "batch": pa.record_batch({"id": [1, 2, 7], "이름": ["가", "나", None]}),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_is_a_table_of_queries(photos, kind):
    frames = {"mine": FRAMES[kind]}
    (result,) = photos.run(
        "SELECT t.id, mine.이름 FROM t JOIN mine ON t.id = mine.id ORDER BY 1", frames=frames
    )
    assert result.rows.to_pylist() == [{"id": 1, "이름": "가"}, {"id": 2, "이름": "나"}]
    (result,) = photos.run("FROM mine", frames=frames)
    assert (result.total, [column.type for column in result.columns]) == (3, ["BIGINT", "VARCHAR"])
    photos.run("CREATE TABLE stored AS SELECT * FROM mine", frames=frames)
    assert photos.rows("SELECT count(*) AS n FROM stored") == [{"n": 3}]


def test_the_index_of_a_frame_is_a_column_if_it_has_a_name(world):
    frame = pd.DataFrame({"n": [1]}, index=pd.Index(["a"], name="key"))
    (result,) = world.run("SELECT * FROM f", frames={"f": frame})
    assert result.rows.to_pylist() == [{"key": "a", "n": 1}]
    (result,) = world.run("SELECT * FROM f", frames={"f": frame.reset_index(drop=True)})
    assert result.rows.column_names == ["n"]


def test_a_stored_table_wins_over_a_frame(photos):
    (result,) = photos.run("SELECT id FROM t", frames={"t": FRAMES["arrow"]})
    assert result.total == 6


def test_frames_are_read_only_where_tables_stand(photos):
    class Touchy(dict):
        def __getitem__(self, name):
            raise AssertionError(name)

    (result,) = photos.run("SELECT id FROM t WHERE label = 'cat'", frames=Touchy(id=1, label=2))
    assert result.total == 2


def test_a_variable_that_is_no_table_says_what_it_is(photos):
    with pytest.raises(ThanoSQLError) as caught:
        photos.run("SELECT * FROM low", frames={"low": 3})
    assert caught.value.message == "low is no stored table, and in Python a int, not a table"
    assert caught.value.hint == "values are written $low"
    for frame in (pd.DataFrame([[1, 2]], columns=["a", "a"]), pd.DataFrame(), pd.DataFrame({"o": [1, "x"]})):
        with pytest.raises(ThanoSQLError) as caught:
            photos.run("SELECT * FROM f", frames={"f": frame})
        assert (caught.value.code, caught.value.span) == ("TS300", (14, 15))
    with pytest.raises(ThanoSQLError) as caught:
        photos.run("SELECT $f", parameters={"f": FRAMES["pandas"]})
    assert caught.value.hint == "FROM f reads it"


def test_no_query_sees_pythons_variables_unasked(world):
    local_frame = pd.DataFrame({"a": [1]})
    assert world.marked("SELECT * FROM local_frame") == ("TS201", "local_frame")
    assert len(local_frame) == 1
