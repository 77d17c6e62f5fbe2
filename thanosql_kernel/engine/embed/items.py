"""The items of a column that a CONVERT has to look at; those that are known to be what they were are not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from thanosql_kernel.engine.embed.embedding import EmbedRequest
from thanosql_kernel.engine.embed.made import EarlierVectors
from thanosql_kernel.engine.embed.picture_values import (
    PictureValues,
    column_batches,
    holds_pictures,
    taken_batches,
)
from thanosql_kernel.engine.embed.values import DistinctValues, is_text
from thanosql_kernel.engine.store.add_column import ColumnPart
from thanosql_kernel.engine.work import Advancing
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.using import no_pictures, no_text
from thanosql_kernel.wording import web

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.relations.relation import Relation


def items_of(
    rows: Relation, name: str, earlier: EarlierVectors | None, request: EmbedRequest
) -> DistinctValues:
    """The distinct values of a column.

    Args:
        rows: The rows, in an order that stays.
        name: The column.
        earlier: The vectors that they have.
        request: What is embedded.

    Raises:
        TypeMismatch: TS300, the column holds neither texts nor, if those are wanted, pictures.
        Interrupted: From the request's work.
    """
    if request.kind == "text":
        return _texts(rows, name, earlier, request)
    if request.kind == "video":
        return _collected(_column(rows, name, request), name, request)
    return _pictures(rows, name, earlier, request)


def _texts(
    rows: Relation, name: str, earlier: EarlierVectors | None, request: EmbedRequest
) -> DistinctValues:
    if earlier is None or not earlier.unchanged.any():
        return _collected(_column(rows, name, request), name, request)
    import pyarrow as pa

    column = pa.chunked_array([], earlier.dataset.schema.field(name).type)
    for part in _unsettled(earlier, request):
        request.work.check()
        fragment = earlier.dataset.get_fragment(part.rows.id)
        chunks = fragment.to_table(columns=[name]).column(0).chunks
        column = pa.chunked_array([*column.chunks, *chunks], column.type)
    items = _collected(column, name, request)
    of_row = np.full(len(earlier.unchanged), -1, dtype=np.int64)
    of_row[_rows_of(earlier, request)] = items.of_row
    return DistinctValues(items.values, of_row)


def _column(rows: Relation, name: str, request: EmbedRequest) -> pa.ChunkedArray:
    """The column; of what is in other shards NULL."""
    if request.shard.is_whole:
        return rows.fetch([name]).column(0)
    import pyarrow as pa

    kind = rows.fetch([name], limit=0).schema.field(0).type
    if not is_text(kind):
        raise no_text(name, str(kind), request.work.span)
    chunks = []
    for batch in rows.batches([name]):
        request.work.check()
        chunks.append(request.shard.only(batch.column(0).cast(pa.large_string())))
    return pa.chunked_array(chunks, pa.large_string())


def _collected(column: pa.ChunkedArray, name: str, request: EmbedRequest) -> DistinctValues:
    with abandonable(request.work.check) as call:
        return call(lambda: DistinctValues.collect(column, name, request.work.span))


def _pictures(
    rows: Relation, name: str, earlier: EarlierVectors | None, request: EmbedRequest
) -> PictureValues:
    kind = rows.fetch([name], limit=0).schema.field(0).type
    if not holds_pictures(kind):
        raise no_pictures(name, str(kind), request.work.span)
    if earlier is None or not earlier.settled(request.kind).any():
        return _read(column_batches(rows, name), None if is_text(kind) else rows.count(), request)
    positions = _rows_of(earlier, request)
    found = _read(taken_batches(rows, name, positions), None if is_text(kind) else len(positions), request)
    return found.over(positions, len(earlier.unchanged))


def _read(batches: Iterator[pa.Array], count: int | None, request: EmbedRequest) -> PictureValues:
    """The pictures; those that have to be read for it show how far that is."""
    if not count:
        return PictureValues.read(batches, request.work.check, request.shard)
    with request.work.progress(web.READING(column=request.source), count, "images") as bar:
        return PictureValues.read(_advancing(batches, bar), request.work.check, request.shard)


def _advancing(batches: Iterator[pa.Array], bar: Advancing) -> Iterator[pa.Array]:
    for batch in batches:
        yield batch
        bar.advance(len(batch))


def _unsettled(earlier: EarlierVectors, request: EmbedRequest) -> list[ColumnPart]:
    """The parts that hold what is not known to be as it was."""
    settled = earlier.settled(request.kind)
    return [part for part in earlier.parts if not settled[part.rows.start : part.rows.stop].all()]


def _rows_of(earlier: EarlierVectors, request: EmbedRequest) -> np.ndarray:
    """Positions of the rows of those parts."""
    parts = _unsettled(earlier, request)
    ranges = [np.arange(part.rows.start, part.rows.stop, dtype=np.int64) for part in parts]
    return np.concatenate([np.empty(0, dtype=np.int64), *ranges])
