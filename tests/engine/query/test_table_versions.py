"""``t VERSION n`` gives the rows and columns that t had at that version, wherever a table may stand, and nothing else."""

from random import Random

import duckdb
import lance
import pytest

from tests.hunts import rounds
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError

FIVE = "CREATE TABLE t AS SELECT range AS a, 'x' || range AS b FROM range(5); UPDATE t SET b = 'y' WHERE a = 1; DELETE FROM t;"


@pytest.fixture
def five(world):
    """Version 1: five rows; 2: one of them changed; 3: none."""
    world.run(FIVE)
    return world


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT count(*) AS n FROM t", [{"n": 0}]),
        ("SELECT a, b FROM t VERSION 2 WHERE a < 2", [{"a": 0, "b": "x0"}, {"a": 1, "b": "y"}]),
        ("SELECT t.a FROM t version 1 ORDER BY t.a DESC LIMIT 2", [{"a": 4}, {"a": 3}]),
        ("SELECT old.b, new.b AS c FROM t VERSION 1 AS old JOIN t VERSION 2 new USING (a) WHERE a = 1", [{"b": "x1", "c": "y"}]),
        ("SELECT old.a, t.a AS b FROM t VERSION 1 old LEFT JOIN t ON t.a = old.a WHERE old.a = 3", [{"a": 3, "b": None}]),
        ("SELECT count(*) AS n FROM t VERSION 1, t VERSION 2 AS x", [{"n": 25}]),
        ("WITH c AS (SELECT * FROM t VERSION 1) SELECT count(*) AS n FROM c", [{"n": 5}]),
        ("WITH t AS (SELECT 9 AS a) SELECT max(t.a) AS n FROM t VERSION 1", [{"n": 4}]),
        ("SELECT (SELECT max(a) FROM t VERSION 1) AS n", [{"n": 4}]),
        ("SELECT count(*) AS n FROM (t VERSION 1 a JOIN t VERSION 2 b USING (a))", [{"n": 5}]),
        ("FROM t VERSION 2 SELECT max(b) AS n", [{"n": "y"}]),
        ("FROM t AT (VERSION => 1) LIMIT 1", [{"a": 0, "b": "x0"}]),
        ("TABLE t VERSION 1 LIMIT 1", [{"a": 0, "b": "x0"}]),
        ("SELECT count FROM (SUMMARIZE t VERSION 1) LIMIT 1", [{"count": 5}]),
        ("SELECT column_name AS n FROM (DESCRIBE t VERSION 1)", [{"n": "a"}, {"n": "b"}]),
        ("SELECT column_name AS n FROM (DESCRIBE SELECT b FROM t VERSION 1)", [{"n": "b"}]),
        ('SELECT count(*) AS n FROM "t"VERSION 1', [{"n": 5}]),
        ("SELECT count(*) AS n FROM t VERSION /* which */ 1 -- rows", [{"n": 5}]),
    ],
)  # fmt: skip
def test_it_stands_wherever_a_table_does(five, query, rows):
    assert five.rows(query) == rows


@pytest.mark.parametrize(
    "query",
    [
        "SELECT version FROM (SELECT 1 AS version) version",
        "SELECT version.version FROM version",
        "SELECT version FROM version version",
        "SELECT version.version FROM version VERSION 1",
        "SELECT max(version) AS version FROM version AS version",
        "SELECT 1 AS version",
        "WITH version AS (SELECT 1 AS version) SELECT * FROM version",
    ],
)
def test_version_stays_a_name_like_any_other(world, query):
    world.run("CREATE TABLE version AS SELECT 1 AS version")
    assert world.rows(query) == [{"version": 1}]


def test_what_a_delete_took_is_brought_back_by_an_insert(five):
    five.run(
        "INSERT INTO t SELECT * FROM t VERSION 2 WHERE a > 0; INSERT INTO t SELECT * FROM t VERSION 1 WHERE a = 0"
    )
    assert five.rows("SELECT a, b FROM t ORDER BY a")[:2] == [{"a": 0, "b": "x0"}, {"a": 1, "b": "y"}]
    five.run("DELETE FROM t WHERE a > 1; CREATE OR REPLACE TABLE t AS SELECT * FROM t VERSION 1")
    assert five.rows("SELECT count(*) AS n FROM t WHERE b != 'y'") == [{"n": 5}]


def test_rows_are_changed_by_what_they_were(five):
    five.run(
        "INSERT INTO t SELECT * FROM t VERSION 2; UPDATE t SET b = old.b FROM t VERSION 1 old WHERE t.a = old.a"
    )
    assert five.rows("SELECT count(*) AS n FROM t JOIN t VERSION 1 o USING (a, b)") == [{"n": 5}]
    five.run("MERGE INTO t USING t VERSION 2 AS s ON t.b = s.b WHEN MATCHED THEN DELETE")
    assert five.rows("SELECT a FROM t") == [{"a": 1}]
    five.run("DELETE FROM t USING t VERSION 1 x WHERE x.a = t.a")
    assert five.rows("SELECT a FROM t") == []


