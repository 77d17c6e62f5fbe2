"""PRINT VIDEO starts at the second that a search has found, and shows what is seen around it."""

from __future__ import annotations

import base64
import io
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "films"))
from made_films import drawn, noise, steady, write_film

from thanosql_kernel.films.sampling import SECOND_US
from thanosql_kernel.films.strip import shots_around
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.film_strip import starting_at
from thanosql_kernel.jupyter.media import MAX_PLAYER_BYTES
from thanosql_kernel.statements.results import MediaItem, MediaResult


def shown(folder: Path, *items: MediaItem) -> tuple[str, str]:
    bundle = mime_bundle(MediaResult("video", items, len(items)), folder=folder)
    return bundle["text/plain"], bundle["text/html"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_film(tmp_path / "a.mp4", steady([(2.0, drawn(number)) for number in range(6)], 5))
    return tmp_path


def test_a_player_starts_at_the_second(folder: Path) -> None:
    text, html = shown(folder, MediaItem("a.mp4", (("s", "0.5"),), second=6.5))
    assert "1. a.mp4 at 0:06" in text
    (source,) = re.findall(r'<video [^>]*src="([^"]*)"', html)
    assert source.startswith("data:video/mp4;base64,")
    assert source.endswith("#t=6.5")
    assert 'preload="metadata"' in html


def test_without_a_second_nothing_is_new(folder: Path) -> None:
    text, html = shown(folder, MediaItem("a.mp4", ()))
    assert text.startswith("1. a.mp4\n")
    assert "#t=" not in html
    assert "<img" not in html
    assert 'preload="none"' in html


def test_a_strip_of_what_is_seen_around_it(folder: Path) -> None:
    _, html = shown(folder, MediaItem("a.mp4", (), second=7.0))
    times = re.findall(r'<img src="data:image/webp;base64,([^"]*)" alt="([^"]*)"', html)
    assert [time for _, time in times] == ["0:03", "0:05", "0:07", "0:09", "0:11"]
    for data, time in times:
        seen = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
        wanted = drawn(int(time[-2:]) // 2).resize(seen.size)
        assert np.abs(np.asarray(seen, dtype=int) - np.asarray(wanted)).mean() < 20


def test_at_its_beginning_and_end_there_is_less_around(folder: Path) -> None:
    assert [shot.us for shot in shots_around(folder / "a.mp4", 0, 32)] == [0, 2 * SECOND_US, 4 * SECOND_US]
    late = [shot.us // SECOND_US for shot in shots_around(folder / "a.mp4", 11 * SECOND_US, 32)]
    assert late == [7, 9, 11]


def test_what_cannot_be_read_has_no_strip(tmp_path: Path) -> None:
    (tmp_path / "junk.mp4").write_bytes(b"junk" * 99)
    _, html = shown(
        tmp_path,
        MediaItem("junk.mp4", (), second=3.0),
        MediaItem("none.mp4", (), second=3.0),
        MediaItem(None, (), second=1.0),
    )
    assert "<img" not in html


def test_a_large_film_is_played_from_its_file_whatever_its_name(folder: Path) -> None:
    path = write_film(folder / "a #1 50%?.mp4", steady([(6.0, noise(1))], 5))
    with open(path, "ab") as file:
        file.write(bytes(MAX_PLAYER_BYTES))
    _, html = shown(folder, MediaItem(path.name, (), second=4.0))
    assert 'src="a %231 50%25%3F.mp4#t=4"' in html
    assert "<img" in html


def test_fragments() -> None:
    assert starting_at("a.mp4", None) == "a.mp4"
    assert starting_at("a.mp4", 0.0) == "a.mp4#t=0"
    assert starting_at("a.mp4", 100.0) == "a.mp4#t=100"
    assert starting_at("a.mp4", 0.25) == "a.mp4#t=0.25"
