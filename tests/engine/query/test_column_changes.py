"""CREATE TABLE with columns, and ALTER TABLE: what DuckDB takes, and what to do instead of what tables cannot hold."""

from __future__ import annotations

import pytest

from tests.engine.query.test_changed_vectors import facts, put_photos


@pytest.fixture
def goods(world):
    """Table 물건, two rows of which one has no number."""
    world.run(
        "CREATE TABLE 물건 AS SELECT * FROM (VALUES (1, '하나', 1.5), (NULL, '둘', 2.0)) v(k, 이름, 값)"
    )
    return world


def types(world, name: str = "물건") -> dict[str, str]:
    return {column.name: column.type for column in world.session.catalog.table(name).columns}


def rows(world, name: str = "물건") -> list[tuple]:
    return [tuple(row.values()) for row in world.rows(f"FROM {name}")]


# -- CREATE TABLE ------------------------------------------------------------------------------------------------------
def test_a_table_of_columns_has_no_rows_and_takes_some(world):
    (result,) = world.run(
        'CREATE TABLE 사진 (경로 VARCHAR, n INTEGER NULL, "at" TIMESTAMP WITH TIME ZONE, d DECIMAL(5, 2), v FLOAT[3], l TEXT[])'
    )
    assert result.text == "table 사진 made, with 6 columns and no rows"
    assert types(world, "사진") == {
        "경로": "VARCHAR",
        "n": "INTEGER",
        "at": "TIMESTAMP WITH TIME ZONE",
        "d": "DECIMAL(5,2)",
        "v": "FLOAT[3]",
        "l": "VARCHAR[]",
    }
    world.run("INSERT INTO 사진 BY NAME SELECT 'a.jpg' AS 경로, 1.25 AS d, [1, 2, 3] AS v, ['x'] AS l")
    assert world.rows("SELECT 경로, v, l FROM 사진") == [{"경로": "a.jpg", "v": [1.0, 2.0, 3.0], "l": ["x"]}]


@pytest.mark.parametrize(
    ("cell", "names", "count"),
    [
        ("CREATE TABLE t (a, 나) AS SELECT 1, 2", ["a", "나"], 1),
        ("CREATE TABLE t (a) AS SELECT 1, 2 AS b", ["a", "b"], 1),
        ("CREATE TABLE t AS FROM 물건 WITH NO DATA", ["k", "이름", "값"], 0),
        ("CREATE TABLE t (가) AS (SELECT k FROM 물건) WITH DATA", ["가"], 2),
        ("CREATE OR REPLACE TABLE 물건 (t DATE); ALTER TABLE 물건 RENAME TO t", ["t"], 0),
        ("CREATE TABLE t (a INT); CREATE TABLE IF NOT EXISTS t (b INT)", ["a"], 0),
    ],
)
def test_the_columns_of_a_query_may_get_names_and_no_rows(goods, cell, names, count):
    goods.run(cell)
    assert (list(types(goods, "t")), len(rows(goods, "t"))) == (names, count)


@pytest.mark.parametrize(
    ("columns", "marked", "hint"),
    [
        ("a INT PRIMARY KEY", "PRIMARY KEY", "ON CONFLICT"),
        ("a INT, PRIMARY KEY (a)", "PRIMARY KEY (a)", "ON CONFLICT"),
        ("a INT UNIQUE", "UNIQUE", "MERGE"),
        ("a INT REFERENCES b (c)", "REFERENCES b (c)", "MERGE"),
        ("a INT CHECK (a > 1)", "CHECK (a > 1)", "WHERE NOT"),
        ("a INT, CONSTRAINT c CHECK (a > 1)", "CONSTRAINT c CHECK (a > 1)", "WHERE NOT"),
        ("a INT NOT NULL", "NOT NULL", "IS NULL"),
        ("a INT DEFAULT 5", "DEFAULT 5", "INSERT"),
        ("a INT, b INT GENERATED ALWAYS AS (a + 1)", "GENERATED ALWAYS AS (a + 1)", "UPDATE"),
        ("a INT, b INT AS (a + 1)", "AS (a + 1)", "UPDATE"),
        ("a VARCHAR COLLATE nocase", "COLLATE nocase", "ORDER BY"),
    ],
)
def test_what_a_table_cannot_hold_is_said_with_what_to_do(world, columns, marked, hint):
    cell = f"CREATE TABLE t ({columns})"
    error = world.fail(cell)
    assert (error.code, cell[slice(*error.span)]) == ("TS600", marked)
    assert hint in error.hint
    assert "t" not in world.session.catalog.tables


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("CREATE TABLE t (a INT, A DATE)", "TS104", "A"),
        ("CREATE TABLE t (a NOTYPE)", "TS300", "NOTYPE"),
        ("CREATE TABLE t (a INT b INT)", "TS105", "INT b INT"),
        ("CREATE TABLE t (a, b, c) AS SELECT 1, 2", "TS105", "c"),
        ("CREATE TABLE t (a, b)", "TS100", None),
        ("CREATE TABLE t ()", "TS100", ")"),
        ("CREATE TABLE t LIKE 물건", "TS105", "LIKE"),
        ("CREATE TABLE 물건 (a INT)", "TS204", "물건"),
        ("CREATE TEMP TABLE t AS SELECT 1", "TS600", None),
        ("CREATE OR REPLACE TEMPORARY TABLE t (a INT)", "TS600", None),
        ("DROP TABLE 물건, t", "TS105", ","),
    ],
)
def test_a_wrong_table_is_marked_and_not_made(goods, cell, code, marked):
    before = goods.session.catalog.tables
    error = goods.fail(cell)
    assert error.code == code
    if marked is not None:
        assert cell[slice(*error.span)] == marked
    assert goods.session.catalog.tables == before


