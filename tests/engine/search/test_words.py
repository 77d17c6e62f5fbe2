"""Words beside meanings: BM25 and reciprocal rank fusion are what their papers say, over the rows at hand."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import DIM, PixelEncoder

from tests.hunts import rounds
from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.search.words import fused, word_scores
from thanosql_kernel.interrupts import never
from thanosql_kernel.models import registry

WORDS = "a black cat cats café 고양이 길고양이가 강아지 바다 2024 ＣＡＴ photo-cat 猫 海".split()
OF_HANGUL_AND_HAN = re.compile("[가-힣一-鿿]")


def oracle(texts: Sequence[str | None], keyword: str) -> list[float | None]:
    """BM25 as written down by Robertson, one text and word after the other."""
    plain = [None if text is None else normal(text) for text in texts]
    there = [text for text in plain if text is not None]
    mean = sum(map(len, there)) / len(there) if there else 1.0
    words = list(dict.fromkeys(re.findall(r"[^\W_]+", normal(keyword))))
    found: list[float | None] = []
    for text in plain:
        score = 0.0
        for word in words:
            holding = sum(times(word, other) > 0 for other in there)
            idf = math.log(1 + (len(there) - holding + 0.5) / (holding + 0.5))
            count = 0 if text is None else times(word, text)
            score += count and idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(text or "") / mean))
        found.append(None if text is None else score)
    return found


def normal(text: str) -> str:
    return text.replace("ＣＡＴ", "CAT").lower()


def times(word: str, text: str) -> int:
    if OF_HANGUL_AND_HAN.search(word):
        return text.count(word)
    return re.findall(r"[^\W_]+", text).count(word)


def fused_oracle(cosines: Sequence[float | None], words: Sequence[float | None]) -> list[float | None]:
    """Cormack's sum; the rank is one more than how many are better."""
    found: list[float | None] = []
    for cosine, score in zip(cosines, words, strict=True):
        parts = []
        if cosine is not None:
            parts.append(1 / (61 + sum(other is not None and other > cosine for other in cosines)))
        if score:
            parts.append(1 / (61 + sum(other is not None and other > score for other in words)))
        found.append(sum(parts) if parts else None)
    return found


def texts_of(rng: np.random.Generator, count: int) -> list[str | None]:
    return [
        None
        if rng.random() < 0.15
        else "".join(
            f"{word}{rng.choice([' ', ', ', '. ', '!', '/'])}"
            for word in rng.choice(WORDS, rng.integers(0, 9))
        )
        for _ in range(count)
    ]


def assert_same(found: Sequence[float | None], expected: Sequence[float | None]) -> None:
    assert [value is None for value in found] == [value is None for value in expected]
    pairs = [(a, b) for a, b in zip(found, expected, strict=True) if a is not None and b is not None]
    np.testing.assert_allclose([a for a, _ in pairs], [b for _, b in pairs], rtol=1e-9, atol=1e-12)


def as_list(numbers: np.ndarray) -> list[float | None]:
    return [None if math.isnan(number) else float(number) for number in numbers]


@pytest.mark.parametrize("seed", range(30))
def test_words_are_scored_by_bm25(seed):
    rng = np.random.default_rng(seed)
    texts = texts_of(rng, int(rng.integers(1, 60)))
    keyword = " ".join(rng.choice(WORDS, rng.integers(1, 5)))
    rows = ArrowRelation(pa.table({"c": pa.array(texts, pa.string())}), [Column("c", "VARCHAR")])
    assert_same(as_list(word_scores(rows, "c", keyword, never)), oracle(texts, keyword))


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("고양이", "길고양이가 운다", True),
        ("고양이", "고 양이", False),
        ("고양이", "고양이", True),  # as Macs spell the names of files
        ("cat", "a CAT!", True),
        ("cat", "concatenate", False),
        ("cat", "cats", False),
        ("cat", "black-cat", True),
        ("café", "CAFÉ", True),
        ("cat", "ＣＡＴ", True),
        ("猫", "黒猫です", True),
        ("c++", "c", True),
        ("ネコ", "クロネコ", True),
    ],
)
def test_where_a_word_is_found(word, text, is_found):
    rows = ArrowRelation(pa.table({"c": [text, "anything else"]}), [Column("c", "VARCHAR")])
    assert bool(word_scores(rows, "c", word, never)[0] > 0) == is_found


def test_no_rows_and_no_texts_have_no_scores():
    for texts in ([], [None], [None, ""]):
        rows = ArrowRelation(pa.table({"c": pa.array(texts, pa.string())}), [Column("c", "VARCHAR")])
        assert as_list(word_scores(rows, "c", "cat", never)) == [
            None if text is None else 0.0 for text in texts
        ]


@pytest.mark.parametrize("seed", range(30))
def test_both_orders_are_fused_by_reciprocal_rank(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(0, 50))
    cosines = rng.integers(-3, 4, count).astype(np.float32) / 4
    words = rng.integers(0, 4, count).astype(np.float64)
    cosines[rng.random(count) < 0.3] = np.nan
    words[rng.random(count) < 0.3] = np.nan
    assert_same(as_list(fused(cosines, words)), fused_oracle(as_list(cosines), as_list(words)))


# -- cells -------------------------------------------------------------------------------------------------------
SEARCH = "SEARCH IMAGE text='바다' USING mini OPTIONS(emb_col='v', result_col='s', keyword='{}', keyword_col='글'{}) AS {}"


