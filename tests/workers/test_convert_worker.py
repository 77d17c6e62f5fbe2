"""Workers fill the cache beside each other: CONVERT finds every vector there, the very same as without them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import shared_table
from shared_table import COUNT, SOURCES, Counted, Shared, convert

from thanosql_kernel.models import registry

LONG_S = ("--commit-s", "3600")


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Counted:
    encoder = Counted()
    monkeypatch.setattr(registry, "load", lambda model, **settings: encoder)
    return encoder


@pytest.fixture
def shared(tmp_path: Path) -> Shared:
    shared = Shared(tmp_path)
    shared.make()
    return shared


def without_workers(shared: Shared, source: str) -> tuple[list[bytes | None], list[str]]:
    """What a CONVERT makes and tells that has a cache of its own."""
    alone = Shared(shared.folder, str(shared.folder / "alone"))
    session = shared.session()
    rows = session.rows("SELECT * FROM t")
    session.close()
    session = alone.session()
    session.store("t", rows, session.database_columns(rows), replace=True)
    session.close()
    return alone.vectors(source)


@pytest.mark.parametrize("source", SOURCES)
def test_four_shards_leave_nothing_to_embed_and_the_same_bytes(
    shared: Shared, encoder: Counted, source: str
) -> None:
    logs = [shared.worker(source, "--shard", f"{number}/4") for number in (1, 2, 3, 4)]
    assert [status for status, _ in logs] == [0, 0, 0, 0]
    assert set(encoder.seen.values()) == {1}
    embedded = sum(log[-1]["embedded"] for _, log in logs)
    assert embedded == len(encoder.seen) >= COUNT
    vectors, told = shared.vectors(source)
    assert set(encoder.seen.values()) == {1}
    assert told[0].startswith("0 ")
    alone, told_alone = without_workers(shared, source)
    assert vectors == alone
    assert told[1:-1] == told_alone[1:-1]


def test_a_worker_leaves_the_table_alone(shared: Shared, encoder: Counted) -> None:
    session = shared.session()
    before = session.catalog.table("t")
    session.close()
    shared.worker("path")
    session = shared.session()
    assert session.catalog.table("t") == before
    session.close()


def test_what_cannot_be_read_is_told_with_its_reason(shared: Shared, encoder: Counted) -> None:
    status, log = shared.worker("path")
    unreadable = {line["item"]: line["reason"] for line in log if line["event"] == "unreadable"}
    assert (status, log[-1]["unreadable"]) == (0, 2)
    _, told = shared.vectors("path")
    assert all(f"{item}: {reason}" in "\n".join(told) for item, reason in unreadable.items())
    assert set(unreadable) == {"broken.png", "absent.png"}


def test_a_worker_that_runs_again_embeds_nothing(shared: Shared, encoder: Counted) -> None:
    assert shared.worker("path", "--shard", "1/2")[1][-1]["embedded"] > 0
    assert shared.worker("path", "--shard", "1/2")[1][-1]["embedded"] == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_a_worker_and_nothing_is_lost(
    shared: Shared, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    encoder = Counted(lambda: os.kill(os.getpid(), number) if len(encoder.seen) == 32 else None)
    monkeypatch.setattr(registry, "load", lambda model, **settings: encoder)
    before = signal.getsignal(number)
    status, log = shared.worker("path", *LONG_S)
    assert (status, log[-1]["event"], log[-1]["signal"]) == (128 + number, "stopped", number.name)
    assert signal.getsignal(number) is before
    stopped_at = len(encoder.seen)
    assert stopped_at < COUNT
    assert shared.worker("path")[1][-1]["known"] >= stopped_at
    assert set(encoder.seen.values()) == {1}


def test_a_killed_worker_loses_one_commit_at_most(
    shared: Shared, encoder: Counted, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    worker = start_worker(shared, "48", "--commit-s", "0.001")
    assert worker.stdout is not None
    assert worker.stdout.readline() == "there\n"
    worker.kill()
    worker.wait()
    _, log = shared.worker("path")
    batch, copies = 16, 1  # one batch is being kept while the model has another
    assert 48 - 2 * batch <= log[-1]["known"] <= 48 + copies
    assert log[-1]["embedded"] + log[-1]["known"] >= COUNT
    assert shared.vectors("path")[0] == without_workers(shared, "path")[0]


@pytest.fixture
def start_worker() -> Callable[..., subprocess.Popen[str]]:
    """Starts a worker in a process of its own that stops after so many pictures, and waits."""

    def start(shared: Shared, stop_after: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, shared_table.__file__, stop_after, *shared.command("path", *arguments)]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    return start


def test_options_are_those_of_convert(shared: Shared, encoder: Counted) -> None:
    shared.worker("path", options=", views=2")
    shared.vectors("path")
    assert shared.vectors("path", ", views=2")[1][0].startswith("0 ")


def test_with_on_error_fail_a_worker_fails_as_convert_does(shared: Shared, encoder: Counted) -> None:
    status, log = shared.worker("path", options=", on_error='fail'")
    assert (status, log[-1]["event"], log[-1]["code"]) == (1, "failed", "TS501")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("SELECT 1", "TS605"),
        ("CONVERT USING mini AS SELECT * FROM nothing", "TS201"),
        ("CONVERT USING mini OPTIONS(image_col='nothing') AS SELECT * FROM t", "TS202"),
        ("CONVERT USING nobody AS SELECT * FROM t", "TS200"),
        ("CONVERT", "TS100"),
        ("", "TS605"),
        (f"{convert('path')}; {convert('path')};", "TS605"),
    ],
)
def test_what_is_wrong_is_told_in_the_log_and_by_the_status(
    shared: Shared, encoder: Counted, statement: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_table, "convert", lambda *_: statement)
    status, log = shared.worker("path")
    assert (status, log[-1]["event"], log[-1]["code"]) == (1, "failed", code)


def test_arguments_that_make_no_sense_give_status_two(shared: Shared, encoder: Counted) -> None:
    assert shared.worker("path", "--shard", "5/4") == (2, [])


def test_progress_is_told_with_what_is_left(shared: Shared, encoder: Counted) -> None:
    _, log = shared.worker("path", "--progress-s", "0.000001")
    lines = [line for line in log if line["event"] == "progress"]
    assert [line["done"] for line in lines] == sorted(line["done"] for line in lines)
    assert len(lines) > 2
    assert lines[-1]["done"] == lines[-1]["total"]
    assert (lines[-1]["unit"], lines[-1]["eta_s"], lines[-1]["shard"]) == ("images", 0, "1/1")
