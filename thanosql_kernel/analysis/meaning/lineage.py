"""Which columns of one name are one and the same: those of a table, and of the tables that are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from thanosql_kernel.analysis.meaning.document import Document, Part, known_behind
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.meaning.occurrences import Occurrence, occurrences
from thanosql_kernel.catalog import Catalog, View
from thanosql_kernel.catalog.model import find_column

#: Index of a document, where a part of it begins.
_Place = tuple[int, int]


class _Maker(NamedTuple):
    """A statement that makes tables.

    Attributes:
        made: Their names, in small letters.
        read: The names of the tables that it reads.
        names_it: Whether it gives the column its name itself.
    """

    made: frozenset[str]
    read: frozenset[str]
    names_it: bool


class Lineage:
    """All that a column is, under its one name.

    It lives in tables and in statements. A statement that names a column and makes a table gives the column to that;
    one that reads a table and makes another hands it on, unless it names another column so.

    Args:
        documents: The texts that run together.
        name: The column's name.
        names_it: Whether a part gives a column that name: by AS, or by generating it.
    """

    def __init__(
        self, documents: Sequence[Document], name: str, names_it: Callable[[Part, str], bool]
    ) -> None:
        self._documents = documents
        self._name = name.lower()
        self._names_it = names_it
        self.tables: frozenset[str] = frozenset()
        self._places: set[_Place] = set()

    def follow(self, number: int, part: Part, word: Occurrence) -> Lineage:
        """Find out where the column of a word lives."""
        home = self._home(part, word)
        if home:
            self.tables = home
        else:
            self._places.add((number, part.start))
            if not self._names_it(part, self._name):
                self.tables = self._with_column(part, _tables_read(part))
        makers = list(self._makers())
        while (grown := self._grown(makers)) != self.tables:
            self.tables = grown
        return self

    def holds(self, number: int, part: Part, word: Occurrence) -> bool:
        """Whether a word of that name is this column."""
        home = self._home(part, word)
        if home:
            return not home.isdisjoint(self.tables)
        if (number, part.start) in self._places:
            return True
        return not self._names_it(part, self._name) and not _tables_read(part).isdisjoint(self.tables)

    def is_made_by(self, part: Part) -> bool:
        """Whether a part that gives a column that name gives it to one of the column's tables."""
        return not self._with_column_made(part).isdisjoint(self.tables)

    def _home(self, part: Part, word: Occurrence) -> frozenset[str]:
        """The tables that a word's column is of; none when it is only of its statement, or nobody knows."""
        if word.table is not None:
            return frozenset({word.table.name.lower()})
        return self._with_column_made(part) if self._names_it(part, self._name) else frozenset()

    def _with_column_made(self, part: Part) -> frozenset[str]:
        made = _tables_made(part)
        return frozenset(name for name, after in made if _may_have(after, name, self._name))

    def _with_column(self, part: Part, tables: frozenset[str]) -> frozenset[str]:
        return frozenset(name for name in tables if _may_have(part.known.catalog, name, self._name))

    def _makers(self) -> Iterator[_Maker]:
        """The statements that make tables which have such a column."""
        for document in self._documents:
            for part in document.parts:
                if made := self._with_column_made(part):
                    read = self._with_column(part, _tables_read(part))
                    yield _Maker(made, read - made, self._names_it(part, self._name))

    def _grown(self, makers: Sequence[_Maker]) -> frozenset[str]:
        """The tables, those made from them and those that they are made from."""
        tables = self.tables
        for maker in makers:
            linked = maker.made | maker.read
            if not maker.names_it and not linked.isdisjoint(tables):
                tables |= linked
        return tables


def _may_have(catalog: Catalog, table: str, column: str) -> bool:
    """Whether a table is there and has the column, as far as anybody knows."""
    found = catalog.find(table)
    return found is not None and (
        not found.columns or isinstance(found, View) or find_column(found.columns, column) is not None
    )


def _tables_made(part: Part) -> list[tuple[str, Catalog]]:
    """The tables that a part's statement makes or changes, with the catalogue behind it; remembered."""
    memory: tuple[Known, list[tuple[str, Catalog]]] | None = part.block.memory.get("tables made")
    if memory is None or memory[0] is not part.known:
        before, after = part.known.catalog, known_behind(part.block, part.known).catalog
        known, changed = ({}, {}) if after is before else (before.readable, after.readable)
        made = [(found.name.lower(), after) for key, found in changed.items() if known.get(key) is not found]
        memory = part.block.memory["tables made"] = (part.known, made)
    return memory[1]


def _tables_read(part: Part) -> frozenset[str]:
    """The names of the tables that a part's statement names without making them, in small letters."""
    words = occurrences(part)
    return frozenset(word.name.lower() for word in words if word.kind == "table" and not word.defines)
