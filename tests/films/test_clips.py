"""Clips hold every frame of their film once, at its time, turned as it was; whatever was in their folder stays."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
from hunts import rounds
from made_films import all_frames, drawn, noise, steady, uneven, write_film, write_sound
from test_frames import KINDS, film_of

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Interrupted, ThanoSQLError
from thanosql_kernel.films import clips
from thanosql_kernel.films.clips import clip_ending, plan, write_clip
from thanosql_kernel.films.reading import open_film
from thanosql_kernel.films.sampling import SECOND_US


def cut(path: Path, interval_us: int) -> list[tuple[clips.Part, Path]]:
    found = []
    for part in plan(path, interval_us):
        target = path.with_name(f"clip{part.number}{clip_ending(path)}")
        write_clip(path, part, target)
        found.append((part, target))
    return found


@pytest.mark.hunt
@pytest.mark.parametrize("kind", KINDS)
def test_all_frames_are_there_once_at_their_times(tmp_path: Path, kind: str) -> None:
    for seed in range(rounds(1, 12)):
        path = film_of(tmp_path, kind, seed)
        every = all_frames(path)
        for interval_us in (SECOND_US, 2_700_000):
            found: list[tuple[int, np.ndarray]] = []
            for part, target in cut(path, interval_us):
                with open_film(target) as film:
                    begins_us = film.start_us
                found += [(part.start_us + begins_us + us, pixels) for us, pixels in all_frames(target)]
            assert len(found) == len(every), (kind, seed, interval_us)
            for (us, pixels), (wanted_us, wanted) in zip(found, every, strict=True):
                assert us == pytest.approx(wanted_us, abs=45_000), (kind, seed, interval_us)
                assert np.abs(pixels.astype(int) - wanted).mean() < 8


@pytest.mark.parametrize("gop", [10, 7])
@pytest.mark.parametrize("turned", [0, 90, 180])
@pytest.mark.parametrize("ending", [".mp4", ".mov"])
def test_clips_are_turned_and_heard_as_their_film_is(
    tmp_path: Path, gop: int, turned: int, ending: str
) -> None:
    shots = steady([(1.0, drawn(number)) for number in range(6)], 10)
    path = write_film(tmp_path / f"a{ending}", shots, gop=gop, turned=turned, with_sound=True)
    found = cut(path, 2 * SECOND_US)
    assert [part.is_copied for part, _ in found] == ([True] * 3 if gop == 10 else [True, False, False])
    for _, target in found:
        with av.open(str(target)) as container:
            assert abs(next(container.decode(video=0)).rotation) == turned
            heard = sum(frame.samples for frame in av.open(str(target)).decode(audio=0))
            assert heard / 48_000 == pytest.approx(2.0, abs=0.15)


def test_sound_of_other_containers_is_coded_again(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.ts", steady([(3.0, noise(1))], 10), with_sound=True)
    for _, target in cut(path, SECOND_US):
        with av.open(str(target)) as container:
            assert container.streams.audio[0].codec_context.name == "aac"
            heard = sum(frame.samples for frame in container.decode(audio=0))
        assert heard / 48_000 == pytest.approx(1.0, abs=0.15)


def test_a_part_in_which_no_picture_begins_is_none(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", [(0.0, noise(1)), (0.5, noise(2)), (5.2, noise(3))])
    assert [part.number for part in plan(path, SECOND_US)] == [0, 5]


# -- statements ------------------------------------------------------------------------------------------------
class World:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = Session(folder / "db", working_folder=folder)

    def rows(self, cell: str) -> list[dict[str, object]]:
        results: list = []
        self.session.run(cell, emit=results.append)
        return results[-1].rows.to_pylist()

    def fail(self, cell: str) -> ThanoSQLError:
        with pytest.raises(ThanoSQLError) as caught:
            self.session.run(cell, emit=lambda result: None)
        return caught.value


@pytest.fixture
def world(tmp_path: Path) -> World:
    write_film(tmp_path / "film.mp4", uneven([(1.0, noise(number)) for number in range(5)], 1))
    return World(tmp_path)


def test_a_row_for_each_clip(world: World) -> None:
    rows = world.rows(
        "FUNCTION preprocess.video_to_df OPTIONS(method='split', interval=2, result_col='video_split_path', "
        "result_dir='video_split_folder') FROM 'film.mp4'"
    )
    assert [row["video_split_path"] for row in rows] == [
        f"video_split_folder/film_000{n}.mp4" for n in range(3)
    ]
    assert [row["start_second"] for row in rows] == [0.0, 2.0, 4.0]
    assert [row["end_second"] for row in rows][:2] == [2.0, 4.0]
    for row in rows:
        assert all_frames(world.folder / str(row["video_split_path"]))


def test_older_names_and_tables(world: World) -> None:
    world.rows(
        "FUNCTION preprocess.video_to_df OPTIONS(method_name='split', interval=2, table_name='t', folder_name='f') "
        'FROM "film.mp4"'
    )
    rows = world.rows("SELECT * FROM t")
    assert [row["video_path"] for row in rows] == [f"f/film_000{number}.mp4" for number in range(3)]
    world.rows(
        "PREPROCESS VIDEO USING split OPTIONS(table_name='u', column_name='p', interval=2.5,) FROM 'film.mp4'"
    )
    assert [row["p"] for row in world.rows("SELECT * FROM u")] == [
        "film_clips/film_0000.mp4",
        "film_clips/film_0001.mp4",
    ]
    rows = world.rows(
        "SELECT count(*) AS n FROM (FUNCTION preprocess.video_to_df OPTIONS(interval=1) FROM 'film.mp4')"
    )
    assert rows == [{"n": 5}]


def test_run_again_it_replaces_its_own_clips_and_no_other_files(world: World) -> None:
    cell = "FUNCTION preprocess.video_to_df OPTIONS(interval={}, result_dir='f') FROM 'film.mp4'"
    world.rows(cell.format(1))
    world.rows(cell.format(3))
    assert sorted(path.name for path in (world.folder / "f").iterdir()) == ["film_0000.mp4", "film_0001.mp4"]
    (world.folder / "f" / "notes.txt").write_text("mine")
    error = world.fail(cell.format(1))
    assert error.code == "TS504"
    assert len(list((world.folder / "f").iterdir())) == 3


@pytest.mark.parametrize("folder", [".", "..", "db", "db/x", "film.mp4", "/", "none/below"])
def test_folders_that_are_not_for_clips(world: World, folder: str) -> None:
    before = sorted(path for path in world.folder.rglob("*") if "db" not in path.parts)
    error = world.fail(f"FUNCTION preprocess.video_to_df OPTIONS(result_dir='{folder}') FROM 'film.mp4'")
    assert error.code in ("TS504", "TS500")
    assert sorted(path for path in world.folder.rglob("*") if "db" not in path.parts) == before


def test_nothing_is_left_of_what_cannot_be_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sound(world.folder / "sound.mp4")
    (world.folder / "junk.mp4").write_bytes(b"junk" * 99)
    for name, code in (("sound.mp4", "TS501"), ("junk.mp4", "TS501"), ("none.mp4", "TS500")):
        assert (
            world.fail(f"FUNCTION preprocess.video_to_df OPTIONS(result_dir='f') FROM '{name}'").code == code
        )
        assert not (world.folder / "f").exists()

    write = clips.write_clip

    def breaks(path, part, target, stopped) -> None:
        write(path, part, target, stopped)
        if part.number == 2:
            raise Interrupted

    from thanosql_kernel.engine.export import clips as work

    monkeypatch.setattr(work, "write_clip", breaks)
    with pytest.raises(Interrupted):
        world.session.run(
            "FUNCTION preprocess.video_to_df OPTIONS(interval=1, result_dir='f') FROM 'film.mp4'",
            emit=lambda result: None,
        )
    assert not (world.folder / "f").exists()


def test_what_it_does_not_take(world: World) -> None:
    assert world.fail("FUNCTION preprocess.video_to_df AS SELECT 1").code == "TS100"
    assert world.fail("FUNCTION preprocess.video_to_df OPTIONS(interval=0) FROM 'film.mp4'").code == "TS103"
    assert (
        world.fail("FUNCTION preprocess.video_to_df OPTIONS(method='crop') FROM 'film.mp4'").code == "TS103"
    )
    assert world.fail("PREPROCESS VIDEO USING crop FROM 'film.mp4'").code == "TS103"
    assert world.fail("PREPROCESS IMAGE USING split FROM 'film.mp4'").code == "TS600"


def test_time_bases_of_other_containers(tmp_path: Path) -> None:
    shots = steady([(4.0, noise(1))], 10)
    path = write_film(tmp_path / "a.avi", shots, codec="mpeg4", options={}, time_base=Fraction(1, 10))
    assert [len(all_frames(target)) for _, target in cut(path, 1_500_000)] == [15, 15, 10]
