"""Which weights made a vector column, carried in the Arrow field's metadata so that copied tables keep it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Column, GeneratedColumn
from thanosql_kernel.catalog.store import decode_generated, encode_generated

if TYPE_CHECKING:
    import pyarrow as pa

KEY = b"thanosql.generated"


def generated_of(field: pa.Field) -> GeneratedColumn | None:
    """The facts in a field's metadata; None if there are none that can be read."""
    try:
        return decode_generated(json.loads((field.metadata or {})[KEY]))
    except (KeyError, TypeError, ValueError):
        return None


def with_generated(schema: pa.Schema, columns: Sequence[Column]) -> pa.Schema:
    """The schema with each column's facts in its field's metadata, and no others.

    Args:
        schema: One field a column, in the same order.
        columns: The columns.
    """
    import pyarrow as pa

    fields = []
    for field, column in zip(schema, columns, strict=True):
        metadata = {key: value for key, value in (field.metadata or {}).items() if key != KEY}
        if column.generated is not None:
            metadata[KEY] = json.dumps(encode_generated(column.generated)).encode()
        fields.append(field.with_metadata(metadata or None))
    return pa.schema(fields)