@pytest.mark.parametrize(
    ("cell", "marked"),
    [
        ("SELECT * FROM t VERSION 9", ("TS210", "t VERSION 9")),
        ("SELECT * FROM u VERSION 1", ("TS201", "u")),
        ("SELECT * FROM t VERSION 0", ("TS103", "0")),
        ("SELECT * FROM t VERSION 1.5", ("TS103", "1.5")),
        ("SELECT 사진, c FROM t VERSION 1", ("TS202", "사진")),
        ("SELECT t.c FROM t VERSION 1", ("TS202", "c")),
        ("UPDATE t VERSION 1 SET a = 1", ("TS104", "t VERSION 1")),
        ("DELETE FROM t VERSION 1 WHERE a = 1", ("TS104", "t VERSION 1")),
        ("INSERT INTO t VERSION 1 VALUES (1, 'a')", ("TS104", "t VERSION 1")),
        ("MERGE INTO t VERSION 1 USING t s ON true WHEN MATCHED THEN DELETE", ("TS104", "t VERSION 1")),
        ("DROP TABLE t VERSION 1", ("TS104", "t VERSION 1")),
        ("SELECT 1 VERSION 3", ("TS105", "3")),
    ],
)
def test_what_cannot_be_is_marked(five, cell, marked):
    assert five.marked(cell) == marked


def test_a_version_that_is_not_there_any_more_is_told_from_one_that_never_was(five):
    five.run("VACUUM t")
    gone, never = five.fail("SELECT * FROM t VERSION 1"), five.fail("SELECT * FROM t VERSION 9")
    assert (gone.message, never.message) == ("t has no version 1 any more", "t has no version 9")
    assert gone.hint == never.hint == "the versions are 3"


def test_names_in_quotes_and_of_korea(world):
    world.run('CREATE TABLE "내 사진" AS SELECT 1 AS 값; DELETE FROM "내 사진"')
    assert world.rows('SELECT "내 사진".값 FROM "내 사진" VERSION 1') == [{"값": 1}]
    assert world.marked('SELECT 값, 없음 FROM "내 사진" VERSION 1') == ("TS202", "없음")


def test_parameters_and_views(five):
    assert five.rows("SET VARIABLE n = 2; SELECT max(b) AS b FROM t VERSION $n") == [{"b": "y"}]
    five.run("CREATE VIEW was AS SELECT a FROM t VERSION 1")
    assert five.rows("SELECT count(*) AS n FROM was") == [{"n": 5}]
    assert five.marked("SELECT * FROM was VERSION 1") == ("TS220", "was")


def test_explain_says_which(five):
    (told,) = five.run("EXPLAIN SELECT b FROM t VERSION 1 WHERE a > 2")
    assert "table t VERSION 1: 5 rows" in told.text


def test_a_table_keeps_its_versions_when_it_is_renamed_and_loses_them_when_dropped(five):
    five.run("ALTER TABLE t RENAME TO u")
    assert five.rows("SELECT count(*) AS n FROM u VERSION 1") == [{"n": 5}]
    five.run("DROP TABLE u; CREATE TABLE u AS SELECT 'new' AS c")
    assert five.rows("SELECT * FROM u VERSION 1") == [{"c": "new"}]
    assert five.marked("SELECT * FROM u VERSION 2") == ("TS210", "u VERSION 2")


def test_a_shown_version_stays_a_result(five):
    five.run("SELECT * FROM t VERSION 1", number=3)
    five.run("INSERT INTO t VALUES (7, 'z'); VACUUM t")
    assert five.rows("SELECT count(*) AS n FROM _3") == [{"n": 5}]


