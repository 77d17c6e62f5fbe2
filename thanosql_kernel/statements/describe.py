"""DESCRIBE: the columns of a table, a view or a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import Column, GeneratedColumn
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query, is_result_name
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.film_options import with_frames
from thanosql_kernel.statements.foresight import Foresight, Makes, text_columns
from thanosql_kernel.statements.registry import find_head
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, statements
from thanosql_kernel.wording.viewed import with_views


@dataclass(frozen=True)
class Describe(Statement):
    """``DESCRIBE t | query``."""

    heads = (("DESCRIBE",), ("DESC",))
    syntax = "DESCRIBE table | view | query"
    help = statements.DESCRIBE
    example = "DESCRIBE photos"
    table_valued = True

    table: Name | None
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows DESCRIBE."""
        start = cursor.start_of(words)
        cursor.want("query")
        first, after = cursor.peek(), cursor.peek(1)
        if first is not None and (after is not None or not first.is_name) and _begins_query(cursor):
            return cls(cursor.span_from(start), words, None, cursor.query())
        if (past := cursor.at_version(is_query=True)) is not None:
            return cls(cursor.span_from(start), words, None, Query(cursor.source, past.span, (), (past,)))
        table = cursor.name("table or view", optional=first is not None and is_result_name(first.text))
        query = Query(cursor.source, table.span, (cursor.tokens[cursor.at - 1],))
        return cls(cursor.span_from(start), words, table, query)

    def evaluate(self, runtime: Runtime) -> Relation:
        """One row a column."""
        import pyarrow as pa

        columns = self._columns(runtime)
        made_by = [None if column.generated is None else _maker(column.generated) for column in columns]
        data = {
            "column_name": pa.array([column.name for column in columns], pa.string()),
            "type": pa.array([column.type for column in columns], pa.string()),
            "made_by": pa.array(made_by, pa.string()),
        }
        return runtime.rows(pa.table(data))

    def _columns(self, runtime: Runtime) -> tuple[Column, ...]:
        if self.table is not None and runtime.catalog.find_table(self.table.text) is not None:
            return runtime.catalog.table(self.table.text, self.table.span).columns
        return runtime.describe(self.query)

    def makes(self, known: Foresight) -> Makes:
        """Rows with always the same columns."""
        return Makes(known.catalog, lambda: text_columns("column_name", "type", "made_by"))


def _maker(made: GeneratedColumn) -> str:
    said = answers.MADE_BY(model=made.model, weights=made.weights.name, source=made.source)
    return with_frames(with_views(said, made.views), made.sampling)


def _begins_query(cursor: Cursor) -> bool:
    """Whether a query or a table-valued statement stands there, and not a name."""
    head = find_head(cursor.tokens[cursor.at : cursor.at + 4])
    is_other = head is not None and head.kind.table_valued and head.kind is not Describe
    return is_other or cursor.begins_query(cursor.at)
