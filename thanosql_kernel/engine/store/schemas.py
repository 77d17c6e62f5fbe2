"""Lance schemas of which some fields change: their names and metadata, or that they are there; ids and data stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def with_fields(schema: Any, changed: Mapping[str, pa.Field | None]) -> Any:
    """A table's schema with other names and metadata of some columns, or without them.

    A Lance schema is pickled into one message a field, nested ones behind the field that holds them; fields get ids in
    order, so that one of a certain id is made behind as many others.

    Args:
        schema: The table's Lance schema.
        changed: By name what becomes of a column, its type the same; None if it goes.
    """
    make, (facts, *messages) = schema.__reduce__()
    kept: list[bytes] = []
    for field in schema.fields():
        size = _size(field)
        own, messages = messages[:size], messages[size:]
        wanted = changed.get(field.name(), field)
        if wanted is not None:
            kept += own if wanted is field else _messages(schema, wanted, int(field.id()), size)
    return make(facts, *kept)


def _messages(schema: Any, field: pa.Field, number: int, size: int) -> Sequence[bytes]:
    import pyarrow as pa

    before = [pa.field(f"_{index}", pa.int8()) for index in range(number)]
    messages: Sequence[bytes] = type(schema).from_pyarrow(pa.schema([*before, field])).__reduce__()[1][-size:]
    return messages


def _size(field: Any) -> int:
    return 1 + sum(map(_size, field.children()))
