"""When the best rows are found in half precision: where memory does not hold all vectors, or not yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from thanosql_kernel.engine.relations.late import MAX_ROWS
from thanosql_kernel.engine.search.blocks import VectorMemory
from thanosql_kernel.engine.search.cosine import Floats
from thanosql_kernel.engine.search.half_columns import HalfColumns
from thanosql_kernel.engine.search.half_search import Best, Positions, Vectors, best
from thanosql_kernel.engine.search.halves import MOST_NUMBERS
from thanosql_kernel.engine.work import Work


@dataclass(frozen=True, slots=True)
class HalfFinder:
    """What finds the best rows of stored tables in half precision.

    Attributes:
        columns: The vectors.
        memory: Where those are that fit.
        want: Takes note that a column of a data set, of vectors of a length, is searched: it had better be in memory
            next time, and in files.
    """

    columns: HalfColumns
    memory: VectorMemory
    want: Callable[[Any, str, int], None]

    def is_used(self, dataset: Any, column: str, dim: int) -> bool:
        """Whether the best rows of a table are found so."""
        if dim > MOST_NUMBERS:
            return False
        there = self.memory.coverage(dataset, column, dim)
        return there.resident < there.rows and (not there.fits or self.columns.has(dataset, column, dim))

    def keep(self, dataset: Any, column: str, dim: int) -> None:
        """Have the files of a column written that has just been compared in memory, for kernels that come later."""
        if self.columns.are_worth_it(dataset, column, dim):
            self.want(dataset, column, dim)

    def best(
        self, dataset: Any, column: str, queries: Floats, k: int, among: Positions | range, work: Work
    ) -> Best | None:
        """The rows with the highest cosines to the first query, as if all had been compared.

        Args:
            dataset: A table.
            column: Its column of vectors.
            queries: float32 (q, dim).
            k: How many rows.
            among: The rows to choose from, ascending.
            work: The statement's; shows how far files are that have to be written first.

        Returns:
            None where all are compared as cheaply, or there is no room for the files.
        """
        dim = queries.shape[1]
        if k > MAX_ROWS or not self.is_used(dataset, column, dim):
            return None
        halves = self.columns.column(dataset, column, dim, work)
        if halves is None:
            return None
        if self.memory.coverage(dataset, column, dim).fits:
            self.want(dataset, column, dim)
        return best(Vectors(dataset, column, halves), queries, k, among, work)
