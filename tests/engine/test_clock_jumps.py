"""A wall clock that is set years ahead or back between statements loses nothing, hides nothing and makes nobody wait."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest
from PIL import Image

from thanosql_kernel import clock
from thanosql_kernel.clock import cautious_s
from thanosql_kernel.engine.search.half_files import HalfFiles

YEAR_S = 365 * 86_400.0
JUMPS = (30 * YEAR_S, 25 * 3600.0, -3600.0, -30 * YEAR_S)
Jump = Callable[[float], None]


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """Sets this process's clock ahead, or back; what the file system dates stays right."""
    time_s, time_ns = time.time, time.time_ns

    def set_to(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: time_s() + seconds)
        monkeypatch.setattr(time, "time_ns", lambda: time_ns() + int(seconds * 10**9))

    return set_to


@pytest.mark.parametrize("seconds", JUMPS)
def test_a_clock_that_is_set_ahead_makes_nothing_old(jump: Jump, seconds: float) -> None:
    now = time.time()
    jump(seconds)
    assert abs(cautious_s() - (now + min(seconds, 0.0))) < 600


def test_time_that_has_passed_counts(jump: Jump, monkeypatch: pytest.MonkeyPatch) -> None:
    now, passed_s = time.time(), clock._passed_s()
    monkeypatch.setattr(clock, "_passed_s", lambda: passed_s + 2 * YEAR_S)
    jump(YEAR_S)
    assert abs(cautious_s() - (now + YEAR_S)) < 600


@pytest.mark.parametrize("seconds", [30 * YEAR_S, -30 * YEAR_S])
def test_what_a_change_took_away_is_still_there(world, jump: Jump, seconds: float) -> None:
    world.run("CREATE TABLE t AS SELECT range AS n FROM range(100)")
    whole = int(world.rows("SHOW VERSIONS t")[0]["version"])
    world.run("DELETE FROM t WHERE n >= 10")
    jump(seconds)
    for number in range(3):
        world.run(f"INSERT INTO t VALUES ({-number})")
    world.session.database.maintain()
    assert world.rows("SELECT count(*) AS n FROM t") == [{"n": 13}]
    assert world.rows(f"SELECT count(*) AS n FROM t VERSION {whole}") == [{"n": 100}]


@pytest.mark.parametrize("seconds", JUMPS)
def test_files_that_another_program_is_writing_are_left_alone(world, jump: Jump, seconds: float) -> None:
    world.run("CREATE TABLE t AS SELECT range AS n FROM range(100)")
    database = world.session.database
    store, name = database.tables.store, database.tables.catalog.table("t").storage_name
    foreign = store.folder(name) / "data" / "0123.lance"
    foreign.write_bytes(b"half")
    half = world.folder / ".x.tmp"
    half.write_bytes(b"half")
    jump(seconds)
    database.maintenance._remove_orphans(name, settled_s=60.0)
    HalfFiles(world.folder).drop(())
    assert foreign.exists()
    assert half.exists()


@pytest.mark.parametrize("seconds", [30 * YEAR_S, -30 * YEAR_S])
def test_a_photo_that_was_replaced_is_embedded_anew_whatever_its_date(
    world, jump: Jump, seconds: float
) -> None:
    convert = "CONVERT USING mini AS SELECT {} AS id, '{}' AS image_path"
    for number, dated in enumerate((4e9, 0.0, -3e8)):
        photo, moved = world.folder / f"{number}.png", world.folder / f"moved{number}.png"
        Image.new("RGB", (32, 32), (200, 10, 60 * number)).save(photo)
        os.utime(photo, (dated, dated))
        (before,) = world.rows(convert.format(number, photo.name))
        jump(seconds * (-1) ** number)
        assert world.rows(convert.format(number, photo.name)) == [before]
        Image.linear_gradient("L").rotate(90 * number).convert("RGB").save(photo)
        os.utime(photo, (dated + 1, dated + 1))
        (after,) = world.rows(convert.format(number, photo.name))
        assert after != before
        photo.rename(moved)
        assert world.rows(convert.format(number, moved.name)) == [{**after, "image_path": moved.name}]
