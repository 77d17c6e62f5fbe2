"""A folder of pictures with a model that shows their pixels."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
