"""Embedding films: each is looked at, hashed, and the frames that stand for it are decoded and embedded in batches.

Frames are decoded in a thread beside the model, a few batches ahead of it, whatever the film's length. Their vectors go
into the cache about once a second, and are found there when the film is begun again.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice, repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.cache import FileContents
from thanosql_kernel.engine.embed.digests import WIDTH_BYTES, Digests, pack
from thanosql_kernel.engine.embed.embedding import Embedding, EmbedRequest, Floats
from thanosql_kernel.engine.embed.files import NO_KEY, FileState, Survey, file_state, path_key, survey
from thanosql_kernel.engine.embed.film_cache import CachedFilms, FilmFrames, frame_keys
from thanosql_kernel.engine.embed.pictures import encode_padded
from thanosql_kernel.engine.embed.values import DistinctValues, OutOfReach
from thanosql_kernel.engine.work import Advancing
from thanosql_kernel.films.sampling import Sampling
from thanosql_kernel.films.unreadable import Stopped, UnreadableFilm
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.wording import data, films
from thanosql_kernel.wording.system import system_reason

if TYPE_CHECKING:
    from thanosql_kernel.images.preprocess import Preprocess

_BLOCK_BYTES = 1 << 20
_ASKED_FRAMES = 256
"""How many frames ahead the cache is asked which it has."""


class Frame(NamedTuple):
    """A frame that stands for its film.

    Attributes:
        us: Its time.
        pixels: What the model sees, float32 (3, height, width); None where the vector is known.
    """

    us: int
    pixels: Floats | None


class FilmEmbedding(Embedding):
    """The embedding of films."""

    unit = "videos"

    def __init__(
        self, request: EmbedRequest, items: DistinctValues, vectors: CachedFilms, files: FileContents
    ) -> None:
        super().__init__(request, items, vectors)
        self.films = vectors
        self.files = files
        self.survey: Survey
        self._frames: list[tuple[Digests, Floats]] = []
        self._done: list[FilmFrames] = []
        self._seen: list[int] = []
        self._paths: dict[int, bytes] = {}

    # -- what is there -------------------------------------------------------------------------------------------
    def look(self) -> None:
        """Look at all files: size and time tell known contents from new ones."""
        self.survey = survey(self.items, self._state_of, self.failures, self.request.work.check)
        self.states = np.where(self.survey.lasting, self.survey.keys, b"").astype(self.survey.keys.dtype)

    def _state_of(self, value: str) -> FileState | str:
        return file_state(value, self.request.work.paths)

    def find_missing(self, needed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Items whose content is not known, or of which the frames are not all there."""
        self.contents[needed] = self.files.lookup(self.survey.keys[needed], self.request.work.check)
        return super().find_missing(needed)

    def last_contents(self, items: NDArray[np.bool_]) -> Digests:
        """What the files held when they last could be reached, of items whose file cannot be."""
        found = super().last_contents(items)
        for index in np.flatnonzero(items & self.failures.out_of_reach).tolist():
            keys = pack(map(path_key, self.request.work.paths.candidates(self.items.value(index))))
            known = self.files.lookup(keys, self.request.work.check)
            found[index] = next((it for it in known if it), NO_KEY)
        return found

    def are_kept(self, contents: Digests) -> NDArray[np.bool_]:
        """Rows refer to films in the cache, where those of a deleted model are not any more."""
        kept: NDArray[np.bool_] = self.films.locate(contents, self.request.work.check).offsets >= 0
        return kept

    # -- work ----------------------------------------------------------------------------------------------------
    def embed(self, todo: NDArray[np.int64], bar: Advancing) -> None:
        """Embed those films, one after another; the next one is hashed meanwhile."""
        stopped = threading.Event()
        done: set[bytes] = set()
        content = partial(self._content, stopped=stopped)
        try:
            for index, path, found in map_aside(
                content, todo.tolist(), threads=1, check=self.request.work.check
            ):
                before = len(self.failures.first(self._only(index)))
                if isinstance(found, str):
                    self.fail(index, found)
                elif found in done or self._is_there(found):
                    self._note(index, path, found)
                else:
                    self._embed_film(index, path, found, stopped)
                    done.add(found)
                bar.advance(1, errors=len(self.failures.first(self._only(index))) - before)
                self.flush_if_due()
        finally:
            stopped.set()
        self.request.work.check()

    def _only(self, index: int) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.items), dtype=np.bool_)
        mask[index] = True
        return mask

    def _is_there(self, content: bytes) -> bool:
        return bool(self.films.locate(pack([content]), self.request.work.check).offsets[0] >= 0)

    def _note(self, index: int, path: str, content: bytes) -> None:
        self.contents[index] = content
        self._paths[index] = path_key(path)
        self._seen.append(index)

    def _content(self, index: int, *, stopped: threading.Event) -> tuple[int, str, bytes | str]:
        """A film's path and digest, or why it cannot be read."""
        path = str(self.request.work.paths.find(self.items.value(index)))
        known = self.contents[index : index + 1]
        if known[0]:
            return index, path, known.tobytes()
        try:
            return index, path, _digest(path, stopped)
        except OSError as error:
            return index, path, OutOfReach(data.NOT_READ(reason=system_reason(error)))

    def _embed_film(self, index: int, path: str, content: bytes, stopped: threading.Event) -> None:
        request = self.request
        source = FrameSource(
            path, request.sampling, request.encoder.preprocess, Known(self.films, content, request), stopped
        )
        try:
            times = self._embed_frames(source, content)
        except UnreadableFilm as error:
            self._give_up(index, error.reason)
            return
        if not self._is_unchanged(index):
            self._give_up(index, data.CHANGED_WHILE_READ())
        elif not times:
            self._give_up(index, source.lacks or films.NO_FRAME())
        else:
            self._done.append(FilmFrames(content, np.array(sorted(times), dtype=np.int64), source.end_us))
            self._note(index, path, content)
            self.is_new[index] = True
            if source.lacks:
                self.losses.add(index, source.lacks)

    def _embed_frames(self, source: FrameSource, content: bytes) -> list[int]:
        """The times of frames that have a vector now.

        Raises:
            UnreadableFilm: It is no film, or nothing of it can be read.
        """
        size, check = self.request.batch, self.request.work.check
        times: list[int] = []
        with source:
            for batch in map_aside(source.next, repeat(size), threads=1, check=check):
                if not batch:
                    break
                times += [frame.us for frame in batch if frame.pixels is None]
                new = [frame for frame in batch if frame.pixels is not None]
                if new:
                    times += self._embed_batch(new, content, size)
                self.flush_if_due()
        return times

    def _embed_batch(self, frames: list[Frame], content: bytes, size: int) -> list[int]:
        pixels = np.stack([frame.pixels for frame in frames if frame.pixels is not None])
        vectors = self.call(partial(encode_padded, self.request.encoder, pixels, size))
        good = np.isfinite(vectors).all(axis=1)
        times = np.array([frame.us for frame in frames], dtype=np.int64)[good]
        self._frames.append((frame_keys(content, times), vectors[good]))
        return [int(it) for it in times]

    def _is_unchanged(self, index: int) -> bool:
        """Whether the file is still the one whose content was hashed."""
        state = self.call(partial(self._state_of, self.items.value(index)))
        return isinstance(state, FileState) and state.key == self.survey.keys[index : index + 1].tobytes()

    def _give_up(self, index: int, reason: str) -> None:
        self.contents[index] = b""
        state = self.call(partial(self._state_of, self.items.value(index)))
        self.fail(index, state if isinstance(state, OutOfReach) else reason)

    # -- what is kept --------------------------------------------------------------------------------------------
    def flush(self) -> None:
        """Write what is not in the cache yet: a film only when all of its frames are there."""
        check = self.request.work.check
        frames, self._frames = self._frames, []
        done, self._done = self._done, []
        try:
            if frames:
                keys, vectors = (np.concatenate(part) for part in zip(*frames, strict=True))
                self.films.frames.append(keys, vectors, check if not done else _never)
            self.films.append_films(done, check)
        finally:
            self._flush_files()
        super().flush()

    def _flush_files(self) -> None:
        """Remember what files hold, also under their paths alone: for the time when they cannot be reached."""
        seen, self._seen = self._seen, []
        lasting = [index for index in seen if self.survey.lasting[index]]
        paths = pack(self._paths.pop(index) for index in seen)
        self.files.append(
            np.concatenate([self.survey.keys[lasting], paths]),
            np.concatenate([self.contents[lasting], self.contents[seen]]),
            self.request.work.check,
        )

    def tidy(self) -> None:
        """Keep the cache quick to read."""
        super().tidy()
        self.films.frames.tidy(self.request.work.check)
        self.files.tidy(self.request.work.check)


