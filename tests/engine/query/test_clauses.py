"""WHERE and SET are expressions: nothing else passes for one, and no name of ours can be met in them."""

from __future__ import annotations

import pytest

from thanosql_kernel.errors import ThanoSQLError


@pytest.fixture
def people(world):
    world.run(
        "CREATE TABLE people AS SELECT range AS id, '사람' || range AS 이름, range * 2 AS n, "
        "{'a': range, 'b': 'x'} AS st FROM range(5)"
    )
    return world


@pytest.mark.parametrize(
    ("where", "code", "marked"),
    [
        ("SELECT true", "TS105", "SELECT"),
        ("FROM people", "TS105", "FROM"),
        ("WITH 가 AS (SELECT 1) SELECT true", "TS105", "WITH"),
        ("이름 = '가' OR SELECT true", "TS105", "SELECT"),
        ("id = 1) OR (true", "TS100", ")"),
        ("true, false", "TS100", ","),
        ("true LIMIT 1", "TS105", "LIMIT"),
        ("이름 = '가' ORDER BY id", "TS105", "ORDER"),
        ("true UNION SELECT false", "TS105", "UNION"),
        ("id = 1 WINDOW w AS (ORDER BY id)", "TS105", "WINDOW"),
        ("true USING SAMPLE 1", "TS105", "USING"),
        ("sum(id) > 3", "TS105", "sum(id)"),
        ("row_number() OVER () = 1", "TS105", "row_number() OVER ()"),
        ("_thanosql_position = 0", "TS202", "_thanosql_position"),
        ("_thanosql_1 = 0", "TS202", "_thanosql_1"),
        ("rowid = 0", "TS202", "rowid"),
    ],
)
def test_a_condition_that_is_none_is_marked_and_changes_nothing(people, where, code, marked):
    for statement in (f"DELETE FROM people WHERE {where}", f"UPDATE people SET n = 0 WHERE {where}"):
        assert people.marked(statement) == (code, marked)
    assert [row["n"] for row in people.rows("SELECT n FROM people")] == [0, 2, 4, 6, 8]


@pytest.mark.parametrize(
    ("assigned", "code", "marked"),
    [
        ("n = SELECT 1", "TS105", "SELECT"),
        ("n = 1, 이름 = ('나')) WHERE (true", "TS100", ")"),
        ("n = 1 AS x", "TS105", "AS"),
        ("n = sum(id)", "TS105", "sum(id)"),
        ("n = row_number() OVER ()", "TS105", "row_number() OVER ()"),
        ("n = unnest([1, 2])", "TS105", "unnest([1, 2])"),
        ("n = COLUMNS(*)", "TS105", "COLUMNS(*)"),
        ("이름 = '가', n = 1.5 WHERE id = 1", "TS301", "1.5"),
        ("n = id, 이름 = 이름, n2 = 1", "TS202", "n2"),
        ("이름 = '가', n = '나' || 이름", "TS301", "'나' || 이름"),
        ("n = (SELECT id FROM people) WHERE id = 0", "TS301", "(SELECT id FROM people)"),
    ],
)
def test_an_assignment_that_is_none_is_marked_and_changes_nothing(people, assigned, code, marked):
    before = people.rows("FROM people")
    assert people.marked(f"UPDATE people SET {assigned}") == (code, marked)
    assert people.rows("FROM people") == before


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("id = 4 -- 끝) OR (true", [0, 1, 2, 3]),
        ("id = 4 /* 끝 */ ;", [0, 1, 2, 3]),
        ("(SELECT true) AND id = 3", [0, 1, 2, 4]),
        ("id IN (SELECT max(id) FROM people)", [0, 1, 2, 3]),
        ("COLUMNS(* EXCLUDE (이름, st)) >= 4", [0, 1, 2, 3]),
        ("people.st.a = 2 OR people = (SELECT p FROM people p WHERE id = 1)", [0, 3, 4]),
        ("EXISTS (SELECT * FROM people p WHERE p = people AND p.id < 2)", [2, 3, 4]),
        ("#1 = 0", [1, 2, 3, 4]),
        ("st = {'a': 1, 'b': 'x'}", [0, 2, 3, 4]),
    ],
)
def test_conditions_of_every_shape_delete_the_rows_that_they_hold_for(people, where, left):
    people.run(f"DELETE FROM people WHERE {where}")
    assert [row["id"] for row in people.rows("SELECT id FROM people")] == left


