"""Films cut into clips of equal length: packets are copied where a clip begins with a keyframe, else coded again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from thanosql_kernel.films.pictures import display_matrix
from thanosql_kernel.films.reading import Film, Timed, never_stopped, open_film
from thanosql_kernel.films.sampling import SECOND_US
from thanosql_kernel.films.unreadable import UnreadableFilm
from thanosql_kernel.wording import films

#: Endings whose containers take the packets of their own kind as they are; films of others are coded again as mp4.
_COPIED = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}
_OTHERS = ".mp4"
#: What clips are coded with, and how: the first that is here.
_CODERS: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "webm": (("libvpx", {"deadline": "realtime", "cpu-used": "4", "crf": "10", "b": "4M"}),),
    "": (("libx264", {"preset": "veryfast", "crf": "18"}), ("mpeg4", {"qscale": "3"})),
}
#: Containers that list their keyframes; in others the beginning of what is found may lack what it refers to.
_INDEXED = frozenset({"mp4", "matroska", "avi"})
_GUESSED_US = 12 * SECOND_US
#: Streams of a file need not keep step exactly.
_BEHIND_US = 2 * SECOND_US


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a film.

    Attributes:
        number: Which, from 0.
        start_us: Where it begins.
        end_us: Where it ends.
        is_copied: Whether its packets can stay as they are.
    """

    number: int
    start_us: int
    end_us: int
    is_copied: bool


class _NotCopied(Exception):
    """A packet does not say when it is decoded, as some do not once they have been sought."""


class _Seen(NamedTuple):
    us: int | None
    is_key: bool
    has_dts: bool


def clip_ending(path: Path) -> str:
    """The ending of the names of a film's clips."""
    ending = path.suffix.lower()
    return ending if ending in _COPIED else _OTHERS


