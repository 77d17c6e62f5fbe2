"""CONVERT: embed a column of pictures or texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self, cast

from thanosql_kernel.catalog import Catalog, Column, EmbeddingKind, GeneratedColumn, Model, Weights
from thanosql_kernel.errors import ModelError, ThanoSQLError, UnknownName, Unsupported, did_you_mean
from thanosql_kernel.models.spec import SPECS
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.parameters import literal_of
from thanosql_kernel.sql.query import Query, is_result_name
from thanosql_kernel.statements.foresight import Columns, Foresight, find_model, some, with_column, with_table
from thanosql_kernel.statements.options import RESULT_COL, TABLE_NAME, Option
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.runtime import EmbedReport, OnError, Relation, Runtime
from thanosql_kernel.statements.statement import Statement, plural


@dataclass(frozen=True)
class Convert(Statement):
    """``CONVERT USING model [OPTIONS(...)] AS query``."""

    heads = (("CONVERT", "USING"),)
    syntax = "CONVERT USING model [OPTIONS(image_col='image_path', table_name='t', …)] AS query"
    help = (
        "Embed a column of picture paths or texts; the rows get one vector column more, named {model}_{base} unless "
        "result_col says otherwise. Running it again embeds only what is new or changed."
    )
    example = (
        "CONVERT USING clip OPTIONS(image_col='image_path', table_name='photos') AS SELECT * FROM photos"
    )
    table_valued = True
    option_specs = (
        Option("image_col", "text", "column with the paths of pictures", default="image_path", role="column"),
        Option("text_col", "text", "column with texts", default="text", role="column"),
        Option("convert_type", "text", "what to embed", choices=("image", "text")),
        Option(
            "batch_size", "integer", "pictures a batch; results do not depend on it", default=16, minimum=1
        ),
        RESULT_COL,
        TABLE_NAME,
        Option(
            "on_error",
            "text",
            "what a picture that cannot be read does",
            default="null",
            choices=("null", "fail"),
        ),
        Option("audio_col", "text", "column with the paths of sounds", role="column"),
        Option("video_col", "text", "column with the paths of videos", role="column"),
    )

    model: Name
    given: tuple[Assignment, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read what follows CONVERT USING."""
        start = cursor.tokens[cursor.at - len(words)].start
        model = cursor.name("model")
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), model, given, query)

    @property
    def kind(self) -> EmbeddingKind:
        """What is embedded: texts if ``convert_type`` says so or only ``text_col`` is given, else pictures."""
        stated = self.options.text("convert_type")
        if stated is not None:
            return cast(EmbeddingKind, stated.lower())
        given = {item.name.lower() for item in self.given}
        return "text" if "text_col" in given and "image_col" not in given else "image"

    @property
    def source(self) -> str:
        """The column that is embedded."""
        return self.options.text(f"{self.kind}_col") or ""

    def result_column(self, model: Model) -> str:
        """Name of the vector column."""
        return self.options.text("result_col") or generated_name(self.model.text, model)

    def problems(self) -> Iterator[ThanoSQLError]:
        """Option errors; sounds and videos."""
        yield from super().problems()
        for name in ("audio_col", "video_col"):
            span = self.options.given_span(name)
            if span is not None:
                yield Unsupported(
                    f"{name} is not supported", span=span, hint="pictures and texts can be converted"
                )

    def run(self, runtime: Runtime) -> Result:
        """Embed and store, or add the column to the table the query names, or only show the rows."""
        plain = self.query.plain_table()
        stored_as = self.options.text("table_name")
        if stored_as is None and plain is not None:
            table = runtime.catalog.find_table(plain)
            stored_as = None if table is None else table.name
        rows, column = self._embed(runtime, stored_as)
        if stored_as is None:
            runtime.notice(f"column {column} is in this result only; OPTIONS(table_name='…') stores it")
        return runtime.preview(rows)

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows with the new column; stored too if ``table_name`` says so."""
        return self._embed(runtime, self.options.text("table_name"))[0]

    def _embed(self, runtime: Runtime, stored_as: str | None) -> tuple[Relation, str]:
        model = runtime.catalog.model(self.model.text, self.model.span)
        self._check_modality(model)
        rows = runtime.evaluate(self.query)
        self._check_source(rows)
        column = self.result_column(model)
        embedded, report = runtime.embed(
            rows,
            model=model,
            kind=self.kind,
            source=self.source,
            result=column,
            batch_size=self.options.integer("batch_size") or 16,
            on_error=cast(OnError, (self.options.text("on_error") or "null").lower()),
            span=self.options.given_span(f"{self.kind}_col") or self.span,
        )
        _tell(runtime, report, self.kind)
        if stored_as is not None:
            runtime.store(
                stored_as, embedded, if_exists="replace", span=self.options.given_span("table_name")
            )
            runtime.notice(f"column {column} stored in table {stored_as}")
        return embedded, column

    def _check_modality(self, model: Model) -> None:
        spec = SPECS[model.spec]
        if self.kind not in spec.modalities:
            raise ModelError(
                f"{model.name} cannot embed {self.kind}s",
                code="TS403",
                span=self.model.span,
                hint=f"it is {spec.summary}",
            )

    def _check_source(self, rows: Relation) -> None:
        names = [column.name for column in rows.columns]
        if self.source.lower() in (name.lower() for name in names):
            return
        option = f"{self.kind}_col"
        span = self.options.given_span(option)
        close = did_you_mean(self.source, names)
        columns = ", ".join(names)
        raise UnknownName(
            f"the query has no column {self.source}",
            code="TS202",
            span=span or self.query.span,
            hint=close
            if span is not None and close
            else f"name the column: OPTIONS({option}='…'); there are {columns}",
        )

    def output(self, known: Foresight) -> Columns:
        """The query's columns and the vector column."""
        model = find_model(known.catalog, self.model.text)
        columns = known.columns(self.query)
        if model is None:
            stated = self.options.text("result_col")
            return some(with_column(columns, Column(stated, "")) if stated else columns)
        spec = SPECS[model.spec]
        weights = Weights(spec.name, "", "")
        made = GeneratedColumn(self.model.text, spec.base, self.kind, self.source, weights, spec.dim)
        new = Column(self.result_column(model), f"FLOAT[{spec.dim}]", made)
        return with_column(columns, new)

    def effect(self, known: Foresight) -> Catalog:
        """The table it is stored as has the column."""
        stored_as = self.options.text("table_name") or self.query.plain_table()
        if (
            stored_as is not None
            and is_result_name(stored_as)
            and known.catalog.find_table(stored_as) is None
        ):
            return known.catalog
        return with_table(known.catalog, stored_as, self.output(known)) if stored_as else known.catalog


