"""Films opened with libav: only files, only containers of films, nothing that they refer to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from thanosql_kernel.files import NotRegular, open_regular
from thanosql_kernel.films.sampling import SECOND_US
from thanosql_kernel.films.unreadable import Stopped, UnreadableFilm
from thanosql_kernel.wording import data, films, photos
from thanosql_kernel.wording.system import system_reason

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

#: What the pictures of a film are decoded and shrunk by; another one gives other vectors.
DECODING = "libav 1"
MOST_PIXELS = 8192 * 8192
_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,flv,asf,ogg,mxf,dv,ivf,nut"
)
#: A picture, a sound or a list of other files is not taken for a film.
_CONTAINER = {"format_whitelist": _FORMATS, "protocol_whitelist": "", "max_pixels": str(MOST_PIXELS)}
_BUFFER_BYTES = 1 << 18
_HEADS = (
    (4, b"ftyp"),
    (4, b"moov"),
    (4, b"mdat"),
    (0, b"\x1aE\xdf\xa3"),
    (8, b"AVI "),
    (0, b"FLV"),
    (0, b"OggS"),
)
#: A film whose header promises so much more than there is has been cut off.
_CUT_SHORT_S, _CUT_SHORT_SHARE, _CUT_SHORT_FRAMES = 2.0, 0.02, 0.1


def never_stopped() -> bool:
    """Whether to stop, where nobody can ask for it."""
    return False


class Timed(NamedTuple):
    """A packet and when its picture is shown.

    Attributes:
        packet: As libav gave it.
        us: Microseconds from the film's beginning; None of what is decoded and not shown.
        horizon_us: No later packet is shown before this.
    """

    packet: Any
    us: int | None
    horizon_us: int


class Film:
    """An open film.

    Args:
        path: Where it is.
        container: What holds it.
        stream: Its pictures.
        stopped: Whether nobody wants more of it; asked for every packet.

    Attributes:
        broken: Why it cannot be read to its end; None while it can.
        end_us: Where the packets read so far end.
        start_us: What its streams' times begin with.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        container: InputContainer,
        stream: VideoStream,
        stopped: Callable[[], bool],
    ) -> None:
        self.path = path
        self.container = container
        self.stream = stream
        self.broken: str | None = None
        self.end_us = 0
        self._stopped = stopped
        base = stream.time_base
        assert base is not None
        self._numerator, self._denominator = base.numerator * SECOND_US, base.denominator
        self.start_us = _start_us(container)
        self._at_us = -1
        self._seen = 0
        self._frame_us = self._length_of_frames()

    @property
    def duration_us(self) -> int | None:
        """How long its pictures last by its header; None if that does not say it."""
        if self.stream.duration is not None:
            return self._scaled(int(self.stream.duration))
        return None if self.container.duration is None else int(self.container.duration)

    @property
    def lacks(self) -> str | None:
        """What is missing at its end, once all packets have been read."""
        promised = self.duration_us
        if promised is not None:
            spare_us = max(_CUT_SHORT_S * SECOND_US, _CUT_SHORT_SHARE * promised)
            if self.end_us + spare_us < promised:
                return films.BREAKS_OFF(at=clock(self.end_us), length=clock(promised))
        is_cut = self._seen < (1 - _CUT_SHORT_FRAMES) * (self.stream.frames or 0)
        return films.BREAKS(at=clock(self.end_us)) if is_cut or self.broken is not None else None

    def us(self, stamp: int | None) -> int | None:
        """A time of the stream's in microseconds from the film's beginning."""
        return None if stamp is None else self._scaled(int(stamp)) - self.start_us

    def _scaled(self, stamp: int) -> int:
        return stamp * self._numerator // self._denominator

    def packets(self) -> Iterator[Timed]:
        """Its packets in the order in which they are decoded; where it breaks off, they end.

        Raises:
            Stopped: Nobody wants more.
        """
        yield from map(self.timed, self.demuxed([self.stream]))

    def demuxed(self, streams: Sequence[Any]) -> Iterator[Any]:
        """Packets of streams; where the film breaks off, they end.

        Raises:
            Stopped: Nobody wants more.
        """
        import av

        try:
            for packet in self.container.demux(streams):
                if self._stopped():
                    raise Stopped
                if packet.size:
                    yield packet
        except (av.error.FFmpegError, OSError) as error:
            self.broken = str(error)

    def timed(self, packet: Any) -> Timed:
        """A packet of its pictures and when it is shown."""
        self._seen += 1
        pts, dts = self.us(packet.pts), self.us(packet.dts)
        shown = pts if pts is not None else dts if dts is not None else self._at_us + self._frame_us
        self._at_us = shown
        horizon = dts if dts is not None else shown - SECOND_US
        length_us = self._scaled(int(packet.duration)) if packet.duration else self._frame_us
        self.end_us = max(self.end_us, shown + length_us)
        return Timed(packet, None if packet.is_discard or shown < 0 else shown, min(horizon, shown))

    def stamp(self, us: int) -> int:
        """A time from the film's beginning as its stream counts."""
        return (us + self.start_us) * self._denominator // self._numerator

    def _length_of_frames(self) -> int:
        """How long a frame is shown if nothing else says it."""
        with suppress(AttributeError, ValueError, ZeroDivisionError):
            rate = self.stream.average_rate or self.stream.guessed_rate
            if rate:
                return max(1, int(SECOND_US / rate))
        return SECOND_US // 25


