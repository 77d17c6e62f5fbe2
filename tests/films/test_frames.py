"""The frames that stand for a film, against plain decoding of all of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
from hunts import rounds
from made_films import all_frames, drawn, noise, shown_at, steady, uneven, write_film

from thanosql_kernel.films import frames as frames_module
from thanosql_kernel.films.frames import sampled
from thanosql_kernel.films.reading import Stopped, open_film
from thanosql_kernel.films.sampling import SECOND_US, Sampling

HUGE = 4096

#: Codec, container and what the codec is told.
KINDS = {
    "h264": ("libx264", ".mp4", {"preset": "ultrafast", "bf": "0"}),
    "h264 with B-frames": ("libx264", ".mp4", {"preset": "veryfast", "bf": "3"}),
    "h264, open groups": ("libx264", ".mkv", {"preset": "veryfast", "x264-params": "open-gop=1:bframes=3"}),
    "h264 in mov": ("libx264", ".mov", {"preset": "veryfast"}),
    "h264 in a transport stream": ("libx264", ".ts", {"preset": "veryfast"}),
    "h265": ("libx265", ".mp4", {"preset": "ultrafast", "x265-params": "log-level=none"}),
    "mpeg4 in avi": ("mpeg4", ".avi", {}),
    "mjpeg": ("mjpeg", ".mov", {}),
    "vp8": (
        "libvpx",
        ".webm",
        {"deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "1", "lag-in-frames": "8"},
    ),
    "vp9": ("libvpx-vp9", ".webm", {"deadline": "realtime", "cpu-used": "8"}),
}


def film_of(folder: Path, kind: str, seed: int) -> Path:
    """A film of random scenes, random groups of pictures, at a steady or uneven rate."""
    random = np.random.default_rng(seed)
    codec, ending, options = KINDS[kind]
    scenes = [
        (float(random.uniform(0.2, 2.5)), drawn(int(random.integers(1 << 30)), 64, 48)) for _ in range(6)
    ]
    is_steady = ending == ".avi" or random.random() < 0.5
    shots = steady(scenes, float(random.choice([5, 12.5, 25]))) if is_steady else uneven(scenes, seed)
    base = Fraction(1, 25) if ending == ".avi" else Fraction(1, 12_800)
    path = folder / f"{kind}{seed}{ending}"
    return write_film(
        path,
        marked(shots),
        codec=codec,
        gop=int(random.choice([1, 7, 25, 250])),
        options=options,
        time_base=base,
    )


def marked(shots: Iterable[tuple[float, Image.Image]]) -> Iterator[tuple[float, Image.Image]]:
    """Frames that differ from those before them: a white bar moves through each scene."""
    for number, (at, picture) in enumerate(shots):
        seen = picture.copy()
        seen.paste((255, 255, 255), (number * 4 % 64, 0, number * 4 % 64 + 4, 48))
        yield at, seen


def _is_in(known: set[int], interval_us: int, us: int) -> bool:
    return us // interval_us in known


def unlikeness(picture: Image.Image, pixels: np.ndarray) -> float:
    return float(np.abs(np.asarray(picture, dtype=int) - pixels).mean())


def assert_is_shown(picture: Image.Image, us: int, every: list[tuple[int, np.ndarray]]) -> None:
    """It is the frame that is shown then, not one beside it."""
    at = max(0, int(np.searchsorted([it for it, _ in every], us, side="right")) - 1)
    unlike = [unlikeness(picture, pixels) for _, pixels in every[max(0, at - 3) : at + 4]]
    assert unlike[min(at, 3)] <= min(unlike) + 0.1
    assert unlike[min(at, 3)] < 3


@pytest.mark.hunt
@pytest.mark.parametrize("kind", KINDS)
def test_the_frames_at_all_times_are_those_of_plain_decoding(tmp_path: Path, kind: str) -> None:
    for seed in range(rounds(2, 25)):
        random = np.random.default_rng(1000 + seed)
        path = film_of(tmp_path, kind, seed)
        every = all_frames(path)
        for interval in (0.1, 0.7, 1.0, 3.0):
            known = {at for at in range(100) if random.random() < random.choice([0.0, 0.3, 0.9])}
            interval_us = Sampling.of(interval, False).interval_us
            with open_film(path) as film:
                is_known = partial(_is_in, known, interval_us)
                taken = sampled(film, Sampling.of(interval, False), HUGE, is_known)
                found = {it.us: it.picture for it in taken}
                wanted = shown_at(every, interval_us, film.end_us)
            assert sorted(found) == sorted(wanted), (kind, seed, interval)
            for us, picture in found.items():
                assert (picture is None) == (us // interval_us in known)
                if picture is not None:
                    assert_is_shown(picture, us, every)


def test_what_is_known_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_film(tmp_path / "a.mp4", steady([(1.0, noise(n)) for n in range(20)], 10), gop=10)
    pushed: list[int] = []
    decode = frames_module._Decoder._decoded

    def counted(self, timed):
        pushed.append(1)
        return decode(self, timed)

    monkeypatch.setattr(frames_module._Decoder, "_decoded", counted)
    with open_film(path) as film:
        found = list(sampled(film, Sampling(SECOND_US), 64, lambda us: us != 15 * SECOND_US))
    assert len(found) == 20
    assert len(pushed) < 15, "a group of ten pictures, and what flushes the decoder"


def test_packets_that_wait_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames_module, "MOST_WAITING_BYTES", 3000)
    path = write_film(
        tmp_path / "a.mp4", marked(uneven([(3.0, drawn(n, 64, 48)) for n in range(4)], 1)), gop=1000
    )
    every = all_frames(path)
    with open_film(path) as film:
        found = {it.us: it.picture for it in sampled(film, Sampling.of(5, False), HUGE, lambda us: False)}
        wanted = shown_at(every, 5 * SECOND_US, film.end_us)
    assert sorted(found) == sorted(wanted) == [0, 5 * SECOND_US, 10 * SECOND_US]
    for us, picture in found.items():
        assert picture is not None
        assert_is_shown(picture, us, every)


def test_a_frame_that_stays_stands_for_its_first_time_alone(tmp_path: Path) -> None:
    shots = [(0.0, noise(1)), (0.5, noise(2)), (1_000.0, noise(3)), (1_000.4, noise(4))]
    path = write_film(tmp_path / "slides.mp4", shots)
    with open_film(path) as film:
        found = sorted(it.us for it in sampled(film, Sampling(), 64, lambda us: False))
    assert found == [0, 1 * SECOND_US, 1_000 * SECOND_US]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_turned_films_are_seen_upright(tmp_path: Path, turned: int) -> None:
    picture = drawn(7, 160, 96)
    path = write_film(tmp_path / "a.mp4", steady([(1.0, picture)], 5), turned=turned)
    with open_film(path) as film:
        (seen,) = [it.picture for it in sampled(film, Sampling(), HUGE, lambda us: False)]
    assert seen is not None
    assert seen.size == picture.size
    assert np.abs(np.asarray(seen, dtype=int) - np.asarray(picture)).mean() < 12


def test_pixels_that_are_not_square_are_made_so(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", steady([(1.0, noise(1, 160, 120))], 5), aspect=Fraction(4, 3))
    with open_film(path) as film:
        (seen,) = [it.picture for it in sampled(film, Sampling(), HUGE, lambda us: False)]
    assert seen is not None
    assert seen.size == (213, 120)


def test_large_frames_are_shrunk_by_the_decoder(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", steady([(0.4, noise(1, 640, 480))], 5))
    with open_film(path) as film:
        (seen,) = [it.picture for it in sampled(film, Sampling(), 64, lambda us: False)]
    assert seen is not None
    assert seen.size == (171, 128)


def test_scenes_are_seen_where_they_begin(tmp_path: Path) -> None:
    lengths = [3.0, 2.0, 15.0, 4.0]
    scenes = [(length, drawn(n)) for n, length in enumerate(lengths)]
    path = write_film(tmp_path / "a.mp4", steady(scenes, 10), options={"preset": "ultrafast", "bf": "0"})
    with open_film(path) as film:
        found = [it.us / SECOND_US for it in sampled(film, Sampling.of(None, True), 64, lambda us: False)]
    assert found == pytest.approx([0.0, 3.0, 5.0, 15.0, 20.0], abs=0.25)
    with open_film(path) as film:
        found = [it.us / SECOND_US for it in sampled(film, Sampling.of(100.0, True), 64, lambda us: False)]
    assert found == pytest.approx([0.0, 3.0, 5.0, 20.0], abs=0.25)


def test_it_stops_when_nobody_wants_more(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", steady([(5.0, noise(1))], 10))
    stop: list[int] = []
    with open_film(path, lambda: len(stop) > 3) as film:
        seen = (stop.append(it.us) for it in sampled(film, Sampling.of(0.1, False), 64, lambda us: False))
        with pytest.raises(Stopped):
            list(seen)


def test_sampling_is_written_and_read() -> None:
    for sampling in (Sampling(), Sampling.of(0.25, False), Sampling.of(None, True), Sampling.of(2.5, True)):
        assert Sampling.decoded(sampling.encoded) == sampling
    assert Sampling.of(2, False).encoded == "2"