def generated_name(model_name: str, model: Model) -> str:
    """Name of the vector column that a model generates: ``{model}_{base}``."""
    return f"{model_name}_{SPECS[model.spec].base}"


def _tell(runtime: Runtime, report: EmbedReport, kind: EmbeddingKind) -> None:
    noun = "picture" if kind == "image" else "text"
    parts = [f"{plural(report.embedded, noun)} embedded"]
    if report.reused:
        parts.append(f"{report.reused:,} known from before")
    runtime.notice(", ".join(parts))
    if report.out_of_reach:
        files = "1 file could not be reached; its vector stays"
        if report.out_of_reach > 1:
            files = f"{report.out_of_reach:,} files could not be reached; their vectors stay"
        runtime.notice(files)
    if report.failed:
        stays = "stays" if report.failed == 1 else "stay"
        listed = "".join(f"\n  {path}: {reason}" for path, reason in report.failures)
        more = report.failed - len(report.failures)
        listed += f"\n  and {more:,} more" if more > 0 else ""
        runtime.notice(f"{plural(report.failed, noun)} could not be read and {stays} NULL:{listed}")


def conversion(column: Column, table: str | None, model: str | None = None) -> str:
    """The CONVERT that makes a vector column of a table anew, as what is known of the column says.

    Args:
        column: The column.
        table: Its table; None for a query's rows.
        model: The model, if not the one that made it.
    """
    made = column.generated
    kind, source = (made.kind, made.source) if made else ("image", "image_path")
    options = [f"{kind}_col={literal_of(source)}"] if source else []
    options.append(f"result_col={literal_of(column.name)}")
    rows = quote_if_needed(table) if table is not None else "…"
    name = model or (made.model if made else "…")
    return f"CONVERT USING {name} OPTIONS({', '.join(options)}) AS SELECT * FROM {rows}"
