"""Our own files are whole after a power cut: what a name leads to is written before the name is, and then the name."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from thanosql_kernel.catalog.store import CatalogFile
from thanosql_kernel.engine.session import Session
from thanosql_kernel.files import replace_file


@pytest.fixture
def done(monkeypatch):
    """What was asked of the system, in order: the content is on disk, the file has its name, the name is on disk."""
    found: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        found.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "content")
        fsync(descriptor)

    def replaced(old, new) -> None:
        found.append("name")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    return found


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="the system does not tell what is open")
def test_content_name_and_folder_are_written_in_that_order(tmp_path, done):
    replace_file(tmp_path / "a.json", b"{}")
    assert done == ["content", "name", "folder"]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="the system does not tell what is open")
def test_the_catalogue_is_written_so(tmp_path, done):
    CatalogFile(tmp_path).changed(lambda catalog: catalog)
    assert done == ["content", "name", "folder"]


@pytest.mark.parametrize("share", [0, 0.3, 0.9, None])
def test_a_catalogue_that_was_lost_or_cut_is_made_anew_from_the_tables(tmp_path, share):
    session = Session(tmp_path / "db", working_folder=tmp_path)
    session.run("CREATE TABLE 표 AS SELECT 1 AS a; CREATE VIEW v AS SELECT * FROM 표", emit=lambda _: None)
    file = Path(session.location.internal) / "catalog.json"
    session.close()
    content = file.read_bytes()
    if share is None:
        file.unlink()
    else:
        file.write_bytes(content[: int(share * len(content))])
    results: list = []
    session = Session(tmp_path / "db", working_folder=tmp_path)
    session.run("SELECT * FROM 표", emit=results.append)
    session.close()
    assert results[0].rows.to_pylist() == [{"a": 1}]
    assert [table["name"] for table in json.loads(file.read_bytes())["tables"]] == ["표"]
