"""The pictures of some rows that have another near them, with all that is asked of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.engine.embed.picture_values import PictureValues, column_batches
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.search.blocks import checked
from thanosql_kernel.engine.search.cosine import unit_rows
from thanosql_kernel.engine.search.looks import NO_TIME, Looks, read_looks
from thanosql_kernel.engine.search.neighbours import Floats, Indices, Neighbours
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import TypeMismatch
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.duplicate_work import Duplicates
from thanosql_kernel.wording import duplicates
from thanosql_kernel.wording.values import TS300

if TYPE_CHECKING:
    import pyarrow as pa

_ARRAY = re.compile(r"\[(\d+)\]\Z")
_WIDTH, _HEIGHT, _SIZE = "width", "height", "size_bytes"
Times = NDArray[np.datetime64]


class Candidates(NamedTuple):
    """The m distinct pictures that have a neighbour.

    Attributes:
        items: int64 (m,): which of the distinct pictures they are, ascending.
        vectors: float32 (m, dim), of length one.
        looks: What they look like.
        pixels: int64 (m,): width by height; 0 where it is not known.
        sizes: int64 (m,): bytes.
        taken: datetime64[us] (m,): NaT where it is not known.
    """

    items: Indices
    vectors: Floats
    looks: Looks
    pixels: NDArray[np.int64]
    sizes: NDArray[np.int64]
    taken: Times

    def preferred(self) -> Indices:
        """The pictures (m,), the one to keep first.

        More pixels, then one that says when it was taken (what strips that makes files that may be larger), then more
        bytes, then the earlier one, then the one that came first.
        """
        undated = np.isnat(self.taken)
        time = np.where(undated, 0, self.taken.astype(np.int64))
        order: Indices = np.lexsort((self.items, time, -self.sizes, undated, -self.pixels))
        return order


def read_pictures(rows: Relation, column: str, work: Work) -> PictureValues:
    """The distinct pictures of a column.

    Raises:
        Interrupted: From the work's check.
    """
    return PictureValues.read(column_batches(rows, rows.column(column).name), work.check)


def find_candidates(
    rows: Relation, pictures: PictureValues, wanted: Duplicates, work: Work
) -> tuple[Candidates, int]:
    """The pictures with neighbours, and how many rows have a picture and no vector.

    Raises:
        TypeMismatch: TS300, the column of vectors holds none.
    """
    vectors, has_vector = _vectors_of(rows, pictures, rows.column(wanted.vectors), work)
    items = np.flatnonzero(has_vector)
    vectors = vectors if len(items) == len(vectors) else vectors[items]
    near = _have_neighbours(vectors, wanted.near, work)
    items, vectors = items[near], vectors[near]
    looks = read_looks(rows, rows.column(wanted.pictures).name, pictures, items, work)
    facts = _facts(rows, pictures, wanted.times)
    pixels, sizes, taken = facts[0][items], facts[1][items], facts[2][items]
    candidates = Candidates(
        items,
        vectors,
        looks,
        np.where(looks.pixels > 0, looks.pixels, pixels),
        np.where(looks.seen, looks.sizes, sizes),
        looks.taken if wanted.times is None else taken,
    )
    has_picture = pictures.of_row >= 0
    return candidates, int((~has_vector[pictures.of_row[has_picture]]).sum())


def _have_neighbours(vectors: Floats, near: float, work: Work) -> NDArray[np.bool_]:
    with work.progress(duplicates.SEARCHING(), len(vectors), "images") as bar:
        return Neighbours(vectors, near, work.check).have_any(bar.advance)


# -- vectors -------------------------------------------------------------------------------------------------
def _vectors_of(
    rows: Relation, pictures: PictureValues, column: Column, work: Work
) -> tuple[Floats, NDArray[np.bool_]]:
    """Of each distinct picture the vector of the first of its rows that has one, and which have one."""
    vectors: Floats | None = None
    has_vector = np.zeros(len(pictures), dtype=np.bool_)
    at = 0
    for array in _arrays(rows, column.name, work.check):
        of_row = pictures.of_row[at : at + len(array)]
        at += len(array)
        if vectors is None and (dim := _dim(column, array)):
            vectors = np.zeros((len(pictures), dim), dtype=np.float32)
        if vectors is not None:
            _put(array, of_row, vectors, has_vector)
    return np.zeros((len(pictures), 1), dtype=np.float32) if vectors is None else vectors, has_vector


def _put(array: pa.Array, of_row: Indices, vectors: Floats, has_vector: NDArray[np.bool_]) -> None:
    units = np.empty((len(array), vectors.shape[1]), dtype=np.float32)
    unit_rows(array, units)
    rows = np.flatnonzero((of_row >= 0) & ~np.isnan(units[:, 0]))
    rows = rows[~has_vector[of_row[rows]]][::-1]  # of several rows of a picture, the first is written last
    vectors[of_row[rows]] = units[rows]
    has_vector[of_row[rows]] = True


def _dim(column: Column, array: pa.Array) -> int:
    """The length of the vectors: what the type says, else that of the first; 0 if there is none yet."""
    import pyarrow as pa
    import pyarrow.compute as pc

    stated = _ARRAY.search(column.type)
    if stated is not None:
        return int(stated[1])
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        raise TypeMismatch(TS300.NOT_VECTORS(column=column.name, type=column.type))
    lengths = pc.list_value_length(array).drop_null()
    return int(lengths[0].as_py()) if len(lengths) else 0


def _arrays(rows: Relation, column: str, check: Callable[[], None]) -> Iterator[pa.Array]:
    """A column as it is read; what Lance reads can be waited for in vain."""
    if not isinstance(rows, StoredRelation):
        for batch in rows.batches([column]):
            check()
            yield batch.column(0)
        return
    with abandonable(check) as call:
        reader = rows.batches([column])
        while (batch := checked(check, call, partial(next, reader, None))) is not None:
            yield batch.column(0)


# -- what the rows say ---------------------------------------------------------------------------------------
def _facts(
    rows: Relation, pictures: PictureValues, times: str | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], Times]:
    """Of each distinct picture pixels, bytes and the earliest time, as far as rows say."""
    width, height, size = (_greatest(rows, pictures, name) for name in (_WIDTH, _HEIGHT, _SIZE))
    return width * height, size, _earliest(rows, pictures, times)


def _greatest(rows: Relation, pictures: PictureValues, name: str) -> NDArray[np.int64]:
    """The greatest whole number in a column of that name, 0 where there is none."""
    found = np.zeros(len(pictures), dtype=np.int64)
    column = find_column(rows.columns, name)
    if column is not None and column.type.endswith("INT") | (column.type == "INTEGER"):
        values = rows.fetch([column.name]).column(0).cast("int64").fill_null(0).to_numpy()
        there = pictures.of_row >= 0
        np.maximum.at(found, pictures.of_row[there], np.clip(values[there], 0, 1 << 31))
    return found


def _earliest(rows: Relation, pictures: PictureValues, name: str | None) -> Times:
    found = np.full(len(pictures), np.iinfo(np.int64).max)
    if name is not None:
        values = rows.fetch([name]).column(0)
        there = (pictures.of_row >= 0) & values.is_valid().to_numpy()
        moments = _microseconds(values)
        np.minimum.at(found, pictures.of_row[there], moments[there])
    taken: Times = found.astype("datetime64[us]")
    taken[found == np.iinfo(np.int64).max] = NO_TIME
    return taken


def _microseconds(values: pa.ChunkedArray) -> NDArray[np.int64]:
    """Times as µs; 0 where there is none."""
    import pyarrow as pa

    plain = values.cast(pa.timestamp("us", getattr(values.type, "tz", None)), safe=False)
    found: NDArray[np.int64] = plain.cast(pa.int64()).fill_null(0).to_numpy()
    return found
