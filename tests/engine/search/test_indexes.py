"""An index of vectors finds nearly all of the best rows, never gives a wrong one, and is used for nothing else."""

import sys
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tests.hunts import rounds
from thanosql_kernel.engine.search import index_requests, indexes
from thanosql_kernel.engine.search import recall as measuring
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.interrupts import abandonable, never

DIM = 16


def clustered(count, dim=DIM, seed=0, clusters=40):
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((clusters, dim))
    return (centres[random.integers(0, clusters, count)] + 0.4 * random.standard_normal((count, dim))).astype(
        np.float32
    )


def table_of(vectors, start=0, missing=0):
    """Rows with a number and a vector; one of ``missing`` has none."""
    dim = vectors.shape[1]
    mask = pa.array([bool(missing) and number % missing == 1 for number in range(len(vectors))])
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), dim, mask=mask)
    return pa.table({"id": pa.array(range(start, start + len(vectors)), pa.int64()), "v": column})


@pytest.fixture
def small(world, monkeypatch):
    """A table t of 4,000 rows, and a memory that holds hardly any vectors."""
    monkeypatch.setattr(index_requests, "LEAST_BYTES", 30_000)
    monkeypatch.setattr(measuring, "_SAMPLES", 5)
    world.session.database.searcher.memory.cap_bytes = 1 << 10
    world.put("t", table_of(clustered(4000), missing=50))
    return world


def found(world, name, queries, k, *, is_near=False):
    """What the index of a table's vectors finds; None where it is not used."""
    dataset, _ = world.session.database.tables.open(world.session.catalog.table(name).name)
    use = indexes.find(dataset, "v", world.session.database.searcher.records)
    if use is None:
        return None
    with abandonable(never) as call:
        return indexes.best(dataset, use, use.record.effort(is_near), queries, k, call)


def directions(world, name, dim):
    """The vectors of a table's rows in their order, of length one; NaN where there is none."""
    dataset, _ = world.session.database.tables.open(name)
    column = dataset.scanner(columns=["v"], scan_in_order=True).to_table().column("v").combine_chunks()
    missing = pa.scalar([float("nan")] * dim, column.type)
    vectors = column.fill_null(missing).flatten().to_numpy().reshape(-1, dim).astype(np.float64)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def recall(world, name, queries, k=10):
    """The part of the best rows that is found; every row and number that is found is checked."""
    shares, vectors = [], directions(world, name, queries.shape[1])
    for query in queries:
        got, true = found(world, name, query[None], k), vectors @ query / np.linalg.norm(query)
        if got is None:
            continue
        assert len(set(got.positions.tolist())) == len(got.positions) == k
        assert np.allclose(got.scores[:, 0], true[got.positions], atol=1e-5)
        assert (np.diff(got.scores[:, 0]) <= 0).all()
        least = np.sort(true[~np.isnan(true)])[-k]
        shares.append(float((true[got.positions] >= least - 1e-6).mean()))
    return float(np.mean(shares)) if shares else None


# -- the statements ------------------------------------------------------------------------------------------------
def test_it_is_built_shown_used_and_dropped(small):
    (made,) = small.run("CREATE INDEX 색인 ON t USING ivf_rq (v)")
    assert made.text.startswith("index 색인 of t (v) built over 4,000 rows; it finds ")
    (row,) = small.rows("SHOW INDEXES ON t")
    assert (row["name"], row["column"], row["kind"], row["rows"], row["state"]) == (
        "색인",
        "v",
        "IVF_RQ",
        4000,
        "in use",
    )
    assert 0 < row["recall"] <= 1
    assert found(small, "t", clustered(1, seed=5), 10) is not None
    assert small.run("DROP INDEX 색인")[0].text == "index 색인 dropped"
    assert small.rows("SELECT * FROM (LIST INDEX)") == []
    assert found(small, "t", clustered(1, seed=5), 10) is None


