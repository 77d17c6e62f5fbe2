"""Finding the best rows without comparing all: by an index, or because few are to be chosen from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.duck.errors import SqlFailure
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.search.blocks import VectorMemory, checked
from thanosql_kernel.engine.search.cosine import Floats, UnitVectors, score
from thanosql_kernel.engine.search.index_readers import IndexReaders
from thanosql_kernel.engine.search.indexes import Found, Record, Usable, best, find
from thanosql_kernel.engine.search.records import Records
from thanosql_kernel.engine.work import Work
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.wording import indexes

Positions = NDArray[np.int64]

FEW_ROWS = 20_000
"""So many vectors are read one by one: of 512 numbers in a sixth of a second, where a million are read in four."""
_AT_ONCE = 4096


class Chosen(NamedTuple):
    """Some rows of a stored table.

    Attributes:
        table: The table, whole.
        column: Its column of vectors.
        positions: Which rows, ascending; None for all.
    """

    table: StoredRelation
    column: str
    positions: Positions | None

    def of(self, among: Positions | None) -> Chosen:
        """Those of them at some positions."""
        if among is None:
            return self
        return self._replace(positions=among if self.positions is None else self.positions[among])

    def places(self, found: Positions) -> Positions:
        """Where rows of the table are among these."""
        return found if self.positions is None else np.searchsorted(self.positions, found)

    @property
    def are_few(self) -> bool:
        """Whether their vectors are read one by one."""
        return self.positions is not None and len(self.positions) <= FEW_ROWS


def table_of(rows: Relation, column: str) -> tuple[StoredRelation, str] | None:
    """The stored table whose rows they are, all or those of which a condition is true, and what it calls a column."""
    table: Relation = rows
    if isinstance(rows, SqlRelation):
        query = rows.filter
        names = [] if query is None else [name.lower() for name in query.plain_columns or ()]
        if query is None or names.count(column.lower()) != 1:
            return None
        table = rows.sources[query.table.lower()]
    if not isinstance(table, StoredRelation) or not table.is_whole:
        return None
    return table, table.column(column).name


def chosen_from(rows: Relation, column: str) -> Chosen | None:
    """The rows as rows of a stored table; None for others."""
    found = table_of(rows, column)
    if found is None:
        return None
    if not isinstance(rows, SqlRelation):
        return Chosen(*found, None)
    try:
        return Chosen(*found, rows.positions())
    except SqlFailure:
        return None  # whoever reads the rows is told


def few_scores(chosen: Chosen, queries: Floats, check: Callable[[], None]) -> Floats:
    """Cosines (n, q) of few rows, whose vectors alone are read."""
    assert chosen.positions is not None, "all are not few"
    return scores_at(chosen.table.dataset, chosen.column, chosen.positions, queries, check)


def scores_at(
    dataset: Any, column: str, positions: Positions, queries: Floats, check: Callable[[], None]
) -> Floats:
    """Cosines (n, q) of the rows at some positions of a table."""
    parts, dim = [np.empty((0, len(queries)), np.float32)], queries.shape[1]
    with abandonable(check) as call:
        for at in range(0, len(positions), _AT_ONCE):
            wanted = positions[at : at + _AT_ONCE].tolist()
            rows = checked(check, call, partial(dataset.take, wanted, columns=[column]))
            vectors = rows.column(0).combine_chunks()
            parts.append(score([UnitVectors(len(vectors), dim).add([vectors], len(vectors))], queries))
    return np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class Finder:
    """What finds rows of stored tables.

    Attributes:
        memory: Vector columns that are resident.
        records: Of the indexes that were built here; None where none is used.
        may_use_index: Whether the user lets them be used.
        readers: Tables whose indexes have been read.
    """

    memory: VectorMemory
    records: Records[Record] | None
    may_use_index: Callable[[], bool]
    readers: IndexReaders

    def is_worth_it(self, table: StoredRelation, column: str, dim: int) -> bool:
        """Whether it may be cheaper than comparing all rows."""
        return not self.memory.coverage(table.dataset, column, dim).fits

    def index(self, table: StoredRelation, column: str, dim: int) -> Usable | None:
        """The index that finds the best of a table's rows; None where there is none, or their vectors fit in memory."""
        if self.records is None or table.dataset.has_stable_row_ids or not self.may_use_index():
            return None
        return find(table.dataset, column, self.records) if self.is_worth_it(table, column, dim) else None

    def best(self, chosen: Chosen, queries: Floats, k: int, work: Work, *, is_near: bool) -> Found | None:
        """The rows with the highest cosines to the first query that an index finds, ties in the table's order.

        Args:
            chosen: The rows to choose from.
            queries: float32 (q, dim).
            k: How many rows.
            work: The statement's.
            is_near: Whether what is searched for is of the kind of what is searched.

        Returns:
            Their positions among the chosen; None where comparing all is as cheap.
        """
        use = self.index(chosen.table, chosen.column, queries.shape[1])
        if use is None:
            return None
        effort = use.record.effort(is_near)
        with abandonable(work.check) as call:
            aside = partial(checked, work.check, call)
            dataset = aside(partial(self.readers.of, chosen.table.dataset, use.index.uuid))
            found = best(dataset, use, effort, queries, k, aside, chosen.positions)
        if found is None:
            return None
        work.notice(indexes.APPROXIMATE(index=use.record.name, recall=effort.recall))
        return Found(chosen.places(found.positions), found.scores)
