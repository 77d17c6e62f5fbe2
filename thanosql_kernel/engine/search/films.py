"""Searching films: the best frame of each, or the moments near it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import Similarity
from thanosql_kernel.engine.embed.film_cache import FilmFrames, StoredFilms
from thanosql_kernel.engine.relations.beside import BesideRelation, ColumnsInMemory
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.combining import inputs_of, vector_of
from thanosql_kernel.engine.search.cosine import best_first, score_stream
from thanosql_kernel.engine.search.search import Searcher, tell_missing, tell_unread
from thanosql_kernel.engine.store.identity import table_identity
from thanosql_kernel.engine.work import Work
from thanosql_kernel.films.sampling import SECOND_US
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.film_work import MomentColumns
from thanosql_kernel.statements.vectors import Combined, SearchInput, Sought

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NEAR = 0.75
"""How much of the way from a film's mean cosine to its best one a frame near that has gone."""
_TAKEN_ROWS = 8192
_KEPT_BYTES = 64 << 20
"""What is kept of where frames are: 1,000 films of two hours."""
_FEW = 4
"""Of a table of frames less than a quarter is wanted: it is taken, else all of it is scored, at memory bandwidth."""


class Moment(NamedTuple):
    """Frames of a film that follow one another.

    Attributes:
        row: Whose film it is.
        score: The best cosine among them; NaN of a film without frames.
        second: When the first frame of that cosine is shown.
        start: When they begin.
        end: When they end.
    """

    row: int
    score: float
    second: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Scored:
    """The frames of distinct films, scored.

    Attributes:
        films: The films; None where nothing is kept of one.
        of_row: int64 (n,): which film each row has; -1 for none.
        scores: By film, float32 (frames, q).
    """

    films: Sequence[FilmFrames | None]
    of_row: Ints
    scores: Sequence[Floats]

    def best(self, query: int) -> tuple[Floats, NDArray[np.float64]]:
        """Of each row (n,) the best cosine and the second of the first frame that has it; NaN without frames."""
        scores = np.full(len(self.films) + 1, np.nan, dtype=np.float32)
        seconds = np.full(len(self.films) + 1, np.nan)
        for number, film in enumerate(self.films):
            of_frame = self.scores[number][:, query] if film is not None else np.empty(0, np.float32)
            if film is not None and len(of_frame) and not np.isnan(of_frame).all():
                at = int(np.nanargmax(of_frame))
                scores[number], seconds[number] = of_frame[at], film.times[at] / SECOND_US
        return scores[self.of_row], seconds[self.of_row]

    def moments(self) -> list[Moment]:
        """The moments of the rows' films for the first input, in the rows' order, then in that of time."""
        by_film = [list(self._of_film(number)) for number in range(len(self.films))]
        nothing = Moment(0, *[float("nan")] * 4)
        return [
            moment._replace(row=row)
            for row, number in enumerate(self.of_row.tolist())
            for moment in ((by_film[number] if number >= 0 else []) or [nothing])
        ]

    def _of_film(self, number: int) -> Iterator[Moment]:
        film = self.films[number]
        if film is None or not len(film.times):
            return
        scores = self.scores[number][:, 0]
        ends = np.append(film.times[1:], max(film.end_us, int(film.times[-1])))
        for start, stop in near_runs(scores):
            at = start + int(np.argmax(scores[start:stop]))
            times = (int(it) / SECOND_US for it in (film.times[at], film.times[start], ends[stop - 1]))
            yield Moment(0, float(scores[at]), *times)


def near_runs(scores: Floats) -> list[tuple[int, int]]:
    """Where frames are near the film's best one: half-open ranges of neighbours that all are.

    Args:
        scores: float32 (n,), NaN where there is none.
    """
    known = scores.astype(np.float64)
    if not len(known) or np.isnan(known).all():
        return []
    mean, best = np.nanmean(known), np.nanmax(known)
    is_near = known >= min(best, mean + NEAR * (best - mean))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_near, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


