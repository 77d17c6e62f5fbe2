"""The catalogue file: replaced atomically, readable at any moment, rebuilt when it is damaged."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from thanosql_kernel.catalog import Catalog, Column, GeneratedColumn, Model, Table, View, Weights
from thanosql_kernel.catalog.location import find_database, locate
from thanosql_kernel.catalog.store import CatalogFile, decode, encode, read

MADE = GeneratedColumn("clip", "clipen", "image", "image_path", Weights("mini", "1", "ab" * 32), 512)
TABLE = Table("사진", (Column("경로", "VARCHAR"), Column("v", "FLOAT[512]", MADE)), 3, "u..c0ac", 7)
FULL = Catalog(
    revision=4,
    tables=MappingProxyType({"사진": TABLE}),
    models=MappingProxyType({"clip": Model("clip", "clip"), "mine": Model("mine", "clip", "/weights")}),
)


VIEW = View(
    "고양이 보기",
    "SELECT 경로, v FROM 사진",
    (Column("a", "VARCHAR"), Column("v", "FLOAT[512]", MADE)),
    ("a",),
)
WITH_VIEW = replace(FULL, views=MappingProxyType({VIEW.name: VIEW}))


def with_model(name):
    def edit(catalog: Catalog) -> Catalog:
        return replace(catalog, models=MappingProxyType({**catalog.models, name: Model(name, "clip")}))

    return edit


def test_a_catalogue_comes_back_as_it_was_written(tmp_path):
    file = CatalogFile(tmp_path / "_thanosql")
    file.write(FULL)
    assert file.read() == FULL
    assert read(tmp_path) == FULL


def test_views_come_back_as_they_were_written(tmp_path):
    file = CatalogFile(tmp_path / "_thanosql")
    file.write(WITH_VIEW)
    assert file.read() == WITH_VIEW


def test_programs_that_would_lose_views_are_told_that_they_do_not_know_the_file():
    """Those of before views know format 1; they read what has none, and leave what has some as it is."""
    assert encode(FULL)["format"] == 1
    assert "views" not in encode(FULL)
    assert encode(WITH_VIEW)["format"] == 2
    assert encode(replace(WITH_VIEW, views=MappingProxyType({}))) == encode(FULL)


def test_a_view_is_found_in_any_case_behind_a_table_of_its_name():
    known = replace(
        WITH_VIEW,
        views=MappingProxyType({"사진": replace(VIEW, name="사진"), "Best": replace(VIEW, name="Best")}),
    )
    assert known.find("best") is known.views["Best"]
    assert known.find("사진") is TABLE
    assert known.find_view("사진") is known.views["사진"]
    assert known.is_taken("BEST")


def test_fields_of_later_versions_are_passed_over():
    data = json.loads(json.dumps(encode(FULL)))
    data["macros"] = [1]
    data["tables"][0]["colour"] = "red"
    data["tables"][0]["columns"][1]["generated"]["weights"]["date"] = "2030"
    assert decode(data) == FULL


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"revision": 1}', '{"revision": 1, "tables": [{}], "models": []}', "\0"]
)
def test_a_damaged_file_reads_as_nothing(tmp_path, text):
    file = CatalogFile(tmp_path / "_thanosql")
    file.write(FULL)
    file.path.write_text(text)
    assert file.read() is None
    assert read(tmp_path) == Catalog()


@pytest.mark.parametrize("cut", [1, 10, 100, 500])
def test_a_truncated_file_reads_as_nothing(tmp_path, cut):
    file = CatalogFile(tmp_path / "_thanosql")
    file.write(FULL)
    file.path.write_bytes(file.path.read_bytes()[:cut])
    assert file.read() is None


def test_an_absent_database_reads_as_nothing(tmp_path):
    assert read(tmp_path / "nowhere") == Catalog()
    assert not (tmp_path / "nowhere").exists()


def test_a_stamp_tells_changes_without_reading(tmp_path):
    file = CatalogFile(tmp_path / "_thanosql")
    assert not file.changed_since(None)
    file.write(FULL)
    stamp = file.stamp()
    assert file.changed_since(None)
    assert not file.changed_since(stamp)
    file.change(with_model("x"))
    assert file.changed_since(stamp)


def test_the_revision_grows_with_every_change_and_with_nothing_else(tmp_path):
    file = CatalogFile(tmp_path / "_thanosql")
    assert file.change(lambda catalog: catalog, empty=Catalog()).revision == 1
    assert file.change(with_model("x")).revision == 2
    stamp = file.stamp()
    assert file.change(with_model("x")).revision == 2
    assert not file.changed_since(stamp)


def test_an_edit_that_fails_changes_nothing_and_leaves_no_files(tmp_path):
    file = CatalogFile(tmp_path / "_thanosql")
    file.write(FULL)

    def fail(catalog: Catalog) -> Catalog:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        file.change(fail)
    assert file.read() == FULL
    assert {path.name for path in file.path.parent.iterdir()} <= {"catalog.json", "catalog.lock"}


def test_processes_that_change_it_at_once_lose_nothing_and_readers_never_see_half(tmp_path):
    program = """
import sys
from dataclasses import replace
from pathlib import Path
from thanosql_kernel.catalog import Model
from thanosql_kernel.catalog.store import CatalogFile
file = CatalogFile(Path(sys.argv[1]))
for n in range(40):
    name = f"{sys.argv[2]}{n}"
    file.change(lambda catalog: replace(catalog, models={**catalog.models, name: Model(name, "clip")}))
"""
    folder = tmp_path / "_thanosql"
    file = CatalogFile(folder)
    file.write(Catalog())
    broken: list[None] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            if file.read() is None:
                broken.append(None)

    watcher = threading.Thread(target=watch)
    watcher.start()
    writers = [subprocess.Popen([sys.executable, "-c", program, str(folder), me]) for me in ("a", "b")]
    codes = [writer.wait(timeout=60) for writer in writers]
    done.set()
    watcher.join()
    assert (codes, broken) == ([0, 0], [])
    found = file.read()
    assert found is not None
    assert (len(found.models), found.revision) == (80, 80)


def test_the_setting_names_the_database(tmp_path):
    assert find_database(tmp_path, {"THANOSQL_DATABASE": "db"}).folder == tmp_path / "db"
    assert find_database(tmp_path, {"THANOSQL_DATABASE": str(tmp_path / "x")}).folder == tmp_path / "x"
    remote = find_database(tmp_path, {"THANOSQL_DATABASE": "s3://bucket/folder"})
    assert not remote.is_local
    assert remote.uri == "s3://bucket/folder"


def test_the_nearest_database_above_is_taken_else_a_new_one_here(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_database(below, {}).folder == below / ".thanosql"
    (tmp_path / ".thanosql").mkdir()
    assert find_database(below, {}).folder == tmp_path / ".thanosql"
    (below / ".thanosql").mkdir()
    assert find_database(below, {}).folder == below / ".thanosql"


def test_the_internal_folder_lies_in_the_database(tmp_path):
    assert locate(tmp_path).internal == tmp_path / "_thanosql"
    assert locate("~/x").folder == Path.home() / "x"


def test_reading_the_catalogue_loads_no_database():
    code = (
        "import sys, thanosql_kernel.catalog.store as s; s.read('.'); "
        "print([m for m in ('lancedb', 'lance', 'pyarrow', 'duckdb', 'numpy') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
