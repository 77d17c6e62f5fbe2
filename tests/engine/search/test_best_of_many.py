"""The best rows of vectors that memory does not hold: by an index or, of few that pass a condition, exactly.

What is held against it is the same query where everything fits in memory and all rows are compared.
"""

from __future__ import annotations

import hashlib
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from tests.engine.conftest import World
from tests.hunts import rounds
from thanosql_kernel.engine.search import finding, index_growth, index_requests, recall
from thanosql_kernel.engine.search.index_readers import IndexReaders
from thanosql_kernel.engine.store import vector_index
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.models import registry

DIM = 16
ROWS = 4000
SEARCH = "SEARCH IMAGE text='{text}' USING mini OPTIONS(emb_col='v', result_col='sim') AS {source}"


class RandomEncoder:
    """Any vector for any text."""

    name, revision, dim, fingerprint, preprocess = "random", "0", DIM, "0" * 64, None

    def encode_texts(self, texts):
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts]
        return np.stack(
            [np.random.default_rng(seed).standard_normal(DIM, dtype=np.float32) for seed in seeds]
        )


def table_of(count, start=0, seed=0, missing=37):
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((40, DIM))
    vectors = centres[random.integers(0, 40, count)] + 0.4 * random.standard_normal((count, DIM))
    numbers = np.arange(start, start + count)
    mask = pa.array(numbers % missing == 1)
    labels = pa.array([[None, "cat", "dog", "cat", "a 'cow'"][number % 5] for number in numbers])
    return pa.table(
        {
            "id": pa.array(numbers, pa.int64()),
            "label": labels,
            "n": pa.array([None if number % 11 == 0 else int(number % 100) for number in numbers]),
            "image_path": [f"photos/{number:05}.jpg" for number in numbers],
            "v": pa.FixedSizeListArray.from_arrays(
                pa.array(vectors.astype(np.float32).reshape(-1)), DIM, mask=mask
            ),
        }
    )


class Many:
    """A table t of more vectors than memory may hold, and an index of them."""

    def __init__(self, world):
        self.world = world
        self.run, self.rows = world.run, world.rows
        self.memory = world.session.database.searcher.memory
        world.put("t", table_of(ROWS))
        self.memory.cap_bytes = 1 << 10

    @property
    def records(self):
        return self.world.folder / "db" / "_thanosql" / "indexes"

    def shown(self, query):
        return self.run(query)[-1]

    def exactly(self, query):
        """The same where all vectors are in memory."""
        self.memory.cap_bytes = 1 << 30
        try:
            return self.shown(query)
        finally:
            self.memory.cap_bytes = 1 << 10
            self.memory._blocks.clear()
            self.memory._layouts.clear()

    def is_approximate(self, query):
        return any("approximate" in notice for notice in self.shown(query).notices)


def indexed(folder, patch):
    patch.setattr(index_requests, "LEAST_BYTES", 30_000)
    patch.setattr(recall, "_SAMPLES", 5)
    patch.setattr(finding, "FEW_ROWS", 300)
    patch.setattr(registry, "load", lambda model, **settings: RandomEncoder())
    found = Many(World(folder))
    found.run("CREATE INDEX one ON t (v); SET display.rows = 100000")
    return found


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """One that nothing changes."""
    with pytest.MonkeyPatch.context() as patch:
        yield indexed(tmp_path_factory.mktemp("read"), patch)


@pytest.fixture
def many(tmp_path, monkeypatch):
    return indexed(tmp_path, monkeypatch)


def searched(text="바다", source="SELECT * FROM t"):
    return SEARCH.format(text=text, source=source)


def best(where="", columns="id, sim", limit="LIMIT 5", source="SELECT * FROM t", by="sim DESC", text="바다"):
    return f"SELECT {columns} FROM ({searched(text, source)}) {where} ORDER BY {by} {limit}"


