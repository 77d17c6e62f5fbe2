"""``json_array_elements``: as in PostgreSQL, each element of a JSON list is a row."""

from __future__ import annotations

import json
import random

import pytest

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.duck import words


@pytest.fixture
def texts(world):
    """The table texts: an id, and a JSON object with keywords and scores."""
    chance = random.Random(5)
    found = [
        {"keyword": [f"단어 {n}" for n in range(k)], "score": [round(chance.random(), 3) for _ in range(k)]}
        for k in (3, 0, 1, 5, 2, 4, 1, 1)
    ]
    values = ", ".join(
        f"({n}, '{json.dumps(item, ensure_ascii=False)}'::JSON)" for n, item in enumerate(found)
    )
    world.run(f"CREATE TABLE texts AS SELECT * FROM (VALUES {values}, (99, NULL)) AS t(id, keyword)")
    expected = [
        (n, word, score)
        for n, item in enumerate(found)
        for word, score in zip(item["keyword"], item["score"], strict=True)
    ]
    return world, expected


def test_elements_are_rows_and_their_numbers_are_numbers(texts):
    world, expected = texts
    query = (
        "SELECT id, json_array_elements(keyword -> 'keyword') AS word, "
        "(json_array_elements(keyword -> 'score'))::text::float AS score FROM texts"
    )
    rows = world.rows(query)
    assert [(row["id"], json.loads(row["word"]), round(row["score"], 3)) for row in rows] == expected
    best = world.rows(f"SELECT * FROM ({query}) WHERE score > 0.3 ORDER BY score DESC LIMIT 3")
    wanted = sorted((row for row in expected if row[2] > 0.3), key=lambda row: -row[2])[:3]
    assert [(row["id"], round(row["score"], 3)) for row in best] == [(row[0], row[2]) for row in wanted]
    assert list(diagnose(Document(query, world.session.catalog))) == []


@pytest.mark.parametrize("limit", [1, 2, 4, 9])
def test_a_limit_counts_elements_and_not_the_rows_that_they_come_from(texts, limit: int):
    world, expected = texts
    rows = world.rows(
        f"SELECT id, json_array_elements_text(keyword -> 'keyword') AS word FROM texts LIMIT {limit}"
    )
    assert [(row["id"], row["word"]) for row in rows] == [row[:2] for row in expected][:limit]
    assert not words.is_of_one_row("json_array_elements")


def test_a_field_of_json_is_read_by_an_arrow(texts):
    world, _ = texts
    row = world.rows(
        "SELECT keyword -> 'keyword' AS keywords, keyword ->> 'score' AS s FROM texts WHERE id = 2"
    )[0]
    assert json.loads(row["keywords"]) == ["단어 0"]
    assert len(json.loads(row["s"])) == 1


def test_what_is_no_list_is_an_error_and_not_no_rows(world):
    assert "ARRAY" in world.fail("""SELECT json_array_elements('{"a": 1}'::JSON)""").message
