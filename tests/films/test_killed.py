"""A CONVERT of films that is killed keeps what it did, within a film too, and ends with the vectors of an undisturbed one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
from embed_world import PixelEncoder, age
from hunts import rounds
from made_films import drawn, steady, write_film

from thanosql_kernel.engine.session import Session
from thanosql_kernel.models import registry

pytestmark = pytest.mark.e2e

PROGRAM = Path(__file__).parents[1] / "engine" / "embed_world.py"
CONVERT = "CONVERT USING mini OPTIONS(video_col='video_path', table_name='films') AS SELECT * FROM films"
SEARCH = "SEARCH VIDEO texts=['a', 'b'] USING mini AS SELECT * FROM films"
FRAMES = 60


def rows_of(folder: Path, cell: str) -> list[dict[str, object]]:
    session, results = Session(folder / "db", working_folder=folder), []
    session.run(cell, emit=results.append)
    session.close()
    rows = getattr(results[-1], "rows", None)
    return [] if rows is None else rows.to_pylist()


@pytest.mark.hunt
def test_a_killed_convert_of_films_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoders: list[PixelEncoder] = []

    def load(model, **settings) -> PixelEncoder:
        encoders.append(PixelEncoder())
        return encoders[-1]

    monkeypatch.setattr(registry, "load", load)
    films = tmp_path / "films"
    for number in range(3):
        scenes = [(1.0, drawn(100 * number + at, 64, 48)) for at in range(FRAMES)]
        age(write_film(films / f"{number}.mp4", steady(scenes, 4)))
    wanted = None
    for stop_after in [0, *[20, 80, 100, 130, 150, 170][:: 6 // rounds(2, 6)]]:
        folder = tmp_path / str(stop_after)
        folder.mkdir()
        rows_of(folder, f"COPY films FROM '{films}'")
        if stop_after:
            command = [sys.executable, str(PROGRAM), str(folder), CONVERT, "pixels", str(stop_after)]
            with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
            ) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "there\n"
                process.kill()
        encoders.clear()
        rows_of(folder, CONVERT)
        embedded = sum(encoder.pictures for encoder in encoders)
        assert embedded <= 3 * (FRAMES + 16) - stop_after + 64, (
            "two batches and what a batch is filled up with"
        )
        found = rows_of(folder, SEARCH)
        assert found == (wanted or found)
        wanted = found