def _start_us(container: InputContainer) -> int:
    """When the first of its streams begins, which is where players begin to count; rounded as frames' times are."""
    starts = [
        int(it.start_time) * it.time_base.numerator * SECOND_US // it.time_base.denominator
        for it in container.streams
        if it.start_time is not None and it.time_base
    ]
    return min(starts, default=0)


def clock(us: int) -> str:
    """A time as people write it: ``0:07``, ``1:02:03``."""
    minutes, seconds = divmod(max(0, us) // SECOND_US, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@contextmanager
def open_film(path: str | os.PathLike[str], stopped: Callable[[], bool] = never_stopped) -> Iterator[Film]:
    """A film to read.

    Raises:
        UnreadableFilm: It is none, or cannot be read.
    """
    try:
        file = open_regular(path)
    except FileNotFoundError:
        raise UnreadableFilm(data.MISSING()) from None
    except PermissionError:
        raise UnreadableFilm(data.NO_PERMISSION()) from None
    except NotRegular:
        raise UnreadableFilm(data.NO_REGULAR_FILE()) from None
    except (OSError, ValueError) as error:
        raise UnreadableFilm(data.NOT_READ(reason=system_reason(error))) from None
    with file:
        head = file.read(16)
        if not head:
            raise UnreadableFilm(data.EMPTY_FILE())
        file.seek(0)
        with _container(_Stoppable(file, stopped), head) as container:
            yield Film(path, container, _stream(container), stopped)


class _Stoppable:
    """A file whose reading ends when nobody wants more."""

    def __init__(self, file: Any, stopped: Callable[[], bool]) -> None:
        self._file, self._stopped = file, stopped
        self.name = ""  # what libav would guess from it, the content says better
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """What there is next."""
        if self._stopped():
            raise Stopped
        return bytes(self._file.read(size))


def _container(file: _Stoppable, head: bytes) -> InputContainer:
    import av

    try:
        found: Any = av.open(
            file,
            options=dict(_CONTAINER),
            buffer_size=_BUFFER_BYTES,
            metadata_errors="replace",
            io_open=_refuse,
        )
        return found  # type: ignore[no-any-return]
    except (av.error.FFmpegError, ValueError, OSError) as error:
        if isinstance(error, MemoryError):
            raise UnreadableFilm(photos.NO_MEMORY()) from None
        looks_like_one = any(head[at : at + len(mark)] == mark for at, mark in _HEADS)
        raise UnreadableFilm(films.NO_INDEX() if looks_like_one else films.NO_FILM()) from None
    except MemoryError:
        raise UnreadableFilm(photos.NO_MEMORY()) from None


def _refuse(*_: object) -> Any:
    """Films are one file: what they refer to is not opened."""
    raise OSError(films.NO_FILM())


def _stream(container: InputContainer) -> VideoStream:
    """The pictures of a film, that of a cover left out.

    Raises:
        UnreadableFilm: It has none, or such as nobody should decode.
    """
    from av.stream import Disposition

    found = [it for it in container.streams.video if not it.disposition & Disposition.attached_pic]
    if not found:
        raise UnreadableFilm(films.ONLY_SOUND() if container.streams.audio else films.NO_PICTURES())
    stream = next((it for it in found if it.disposition & Disposition.default), found[0])
    context = stream.codec_context
    if context is None or stream.time_base is None or not stream.time_base:
        raise UnreadableFilm(films.UNKNOWN_CODEC())
    if context.width * context.height > MOST_PIXELS:
        raise UnreadableFilm(photos.TOO_LARGE(width=context.width, height=context.height))
    context.options = {"max_pixels": str(MOST_PIXELS)}  # frames may be larger than the header says
    return stream
