"""Sounds and videos as HTML and as text."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from display_cases import Tags, item

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.media import MAX_PLAYER_BYTES
from thanosql_kernel.statements.results import MediaResult


@pytest.mark.parametrize(
    ("kind", "name", "mime"), [("audio", "a.mp3", "audio/mpeg"), ("video", "v.mp4", "video/mp4")]
)
def test_small_sounds_and_videos_play_in_the_notebook(tmp_path, kind, name, mime):
    (tmp_path / name).write_bytes(b"sound")
    bundle = mime_bundle(MediaResult(kind, (item(name, n=1),), 1), folder=tmp_path)
    player = Tags(bundle["text/html"]).all(kind)[0]
    assert player["src"] == f"data:{mime};base64," + base64.b64encode(b"sound").decode()
    assert "controls" in player
    assert bundle["text/plain"].startswith(f"1. {name}\n   n: 1\n")


def test_a_large_video_is_linked_not_copied(tmp_path):
    with (tmp_path / "v.mp4").open("wb") as file:
        file.truncate(50_000_000)
    bundle = mime_bundle(MediaResult("video", (item("v.mp4"),), 1), folder=tmp_path)
    assert Tags(bundle["text/html"]).all("video")[0]["src"] == "v.mp4"
    assert "50.0 MB" in bundle["text/plain"]
    assert len(bundle["text/html"]) < 5_000


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_a_missing_file_has_a_place_with_the_reason(tmp_path, kind):
    bundle = mime_bundle(MediaResult(kind, (item("nowhere.bin"), item(None)), 2), folder=tmp_path)
    assert Tags(bundle["text/html"]).all(kind) == []
    assert bundle["text/plain"].startswith("1. nowhere.bin (missing)\n2. NULL (no path)\n2 ")


def test_many_small_sounds_stop_at_the_size_limit_and_say_so(tmp_path):
    for number in range(20):
        (tmp_path / f"{number}.mp3").write_bytes(bytes(400_000))
    many = MediaResult("audio", tuple(item(f"{number}.mp3") for number in range(20)), 20)
    bundle = mime_bundle(many, folder=tmp_path)
    assert len(bundle["text/html"]) < MAX_PLAYER_BYTES + 20_000
    assert 1 < len(Tags(bundle["text/html"]).all("audio")) < 20
    assert "too large" in bundle["text/plain"]


def test_players_need_no_script_and_load_nothing_before_they_play(tmp_path):
    (tmp_path / "a.mp3").write_bytes(b"sound")
    tags = Tags(mime_bundle(MediaResult("audio", (item("a.mp3"),), 1), folder=tmp_path)["text/html"])
    assert tags.all("audio")[0]["preload"] == "none"
    assert {tag for tag, _ in tags.seen} <= set("div figure figcaption audio b span wbr".split())


def test_the_address_of_a_large_video_starts_in_the_working_folder(tmp_path):
    own, notebooks = tmp_path, tmp_path / "노트"
    notebooks.mkdir()
    for folder, name in ((own, "a.mp4"), (notebooks, "b.mp4")):
        (folder / name).write_bytes(bytes(MAX_PLAYER_BYTES))
    result = MediaResult("video", (item("a.mp4"), item("b.mp4")), 2, paths=PathFinder.over(own, notebooks))
    sources = [tag["src"] for tag in Tags(mime_bundle(result)["text/html"]).all("video") if "src" in tag]
    assert sources == ["b.mp4"]
