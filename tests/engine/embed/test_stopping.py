"""Stop ends a CONVERT whatever it waits for: disks that do not answer, files without end, an index of millions."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import DIM, PixelEncoder, World, age, paths

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.embed import behind, cache, key_index, pictures, vectors
from thanosql_kernel.engine.embed.digests import digest_texts
from thanosql_kernel.engine.embed.key_index import KeyIndex
from thanosql_kernel.engine.embed.vectors import ConvertedColumn, Located
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.interrupts import map_aside, never


class DeadDisk:
    """Does not answer before the test is over; says when somebody asks."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._over = threading.Event()

    def answer(self, *args: object, **settings: object) -> None:
        self.asked.set()
        self._over.wait()
        raise OSError("the disk is gone")

    def stop_when_asked(self) -> None:
        if self.asked.is_set():
            raise Interrupted

    def end(self) -> None:
        self._over.set()


@pytest.fixture
def disk() -> Iterator[DeadDisk]:
    disk = DeadDisk()
    yield disk
    disk.end()


def test_while_a_disk_does_not_say_what_its_files_are(
    world: World, disk: DeadDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PathFinder, "look", disk.answer)
    with pytest.raises(Interrupted):
        world.convert(["멀리/a.png"], check_interrupted=disk.stop_when_asked)


def test_while_a_file_is_hashed(world: World, disk: DeadDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [str(age(world.picture(f"{number}.png", number))) for number in range(3)]
    monkeypatch.setattr(behind, "digest_stream", disk.answer)
    with pytest.raises(Interrupted):
        world.convert(files, check_interrupted=disk.stop_when_asked)


def test_while_a_disk_does_not_say_where_a_file_is(
    world: World, disk: DeadDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [str(age(world.picture("a.png", 1)))]
    monkeypatch.setattr(PathFinder, "find", disk.answer)
    with pytest.raises(Interrupted):
        world.convert(files, check_interrupted=disk.stop_when_asked)


def test_while_a_disk_does_not_say_whether_a_file_is_the_same_still(
    world: World, disk: DeadDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [str(age(world.picture("a.png", 1)))]
    monkeypatch.setattr(pictures.PictureEmbedding, "_state", disk.answer)
    with pytest.raises(Interrupted):
        world.convert(files, check_interrupted=disk.stop_when_asked)


def test_threads_that_wait_for_a_dead_disk_keep_no_process_alive(disk: DeadDisk) -> None:
    with pytest.raises(Interrupted):
        list(map_aside(disk.answer, range(9), threads=3, check=disk.stop_when_asked))
    waiting = [thread for thread in threading.enumerate() if thread.name == "thanosql-aside"]
    assert waiting
    assert all(thread.daemon for thread in waiting)


def stop_at(count: int) -> Callable[[], None]:
    """Stops at the check of that number."""
    left = iter(range(count))

    def check() -> None:
        if next(left, None) is None:
            raise Interrupted

    return check


def test_at_any_moment_of_making_an_index_and_the_index_stays_right(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_index, "SCANNED_ROWS", 100)
    monkeypatch.setattr(key_index, "WRITTEN_ROWS", 100)
    monkeypatch.setattr(key_index, "READ_ROWS", 100)
    keys = np.unique(digest_texts([f"열쇠 {number}" for number in range(1000)]))
    shelf = world.cache.vectors(PixelEncoder(), "image")
    monkeypatch.setattr(type(shelf), "tidy", lambda *args: None)  # it would make the index at once
    for part in (keys[::2], keys[1::2]):
        shelf.append(part, np.ones((len(part), DIM), np.float32))
        table, index = world.store.open(shelf.name), KeyIndex("content")
        stops = 0
        while True:
            try:
                index.update(table, stop_at(stops))
                break
            except Interrupted:
                stops += 17
                assert not list(Path(table.uri).rglob("*.part"))
        assert stops > 256
    assert (index.find(table, keys, never) >= 0).all()


def test_between_the_vectors_that_are_spooled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "SPOOL_FROM_BYTES", 0)
    monkeypatch.setattr(vectors, "SPOOL_ROWS", 10)
    nothing = Located(None, np.full(100, -1, dtype=np.int64), DIM)
    with pytest.raises(Interrupted):
        ConvertedColumn(nothing, "v", spool=tmp_path, check=stop_at(5)).whole()


def test_a_convert_stopped_at_any_moment_goes_on_where_it_was(world: World) -> None:
    files = [str(age(world.picture(f"{number}.png", number))) for number in range(6)]
    stops = 0
    while True:
        try:
            rows, report = world.convert(paths(files), batch_size=2, check_interrupted=stop_at(stops))
            break
        except Interrupted:
            stops += 1
    assert stops > 5
    assert report.embedded + report.reused == 6
    assert rows.fetch(["v"]).column(0).null_count == 0


def test_what_was_embedded_is_kept_though_the_cache_is_not_tidied_any_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LOOK_EVERY_ROWS", 1)
    monkeypatch.setattr(key_index, "SCANNED_ROWS", 1)
    files = [str(age(world.picture(f"{number}.png", number))) for number in range(4)]
    encoder = PixelEncoder()

    def check() -> None:
        if encoder.pictures >= 4:
            raise Interrupted

    with pytest.raises(Interrupted):
        world.convert(files, encoder, batch_size=2, check_interrupted=check)
    monkeypatch.setattr(behind, "digest_stream", None)
    _, report = world.convert(files)
    assert (report.embedded, report.reused) == (0, 4)