def plan(path: Path, interval_us: int, stopped: Callable[[], bool] = never_stopped) -> list[Part]:
    """The parts of a film, found without decoding it; a part in which no picture begins is none.

    Raises:
        UnreadableFilm: It is none.
    """
    with open_film(path, stopped) as film:
        seen = [_Seen(it.us, bool(it.packet.is_keyframe), it.packet.dts is not None) for it in film.packets()]
        end_us = film.end_us
        stays = path.suffix.lower() in _COPIED and _is_kept(film, clip_ending(path))
    by_part: dict[int, list[int]] = {}
    for at, it in enumerate(seen):
        if it.us is not None:
            by_part.setdefault(it.us // interval_us, []).append(at)
    if not by_part:
        raise UnreadableFilm(films.NO_FRAME())
    return [
        Part(
            number,
            number * interval_us,
            min((number + 1) * interval_us, max(end_us, number * interval_us + 1)),
            stays and _stands_alone([seen[at] for at in places], places),
        )
        for number, places in sorted(by_part.items())
    ]


def _stands_alone(packets: list[_Seen], places: list[int]) -> bool:
    """Whether the packets follow one another, and the first is a keyframe that is shown first."""
    first = packets[0]
    follow = places[-1] - places[0] == len(places) - 1
    are_later = all(it.has_dts and it.us is not None and it.us >= (first.us or 0) for it in packets)
    return follow and first.is_key and are_later


def _is_kept(film: Film, ending: str) -> bool:
    """Whether the film's container is what its ending says, so that a new one takes its packets."""
    names = str(film.container.format.name).split(",")
    return _COPIED[ending] in names


def write_clip(path: Path, part: Part, target: Path, stopped: Callable[[], bool] = never_stopped) -> None:
    """Write a part of a film.

    Raises:
        UnreadableFilm: Nothing of it can be decoded.
        OSError: It cannot be written.
    """
    import av

    try:
        pictures = _write(path, part, target, stopped)
    except (_NotCopied, av.error.FFmpegError):
        if not part.is_copied:
            raise
        pictures = 0
    if (
        not pictures and part.is_copied
    ):  # packets that do not say when they are decoded, since they were sought
        pictures = _write(path, replace(part, is_copied=False), target, stopped)
    if not pictures:
        raise UnreadableFilm(films.NO_FRAME())


def _write(path: Path, part: Part, target: Path, stopped: Callable[[], bool]) -> int:
    """Write a part of a film; how many pictures it has."""
    import av

    options = {"movflags": "+faststart"} if target.suffix in (".mp4", ".m4v", ".mov") else {}
    with open_film(path, stopped) as film, av.open(str(target), "w", options=options) as container:
        writer = (
            _Copy(film, container, part) if part.is_copied else _Code(film, container, part, target.suffix)
        )
        for timed, sound in _packets_from(film, part.start_us):
            if timed is not None:
                writer.picture(timed)
            else:
                writer.sound(sound)
            if writer.is_done:
                break
        writer.finish()
        return writer.pictures


def _packets_from(film: Film, start_us: int) -> Iterator[tuple[Timed | None, Any]]:
    """Packets of pictures and sound, those of pictures from a keyframe on that is shown no later."""
    sounds = film.container.streams.audio[:1]
    seek(film, start_us)
    for packet in film.demuxed([film.stream, *sounds]):
        if packet.stream_index == film.stream.index:
            yield film.timed(packet), None
        else:
            yield None, packet


def seek(film: Film, us: int) -> None:
    """Go to the last keyframe that is shown no later; to the beginning where it cannot be told."""
    import av

    names = str(film.container.format.name).split(",")
    us -= 0 if _INDEXED.intersection(names) else _GUESSED_US
    if us <= 0:
        return
    with suppress(av.error.FFmpegError):
        film.container.seek(film.stamp(us), stream=film.stream, backward=True)
        first = next((it for it in film.demuxed([film.stream])), None)
        at = None if first is None else film.us(first.pts if first.pts is not None else first.dts)
        before = first is not None and at is not None and at <= us and bool(first.is_keyframe)
        film.container.seek(film.stamp(us if before else 0), stream=film.stream, backward=True)


class _Writer:
    """Writes a clip.

    Args:
        film: Where it comes from.
        container: Where it goes.
        part: Which part of the film it is.
    """

    def __init__(self, film: Film, container: Any, part: Part) -> None:
        self.film, self.container, self.part = film, container, part
        self.pictures = 0
        self._picture_done = False
        self._sound_us = part.end_us if not film.container.streams.audio else -1
        self._reached_us = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing of the part is to come."""
        late = self._reached_us > self.part.end_us + _BEHIND_US
        return self._picture_done and (self._sound_us >= self.part.end_us or late)

    def is_inside(self, us: int | None) -> bool:
        """Whether a time is the part's."""
        return us is not None and self.part.start_us <= us < self.part.end_us

    def picture(self, timed: Timed) -> None:
        """Take a packet of pictures."""
        raise NotImplementedError

    def sound(self, packet: Any) -> None:
        """Take a packet of sound."""
        raise NotImplementedError

    def finish(self) -> None:
        """There are no more."""

    def _copied(self, packet: Any, stream: Any) -> None:
        """Write a packet as it is, at its time in the clip."""
        base = packet.time_base
        shift = self.part.start_us + self.film.start_us
        by = shift * base.denominator // (base.numerator * SECOND_US)
        if packet.pts is not None:
            packet.pts -= by
        packet.dts = (packet.dts if packet.dts is not None else packet.pts + by) - by
        packet.stream = stream
        self.container.mux(packet)

    def _hears(self, packet: Any) -> bool:
        """Whether a packet of sound is the part's; notes how far sound has come."""
        base, stamp = packet.time_base, packet.pts if packet.pts is not None else packet.dts
        if stamp is None:
            return False
        us = stamp * base.numerator * SECOND_US // base.denominator - self.film.start_us
        self._sound_us = max(self._sound_us, us)
        return self.is_inside(us)


class _Copy(_Writer):
    """Copies packets."""

    def __init__(self, film: Film, container: Any, part: Part) -> None:
        super().__init__(film, container, part)
        self._to = container.add_stream_from_template(film.stream)
        sounds = film.container.streams.audio
        self._sound_to = container.add_stream_from_template(sounds[0]) if sounds else None

    def picture(self, timed: Timed) -> None:
        """Copy a packet of the part's."""
        self._reached_us = max(self._reached_us, timed.horizon_us)
        if self.is_inside(timed.us):
            if timed.packet.dts is None:
                raise _NotCopied
            self.pictures += 1
            self._copied(timed.packet, self._to)
        self._picture_done = timed.horizon_us >= self.part.end_us

    def sound(self, packet: Any) -> None:
        """Copy a packet of the part's."""
        if self._hears(packet):
            self._copied(packet, self._sound_to)


class _Code(_Writer):
    """Decodes frames and codes them again; sound is copied if the container takes it."""

    def __init__(self, film: Film, container: Any, part: Part, ending: str) -> None:
        super().__init__(film, container, part)
        self._decoder = film.stream.codec_context
        self._decoder.thread_type = "AUTO"
        self._to = self._new_stream(_COPIED[ending])
        sounds = film.container.streams.audio
        self._copies = _is_kept(film, ending)
        self._sound_to: Any = None
        if sounds and self._copies:
            self._sound_to = container.add_stream_from_template(sounds[0])
        elif sounds:
            self._sound_to = container.add_stream("aac", rate=sounds[0].codec_context.sample_rate or 48_000)

    def _new_stream(self, form: str) -> Any:
        import av

        coders = _CODERS.get(form, _CODERS[""])
        name, options = next(it for it in coders if it[0] in av.codecs_available)
        rate = self.film.stream.average_rate or self.film.stream.guessed_rate or 25
        stream = self.container.add_stream(name, rate=rate, options=options)
        context = stream.codec_context
        context.width, context.height = self._decoder.width & ~1, self._decoder.height & ~1
        context.pix_fmt, context.time_base = "yuv420p", self.film.stream.time_base
        if self.film.stream.sample_aspect_ratio:
            context.sample_aspect_ratio = self.film.stream.sample_aspect_ratio
        matrix = self._matrix()
        if matrix is not None and hasattr(stream, "set_display_matrix"):
            stream.set_display_matrix(matrix)
        return stream

    def _matrix(self) -> tuple[int, ...] | None:
        """How players turn the film, as its first frame says."""
        with open_film(self.film.path) as other:
            for timed in other.packets():
                with suppress(Exception):
                    for frame in other.stream.codec_context.decode(timed.packet):
                        return display_matrix(frame)
        return None

    def picture(self, timed: Timed) -> None:
        """Decode a packet, and code the frames of the part's."""
        self._reached_us = max(self._reached_us, timed.horizon_us)
        self._decode(timed.packet)

    def _decode(self, packet: Any) -> None:
        import av

        try:
            found = self._decoder.decode(packet)
        except (av.error.FFmpegError, ValueError):
            return
        for frame in found:
            us = self.film.us(frame.pts if frame.pts is not None else frame.dts)
            if us is not None and us >= self.part.end_us:
                self._picture_done = True
            elif self.is_inside(us):
                self._code(frame)

    def _code(self, frame: Any) -> None:
        context = self._to.codec_context
        stamp = frame.pts if frame.pts is not None else frame.dts
        base = self.film.stream.time_base
        new = frame.reformat(context.width, context.height, "yuv420p")
        new.pts = max(0, stamp - self.film.stamp(self.part.start_us))
        new.time_base, new.pict_type = base, 0
        self.pictures += 1
        self.container.mux(self._to.encode(new))

    def sound(self, packet: Any) -> None:
        """Copy a packet of the part's, or code its sound again."""
        if not self._hears(packet):
            return
        if self._copies:
            self._copied(packet, self._sound_to)
            return
        import av

        with suppress(av.error.FFmpegError):
            for frame in packet.decode():
                frame.pts = None
                self.container.mux(self._sound_to.encode(frame))

    def finish(self) -> None:
        """Code what is still in the decoder and the coders."""
        if not self._picture_done:
            self._decode(None)
        self.container.mux(self._to.encode())
        if self._sound_to is not None and not self._copies:
            self.container.mux(self._sound_to.encode())
