"""Hints in grey: the columns that a statement will add to its rows, at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from thanosql_kernel.analysis.meaning.document import Document, Part
from thanosql_kernel.catalog import Column

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint.

    Attributes:
        offset: Where it stands: at the end of the statement.
        label: A few words.
        doc: A sentence.
    """

    offset: int
    label: str
    doc: str


def hints(document: Document) -> list[Hint]:
    """What every statement adds, nested ones too."""
    return [hint for part in document.parts for hint in part_hints(part)]


def part_hints(part: Part) -> Iterator[Hint]:
    """The hints of one statement."""
    statement = part.block.statement
    for made in (statement, *statement.children()) if statement else ():
        makes = made.makes(part.known)
        if makes.added and all(added.column.type for added in makes.added):
            shown = ", ".join(_label(added.column) for added in makes.added[:_SHOWN])
            more = " …" if len(makes.added) > _SHOWN else ""
            yield Hint(part.start + made.span.end, f"+ {shown}{more}", makes.about)


def _label(column: Column) -> str:
    return f"{column.name} {column.type}" if column.generated else column.name