@pytest.fixture
def photos(world, monkeypatch):
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    put(world, 1, 40)
    world.run("SET display.rows = 1000")
    return world


def put(world, seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((count, DIM)).astype(np.float32)
    matrix[::9] = matrix[0]
    vectors = pa.FixedSizeListArray.from_arrays(
        pa.array(matrix.reshape(-1)), DIM, mask=pa.array(rng.random(count) < 0.2)
    )
    world.put(
        "t", pa.table({"id": range(count), "v": vectors, "글": pa.array(texts_of(rng, count), pa.string())})
    )


def check(world, keyword: str, query: str) -> None:
    """All columns against the oracles, and every way to have the rows best first against each other."""
    given = world.rows(query)
    vector = PixelEncoder().encode_texts(["바다"])[0]
    cosines = [None if row["v"] is None else np.float32(row["v"]) for row in given]
    found = world.rows(f"SELECT * FROM ({SEARCH.format(keyword, '', query)})")
    assert [row["id"] for row in found] == [row["id"] for row in given]
    expected = [None if it is None else float(it @ vector / np.linalg.norm(it)) for it in cosines]
    np.testing.assert_allclose(
        [row["s"] for row in found if row["s"] is not None],
        [it for it in expected if it is not None],
        atol=2e-6,
    )
    assert_same([row["s_keyword"] for row in found], oracle([row["글"] for row in given], keyword))
    assert_same(
        [row["s_fused"] for row in found],
        fused_oracle([row["s"] for row in found], [row["s_keyword"] for row in found]),
    )
    best = sorted(found, key=lambda row: (row["s_fused"] is None, -(row["s_fused"] or 0)))
    ids = [row["id"] for row in best]
    assert [row["id"] for row in world.rows(SEARCH.format(keyword, "", query))] == ids
    assert [row["id"] for row in world.rows(SEARCH.format(keyword, ", top_k=7", query))] == ids[:7]
    top = world.rows(
        f"SELECT * FROM ({SEARCH.format(keyword, '', query)}) ORDER BY s_fused DESC NULLS LAST, id LIMIT 5"
    )
    wanted = sorted(found, key=lambda row: (row["s_fused"] is None, -(row["s_fused"] or 0), row["id"]))[:5]
    assert top == wanted


CHANGES = [
    "DELETE FROM t WHERE id % 7 = 3",
    "UPDATE t SET 글 = NULL WHERE id % 5 = 1",
    "UPDATE t SET 글 = '검은 고양이, 고양이' WHERE id % 11 = 2",
    "UPDATE t SET v = NULL WHERE id % 4 = 1",
    "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t",
    "INSERT INTO t SELECT id + 1000, v, 글 FROM t WHERE id < 6",
    "CREATE OR REPLACE TABLE t AS SELECT * FROM t ORDER BY id DESC",
    "VACUUM t",
]
QUERIES = [
    "SELECT * FROM t",
    "SELECT * FROM t WHERE id % 3 = 0",
    "SELECT * FROM t ORDER BY id DESC LIMIT 12",
    "SELECT * FROM (SELECT * FROM t UNION ALL SELECT * FROM t WHERE id < 4)",
]


@pytest.mark.hunt
def test_words_and_ranks_are_those_of_used_tables(photos):
    rng = np.random.default_rng(11)
    for number in range(rounds(8, 80)):
        photos.run(str(rng.choice(CHANGES)))
        keyword = " ".join(rng.choice(WORDS, rng.integers(1, 4)))
        check(photos, keyword, str(rng.choice(QUERIES)))
        if number % 4 == 3:
            photos.run("DROP TABLE t")
            put(photos, number, int(rng.integers(1, 50)))


def test_an_index_on_the_texts_changes_no_number(photos):
    search = SEARCH.format("고양이", "", "SELECT * FROM t")
    before = photos.rows(search)
    store = photos.session.database.tables.store
    store.open("t").create_scalar_index(
        "글", "INVERTED", base_tokenizer="ngram", min_ngram_length=2, max_ngram_length=3
    )
    photos.run("SELECT 1")
    assert photos.rows(search) == before


def test_pictures_are_printed_in_the_order_of_both(photos):
    search = SEARCH.format("고양이", "", "SELECT *, 'p' || id || '.jpg' AS image_path FROM t")
    printed = photos.run(f"PRINT IMAGE AS ({search})")[-1]
    wanted = [f"p{row['id']}.jpg" for row in photos.rows(search)]
    assert [item.path for item in printed.items] == wanted[: len(printed.items)]
    assert "best first by s_fused" in printed.notices


def test_a_later_result_and_a_stored_one_have_the_same_numbers(photos):
    shown = photos.rows(SEARCH.format("고양이", "", "SELECT * FROM t"))
    assert photos.rows("SELECT id, s_fused FROM _") == [
        {"id": row["id"], "s_fused": row["s_fused"]} for row in shown
    ]
    photos.run(SEARCH.format("고양이", ", table_name='found'", "SELECT * FROM t"))
    stored = photos.rows(
        "SELECT id, s, s_keyword, s_fused FROM found ORDER BY s_fused DESC NULLS LAST, id LIMIT 6"
    )
    assert {row["id"]: row["s_fused"] for row in stored}.items() <= {
        row["id"]: row["s_fused"] for row in shown
    }.items()