def test_none_is_built_where_vectors_fit_or_are_few(small):
    small.put("few", table_of(clustered(20)))
    assert "the vectors of few take 0 MB, and" in small.run("CREATE INDEX ON few (v)")[0].text
    small.session.database.searcher.memory.cap_bytes = 1 << 30
    assert "fit in memory" in small.run("CREATE INDEX ON t (v)")[0].text
    assert small.rows("SHOW INDEXES") == []


@pytest.mark.parametrize(
    ("cell", "marked"),
    [
        ("CREATE INDEX a ON t (id)", ("TS300", "id")),
        ("CREATE INDEX a ON t (nope)", ("TS202", "nope")),
        ("CREATE INDEX a ON u (v)", ("TS201", "u")),
        ("CREATE INDEX a ON t (v, id)", ("TS600", "id")),
        ("CREATE INDEX a ON t USING btree (v)", ("TS600", "btree")),
        ("CREATE INDEX one ON t (v)", ("TS230", "one")),
        ("CREATE INDEX two ON t (v)", ("TS230", "two")),
        ("DROP INDEX two", ("TS230", "two")),
        ("DROP INDEX one ON u", ("TS201", "u")),
    ],
)
def test_what_cannot_be_is_marked(small, cell, marked):
    small.run("CREATE INDEX one ON t (v)")
    assert small.marked(cell) == marked


def test_if_exists_and_if_not_exists(small):
    small.run("CREATE INDEX one ON t (v)")
    assert "exists already" in small.run("CREATE INDEX IF NOT EXISTS one ON t (v)")[0].text
    small.run("CREATE OR REPLACE INDEX two ON t (v)")
    assert [row["name"] for row in small.rows("SHOW INDEXES")] == ["two"]
    assert "nothing was done" in small.run("DROP INDEX IF EXISTS one")[0].text


def test_an_index_without_a_record_is_not_used(small):
    """Somebody else built it, over who knows what."""
    small.run("CREATE INDEX one ON t (v)")
    for file in (small.folder / "db" / "_thanosql" / "indexes").iterdir():
        file.unlink()
    assert found(small, "t", clustered(1, seed=5), 10) is None
    assert "another program" in small.rows("SHOW INDEXES")[0]["state"]


def test_an_index_that_most_rows_have_left_is_not_used(small):
    small.run("CREATE INDEX one ON t (v)")
    small.put("u", table_of(clustered(5000, seed=7), 10_000))
    small.run("INSERT INTO t SELECT * FROM u")
    assert found(small, "t", clustered(1, seed=5), 10) is None
    assert "too many rows have changed" in small.rows("SHOW INDEXES")[0]["state"]


def test_a_stopped_build_leaves_none(small):
    from thanosql_kernel.errors import Interrupted

    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 6

    with pytest.raises(Interrupted):
        small.run("CREATE INDEX one ON t (v)", cancelled=cancelled)
    assert small.rows("SHOW INDEXES") == []


def test_search_with_top_k_says_that_it_is_approximate_and_nothing_else_does(world, monkeypatch):
    monkeypatch.setattr(index_requests, "LEAST_BYTES", 30_000)
    world.run("CREATE TABLE w AS SELECT range AS id, 'text ' || (range % 5) AS text FROM range(5)")
    world.run("CONVERT USING mini OPTIONS(text_col='text') AS SELECT * FROM w")
    world.run("CREATE TABLE t AS SELECT w.* REPLACE (id + 5 * range AS id) FROM w, range(300)")
    search = "SEARCH TEXT USING mini OPTIONS(search_input='바다', result_col='sim'{}) AS SELECT * FROM t{}"
    exact = {
        row["id"]: row["sim"]
        for row in world.run(f"SET display.rows = 2000; {search.format(', top_k=None', '')}")[
            -1
        ].rows.to_pylist()
    }
    world.session.database.searcher.memory.cap_bytes = 1 << 10
    world.run("CREATE INDEX one ON t (mini_clipmini)")
    (shown,) = world.run(search.format(", top_k=3", ""))
    assert any(notice.startswith("approximate: found by index one") for notice in shown.notices)
    assert [row["sim"] for row in shown.rows.to_pylist()] == [
        exact[row["id"]] for row in shown.rows.to_pylist()
    ]
    for others in (
        (", top_k=None", ""),
        (", top_k=3", " WHERE id > 2"),
        (", top_k=3", " VERSION 1"),
        (", top_k=1400", ""),
    ):
        (shown,) = world.run(search.format(*others))
        assert not any("approximate" in notice for notice in shown.notices), others
    assert "index one finds" in world.run("EXPLAIN " + search.format(", top_k=3", ""))[0].text
    assert "index" not in world.run("EXPLAIN " + search.format(", top_k=None", ""))[0].text.replace(
        "no index", ""
    )


