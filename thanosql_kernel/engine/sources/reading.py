"""One COPY on its way: what its readers may use, and how they fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Span
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.options import Options
from thanosql_kernel.wording import Said

_LONGEST = 300
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Reading:
    """One COPY on its way.

    Attributes:
        work: The statement's.
        temporary: A folder for what lives as long as the statement.
        duck: A connection that may read files.
        span: Where the user wrote the source.
        options: What the user said about it.
    """

    work: Work
    temporary: Path
    duck: Duck
    span: Span
    options: Options

    def error(self, message: Said, *, hint: str | None = None) -> DataError:
        """An error that points at the source; what others say of it may be long."""
        return DataError(message[:_LONGEST], code=message.code, span=self.span, hint=hint)

    def chunks(self, path: Path) -> Iterator[bytes]:
        """The bytes of a file; a disk that does not answer is left when the user asks to stop."""
        with open(path, "rb", buffering=0) as file, abandonable(self.work.check) as call:
            while chunk := call(lambda: file.read(_CHUNK_BYTES)):
                yield chunk
