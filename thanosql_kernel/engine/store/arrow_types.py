"""Arrow types that LanceDB cannot keep, and what is stored in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def storable_type(kind: pa.DataType) -> pa.DataType:
    """The type under which values of ``kind`` are stored: itself, or the nearest that LanceDB has.

    Text views, dictionaries and intervals become plain text or values; half-known types (``NULL``) become text.
    """
    import pyarrow as pa

    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return storable_type(kind.storage_type)
    if types.is_dictionary(kind):
        return storable_type(kind.value_type)
    if types.is_null(kind) or types.is_interval(kind) or types.is_union(kind):
        return pa.string()
    if types.is_string_view(kind) or types.is_large_string(kind):
        return pa.string()
    if types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)  # Python's datetime holds no more
    if types.is_binary_view(kind) or types.is_large_binary(kind):
        return pa.binary()
    if types.is_run_end_encoded(kind):
        return storable_type(kind.value_type)
    return _storable_nested(kind)


def _storable_nested(kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    types = pa.types
    if types.is_fixed_size_list(kind):
        return pa.list_(storable_type(kind.value_type), kind.list_size)
    if types.is_map(kind):
        return pa.map_(storable_type(kind.key_type), storable_type(kind.item_type))
    if types.is_list(kind) or types.is_large_list(kind) or types.is_list_view(kind):
        return pa.list_(storable_type(kind.value_type))
    if types.is_struct(kind):
        return pa.struct([pa.field(field.name, storable_type(field.type)) for field in kind])
    return kind


def storable_schema(schema: pa.Schema) -> pa.Schema:
    """The schema under which rows of ``schema`` are stored; every column may be NULL."""
    import pyarrow as pa

    return pa.schema(
        [pa.field(field.name, storable_type(field.type), metadata=field.metadata) for field in schema]
    )


def cast_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch as `storable_schema` wants it, column by column in order.

    Raises:
        pyarrow.ArrowInvalid: A value does not fit.
    """
    import pyarrow as pa

    arrays = [_cast(batch.column(index), field.type) for index, field in enumerate(schema)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if array.type == kind:
        return array
    if isinstance(array, pa.ExtensionArray):
        return _cast(array.storage, kind)
    if pa.types.is_dictionary(array.type):
        return _cast(array.dictionary_decode(), kind)
    if pa.types.is_interval(array.type) or pa.types.is_union(array.type):
        return pa.array([None if value is None else str(value) for value in array.to_pylist()], pa.string())
    return array.cast(kind, safe=not pa.types.is_timestamp(array.type))
