"""Where columns come from, in the metadata of their Arrow fields: which weights made vectors and similarities, which
folders paths were copied from. Copies of a column keep the first; only the table itself keeps the second."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog import Column, GeneratedColumn, Similarity
from thanosql_kernel.catalog.model import Folder
from thanosql_kernel.catalog.store import (
    decode_folders,
    decode_generated,
    decode_similarity,
    encode_folders,
    encode_generated,
    encode_similarity,
)

if TYPE_CHECKING:
    import pyarrow as pa

KEY = b"thanosql.generated"
SIMILARITY_KEY = b"thanosql.similarity"
FOLDERS_KEY = b"thanosql.folders"
_KEYS = (KEY, SIMILARITY_KEY, FOLDERS_KEY)


def generated_of(field: pa.Field) -> GeneratedColumn | None:
    """The facts in a field's metadata; None if there are none that can be read."""
    try:
        return decode_generated(json.loads((field.metadata or {})[KEY]))
    except (KeyError, TypeError, ValueError):
        return None


def similarity_of(field: pa.Field) -> Similarity | None:
    """What a field's cosines compare, by its metadata; None if that does not say it."""
    try:
        return decode_similarity(json.loads((field.metadata or {})[SIMILARITY_KEY]))
    except (KeyError, TypeError, ValueError):
        return None


def folders_of(schema: pa.Schema) -> tuple[Folder, ...]:
    """The folders that a table's rows were copied from, as its columns of paths say."""
    found: dict[str, Folder] = {}
    for field in schema:
        with suppress(KeyError, TypeError, ValueError):
            of_field = decode_folders(json.loads((field.metadata or {})[FOLDERS_KEY]))
            found.update((folder.path, folder) for folder in of_field)
    return tuple(found.values())


def with_folders(field: pa.Field, folders: Sequence[Folder]) -> pa.Field:
    """A column of paths that says which folders they were copied from."""
    written = json.dumps(encode_folders(folders), ensure_ascii=False).encode()
    return field.with_metadata({**(field.metadata or {}), FOLDERS_KEY: written})


def with_generated(schema: pa.Schema, columns: Sequence[Column]) -> pa.Schema:
    """The schema with each column's facts in its field's metadata, and no others.

    Args:
        schema: One field a column, in the same order.
        columns: The columns.
    """
    import pyarrow as pa

    fields = []
    for field, column in zip(schema, columns, strict=True):
        others = {k: v for k, v in (field.metadata or {}).items() if k not in _KEYS}
        fields.append(field.with_metadata({**others, **_metadata(column)} or None))
    return pa.schema(fields)


def _metadata(column: Column) -> dict[bytes, bytes]:
    facts: dict[bytes, Any] = {}
    if column.generated is not None:
        facts[KEY] = encode_generated(column.generated)
    if column.similarity is not None:
        facts[SIMILARITY_KEY] = encode_similarity(column.similarity)
    return {key: json.dumps(data).encode() for key, data in facts.items()}


def without_generated(field: pa.Field) -> pa.Field:
    """The field as one that nobody knows to be generated."""
    metadata = {key: value for key, value in (field.metadata or {}).items() if key != KEY}
    return field.with_metadata(metadata or None)


# -- columns that others were made of ------------------------------------------------------------------------
def after_rename(schema: pa.Schema, column: str, new_name: str) -> dict[str, pa.Field]:
    """The fields that change when a column gets another name: itself, and those that were made of it.

    What was made of a column of the new name, which is gone, was not made of this one.
    """
    field = schema.field(column).with_name(new_name)
    others = [item for item in schema if item.name != column]
    changed = {**_made_of(others, new_name, ""), **_made_of(others, column, new_name)}
    return {**changed, column: field}


def after_drop(schema: pa.Schema, column: str) -> dict[str, pa.Field | None]:
    """The fields that change when a column goes: itself, and those that were made of it."""
    return {**_made_of([item for item in schema if item.name != column], column, ""), column: None}


def before_add(schema: pa.Schema, column: str) -> dict[str, pa.Field]:
    """The fields that change before a column is added: what was made of one of its name was not made of it."""
    return _made_of(list(schema), column, "")


def _made_of(fields: Sequence[pa.Field], column: str, new_name: str) -> dict[str, pa.Field]:
    """The fields that were made of a column, with another name for it."""
    found = {}
    for field in fields:
        facts = generated_of(field)
        if facts is not None and facts.source.lower() == column.lower():
            written = json.dumps(encode_generated(replace(facts, source=new_name))).encode()
            found[field.name] = field.with_metadata({**field.metadata, KEY: written})
    return found
