"""An index of texts changes nothing but how many of them are read."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import DIM, PixelEncoder

from tests.hunts import rounds
from thanosql_kernel.engine.search import index_requests, text_indexes, unused_indexes
from thanosql_kernel.engine.search.texts import counted, plain, tokens_of, words_of
from thanosql_kernel.engine.search.words import word_scores
from thanosql_kernel.errors import Interrupted, ThanoSQLError
from thanosql_kernel.interrupts import never
from thanosql_kernel.models import registry

WORDS = "a black cat cats café 고양이 길고양이가 강아지 바다 개 2024 ＣＡＴ photo-cat 猫 海 K팝 k팝스타 คน 人々 々 ß İ x²".split()
BETWEEN = [" ", ", ", ". ", "!", "/", "", "_", "\n", "\u3000", "\u0301", "\u200b"]
QUERIES = [
    "cat",
    "고양이",
    "개",
    "K팝",
    "black café",
    "人",
    "々",
    "none",
    "バ",
    "x2 ss",
    "길고양이가 2024 คน",
    "i̇",
]


def text_of(random: Random, words: Sequence[str] = WORDS) -> str | None:
    if random.random() < 0.1:
        return None
    text = "".join(random.choice(words) + random.choice(BETWEEN) for _ in range(random.randrange(7)))
    return unicodedata.normalize("NFD", text) if random.random() < 0.2 else text


def table_of(count: int, seed: int, start: int = 0, *, width: int = 400) -> pa.Table:
    """Rows with a number and a text, of which most hold words that no other holds."""
    random = Random(seed)
    rare = [f"w{number}" for number in range(width)]
    texts = [text_of(random, WORDS if random.random() < 0.2 else rare) for _ in range(count)]
    return pa.table({"id": range(start, start + count), "글": pa.array(texts, pa.string())})


@pytest.fixture
def small(world, monkeypatch):
    """A table t of 2,000 rows."""
    monkeypatch.setattr(index_requests, "LEAST_TEXTS", 100)
    world.put("t", table_of(2000, 1))
    return world


@pytest.fixture
def other(small):
    """Another kernel on the same database."""
    opened = type(small)(small.folder)
    yield opened
    opened.session.close()


def indexed(world, name="t", version=None):
    """A table's rows, and the indexes that may be asked."""
    database = world.session.database
    database.tables.refresh()
    if version is None:
        return database.table(name), database.searcher.text_indexes
    from thanosql_kernel.engine.relations.stored import StoredRelation

    return StoredRelation(
        *database.tables.open_version(name, version), is_past=True
    ), database.searcher.text_indexes


def is_used(world, keyword="w7", **which) -> bool:
    rows, found = indexed(world, **which)
    return found.counted(rows, "글", words_of(keyword), never) is not None


def assert_same(world, keyword: str, **which) -> bool:
    """Every number with the index is the one without; gives whether it was used."""
    rows, found = indexed(world, **which)
    with_it = word_scores(rows, "글", keyword, never, found)
    np.testing.assert_array_equal(with_it, word_scores(rows, "글", keyword, never))
    return found.counted(rows, "글", words_of(keyword), never) is not None


# -- tokens --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(rounds(20, 200)))
def test_a_text_that_holds_a_word_has_all_of_its_tokens(seed):
    random = Random(seed)
    texts = pa.array([text_of(random) for _ in range(200)], pa.string())
    tokens = [set((text or "").split()) for text in tokens_of(plain(texts)).to_pylist()]
    held = 0
    for word in words_of(" ".join(random.choice(WORDS) for _ in range(12))):
        for times, there in zip(counted(texts, [word]).times[0], tokens, strict=True):
            held += times > 0
            assert not times or there.issuperset(word.tokens), word
    assert held > 100


# -- the statements ------------------------------------------------------------------------------------------------
def test_it_is_built_shown_used_and_dropped(small):
    (made,) = small.run("CREATE INDEX 색인 ON t USING inverted (글)")
    assert made.text.startswith("index 색인 of t (글) built over 2,000 rows; ")
    (row,) = small.rows("SHOW INDEXES")
    assert (row["name"], row["table"], row["column"], row["kind"]) == ("색인", "t", "글", "INVERTED")
    assert (row["rows"], row["recall"], row["state"]) == (2000, 1.0, "in use")
    assert all(assert_same(small, keyword) for keyword in ("고양이", "w7", "none"))
    assert small.run("DROP INDEX 색인")[0].text == "index 색인 dropped"
    assert small.rows("SHOW INDEXES") == []
    assert not is_used(small)
    assert list((small.folder / "db" / "_thanosql" / "texts").iterdir()) == []