# -- what is chosen by the index ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        best(),
        best(columns="*"),
        best(limit="LIMIT 5 OFFSET 7"),
        best(columns="sim AS s, id", by="s DESC"),
        best(columns="sim, id", by="1 DESC NULLS LAST"),
        best("AS p", columns="p.id, upper(label) AS l", by="p.sim DESC"),
        best("WHERE label = 'cat'"),
        best("WHERE label <> 'cat' AND sim > -0.9"),
        best("WHERE sim IS NOT NULL"),
        best("WHERE NOT (label = 'cat')"),
        best(source="SELECT * FROM t WHERE label = 'cat'"),
        best("WHERE n < 60", source="SELECT id, n, v FROM t WHERE label = 'cat'"),
    ],
)
def test_a_query_for_the_best_rows_asks_the_index_and_says_so(read, query):
    shown, exact = read.shown(query), read.exactly(query)
    assert any(
        notice.startswith("approximate: found by index one, which had ") for notice in shown.notices
    ), query
    assert not any("approximate" in notice for notice in exact.notices)
    assert shown.rows.num_rows == exact.rows.num_rows == 5
    assert shown.columns == exact.columns


@pytest.mark.parametrize(
    "query",
    [
        best(by="sim"),
        best(by="sim DESC NULLS FIRST"),
        best(by="sim DESC, id"),
        best(by="1 - sim DESC"),
        best(limit=""),
        best(limit="LIMIT 3000"),
        best(columns="id, 1 - sim AS sim"),
        best(columns="* REPLACE (1 - sim AS sim)"),
        best(columns="count(*) OVER () AS c, sim"),
        best(columns="id, random() AS r, sim"),
        best("WHERE sim < 0.3"),
        best("WHERE sim > 0.1 OR label = 'cat'"),
        best("WHERE id > (SELECT avg(id) FROM t)"),
        best("WHERE label = 'nobody'"),
        best("WHERE n = 3"),
        best(source="SELECT * FROM t LIMIT 3500"),
        best(source="SELECT * FROM t ORDER BY id DESC"),
        "SELECT label, max(sim) FROM (" + searched() + ") GROUP BY label ORDER BY 2 DESC LIMIT 3",
        "SELECT DISTINCT label FROM (" + searched() + ") ORDER BY sim DESC LIMIT 3",
        "SELECT a.id FROM (" + searched() + ") AS a JOIN t USING (id) ORDER BY sim DESC LIMIT 3",
        searched(),
    ],
)
def test_any_other_query_is_answered_exactly(read, query):
    try:
        exact = read.exactly(query)
    except Exception as error:
        with pytest.raises(type(error)):
            read.shown(query)
        return
    shown = read.shown(query)
    assert not any("approximate" in notice for notice in shown.notices)
    if "random()" not in query:
        assert shown.rows.to_pylist() == exact.rows.to_pylist()


def test_few_rows_that_pass_are_compared_exactly_without_an_index_too(many):
    many.run("DROP INDEX one")
    for query in (best("WHERE n = 3"), best(source="SELECT * FROM t WHERE n = 3"), best("WHERE id = 38")):
        assert many.shown(query).rows.to_pylist() == many.exactly(query).rows.to_pylist()


def test_rows_without_a_vector_fill_what_is_left(read):
    query = best("WHERE id < 100 AND n % 37 < 2", limit="LIMIT 50")
    rows = read.rows(query)
    assert [row["sim"] for row in rows].count(None) > 0
    assert rows == read.exactly(query).rows.to_pylist()


def test_it_can_be_turned_off(many):
    assert many.is_approximate(best())
    many.run("SET search.index = off")
    assert not many.is_approximate(best())
    assert not many.is_approximate(searched().replace("result_col", "top_k=3, result_col"))
    assert many.rows(best()) == many.exactly(best()).rows.to_pylist()
    many.run("SET search.index = default")
    assert many.is_approximate(best())


def test_pictures_are_printed_of_the_rows_that_it_finds(read):
    printed = read.shown(f"PRINT IMAGE AS ({best(columns='image_path, sim')})")
    assert any("approximate" in notice for notice in printed.notices)


def test_explain_says_it(many):
    told = many.shown("EXPLAIN " + best()).text
    assert "index one finds the likeliest rows" in told
    told = many.shown("EXPLAIN " + best("WHERE label = 'cat'")).text
    assert "the condition says first which rows are compared" in told
    assert "index one" in told
    assert "index one" not in many.shown("EXPLAIN " + best(by="sim")).text
    many.run("SET search.index = off")
    assert "index one" not in many.shown("EXPLAIN " + best()).text


def test_a_condition_that_fails_says_where(read):
    query = best("WHERE CAST(label AS INTEGER) = 3")
    assert read.world.marked(query)[0] == "TS300" or read.world.fail(query).span is not None


