"""What the statement about near-duplicates asks of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from thanosql_kernel.catalog import Column
from thanosql_kernel.statements.changes import Relation

Level = Literal["photo", "burst", "both"]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Which groups are wanted, and of what.

    Attributes:
        level: Copies of the same photo, bursts, or both.
        pictures: The column of pictures.
        vectors: The column of their vectors.
        times: The column that says when they were taken; None if the files are asked.
        seconds: How far from the kept one those of a burst were taken at most.
        near: The least cosine of two pictures that are compared.
        alike: The least cosine in a burst where no times are known.
        results: The columns of the groups' numbers, of what is kept, and of the cosine to that.
    """

    level: Level
    pictures: str
    vectors: str
    times: str | None
    seconds: float
    near: float
    alike: float
    results: tuple[Column, ...]


class DuplicateWork(Protocol):
    """The request."""

    def duplicates(self, rows: Relation, wanted: Duplicates) -> Relation:
        """The rows that belong to a group, group by group, with the columns ``wanted.results``.

        Groups are in the order of their first rows, and numbered so; of each the kept one comes first.

        Raises:
            TypeMismatch: TS300, the column of vectors holds none.
        """
        ...