def test_only_texts_that_may_hold_a_word_are_read(small, monkeypatch):
    small.run("CREATE INDEX ON t (글)")
    read = []
    monkeypatch.setattr(
        text_indexes, "counted", lambda texts, words: read.append(len(texts)) or counted(texts, words)
    )
    assert assert_same(small, "w7")
    rows, _ = indexed(small)
    holding = np.count_nonzero(word_scores(rows, "글", "w7", never) > 0)
    assert 0 < holding == sum(read) / 2  # asked twice
    assert small.rows("SHOW INDEXES")[0]["name"] == "t_글_index"


def test_all_are_read_where_every_fourth_may_hold_a_word(small):
    small.put("t", pa.table({"id": range(300), "글": ["고양이" if n % 3 else "개" for n in range(300)]}))
    small.run("CREATE INDEX ON t (글)")
    assert not assert_same(small, "고양이")
    assert assert_same(small, "강아지")


@pytest.mark.parametrize(
    ("cell", "marked"),
    [
        ("CREATE INDEX a ON t (id)", ("TS300", "id")),
        ("CREATE INDEX a ON t USING ivf_rq (글)", ("TS600", "ivf_rq")),
        ("CREATE INDEX one ON t (글)", ("TS230", "one")),
        ("CREATE INDEX two ON t (글)", ("TS230", "two")),
    ],
)
def test_what_cannot_be_is_marked(small, cell, marked):
    small.run("CREATE INDEX one ON t (글)")
    assert small.marked(cell) == marked


def test_few_texts_have_none(world):
    world.put("t", table_of(30, 1))
    assert "no index was built: t has 30 rows" in world.run("CREATE INDEX ON t (글)")[0].text
    assert world.rows("SHOW INDEXES") == []


def test_one_takes_the_place_of_another(small):
    small.run("CREATE INDEX one ON t (글); CREATE OR REPLACE INDEX two ON t (글)")
    assert [row["name"] for row in small.rows("SHOW INDEXES")] == ["two"]
    assert "exists already" in small.run("CREATE INDEX IF NOT EXISTS two ON t (글)")[0].text
    assert len(list((small.folder / "db" / "_thanosql" / "texts").glob("*.lance"))) == 1


def test_it_follows_table_and_column_and_no_other_table_has_it(small):
    small.run("CREATE TABLE other AS SELECT * FROM t; CREATE INDEX one ON t (글)")
    small.run(
        "ALTER TABLE t RENAME COLUMN 글 TO words; ALTER TABLE t RENAME TO u; ALTER TABLE other RENAME TO t"
    )
    (row,) = small.rows("SHOW INDEXES")
    assert (row["table"], row["column"], row["state"]) == ("u", "words", "in use")
    assert not is_used(small)


def test_rows_that_came_later_are_read_and_said(small):
    small.run("CREATE INDEX one ON t (글)")
    small.put("more", table_of(500, 2, 10_000))
    small.run("INSERT INTO t SELECT * FROM more")
    assert small.rows("SHOW INDEXES")[0]["state"] == "in use; 500 rows are looked at one by one"
    assert assert_same(small, "고양이")
    small.put("more", table_of(3000, 3, 20_000))
    small.run("INSERT INTO t SELECT * FROM more")
    assert "too many rows have changed" in small.rows("SHOW INDEXES")[0]["state"]
    assert not assert_same(small, "고양이")


def test_a_stopped_build_leaves_none(small):
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 5

    with pytest.raises(Interrupted):
        small.run("CREATE INDEX one ON t (글)", cancelled=cancelled)
    assert small.rows("SHOW INDEXES") == []
    assert not list((small.folder / "db" / "_thanosql").glob("texts/*.json"))


def test_what_another_kernel_has_removed_is_not_missed(small):
    small.run("CREATE INDEX one ON t (글)")
    for file in (small.folder / "db" / "_thanosql" / "texts").glob("*.lance/**/*"):
        if file.is_file():
            file.unlink()
    assert not assert_same(small, "고양이")


@pytest.mark.parametrize(
    "record", ["", "{", "[]", "{}", '{"uuid": "a", "name": "b", "rows": 1, "parts": [], "starts": {}}']
)
def test_a_damaged_record_is_no_record(small, record):
    small.run("CREATE INDEX one ON t (글)")
    for file in (small.folder / "db" / "_thanosql" / "texts").glob("*.json"):
        file.write_text(record)
    assert small.rows("SHOW INDEXES") == []
    assert not assert_same(small, "고양이")


def test_vacuum_removes_what_no_table_has_any_more(small):
    small.run(
        "CREATE INDEX one ON t (글); CREATE TABLE u AS SELECT * FROM t; CREATE INDEX two ON u (글); DROP TABLE t"
    )
    texts = small.folder / "db" / "_thanosql" / "texts"
    assert len(list(texts.glob("*.json"))) == 2
    small.run("VACUUM")
    assert [row["name"] for row in small.rows("SHOW INDEXES")] == ["two"]
    assert len(list(texts.iterdir())) == 2
    assert assert_same(small, "고양이", name="u")


