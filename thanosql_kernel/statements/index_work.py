"""What statements ask of the engine about indexes of vectors and texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from thanosql_kernel.errors import Span


class IndexFacts(NamedTuple):
    """An index.

    Attributes:
        uuid: Tells it from all others.
        name: As the user calls it.
        table: Of which table.
        column: Of which column.
        kind: What it is: ``IVF_RQ`` of vectors, ``INVERTED`` of texts.
        rows: How many rows it was built over; None where nobody knows.
        recall: How many of the best rows it found then, from 0 to 1; None where nobody has measured it.
        state: Whether it is used, in words.
    """

    uuid: str
    name: str
    table: str
    column: str
    kind: str
    rows: int | None
    recall: float | None
    state: str


def is_vector(sql_type: str) -> bool:
    """Whether a type is that of vectors of one length."""
    return sql_type.startswith("FLOAT[") and sql_type[6:-1].isdigit()


def is_text(sql_type: str) -> bool:
    """Whether a type is that of texts."""
    return sql_type == "VARCHAR"


class IndexWork(Protocol):
    """The requests."""

    def indexes(self, table: str | None = None, span: Span | None = None) -> Sequence[IndexFacts]:
        """The indexes of a table, or of all, by table and name."""
        ...

    def create_index(
        self, name: str, table: str, column: str, *, replace: bool, span: Span | None = None
    ) -> str:
        """Build an index of a column of vectors or texts; says what was done, or why it is of no use.

        Raises:
            UnknownName: TS204, there is one of the name, or of the column.
        """
        ...

    def extend_indexes(self, table: str | None = None) -> None:
        """Let indexes of vectors take up the rows that came since they were built, where these are many."""
        ...

    def drop_index(self, index: IndexFacts) -> None:
        """Remove an index."""
        ...
