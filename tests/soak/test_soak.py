"""A small run of what ``make soak`` does: nothing is lost, half-written or left over, and errors are ordinary."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from thanosql_kernel.models import registry

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
import hostile_files
import small_model
from crowd import run_crowd
from embed_world import PixelEncoder
from expected import Row, Table, difference
from full_disk import NoDisk, fill
from hostile_convert import convert
from hostile_files import make_all, makers
from hunts import rounds
from kills import kill_writers

from thanosql_kernel.engine.embed import embedding


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small model, here and in the processes."""
    monkeypatch.setattr(registry, "load", registry.load)
    monkeypatch.setattr(embedding, "FLUSH_AFTER_S", embedding.FLUSH_AFTER_S)
    small_model.put_in_place()


@pytest.mark.e2e
def test_killed_writers_leave_whole_tables(tmp_path: Path) -> None:
    report = kill_writers(tmp_path, kills=8, seed=3, by_time=False)
    assert report.faults == []
    assert report.kills == 8


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    report = run_crowd(tmp_path, processes=2, statements=20, seed=3)
    assert report.faults == []
    assert report.statements == 40


def test_what_would_be_wrong_is_told(tmp_path: Path) -> None:
    wanted = {"t": Table((Row(1, "하나", "a", ("하나",)), Row(2, "둘", "b")), has_vectors=True)}
    own, others = (small_model.vector_of(text, tmp_path).tolist() for text in ("하나", "셋"))
    first = {"id": 1, "source": "하나", "label": "a", "v": own}
    second = {"id": 2, "source": "둘", "label": "b", "v": None}
    assert difference({"t": [first, second]}, wanted, tmp_path) is None
    for wrong in (
        {},
        {"t": [first]},
        {"t": [second, first]},
        {"t": [first | {"label": None}, second]},
        {"t": [first | {"v": others}, second]},
        {"t": [first | {"v": None}, second]},
        {"t": [first, second | {"v": others}]},
    ):
        assert difference(wrong, wanted, tmp_path) is not None


def test_a_full_disk_loses_nothing_and_is_told(tmp_path: Path) -> None:
    try:
        report = fill(tmp_path, times=4, seed=3)
    except NoDisk as error:
        pytest.skip(str(error))
    assert report.faults == []
    assert report.full.total() == 4


@pytest.mark.hunt
def test_every_hostile_file_gets_a_vector_or_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    monkeypatch.setattr(hostile_files, "BOMB_SIDES", (2000, 40_000))
    made = make_all(tmp_path, rounds(2, 20) * len(list(makers())), seed=5)
    outcome = convert(tmp_path, made, "mini")
    assert outcome.silent == []
    assert outcome.vectors.total() > len(made) / 5
    assert sum(sum(reasons.values()) for reasons in outcome.reasons.values()) > len(made) / 3
