"""Columns of stored tables that are added, dropped, renamed and given another type, each in one commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Column, Table
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.engine.query.casts import exact_cast
from thanosql_kernel.engine.query.committing import Committing
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.expressions import Expression, Expressions, Rows, place_of
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.add_column import put_column
from thanosql_kernel.engine.store.arrow_types import cast_batch
from thanosql_kernel.engine.store.columns import check_free, existing_column, field_of
from thanosql_kernel.engine.store.provenance import before_add
from thanosql_kernel.engine.store.stream import new_table_stream
from thanosql_kernel.errors import ParseError, Span, TypeMismatch, UnknownName
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Target
from thanosql_kernel.wording import answers
from thanosql_kernel.wording.grammar import TS105
from thanosql_kernel.wording.names import TS206
from thanosql_kernel.wording.values import TS300

if TYPE_CHECKING:
    import pyarrow as pa


class ColumnChanges(Committing):
    """Changes of the columns of stored tables."""

    def add_column(
        self,
        name: str,
        column: str,
        sql_type: str,
        default: Query | None = None,
        span: Span | None = None,
    ) -> None:
        """Add a column of NULLs, or of a value that is computed for each row by itself."""
        tables = self._tables
        with tables.writing(tables.catalog.table(name, span).name, self._work.check) as storage:
            check_free(tables.catalog.table(name), column, span)
            field, known = field_of(self._queries.duck, column, sql_type, span)
            if default is None:
                tables.store.add_column(storage, field)
                tables.refresh()
            else:
                self._add_values(storage, name, field, known, default)

    def _add_values(self, storage: str, name: str, field: pa.Field, sql_type: str, default: Query) -> None:
        changed = before_add(self._tables.store.open(storage).schema, field.name)
        if changed:  # right by itself too: there is no column of that name
            self._tables.store.commit_fields(self._tables.store.open(storage), changed)
            self._tables.refresh()
        self._queries.forget(name)
        target = self._queries.table(name)
        parts = Expressions(self._queries, target, Target(name, default.span), [default])
        try:
            value = parts.value(default, f"(SELECT 1) AS {quote(next(parts.free))}", "DEFAULT")
        except UnknownName as error:
            hint = TS105.ADD_THEN_UPDATE(table=target.table.name, column=field.name)
            raise ParseError(TS105.DEFAULT_OF_COLUMNS(), span=error.span, hint=hint) from error
        values = f"SELECT (\n{value.sql}\n) AS {quote(field.name)} FROM range({target.count()})"
        self._put(target, field, _Values(parts, value, values, sql_type), None)

    def change_type(
        self,
        name: str,
        column: str,
        sql_type: str,
        using: Query | None = None,
        span: Span | None = None,
    ) -> None:
        """Give a column another type, and its values that of an expression."""
        tables = self._tables
        table = tables.catalog.table(name, span)
        with tables.writing(table.name, self._work.check):
            self._queries.forget(table.name)
            target = self._queries.table(table.name)
            found = existing_column(target.table, column, span)
            _check_made_of(target.table, found, span)
            field, wanted = field_of(self._queries.duck, found.name, sql_type, span)
            if using is None and target.dataset.schema.field(found.name).type == field.type:
                return
            self._put(target, field, self._retyped(target, found, wanted, using, span), found.name)

    def _retyped(
        self, target: StoredRelation, column: Column, wanted: str, using: Query | None, span: Span | None
    ) -> _Values:
        where = using.span if using is not None else span or Span(0, 0)
        parts = Expressions(self._queries, target, Target(target.table.name, where), [using])
        value = Expression(quote(column.name), place_of(where), None, column.type)
        if using is not None:
            value = parts.value(using, parts.empty_rows, "USING")
        position = next(parts.free)
        own = Rows(parts.name, target.columns, parts.numbered(position))
        rows = parts.of_rows([value] if using is not None else [], own)
        values = f"SELECT {rows.value(value)} AS {quote(column.name)} FROM {rows.source(0)}"
        return _Values(parts, value, f"{values} ORDER BY {rows.alias(0)}.{quote(position)}", wanted)

    def _put(self, target: StoredRelation, field: pa.Field, values: _Values, old: str | None) -> None:
        """Store the values of a column of a table whose lock is held."""
        kept = values.kept(field.name)
        is_nested = _is_nested(field.type) or (
            old is not None and _is_nested(target.dataset.schema.field(old).type)
        )
        if is_nested:
            self._rewrite(target, field.name, kept, values.type, old)
        else:
            self._put_column(target, field, _stored(kept, field, self._queries), old)
        self._tables.refresh()
        self._queries.forget(target.table.name)

    def _put_column(self, target: StoredRelation, field: pa.Field, column: pa.Array, old: str | None) -> None:
        with self._work.progress(answers.STORING(name=target.table.name), None, "rows") as bar:
            put_column(
                self._tables.store,
                target.dataset,
                field,
                column.slice,
                in_place_of=old,
                check=self._work.check,
                advance=bar.advance,
            )

    def _rewrite(self, target: StoredRelation, name: str, kept: str, sql_type: str, old: str | None) -> None:
        """Write the table anew: Lance keeps the parts of lists and structs in files beside one another."""
        new = Column(name, sql_type)
        columns = [new if column.name == old else column for column in target.columns]
        columns += [new] if old is None else []
        rows, duck = self._queries.duck.scratch_name(), self._queries.duck
        target.register(duck, rows)
        items = ", ".join(
            f"{'b' if column is new else 'a'}.{quote(column.name)} AS {quote(column.name)}"
            for column in columns
        )
        sql = f"SELECT {items} FROM {rows} AS a POSITIONAL JOIN {kept} AS b"
        relation = SqlRelation(duck, sql, columns, place=Place("", 0), repeatable=True)
        stream = new_table_stream(relation.batches(), columns, self._work.check)
        version = int(target.dataset.version)
        self._write(target.table.name, stream, mode="replace", read_version=version, span=None)

    def drop_column(self, name: str, column: str, span: Span | None = None) -> None:
        """Remove a column."""
        tables = self._tables
        with tables.writing(tables.catalog.table(name, span).name, self._work.check) as storage:
            table = tables.catalog.table(name)
            found = existing_column(table, column, span)
            if len(table.columns) == 1:
                hint = TS206.DROP_TABLE(table=table.name)
                raise UnknownName(TS206.ONLY_COLUMN(column=found.name), span=span, hint=hint)
            tables.store.drop_column(storage, found.name)
            tables.refresh()

    def rename_column(self, name: str, column: str, new_name: str, span: Span | None = None) -> None:
        """Give a column another name; its provenance goes with it."""
        tables = self._tables
        with tables.writing(tables.catalog.table(name, span).name, self._work.check) as storage:
            table = tables.catalog.table(name)
            found = existing_column(table, column, span)
            if found.name.lower() != new_name.lower():
                check_free(table, new_name, span)
            tables.store.rename_column(storage, found.name, new_name)
            tables.refresh()


@dataclass(frozen=True)
class _Values:
    """The values of a column, in the order of the table's rows.

    Attributes:
        parts: The statement's expressions.
        value: The one that gives them.
        sql: The query that does, under the column's name.
        type: The SQL type that they are to have.
    """

    parts: Expressions
    value: Expression
    sql: str
    type: str

    def kept(self, name: str) -> str:
        """The name of a table that keeps them, each in its type.

        Raises:
            TypeMismatch: TS301, one does not fit.
        """
        cast = exact_cast(name, self.value.type, self.type)
        sql = f"SELECT {cast} AS {quote(name)} FROM (\n{self.sql}\n)"
        return self.parts.keep(sql, place=self.value.place)


def _stored(kept: str, field: pa.Field, queries: Queries) -> pa.Array:
    """The values that a table of ours keeps, as they are stored."""
    import pyarrow as pa

    columns = queries.duck.describe(f"FROM {kept}")
    relation = SqlRelation(queries.duck, f"FROM {kept}", columns, place=Place("", 0), repeatable=True)
    schema = pa.schema([field])
    batches = [cast_batch(batch, schema) for batch in relation.fetch().combine_chunks().to_batches()]
    return pa.Table.from_batches(batches, schema).column(0).combine_chunks()


def _is_nested(kind: pa.DataType) -> bool:
    """Whether Lance keeps values of the type as several fields."""
    import pyarrow as pa

    is_vector = pa.types.is_fixed_size_list(kind) and pa.types.is_primitive(kind.value_type)
    return pa.types.is_nested(kind) and not is_vector


def _check_made_of(table: Table, column: Column, span: Span | None) -> None:
    """Refuse another type for what vectors were made of: nobody could tell whether they still are.

    Raises:
        TypeMismatch: TS300.
    """
    for other in table.columns:
        if other.generated is not None and other.generated.source.lower() == column.name.lower():
            hint = TS300.DROP_FIRST(table=table.name, column=other.name)
            raise TypeMismatch(TS300.MADE_OF(vectors=other.name, column=column.name), span=span, hint=hint)