# -- the hunt ------------------------------------------------------------------------------------------------------
CHANGES = [
    "INSERT INTO {t} SELECT range, {n}, repeat('é', {n} % 5) FROM range({n} % 4)",
    "INSERT INTO {t} BY NAME SELECT {n} AS a",
    "DELETE FROM {t} WHERE a % 3 = {n} % 3",
    "DELETE FROM {t}",
    "UPDATE {t} SET b = b + {n} WHERE a % 2 = {n} % 2",
    "CREATE OR REPLACE TABLE {t} AS SELECT range AS a, {n} AS b, md5(range::VARCHAR) AS c FROM range({n} % 6)",
    "CREATE OR REPLACE TABLE {t} AS SELECT * FROM {t} VERSION {v}",
    "INSERT INTO {t} BY NAME SELECT a, b, c FROM {t} VERSION {v}",
    "DROP TABLE {t}; CREATE TABLE {t} AS SELECT range AS a, -{n} AS b, 'new' AS c FROM range(1 + {n} % 6)",
    "ALTER TABLE {t} ADD COLUMN d{n} INTEGER DEFAULT {n}",
    "RESTORE {t} TO VERSION {v}",
    "ALTER TABLE {t} RENAME TO moved; ALTER TABLE moved RENAME TO {t}",
    "VACUUM {t}",
]
QUERIES = [
    "SELECT a, b, c FROM {t} VERSION {v} ORDER BY ALL",
    "SELECT * FROM {t} VERSION {v} AS q WHERE q.a > 1 ORDER BY ALL",
    "SELECT x.a, y.b FROM {t} VERSION {v} x JOIN {u} VERSION {w} AS y USING (a) ORDER BY ALL",
    "SELECT b, count(*) FROM {t} VERSION {v} WHERE a IN (SELECT a FROM {u} VERSION {w}) GROUP BY b ORDER BY ALL",
    "WITH q AS (FROM {t} VERSION {v}) SELECT (SELECT count(*) FROM q), max(z.c) FROM {u} VERSION {w} z",
    "SELECT a FROM {t} VERSION {v} EXCEPT SELECT a FROM {t} VERSION {w2} ORDER BY ALL",
    "SELECT {t}.a FROM {t} VERSION {v} ORDER BY {t}.b NULLS LAST, a, c LIMIT 3",
    "SELECT count(*) FROM ({t} VERSION {v} i CROSS JOIN {u} VERSION {w} j)",
]  # fmt: skip
NAMES = ("t", "사진")


class Two:
    """Two sessions on a database, and a copy of each version that its tables had."""

    def __init__(self, folder, seed):
        self.random = Random(seed)
        self.sessions = [Session(folder / "db", working_folder=folder) for _ in range(2)]
        self.copies = {name: {} for name in NAMES}
        for name in NAMES:
            self.run(f"CREATE TABLE {name} AS SELECT range AS a, 0 AS b, 'c' AS c FROM range(5)")
            self.look(name)

    def run(self, cell):
        found = []
        self.random.choice(self.sessions).run(cell, emit=found.append)
        return found

    def look(self, name):
        """Copy what is stored, asking Lance alone, and forget versions that are gone."""
        store = self.sessions[0].database.tables.store
        there = store.version_times(self.sessions[0].catalog.table(name).storage_name)
        uri = str(store.folder(self.sessions[0].catalog.table(name).storage_name))
        known = self.copies[name]
        copies = {number: known.get(number) for number in there}
        for number in there:
            if copies[number] is None:
                copies[number] = lance.dataset(uri, version=number).to_table()
        self.copies[name] = copies

    def change(self):
        name, change = self.random.choice(NAMES), self.random.choice(CHANGES)
        version = self.random.choice(list(self.copies[name]))
        try:
            self.run(change.format(t=name, n=self.random.randrange(1, 40), v=version))
        except ThanoSQLError as error:
            if error.code[:3] not in ("TS2", "TS3"):  # columns differ
                raise
        if change.startswith("DROP"):
            self.copies[name] = {}
        self.look(name)

    def query(self):
        one, other = self.random.choice(NAMES), self.random.choice(NAMES)
        pick = self.random.choice
        v, w2, w = pick(list(self.copies[one])), pick(list(self.copies[one])), pick(list(self.copies[other]))
        text = pick(QUERIES)
        expected = duckdb.connect()
        for name in NAMES:
            for number, table in self.copies[name].items():
                expected.register(f"{name}_{number}", table)
        cell = text.format(t=one, u=other, v=v, w=w, w2=w2)
        own = text.replace("{t} VERSION {v} ORDER BY {t}", "{t}_{v} {t} ORDER BY {t}")
        own = (
            own.replace("{t} VERSION ", "{t}_")
            .replace("{u} VERSION ", "{u}_")
            .format(t=one, u=other, v=v, w=w, w2=w2)
        )
        try:
            rows = [tuple(row) for row in expected.execute(own).fetchall()]
        except duckdb.Error:
            with pytest.raises(ThanoSQLError):
                self.run(cell)
            return
        (result,) = self.run("SET display.rows = 1000; " + cell)[-1:]
        assert [tuple(row.values()) for row in result.rows.to_pylist()] == rows, cell
        assert result.total == len(rows)

    def missing(self):
        name = self.random.choice(NAMES)
        number = next(n for n in range(1, 10_000) if n not in self.copies[name])
        with pytest.raises(ThanoSQLError) as caught:
            self.run(f"SELECT * FROM {name} VERSION {number}")
        assert caught.value.code == "TS210"


@pytest.mark.hunt
@pytest.mark.parametrize("seed", range(rounds(2, 12)))
def test_every_version_is_what_it_was_whatever_two_sessions_do(tmp_path, seed):
    two = Two(tmp_path, seed)
    for step in range(60):
        two.change()
        two.query()
        two.query()
        if step % 10 == 0:
            two.missing()
    for session in two.sessions:
        session.close()
