"""What the columns of a table are called, after its header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thanosql_kernel.sql.identifiers import unique_names


def column_names(header: Sequence[str]) -> list[str]:
    """The names: those of a header, none twice, with a number for a column that has none."""
    return unique_names([name.strip() or f"column{at + 1}" for at, name in enumerate(header)])


def renamed(header: Sequence[str], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The names of a header that were taken already, each with what its column is called."""
    for written, name in zip(header, names, strict=True):
        if written.strip() and written.strip() != name:
            yield written.strip(), name
