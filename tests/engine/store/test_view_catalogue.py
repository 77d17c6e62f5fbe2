"""What is kept of views: in the catalogue's file, whole or not at all, by whichever kernel made them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest

from thanosql_kernel.catalog.store import CatalogFile, read
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.errors import ThanoSQLError


@pytest.fixture
def other(photos):
    """Another kernel on the same database."""
    opened = Session(photos.session.location.uri, working_folder=photos.folder)
    yield opened
    opened.close()


def told(session, cell):
    shown = []
    session.run(cell, emit=shown.append)
    return shown[-1].rows.to_pylist()


def test_a_view_is_plain_data_that_an_editor_reads_without_lancedb(photos):
    photos.run("CREATE VIEW 고양이 (번호) AS\nSELECT id, v FROM t -- 여기\nWHERE label = 'cat'")
    data = json.loads((photos.session.location.internal / "catalog.json").read_text("utf-8"))
    assert data["views"] == [
        {
            "name": "고양이",
            "sql": "SELECT id, v FROM t -- 여기\nWHERE label = 'cat'",
            "columns": [{"name": "번호", "type": "BIGINT"}, {"name": "v", "type": "FLOAT[4]"}],
            "given": ["번호"],
        }
    ]
    code = f"""
import sys
from thanosql_kernel.catalog.store import read
print([column.name for column in read({photos.session.location.uri!r}).views["고양이"].columns])
assert not {{"lancedb", "lance", "duckdb", "pyarrow"}} & set(sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['번호', 'v']"


def test_a_view_outlives_the_kernel_and_is_seen_by_others_at_once(photos, other):
    photos.run("CREATE VIEW 짝 AS SELECT id FROM t WHERE id < 3")
    assert told(other, "FROM 짝") == [{"id": 1}, {"id": 2}]
    other.run("CREATE OR REPLACE VIEW 짝 AS SELECT id FROM t WHERE id > 5", emit=print)
    assert photos.rows("FROM 짝") == [{"id": 6}]
    other.run("DROP VIEW 짝", emit=print)
    assert photos.fail("FROM 짝").code == "TS201"
    photos.run("CREATE VIEW bleibt AS SELECT 1 AS x")
    photos.session.close()
    assert told(Session(photos.session.location.uri, working_folder=photos.folder), "FROM bleibt") == [
        {"x": 1}
    ]


def test_views_stay_when_tables_and_models_change(photos):
    photos.run(
        "CREATE VIEW v AS SELECT id FROM t; CREATE TABLE neu AS SELECT 1 AS x; GET THANOSQL MODEL mini AS 내모델"
    )
    photos.run("DELETE FROM t; DROP TABLE neu; DELETE MODEL 내모델; VACUUM")
    assert list(read(photos.session.location.uri).views) == ["v"]


def test_a_table_of_another_program_hides_the_view_of_its_name_until_it_goes(photos):
    photos.run("CREATE VIEW theirs AS SELECT 1 AS x")
    Store(photos.session.location).create("theirs", told_reader())
    assert photos.rows("FROM theirs") == [{"y": 2}]
    photos.run("DROP TABLE theirs")
    assert photos.rows("FROM theirs") == [{"x": 1}]
    photos.run("DROP VIEW theirs")


def told_reader():
    import pyarrow as pa

    return pa.table({"y": [2]}).to_reader()


@pytest.mark.parametrize("first", ["CREATE TABLE 같은 AS SELECT 1 AS x", "CREATE VIEW 같은 AS SELECT 1 AS x"])
def test_one_name_is_given_once_whoever_is_first(photos, other, first):
    """Both have looked, and found the name free, when the first of them takes it."""
    second = "CREATE VIEW 같은 AS SELECT 2 AS x" if "TABLE" in first else "CREATE TABLE 같은 AS SELECT 2 AS x"
    failed = overtaken(photos, other, first, second)
    assert failed.code == "TS204"
    assert photos.rows("FROM 같은") == [{"x": 1}]
    catalog = read(photos.session.location.uri)
    assert ("같은" in catalog.tables) != ("같은" in catalog.views)


def test_two_kernels_cannot_make_a_circle_of_two_views(photos, other):
    photos.run("CREATE VIEW a AS SELECT 1 AS x; CREATE VIEW b AS SELECT 1 AS x")
    failed = overtaken(
        photos, other, "CREATE OR REPLACE VIEW a AS FROM b", "CREATE OR REPLACE VIEW b AS FROM a"
    )
    assert failed.code == "TS221"
    assert photos.rows("FROM a") == [{"x": 1}]


def overtaken(photos, other, first, second) -> ThanoSQLError:
    """The error of a statement that another kernel overtakes between its checks and its commit."""
    from thanosql_kernel.engine.query.writing import TableWriter

    patch = pytest.MonkeyPatch()
    for name in ("create_view", "store"):
        whole = getattr(TableWriter, name)

        def late(self, *given, whole=whole, **more):
            patch.undo()
            other.run(first, emit=print)
            return whole(self, *given, **more)

        patch.setattr(TableWriter, name, late)
    return photos.fail(second)


def test_views_that_are_made_at_the_same_time_are_all_kept(photos):
    sessions = [Session(photos.session.location.uri, working_folder=photos.folder) for _ in range(4)]
    failed = []

    def make(number):
        try:
            for step in range(5):
                sessions[number].run(
                    f"CREATE VIEW v{number}_{step} AS SELECT {step} AS x", emit=lambda _: None
                )
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for session in sessions:
        session.close()
    assert not failed
    assert len(photos.session.catalog.views) == 20


def test_a_catalogue_with_views_is_rewritten_whole_or_not_at_all(photos, monkeypatch):
    photos.run("CREATE VIEW v AS SELECT 1 AS x")
    before = CatalogFile(photos.session.location.internal).path.read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("thanosql_kernel.catalog.store.replace_file", full)
    assert photos.fail("CREATE OR REPLACE VIEW v AS SELECT 2 AS x").code == "TS504"
    assert CatalogFile(photos.session.location.internal).path.read_bytes() == before
    assert photos.rows("FROM v") == [{"x": 1}]
