"""The frames of films in the cache: their vectors, and which frames stand for which film.

A row's column holds a reference to its film, not the vectors: two hours at a frame a second are 15 MB, which every
SELECT, UPDATE and copy of the table would carry along. The vectors lie once a frame in a table like that of pictures,
under the film's content and the frame's time, so that films taken at other intervals share them; a second table says
for each film which times stand for it. A film is there only once all of its frames are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.cache import MAKER_DIGITS, CachedVectors, Keyed, Shelf, digits, preparation
from thanosql_kernel.engine.embed.digests import KEY, WIDTH_BYTES, Digests, pack, to_arrow
from thanosql_kernel.engine.embed.makers import note_maker
from thanosql_kernel.engine.embed.vectors import Located
from thanosql_kernel.interrupts import never

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.films.sampling import Sampling
    from thanosql_kernel.models.encoder import Encoder

FRAMES_TABLE = "_thanosql_embeddings_video"
FILMS_TABLE = "_thanosql_films"
_FILM_BYTES = 10
"""Of a film's digest in the key of a frame, whose time takes the rest: among 10 million films two share them with
probability 4e-11."""
_TIME_BYTES = WIDTH_BYTES - _FILM_BYTES
_REFERENCE_CHARACTERS = MAKER_DIGITS + 2 * WIDTH_BYTES

Times = NDArray[np.int64]


def frame_keys(content: bytes, times: Times) -> Digests:
    """The keys (n,) of frames of a film at times (n,) in microseconds."""
    keys = np.empty((len(times), WIDTH_BYTES), dtype=np.uint8)
    keys[:, :_FILM_BYTES] = np.frombuffer(content, dtype=np.uint8)[:_FILM_BYTES]
    keys[:, _FILM_BYTES:] = times.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 8 - _TIME_BYTES :]
    return keys.reshape(-1).view(KEY)


class FilmFrames(NamedTuple):
    """Which frames stand for a film.

    Attributes:
        content: The film's digest.
        times: int64 (n,), ascending, microseconds from the film's beginning.
        end_us: Where the film ends.
    """

    content: bytes
    times: Times
    end_us: int


@dataclass(frozen=True, slots=True)
class LocatedFilms(Located):
    """Films in one version of the table that says which frames stand for them."""

    maker: str = ""

    @property
    def type(self) -> pa.DataType:
        """References are texts."""
        import pyarrow as pa

        return pa.string()

    @property
    def value_bytes(self) -> int:
        """A little more than the characters."""
        return _REFERENCE_CHARACTERS + 8

    def are_same(self, offsets: NDArray[np.int64], stored: Any) -> NDArray[np.bool_]:
        """Which of stored references (m,) are those at offsets (m,)."""
        found = zip(self.read(offsets).to_pylist(), stored.to_pylist(), strict=True)
        return np.array([mine == theirs for mine, theirs in found], dtype=np.bool_)

    def read(self, offsets: NDArray[np.int64]) -> pa.Array:
        """References (m,): who made the vectors, of which film, and how many; NULL where an offset is -1."""
        import pyarrow as pa

        texts: list[str | None] = [None] * len(offsets)
        there = np.flatnonzero(offsets >= 0)
        rows, inverse = np.unique(offsets[there], return_inverse=True)
        if self.snapshot is not None and len(rows):
            table = self.snapshot.take(rows, columns=["content", "times"])
            contents, counts = table.column("content").to_pylist(), _counts(table.column("times"))
            for at, row in zip(there.tolist(), inverse.tolist(), strict=True):
                texts[at] = f"{self.maker}{contents[row].hex()}:{counts[row]}"
        return pa.array(texts, pa.string())


def _counts(lists: Any) -> list[int]:
    import pyarrow.compute as pc

    return [int(it) for it in pc.list_value_length(lists).to_pylist()]


class CachedFilms(Keyed):
    """The films whose frames a model has embedded.

    Args:
        shelf: Where the tables are.
        encoder: The model.
        sampling: Which frames stand for a film.

    Attributes:
        frames: The vectors of frames, whatever the sampling.
    """

    def __init__(self, shelf: Shelf, encoder: Encoder, sampling: Sampling) -> None:
        from thanosql_kernel.films.reading import DECODING

        maker = f"{encoder.fingerprint}\n{preparation(encoder)}\n{DECODING}\n{encoder.dim}"
        self._maker = digits(f"{maker}\n{sampling.encoded}")
        super().__init__(shelf, f"{FILMS_TABLE}_{self._maker}", "content")
        self.frames = CachedVectors(
            shelf, f"{FRAMES_TABLE}_{digits(maker)}", encoder.dim, encoder.fingerprint
        )
        self.dim = encoder.dim
        self._fingerprint: str | None = encoder.fingerprint

    def locate(self, contents: Digests, check: Callable[[], None] = never) -> LocatedFilms:
        """Where films (n,) stand in the table as it is now; zero bytes have none."""
        snapshot, rows = self.find(contents, check)
        if self._shelf.snapshot(self.frames.name) is None:
            rows[:] = -1
        return LocatedFilms(snapshot, rows, self.dim, self._maker)

    def append_films(self, films: Sequence[FilmFrames], check: Callable[[], None] = never) -> None:
        """Keep which frames stand for films; their vectors are kept already.

        Raises:
            Interrupted: from ``check``, when they are kept.
        """
        import pyarrow as pa

        if films:
            times = pa.array([film.times for film in films], pa.list_(pa.int64()))
            ends = pa.array([film.end_us for film in films], pa.int64())
            names = pa.array([self.frames.name] * len(films), pa.string())
            keys = to_arrow(pack(film.content for film in films))
            self.add({"content": keys, "times": times, "end": ends, "frames": names}, check)
            if self._fingerprint is not None:
                note_maker(self._shelf.snapshot(self.name), self._fingerprint)
                self._fingerprint = None


class Referred(NamedTuple):
    """What a reference says.

    Attributes:
        film: The frames that stand for the film.
        table: Where their vectors are.
    """

    film: FilmFrames
    table: str


class StoredFilms:
    """Reads what references in stored columns refer to, whoever made them.

    Args:
        shelf: Where the tables are.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def films(self, references: Sequence[str], check: Callable[[], None]) -> list[Referred | None]:
        """What references refer to; None for what is none, and where nothing is kept of it."""
        found: list[Referred | None] = [None] * len(references)
        by_maker: dict[str, list[int]] = {}
        for at, reference in enumerate(references):
            if _is_reference(reference):
                by_maker.setdefault(reference[:MAKER_DIGITS], []).append(at)
        for maker, places in by_maker.items():
            keys = [bytes.fromhex(references[at][MAKER_DIGITS:_REFERENCE_CHARACTERS]) for at in places]
            for at, referred in zip(places, self._of_maker(maker, keys, check), strict=True):
                found[at] = referred
        return found

    def _of_maker(
        self, maker: str, contents: Sequence[bytes], check: Callable[[], None]
    ) -> list[Referred | None]:
        snapshot, rows = Keyed(self._shelf, f"{FILMS_TABLE}_{maker}", "content").find(pack(contents), check)
        found: list[Referred | None] = [None] * len(contents)
        there = np.flatnonzero(rows >= 0)
        if snapshot is None or not len(there):
            return found
        table = snapshot.take(rows[there], columns=["times", "end", "frames"])
        for number, at in enumerate(there.tolist()):
            check()
            times = table.column("times")[number].values.to_numpy()
            film = FilmFrames(contents[at], times, int(table.column("end")[number].as_py()))
            found[at] = Referred(film, str(table.column("frames")[number].as_py()))
        return found

    def snapshot(self, table: str) -> Any | None:
        """A table of frames as it is now; None if there is none."""
        return self._shelf.snapshot(table)

    def vectors(
        self, table: str, films: Sequence[FilmFrames], check: Callable[[], None]
    ) -> tuple[Any | None, NDArray[np.int64]]:
        """A table of frames as it is now, and the row in it of each frame of films, one film's behind another's."""
        keys = np.concatenate([frame_keys(film.content, film.times) for film in films])
        return Keyed(self._shelf, table, "content").find(keys, check)


def _is_reference(text: str) -> bool:
    head = text[:_REFERENCE_CHARACTERS]
    return len(head) == _REFERENCE_CHARACTERS and all(it in "0123456789abcdef" for it in head)
