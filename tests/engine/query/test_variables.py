"""SET VARIABLE: values of the session, in SQL and options, of the very value and type that was given."""

from __future__ import annotations

import pytest

from thanosql_kernel.errors import ThanoSQLError


def value(world, cell):
    (row,) = world.rows(cell)
    return row["x"]


@pytest.mark.parametrize(
    "expression",
    [
        "2024",
        "-7",
        "5::BIGINT",
        "3::UTINYINT",
        "170141183460469231731687303715884105727::HUGEINT",
        "1.50",
        "0.1::FLOAT",
        "1e-300",
        "'nan'::DOUBLE",
        "'-0.0'::DOUBLE",
        "true",
        "'바다''s 파도'",
        "''",
        "DATE '2024-02-29'",
        "'infinity'::DATE",
        "TIMESTAMP '2024-02-29 12:30:01.000005'",
        "TIMESTAMP_NS '2024-02-29 12:30:01.000000005'",
        "TIMESTAMPTZ '2024-02-29 12:30:01+09'",
        "TIME '16:09'",
        "INTERVAL 1 MONTH",
        "INTERVAL 30 DAY",
        "'\\x00\\xff'::BLOB",
        "'bbd05ae7-1234-4234-8234-123456789abc'::UUID",
        "[1, 2, NULL]",
        "['가', 'b''c', '']",
        "[[1.5], []]",
        "[0.5, -0.25]::FLOAT[2]",
        "{'a': 1, 'b c': ['x, y', NULL]}",
        "MAP {'k': 1, 'ㅋ': 2}",
        "'b'::ENUM ('a', 'b')",
        """'{"a": [1]}'::JSON""",
        "NULL",
        "NULL::DATE",
        "(SELECT count(*) FROM t WHERE label = 'cat')",
        "(SELECT v FROM t WHERE id = 1)",
        "(SELECT list(id ORDER BY id) FROM t)",
        "(SELECT id FROM t WHERE false)",
        "1 + getvariable('before')",
        "CASE WHEN $before > 3 THEN 'big' END",
    ],
)
@pytest.mark.parametrize("written", ["$v", "getvariable('v')"])
def test_a_variable_has_the_value_and_type_of_its_expression(photos, expression, written):
    photos.run(f"SET VARIABLE before = 5; SET VARIABLE v = {expression}")
    cell = "SELECT typeof({0}) AS kind, CAST({0} AS VARCHAR) AS text"
    given = photos.rows(cell.format(f"({expression})"))
    assert photos.rows(cell.format(written)) == given
    assert value(photos, f"SELECT {written} IS NOT DISTINCT FROM ({expression}) AS x") is True


def test_what_no_literal_gives_again_is_no_variable(world):
    cell = "SET VARIABLE v = union_value(num := 1)::UNION(num INTEGER, word VARCHAR)"
    error = world.fail(cell)
    assert (error.code, cell[slice(*error.span)]) == ("TS300", cell.partition("= ")[2])
    assert world.fail("SELECT $v").code == "TS209"


def test_variables_outlive_cells_and_can_be_reset(world):
    assert world.run("SET VARIABLE year = 2024")[0].text == "year is 2024"
    assert world.run("SET VARIABLE 내해 TO '바다'")[0].text == "내해 is '바다'"
    assert world.rows("SELECT $YEAR AS x, $내해 AS y") == [{"x": 2024, "y": "바다"}]
    shown = [
        {"name": "year", "value": "2024", "type": "INTEGER"},
        {"name": "내해", "value": "바다", "type": "VARCHAR"},
    ]
    assert world.rows("SHOW VARIABLES") == shown
    assert world.rows("SELECT name, value, type FROM (SHOW VARIABLES) ORDER BY name") == shown
    assert world.rows("SELECT name, value, type FROM duckdb_variables() ORDER BY name") == shown
    world.run("RESET VARIABLE Year")
    assert value(world, "SELECT getvariable('year') AS x") is None
    cell = "SELECT $year"
    error = world.fail(cell)
    assert (error.code, error.hint, cell[slice(*error.span)]) == (
        "TS209",
        "SET VARIABLE year = … gives it one",
        "$year",
    )


def test_a_statement_sees_what_the_one_above_it_has_set(photos):
    photos.run("SET VARIABLE n = 1")
    cell = "SET VARIABLE n = $n + 1; SELECT id FROM t WHERE id = $n; SET VARIABLE n = $n * 2; SELECT $n AS id"
    _, first, _, second = photos.run(cell)
    assert (first.rows.to_pylist(), second.rows.to_pylist()) == ([{"id": 2}], [{"id": 4}])


