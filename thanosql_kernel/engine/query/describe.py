"""The columns of queries, found out without running what is nested in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import are_all
from thanosql_kernel.statements.options import Options


class Descriptions(Queries):
    """Queries whose nested statements have columns and no rows; on a connection of their own.

    It knows what exists, so that nested statements are checked with it.
    """

    has_database = True

    def columns(self, query: Query) -> tuple[Column, ...]:
        """The columns of a query's rows.

        Raises:
            ThanoSQLError: It is not valid, with the place in the cell.
        """
        return self.evaluate(query).columns

    def file_columns(self, path: str, options: Options) -> None:
        """Queries read no files."""

    def nested_rows(self, statement: Any) -> Relation:
        """No rows, with the columns that the statement makes; one that cannot tell them beforehand runs."""
        statement.ensure(self)
        columns = statement.makes(self).columns
        if not are_all(columns) or not all(column.type for column in columns):
            columns = super().nested_rows(statement).columns
        return self._no_rows(columns)

    def _no_rows(self, columns: Sequence[Column]) -> SqlRelation:
        items = ", ".join(f"CAST(NULL AS {column.type}) AS {quote(column.name)}" for column in columns)
        sql = f"SELECT {items} LIMIT 0"
        return SqlRelation(self.duck, sql, columns, place=Place(sql, 0), repeatable=True)
