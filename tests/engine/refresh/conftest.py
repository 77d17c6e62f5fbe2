"""Four photos with a table of them, without and with vectors."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from thanosql_kernel.models import registry

sys.path.insert(0, str(Path(__file__).parent))
from refresh_world import CONVERT, Photos


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Photos]:
    made = Photos(tmp_path)
    monkeypatch.setattr(registry, "load", lambda model, **settings: made.encoder)
    made.paint("a", "b", "sub/c", "sub/d")
    made.sql("COPY t FROM 'photos'; ALTER TABLE t ADD COLUMN star INTEGER")
    made.sql("UPDATE t SET star = ascii(regexp_extract(image_path, '(.).png', 1)) - 96")
    yield made
    made.connection.close()


@pytest.fixture
def embedded(photos: Photos) -> Photos:
    photos.sql(CONVERT)
    return photos