def test_drop_table_takes_cascade_and_restrict(goods):
    goods.run("DROP TABLE 물건 CASCADE; DROP TABLE IF EXISTS 물건 RESTRICT")
    assert not goods.session.catalog.tables


# -- ALTER TABLE -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "after"),
    [
        ("ADD COLUMN IF NOT EXISTS c INTEGER DEFAULT 1 + 2", [(1, "하나", 1.5, 3), (None, "둘", 2.0, 3)]),
        ("ADD c VARCHAR[] DEFAULT ['새']", [(1, "하나", 1.5, ["새"]), (None, "둘", 2.0, ["새"])]),
        ("ADD COLUMN IF NOT EXISTS K VARCHAR", [(1, "하나", 1.5), (None, "둘", 2.0)]),
        ("DROP COLUMN IF EXISTS 없음", [(1, "하나", 1.5), (None, "둘", 2.0)]),
        ("DROP COLUMN IF EXISTS 값 CASCADE", [(1, "하나"), (None, "둘")]),
        ("RENAME 값 TO 가격", [(1, "하나", 1.5), (None, "둘", 2.0)]),
        ("ALTER k TYPE VARCHAR", [("1", "하나", 1.5), (None, "둘", 2.0)]),
        ("ALTER COLUMN 값 SET DATA TYPE DOUBLE", [(1, "하나", 1.5), (None, "둘", 2.0)]),
        ("ALTER 값 SET TYPE INTEGER USING ceil(값)", [(1, "하나", 2), (None, "둘", 2)]),
        (
            "ALTER 이름 TYPE VARCHAR USING 물건.이름 || coalesce(k, 0)",
            [(1, "하나1", 1.5), (None, "둘0", 2.0)],
        ),
        ("ALTER 이름 TYPE BIGINT USING (SELECT count(*) FROM 물건)", [(1, 2, 1.5), (None, 2, 2.0)]),
        ("ALTER k TYPE STRUCT(a INT) USING {'a': k}", [({"a": 1}, "하나", 1.5), ({"a": None}, "둘", 2.0)]),
    ],
)
def test_alter_table_takes_duckdbs_forms(goods, cell, after):
    goods.run(f"ALTER TABLE 물건 {cell}")
    assert [tuple(map(plain, row)) for row in rows(goods)] == after


def plain(value):
    return float(value) if type(value).__name__ == "Decimal" else value


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("ALTER 값 TYPE INTEGER", "TS301", "값"),
        ("ALTER 이름 TYPE INTEGER", "TS301", "이름"),
        ("ALTER 값 TYPE INTEGER USING 값 + 0.25", "TS301", "값 + 0.25"),
        ("ALTER 없음 TYPE INTEGER", "TS202", "없음"),
        ("ALTER 값 TYPE INTEGER USING 없음", "TS202", "없음"),
        ("ALTER 값 TYPE INTEGER USING sum(k)", "TS105", "sum(k)"),
        ("ALTER 값 SET DEFAULT 5", "TS600", "DEFAULT 5"),
        ("ALTER 값 DROP NOT NULL", "TS600", "NOT NULL"),
        ("ADD COLUMN c INTEGER DEFAULT k + 1", "TS105", "k"),
        ("ADD COLUMN c INTEGER DEFAULT 1.5", "TS301", "1.5"),
        ("ADD COLUMN c INTEGER NOT NULL", "TS600", "NOT NULL"),
        ("ADD COLUMN k INTEGER DEFAULT 1", "TS204", "k"),
    ],
)
def test_a_wrong_alteration_is_marked_and_changes_nothing(goods, cell, code, marked):
    cell = f"ALTER TABLE 물건 {cell}"
    before = rows(goods), types(goods)
    error = goods.fail(cell)
    assert error.code == code
    assert cell[slice(*error.span)] == marked
    assert (rows(goods), types(goods)) == before


def test_a_table_that_is_not_there_may_be_altered_if_it_exists(goods):
    (result,) = goods.run("ALTER TABLE IF EXISTS 없음 ADD COLUMN c INTEGER")
    assert result.text == "there is no table 없음; nothing was done"


def test_a_default_fills_the_rows_that_are_there_and_says_so(goods):
    (result,) = goods.run("ALTER TABLE 물건 ADD COLUMN c DOUBLE DEFAULT random()")
    assert len({row[3] for row in rows(goods)}) == 2
    assert result.notices == ("rows added later have NULL in c unless they say otherwise",)


def test_another_type_keeps_the_order_of_rows_between_which_some_were_deleted(world):
    world.run("CREATE TABLE t AS SELECT range AS n, 'x' || range AS s FROM range(20000)")
    world.run("DELETE FROM t WHERE n % 3 = 0; INSERT INTO t VALUES (7, 'y')")
    before = rows(world, "t")
    world.run("ALTER TABLE t ALTER n TYPE VARCHAR; ALTER TABLE t ALTER s TYPE VARCHAR[] USING [s]")
    assert rows(world, "t") == [(str(n), [s]) for n, s in before]


def test_a_column_that_vectors_were_made_of_keeps_its_type(world):
    put_photos(world, "사진", [(1, "1.jpg", 1.0)], facts())
    error = world.fail("ALTER TABLE 사진 ALTER path TYPE VARCHAR[] USING [path]")
    assert error.message == "v was made of path, which keeps its type therefore"
    world.run("ALTER TABLE 사진 ALTER v TYPE DOUBLE[2]")
    assert world.session.catalog.table("사진").column("v").generated is None
    world.run("ALTER TABLE 사진 ALTER path TYPE VARCHAR[] USING [path]")
    assert rows(world, "사진") == [(1, ["1.jpg"], [1.0, 1.0])]
