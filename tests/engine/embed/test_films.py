"""CONVERT of films: the vectors are those of the frames that are shown, each embedded once, whatever happens meanwhile."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "films"))
from embed_world import PixelEncoder, World, age, paths
from made_films import drawn, steady, write_film, write_sound

from thanosql_kernel.catalog import Model
from thanosql_kernel.engine.embed import embedding, film_cache, films
from thanosql_kernel.engine.embed.convert import embed_column
from thanosql_kernel.engine.embed.embedding import EmbedRequest
from thanosql_kernel.engine.embed.film_cache import StoredFilms, frame_keys
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Interrupted
from thanosql_kernel.films.frames import sampled
from thanosql_kernel.films.reading import open_film
from thanosql_kernel.films.sampling import SECOND_US, Sampling
from thanosql_kernel.interrupts import never


def convert(world: World, values, encoder=None, sampling=None, check=never, **settings):
    rows = paths(values, "video_path")
    work = Work(world.folder, check, progress=world.bars.open)
    request = EmbedRequest(
        encoder or PixelEncoder(), "video", "video_path", work, sampling=sampling or Sampling(), **settings
    )
    column = request.column("v", Model("clip", "clip"), rows)
    return embed_column(rows, column, request, world.cache)


def references(rows) -> list[str | None]:
    return rows.fetch(["v"]).column(0).to_pylist()


def vectors_of(world: World, reference: str) -> dict[int, np.ndarray]:
    """By time, the vectors that a reference refers to."""
    stored = StoredFilms(world.cache.shelf)
    (found,) = stored.films([reference], never)
    assert found is not None
    snapshot, rows = stored.vectors(found.table, [found.film], never)
    assert snapshot is not None
    assert (rows >= 0).all()
    table = snapshot.take(rows, columns=["vector"]).column(0)
    return dict(zip(found.film.times.tolist(), np.array(table.to_pylist(), np.float32), strict=True))


def oracle(path: Path, sampling: Sampling) -> dict[int, np.ndarray]:
    """The vectors of the frames, each embedded by itself."""
    encoder = PixelEncoder()
    with open_film(path) as film:
        seen = sampled(film, sampling, encoder.preprocess.min_side, lambda us: False)
        return {
            it.us: encoder.encode_images(encoder.preprocess(it.picture)[None])[0] for it in seen if it.picture
        }


def film(world: World, name: str, seed: int = 0, seconds: int = 12, **settings) -> Path:
    scenes = [(1.5, drawn(100 * seed + number)) for number in range(seconds * 2 // 3)]
    return age(write_film(world.folder / name, steady(scenes, 8), **settings))


@pytest.mark.parametrize("sampling", [Sampling(), Sampling.of(0.4, False), Sampling.of(None, True)])
def test_vectors_are_those_of_the_frames(world: World, sampling: Sampling) -> None:
    files = [
        film(world, "a.mp4", 1),
        film(world, "b.mkv", 2, turned=90),
        film(world, "c.webm", 3, codec="libvpx", options={}),
    ]
    rows, report = convert(world, [*map(str, files), None], sampling=sampling)
    assert (report.embedded, report.ready, report.failed) == (3, 3, 0)
    *found, nothing = references(rows)
    assert nothing is None
    for path, reference in zip(files, found, strict=True):
        assert reference is not None
        mine, wanted = vectors_of(world, reference), oracle(path, sampling)
        assert sorted(mine) == sorted(wanted)
        assert reference.endswith(f":{len(wanted)}")
        for us, vector in wanted.items():
            np.testing.assert_allclose(mine[us], vector, atol=1e-6)


def test_each_film_and_each_frame_is_embedded_once(world: World) -> None:
    path = film(world, "a.mp4")
    copy = world.folder / "copy.mp4"
    shutil.copy(path, copy)
    first, second = PixelEncoder(), PixelEncoder()
    rows, report = convert(world, [str(path), str(age(copy)), str(path)], first)
    assert report.embedded == 1
    assert len(set(references(rows))) == 1
    frames = first.pictures
    again, report = convert(world, [str(path), str(copy)], second)
    assert (second.pictures, report.embedded, report.reused) == (0, 0, 2)
    assert references(again) == references(rows)[:2]
    convert(world, [str(path)], second, Sampling.of(2, False))
    assert second.pictures == 0, "every second one of the same frames"
    convert(world, [str(path)], second, Sampling.of(0.5, False))
    assert second.pictures <= frames + 16, "those between, in whole batches"
    os.utime(path)
    convert(world, [str(path)], second)
    assert second.pictures <= frames + 16, "touched, not changed"


def test_an_interrupt_keeps_what_was_done_and_the_rest_is_done_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "FLUSH_AFTER_S", 0.0)
    path = film(world, "a.mp4", seconds=24)
    whole, _ = convert(World(world.folder / "other"), [str(path)], batch_size=4)

    def stop(encoder: PixelEncoder) -> None:
        if encoder.pictures >= 12:
            raise Interrupted

    with pytest.raises(Interrupted):
        convert(world, [str(path)], PixelEncoder(after_batch=stop), batch_size=4)
    later = PixelEncoder()
    rows, report = convert(world, [str(path)], later, batch_size=4)
    assert report.embedded == 1
    assert later.pictures == 24 - 8, "two batches were kept"
    assert references(rows) == references(whole)
    (reference,) = references(rows)
    assert reference is not None
    other = World(world.folder / "other")
    mine, wanted = vectors_of(world, reference), vectors_of(other, reference)
    assert all((mine[us] == wanted[us]).all() for us in wanted)


def test_the_user_can_stop_while_a_film_is_decoded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    asked, over = threading.Event(), threading.Event()

    def waits(*_: object) -> list[films.Frame]:
        asked.set()
        over.wait()
        return []

    def check() -> None:
        if asked.is_set():
            raise Interrupted

    monkeypatch.setattr(films.FrameSource, "next", waits)
    with pytest.raises(Interrupted):
        convert(world, [str(film(world, "a.mp4"))], check=check)
    over.set()


def test_what_cannot_be_read_stays_null_with_the_reason(world: World) -> None:
    good = film(world, "good.mp4")
    cut = world.folder / "cut.mkv"
    cut.write_bytes(film(world, "whole.mkv").read_bytes()[:20_000])
    (world.folder / "empty.mp4").write_bytes(b"")
    (world.folder / "junk.mp4").write_bytes(b"junk" * 500)
    (world.folder / "folder.mp4").mkdir()
    write_sound(world.folder / "sound.mp4")
    names = ["good.mp4", "cut.mkv", "empty.mp4", "junk.mp4", "folder.mp4", "sound.mp4", "none.mp4", ""]
    values: list[str | None] = [str(world.folder / name) if name else name for name in names]
    rows, report = convert(world, [*values, None])
    assert [it is not None for it in references(rows)] == [True, True, *[False] * 7]
    assert (report.embedded, report.ready, report.failed, report.cut) == (2, 2, 6, 1)
    reasons = {Path(name).name: reason for name, reason in report.failures}
    assert reasons["empty.mp4"] == "empty file"
    assert reasons["junk.mp4"] == "not a film"
    assert reasons["folder.mp4"] == "a folder, not a file"
    assert reasons["sound.mp4"] == "sound without pictures"
    ((name, lacks),) = report.losses
    assert Path(name).name == "cut.mkv"
    assert lacks.startswith("breaks off at")
    with pytest.raises(DataError, match="not a film"):
        convert(world, [str(good), str(world.folder / "junk.mp4")], on_error="fail")


def test_a_film_that_changes_while_it_is_read_is_not_taken(world: World) -> None:
    path, other = film(world, "a.mp4", 1), film(world, "b.mp4", 2)

    def change(encoder: PixelEncoder) -> None:
        if other.exists():
            os.replace(other, path)

    rows, report = convert(world, [str(path)], PixelEncoder(after_batch=change))
    assert references(rows) == [None]
    assert report.failures[0][1] == "changed while it was read"
    rows, report = convert(world, [str(age(path))])
    assert (report.embedded, report.failed) == (1, 0)


def test_a_film_is_known_only_when_all_of_its_frames_are(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = film(world, "a.mp4")
    append = film_cache.CachedFilms.append_films

    def killed(self, films, check=never) -> None:
        if films:
            raise Interrupted
        append(self, films, check)

    monkeypatch.setattr(film_cache.CachedFilms, "append_films", killed)
    with pytest.raises(Interrupted):
        convert(world, [str(path)])
    monkeypatch.undo()
    encoder = PixelEncoder()
    _, report = convert(world, [str(path)], encoder)
    assert (report.embedded, encoder.pictures) == (1, 0), "its frames are there"


def test_frames_of_films_have_keys_of_their_own() -> None:
    times = np.array([0, 1, 255, 256, 40_000, 7_200 * SECOND_US, (1 << 47) - 1], dtype=np.int64)
    one, other = frame_keys(b"\0" * 15 + b"a", times), frame_keys(b"b" * 16, times)
    data = {one[at : at + 1].tobytes() for at in range(len(times))}
    data |= {other[at : at + 1].tobytes() for at in range(len(times))}
    assert len(data) == 2 * len(times)


def test_batches_are_all_that_is_in_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = film(world, "a.mp4", seconds=90)
    held, most = [], []

    class Counted(films.FrameSource):
        def next(self, size: int) -> list[films.Frame]:
            found = super().next(size)
            held.append(len(found))
            return found

    class Encoder(PixelEncoder):
        def encode_images(self, batch):
            most.append(sum(held))
            held.pop(0)
            return super().encode_images(batch)

    monkeypatch.setattr(films, "FrameSource", Counted)
    convert(world, [str(path)], Encoder(), batch_size=4)
    assert max(most) <= 4 * 5