def test_a_second_input_is_ordered_by_too(read):
    two = searched().replace("text='바다'", "texts=['바다', '산']")
    query = f"SELECT id, sim1, sim2 FROM ({two}) ORDER BY sim2 DESC LIMIT 5"
    every = {row["id"]: row for row in read.exactly(f"SELECT id, sim1, sim2 FROM ({two})").rows.to_pylist()}
    shown = read.shown(query)
    assert any("approximate" in notice for notice in shown.notices)
    assert all(every[row["id"]] == row for row in shown.rows.to_pylist())


# -- rows that came later --------------------------------------------------------------------------------------------
def segments(many):
    (index,) = vector_index.indexes(many.world.session.database.tables.open("t")[0])
    return [sorted(part.fragments) for part in index.segments]


def add(many, count, start, seed):
    many.world.put("more", table_of(count, start=start, seed=seed))
    many.run("INSERT INTO t SELECT * FROM more")


def test_vacuum_lets_an_index_take_up_rows_that_came_later(many, monkeypatch):
    monkeypatch.setattr(index_growth, "LEAST_TAKEN_UP", 300)
    add(many, 200, 5000, 1)
    (vacuumed,) = many.run("VACUUM t")
    assert not vacuumed.notices
    assert many.rows("SHOW INDEXES")[0]["state"] == "in use; 200 rows are looked at one by one"
    add(many, 300, 6000, 2)
    (vacuumed,) = many.run("VACUUM t")
    assert vacuumed.notices == ("index one has taken up 500 rows that came after it was built",)
    (index,) = many.rows("SHOW INDEXES")
    assert (index["state"], index["rows"]) == ("in use", ROWS + 500)
    assert len(segments(many)) == 2
    add(many, 400, 7000, 3)
    many.run("VACUUM")
    assert len(segments(many)) == 2, "small parts are made one"
    shares, random = [], Random(5)
    for _ in range(12):
        check(many, random, shares)
    assert np.mean(shares or [1.0]) > 0.7
    many.run("DROP INDEX one")
    assert many.rows("SHOW INDEXES") == []
    many.run("VACUUM")
    assert not [*many.records.iterdir()]


def test_what_another_kernel_has_taken_up_meanwhile_stays(many, monkeypatch):
    monkeypatch.setattr(index_growth, "LEAST_TAKEN_UP", 300)
    add(many, 500, 5000, 1)
    built = vector_index.built

    def overtaken(*given):
        monkeypatch.setattr(vector_index, "built", built)
        World(many.world.folder).run("VACUUM t")
        return built(*given)

    monkeypatch.setattr(vector_index, "built", overtaken)
    many.run("VACUUM t")
    assert len(segments(many)) == 2
    assert many.is_approximate(best())


def test_a_part_of_an_index_without_a_record_is_not_used(many, monkeypatch):
    monkeypatch.setattr(index_growth, "LEAST_TAKEN_UP", 300)
    before = {file.name for file in many.records.iterdir()}
    add(many, 500, 5000, 1)
    many.run("VACUUM t")
    for file in many.records.iterdir():
        if file.name not in before:
            file.unlink()
    assert many.rows("SHOW INDEXES")[0]["state"] == "in use; 500 rows are looked at one by one"
    assert many.is_approximate(best())


def test_a_build_that_is_stopped_ends(many, monkeypatch):
    """Lance asks now and then whether to go on; it gives up where the answer is an error."""
    builds, asked = [], []
    built = vector_index.built

    def watched(dataset, column, name, fragments, building):
        builds.append(building)
        return built(dataset, column, name, fragments, building)

    def cancelled():
        asked.append(1)
        return bool(builds)

    monkeypatch.setattr(vector_index, "built", watched)
    with pytest.raises(Interrupted):
        many.run("CREATE OR REPLACE INDEX one ON t (v)", cancelled=cancelled)
    with pytest.raises(Interrupted):
        builds[0](None)
    assert many.is_approximate(best())


def test_a_table_made_again_is_not_read_for_the_one_that_had_its_name_and_version(many):
    tables, readers = many.world.session.database.tables, IndexReaders(1 << 20)
    first = tables.open("t")[0]
    assert readers.of(first, "x") is readers.of(tables.open("t")[0], "x")
    assert readers.of(first, "x").take([7]).equals(first.take([7]))
    version = int(first.version)
    many.run("DROP TABLE t")
    many.world.put("t", table_of(ROWS, seed=9))
    many.run("CREATE INDEX one ON t (v)")
    second = tables.open("t")[0]
    assert int(second.version) == version
    assert readers.of(second, "x").to_table().equals(second.to_table())


