"""Changes of stored tables: rows added, removed and changed, each in one commit that overtakes nobody's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column, Table
from thanosql_kernel.engine.duck import Duck, SqlFailure
from thanosql_kernel.engine.names import check_column_name, quote
from thanosql_kernel.engine.provenance import with_generated
from thanosql_kernel.engine.query import Queries
from thanosql_kernel.engine.relation import Rows, StoredRows
from thanosql_kernel.engine.sql_errors import Place, failure_of, translate
from thanosql_kernel.engine.sql_rows import SqlRows
from thanosql_kernel.engine.storable import cast_batch, storable_schema
from thanosql_kernel.errors import (
    ModelError,
    Span,
    ThanoSQLError,
    TypeMismatch,
    UnknownName,
    did_you_mean,
)
from thanosql_kernel.sql.query import Query

if TYPE_CHECKING:
    import pyarrow as pa

_POSITION = "_thanosql_position"
_TARGET = "_u"


class Feed:
    """Rows on their way into a table: counts them, and remembers what went wrong in words the user knows.

    Lance turns an exception of the stream that it reads into one of its own; the first is kept here.

    Attributes:
        rows: How many have gone through.
        error: What went wrong first.
        advance: Told how many rows have gone through, batch by batch, from whatever thread writes them.
    """

    def __init__(
        self, schema: pa.Schema, batches: Iterator[pa.RecordBatch], check: Callable[[], None]
    ) -> None:
        self.rows = 0
        self.error: BaseException | None = None
        self.advance: Callable[[int], None] = lambda rows: None
        self._schema = schema
        self._batches = batches
        self._check = check

    def reader(self) -> pa.RecordBatchReader:
        """The stream to write."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(self._schema, self._generate())

    def _generate(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self._batches:
                self._check()
                self.rows += len(batch)
                self.advance(len(batch))
                yield batch
        except BaseException as error:
            self.error = error
            raise


def stored_feed(rows: Rows, check: Callable[[], None]) -> Feed:
    """Rows as they are stored in a new table: castable types cast, facts about vector columns in the schema."""
    source = rows.batches()
    schema = with_generated(storable_schema(source.schema), rows.columns)
    return Feed(schema, (cast_batch(batch, schema) for batch in source), check)


def appended_rows(rows: Rows, table: Table, duck: Duck, span: Span | None) -> SqlRows:
    """The rows with a table's columns, in its order and types: matched by name, NULL where there is none.

    Raises:
        UnknownName: TS202, the table lacks one of the columns.
        ModelError: TS401, vectors of other weights than the column's.
    """
    _check_fits(rows, table, span)
    if isinstance(rows, SqlRows):
        duck, source = rows.duck, f"(\n{rows.select_sql(None, None)}\n)"
    else:
        source = f"_a{duck.next_number()}"
        rows.register(duck, source)
    given = {column.name.lower(): column.name for column in rows.columns}
    items = [_cast_item(column, given.get(column.name.lower())) for column in table.columns]
    sql = f"SELECT {', '.join(items)} FROM {source}"
    start = span.start if span else 0
    place = Place(" " * (span.end - span.start) if span else "", start, prefix=1 << 40)
    return SqlRows(duck, sql, table.columns, place=place, steady=True)


def _cast_item(column: Column, given: str | None) -> str:
    value = quote(given) if given is not None else "NULL"
    return f"CAST({value} AS {column.type}) AS {quote(column.name)}"


def _check_fits(rows: Rows, table: Table, span: Span | None) -> None:
    for column in rows.columns:
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


def append_feed(rows: SqlRows, dataset: Any, check: Callable[[], None]) -> Feed:
    """Rows of `appended_rows` as the table stores them."""
    schema = dataset.schema
    return Feed(schema, (cast_batch(batch, schema) for batch in rows.batches()), check)


# -- UPDATE and DELETE ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Hits:
    """The rows that a condition holds for.

    Attributes:
        positions: int64 (k,), ascending.
        values: New values of the assigned columns (k rows), in order of ``positions``.
    """

    positions: NDArray[np.int64]
    values: pa.Table


def find_rows(
    queries: Queries, target: StoredRows, where: Query | None, assignments: Mapping[str, Query] | None = None
) -> Hits:
    """Which rows a condition holds for, and what expressions over them give.

    Raises:
        ThanoSQLError: The condition or an expression is not valid, with its place.
    """
    duck = queries.duck
    target.register(duck, f"{_TARGET}0")
    duck.create_view(_TARGET, f"SELECT row_number() OVER () - 1 AS {_POSITION}, * FROM {_TARGET}0")
    source = f"FROM {_TARGET} AS {quote(target.table.name)}"
    items = [_POSITION]
    pieces: list[Place] = []
    for name, expression in (assignments or {}).items():
        column = target.column(name)
        sql, place = _checked(queries, target, expression, source)
        items.append(f"CAST((\n{sql}\n) AS {column.type}) AS {quote(column.name)}")
        pieces.append(place)
    condition = ""
    if where is not None:
        sql, place = _checked(queries, target, where, source, condition=True)
        condition = f" WHERE (\n{sql}\n)"
        pieces.append(place)
    found = _run(duck, f"SELECT {', '.join(items)} {source}{condition}", pieces)
    found = found.sort_by(_POSITION)
    positions = found.column(_POSITION).to_numpy().astype(np.int64)
    return Hits(positions, found.drop_columns([_POSITION]))


def _checked(
    queries: Queries, target: StoredRows, expression: Query, source: str, *, condition: bool = False
) -> tuple[str, Place]:
    """An expression's SQL, known to be valid over the table's rows."""
    sql, sources = queries.prepare(expression)
    head = f"SELECT 1 {source} WHERE (\n" if condition else "SELECT (\n"
    tail = "\n)" if condition else f"\n) {source}"
    known = {target.table.name.lower(): target, **sources}
    place = queries.place(expression, sql, known, prefix=len(head.encode()))
    try:
        queries.duck.execute(f"{head}{sql}{tail} LIMIT 0")
    except SqlFailure as failure:
        raise queries.explained(translate(failure, place), place) from failure
    return sql, place


def _run(duck: Duck, sql: str, pieces: Sequence[Place]) -> pa.Table:
    try:
        return duck.table(sql)
    except SqlFailure as failure:
        data = sql.encode()
        for place in pieces:
            start = data.find(place.sql.encode())
            if failure.offset is not None and 0 <= failure.offset - start <= len(place.sql.encode()):
                raise translate(failure, replace(place, prefix=start)) from failure
        blamed = pieces[0] if pieces else Place("", 0)
        raise translate(SqlFailure(failure.kind, failure.message, None, 0), blamed) from failure


def without_rows(target: StoredRows, hits: Hits, check: Callable[[], None]) -> Feed:
    """The table without the rows found."""
    import pyarrow as pa

    def batches() -> Iterator[pa.RecordBatch]:
        for at, batch in _numbered(target):
            inside = _within(hits.positions, at, len(batch))
            keep = np.ones(len(batch), dtype=np.bool_)
            keep[hits.positions[inside] - at] = False
            yield batch.filter(pa.array(keep))

    return Feed(target.dataset.schema, batches(), check)


def with_values(target: StoredRows, hits: Hits, check: Callable[[], None]) -> Feed:
    """The table with new values in the rows found; every other value as it was.

    A generated column that gets other values than NULL is not what its model made any more: its facts are dropped.
    """
    values = hits.values.combine_chunks()
    columns = [_still_generated(column, values) for column in target.columns]
    schema = with_generated(target.dataset.schema, columns)

    def batches() -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for at, batch in _numbered(target):
            inside = _within(hits.positions, at, len(batch))
            choice = np.arange(len(batch))
            choice[hits.positions[inside] - at] = len(batch) + np.arange(inside.stop - inside.start)
            arrays = [
                _merged(batch.column(index), values, field, inside, choice)
                for index, field in enumerate(schema)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return Feed(schema, batches(), check)


def _merged(
    old: pa.Array, values: pa.Table, field: pa.Field, inside: slice, choice: NDArray[np.int64]
) -> pa.Array:
    """Old and new values of one column side by side, and of each row the one that is chosen."""
    import pyarrow as pa

    if field.name not in values.column_names or inside.start == inside.stop:
        return old
    new = values.column(field.name).slice(inside.start, inside.stop - inside.start).cast(field.type)
    return pa.concat_arrays([old, *new.chunks]).take(pa.array(choice))


def _still_generated(column: Column, values: pa.Table) -> Column:
    changed = column.name in values.column_names and values.column(column.name).null_count < len(values)
    return replace(column, generated=None) if changed else column


def _numbered(target: StoredRows) -> Iterator[tuple[int, pa.RecordBatch]]:
    at = 0
    for batch in target.batches():
        yield at, batch
        at += len(batch)


def _within(positions: NDArray[np.int64], at: int, size: int) -> slice:
    start, stop = np.searchsorted(positions, [at, at + size])
    return slice(int(start), int(stop))


# -- columns ------------------------------------------------------------------------------------------------------
def new_field(duck: Duck, table: Table, column: str, sql_type: str, span: Span | None) -> pa.Field:
    """The Arrow field of a column to be added.

    Raises:
        UnknownName: TS204 there is one of that name, TS206 it cannot be stored.
        TypeMismatch: TS300 there is no such type.
    """
    import pyarrow as pa

    check_free(table, column, span)
    try:
        schema = duck.table(f"SELECT CAST(NULL AS {sql_type}) AS value LIMIT 0").schema
    except SqlFailure as failure:
        hint = "types are e.g. VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP"
        raise TypeMismatch(f"there is no type {sql_type}", span=span, hint=hint) from failure
    return pa.field(column, storable_schema(schema).field(0).type)


def check_free(table: Table, column: str, span: Span | None) -> None:
    """Refuse a column name that is taken or cannot be stored."""
    check_column_name(column, span)
    taken = table.column(column)
    if taken is not None:
        raise UnknownName(f"{table.name} has a column {taken.name} already", code="TS204", span=span)


def existing_column(table: Table, column: str, span: Span | None) -> Column:
    """The column of that name.

    Raises:
        UnknownName: TS202.
    """
    found = table.column(column)
    if found is None:
        names = [item.name for item in table.columns]
        hint = did_you_mean(column, names, otherwise=f"its columns are {', '.join(names)}")
        raise UnknownName(f"{table.name} has no column {column}", code="TS202", span=span, hint=hint)
    return found


def write_error(error: Exception, feed: Feed) -> Exception:
    """What to raise when writing a feed failed: what the stream said, if it was the stream."""
    if feed.error is None or isinstance(error, ThanoSQLError):
        return error
    cause = feed.error
    if isinstance(cause, ThanoSQLError):
        return cause
    import pyarrow as pa

    if isinstance(cause, pa.ArrowInvalid | pa.ArrowNotImplementedError):
        return TypeMismatch(f"a value cannot be stored: {failure_of(cause).message}")
    return cause if isinstance(cause, Exception) else error
