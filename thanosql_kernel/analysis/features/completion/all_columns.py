"""The columns of all tables by name; of the catalogue looked at last, as between two keys it is the same one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from thanosql_kernel.catalog import Catalog, Column, Readable


@dataclass(frozen=True, slots=True)
class Owned:
    """A column, the table that has it, and its place in it."""

    column: Column
    table: Readable
    number: int


class AllColumns:
    """The columns of a catalogue.

    Args:
        catalog: The catalogue.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @cached_property
    def by_name(self) -> Mapping[str, list[Owned]]:
        """Name in small letters -> the columns of that name."""
        found: dict[str, list[Owned]] = {}
        for table in self.catalog.readable.values():
            for number, column in enumerate(table.columns):
                found.setdefault(column.name.lower(), []).append(Owned(column, table, number))
        return found

    @cached_property
    def different(self) -> Mapping[str, list[Owned]]:
        """The same, of columns of one name, type and origin the first alone."""
        return {
            name: list({(one.column.type, one.column.generated): one for one in reversed(owned)}.values())
            for name, owned in self.by_name.items()
        }

    def tables_with(self, names: Iterable[str]) -> frozenset[str]:
        """The tables that have all columns of these names; none where no name is given."""
        found = [frozenset(one.table.name for one in self.by_name.get(name.lower(), ())) for name in names]
        return frozenset.intersection(*found) if found else frozenset()


@dataclass(slots=True)
class _Memory:
    last: AllColumns


_memory = _Memory(AllColumns(Catalog()))


def all_columns(catalog: Catalog) -> AllColumns:
    """The columns of a catalogue."""
    known = _memory.last
    if known.catalog is not catalog:
        known = _memory.last = AllColumns(catalog)
    return known
