"""A CONVERT that is killed, or that runs beside another, loses nothing and changes no vector."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import age, watch_model, write_picture

from thanosql_kernel.engine.session import Session
from thanosql_kernel.models import registry

pytestmark = pytest.mark.e2e

PROGRAM = Path(__file__).parents[1] / "embed_world.py"
COUNT, DIFFERENT = 200, 190
CONVERT = "CONVERT USING mini AS SELECT * FROM photos"
VECTORS = "mini_clipmini"
HAS_MINI = Path(registry.__file__).with_name("data").joinpath("mini", "image.onnx").is_file()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures, some of them twice, and a database with the table ``photos`` of them."""
    folder = tmp_path_factory.mktemp("photos")
    names = [f"pictures/{number:04}.png" for number in range(COUNT)]
    for number, name in enumerate(names):
        age(write_picture(folder / name, seed=number % DIFFERENT, side=16))
    table = pa.table({"id": pa.array(range(COUNT), pa.int64()), "image_path": names})
    session = Session(folder / "db", working_folder=folder)
    session.database.tables.store.append("photos", table)
    session.close()
    return folder


@pytest.fixture
def copy_of(photos: Path, tmp_path: Path):
    """Makes fresh copies of the folder; pictures keep their times."""

    def make(name: str) -> Path:
        return Path(shutil.copytree(photos, tmp_path / name))

    return make


@pytest.fixture(
    params=[
        "pixels",
        pytest.param(
            "mini",
            marks=[
                pytest.mark.e2e,
                pytest.mark.timeout(1200),
                pytest.mark.skipif(not HAS_MINI, reason="no embedded model yet"),
            ],
        ),
    ]
)
def encoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The model under the name ``mini``, also in this process."""
    monkeypatch.setattr(registry, "load", registry.load)
    watch_model(request.param, lambda watched: None)
    return request.param


def start(folder: Path, encoder: str, stop_after: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(folder), CONVERT, encoder, str(stop_after)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return out


def convert(folder: Path) -> str:
    session, told = Session(folder / "db", working_folder=folder), []
    session.run(CONVERT, emit=lambda result: told.extend(result.notices))
    session.close()
    return "\n".join(told)


def table_of(folder: Path) -> pa.Table:
    return Session(folder / "db", working_folder=folder).database.table("photos").fetch()


def matrix_of(folder: Path) -> np.ndarray:
    return np.array(table_of(folder).column(VECTORS).to_pylist(), np.float32)


def test_a_killed_convert_resumes_and_ends_with_the_same_vectors(copy_of, encoder: str) -> None:
    killed, undisturbed = copy_of("killed"), copy_of("undisturbed")
    process = start(killed, encoder, stop_after=COUNT // 2)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        process.kill()
    assert process.returncode == -9
    assert table_of(killed).column_names == ["id", "image_path"]

    told = convert(killed)
    embedded, known = (int(part.split()[0]) for part in told.splitlines()[0].split(", "))
    assert 0 < embedded <= DIFFERENT - COUNT // 2 + 64
    assert embedded + known >= COUNT - 10
    assert convert(undisturbed).startswith(f"{DIFFERENT} pictures embedded")
    assert table_of(killed).drop(VECTORS).equals(table_of(undisturbed).drop(VECTORS))
    assert np.isfinite(matrix_of(killed)).all()
    np.testing.assert_allclose(matrix_of(killed), matrix_of(undisturbed), atol=1e-6)


def test_two_processes_that_convert_the_same_table_lose_nothing(copy_of) -> None:
    folder = copy_of("shared")
    with ExitStack() as stack:
        processes = [stack.enter_context(start(folder, "pixels", stop_after=COUNT // 4)) for _ in range(2)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "there\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
        for process in processes:
            assert f"column {VECTORS} stored in table photos" in finish(process)
    table = table_of(folder)
    assert table.column("id").to_pylist() == list(range(COUNT))
    vectors = np.array(table.column(VECTORS).to_pylist(), np.float32)
    np.testing.assert_array_equal(vectors[DIFFERENT:], vectors[:10])
    assert len(np.unique(vectors, axis=0)) == DIFFERENT


def test_rows_that_somebody_adds_meanwhile_are_not_lost(copy_of) -> None:
    folder = copy_of("growing")
    with start(folder, "pixels", stop_after=COUNT // 4) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        other = Session(folder / "db", working_folder=folder)
        other.run("INSERT INTO photos VALUES (5000, 'pictures/0007.png')", emit=lambda result: None)
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        finish(process)
    table = table_of(folder)
    assert table.num_rows == COUNT + 1
    rows = dict(zip(table.column("id").to_pylist(), table.column(VECTORS).to_pylist(), strict=True))
    assert rows[5000] == rows[7]
    assert None not in rows.values()
