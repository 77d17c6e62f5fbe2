"""What an editor knows of a folder: the columns that COPY will make of it, before it is read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import at_caret, catalog

import thanosql_kernel
from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning import headers
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.errors import DataError, ThanoSQLError

HOLDS = {
    "pictures": ["a.jpg", "b.mov", "하루/c.png"],
    "live": ["a.HEIC", "a.MOV", "b.txt"],
    "films": ["a.mp4"],
    "music": ["1.mp3", "2.mp3", "cover.jpg"],
    "nas": ["a.jpg", "@eaDir/1.mp3", "@eaDir/2.mp3", ".h/3.mp3"],
}
OPTIONS = ["", "media='all'", "media='video'", "metadata=False", "exclude=['*.jpg', '*.png']"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside")
    for name, files in HOLDS.items():
        for file in files:
            path = folder / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
    return folder


@pytest.fixture(scope="module")
def connection(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    database = tmp_path_factory.mktemp("db")
    with thanosql_kernel.connect(database, working_folder=folder, progress=False) as connection:
        yield connection


def copying(options: str, name: str) -> str:
    return f"COPY 새표 OPTIONS(if_exists='replace'{', ' + options if options else ''}) FROM '{name}'"


def offered(folder: Path, options: str, name: str) -> list[str]:
    found = complete(*at_caret(f"{copying(options, name)};\nSELECT ‸ FROM 새표", folder=folder))
    return [item.text for item in found if item.kind == "column"]


def columns_made(connection, options: str, name: str) -> list[str] | None:
    """The columns of the table; None where the options choose no file, so that there is none."""
    try:
        connection.sql(copying(options, name))
    except DataError as error:
        if error.code != "TS500":
            raise
        return None
    return [column.name for column in connection.session.catalog.table("새표").columns]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", HOLDS)
def test_the_editor_knows_the_columns_that_the_run_makes(folder, connection, name, options):
    made = columns_made(connection, options, name)
    assert made is None or sorted(offered(folder, options, name)) == sorted(made)


def problems(text: str, folder: Path) -> list[str]:
    return [problem.message for problem in diagnose(Document(text, catalog(), folder=folder))]


def test_other_columns_are_marked(folder):
    assert not problems("COPY s FROM 'pictures';\nSELECT taken_at, camera FROM s", folder)
    assert problems("COPY s FROM 'pictures';\nSELECT audio_path FROM s", folder)


def test_of_a_large_folder_the_first_files_are_looked_at_and_nothing_is_marked(folder, monkeypatch):
    monkeypatch.setattr(headers, "_MOST_FILES", 1)
    assert "size_bytes" in offered(folder, "", "pictures")
    assert not problems("COPY s FROM 'pictures';\nSELECT audio_path FROM s", folder)


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.xlsx", "a.parquet"])
def test_options_of_folders_are_marked_for_tables_as_the_run_refuses_them(folder, connection, name):
    (folder / name).write_bytes(b"x,y\n1,2\n")
    text = copying("media='all'", name)
    with pytest.raises(ThanoSQLError) as caught:
        connection.sql(text)
    assert problems(text, folder) == [caught.value.message]
