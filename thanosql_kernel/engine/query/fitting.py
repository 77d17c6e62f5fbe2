"""Rows as the columns of a table want them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from thanosql_kernel.catalog import Column, GeneratedColumn, Table
from thanosql_kernel.catalog.unknown import no_column
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.duck.raised import raising
from thanosql_kernel.engine.query.casts import exact_cast
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.errors import ModelError, Span
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.wording import films
from thanosql_kernel.wording.models import TS401
from thanosql_kernel.wording.values import TS301


def fitting_rows(
    rows: Relation,
    table: Table,
    duck: Duck,
    span: Span | None,
    *,
    targets: Sequence[str] | None = None,
    beside: int = 0,
) -> SqlRelation:
    """The rows with a table's columns, in its order and types: NULL where there is none.

    Args:
        rows: The rows.
        table: The table.
        duck: The connection for rows that need none.
        span: Where errors point.
        targets: The table's columns that the rows' go to, in order; those of the same names without it.
        beside: How many of the rows' first columns are none of the table's: they stand in front of its own then.

    Raises:
        UnknownName: TS202, the table lacks one of the columns.
        ModelError: TS401, vectors of other weights than the column's.

    A vector goes into a generated column only with the value that it was made of; any other is an error when read.
    """
    names = targets or rows.names
    texts = {column.name.lower() for column in table.columns if column.type == "VARCHAR"}
    rows = rows.as_written(
        [c.name for c, name in zip(rows.columns, names, strict=True) if name.lower() in texts]
    )
    given = [replace(column, name=name) for column, name in zip(rows.columns, names, strict=True)]
    _check_fits(given[beside:], table, span)
    came_as = {name.lower(): column.name.lower() for column, name in zip(rows.columns, names, strict=True)}
    if isinstance(rows, SqlRelation):
        duck, source = rows.duck, f"(\n{rows.own_types_sql()}\n)"
    else:
        source = duck.scratch_name()
        rows.register(duck, source)
    by_name = {column.name.lower(): column for column in given}
    guarded = _doubtful(table, by_name, came_as)
    items = [quote(column.name) for column in given[:beside]]
    items += [
        f"{_value(column, by_name.get(column.name.lower()), guarded)} AS {quote(column.name)}"
        for column in table.columns
    ]
    sql = f"SELECT {', '.join(items)} FROM {source} AS _q({', '.join(quote(c.name) for c in given)})"
    start = span.start if span else 0
    place = Place(" " * (span.end - span.start) if span else "", start, prefix=1 << 40)
    columns = [*given[:beside], *table.columns]
    return SqlRelation(duck, sql, columns, place=place, repeatable=True)


def _value(column: Column, given: Column | None, guarded: Collection[str]) -> str:
    if given is None:
        return f"CAST(NULL AS {column.type})"
    value = exact_cast(given.name, given.type, column.type)
    if column.generated is None or column.name not in guarded:
        return value
    made = column.generated
    error = raising(TS301.MADE_VECTORS, column=column.name, model=made.model, source=made.source)
    return f"CASE WHEN {quote(given.name)} IS NULL THEN NULL ELSE {error} END"


def _doubtful(table: Table, given: Mapping[str, Column], came_as: Mapping[str, str]) -> frozenset[str]:
    """The generated columns whose new vectors may not be what their model makes of the new rows' source column.

    Args:
        table: The table.
        given: The new rows' columns by the lower-case names of those that they go to.
        came_as: Their own lower-case names, by the same.
    """
    return frozenset(
        column.name
        for column in table.columns
        if column.generated and column.name.lower() in given
        if not _is_made_alike(table, column.generated, given[column.name.lower()].generated, came_as)
    )


def _is_made_alike(
    table: Table, mine: GeneratedColumn, theirs: GeneratedColumn | None, came_as: Mapping[str, str]
) -> bool:
    source = table.column(mine.source)
    if theirs is None or theirs.kind != mine.kind:
        return False
    return source is None or came_as.get(source.name.lower()) == theirs.source.lower()


def _check_fits(given: Sequence[Column], table: Table, span: Span | None) -> None:
    for column in given:
        target = table.column(column.name)
        if target is None:
            raise no_column(column.name, span, (item.name for item in table.columns), table.name)
        mine, theirs = target.generated, column.generated
        if mine and theirs and mine.weights.fingerprint != theirs.weights.fingerprint:
            weights = {"stored": mine.weights.name, "given": theirs.weights.name}
            message = TS401.OTHER_VECTORS(column=target.name, **weights)
            raise ModelError(message, span=span, hint=TS401.CONVERT_NEW(model=mine.model))
        if mine and theirs and mine.sampling != theirs.sampling:
            told = films.OTHER_FRAMES(column=target.name)
            raise ModelError(told, code="TS401", span=span, hint=TS401.CONVERT_NEW(model=mine.model))
        if mine and theirs and not mine.is_made_like(theirs):
            message = TS401.OTHER_VIEWS(column=target.name, stored=mine.views, given=theirs.views)
            raise ModelError(message, span=span, hint=TS401.CONVERT_NEW(model=mine.model))
