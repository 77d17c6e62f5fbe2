"""What a database has to hold: plain tuples, compared with what a new session reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from small_model import DIFFERS_BY, vector_of


class Row(NamedTuple):
    """A row.

    Attributes:
        made_of: What its vector may be the vector of; None for no vector. Two where its value was changed since.
    """

    id: int
    source: str
    label: str | None
    made_of: tuple[str | None, ...] = (None,)

    def convert(self) -> Row:
        """The row with its own vector."""
        return self._replace(made_of=(self.source,))

    def rewrite(self, source: str) -> Row:
        """The row with another value; until the next CONVERT its vector is the old one or none."""
        return self._replace(source=source, made_of=(*self.made_of, None))


@dataclass(frozen=True)
class Table:
    """A table's rows in order, of pictures or of texts, with a column of vectors or without."""

    rows: tuple[Row, ...]
    has_pictures: bool = False
    has_vectors: bool = False


State = Mapping[str, Table]
"""The tables by name."""


def read_tables(connection: Any) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    names = connection.session.catalog.tables
    return {name: connection.sql(f'SELECT * FROM "{name}"').arrow().to_pylist() for name in names}


def difference(found: Mapping[str, list[dict[str, Any]]], wanted: State, folder: Path) -> str | None:
    """In a line, how the tables differ from what they should be; None if they do not."""
    if sorted(found) != sorted(wanted):
        return f"tables {sorted(found)}, not {sorted(wanted)}"
    for name, table in wanted.items():
        told = _table_difference(found[name], table, folder)
        if told:
            return f"{name}: {told}"
    return None


def _table_difference(found: list[dict[str, Any]], table: Table, folder: Path) -> str | None:
    if len(found) != len(table.rows):
        return f"{len(found)} rows, not {len(table.rows)}"
    columns = {"id", "source", "label"} | ({"v"} if table.has_vectors else set())
    for position, (values, row) in enumerate(zip(found, table.rows, strict=True)):
        if set(values) != columns:
            return f"columns {sorted(values)}, not {sorted(columns)}"
        if (values["id"], values["source"], values["label"]) != row[:3]:
            return f"row {position} is {values['id'], values['source'], values['label']}, not {row[:3]}"
        if table.has_vectors and not is_vector_of(values["v"], row.made_of, folder):
            made = "no vector" if values["v"] is None else "another vector than"
            return f"row {position} has {made} that of {row.made_of}"
    return None


def is_vector_of(vector: list[float] | None, made_of: tuple[str | None, ...], folder: Path) -> bool:
    """Whether a vector is that of one of the values."""
    if vector is None:
        return None in made_of
    numbers = np.array(vector, np.float32)
    values = [value for value in made_of if value is not None]
    return any(np.abs(numbers - vector_of(value, folder)).max() <= DIFFERS_BY for value in values)