def _never() -> None:
    """What belongs together is written together."""


def _digest(path: str, stopped: threading.Event) -> bytes:
    """The key of all that a file holds; read in blocks, until nobody wants it any more.

    Raises:
        OSError: It cannot be read.
    """
    total = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while block := file.read(_BLOCK_BYTES):
            if stopped.is_set():
                return NO_KEY
            total.update(block)
    return total.digest()[:WIDTH_BYTES]


class Known:
    """Which frames of a film have a vector already; frames are asked for in order, or nearly.

    Args:
        films: The cache.
        content: The film's digest.
        request: Its sampling says which frames will be asked for next.
    """

    def __init__(self, films: CachedFilms, content: bytes, request: EmbedRequest) -> None:
        self._frames, self._content, self._sampling = films.frames, content, request.sampling
        self._known: dict[int, bool] = {}

    def __call__(self, us: int) -> bool:
        """Whether the frame at a time has."""
        if us not in self._known:
            count = 1 if self._sampling.scenes else _ASKED_FRAMES
            times = us + self._sampling.interval_us * np.arange(count, dtype=np.int64)
            found = self._frames.locate(frame_keys(self._content, times)).offsets >= 0
            self._known = dict(zip(times.tolist(), found.tolist(), strict=True))
        return self._known[us]