def test_a_cell_that_names_a_variable_too_early_runs_nothing_of_itself(photos):
    assert photos.marked("DELETE FROM t; SELECT $later; SET VARIABLE later = 1") == ("TS209", "$later")
    photos.run("SET VARIABLE gone = 1")
    assert photos.marked("DELETE FROM t; RESET VARIABLE gone; SELECT $gone") == ("TS209", "$gone")
    assert value(photos, "SELECT count(*) AS x FROM t") == 6
    assert photos.fail("SET VARIABLE year = 1; SELECT $yera").hint == "did you mean $year?"


def test_values_stand_in_options_paths_limits_and_changes(photos, write):
    write("사진/고양이.csv", "a,b\n1,2\n3,4\n")
    photos.run("SET VARIABLE folder = '사진/고양이.csv'; COPY 새것 FROM $folder")
    photos.run("SET VARIABLE rows = 3; SET display.rows = $rows")
    assert photos.session.settings["display.rows"] == 3
    photos.run("SET VARIABLE n = (SELECT count(*) - 5 FROM t)")
    assert len(photos.rows("SELECT id FROM t LIMIT $n")) == 1
    photos.run("SET VARIABLE labels = ['cat', 'dog']; DELETE FROM t WHERE label IN $labels")
    assert value(photos, "SELECT count(*) AS x FROM t") == 2
    photos.run(
        "SET VARIABLE 이름 = '여우''s'; UPDATE t SET label = $이름; INSERT INTO t (id, label) VALUES ($n, $이름)"
    )
    assert photos.rows("SELECT DISTINCT label FROM t") == [{"label": "여우's"}]
    photos.run("SET VARIABLE days = 2")
    assert str(value(photos, "SELECT DATE '2024-01-01' + INTERVAL $days DAY AS x"))[:10] == "2024-01-03"
    assert photos.marked("SET VARIABLE n = DATE '2024-01-01'; SET display.rows = $n") == ("TS300", "$n")


def test_pythons_value_comes_before_the_variable(world):
    world.run("SET VARIABLE year = 2024; SET VARIABLE other = 7")
    (result,) = world.run("SELECT $year AS x, $other AS y", parameters={"year": 1999})
    assert result.rows.to_pylist() == [{"x": 1999, "y": 7}]
    with pytest.raises(ThanoSQLError) as caught:
        world.run("SELECT $nothing", parameters={"year": 1999})
    assert (
        caught.value.hint
        == "in Python, assign nothing or pass nothing=… to sql(); or SET VARIABLE nothing = …"
    )


def test_a_kept_result_keeps_the_value_that_it_was_made_with(photos):
    photos.session.settings["display.rows"] = 1
    photos.run("SET VARIABLE low = 4")
    photos.run("SELECT id FROM t WHERE id > getvariable('low')", number=3)
    photos.run("SET VARIABLE low = 0")
    assert value(photos, "SELECT count(*) AS x FROM _3") == 2


def test_catalogues_of_sql_know_the_variables(photos):
    photos.run("SET VARIABLE which = '사진'")
    found = "SELECT table_name AS x FROM information_schema.tables WHERE table_name = getvariable('which')"
    assert value(photos, found) == "사진"
    photos.run("SET VARIABLE tables = (SELECT count(*) FROM information_schema.tables)")
    assert value(photos, "SELECT $tables AS x") == 3


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("SET VARIABLE n = (SELECT idd FROM t)", "TS202", "idd"),
        ("SET VARIABLE n = lowr('A')", "TS105", "lowr"),
        ("SET VARIABLE n = 1 +", "TS105", "+"),
        ("SET VARIABLE n = (SELECT id FROM t)", "TS301", "(SELECT id FROM t)"),
        ("SET VARIABLE n = unnest([1, 2])", "TS105", "unnest([1, 2])"),
        ("SET VARIABLE n = CAST('x' AS INTEGER)", "TS301", "'x'"),
        ("SET VARIABLE a = 1, b = 2", "TS105", ","),
        ("SET VARIABLE n = (SELECT 1 FROM tt)", "TS201", "tt"),
        ("SET VARIABLE n", "TS100", ""),
    ],
)
def test_a_wrong_expression_is_marked(photos, cell, code, marked):
    assert photos.marked(cell) == (code, marked)
