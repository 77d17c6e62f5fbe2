"""What statements ask of the engine about films: which moments are like something, and clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from thanosql_kernel.catalog import Model
from thanosql_kernel.errors import Span
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.vectors import Sought


class MomentColumns(NamedTuple):
    """The columns that a search among films adds for one input.

    Attributes:
        score: The best cosine.
        second: When that frame is shown.
        start: When the moment begins; empty where films are not cut into moments.
        end: When it ends.
    """

    score: str
    second: str
    start: str = ""
    end: str = ""

    @classmethod
    def of(cls, score: str, *, moments: bool) -> MomentColumns:
        """The columns beside one of cosines."""
        return cls(score, f"{score}_second", *((f"{score}_start", f"{score}_end") if moments else ()))

    @property
    def names(self) -> list[str]:
        """Those that there are."""
        return [name for name in self if name]


@dataclass(frozen=True, slots=True)
class Clip:
    """A part of a film in a file of its own.

    Attributes:
        path: As tables name it.
        start_s: Where it begins in the film, seconds.
        end_s: Where it ends.
    """

    path: str
    start_s: float
    end_s: float


class FilmWork(Protocol):
    """The requests."""

    def film_similarity(
        self,
        rows: Relation,
        *,
        model: Model,
        column: str,
        inputs: Sequence[Sought],
        results: Sequence[MomentColumns],
        top_k: int | None = None,
        span: Span | None = None,
    ) -> Relation:
        """The rows, each a film, with the cosine of its best frame and its second; with ``top_k`` best first.

        With the columns of moments a film gives a row for each of them: frames that follow one another and are all
        near the film's best. A frame is near if its cosine is at least three quarters of the way from the film's mean
        cosine to its best.

        Raises:
            ModelError: TS401 when ``column`` was made with other weights than the model has now.
        """
        ...

    def split_film(
        self, path: str, *, interval_s: float, folder: str | None, span: Span | None = None
    ) -> Sequence[Clip]:
        """Cut a film into clips in a folder, which is there whole or not at all; named after the film without one.

        Raises:
            DataError: It cannot be read, or the folder holds something else.
        """
        ...
