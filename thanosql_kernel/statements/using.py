"""``VERB USING model [OPTIONS(...)] AS query``: what the statements have in common that apply a model to rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.statement import Statement, Words


@dataclass(frozen=True)
class UsingModel(Statement):
    """A model, options and a query.

    Attributes:
        model: What is applied.
        given: The options.
        query: To which rows.
    """

    table_valued: ClassVar[bool] = True

    model: Name
    given: tuple[Assignment, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows USING."""
        start = cursor.start_of(words)
        model = cursor.name("model")
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words, model, given, query)
