"""FUNCTION compute.groupby_emb_mean: what the vectors of each label have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType

from thanosql_kernel.catalog import Column
from thanosql_kernel.errors import ParseError, ThanoSQLError
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.computed import FunctionOfRows
from thanosql_kernel.statements.computing import not_vectors, vector_length
from thanosql_kernel.statements.foresight import Added, Columns, Foresight, Makes
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.wording import functions_of_rows as said
from thanosql_kernel.wording.grammar import TS104


@dataclass(frozen=True)
class GroupMeans(FunctionOfRows):
    """``FUNCTION compute.groupby_emb_mean OPTIONS(label_col=…, emb_col=…) AS query``."""

    called = ("compute.groupby_emb_mean", "compute.groupby_mean")
    syntax = (
        "FUNCTION compute.groupby_emb_mean OPTIONS(label_col='label', emb_col='convert_result', …) AS query"
    )
    help = said.GROUP_MEANS
    example = (
        "FUNCTION compute.groupby_emb_mean OPTIONS(label_col='label', emb_col='mini_clipmini') "
        "AS SELECT * FROM photos"
    )
    required = MappingProxyType({"label_col": "'label'", "emb_col": "'convert_result'"})
    option_specs = (
        Option("label_col", "text", said.LABEL_COL, role="column"),
        Option("emb_col", "text", said.EMB_COL, role="column"),
        Option(
            "result_col",
            "text",
            said.MEAN_COL,
            default="emb_mean_result",
            aliases=("column_name",),
            role="new column",
        ),
    )

    @property
    def result(self) -> str:
        """The name of the column of means."""
        return self.options.text("result_col") or ""

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A column that holds no vectors, and means that are called as the labels are."""
        yield from super().check(known)
        yield from self.vectors_problems(known)
        label = self.options.text("label_col")
        if label is not None and label.lower() == self.result.lower():
            yield ParseError(TS104.NAMED_TWICE(name=label), span=self.options.given_span("result_col"))

    def makes(self, known: Foresight) -> Makes:
        """A label and a mean a row."""
        columns = cache(partial(self._columns, known))
        mean = Column(self.result, self._mean_type(self.row_columns(known)))
        reads = partial(self._read, known)
        return Makes(known.catalog, columns, (Added(mean, self.new_columns_span),), said.GETS_MEANS(), reads)

    def _read(self, known: Foresight) -> Column | None:
        return self.named(self.row_columns(known), "emb_col")

    def _columns(self, known: Foresight) -> Columns:
        columns, name = self.row_columns(known), self.options.text("label_col")
        label = self.named(columns, "label_col") or (Column(name, "") if name else None)
        mean = Column(self.result, self._mean_type(columns))
        return None if label is None else (Column(label.name, label.type), mean)

    def _mean_type(self, columns: Columns) -> str:
        vectors = self.named(columns, "emb_col")
        length = None if vectors is None else vector_length(vectors.type)
        return f"FLOAT[{length or ''}]"

    def evaluate(self, runtime: Runtime) -> Relation:
        """A label and a mean a row."""
        rows, span = self.rows(runtime), self.options.given_span("emb_col")
        vectors, label = self.options.text("emb_col") or "", self.options.text("label_col") or ""
        column = self.named(rows.columns, "emb_col")
        if column is not None and vector_length(column.type) is None:
            raise not_vectors(column, span)
        return runtime.group_means(rows, label=label, vectors=vectors, result=self.result, span=span)
