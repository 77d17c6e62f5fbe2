"""Films made on the spot: drawn scenes cut together, upright or turned, at steady and uneven rates; and broken ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw

SECOND_US = 1_000_000


def noise(seed: int, width: int = 160, height: int = 120) -> Image.Image:
    """A picture of large coloured squares that no other seed gives."""
    small = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.NEAREST)


def drawn(seed: int, width: int = 160, height: int = 120) -> Image.Image:
    """A picture of shapes on a coloured ground: like a photograph to an encoder of videos, unlike to a model."""
    random = np.random.default_rng(seed)
    picture = Image.new("RGB", (width, height), tuple(int(it) for it in random.integers(0, 256, 3)))
    draw = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        size = int(random.integers(8, 60))
        colour = tuple(int(it) for it in random.integers(0, 256, 3))
        (draw.ellipse if random.random() < 0.5 else draw.rectangle)((x, y, x + size, y + size), fill=colour)
    return picture


def write_film(
    path: Path,
    frames: Iterable[tuple[float, Image.Image]],
    *,
    codec: str = "libx264",
    turned: int = 0,
    gop: int = 25,
    time_base: Fraction = Fraction(1, 12_800),
    with_sound: bool = False,
    options: dict[str, str] | None = None,
    aspect: Fraction | None = None,
) -> Path:
    """A film of frames, each with its time in seconds.

    Args:
        path: Its ending says the container.
        frames: In order of time.
        codec: What codes the pictures.
        turned: By how many degrees players turn it, counterclockwise; the frames are stored turned the other way.
        gop: Frames from one keyframe to the next, at most.
        time_base: The unit of times.
        with_sound: Whether there is silence beside the pictures.
        options: For the codec.
        aspect: Width of stored pixels by their height.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = ((at, picture.rotate(-turned, expand=True)) for at, picture in frames)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options or {"preset": "ultrafast"})
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size = gop
        stream.codec_context.time_base = time_base
        sound = (
            container.add_stream("aac" if path.suffix != ".webm" else "libopus", rate=48_000)
            if with_sound
            else None
        )
        if turned:
            stream.set_display_rotation(turned)
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        heard = 0
        for number, (at, picture) in enumerate(stored):
            if not number:
                stream.width, stream.height = picture.size
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = round(at / time_base), time_base
            container.mux(stream.encode(frame))
            while sound is not None and heard <= at * 48_000:
                container.mux(sound.encode(_silence(heard)))
                heard += 1024
        container.mux(stream.encode())
        if sound is not None:
            container.mux(sound.encode())
    return path


def _silence(at: int) -> av.AudioFrame:
    quiet = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
    quiet.sample_rate, quiet.pts = 48_000, at
    return quiet


def write_sound(path: Path, seconds: int = 1) -> Path:
    """Silence."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        for heard in range(0, 48_000 * seconds, 1024):
            container.mux(stream.encode(_silence(heard)))
        container.mux(stream.encode())
    return path


def steady(scenes: Sequence[tuple[float, Image.Image]], rate: float) -> Iterable[tuple[float, Image.Image]]:
    """The frames of scenes that follow one another, each of so many seconds, at a steady rate."""
    ends = np.cumsum([length for length, _ in scenes])
    for number in range(round(float(ends[-1]) * rate)):
        at = number / rate
        yield at, scenes[min(int(np.searchsorted(ends, at + 1e-9, side="right")), len(scenes) - 1)][1]


def uneven(
    scenes: Sequence[tuple[float, Image.Image]], seed: int, least: float = 0.03, most: float = 0.4
) -> Iterable[tuple[float, Image.Image]]:
    """The frames of scenes at an uneven rate; one begins with each scene."""
    random, starts = np.random.default_rng(seed), [0.0, *np.cumsum([length for length, _ in scenes]).tolist()]
    for (start, stop), (_, picture) in zip(pairwise(starts), scenes, strict=True):
        at = start
        while at < stop - 1e-9:
            yield at, picture
            at += float(random.uniform(least, most))


def all_frames(path: Path) -> list[tuple[int, np.ndarray]]:
    """Every frame by plain decoding: microseconds from the film's beginning, and pixels as stored."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        start, base = stream.start_time or 0, stream.time_base

        def microseconds(stamp: int) -> int:
            return int(stamp * base.numerator * SECOND_US // base.denominator)

        return [
            (microseconds(frame.pts) - microseconds(start), frame.to_ndarray(format="rgb24"))
            for frame in container.decode(stream)
        ]


def shown_at(
    frames: Sequence[tuple[int, np.ndarray]], interval_us: int, end_us: int
) -> dict[int, np.ndarray]:
    """The oracle: what is shown at multiples of the interval, where it is not what was shown before."""
    found, at, before = {}, 0, None
    times = np.array([us for us, _ in frames])
    while at < end_us:
        index = max(0, int(np.searchsorted(times, at, side="right")) - 1)
        if index != before:
            found[at] = frames[index][1]
        before, at = index, at + interval_us
    return found