class FrameSource:
    """Decodes the frames that stand for a film, where it is asked to: never in two threads at once.

    Args:
        path: The film's file.
        sampling: Which frames.
        preprocess: What the model wants.
        is_known: Whether the frame at a time has a vector.
        stopped: Set when nobody wants more films.

    Attributes:
        lacks: What is missing of the film, when all frames have been given.
        end_us: Where it ends, then.
    """

    def __init__(
        self,
        path: str,
        sampling: Sampling,
        preprocess: Preprocess,
        is_known: Callable[[int], bool],
        stopped: threading.Event,
    ) -> None:
        self.lacks: str | None = None
        self.end_us = 0
        self._path, self._sampling, self._preprocess = path, sampling, preprocess
        self._is_known, self._all_stopped = is_known, stopped
        self._closed = False
        self._given = self._frames()

    def __enter__(self) -> FrameSource:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True

    def next(self, size: int) -> list[Frame]:
        """The next so many frames; none behind the last.

        Raises:
            UnreadableFilm: It is no film.
        """
        try:
            return list(islice(self._given, size))
        except Stopped:
            return []

    def _is_stopped(self) -> bool:
        return self._closed or self._all_stopped.is_set()

    def _frames(self) -> Iterator[Frame]:
        from thanosql_kernel.films.frames import sampled
        from thanosql_kernel.films.reading import open_film

        side_px = self._preprocess.min_side
        with open_film(self._path, self._is_stopped) as film:
            for us, picture in sampled(film, self._sampling, side_px, self._is_known):
                yield Frame(us, None if picture is None else self._preprocess(picture))
            self.lacks, self.end_us = film.lacks, film.end_us
