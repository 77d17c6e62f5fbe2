"""The frames that stand for a film: no more is decoded than is needed to see them, nothing waits in memory.

The frame at a time is the one that is shown then: the last that begins no later. Packets wait undecoded until it is
known which of them is shown at the next time; a keyframe that comes no later makes all packets before it needless.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from thanosql_kernel.films.pictures import aspect_of, picture_of
from thanosql_kernel.films.reading import Film, Timed
from thanosql_kernel.films.sampling import SECOND_US, Sampling
from thanosql_kernel.machine import available_cores

if TYPE_CHECKING:
    from av import VideoFrame
    from PIL import Image

#: Packets that wait, in bytes; more are decoded though nobody may want them.
MOST_WAITING_BYTES = 32 << 20
#: Frames of more pixels are decoded in one thread: each thread holds some.
_THREADED_PIXELS = 4096 * 2304
#: Scenes are told apart by small pictures, at most so many a second.
_LOOK_EVERY_US = SECOND_US // 5
_LOOK_W, _LOOK_H = 32, 18
CUT = 27.0
"""How much the mean channel of a pixel changes where a scene begins, of 255 (PySceneDetect's ContentDetector)."""

IsKnown = Callable[[int], bool]


class Sampled(NamedTuple):
    """A frame that stands for its film.

    Attributes:
        us: Its time, microseconds from the film's beginning.
        picture: What is seen; None where that is known already.
    """

    us: int
    picture: Image.Image | None


def sampled(film: Film, sampling: Sampling, side_px: int, is_known: IsKnown) -> Iterator[Sampled]:
    """The frames that stand for a film, each once, in no strict order.

    Args:
        film: Just opened.
        sampling: Which frames.
        side_px: Pixels that the shorter side of a picture needs.
        is_known: Whether the frame at a time need not be seen.
    """
    take = _scenes if sampling.scenes else _grid
    yield from take(film, sampling.interval_us, side_px, is_known)


class _Decoder:
    """Decodes packets, and gives the frames at the times that are due."""

    def __init__(self, film: Film) -> None:
        self.film = film
        self.due: deque[int] = deque()
        self._context = film.stream.codec_context
        many = self._context.width * self._context.height > _THREADED_PIXELS
        self._context.thread_type = "SLICE" if many else "AUTO"
        self._context.thread_count = 1 if many else available_cores()
        self._last: VideoFrame | None = None
        self._is_fed = False

    def push(self, packets: Sequence[Timed], wanted_us: int) -> Iterator[tuple[int, VideoFrame]]:
        """Decode packets; frames before a time only if others need them."""
        for timed in packets:
            is_wanted = timed.us is None or timed.us >= wanted_us
            self._context.skip_frame = "DEFAULT" if is_wanted else "NONREF"
            for frame in self._decoded(timed):
                yield from self._shown(frame)

    def frames(self, packets: Sequence[Timed]) -> Iterator[VideoFrame]:
        """The frames of packets, but for those that no other needs."""
        for timed in packets:
            self._context.skip_frame = "NONREF"
            yield from self._decoded(timed)

    def drain(self) -> Iterator[tuple[int, VideoFrame]]:
        """What is still due; the next packet must be a keyframe's."""
        if self._is_fed:
            for frame in self._decoded(None):
                yield from self._shown(frame)
            self._context.flush_buffers()
        while self.due:
            at = self.due.popleft()
            if self._last is not None:
                yield at, self._last
        self._last, self._is_fed = None, False

    def _decoded(self, timed: Timed | None) -> list[VideoFrame]:
        import av

        try:
            found = self._context.decode(None if timed is None else timed.packet)
        except (av.error.FFmpegError, ValueError):
            return []  # damaged: frames before and behind it are there
        self._is_fed = True
        return found

    def us(self, frame: VideoFrame) -> int:
        """When a frame is shown; one that does not say it, right after the last."""
        found = self.film.us(frame.pts if frame.pts is not None else frame.dts)
        if found is not None:
            return found
        last = None if self._last is None else self.film.us(self._last.pts)
        return 0 if last is None else last + 1

    def _shown(self, frame: VideoFrame) -> Iterator[tuple[int, VideoFrame]]:
        us = self.us(frame)
        while self.due and us > self.due[0]:
            yield self.due.popleft(), frame if self._last is None else self._last
        self._last = frame


class _Grid:
    """Finds out which packet is shown at each time, as packets come."""

    def __init__(self, film: Film, interval_us: int, is_known: IsKnown) -> None:
        self.decoder = _Decoder(film)
        self._interval_us, self._is_known = interval_us, is_known
        self._waiting: list[Timed] = []
        self._waiting_bytes = 0
        self._times: list[int] = []  # when packets are shown, the one shown now and all later ones
        self._target = 0
        self._shown: int | None = None
        self._has_gap = False
        self.known: list[int] = []

    def add(self, timed: Timed) -> Iterator[tuple[int, VideoFrame]]:
        """One packet more."""
        if timed.us is not None:
            self._times.append(timed.us)
        self._waiting.append(timed)
        self._waiting_bytes += timed.packet.size
        yield from self.settle(timed.horizon_us)
        if timed.packet.is_keyframe:
            self._trim()
        if self._waiting_bytes > MOST_WAITING_BYTES:
            yield from self._push(0, len(self._waiting))

    def settle(self, horizon_us: int) -> Iterator[tuple[int, VideoFrame]]:
        """Go through all times before a horizon, which no packet comes before any more."""
        while self._target < horizon_us and self._times:
            shown = max((us for us in self._times if us <= self._target), default=min(self._times))
            later = min((us for us in self._times if us > self._target), default=horizon_us)
            if shown != self._shown:
                self._shown = shown
                if self._is_known(self._target):
                    self.known.append(self._target)
                else:
                    self.decoder.due.append(self._target)
                    self._trim()
                    where = [at for at, it in enumerate(self._waiting) if it.us == shown]
                    yield from self._push(shown, where[-1] + 1 if where else 0)
            self._times = [us for us in self._times if us >= shown]
            steps = max(1, -(-(min(later, horizon_us) - self._target) // self._interval_us))
            self._target += steps * self._interval_us

    def _push(self, wanted_us: int, count: int) -> Iterator[tuple[int, VideoFrame]]:
        """Decode the first of the packets that wait."""
        if not count:
            return
        if self._has_gap:
            target = (
                [self.decoder.due.pop()] if self.decoder.due and self.decoder.due[-1] == self._target else []
            )
            yield from self.decoder.drain()
            self.decoder.due.extend(target)
        packets, self._has_gap = self._waiting[:count], False
        del self._waiting[:count]
        self._waiting_bytes -= sum(it.packet.size for it in packets)
        yield from self.decoder.push(packets, wanted_us)

    def _trim(self) -> None:
        """Packets before the last keyframe that is shown no later than the next time are not needed."""
        for at in range(len(self._waiting) - 1, 0, -1):
            timed = self._waiting[at]
            if timed.packet.is_keyframe and timed.us is not None and timed.us <= self._target:
                self._waiting_bytes -= sum(it.packet.size for it in self._waiting[:at])
                del self._waiting[:at]
                self._has_gap = True
                return


def _grid(film: Film, interval_us: int, side_px: int, is_known: IsKnown) -> Iterator[Sampled]:
    """Frames at equal intervals; one that is shown for longer stands for its first time alone."""
    grid, aspect = _Grid(film, interval_us, is_known), aspect_of(film.stream)

    def seen(found: Iterator[tuple[int, VideoFrame]]) -> Iterator[Sampled]:
        for us, frame in found:
            yield Sampled(us, picture_of(frame, side_px, aspect))
        known, grid.known = grid.known, []
        yield from (Sampled(us, None) for us in known)

    for timed in film.packets():
        yield from seen(grid.add(timed))
    yield from seen(grid.settle(film.end_us))
    yield from seen(grid.decoder.drain())


def _scenes(film: Film, longest_us: int, side_px: int, is_known: IsKnown) -> Iterator[Sampled]:
    """Frames where scenes begin, and at least every so often."""
    import numpy as np

    decoder, aspect = _Decoder(film), aspect_of(film.stream)
    before, looked_us, taken_us = None, -_LOOK_EVERY_US, -longest_us
    for frame in _reference_frames(film, decoder):
        us = decoder.us(frame)
        if us < 0 or us - looked_us < _LOOK_EVERY_US:
            continue
        small = frame.reformat(_LOOK_W, _LOOK_H, "rgb24", interpolation="AREA").to_ndarray().astype(np.int16)
        is_cut = before is None or float(np.abs(small - before).mean()) >= CUT
        before, looked_us = small, us
        if is_cut or us - taken_us >= longest_us:
            taken_us = us
            yield Sampled(us, None if is_known(us) else picture_of(frame, side_px, aspect))


def _reference_frames(film: Film, decoder: _Decoder) -> Iterator[VideoFrame]:
    for timed in film.packets():
        yield from decoder.frames([timed])
    yield from decoder._decoded(None)