def test_vacuum_leaves_an_index_that_another_kernel_builds_meanwhile(small, other, monkeypatch):
    """Its table came after the tables were looked at."""
    indexes_of = unused_indexes.vector_index.indexes

    def meanwhile(dataset):
        monkeypatch.setattr(unused_indexes.vector_index, "indexes", indexes_of)
        other.run("CREATE TABLE u AS SELECT * FROM t; CREATE INDEX two ON u (글)")
        return indexes_of(dataset)

    monkeypatch.setattr(unused_indexes.vector_index, "indexes", meanwhile)
    small.run("VACUUM")
    assert [row["name"] for row in small.rows("SHOW INDEXES")] == ["two"]


def test_explain_says_whether_it_is_used(small, monkeypatch):
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    rng = np.random.default_rng(0)
    vectors = pa.FixedSizeListArray.from_arrays(
        pa.array(rng.standard_normal(200 * DIM).astype(np.float32)), DIM
    )
    small.put("p", pa.table({"v": vectors, "글": ["고양이" if n % 9 == 0 else f"x{n}" for n in range(200)]}))
    search = (
        "SEARCH IMAGE text='바다' USING mini OPTIONS(emb_col='v', result_col='s', keyword='고양이', keyword_col='글') "
        "AS SELECT * FROM p"
    )
    before = small.rows(f"SELECT s_keyword, s_fused FROM ({search})")
    assert "texts 글: all are read, once" in small.run(f"EXPLAIN {search}")[0].text
    small.run("CREATE INDEX one ON p (글)")
    assert "texts 글: index one finds those that may hold a word" in small.run(f"EXPLAIN {search}")[0].text
    assert small.rows(f"SELECT s_keyword, s_fused FROM ({search})") == before
    assert "all are read" in small.run(f"EXPLAIN {search} WHERE 글 > ''")[0].text
    small.run("ALTER TABLE p RENAME COLUMN 글 TO words")
    upper = search.replace("글", "WORDS")
    assert "index one finds" in small.run(f"EXPLAIN {upper}")[0].text
    assert small.rows(f"SELECT s_keyword, s_fused FROM ({upper})") == before


# -- used tables ---------------------------------------------------------------------------------------------------
CHANGES = [
    "INSERT INTO t (id, 글) SELECT id + {n}, 글 FROM u WHERE id % 40 = {n} % 40",
    "DELETE FROM t WHERE id % 17 = {n} % 17",
    "UPDATE t SET 글 = '새 고양이 w' || (id % 300) WHERE id % 23 = {n} % 23",
    "UPDATE t SET 글 = NULL WHERE id % 101 = {n}",
    "UPDATE t SET id = id + 1 WHERE id % 31 = {n} % 31",
    "ALTER TABLE t ADD COLUMN c{n} INTEGER DEFAULT 1",
    "RESTORE t TO VERSION {v}",
    "VACUUM t",
    "VACUUM",
    "ALTER TABLE t RENAME TO moved; ALTER TABLE moved RENAME TO t",
    "ALTER TABLE t RENAME TO moved; ALTER TABLE u RENAME TO t; ALTER TABLE moved RENAME TO u",
    "CREATE OR REPLACE TABLE t AS SELECT id, 글 FROM t",
    "DROP TABLE t; CREATE TABLE t AS SELECT id, 글 FROM u",
    "CREATE OR REPLACE INDEX one ON t (글)",
    "CREATE OR REPLACE INDEX one ON t (글)",
    "CREATE OR REPLACE INDEX one ON u (글)",
    "DROP INDEX IF EXISTS one ON t",
]  # fmt: skip


@pytest.mark.hunt
@pytest.mark.parametrize("seed", range(rounds(3, 30)))
def test_numbers_are_the_same_whatever_was_changed_since(small, other, seed):
    random, used = Random(seed), 0
    small.put("u", table_of(1500, 100 + seed))
    small.run("CREATE INDEX one ON t (글)")
    for _ in range(rounds(20, 60)):
        versions = list(small.session.database.tables.store.version_times("t"))
        change = random.choice(CHANGES).format(n=random.randrange(1, 100), v=random.choice(versions))
        try:
            random.choice([small, other]).run(change)
        except ThanoSQLError as error:
            if error.code not in ("TS204", "TS202", "TS210"):
                raise
        for world in (small, other):
            used += assert_same(world, random.choice([*QUERIES, f"w{random.randrange(400)}"]))
        past = random.choice(list(small.session.database.tables.store.version_times("t")))
        used += assert_same(small, random.choice(QUERIES), version=past)
    assert used > 5