# -- hunts ---------------------------------------------------------------------------------------------------------
@pytest.mark.hunt
def test_nearly_all_of_the_best_of_clustered_vectors_are_found(world, monkeypatch):
    monkeypatch.setattr(index_requests, "LEAST_BYTES", 30_000)
    count, dim = rounds(20_000, 100_000), 64
    world.put("t", table_of(clustered(count, dim, clusters=300)))
    world.session.database.searcher.memory.cap_bytes = 1 << 10
    world.run("CREATE INDEX one ON t (v)")
    random = np.random.default_rng(8)
    near = clustered(40, dim, seed=8, clusters=300)
    assert recall(world, "t", near) >= 0.98
    assert recall(world, "t", random.standard_normal((40, dim)).astype(np.float32)) >= 0.9


CHANGES = [
    "INSERT INTO {t} (id, v) SELECT id + {n}, v FROM u WHERE id % 40 = {n} % 40",
    "DELETE FROM {t} WHERE id % 17 = {n} % 17",
    "UPDATE {t} SET v = u.v FROM u WHERE u.id % 100 = {t}.id % 100 AND u.id < 100 AND {t}.id % 23 = {n} % 23",
    "UPDATE {t} SET v = NULL WHERE id % 101 = {n}",
    "UPDATE {t} SET id = id + 1 WHERE id % 31 = {n} % 31",
    "ALTER TABLE {t} ADD COLUMN c{n} INTEGER DEFAULT 1",
    "RESTORE {t} TO VERSION {v}",
    "VACUUM {t}",
    "ALTER TABLE {t} RENAME TO moved; ALTER TABLE moved RENAME TO {t}",
    "CREATE OR REPLACE TABLE {t} AS SELECT id, v FROM {t}",
    "DROP TABLE {t}; CREATE TABLE {t} AS SELECT id, v FROM u",
    "CREATE OR REPLACE INDEX one ON {t} (v)",
    "CREATE OR REPLACE INDEX one ON {t} (v)",
    "DROP INDEX IF EXISTS one",
]  # fmt: skip


@pytest.mark.hunt
@pytest.mark.parametrize("seed", range(rounds(2, 10)))
def test_rows_and_numbers_are_right_whatever_was_changed_since(small, seed):
    random, shares = Random(seed), []
    small.put("u", table_of(clustered(2000, seed=3), missing=30))
    small.run("CREATE INDEX one ON t (v)")
    for step in range(rounds(25, 60)):
        there = small.session.database.tables.store.version_times("t")
        change = random.choice(CHANGES).format(
            t="t", n=random.randrange(1, 100), v=random.choice(list(there))
        )
        try:
            small.run(change)
        except ThanoSQLError as error:
            if error.code not in ("TS204", "TS202"):
                raise
        got = recall(small, "t", clustered(3, seed=1000 * seed + step))
        if got is not None:
            shares.append(got)
    assert len(shares) >= 3
    assert np.mean(shares) > 0.85
