"""FUNCTION compute.similarity: rows get the labels of the most similar rows of another table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType

from thanosql_kernel.catalog import Catalog, Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.catalog.unknown import no_column, no_table
from thanosql_kernel.errors import ParseError, ThanoSQLError
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.computed import FunctionOfRows
from thanosql_kernel.statements.computing import Labelled, incomparable, not_vectors, vector_length
from thanosql_kernel.statements.foresight import Added, Columns, Foresight, Makes, are_all, with_column
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.wording import functions_of_rows as said
from thanosql_kernel.wording.grammar import TS104


@dataclass(frozen=True)
class NearestLabels(FunctionOfRows):
    """``FUNCTION compute.similarity OPTIONS(emb_col=…, src_table=…, src_emb_col=…, src_label_col=…) AS query``."""

    called = ("compute.similarity", "compute.similarities")
    syntax = (
        "FUNCTION compute.similarity OPTIONS(emb_col='convert_result', src_table='t', "
        "src_emb_col='emb_mean_result', src_label_col='label', top_k=1, …) AS query"
    )
    help = said.SIMILARITY
    example = (
        "FUNCTION compute.similarity OPTIONS(emb_col='mini_clipmini', src_table='photos', "
        "src_emb_col='mini_clipmini', src_label_col='label', top_k=3) AS SELECT * FROM photos"
    )
    required = MappingProxyType(
        {
            "emb_col": "'convert_result'",
            "src_table": "'t'",
            "src_emb_col": "'convert_result'",
            "src_label_col": "'label'",
        }
    )
    option_specs = (
        Option("emb_col", "text", said.ROWS_EMB_COL, aliases=("target_emb_col",), role="column"),
        Option("src_table", "text", said.SRC_TABLE, role="table"),
        Option("src_emb_col", "text", said.SRC_EMB_COL, role="column", of="src_table"),
        Option("src_label_col", "text", said.SRC_LABEL_COL, role="column", of="src_table"),
        Option("top_k", "integer", said.LABELS_A_ROW, default=1, minimum=1, aliases=("topk",)),
        Option(
            "result_col",
            "text",
            said.NEAREST_COL,
            default="similarity_result",
            aliases=("column_name",),
            role="new column",
        ),
    )

    @property
    def results(self) -> tuple[str, str]:
        """The names of the columns of labels and of cosines."""
        name = self.options.text("result_col") or ""
        return name, f"{name.removesuffix('_result')}_score"

    @property
    def among(self) -> Labelled:
        """The rows that are looked in."""
        table, vectors, label = (
            self.options.text(name) or "" for name in ("src_table", "src_emb_col", "src_label_col")
        )
        return Labelled(table, vectors, label, self.options.given_span("src_emb_col"))

    # -- what can be wrong -----------------------------------------------------------------------------------
    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """No such table or columns of it, columns without vectors, vectors that cannot be compared."""
        yield from super().check(known)
        yield from self.vectors_problems(known)
        if self.results[0].lower() == self.results[1].lower():
            yield ParseError(
                TS104.NAMED_TWICE(name=self.results[1]), span=self.options.given_span("result_col")
            )
        if known.has_database and self.options.text("src_table") is not None:
            yield from self._source_problems(known)

    def _source_problems(self, known: Foresight) -> Iterator[ThanoSQLError]:
        found = known.catalog.find(self.among.table)
        if found is None:
            yield no_table(self.among.table, self.options.given_span("src_table"), known.catalog.readable)
            return
        if not found.columns or not are_all(found.columns):
            return
        for option in ("src_emb_col", "src_label_col"):
            name, span = self.options.text(option), self.options.given_span(option)
            if name is not None and found.column(name) is None:
                yield no_column(name, span, [column.name for column in found.columns], found.name)
        vectors = self.named(found.columns, "src_emb_col")
        if vectors is not None:
            yield from self._vector_problems(self.named(self.row_columns(known), "emb_col"), vectors)

    def _vector_problems(self, ours: Column | None, theirs: Column) -> Iterator[ThanoSQLError]:
        """What the types and origins of two columns of vectors say against comparing them."""
        if theirs.type and vector_length(theirs.type) is None:
            yield not_vectors(theirs, self.among.span)
        elif ours is not None:
            yield from incomparable(ours, theirs, self.among)

    # -- what it makes ---------------------------------------------------------------------------------------
    def makes(self, known: Foresight) -> Makes:
        """The rows with labels and cosines."""
        added = tuple(self._added(known.catalog))
        columns = cache(partial(self._columns, known, added))
        reads = partial(self._read, known)
        return Makes(known.catalog, columns, added, said.GETS_NEAREST(), reads)

    def _read(self, known: Foresight) -> Column | None:
        return self.named(self.row_columns(known), "emb_col")

    def _added(self, catalog: Catalog) -> Iterator[Added]:
        found, many = catalog.find(self.among.table), "[]" if self._top_k > 1 else ""
        label = find_column(found.columns, self.among.label) if found is not None else None
        kind = f"{label.type}{many}" if label is not None and label.type else ""
        yield Added(Column(self.results[0], kind), self.new_columns_span)
        yield Added(Column(self.results[1], f"FLOAT{many}"), self.new_columns_span)

    def _columns(self, known: Foresight, added: tuple[Added, ...]) -> Columns:
        columns = self.row_columns(known)
        for new in added:
            columns = with_column(columns, new.column)
        return columns

    @property
    def _top_k(self) -> int:
        return self.options.integer("top_k") or 1

    # -- what it does ----------------------------------------------------------------------------------------
    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows with labels and cosines."""
        rows, span = self.rows(runtime), self.options.given_span("emb_col")
        column = self.named(rows.columns, "emb_col")
        if column is not None and vector_length(column.type) is None:
            raise not_vectors(column, span)
        vectors = self.options.text("emb_col") or ""
        return runtime.nearest(
            rows, vectors=vectors, among=self.among, top_k=self._top_k, results=self.results, span=span
        )
