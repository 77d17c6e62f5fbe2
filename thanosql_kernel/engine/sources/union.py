"""The rows of several files as one table: columns by name, types that hold the values of all files exactly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.sources.duck_files import FileRelation, literal
from thanosql_kernel.engine.sources.reading import Reading, tell_missing
from thanosql_kernel.sql.identifiers import quote, unique_names
from thanosql_kernel.wording.tables import TS501

_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
#: Digits before the point that a type of whole numbers has.
_DIGITS = {
    "TINYINT": 3, "SMALLINT": 5, "INTEGER": 10, "BIGINT": 19, "HUGEINT": 38,
    "UTINYINT": 3, "USMALLINT": 5, "UINTEGER": 10, "UBIGINT": 20,
}  # fmt: skip
#: Each holds those before it exactly.
_CHAINS = (
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    ("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
    ("UTINYINT", "SMALLINT"),
    ("USMALLINT", "INTEGER"),
    ("UINTEGER", "BIGINT"),
    ("TINYINT", "SMALLINT", "FLOAT", "DOUBLE"),
    ("INTEGER", "DOUBLE"),
    ("UTINYINT", "USMALLINT", "UINTEGER", "DOUBLE"),
    ("DATE", "TIMESTAMP"),
)


class Part(NamedTuple):
    """The rows of one file, and what to call it."""

    name: str
    rows: Relation


def united(parts: Sequence[Part], reading: Reading) -> UnitedRelation:
    """The rows of all files, one file after the other; a column that a file lacks is NULL there, which is told.

    ``filename=True`` adds a column with the file of each row.

    Raises:
        DataError: TS501, a column whose types in two files have no common one that is exact.
    """
    if len(parts) > 1:
        tell_missing([(part.name, part.rows.names) for part in parts], reading.work.notice)
    return UnitedRelation(parts, _types(parts, reading), reading)


class UnitedRelation(FileRelation):
    """The rows of several files.

    Args:
        parts: The files.
        types: The types of all columns.
        reading: The COPY.
    """

    def __init__(self, parts: Sequence[Part], types: Mapping[str, str], reading: Reading) -> None:
        selects = [_select(part, types, reading) for part in parts]
        columns = [Column(name, kind) for name, kind in types.items()]
        if reading.options.flag("filename"):
            names = unique_names([*types, "filename"])
            columns.append(Column(names[-1], "VARCHAR"))
        super().__init__(reading.duck, "\nUNION ALL\n".join(selects), columns, reading, parts[0].name)


def _select(part: Part, types: Mapping[str, str], reading: Reading) -> str:
    own = {column.name.lower(): column for column in part.rows.columns}
    items = (
        f"CAST({quote(own[name.lower()].name) if name.lower() in own else 'NULL'} AS {kind}) AS {quote(name)}"
        for name, kind in types.items()
    )
    named = [literal(part.name)] if reading.options.flag("filename") else []
    return f"SELECT {', '.join([*items, *named])} FROM {_source(part.rows, reading)}"


def _source(rows: Relation, reading: Reading) -> str:
    if isinstance(rows, SqlRelation):
        return f"(\n{rows.own_types_sql()}\n)"
    name = reading.duck.scratch_name()
    rows.register(reading.duck, name)
    return name


def _types(parts: Sequence[Part], reading: Reading) -> dict[str, str]:
    """The type of each column, in the order in which the files name them."""
    found: dict[str, list[tuple[Part, Column]]] = {}
    for part in parts:
        for column in part.rows.columns:
            found.setdefault(column.name.lower(), []).append((part, column))
    return {holders[0][1].name: _type(holders, reading) for holders in found.values()}


def _type(holders: Sequence[tuple[Part, Column]], reading: Reading) -> str:
    by_type = {column.type: (part, column) for part, column in reversed(holders)}
    if len(by_type) == 1:
        return holders[0][1].type
    kind = widest(list(by_type))
    if kind is None and set(by_type) == {"BIGINT", "DOUBLE"} and _fits_double(holders, reading):
        kind = "DOUBLE"
    if kind is None:
        (part, column), (other, other_column) = list(by_type.values())[:2]
        raise reading.error(
            TS501.TYPES_DISAGREE(
                name=column.name,
                type=column.type,
                file=part.name,
                other=other_column.type,
                other_file=other.name,
            )
        )
    return kind


def _fits_double(holders: Sequence[tuple[Part, Column]], reading: Reading) -> bool:
    """Whether whole numbers are exact as doubles."""
    wholes = " UNION ALL ".join(
        f"SELECT {quote(column.name)} AS x FROM {_source(part.rows, reading)}"
        for part, column in holders
        if column.type == "BIGINT"
    )
    row = reading.duck.table(
        f"SELECT coalesce(max(abs(CAST(x AS HUGEINT))) <= {2**53}, true) FROM ({wholes})"
    )
    return bool(row.column(0)[0].as_py())


def widest(kinds: Sequence[str]) -> str | None:
    """The type among or above some that holds all of their values exactly; None if there is none."""
    for chain in _CHAINS:
        if set(kinds) <= set(chain):
            return max(kinds, key=chain.index)
    decimals = [_digits(kind) for kind in kinds]
    if all(decimals):
        whole, places = (max(pair[at] for pair in decimals if pair) for at in (0, 1))
        return f"DECIMAL({whole + places},{places})" if whole + places <= 38 else None
    return None


def _digits(kind: str) -> tuple[int, int] | None:
    """How many digits a type of exact numbers has before and behind the point."""
    if (found := _DECIMAL.fullmatch(kind)) is not None:
        return int(found[1]) - int(found[2]), int(found[2])
    return (_DIGITS[kind], 0) if kind in _DIGITS else None
