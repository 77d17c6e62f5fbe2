"""Rows with similarities beside them that are computed when somebody reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.beside import BesideRelation, ColumnsInMemory
from thanosql_kernel.engine.relations.highest import HighestRows
from thanosql_kernel.engine.relations.relation import Holdings, Relation
from thanosql_kernel.engine.search.cosine import Floats
from thanosql_kernel.engine.search.indexes import Found
from thanosql_kernel.engine.store.add_column import ColumnPart
from thanosql_kernel.models.encoder import Logits

if TYPE_CHECKING:
    import pyarrow as pa

Positions = NDArray[np.int64]
Compute = Callable[[], ColumnsInMemory]
Find = Callable[[int, int, Positions | None], Found | None]


class ColumnsWhenRead:
    """Columns of numbers that are computed once, when somebody reads them.

    Args:
        schema: Their names and types.
        count: Gives how many rows they have.
        compute: Gives the columns.
    """

    def __init__(self, schema: pa.Schema, count: Callable[[], int], compute: Compute) -> None:
        self.schema = schema
        self._count = count
        self._compute = compute
        self._computed: ColumnsInMemory | None = None

    @property
    def _columns(self) -> ColumnsInMemory:
        if self._computed is None:
            self._computed = self._compute()
        return self._computed

    def __len__(self) -> int:
        return self._count()

    def slice(self, start: int, size: int) -> pa.Table:
        """Rows that follow one another."""
        return self._columns.slice(start, size)

    def take(self, positions: Sequence[int]) -> pa.Table:
        """Rows at positions."""
        return self._columns.take(positions)

    def whole(self) -> pa.Table:
        """All rows."""
        return self._columns.whole()

    @property
    def holdings(self) -> Holdings:
        """What has been computed."""
        return {} if self._computed is None else self._computed.holdings

    @property
    def changed(self) -> None:
        """Nobody knows."""

    def stored(self, dataset: Any, parts: Sequence[ColumnPart]) -> None:
        """Nobody wants to know."""


class Added(NamedTuple):
    """A column of numbers beside rows; NaN stands for NULL."""

    column: Column
    numbers: NDArray[np.floating]


def in_memory(added: Sequence[Added], positions: Positions | None = None) -> ColumnsInMemory:
    """The columns, of the rows at these positions."""
    import pyarrow as pa

    chosen = [it.numbers if positions is None else it.numbers[positions] for it in added]
    arrays = [pa.array(np.ascontiguousarray(numbers), from_pandas=True) for numbers in chosen]
    return ColumnsInMemory(pa.table(arrays, names=[it.column.name for it in added]))


class Similarities(NamedTuple):
    """The columns that cosines become.

    Attributes:
        columns: Those of the cosines themselves, then those of the model's own probabilities, if it is asked for them.
        inputs: How many inputs there are.
        logits: Makes these of cosines.
    """

    columns: Sequence[Column]
    inputs: int
    logits: Logits | None

    def added(self, scores: Floats) -> list[Added]:
        """The columns of rows with these cosines, (n, inputs)."""
        numbers: list[NDArray[np.floating]] = [*scores.T]
        if self.logits is not None:
            numbers += [*self.logits.relevance(scores).T]
        return [Added(*pair) for pair in zip(self.columns, numbers, strict=True)]

    def beside(self, rows: Relation, found: Found) -> BesideRelation:
        """Rows that were found with the columns beside them."""
        return BesideRelation(rows, in_memory(self.added(found.scores)), self.columns, found.positions)


class SimilarRows(BesideRelation, HighestRows):
    """Rows with similarities beside them, the best of which can be found without the others.

    Args:
        rows: What is searched.
        made: What is beside them.
        scores: Gives the cosines of all, float32 (n, inputs).
        find: Gives the best by one of the inputs: its number, how many, and the positions to choose from.
    """

    def __init__(self, rows: Relation, made: Similarities, scores: Callable[[], Floats], find: Find) -> None:
        import pyarrow as pa

        schema = pa.schema([(column.name, pa.float32()) for column in made.columns])
        added = ColumnsWhenRead(schema, rows.count, lambda: in_memory(made.added(scores())))
        super().__init__(rows, added, made.columns)
        self._made = made
        self._find = find

    @property
    def numbered(self) -> Sequence[str]:
        """The similarities."""
        return [column.name for column in self._made.columns[: self._made.inputs]]

    @property
    def beside(self) -> Sequence[str]:
        """Similarities and what is made of them."""
        return [column.name for column in self._made.columns]

    @property
    def unnumbered(self) -> Relation:
        """The rows that were searched."""
        return self.base

    def highest(
        self, column: str, rows: int, passing: Callable[[], Positions | None] | None
    ) -> Relation | None:
        """The rows that are most similar to an input, in their own order."""
        among = None if passing is None else passing()
        if passing is not None and among is None:
            return None
        number = [name.lower() for name in self.numbered].index(column)
        found = self._find(number, rows, among)
        if found is None:
            return None
        in_order = np.argsort(found.positions, kind="stable")
        return self._made.beside(self.base, Found(found.positions[in_order], found.scores[in_order]))
