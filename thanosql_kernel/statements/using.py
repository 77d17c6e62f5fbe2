"""``VERB USING model [OPTIONS(...)] AS query``: what the statements have in common that apply a model to rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from thanosql_kernel.catalog import EmbeddingKind
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import ThanoSQLError, UnknownName
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight, are_all
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


class EmbedsColumn(UsingModel):
    """Those that embed a column of the query's rows, named by the option ``{kind}_col`` or by its default."""

    @property
    def kind(self) -> EmbeddingKind:
        """What is embedded."""
        raise NotImplementedError

    @property
    def source(self) -> str:
        """The column that is embedded."""
        return self.options.text(f"{self.kind}_col") or ""

    def column_options(self) -> Iterator[str]:
        """The one with what is embedded."""
        yield f"{self.kind}_col"

    def check_unnamed_source(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A query without the column that nobody named."""
        if not known.has_database or self.options.given_span(f"{self.kind}_col") is not None:
            return
        columns = known.columns(self.query)
        if are_all(columns) and find_column(columns or (), self.source) is None:
            names = ", ".join(column.name for column in columns or ())
            yield UnknownName(
                f"the query has no column {self.source}",
                code="TS202",
                span=self.query.span,
                hint=f"name the column: OPTIONS({self.kind}_col='…'); there are {names}",
            )
