"""One COPY on its way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """One COPY on its way.

    Attributes:
        work: The statement's.
        temporary: A folder for what lives as long as the statement.
        duck: A connection that may read files.
        span: Where the user wrote the source.
    """

    work: Work
    temporary: Path
    duck: Duck
    span: Span
