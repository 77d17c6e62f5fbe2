"""What functions of rows have in common: the rows, given by a query or a file, and options that have to be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import ClassVar

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.computing import not_vectors, vector_length
from thanosql_kernel.statements.copy_options import MEDIA, TABLES
from thanosql_kernel.statements.foresight import Columns, Foresight
from thanosql_kernel.statements.function import Function
from thanosql_kernel.statements.options import Options
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.wording.functions_of_rows import TS103

#: Of a file nothing is said but where it is.
_UNTOLD = Options((), (*MEDIA, *TABLES))


class FunctionOfRows(Function):
    """A function of rows: ``FUNCTION name OPTIONS(…) AS query``, or ``FROM 'file'`` of those of a file."""

    #: The options that it cannot do without, and what is written for them in examples.
    required: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @property
    def rows_span(self) -> Span:
        """Where its rows are named."""
        given = self.query or self.path
        return given.span if given is not None else self.span

    @property
    def new_columns_span(self) -> Span:
        """What stands for its new columns."""
        return self.options.given_span("result_col") or Span(self.span.start, self.function.span.end)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Options that are missing, columns that hold no vectors."""
        yield from super().check(known)
        lacking = [name for name in self.required if self.options.assignment(name) is None]
        if lacking:
            options = ", ".join(f"{name}={self.required[name]}" for name in lacking)
            message = TS103.MISSING(function=self.function, name=lacking[0])
            yield ParseError(
                message, span=self.function.span, hint=TS103.WRITE_IT(options=f"OPTIONS({options})")
            )

    def row_columns(self, known: Foresight) -> Columns:
        """The columns of its rows."""
        if self.query is not None:
            return known.columns(self.query)
        return None if self.path is None else known.file_columns(self.path.text, _UNTOLD)

    def rows(self, runtime: Runtime) -> Relation:
        """Its rows."""
        if self.query is not None:
            return runtime.evaluate(self.query)
        assert self.path is not None
        return runtime.read_source(self.path.text, self.path.span, _UNTOLD)

    def vectors_problems(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A column of vectors that is known to hold something else."""
        column = self.named(self.row_columns(known), "emb_col")
        if column is not None and column.type and vector_length(column.type) is None:
            yield not_vectors(column, self.options.given_span("emb_col"))

    def named(self, columns: Columns, option: str) -> Column | None:
        """The column that an option names, if it is known."""
        name = self.options.text(option)
        return None if name is None else find_column(columns or (), name)
