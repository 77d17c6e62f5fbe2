"""Which fields of a table its files hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any


def have_data(dataset: Any, fields: Sequence[Any]) -> bool:
    """Whether each fragment has a file with something of these fields."""
    wanted = {number for field in fields for number in _field_ids(field)}
    return all(
        any(wanted.intersection(file.fields) for file in fragment.data_files())
        for fragment in dataset.get_fragments()
    )


def _field_ids(field: Any) -> Iterator[int]:
    yield field.id()
    for child in field.children():
        yield from _field_ids(child)
