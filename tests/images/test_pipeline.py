"""Batches come in order, hold what could be read, name what could not, and stop when told."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from thanosql_kernel.images import pipeline
from thanosql_kernel.images.pipeline import Batch, decoded
from thanosql_kernel.images.preprocess import Preprocess

SMALL = Preprocess(size=8, mode="squash", mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))


def grey(level: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), (level, level, level)).save(buffer, "PNG")
    return buffer.getvalue()


def run(sources: list[bytes], batch_size: int = 4, workers: int = 3) -> list[Batch]:
    return list(decoded(sources, SMALL, batch_size=batch_size, workers=workers, cancelled=lambda: False))


def test_order_is_kept() -> None:
    batches = run([grey(level) for level in range(50)])
    assert [len(batch.indices) for batch in batches] == [4] * 12 + [2]
    assert [i for batch in batches for i in batch.indices] == list(range(50))
    levels = np.concatenate([batch.array[:, 0, 0, 0] for batch in batches]) * 255
    np.testing.assert_allclose(levels, range(50), atol=1e-3)


def test_failures_are_reasons_in_their_batch(tmp_path: Path) -> None:
    batches = run([grey(1), b"text", grey(3), b"", b"also text", grey(6)], batch_size=3)
    assert [batch.indices for batch in batches] == [[0, 2], [5]]
    assert [batch.failures for batch in batches] == [
        [(1, "not a picture")],
        [(3, "empty file"), (4, "not a picture")],
    ]
    assert [batch.array.shape for batch in batches] == [(2, 3, 8, 8), (1, 3, 8, 8)]


def test_a_batch_of_failures_has_an_empty_array() -> None:
    (batch,) = run([b"text", b"more"])
    assert batch.array.shape == (0, 3, 8, 8)
    assert batch.indices == []


def test_no_sources_no_batches() -> None:
    assert run([]) == []


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Decoding waits until the event is set."""
    event = threading.Event()
    original: Callable[..., object] = pipeline._decode

    def gated(*arguments: object) -> object:
        event.wait()
        return original(*arguments)

    monkeypatch.setattr(pipeline, "_decode", gated)
    return event


def test_cancelling_ends_the_iterator_while_decoding_is_stuck(gate: threading.Event) -> None:
    stop = threading.Event()
    batches = decoded([grey(1)] * 9, SMALL, batch_size=2, workers=2, cancelled=stop.is_set)
    timer = threading.Timer(0.1, stop.set)
    timer.start()
    assert list(batches) == []
    assert not gate.is_set()
    gate.set()
    timer.join()


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    original: Callable[..., object] = pipeline._decode

    def counted(*arguments: object) -> object:
        begun.append(1)
        return original(*arguments)

    monkeypatch.setattr(pipeline, "_decode", counted)
    batches = decoded([grey(1)] * 200, SMALL, batch_size=5, workers=2, cancelled=lambda: False)
    next(batches)
    assert len(begun) <= 5 + 2 * 5 + 2
    batches.close()  # type: ignore[attr-defined]


def test_leaving_early_stops_the_threads() -> None:
    batches = decoded([grey(1)] * 100, SMALL, batch_size=2, workers=2, cancelled=lambda: False)
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    threads = [t for t in threading.enumerate() if t.name.startswith("decode")]
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
