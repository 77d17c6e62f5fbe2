"""What is no film, or only the beginning of one, says so; nothing else is opened for it."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
from hunts import one_of
from made_films import drawn, noise, steady, write_film, write_sound

from thanosql_kernel.films import reading
from thanosql_kernel.films.frames import sampled
from thanosql_kernel.films.reading import clock, open_film
from thanosql_kernel.films.sampling import SECOND_US, Sampling
from thanosql_kernel.films.unreadable import UnreadableFilm


def frames_of(path: Path) -> tuple[list[int], str | None]:
    with open_film(path) as film:
        found = sorted(it.us for it in sampled(film, Sampling(), 16, lambda us: False) if it.picture)
        return found, film.lacks


def reason_of(path: Path) -> str:
    with pytest.raises(UnreadableFilm) as caught:
        frames_of(path)
    return caught.value.reason


def a_film(folder: Path, ending: str = ".mp4", **settings) -> Path:
    return write_film(folder / f"film{ending}", steady([(2.0, drawn(n)) for n in range(5)], 10), **settings)


def a_jpeg() -> bytes:
    buffer = io.BytesIO()
    noise(1).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b"\0", "not a film"),
        (b"junk" * 1000, "not a film"),
        (a_jpeg(), "not a film"),
        (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "not a film"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "not a film"),
        (
            b"\0\0\0\x18ftypisom" + bytes(2000),
            "a film that is damaged, or cut off before its contents are listed",
        ),
        (b"\x1aE\xdf\xa3" + bytes(2000), "a film that is damaged, or cut off before its contents are listed"),
    ],
)
def test_what_is_no_film(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    assert reason_of(path) == reason


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert reason_of(tmp_path / "none.mp4") == "missing"
    assert reason_of(tmp_path / "pipe.mp4") == "not a regular file"
    assert reason_of(tmp_path) == "not a regular file"


def test_sound_alone_and_a_cover(tmp_path: Path) -> None:
    assert reason_of(write_sound(tmp_path / "a.mp4")) == "sound without pictures"


def test_names_that_libav_would_read_otherwise(tmp_path: Path) -> None:
    film = a_film(tmp_path)
    for name in ("concat:a|b.mp4", "http:a.mp4", "a%03d.mp4", "pipe:0", "사진 여행.mp4"):
        film = film.rename(tmp_path / name)
        assert len(frames_of(film)[0]) == 10


def test_a_film_whose_index_is_at_its_end_and_is_cut_off(tmp_path: Path) -> None:
    path = a_film(tmp_path)
    path.write_bytes(path.read_bytes()[:-2000])
    assert "damaged, or cut off" in reason_of(path)


@pytest.mark.parametrize("ending", [".mkv", ".webm", ".ts", ".avi"])
def test_a_film_that_breaks_off_is_seen_up_to_there(tmp_path: Path, ending: str) -> None:
    codec = {".webm": "libvpx", ".avi": "mpeg4"}.get(ending, "libx264")
    base = {"time_base": reading_base(ending)} if ending == ".avi" else {}
    path = a_film(tmp_path, ending, codec=codec, options={}, gop=5, **base)
    whole, lacks = frames_of(path)
    assert (len(whole), lacks) == (10, None)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    part, lacks = frames_of(path)
    assert part == whole[: len(part)]
    assert 1 <= len(part) < 10
    if ending != ".ts":  # a stream has no header that promises more
        assert lacks is not None
        assert lacks.startswith("breaks off at 0:0")


def reading_base(ending: str):
    from fractions import Fraction

    return Fraction(1, 10)


def test_an_index_in_front_and_contents_that_are_cut_off(tmp_path: Path) -> None:
    import av

    film, path = a_film(tmp_path, ".mkv", gop=5), tmp_path / "front.mp4"
    with av.open(str(film)) as source, av.open(str(path), "w", options={"movflags": "faststart"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    whole, _ = frames_of(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    part, lacks = frames_of(path)
    assert part == whole[: len(part)]
    assert 1 <= len(part) < len(whole)
    assert lacks is not None
    assert "of 0:10" in lacks or "of 0:09" in lacks


@pytest.mark.hunt
@pytest.mark.parametrize("ending", [".mp4", ".mkv", ".avi"])
def test_damage_anywhere_gives_frames_or_a_reason_and_ends(tmp_path: Path, ending: str) -> None:
    """Bytes turned over, zeros in a row, ends cut off: no crash, no frame beyond the film, no time that is none."""
    import random

    settings = (
        {"codec": "mpeg4", "options": {}, "time_base": reading_base(ending)} if ending == ".avi" else {}
    )
    content = a_film(tmp_path, ending, **settings).read_bytes()
    path = tmp_path / f"damaged{ending}"
    for seed in one_of(12, range(240)):
        dice = random.Random(seed)
        damaged = bytearray(content)
        for _ in range(dice.choice([1, 3, 40])):
            damaged[dice.randrange(len(damaged) if dice.random() < 0.5 else 1500)] ^= dice.randrange(1, 256)
        if dice.random() < 0.3:
            at = dice.randrange(len(damaged))
            damaged[at : at + 4000] = bytes(len(damaged[at : at + 4000]))
        path.write_bytes(damaged[: dice.randrange(1, len(damaged))] if dice.random() < 0.3 else damaged)
        found: list[int] = []
        with suppress(UnreadableFilm):
            found, _ = frames_of(path)
        assert len(found) <= 101
        assert all(us >= 0 for us in found)


def test_headers_that_promise_pictures_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_film(tmp_path)
    monkeypatch.setattr(reading, "MOST_PIXELS", 100 * 100)
    assert reason_of(path) == "too large: 160 x 120 pixels"


def test_a_duration_without_end_costs_nothing(tmp_path: Path) -> None:
    shots = [(0.0, noise(1)), (1.0, noise(2)), (5_000_000.0, noise(3))]
    path = write_film(tmp_path / "a.mkv", shots)
    found, lacks = frames_of(path)
    assert found == [0, SECOND_US, 5_000_000 * SECOND_US]
    assert lacks is None


def test_a_cover_is_not_taken_for_a_film(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "a.gif")
    assert reason_of(tmp_path / "a.gif") == "not a film"


def test_times_as_people_write_them() -> None:
    assert [clock(us * SECOND_US) for us in (0, 7, 61, 3723)] == ["0:00", "0:07", "1:01", "1:02:03"]
