"""A database with drawn pictures of three colours, and a small encoder that counts what it is given."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, age

from thanosql_kernel.models import registry

COLOURS = {"red": (200, 40, 40), "green": (40, 180, 60), "blue": (50, 60, 210)}
COUNT = 36


def draw(path: Path, number: int) -> str:
    """One of three colours in turn, with noise; what it is called."""
    name = list(COLOURS)[number % 3]
    noise = np.random.default_rng(number).integers(-40, 40, (16, 16, 3))
    pixels = np.clip(np.array(COLOURS[name]) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    age(path)
    return name


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> PixelEncoder:
    """In the place of the embedded model."""
    found = PixelEncoder()
    monkeypatch.setattr(registry, "_mini", lambda: found)
    return found


@pytest.fixture
def pictures(world, encoder):
    """The table p: pictures with labels of several types and texts; the last two have no picture, or no label."""
    world.run("SET display.rows = 100")
    rows = []
    for number in range(COUNT):
        name = draw(world.folder / f"p{number}.png", number)
        is_red = name == "red"
        text = f"a {name} picture number {number} of all"
        rows.append(f"({number}, 'p{number}.png', '{name}', {is_red}, {number % 3}, '{text}')")
    rows += ["(100, NULL, 'red', TRUE, 0, 'a red one that is not there')"]
    rows += ["(101, 'p0.png', NULL, NULL, NULL, NULL)"]
    names = "n, image_path, label, is_red, code, text"
    world.run(f"CREATE TABLE p AS SELECT * FROM (VALUES {', '.join(rows)}) AS t({names})")
    return world
