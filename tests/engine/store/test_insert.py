"""INSERT: every value arrives as it was written, or is refused with its place."""

from __future__ import annotations

import random
from decimal import Decimal

import duckdb
import pytest

from thanosql_kernel.engine.query.casts import exact_cast


@pytest.fixture
def kinds(world):
    """An empty table with a column of each kind."""
    world.run(
        "CREATE TABLE t AS SELECT 1::INTEGER AS i, 1::BIGINT AS big, '' AS 이름, 1.5::DOUBLE AS d, 1.5::FLOAT AS f, "
        "[1]::INTEGER[] AS l, DATE '2020-01-01' AS 날, TIMESTAMP '2020-01-01 00:00:00' AS at, true AS b, "
        "{'a': 1} AS st, 1.50::DECIMAL(5,2) AS dec LIMIT 0"
    )
    return world


def inserted(world, column: str, values: str) -> list[object]:
    world.run(f"INSERT INTO t ({column}) VALUES {values}")
    return [row[column] for row in world.rows(f"SELECT {column} FROM t")]


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("이름", "(2024), ('summer')", ["2024", "summer"]),
        (
            "이름",
            "(1234567890123456789), (1.50), (NULL), (true), (-5), (DATE '2020-01-02'), (DEFAULT)",
            ["1234567890123456789", "1.50", None, "true", "-5", "2020-01-02", None],
        ),
        ("big", "(1234567890123456789), (0.0), ('1234567890123456790')", [1234567890123456789, 0, 1234567890123456790]),
        ("i", "(2.0), (3), ('4'), (NULL), (1 + 1), (true)", [2, 3, 4, None, 2, 1]),
        ("d", "(9007199254740992), (0.1), ('1e-3'), (1e3)", [9007199254740992.0, 0.1, 0.001, 1000.0]),
        ("f", "(0.1), (16777216)", [pytest.approx(0.1), 16777216.0]),
        ("d", "(3.14159265358979323846), ('3.14159265358979323846')", [3.141592653589793] * 2),
        ("l", "([1, 2.0]), ([]), (NULL), ('[7, 8]')", [[1, 2], [], None, [7, 8]]),
        ("dec", "(1.55), (2), ('3.1'), ('4.10')", [Decimal("1.55"), 2, Decimal("3.10"), Decimal("4.10")]),
        ("st", "({'a': 7}), ({'a': '8'}), (NULL)", [{"a": 7}, {"a": 8}, None]),
    ],
)  # fmt: skip
def test_values_are_typed_for_their_column_one_by_one(kinds, column, values, expected):
    assert inserted(kinds, column, values) == expected


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("i", "1.5"),
        ("i", "'4.5'"),
        ("i", "9999999999"),
        ("i", "'넷'"),
        ("i", "'nan'::DOUBLE"),
        ("d", "9007199254740993"),
        ("f", "16777217"),
        ("l", "[1, 2.5]"),
        ("날", "'2020-02-30'"),
        ("날", "'2020-02-29 10:00'"),
        ("날", "TIMESTAMP '2020-02-29 10:00:00'"),
        ("at", "'2020-01-01T10:00:00+09:00'"),
        ("at", "'2020-01-01 10:00:00.1234567'"),
        ("at", "TIMESTAMP_NS '2020-01-01 10:00:00.123456789'"),
        ("at", "TIMESTAMPTZ '2020-01-01 10:00:00+09'"),
        ("d", "'9007199254740993'"),
        ("f", "'16777217'"),
        ("b", "7"),
        ("st", "{'a': 1.5}"),
        ("dec", "1.555"),
        ("dec", "'1.555'"),
        ("dec", "1000000"),
    ],
)
def test_a_value_that_would_become_another_is_refused_and_nothing_is_written(kinds, column, value):
    version = kinds.session.catalog.table("t").version
    for values in (f"({value})", f"(NULL), ({value})", f"({value}), (NULL), ('1')", f"(1), ({value})"):
        assert kinds.fail(f"INSERT INTO t ({column}) VALUES {values}").code in ("TS301", "TS300")
    assert kinds.fail(f"INSERT INTO t ({column}) SELECT {value}").code in ("TS301", "TS300")
    assert kinds.fail(f"INSERT INTO t (이름) VALUES ('가'); UPDATE t SET {column} = {value}").code == "TS301"
    assert kinds.session.catalog.table("t").version == version + 1


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("INSERT INTO t (이름, i) VALUES (lower('가A'), 1), ('b', nope(3))", "TS105", "nope"),
        ("INSERT INTO t (이름, i) VALUES ('b', 1), (5)", "TS105", "5"),
        ("INSERT INTO t (이름, i) VALUES ('b', 1, 2)", "TS300", "VALUES ('b', 1, 2)"),
        ("INSERT INTO t (이름, i, 이름) VALUES ('b', 1, 2)", "TS104", "이름"),
        ("INSERT INTO t (i) VALUES (1), (1.5)", "TS301", "VALUES (1), (1.5)"),
        ("INSERT INTO t (i) SELECT 1.5", "TS301", "SELECT 1.5"),
        ("INSERT INTO t (i) VALUES (1)) OR (VALUES (2)", "TS100", ")"),
    ],
)
def test_what_cannot_be_inserted_is_marked(kinds, cell, code, marked):
    assert kinds.marked(cell) == (code, marked)


