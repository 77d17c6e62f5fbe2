"""What becomes of each of DuckDB's types: the only place that decides how its values travel and are kept.

A value is given as it is, or as the text that DuckDB shows for it, or refused with a message that names its type;
nothing is rounded and no time zone is left out. The first choice is made by SQL type, where a query's rows leave DuckDB
(`carried`), the second by Arrow type, where rows are stored (`storable_type`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from thanosql_kernel.duck.raised import raising
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.wording.values import TS301

if TYPE_CHECKING:
    import pyarrow as pa

_TEXT = "VARCHAR"
#: An integer of 128 bits has up to 39 digits, a decimal of Arrow's 38.
_HUGEINT = "DECIMAL(38,0)"
_LARGEST = "9" * 38
#: Types that Arrow has, by DuckDB's names for them. ENUM is a dictionary, UUID and JSON are text in Arrow.
_SAME = frozenset(
    "boolean tinyint smallint integer bigint utinyint usmallint uinteger ubigint float double decimal varchar blob "
    "uuid enum date time timestamp timestamp_s timestamp_ms timestamp_ns timestamptz_ns".split()
) | {"timestamp with time zone"}
#: Types whose text, read again, is the same value.
_READ_BACK = frozenset({"hugeint", "uhugeint", "bignum", "interval", "bit", "time_ns", "time with time zone"})
_SIMPLE = re.compile(
    r"(BOOLEAN|[US]?(TINY|SMALL|BIG)?INT|INTEGER|FLOAT|DOUBLE|VARCHAR|DATE|TIMESTAMP|BLOB)(\[\d*\])*"
)


def carried(name: str, sql_type: str) -> str:
    """The SQL that gives a column as Arrow can carry it to everybody, under its own name.

    Args:
        name: The column.
        sql_type: Its type as DuckDB writes it.
    """
    column = quote(name)
    wanted = carried_type(sql_type)
    if wanted == sql_type:
        return column
    value = f"CAST({column} AS {wanted})"
    if sql_type == "HUGEINT":
        too_large = raising(TS301.HUGEINT, column)
        fits = f"coalesce({column} BETWEEN -{_LARGEST} AND {_LARGEST}, true)"
        value = f"CASE WHEN {fits} THEN {value} ELSE {too_large} END"
    return f"{value} AS {column}"


@cache
def carried_type(sql_type: str) -> str:
    """The type that a column is cast to on its way out of DuckDB: its own, or one with text for what Arrow lacks."""
    if _SIMPLE.fullmatch(sql_type):
        return sql_type
    import duckdb

    try:
        kind = duckdb.sqltype(sql_type)
    except duckdb.Error:  # TUPLE, AGGREGATE_STATE: types that cannot be written in SQL
        return _TEXT
    return _written(kind) if _lacks(kind) else sql_type


def comes_back(sql_type: str) -> bool:
    """Whether Arrow's values of the type are of the same type again where DuckDB reads them, as far as is known."""
    return _SIMPLE.fullmatch(sql_type) is not None


def given_back(name: str, sql_type: str) -> str:
    """The SQL that gives a column that was `carried` its own type again, where its text says all of it."""
    column = quote(name)
    if carried_type(sql_type) == sql_type or not _is_told_by_text(sql_type):
        return column
    return f"CAST({column} AS {sql_type}) AS {column}"


@cache
def _is_told_by_text(sql_type: str) -> bool:
    import duckdb

    try:
        return _leaves(duckdb.sqltype(sql_type)) <= _SAME | _READ_BACK
    except duckdb.Error:
        return False


def _leaves(kind: Any) -> set[str]:
    if kind.id in _NESTED and kind.children:
        return set().union(*map(_leaves, _within(kind)))
    return {kind.id}


def _lacks(kind: Any) -> bool:
    """Whether Arrow lacks the type or one within it."""
    return any(map(_lacks, _within(kind))) if kind.id in _NESTED and kind.children else kind.id not in _SAME


def _within(kind: Any) -> list[Any]:
    children = dict(kind.children)
    children.pop("size", None)
    return list(children.values())


def _written(kind: Any) -> str:
    """The type in SQL, with text for the parts that Arrow lacks."""
    if not _lacks(kind):
        return str(kind)
    children = dict(kind.children) if kind.id in _NESTED else {}
    if kind.id == "hugeint":
        return _HUGEINT
    if kind.id == "list":
        return f"{_written(children['child'])}[]"
    if kind.id == "array":
        return f"{_written(children['child'])}[{children['size']}]"
    if kind.id == "map":
        return f"MAP({_written(children['key'])}, {_written(children['value'])})"
    if kind.id == "struct" and children:
        return f"STRUCT({', '.join(f'{quote(name)} {_written(child)}' for name, child in kind.children)})"
    return _TEXT


_NESTED = frozenset({"list", "array", "struct", "map"})


def storable_type(kind: pa.DataType) -> pa.DataType:
    """The type under which values of ``kind`` are stored: itself, or one of LanceDB's that holds the same values.

    Text views and dictionaries become plain text or values; intervals, unions and columns of nothing but NULL become
    text, as in `carried`; arrays of texts and lists, which LanceDB cannot write, become lists.
    """
    import pyarrow as pa

    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return storable_type(kind.storage_type)
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return storable_type(kind.value_type)
    if types.is_null(kind) or types.is_interval(kind) or types.is_union(kind):
        return pa.string()
    if types.is_string_view(kind) or types.is_large_string(kind):
        return pa.string()
    if types.is_binary_view(kind) or types.is_large_binary(kind):
        return pa.binary()
    return _storable_nested(kind)


def _storable_nested(kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    types = pa.types
    if types.is_fixed_size_list(kind):
        value = storable_type(kind.value_type)
        return pa.list_(value, kind.list_size if types.is_primitive(value) or types.is_decimal(value) else -1)
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
    return array.cast(kind)
