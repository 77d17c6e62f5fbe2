"""A server of pictures, and what fetches from it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from picture_server import PictureServer, serving

from thanosql_kernel.web.addresses import Reach
from thanosql_kernel.web.kept import Kept
from thanosql_kernel.web.pictures import WebPictures


@pytest.fixture
def server() -> Iterator[PictureServer]:
    with serving() as running:
        yield running


@pytest.fixture
def now() -> list[float]:
    """The time, to be changed."""
    return [1e9]


@pytest.fixture
def pictures(tmp_path: Path, now: list[float]) -> Iterator[WebPictures]:
    """Pictures of any address, kept in a folder of their own."""
    kept = Kept(tmp_path / "kept", lambda: 1 << 20, lambda: now[0])
    yield WebPictures(kept, lambda: Reach.ANYWHERE, clock=lambda: now[0], patience_s=0.0)
    kept.close()
