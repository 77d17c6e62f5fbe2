"""Hints in grey: the column that a CONVERT or SEARCH will make, at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from thanosql_kernel.analysis.features.references import made_columns
from thanosql_kernel.analysis.meaning.document import Document, Part
from thanosql_kernel.models.spec import SPECS
from thanosql_kernel.statements.convert import Convert
from thanosql_kernel.statements.foresight import find_model
from thanosql_kernel.statements.search import Search


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
    """The generated columns of every CONVERT and SEARCH whose model is known, nested ones too."""
    return [hint for part in document.parts for hint in part_hints(part)]


def part_hints(part: Part) -> Iterator[Hint]:
    """The hints of one statement."""
    statement = part.block.statement
    for made in (statement, *statement.children()) if statement else ():
        if isinstance(made, (Convert, Search)) and made.supported:
            model = find_model(part.known.catalog, made.model.text)
            names = made_columns(made, part.known.catalog)
            if (
                model is None
                or not names
                or (isinstance(made, Search) and made.target not in ("IMAGE", "TEXT"))
            ):
                continue
            offset = part.start + made.span.end
            if isinstance(made, Convert):
                label = f"+ {names[0]} FLOAT[{SPECS[model.spec].dim}]"
                yield Hint(offset, label, f"the rows get the vector column {names[0]}, made by {made.model}")
            else:
                shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
                yield Hint(offset, f"+ {shown}", "the rows get one similarity for each input, from -1 to 1")
