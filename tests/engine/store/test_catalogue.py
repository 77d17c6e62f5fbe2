"""The catalogue follows the tables: looked at once a statement, whoever changed them meanwhile."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pytest

from thanosql_kernel.catalog import Model
from thanosql_kernel.catalog.store import FORMAT, CatalogFile, NewerFormat
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store.lance import Store


@pytest.fixture
def looks(photos, monkeypatch):
    """How often the tables have been looked at, but for the upkeep behind a cell."""
    monkeypatch.setattr(photos.session.database, "maintain", lambda *cancelled: None)
    found: list[None] = []
    versions = Store.versions

    def counted(self):
        found.append(None)
        return versions(self)

    monkeypatch.setattr(Store, "versions", counted)
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT t.id, empty.s FROM t JOIN empty ON t.id = empty.id WHERE t.label LIKE '%a%'",
        "SELECT * FROM (DESCRIBE t) AS d, (LIST TABLE) AS l, 사진, (SELECT id FROM T) AS 다른",
        "LIST TABLE",
        "SELECT 1 AS x",
    ],
)
def test_a_statement_that_reads_looks_at_the_tables_once(photos, looks, statement):
    photos.run(statement)
    assert len(looks) <= 1


def test_each_statement_of_a_cell_sees_what_another_kernel_did_before_it(photos):
    other = Session(photos.session.location.uri, working_folder=photos.folder)
    counts = []

    def emit(result):
        counts.append(result.total)
        other.run(f"CREATE OR REPLACE TABLE 새것 AS SELECT * FROM range({len(counts)})", emit=lambda _: None)

    photos.session.run("LIST TABLE; SELECT * FROM 새것; SELECT * FROM 새것; LIST TABLE", emit=emit)
    assert counts == [3, 1, 2, 4]


def test_what_another_kernel_wrote_right_after_our_own_change_is_seen(photos, monkeypatch):
    changed = CatalogFile.changed

    def overtaken(self, edit, *, empty=None):
        look = changed(self, edit, empty=empty)
        monkeypatch.undo()

        def add(catalog):
            return replace(
                catalog, models=MappingProxyType({**catalog.models, "그들의": Model("그들의", "mini")})
            )

        CatalogFile(self.path.parent).change(add)
        return look

    monkeypatch.setattr(CatalogFile, "changed", overtaken)
    photos.run("CREATE TABLE ours AS SELECT 1 AS x")
    assert "그들의" in photos.session.catalog.models


def manifests(world, name):
    return Path(world.session.location.uri, f"{name}.lance", "_versions")


@pytest.mark.parametrize("age_s", [0, 3600])
def test_a_commit_of_another_program_is_seen_whenever_the_last_one_was(photos, age_s):
    """Within two seconds of a commit the folder's time is not believed: here the next one leaves it as it was."""
    folder = manifests(photos, "t")
    written = time.time_ns() - age_s * 10**9
    os.utime(folder, ns=(written, written))
    assert photos.session.catalog.table("t").rows == 6
    before = folder.stat().st_mtime_ns
    Store(photos.session.location).append(
        "t", photos.session.database.tables.store.open("t").to_table(limit=1)
    )
    if not age_s:
        os.utime(folder, ns=(before, before))
    assert photos.session.catalog.table("t").rows == 7


def test_a_table_that_another_program_made_anew_at_the_same_version_is_described_anew(world):
    import lancedb

    other = lancedb.connect(world.session.location.uri)
    other.create_table("theirs", pa.table({"x": [1]}))
    assert world.run("SELECT * FROM theirs")[0].columns[0].type == "BIGINT"
    other.drop_table("theirs")
    other.create_table("theirs", pa.table({"x": ["하나"]}))
    result = world.run("SELECT * FROM theirs")[0]
    assert (result.columns[0].type, result.rows.to_pylist()) == ("VARCHAR", [{"x": "하나"}])
    other.drop_table("theirs")
    other.create_table("theirs", pa.table({"y": ["하나", "둘"]}))
    for session in (world.session, Session(world.session.location.uri, working_folder=world.folder)):
        assert told(session, "LIST TABLE") == [{"name": "theirs", "kind": "table", "rows": 2, "columns": "y"}]
        assert [(row["column_name"], row["type"]) for row in told(session, "DESCRIBE theirs")] == [
            ("y", "VARCHAR")
        ]


def told(session, statement):
    shown = []
    session.run(statement, emit=shown.append)
    return shown[0].rows.to_pylist()


@pytest.fixture
def newer(photos):
    """A database whose catalogue a newer version has written."""
    path = photos.session.location.internal / "catalog.json"
    data = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**data, "format": FORMAT + 1, "tables": {"t": "told otherwise"}}), "utf-8")
    return path


@pytest.mark.parametrize("statement", ["SELECT * FROM t", "CREATE TABLE x AS SELECT 1 AS a", "DROP TABLE t"])
def test_a_newer_catalogue_is_refused_and_left_as_it_is(photos, newer, statement):
    text = newer.read_bytes()
    session = Session(photos.session.location.uri, working_folder=photos.folder)
    for asked in (photos.session, session):
        with pytest.raises(NewerFormat) as caught:
            asked.run(statement, emit=print)
        assert caught.value.code == "TS506"
        assert "pip install --upgrade" in str(caught.value.hint)
    assert newer.read_bytes() == text
    assert manifests(photos, "t").is_dir()


def test_a_newer_catalogue_tells_an_editor_nothing(photos, newer):
    from thanosql_kernel.analysis.features.diagnose import diagnose
    from thanosql_kernel.analysis.meaning.document import Document

    catalog = CatalogFile(newer.parent).read()
    assert catalog is None
    assert diagnose(Document("SELECT * FROM no_such_table", catalog, folder=photos.folder)) == []