class FilmSearcher:
    """Searches among films.

    Args:
        searcher: What searches of the session share.
        stored: Reads what columns refer to.
        work: The statement's.
    """

    def __init__(self, searcher: Searcher, stored: StoredFilms, work: Work) -> None:
        self._searcher, self._stored, self._work = searcher, stored, work

    def search(
        self,
        rows: Relation,
        *,
        column: str,
        encoder: Encoder,
        inputs: Sequence[Sought],
        results: Sequence[MomentColumns],
        top_k: int | None = None,
    ) -> Relation:
        """See `statements.film_work.FilmWork.film_similarity`."""
        rows = rows.repeatable()
        queries = self._queries(encoder, inputs)
        scored = self._scored(rows, column, queries)
        compared = [_similarity(encoder, item) for item in inputs]
        if results[0].start:
            return self._moments(rows, column, scored, results[0], compared[0], top_k)
        numbers: list[NDArray[Any]] = []
        for number in range(len(inputs)):
            numbers += scored.best(number)
        tell_missing(rows, rows.column(column), int(np.isnan(numbers[0]).sum()), self._work)
        positions = None if top_k is None else best_first(numbers[0], top_k)
        numbers = numbers if positions is None else [part[positions] for part in numbers]
        columns = [
            made for names, it in zip(results, compared, strict=True) for made in _columns_of(names, it)
        ]
        return BesideRelation(rows, ColumnsInMemory(_as_table(numbers, columns)), columns, positions)

    def _moments(
        self,
        rows: Relation,
        column: str,
        scored: Scored,
        names: MomentColumns,
        compared: Similarity | None,
        top_k: int | None,
    ) -> Relation:
        found = scored.moments()
        scores = np.array([moment.score for moment in found], dtype=np.float32)
        tell_missing(rows, rows.column(column), int(np.isnan(scores).sum()), self._work)
        order = np.arange(len(found)) if top_k is None else best_first(scores, top_k)
        positions = np.array([moment.row for moment in found], dtype=np.int64)[order]
        parts = np.array([moment[2:] for moment in found], dtype=np.float64).reshape(-1, 3)[order]
        columns = _columns_of(names, compared)
        numbers: list[NDArray[Any]] = [scores[order], *(parts[:, at] for at in range(3))]
        return BesideRelation(rows, ColumnsInMemory(_as_table(numbers, columns)), columns, positions)

    def _queries(self, encoder: Encoder, inputs: Sequence[Sought]) -> Floats:
        work, embed = self._work, self._searcher.queries.embed
        with abandonable(work.check) as call:

            def one(item: SearchInput) -> Floats:
                return call(partial(embed, encoder, item, work.pictures, notice=work.notice))

            found = [vector_of(item, one) for item in inputs]
        for item in inputs:
            for part in inputs_of(item):
                tell_unread(encoder, part, work)
        return np.stack(found)

    def _scored(self, rows: Relation, column: str, queries: Floats) -> Scored:
        """The cosines of all frames of the rows' films."""
        encoded = rows.fetch([rows.column(column).name]).column(0).combine_chunks().dictionary_encode()
        of_row = encoded.indices.cast("int64").fill_null(-1).to_numpy(zero_copy_only=False)
        found = self._stored.films(encoded.dictionary.to_pylist(), self._work.check)
        scores: list[Floats] = [np.empty((0, len(queries)), np.float32)] * len(found)
        for table in {it.table for it in found if it is not None}:
            places = [at for at, it in enumerate(found) if it is not None and it.table == table]
            films = [it.film for it in found if it is not None and it.table == table]
            parts = self._of_table(table, films, queries)
            for at, part in zip(places, parts, strict=True):
                scores[at] = part
        return Scored([None if it is None else it.film for it in found], of_row, scores)

    def _of_table(self, table: str, films: Sequence[FilmFrames], queries: Floats) -> list[Floats]:
        """By film, the cosines (frames, q) of its frames; NaN of one whose vector is gone."""
        snapshot, rows = self._places(table, films)
        scores = np.full((len(rows), len(queries)), np.nan, dtype=np.float32)
        there = np.flatnonzero(rows >= 0)
        if snapshot is not None and len(there):
            scores[there] = self._of_rows(snapshot, rows[there], queries)
        return np.split(scores, np.cumsum([len(film.times) for film in films])[:-1])

    def _places(self, table: str, films: Sequence[FilmFrames]) -> tuple[Any | None, Ints]:
        """The table of frames as it is now, and the row in it of each frame; looked up once for the same films."""
        snapshot, kept = self._stored.snapshot(table), self._searcher.frames
        if snapshot is None:
            return None, np.full(sum(len(film.times) for film in films), -1, dtype=np.int64)
        asked = b"".join(film.content + film.times.tobytes() for film in films)
        key = table_identity(snapshot) + hashlib.sha256(asked).digest()
        rows = kept.get(key)
        if rows is None:
            snapshot, rows = self._stored.vectors(table, films, self._work.check)
            kept[key] = rows
            while len(kept) > 1 and sum(it.nbytes for it in kept.values()) > _KEPT_BYTES:
                kept.popitem(last=False)
        return snapshot, rows

    def _of_rows(self, snapshot: Any, rows: Ints, queries: Floats) -> Floats:
        check, dim = self._work.check, queries.shape[1]
        total = snapshot.count_rows()
        if _FEW * len(rows) < total:
            return self._taken(snapshot, rows, queries)
        resident = self._searcher.memory.column(snapshot, "vector", dim, check)
        if resident is not None:
            return resident.score(queries, check)[rows]
        return score_stream(_read(snapshot, check), dim, queries)[rows]

    def _taken(self, snapshot: Any, rows: Ints, queries: Floats) -> Floats:
        """Cosines of some rows, which are read in ascending order, a few thousand at a time."""
        wanted, inverse = np.unique(rows, return_inverse=True)
        with abandonable(self._work.check) as call:

            def arrays() -> Iterator[pa.Array]:
                for at in range(0, len(wanted), _TAKEN_ROWS):
                    self._work.check()
                    part = wanted[at : at + _TAKEN_ROWS]
                    yield call(partial(snapshot.take, part, columns=["vector"])).column(0).combine_chunks()

            return score_stream(arrays(), queries.shape[1], queries)[inverse]


def _read(snapshot: Any, check: Callable[[], None]) -> Iterator[pa.Array]:
    with abandonable(check) as call:
        batches = call(lambda: iter(snapshot.to_batches(columns=["vector"], batch_size=_TAKEN_ROWS)))
        while (batch := call(partial(next, batches, None))) is not None:
            check()
            yield batch.column(0)


def _similarity(encoder: Encoder, item: Sought) -> Similarity | None:
    """What cosines compare; None of several inputs in one."""
    return None if isinstance(item, Combined) else Similarity(encoder.name, "image", item.kind)


def _columns_of(names: MomentColumns, compared: Similarity | None) -> list[Column]:
    score, *others = names.names
    return [Column(score, "FLOAT", similarity=compared), *(Column(name, "DOUBLE") for name in others)]


def _as_table(numbers: Sequence[NDArray[Any]], columns: Sequence[Column]) -> pa.Table:
    """NaN becomes NULL."""
    import pyarrow as pa

    types = {"FLOAT": pa.float32(), "DOUBLE": pa.float64()}
    arrays = [
        pa.array(np.ascontiguousarray(values), types[column.type], from_pandas=True)
        for values, column in zip(numbers, columns, strict=True)
    ]
    return pa.table(arrays, names=[column.name for column in columns])
