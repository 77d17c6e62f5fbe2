"""Two kernels that drop and rename the same tables: one of them gets an ordinary error, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.errors import Interrupted, ThanoSQLError


@pytest.fixture
def other(world) -> Iterator[Callable[[str], None]]:
    """Runs cells in another kernel."""
    session = Session(world.folder / "db", working_folder=world.folder)
    yield lambda cell: session.run(cell, emit=lambda result: None) and None
    session.close()


@pytest.fixture
def meanwhile(other, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """The other kernel runs a cell after this one has looked at the tables and before it has their lock."""

    def arrange(cell: str) -> None:
        writing = Store.writing

        def overtaken(store: Store, name: str, check=None):
            monkeypatch.setattr(Store, "writing", writing)
            other(cell)
            return writing(store, name, check)

        monkeypatch.setattr(Store, "writing", overtaken)

    return arrange


OVERTAKEN = [
    ("DROP TABLE 사진", "DROP TABLE 사진", "TS201", []),
    ("ALTER TABLE 사진 RENAME TO b", "DROP TABLE 사진", "TS201", []),
    ("DROP TABLE 사진", "ALTER TABLE 사진 RENAME TO b", "TS201", ["b"]),
    ("ALTER TABLE 사진 RENAME TO b", "ALTER TABLE 사진 RENAME TO 여행", "TS201", ["여행"]),
    ("ALTER TABLE 사진 RENAME TO b", "CREATE TABLE b AS SELECT 2 AS n", "TS204", ["b", "사진"]),
    ("DELETE FROM 사진 WHERE n = 1", "DROP TABLE 사진", "TS201", []),
    ("UPDATE 사진 SET n = 3", "DROP TABLE 사진", "TS201", []),
    ("ALTER TABLE 사진 ADD COLUMN x INTEGER", "DROP TABLE 사진", "TS201", []),
    ("ALTER TABLE 사진 DROP COLUMN m", "DROP TABLE 사진", "TS201", []),
    ("ALTER TABLE 사진 RENAME COLUMN m TO k", "DROP TABLE 사진", "TS201", []),
    ("INSERT INTO 사진 VALUES (5, 6)", "DROP TABLE 사진", "TS201", []),
    ("INSERT INTO 사진 VALUES (1, 6) ON CONFLICT (n) DO UPDATE SET m = 0", "DROP TABLE 사진", "TS201", []),
    ("INSERT INTO 사진 VALUES (5, 6) RETURNING n", "DROP TABLE 사진", "TS201", []),
    (
        "MERGE INTO 사진 USING (SELECT 1 AS n) s USING (n) WHEN MATCHED THEN DELETE",
        "DROP TABLE 사진",
        "TS201",
        [],
    ),
    (
        "UPDATE 사진 SET n = s.n FROM 사진 s WHERE s.n = 사진.n",
        "ALTER TABLE 사진 RENAME TO b",
        "TS201",
        ["b"],
    ),
    ("TRUNCATE 사진", "DROP TABLE 사진", "TS201", []),
    ("ALTER TABLE 사진 ALTER n TYPE VARCHAR", "DROP TABLE 사진", "TS201", []),
    ("ALTER TABLE 사진 ADD COLUMN x INTEGER DEFAULT 1", "DROP TABLE 사진", "TS201", []),
    ("CREATE TABLE b (n INTEGER)", "CREATE TABLE b AS SELECT 2 AS n", "TS204", ["b", "사진"]),
    ("CREATE OR REPLACE TABLE 사진 AS SELECT n FROM 사진", "DROP TABLE 사진", "TS201", []),
    ("CREATE TABLE b AS SELECT 1 AS n", "CREATE TABLE b AS SELECT 2 AS n", "TS204", ["b", "사진"]),
]


@pytest.mark.parametrize(("cell", "first", "code", "left"), OVERTAKEN)
def test_who_comes_second_gets_an_ordinary_error(world, meanwhile, cell, first, code, left) -> None:
    world.run("CREATE TABLE 사진 AS SELECT 1 AS n, 2 AS m")
    meanwhile(first)
    with pytest.raises(ThanoSQLError) as caught:
        world.run(cell)
    assert caught.value.code == code
    assert sorted(world.session.catalog.tables) == left
    assert not list((world.folder / "db" / "_thanosql" / "trash").glob("*"))


@pytest.mark.e2e
def test_a_table_that_somebody_else_is_making_is_not_taken_for_remains(world, other) -> None:
    """Its first rows are on the disk before its first version is."""
    world.run("CREATE TABLE a AS SELECT 1 AS n")
    making = world.folder / "db" / "b.lance" / "data"
    with world.session.database.tables.store.writing("b"):
        making.mkdir(parents=True)
        (making / "rows.lance").write_bytes(b"rows")
        looks = iter([False] * 20)
        with pytest.raises(Interrupted):
            world.run("ALTER TABLE a RENAME TO b", cancelled=lambda: next(looks, True))
    assert (making / "rows.lance").exists()


def test_what_a_killed_writer_left_is_removed_from_a_table_that_was_renamed_since(world) -> None:
    world.run("CREATE TABLE a AS SELECT 1 AS n")
    with pytest.raises(RuntimeError), world.session.database.tables.store.writing("a"):
        raise RuntimeError("as if it was killed")
    left = world.folder / "db" / "a.lance" / "data" / ".tmp1"
    left.write_bytes(b"half a file")
    world.run("ALTER TABLE a RENAME TO 여행")
    world.run("ALTER TABLE 여행 RENAME TO b")
    moved = world.folder / "db" / "b.lance" / "data" / ".tmp1"
    assert moved.exists()
    world.session.database.maintenance._remove_orphans("b", settled_s=0.0)
    assert not moved.exists()
