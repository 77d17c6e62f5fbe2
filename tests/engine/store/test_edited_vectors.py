"""Edits and vectors: a row keeps the vector of the value that it has, and of no other."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from random_edits import EDITS, SEEDS

from thanosql_kernel.catalog import Column, GeneratedColumn, Weights
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.runtime import StatementRuntime


def facts(source: str = "path", model: str = "clip") -> GeneratedColumn:
    return GeneratedColumn(model, f"{model}en", "image", source, Weights("mini", "1", "f" * 64), 4)


@pytest.fixture
def made(world):
    """Table 사진 with two vector columns made from path, one from 제목 and a plain one."""
    vector = pa.list_(pa.float32(), 4)
    rows = pa.table(
        {
            "id": pa.array(range(6), pa.int64()),
            "path": [f"{n}.jpg" for n in range(6)],
            "제목": ["가", None, "다", "라", "마", "바"],
            "v": pa.array([[float(n)] * 4 for n in range(6)], vector),
            "w": pa.array([[float(n)] * 4 if n != 3 else None for n in range(6)], vector),
            "글": pa.array([[float(n)] * 4 for n in range(6)], vector),
            "own": pa.array([[float(n)] * 4 for n in range(6)], vector),
        }
    )
    made_by = {"v": facts(), "w": facts("PATH", "other"), "글": facts("제목")}
    types = {"id": "BIGINT", "path": "VARCHAR", "제목": "VARCHAR"}
    columns = [Column(name, types.get(name, "FLOAT[4]"), made_by.get(name)) for name in rows.column_names]
    runtime = StatementRuntime(world.session.database, world.folder)
    runtime.changes.store("사진", ArrowRelation(rows, columns), if_exists="replace")
    runtime.close()
    world.run("INSERT INTO 사진 (id, path) VALUES (6, '6.jpg')")
    return world


def with_vector(world, name: str) -> list[int]:
    return [row["id"] for row in world.rows(f'SELECT id FROM 사진 WHERE "{name}" IS NOT NULL')]


def test_another_path_takes_the_rows_vectors_away_and_says_so(made):
    (result,) = made.run("UPDATE 사진 SET path = 'new.jpg', id = id WHERE id IN (2, 3, 6)")
    assert with_vector(made, "v") == [0, 1, 4, 5]
    assert with_vector(made, "w") == [0, 1, 4, 5]
    assert with_vector(made, "글") == with_vector(made, "own") == [0, 1, 2, 3, 4, 5]
    assert result.notices == (
        "2 rows of 사진 have no vector now: run CONVERT USING clip "
        "OPTIONS(image_col='path', result_col='v') AS SELECT * FROM 사진",
        "1 row of 사진 has no vector now: run CONVERT USING other "
        "OPTIONS(image_col='PATH', result_col='w') AS SELECT * FROM 사진",
    )
    assert made.session.catalog.table("사진").column("v").generated == facts()


def test_a_row_that_gets_the_value_it_had_keeps_its_vector(made):
    (result,) = made.run("UPDATE 사진 SET path = replace(path, '4', '7'), 제목 = NULL WHERE id > 0")
    assert with_vector(made, "v") == [0, 1, 2, 3, 5]
    assert with_vector(made, "글") == [0, 1]
    assert [text.partition(" of ")[0] for text in result.notices] == ["1 row", "1 row", "4 rows"]


def test_an_update_of_another_column_keeps_all_vectors(made):
    (result,) = made.run("UPDATE 사진 SET own = NULL, id = id + 0")
    assert with_vector(made, "v") == with_vector(made, "글") == [0, 1, 2, 3, 4, 5]
    assert with_vector(made, "own") == []
    assert result.notices == ()


@pytest.mark.parametrize(
    ("assigned", "stays"),
    [
        ("v = v", True),
        ("v = NULL", True),
        ("v = NULL, path = 'x'", True),
        ("v = [1, 2, 3, 4]", False),
        ("v = v, path = 'x'", False),
        ("v = own", True),
        ("v = v, path = path", True),
    ],
)
def test_vectors_that_somebody_wrote_are_no_models_work(made, assigned, stays):
    made.run(f"UPDATE 사진 SET {assigned} WHERE id = 2")
    assert (made.session.catalog.table("사진").column("v").generated is not None) == stays
    assert len(made.rows("SELECT id FROM 사진")) == 7


@pytest.mark.hunt
@pytest.mark.parametrize("seed", SEEDS)
def test_no_row_has_a_vector_of_another_value(made, seed):
    """In each row all numbers of a vector are the number in the value that it was made of."""
    chance = random.Random(seed)
    for number in range(EDITS // 2):
        low = chance.randrange(8)
        statement = chance.choice(
            [
                f"UPDATE 사진 SET path = '{number + 100}.jpg' WHERE id BETWEEN {low} AND {low + 2}",
                f"UPDATE 사진 SET path = path, id = id WHERE id > {low}",
                "UPDATE 사진 SET 제목 = '새', own = NULL WHERE id % 2 = 0",
                f"UPDATE 사진 SET path = (SELECT min(path) FROM 사진) WHERE id = {low}",
                f"DELETE FROM 사진 WHERE id = {low}",
                f"INSERT INTO 사진 (id, path, v) SELECT id, path, v FROM 사진 WHERE id = {low}",
            ]
        )
        made.run(statement)
        for row in made.rows("SELECT path, v, w FROM 사진"):
            expected = float(row["path"].removesuffix(".jpg"))
            assert all(row[name] in (None, [expected] * 4) for name in ("v", "w")), statement
