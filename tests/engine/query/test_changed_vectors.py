"""Vectors, and what they were made of, where rows change."""

from __future__ import annotations

import pyarrow as pa
import pytest

from thanosql_kernel.catalog import Column, GeneratedColumn, Weights
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.runtime import StatementRuntime


def facts(source: str = "path", fingerprint: str = "f" * 64) -> GeneratedColumn:
    return GeneratedColumn("clip", "clipen", "image", source, Weights("mini", "1", fingerprint), 2)


def put_photos(
    world, name: str, rows: list[tuple[int, str, float | None]], made: GeneratedColumn | None
) -> None:
    table = pa.table(
        {
            "id": [row[0] for row in rows],
            "path": [row[1] for row in rows],
            "v": pa.array(
                [None if row[2] is None else [row[2]] * 2 for row in rows], pa.list_(pa.float32(), 2)
            ),
        }
    )
    columns = [Column("id", "BIGINT"), Column("path", "VARCHAR"), Column("v", "FLOAT[2]", made)]
    runtime = StatementRuntime(world.session.database, world.folder)
    runtime.changes.store(name, ArrowRelation(table, columns), if_exists="replace")
    runtime.close()


@pytest.fixture
def albums(world):
    """Albums 사진 and 새것, whose vectors hold the number in the path that they were made of."""
    put_photos(world, "사진", [(1, "1.jpg", 1.0), (2, "2.jpg", 2.0), (3, "3.jpg", 3.0)], facts())
    put_photos(world, "새것", [(1, "1.jpg", 1.0), (2, "22.jpg", 22.0), (4, "4.jpg", 4.0)], facts())
    return world


def vectors(world) -> list[tuple]:
    rows = world.rows("SELECT id, path, v[1] AS v FROM 사진")
    return [tuple(row.values()) for row in rows]


def generated(world) -> GeneratedColumn | None:
    return world.session.catalog.table("사진").column("v").generated


TAKEN = [(1, "1.jpg", 1.0), (2, "22.jpg", 22.0), (3, "3.jpg", 3.0), (4, "4.jpg", 4.0)]


@pytest.mark.parametrize(
    "cell",
    [
        "INSERT INTO 사진 FROM 새것 ON CONFLICT (id) DO UPDATE SET path = excluded.path, v = excluded.v",
        "MERGE INTO 사진 USING 새것 USING (id) WHEN MATCHED THEN UPDATE WHEN NOT MATCHED THEN INSERT",
        "MERGE INTO 사진 t USING 새것 s ON t.id = s.id WHEN MATCHED THEN UPDATE SET path = s.path, v = s.v "
        "WHEN NOT MATCHED THEN INSERT (id, path, v) VALUES (s.id, s.path, s.v)",
        "MERGE INTO 사진 USING 새것 AS s(id, path, w) USING (id) WHEN MATCHED THEN UPDATE SET v = w, path = s.path "
        "WHEN NOT MATCHED THEN INSERT VALUES (id, path, w)",
    ],
)
def test_vectors_that_come_with_what_they_were_made_of_are_known(albums, cell):
    albums.run(cell)
    assert vectors(albums) == TAKEN
    assert generated(albums) == facts()


@pytest.mark.parametrize(
    "cell",
    [
        "INSERT INTO 사진 FROM 새것 ON CONFLICT (id) DO UPDATE SET path = excluded.path",
        "MERGE INTO 사진 USING 새것 s USING (id) WHEN MATCHED THEN UPDATE SET path = s.path WHEN NOT MATCHED THEN INSERT",
    ],
)
def test_a_value_that_changes_takes_its_vector_along(albums, cell):
    (result,) = albums.run(cell)
    assert vectors(albums) == [(1, "1.jpg", 1.0), (2, "22.jpg", None), (3, "3.jpg", 3.0), (4, "4.jpg", 4.0)]
    assert generated(albums) == facts()
    assert result.notices[0].startswith("1 row of 사진 has no vector now: run CONVERT")


def test_an_update_from_another_table_takes_vectors_along_too(albums):
    albums.run("UPDATE 사진 SET path = s.path FROM 새것 s WHERE s.id = 사진.id")
    assert vectors(albums) == [(1, "1.jpg", 1.0), (2, "22.jpg", None), (3, "3.jpg", 3.0)]


def test_vectors_of_other_weights_are_refused_or_end_what_is_known(albums):
    put_photos(albums, "새것", [(2, "2.jpg", 9.0), (4, "4.jpg", 9.0)], facts(fingerprint="e" * 64))
    insert = "MERGE INTO 사진 USING 새것 USING (id) WHEN NOT MATCHED THEN INSERT"
    assert albums.fail(insert).code == "TS401"
    albums.run("MERGE INTO 사진 USING 새것 s USING (id) WHEN MATCHED THEN UPDATE SET v = s.v")
    assert generated(albums) is None


def test_vectors_of_another_value_are_refused(albums):
    cell = "MERGE INTO 사진 USING 새것 s ON s.id = 사진.id WHEN NOT MATCHED THEN INSERT VALUES (s.id, 'x.jpg', s.v)"
    assert "leave others out" in albums.fail(cell).message
    assert len(vectors(albums)) == 3


def test_tables_in_lances_first_format_are_merged_into(world):
    import lance

    uri = world.folder / "db" / "t.lance"
    uri.parent.mkdir()
    rows = pa.table({"id": [1, 2, 3, 4], "이름": ["a", None, "c", "d"], "l": [["x"], ["y"], [], ["z"]]})
    lance.write_dataset(rows, uri, data_storage_version="legacy", max_rows_per_file=3)
    world.run(
        "MERGE INTO t USING (VALUES (1, '새', ['w']), (3, NULL, NULL), (5, 'e', [])) s(id, 이름, l) USING (id) "
        "WHEN MATCHED AND s.이름 IS NULL THEN DELETE WHEN MATCHED THEN UPDATE WHEN NOT MATCHED THEN INSERT"
    )
    assert [tuple(row.values()) for row in world.rows("FROM t")] == [
        (1, "새", ["w"]),
        (2, None, ["y"]),
        (4, "d", ["z"]),
        (5, "e", []),
    ]