def test_columns_are_matched_by_position_and_values_may_hold_statements(kinds):
    kinds.run("INSERT INTO t (이름, i) VALUES ('가', 1), (7, (SELECT count(*) FROM (LIST TABLE)))")
    kinds.run("INSERT INTO t (이름, i) SELECT i + 10 AS i, 이름 || '' AS 이름 FROM t WHERE i = 1 AND false")
    assert kinds.rows("SELECT 이름, i FROM t") == [{"이름": "가", "i": 1}, {"이름": "7", "i": 1}]


def test_an_insertion_writes_its_rows_and_no_other(kinds):
    kinds.run("INSERT INTO t (이름) SELECT 'x' || range FROM range(20000)")
    folder = kinds.folder / "db" / "t.lance" / "data"
    before = sum(file.stat().st_size for file in folder.iterdir())
    kinds.run("INSERT INTO t (이름) VALUES ('하나')")
    assert sum(file.stat().st_size for file in folder.iterdir()) - before < 8000


VALUES = {
    "INTEGER": ["1", "-7", "2147483647"],
    "BIGINT": ["1234567890123456789", "9007199254740993"],
    "DECIMAL(5,2)": ["1.50", "-0.25", "100.00"],
    "DOUBLE": ["1.5", "0.1", "1e300", "'nan'", "-0.0"],
    "FLOAT": ["0.5", "0.1"],
    "BOOLEAN": ["true", "false"],
    "DATE": ["'2020-02-29'", "'1969-12-31'"],
    "TIMESTAMP": ["'2020-02-29 10:00:00'", "'2020-02-29 00:00:00.000001'"],
    "VARCHAR": ["'7'", "'7.5'", "'2020-02-29'", "' 7 '", "'true'", "'가'", "'1e3'"],
    "INTEGER[]": ["[1, NULL]", "[]"],
    "DOUBLE[]": ["[1.5]", "[2.0, NULL]"],
}


@pytest.mark.parametrize("given", VALUES)
@pytest.mark.parametrize("wanted", [kind for kind in VALUES if kind != "FLOAT"])
def test_a_cast_gives_a_value_that_is_the_same_or_fails(given, wanted):
    """What goes through comes back as it was from a cast the other way, unless it is a text that says it otherwise."""
    duck, chance = duckdb.connect(), random.Random(0)
    for value in [*VALUES[given], "NULL", *chance.sample(VALUES[given], 1)]:
        duck.execute(f"CREATE OR REPLACE TEMP TABLE v AS SELECT CAST({value} AS {given}) AS x")
        try:
            stored = f"(SELECT {exact_cast('x', given, wanted)} FROM v)"
            found = duck.execute(
                f"SELECT {stored}, CAST({stored} AS {given}) IS NOT DISTINCT FROM x FROM v"
            ).fetchone()
        except duckdb.Error:
            continue
        assert found is not None
        assert found[1] or given == "VARCHAR", (value, given, wanted, found[0])
        if given == "VARCHAR" and value == "'7.5'":
            assert wanted in ("DOUBLE", "DECIMAL(5,2)", "VARCHAR")