def test_a_whole_row_has_its_columns_and_no_other(people):
    people.run("UPDATE people SET 이름 = people::VARCHAR WHERE id = 1")
    people.run("UPDATE people SET 이름 = to_json(people) WHERE id IN (SELECT 2)")
    names = [row["이름"] for row in people.rows("SELECT 이름 FROM people")]
    assert names[1] == "{'id': 1, '이름': 사람1, 'n': 2, 'st': {'a': 1, 'b': x}}"
    assert names[2] == '{"id":2,"이름":"사람2","n":4,"st":{"a":2,"b":"x"}}'


def test_columns_and_tables_may_have_names_like_those_of_the_kernels_scratch(world):
    names = ["_thanosql_position", "_thanosql_1", "_thanosql_2", "_u", "_u0", "v0"]
    columns = ", ".join(f'range + {number} AS "{name}"' for number, name in enumerate(names))
    world.run(f"CREATE TABLE _u AS SELECT {columns} FROM range(4); CREATE TABLE _t1 AS FROM _u")
    world.run("UPDATE _u SET _thanosql_1 = _thanosql_2, _u = v0, v0 = _u0 WHERE _thanosql_position = 2")
    assert world.rows("FROM _u WHERE _thanosql_position = 2") == [
        {"_thanosql_position": 2, "_thanosql_1": 4, "_thanosql_2": 4, "_u": 7, "_u0": 6, "v0": 6}
    ]
    world.run(
        "DELETE FROM _u WHERE _thanosql_1 IN (SELECT _thanosql_1 FROM _t1 WHERE _thanosql_position < 2)"
    )
    assert [row["_thanosql_position"] for row in world.rows("FROM _u")] == [2, 3]


def test_set_default_is_null(people):
    people.run("UPDATE people SET n = DEFAULT WHERE id = 1")
    assert [row["n"] for row in people.rows("SELECT n FROM people")] == [0, None, 4, 6, 8]


def test_errors_name_nothing_of_the_kernels(people):
    for cell in (
        "UPDATE people SET n = 이름",
        "DELETE FROM people WHERE people.x = 1",
        "UPDATE people SET st = n",
    ):
        assert "_thanosql" not in str(people.fail(cell))


@pytest.mark.parametrize(
    "kind", ["BIGINT) AS y, (SELECT 1", "BIGINT DEFAULT", "INTEGER AS y", "BIGINT FROM people"]
)
def test_what_is_more_than_a_type_is_none(people, kind):
    assert people.fail(f"ALTER TABLE people ADD COLUMN c {kind}").code in ("TS105", "TS100")
    people.run("ALTER TABLE people ADD COLUMN c STRUCT(a DECIMAL(5, 2), 나 VARCHAR[])")


def test_no_table_can_have_the_name_of_something_of_the_kernels(world):
    duck = world.session.database.ducks.open(lambda: None)
    name = duck.scratch_name()
    duck.close()
    assert world.fail(f"CREATE TABLE {name} AS SELECT 1 AS a").code == "TS206"
    for table in ("_a1", "_b1", "_l1", "_p1", "_q", "_t1", "_n1"):
        world.run(f"CREATE TABLE {table} AS SELECT '{table}' AS a")
    found = world.rows(
        "SELECT q.n, _a1.a || _b1.a || _l1.a || _p1.a || _q.a || _t1.a || _n1.a AS a "
        "FROM (SELECT * FROM (LIST TABLE) ORDER BY ALL LIMIT 1) s, _a1, _b1, _l1, _p1, _q, _t1, _n1, "
        "(SELECT count(*) AS n FROM (SELECT * FROM _t1 LIMIT 1 OFFSET 0)) q"
    )
    assert found == [{"n": 1, "a": "_a1_b1_l1_p1_q_t1_n1"}]


def test_parameters_stand_for_values_and_errors_for_their_places(people):
    given = {"값": "가" * 30, "n": 3}
    people.run("UPDATE people SET 이름 = $값, n = $n WHERE id = $n", parameters=given)
    assert people.rows("SELECT 이름, n FROM people WHERE id = 3") == [{"이름": "가" * 30, "n": 3}]
    people.run("INSERT INTO people (이름, id) VALUES ($n, 7), ($값, $n)", parameters=given)
    assert people.rows("SELECT 이름 FROM people")[-2:] == [{"이름": "3"}, {"이름": "가" * 30}]
    cell = "UPDATE people SET 이름 = $값 WHERE $값 = nam"
    with pytest.raises(ThanoSQLError) as caught:
        people.run(cell, parameters=given)
    assert cell[slice(*caught.value.span)] == "nam"