# -- hunts ----------------------------------------------------------------------------------------------------------
CONDITIONS = [
    "label = 'cat'", "label <> 'cat'", "label IS NULL", "n < {n}", "n >= {n}", "n IS NULL OR label = 'dog'",
    "NOT (label = 'cat' OR n < {n})", "id % 7 = {n} % 7", "image_path LIKE '%{n}%'", "label IN ('cat', NULL)",
    "label NOT IN ('dog', NULL)", "sim > -0.2", "0.05 <= sim", "sim IS NOT NULL", "n BETWEEN 5 AND {n}",
    "coalesce(label, 'x') = 'x'", "id = {n}", "n + id > {n} * 20", "label = 'a ''cow'''", "sim > NULL", "n = NULL",
]  # fmt: skip
CHANGES = [
    "DELETE FROM t WHERE id % 19 = {n} % 19",
    "UPDATE t SET label = 'dog' WHERE id % 13 = {n} % 13",
    "UPDATE t SET v = u.v FROM u WHERE u.id % 100 = t.id % 100 AND t.id % 23 = {n} % 23 AND u.id < 9100",
    "INSERT INTO t SELECT id + {n} * 1000, label, n, image_path, v FROM u WHERE id % 10 = {n} % 10",
    "UPDATE t SET v = NULL WHERE id % 101 = {n} % 101",
    "ALTER TABLE t RENAME TO moved; ALTER TABLE moved RENAME TO t",
    "VACUUM t",
    "VACUUM",
    "CREATE OR REPLACE INDEX one ON t (v)",
    "DROP TABLE t; CREATE TABLE t AS SELECT * FROM u; CREATE INDEX IF NOT EXISTS one ON t (v)",
    "SELECT 1",
]


def condition(random):
    parts = [
        random.choice(CONDITIONS).format(n=random.randrange(1, 100)) for _ in range(random.randrange(1, 4))
    ]
    return " AND ".join(f"({part})" for part in parts)


def check(many, random, shares):
    """A random query for the best: every row that it gives, and how many of the best these are."""
    where = f"WHERE {condition(random)}" if random.random() < 0.8 else ""
    source = "SELECT * FROM t"
    if random.random() < 0.4:
        source += f" WHERE {condition(random).replace('sim', 'n')}"
    limit, offset = random.choice([1, 5, 20]), random.choice([0, 0, 3])
    text = f"text {random.randrange(50)}"
    query = best(where, limit=f"LIMIT {limit} OFFSET {offset}", source=source, text=text)
    every = f"SELECT id, sim FROM ({searched(text, source)}) {where} ORDER BY sim DESC"
    true = [(row["id"], row["sim"]) for row in many.exactly(every).rows.to_pylist()]
    shown = many.shown(query)
    got = [(row["id"], row["sim"]) for row in shown.rows.to_pylist()]
    assert len(got) == max(0, min(limit, len(true) - offset)), query
    assert set(got) <= set(true), query
    scores = [score for _, score in got if score is not None]
    assert scores == sorted(scores, reverse=True)
    assert [score for _, score in got][: len(scores)] == scores, query
    wanted = [score for _, score in true[offset : offset + limit]]
    if any("approximate" in notice for notice in shown.notices):
        shares += [score >= least for score, least in zip(scores, wanted, strict=True)] if not offset else []
    else:
        assert [score for _, score in got] == wanted, query


@pytest.mark.hunt
@pytest.mark.parametrize("seed", range(rounds(1, 8)))
def test_random_queries_over_used_databases_give_right_rows(many, seed, monkeypatch):
    random, shares = Random(seed), []
    monkeypatch.setattr(index_growth, "LEAST_TAKEN_UP", 200)
    many.world.put("u", table_of(2500, start=9000, seed=3))
    for _ in range(rounds(6, 40)):
        many.run(random.choice(CHANGES).format(n=random.randrange(1, 100)))
        for _ in range(4):
            check(many, random, shares)
    assert np.mean(shares or [1.0]) > 0.7
