"""The most similar rows of another table: ``FUNCTION compute.similarity``.

Every row is compared with every other one, by products of matrices of float32. As these round, and differently for
equal vectors at different places, they only choose candidates: whatever may be among the best, by the bound on a dot
product's rounding (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1), is computed again in
float64, alike for all. So equal vectors have equal cosines, and ties go to the row that comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column, Similarity
from thanosql_kernel.engine.relations.arrow import without_views
from thanosql_kernel.engine.relations.beside import BesideRelation, ColumnsInMemory
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.blocks import VectorMemory
from thanosql_kernel.engine.search.cosine import Floats
from thanosql_kernel.engine.search.reading import Tile, VectorColumn
from thanosql_kernel.engine.store.arrow_types import carried_type
from thanosql_kernel.engine.work import Advancing, Work
from thanosql_kernel.statements.computing import (
    Labelled,
    incomparable,
    not_vectors,
    other_lengths,
    vector_length,
)
from thanosql_kernel.wording import functions_of_rows as said

if TYPE_CHECKING:
    import pyarrow as pa

Places = NDArray[np.int64]

BLOCK_VALUES = 1 << 25
"""Numbers of the rows that are compared while the other table is read once: 128 MiB."""
ROWS_AT_ONCE = 512
"""Rows of one product: with tiles of 4,096 that is 8 MiB of cosines."""
_PAIR_VALUES = 1 << 21
_LOWEST = -2.0


@dataclass(slots=True)
class Best:
    """The best matches of some rows so far, best first.

    Attributes:
        scores: float32 (n, k): cosines; minus infinity where there is none yet.
        places: int64 (n, k): rows of the other table; -1 where there is none yet.
    """

    scores: Floats
    places: Places

    @classmethod
    def none_yet(cls, rows: int, top_k: int) -> Best:
        """Of rows that have been compared with nothing."""
        return cls(
            np.full((rows, top_k), -np.inf, dtype=np.float32), np.full((rows, top_k), -1, dtype=np.int64)
        )

    def offer(self, units: Floats, tile: Tile) -> None:
        """Compare the rows' vectors with others, whose places are behind all that have been offered.

        Args:
            units: float32 (n, dim), each of length one; rows of NaN match nothing.
            tile: The others.
        """
        top_k, count = self.scores.shape[1], len(tile.places)
        rough = np.nan_to_num(units @ tile.values.T, copy=False, nan=-np.inf)
        margin = _rounding(units.shape[1])
        least = self.scores[:, -1].astype(np.float64)
        if top_k < count and (least == -np.inf).any():
            in_tile = np.partition(rough, count - top_k, axis=1)[:, count - top_k]
            least = np.maximum(least, in_tile.astype(np.float64) - margin)
        rows, others = np.nonzero(rough >= np.maximum(least - margin, _LOWEST)[:, None])
        scores = _cosines(units, rows, tile.values, others)
        better = scores > self.scores[rows, -1]
        self._merge(rows[better], scores[better], tile.places[others[better]])

    def _merge(self, rows: Places, scores: Floats, places: Places) -> None:
        """Take over matches that are better than the worst so far of their rows."""
        if not len(rows):
            return
        top_k, affected = self.scores.shape[1], np.unique(rows)
        of_row = np.concatenate([np.repeat(affected, top_k), rows])
        scores = np.concatenate([self.scores[affected].ravel(), scores])
        places = np.concatenate([self.places[affected].ravel(), places])
        order = np.lexsort((places, -scores, of_row))
        of_row, scores, places = of_row[order], scores[order], places[order]
        rank = np.arange(len(of_row)) - np.searchsorted(of_row, of_row)
        kept = rank < top_k
        self.scores[of_row[kept], rank[kept]] = scores[kept]
        self.places[of_row[kept], rank[kept]] = places[kept]


def _rounding(dim: int) -> float:
    """How far a product of float32 vectors of length one, and its rounding, can be from the truth."""
    return (dim + 2) * 2.0**-23


def _cosines(units: Floats, rows: Places, others: Floats, of_others: Places) -> Floats:
    """float32 (p,): cosines of pairs of vectors of length one, each pair's sum taken alike."""
    found = np.empty(len(rows), dtype=np.float32)
    size = max(1, _PAIR_VALUES // units.shape[1])
    for at in range(0, len(rows), size):
        part = slice(at, at + size)
        one, other = units[rows[part]].astype(np.float64), others[of_others[part]].astype(np.float64)
        found[part] = np.clip(np.einsum("ij,ij->i", one, other), -1.0, 1.0)
    return found


class Comparison:
    """Rows, and the rows of another table that their labels come from.

    Args:
        rows: What gets labels.
        vectors: Their column of vectors.
        source: The other table's rows.
        among: Its columns.
        memory: Where vectors of stored tables stay.
        work: The statement's; errors point at its span.

    Raises:
        TypeMismatch: TS300, a column holds no vectors, or such of different lengths.
        ModelError: TS401, other weights made one side than the other.
    """

    def __init__(
        self,
        rows: Relation,
        vectors: str,
        source: Relation,
        among: Labelled,
        memory: VectorMemory,
        work: Work,
    ) -> None:
        self._rows, self._source = rows.repeatable(), source.repeatable()
        self._ours = VectorColumn(self._rows, vectors, work.span, work.check)
        self._theirs = VectorColumn(self._source, among.vectors, among.span, work.check)
        self._label = self._source.column(among.label)
        self._memory = memory
        self._work = work
        self._among = among
        for column, span in ((self._ours.column, work.span), (self._theirs.column, among.span)):
            if vector_length(column.type) is None:
                raise not_vectors(column, span)
        for problem in incomparable(self._ours.column, self._theirs.column, among):
            raise problem

    def beside(self, top_k: int, results: tuple[str, str]) -> BesideRelation:
        """The rows with labels and cosines: NULL where there is nothing to compare, lists if a row gets several."""
        best = self._best(min(top_k, max(1, self._theirs.count)))
        many = "[]" if top_k > 1 else ""
        columns = [
            Column(results[0], f"{carried_type(self._label.type)}{many}"),
            Column(results[1], f"FLOAT{many}", similarity=None if many else self._similarity),
        ]
        labels, of_match = self._labels(best.places)
        table = _as_table(labels, of_match, best, results, many=bool(many))
        return BesideRelation(self._rows, ColumnsInMemory(table), columns)

    @property
    def _similarity(self) -> Similarity | None:
        ours, theirs = self._ours.column.generated, self._theirs.column.generated
        if ours is None or theirs is None:
            return None
        return Similarity(ours.weights.name, ours.kind, theirs.kind)

    def _best(self, top_k: int) -> Best:
        dim, theirs = self._ours.length(), self._theirs.length()
        if dim and theirs and dim != theirs:
            raise other_lengths(self._ours.name, dim, self._among, theirs)
        if not dim or not theirs:
            return Best.none_yet(self._ours.count, top_k)
        parts: list[Best] = []
        # One connection gives one stream at a time: rows of a query are read before ours are.
        held = None if self._source.connection is None else list(self._theirs.tiles(dim, self._memory))
        with self._work.progress(said.COMPARING(column=self._ours.name), self._ours.count, "rows") as bar:
            for units in self._blocks(dim):
                parts.append(Best.none_yet(len(units), top_k))
                tiles = self._theirs.tiles(dim, self._memory) if held is None else held
                self._compare(units, tiles, parts[-1], bar)
        if not parts:
            return Best.none_yet(0, top_k)
        return Best(
            np.concatenate([part.scores for part in parts]), np.concatenate([part.places for part in parts])
        )

    def _compare(self, units: Floats, tiles: Iterable[Tile], best: Best, bar: Advancing) -> None:
        """Compare a block of rows with the whole other table."""
        told = seen = 0
        for tile in tiles:
            for at in range(0, len(units), ROWS_AT_ONCE):
                self._work.check()
                part = slice(at, at + ROWS_AT_ONCE)
                Best(best.scores[part], best.places[part]).offer(units[part], tile)
            seen += len(tile.places)
            done = len(units) * seen // max(1, self._theirs.count)
            bar.advance(done - told)
            told = done

    def _blocks(self, dim: int) -> Iterator[Floats]:
        """The rows' vectors, as many at a time as the other table is worth being read for."""
        size, held = max(1, BLOCK_VALUES // dim), list[Floats]()
        for tile in self._ours.tiles(dim, self._memory):
            held.append(tile.values)
            if sum(map(len, held)) >= size:
                yield np.concatenate(held)
                held = []
        if held:
            yield np.concatenate(held)

    def _labels(self, places: Places) -> tuple[pa.ChunkedArray, Places]:
        """The labels of all rows that match something, and for each match which of them is its own."""
        there, of_match = np.unique(places[places >= 0], return_inverse=True)
        taken = self._source.take(there.tolist(), [self._label.name])
        return without_views(taken).column(0), of_match


def _as_table(
    labels: pa.ChunkedArray, of_match: Places, best: Best, names: tuple[str, str], *, many: bool
) -> pa.Table:
    """Labels and cosines, of several for a row as lists.

    Args:
        labels: Those of the rows that match something.
        of_match: Which label each match has, row by row.
        best: The matches.
        names: Of the two columns.
        many: Whether they are lists.
    """
    import pyarrow as pa

    matches = best.places >= 0
    if not many:
        of_row = np.full(len(matches), -1, dtype=np.int64)
        of_row[matches[:, 0]] = of_match
        texts = labels.take(pa.array(of_row, mask=~matches[:, 0]))
        scores = pa.array(best.scores[:, 0], pa.float32(), mask=~matches[:, 0])
        return pa.table([texts, scores], names=list(names))
    offsets = pa.array(np.concatenate([[0], np.cumsum(matches.sum(axis=1))]).astype(np.int32))
    mask = pa.array(~matches[:, 0])
    taken = labels.take(pa.array(of_match)).combine_chunks()
    scores = pa.array(best.scores[matches], pa.float32())
    lists = [pa.ListArray.from_arrays(offsets, values, mask=mask) for values in (taken, scores)]
    return pa.table(lists, names=list(names))
