"""Rows as the columns of a table want them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from thanosql_kernel.catalog import Column, Table
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.engine.query.casts import exact_cast
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.errors import ModelError, Span, UnknownName, did_you_mean
from thanosql_kernel.sql.identifiers import quote


def fitting_rows(
    rows: Relation,
    table: Table,
    duck: Duck,
    span: Span | None,
    *,
    targets: Sequence[str] | None = None,
) -> SqlRelation:
    """The rows with a table's columns, in its order and types: NULL where there is none.

    Args:
        rows: The rows.
        table: The table.
        duck: The connection for rows that need none.
        span: Where errors point.
        targets: The table's columns that the rows' go to, in order; those of the same names without it.

    Raises:
        UnknownName: TS202, the table lacks one of the columns.
        ModelError: TS401, vectors of other weights than the column's.
    """
    names = targets or rows.names
    texts = {column.name.lower() for column in table.columns if column.type == "VARCHAR"}
    rows = rows.as_written(
        [c.name for c, name in zip(rows.columns, names, strict=True) if name.lower() in texts]
    )
    given = [replace(column, name=name) for column, name in zip(rows.columns, names, strict=True)]
    _check_fits(given, table, span)
    if isinstance(rows, SqlRelation):
        duck, source = rows.duck, f"(\n{rows.own_types_sql()}\n)"
    else:
        source = f"_a{duck.next_number()}"
        rows.register(duck, source)
    by_name = {column.name.lower(): column for column in given}
    items = [_cast_item(column, by_name.get(column.name.lower())) for column in table.columns]
    sql = f"SELECT {', '.join(items)} FROM {source} AS _q({', '.join(quote(c.name) for c in given)})"
    start = span.start if span else 0
    place = Place(" " * (span.end - span.start) if span else "", start, prefix=1 << 40)
    return SqlRelation(duck, sql, table.columns, place=place, repeatable=True)


def _cast_item(column: Column, given: Column | None) -> str:
    if given is None:
        return f"CAST(NULL AS {column.type}) AS {quote(column.name)}"
    return f"{exact_cast(given.name, given.type, column.type)} AS {quote(column.name)}"


def _check_fits(given: Sequence[Column], table: Table, span: Span | None) -> None:
    for column in given:
        target = table.column(column.name)
        if target is None:
            names = [item.name for item in table.columns]
            hint = did_you_mean(column.name, names, otherwise=f"its columns are {', '.join(names)}")
            raise UnknownName(f"{table.name} has no column {column.name}", code="TS202", span=span, hint=hint)
        mine, theirs = target.generated, column.generated
        if mine and theirs and mine.weights.fingerprint != theirs.weights.fingerprint:
            raise ModelError(
                f"column {target.name} holds vectors of {mine.weights.name}, not of {theirs.weights.name}",
                code="TS401",
                span=span,
                hint=f"run CONVERT USING {mine.model} over the new rows",
            )
