"""What statements ask of the engine about indexes of vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from thanosql_kernel.errors import Span


class IndexFacts(NamedTuple):
    """An index.

    Attributes:
        name: As the user calls it.
        table: Of which table.
        column: Of which column.
        kind: What it is, as ``IVF_RQ``.
        rows: How many rows it was built over; None where nobody knows.
        recall: How many of the best rows it found then, from 0 to 1; None where nobody has measured it.
        state: Whether it is used, in words.
    """

    name: str
    table: str
    column: str
    kind: str
    rows: int | None
    recall: float | None
    state: str


class IndexWork(Protocol):
    """The requests."""

    def indexes(self, table: str | None = None, span: Span | None = None) -> Sequence[IndexFacts]:
        """The indexes of a table, or of all, by table and name."""
        ...

    def create_index(
        self, name: str, table: str, column: str, *, replace: bool, span: Span | None = None
    ) -> str:
        """Build an index of a column of vectors; says what was done, or why it is of no use.

        Raises:
            TypeMismatch: TS300, the column holds no vectors.
            UnknownName: TS204, there is one of the name, or of the column.
        """
        ...

    def drop_index(self, index: IndexFacts) -> None:
        """Remove an index."""
        ...
