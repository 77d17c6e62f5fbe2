"""Where a name is given and where it is used, in one text or in the cells of a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thanosql_kernel.analysis.meaning.document import Document, Part
from thanosql_kernel.analysis.meaning.lineage import Lineage
from thanosql_kernel.analysis.meaning.occurrences import Occurrence, occurrence_at, occurrences
from thanosql_kernel.analysis.text.blocks import shift
from thanosql_kernel.errors import Span

_NAMES = ("table", "column", "alias", "model")


class Location(NamedTuple):
    """A place in one of several documents."""

    document: int
    span: Span


class Use(NamedTuple):
    """A word that names something, and where it stands.

    Attributes:
        document: Index of its document.
        part: The part of the document.
        word: The word; its span counts from the start of the part.
    """

    document: int
    part: Part
    word: Occurrence

    @property
    def location(self) -> Location:
        """Where it stands in its document."""
        return Location(self.document, shift(self.word.span, self.part.start))


def definition(document: Document, offset: int) -> Span | None:
    """Where the thing that the word at ``offset`` names is made; see `find_definition`."""
    found = find_definition([document], 0, offset)
    return found.span if found else None


def references(document: Document, offset: int) -> list[Span]:
    """Every place that names the same thing as the word at ``offset``, that word too."""
    return [location.span for location in find_references([document], 0, offset)]


def find_use(documents: Sequence[Document], index: int, offset: int) -> Use | None:
    """The name at an offset; None where no name stands."""
    part = documents[index].part_at(offset)
    word = occurrence_at(part, offset) if part else None
    return Use(index, part, word) if part and word and word.kind in _NAMES else None


def find_references(documents: Sequence[Document], index: int, offset: int) -> list[Location]:
    """Every place in several documents that names the same thing as the word at an offset of one of them."""
    use = find_use(documents, index, offset)
    return [other.location for other in same_uses(documents, use)] if use else []


def same_uses(documents: Sequence[Document], use: Use) -> Iterator[Use]:
    """All words that name the same thing, in order."""
    lineage = _lineage(documents, use) if use.word.kind == "column" else None
    for other in _uses(documents, use.word.name):
        if _is_same(use, other) and (lineage is None or lineage.holds(*other)):
            yield other


def _lineage(documents: Sequence[Document], use: Use) -> Lineage:
    """Where the column of a word lives."""
    return Lineage(documents, use.word.name, _names_column).follow(*use)


def _names_column(part: Part, name: str) -> bool:
    """Whether a statement gives a column that name."""
    return any(True for _ in _makers(0, part, name))


def _uses(documents: Sequence[Document], name: str) -> Iterator[Use]:
    """The words of the parts that hold the name at all."""
    wanted = name.lower()
    for number, document in enumerate(documents):
        for part in document.parts:
            if wanted in part.block.text.lower():
                yield from (Use(number, part, word) for word in occurrences(part))


def _is_same(use: Use, other: Use) -> bool:
    left, right = use.word, other.word
    if left.kind != right.kind or left.name.lower() != right.name.lower():
        return False
    here = (use.document, use.part.start) == (other.document, other.part.start)
    if left.kind == "alias":
        return here
    if left.kind == "model":
        return left.name == right.name
    return True


def find_definition(documents: Sequence[Document], index: int, offset: int) -> Location | None:
    """Where the thing that a word names is made.

    A table leads to the COPY, CREATE TABLE or CONVERT that stores it, a generated column to the CONVERT or SEARCH that
    makes it, another column to its AS or to where its table is made, an alias to its AS, a model to its UPLOAD or GET.
    """
    use = find_use(documents, index, offset)
    if use is None:
        return None
    if use.word.kind == "column":
        made = column_maker(documents, use)
        if made is not None:
            return made
        if use.word.table is not None:
            return _nearest(documents, use, "table", use.word.table.name)
        return None
    return _nearest(documents, use, use.word.kind, use.word.name)


def _nearest(documents: Sequence[Document], use: Use, kind: str, name: str) -> Location | None:
    """The last place in front of the word that gives the name, else the first behind it."""
    places = [
        other.location
        for other in _uses(documents, name)
        if other.word.defines and other.word.kind == kind and other.word.name.lower() == name.lower()
        and (kind != "alias" or (other.document, other.part.start) == (use.document, use.part.start))
    ]  # fmt: skip
    return _last_before(places, use.location)


def _last_before(places: Sequence[Location], place: Location) -> Location | None:
    before = [
        other for other in places if (other.document, other.span.start) <= (place.document, place.span.start)
    ]
    return before[-1] if before else next(iter(places), None)


def column_maker(documents: Sequence[Document], use: Use) -> Location | None:
    """The place that makes a column: its AS or ``result_col``, else the CONVERT or SEARCH that generates it."""
    name = use.word.name.lower()
    own = [*_makers(use.document, use.part, name)]
    if own:
        return own[-1]
    lineage = _lineage(documents, use)
    places = [
        place
        for number, document in enumerate(documents)
        for part in document.parts
        if part.block.statement is not None and part is not use.part and lineage.is_made_by(part)
        for place in _makers(number, part, name)
    ]
    return _last_before(places, use.location)


def _makers(number: int, part: Part, name: str) -> Iterator[Location]:
    """The places in a statement that make a column of that name, the innermost last."""
    if name in part.block.text.lower():
        for word in occurrences(part):
            if word.kind == "column" and word.defines and word.name.lower() == name:
                yield Location(number, shift(word.span, part.start))
    statement = part.block.statement
    for made in (statement, *statement.children()) if statement else ():
        for added in made.makes(part.known).added:
            if added.column.name.lower() == name:
                yield Location(number, shift(added.span, part.start))
