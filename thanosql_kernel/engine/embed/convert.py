"""CONVERT's work: what is new is embedded, what rows have already stays, and the vectors are put beside the rows.

The rows themselves are written by whoever asked, in one commit; of a table's own rows only the column.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakMethod

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.engine.embed.cache import CachedVectors, EmbeddingCache
from thanosql_kernel.engine.embed.digests import Digests
from thanosql_kernel.engine.embed.embedding import Embedding, EmbedRequest, TextEmbedding
from thanosql_kernel.engine.embed.film_cache import CachedFilms
from thanosql_kernel.engine.embed.films import FilmEmbedding
from thanosql_kernel.engine.embed.headed import HeadedEmbedding
from thanosql_kernel.engine.embed.items import items_of
from thanosql_kernel.engine.embed.made import EarlierVectors, MadeFrom, Records, drop_stale_records
from thanosql_kernel.engine.embed.picture_values import PictureValues
from thanosql_kernel.engine.embed.pictures import PictureEmbedding
from thanosql_kernel.engine.embed.values import DistinctValues
from thanosql_kernel.engine.embed.vectors import ConvertedColumn, Kept, Located
from thanosql_kernel.engine.relations.beside import BesideRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.models.heads.encoder import OnFrozen
from thanosql_kernel.statements.vectors import EmbedReport
from thanosql_kernel.wording import data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from thanosql_kernel.engine.relations.relation import Relation
    from thanosql_kernel.engine.store.add_column import ColumnPart

Mask = NDArray[np.bool_]

COMPARED_ROWS = 4096


def embed_column(
    rows: Relation, result: Column, request: EmbedRequest, cache: EmbeddingCache
) -> tuple[Relation, EmbedReport]:
    """The rows and a vector column ``result`` of what one of their columns holds; only what is new is embedded.

    A table's own rows keep the vectors that they have, where those were made by the same weights from what is there
    now, or where the file cannot be reached and the vector was made from the same value. Rows of a query that have such
    a column keep the vectors of files that cannot be reached, too.

    Raises:
        UnknownName: TS202, no such column.
        TypeMismatch: TS300, the column holds neither text nor pictures.
        DataError: TS501, an item cannot be read and ``on_error`` is "fail"; what was embedded before stays cached.
        Interrupted: What was embedded before stays cached.
    """
    started = time.perf_counter()
    rows = rows.repeatable()
    name = rows.column(request.source).name
    vectors = vectors_of(request, cache)
    records = Records(vectors.name, name)
    earlier = _earlier_vectors(rows, result, records, request)
    items = items_of(rows, name, earlier, request)
    embedding = embedding_of(request, items, vectors, cache, rows)
    embedding.look()
    conversion = Conversion(rows, result, embedding, records, earlier)
    request.embedded.by.append(conversion)
    conversion.run()
    return conversion.relation(cache.spool), conversion.report(time.perf_counter() - started)


def vectors_of(request: EmbedRequest, cache: EmbeddingCache) -> CachedVectors | CachedFilms:
    """What the cache has of the kind."""
    if request.kind == "video":
        return CachedFilms(cache.shelf, request.encoder, request.sampling)
    return cache.vectors(request.encoder, request.kind, request.views)


def embedding_of(
    request: EmbedRequest,
    items: DistinctValues,
    vectors: CachedVectors | CachedFilms,
    cache: EmbeddingCache,
    rows: Relation,
) -> Embedding:
    """What embeds the items of a column, and keeps their vectors."""
    if isinstance(vectors, CachedFilms):
        return FilmEmbedding(request, items, vectors, cache.files)
    encoder = request.encoder
    if isinstance(encoder, OnFrozen):
        below = replace(request, encoder=encoder.frozen)
        frozen = embedding_of(below, items, vectors_of(below, cache), cache, rows)
        return HeadedEmbedding(frozen, encoder, vectors)
    if request.kind == "text":
        return TextEmbedding(request, items, vectors)
    return PictureEmbedding(request, cast(PictureValues, items), vectors, cache.files, rows)


class Conversion:
    """One CONVERT: items on one side, the rows that have them and maybe their vectors on the other.

    Args:
        rows: The rows, in an order that stays.
        result: The vector column.
        embedding: What embeds the items; it has looked at them.
        records: Of what stored vectors were made from.
        earlier: The vectors that the rows have.
    """

    def __init__(
        self,
        rows: Relation,
        result: Column,
        embedding: Embedding,
        records: Records,
        earlier: EarlierVectors | None,
    ) -> None:
        self._rows = rows
        self._result = result
        self._embedding = embedding
        self._records = records
        self._of_row = embedding.items.of_row
        self._earlier = earlier
        self._located: Located
        self._keeps: Mask
        self._has_vector: Mask
        self._stays: Mask = np.zeros(len(self._of_row), dtype=np.bool_)

    def run(self) -> None:
        """Embed what is missing, and find out which rows keep what they have."""
        embedding, earlier = self._embedding, self._earlier
        needed = self._items_of(None if earlier is None else ~self._is_current(earlier))
        embedding.run(needed)
        contents = np.where(needed, embedding.contents, b"").astype(embedding.contents.dtype)
        last = self._last_contents(needed)
        found = embedding.located(np.where(last != b"", last, contents))
        for index in np.flatnonzero(needed & (found.offsets < 0) & ~embedding.failures.mask):
            embedding.fail(int(index), data.COPY_OF_UNREADABLE())
        self._located = replace(found, offsets=self._by_row(found.offsets, -1))
        self._has_vector = self._located.offsets >= 0
        self._stays = self._has_vector & self._by_row(last != b"", False)
        if earlier is not None:
            self._settle(earlier)

    def relation(self, spool: Path | None) -> Relation:
        """The rows with their vectors; the rows as they are if all have theirs already."""
        earlier, rows = self._earlier, self._rows
        kept = None
        if earlier is not None and isinstance(rows, StoredRelation):
            if self._keeps.all() and rows.column(self._result.name) == self._result:
                self._remember(rows.dataset, ())
                return rows
            kept = Kept(rows, earlier.column, self._keeps)
        column = ConvertedColumn(
            self._located,
            self._result.name,
            spool=spool,
            kept=kept,
            replaces=find_column(rows.columns, self._result.name) is not None,
            remember=WeakMethod(self._remember),  # a result that is kept holds none of this
            check=self._embedding.request.work.check,
        )
        return BesideRelation(rows, column, [self._result])

    def report(self, seconds: float) -> EmbedReport:
        """What the statement did, whatever it had done before it began anew."""
        embedding = self._embedding
        done, before = embedding.request.embedded, embedding.vectors.name
        new = np.concatenate([done.before(before), embedding.contents[embedding.is_new]])
        done.add(before, embedding.contents[embedding.is_new])
        is_new = self._by_row(np.isin(embedding.contents, new), False)
        failed = self._by_row(embedding.failures.mask, False) & ~self._stays
        first = embedding.failures.first(self._items_of(failed))
        contents = embedding.contents
        lacking = np.isin(contents, contents[embedding.losses.mask]) & (contents != b"")
        return EmbedReport(
            rows=len(self._of_row),
            embedded=len(new),
            reused=int((self._has_vector & ~is_new & ~self._stays).sum()),
            failed=int(failed.sum()),
            failures=tuple((embedding.items.named(index), reason) for index, reason in first),
            seconds=seconds,
            out_of_reach=int(self._stays.sum()),
            ready=int(self._has_vector.sum()),
            cut=int((self._by_row(lacking, False) & self._has_vector).sum()),
            losses=tuple(
                (embedding.items.value(index), told) for index, told in embedding.losses.first(lacking)
            ),
        )

    # -- what rows have already ----------------------------------------------------------------------------------
    def _last_contents(self, items: Mask) -> Digests:
        """Contents (u,) of items whose file cannot be reached now, for rows of a query that have vectors of them."""
        column = find_column(self._rows.columns, self._result.name)
        if self._earlier is not None or column is None or not _same_maker(column, self._result):
            items = np.zeros_like(items)
        return self._embedding.last_contents(items)

    def _is_current(self, earlier: EarlierVectors) -> Mask:
        """Rows whose vector is known to have been made from what is there now."""
        values, states = self._by_row(self._embedding.values, b""), self._by_row(self._embedding.states, b"")
        same: Mask = (earlier.made.values == values) & (values != b"")
        kind = self._embedding.request.kind
        if kind != "text":
            same &= (earlier.made.states == states) & (states != b"")
        return (same | earlier.settled(kind)) & self._embedding.are_kept(earlier.made.contents)

    def _settle(self, earlier: EarlierVectors) -> None:
        """Decide which rows keep what they have."""
        made, embedding = earlier.made, self._embedding
        contents, values = self._by_row(embedding.contents, b""), self._by_row(embedding.values, b"")
        had = made.values != b""
        keeps = self._is_current(earlier) | ((made.contents == contents) & (contents != b""))
        for part in earlier.unrecorded:
            self._compare(earlier, part, had, keeps)
        trusted = _same_source(self._rows.column(earlier.column), self._result)
        same_value = np.where(earlier.recorded, made.values == values, trusted & (values != b""))
        self._stays = had & same_value & self._by_row(embedding.failures.out_of_reach, False) & ~keeps
        new = (self._located.offsets >= 0) & ~self._stays
        self._keeps = keeps | self._stays | ~(had | new)
        self._has_vector = np.where(self._keeps, had, new)

    def _compare(self, earlier: EarlierVectors, part: ColumnPart, had: Mask, keeps: Mask) -> None:
        """Hold the vectors of a part of which there is no record against the cache."""
        import pyarrow as pa

        at = part.rows.start
        fragment = earlier.dataset.get_fragment(part.rows.id)
        for batch in fragment.to_batches(columns=[earlier.column], batch_size=COMPARED_ROWS):
            self._embedding.request.work.check()
            rows = slice(at, at + len(batch))
            had[rows] = batch.column(0).is_valid().to_numpy(zero_copy_only=False)
            both = had[rows] & (self._located.offsets[rows] >= 0)
            if both.any():
                stored = batch.column(0).filter(pa.array(both))
                keeps[rows][both] = self._located.are_same(self._located.offsets[rows][both], stored)
            at += len(batch)

    # -- what is remembered of them ------------------------------------------------------------------------------
    def _remember(self, dataset: Any, parts: Sequence[ColumnPart]) -> None:
        """Record what the vectors in new parts, and in those of which there was no record, were made from."""
        written = {part.rows.id for part in parts}
        unrecorded = [] if self._earlier is None else [*self._earlier.unrecorded, *self._moved(self._earlier)]
        sources = self._records.sources(dataset) if parts or unrecorded else {}
        for part in (*parts, *(part for part in unrecorded if part.rows.id not in written)):
            rows = slice(part.rows.start, part.rows.stop)
            if self._has_vector[rows].any():
                self._records.write(dataset, part, self._made_from.at(rows), sources[part.rows.id])
        if parts:
            drop_stale_records(dataset)

    def _moved(self, earlier: EarlierVectors) -> list[ColumnPart]:
        """Recorded parts of which some rows keep their vector under another value: their file has been renamed."""
        is_other = self._keeps & earlier.recorded & (earlier.made.values != b"")
        is_other &= self._made_from.values != earlier.made.values
        return [part for part in earlier.parts if is_other[part.rows.start : part.rows.stop].any()]

    @cached_property
    def _made_from(self) -> MadeFrom:
        """What all rows' vectors were made from."""
        embedding, count = self._embedding, len(self._of_row)
        made = MadeFrom.nothing(count)
        if self._earlier is not None:
            made.put(self._keeps, self._earlier.made.at(self._keeps))
        now = MadeFrom(
            self._by_row(embedding.values, b""),
            self._by_row(embedding.states, b""),
            self._by_row(embedding.contents, b""),
        )
        known = self._has_vector & ~self._stays & (now.contents != b"")
        made.put(known, now.at(known))
        guessed = self._stays & (made.values == b"")
        made.values[guessed] = now.values[guessed]
        return made

    # -- rows and items ------------------------------------------------------------------------------------------
    def _by_row(self, of_item: NDArray[Any], without: Any) -> NDArray[Any]:
        """Of each row what its item (u,) has; rows that are NULL have nothing."""
        return np.append(of_item, np.array([without], dtype=of_item.dtype))[self._of_row]

    def _items_of(self, rows: Mask | None) -> Mask:
        """The items (u,) of some rows, of all without."""
        found = np.zeros(len(self._embedding.items) + 1, dtype=np.bool_)
        found[self._of_row if rows is None else self._of_row[rows]] = True
        return found[:-1]


def _earlier_vectors(
    rows: Relation, result: Column, records: Records, request: EmbedRequest
) -> EarlierVectors | None:
    """The rows' vectors, if the rows are a table's own and the same weights made them."""
    if not isinstance(rows, StoredRelation) or not rows.is_whole:
        return None
    column = find_column(rows.columns, result.name)
    if column is None or column.type != result.type or not _same_maker(column, result):
        return None
    return EarlierVectors.read(rows.dataset, column.name, records, request.work.check)


def _same_maker(column: Column, result: Column) -> bool:
    made, wanted = column.generated, result.generated
    return made is not None and wanted is not None and made.kind == wanted.kind and made.is_made_like(wanted)


def _same_source(column: Column, result: Column) -> bool:
    made, wanted = column.generated, result.generated
    return made is not None and wanted is not None and made.source.lower() == wanted.source.lower()


__all__ = ["EmbedRequest", "embed_column", "embedding_of", "vectors_of"]
