"""PREDICT: the label of each row, by a model that was trained on labels or one that compares with any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from thanosql_kernel.catalog import Catalog, Column, EmbeddingKind, Model, old_names
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, Unsupported
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.convert import cannot_embed, generated_name, tell_embedded
from thanosql_kernel.statements.foresight import (
    Added,
    Columns,
    Foresight,
    Makes,
    some,
    with_column,
    with_table,
)
from thanosql_kernel.statements.old_kinds import refused
from thanosql_kernel.statements.options import TABLE_NAME, Option
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.using import EmbedsColumn, source_problems
from thanosql_kernel.statements.vectors import Labels
from thanosql_kernel.wording import answers, editor, statements, training
from thanosql_kernel.wording.grammar import TS103
from thanosql_kernel.wording.refusals import TS600
from thanosql_kernel.wording.training import TS404

TEMPLATES: dict[EmbeddingKind, str] = {"image": "a photo of a {}", "text": "{}"}
"""What stands for a label unless the statement says otherwise."""
_GAP = "{}"


@dataclass(frozen=True)
class Predict(EmbedsColumn):
    """``PREDICT USING model OPTIONS(labels=[…], …) AS query``."""

    heads = (("PREDICT", "USING"),)
    syntax = "PREDICT USING model OPTIONS(labels=['cat', 'dog'], image_col='image_path', …) AS query"
    help = statements.PREDICT
    example = "PREDICT USING clip OPTIONS(labels=['cat', 'dog']) AS SELECT * FROM photos"
    option_specs = (
        Option("labels", "texts", statements.LABELS),
        Option("template", "text", statements.TEMPLATE),
        Option("top_k", "integer", statements.LABELS_A_ROW, default=1, minimum=1),
        Option("image_col", "text", statements.IMAGE_COL, default="image_path", role="column"),
        Option("text_col", "text", statements.TEXT_COL, default="text", role="column"),
        Option("batch_size", "integer", statements.BATCH_SIZE, default=16, minimum=1),
        Option("label_col", "text", training.NO_EFFECT),
        Option("input_size", "integer", training.NO_EFFECT),
        Option(
            "result_col",
            "text",
            statements.LABEL_COLUMN,
            default="predict_result",
            aliases=("column_name",),
            role="new column",
        ),
        TABLE_NAME,
    )

    @property
    def kind(self) -> EmbeddingKind:
        """What is compared: texts if ``text_col`` is given, else pictures."""
        return "text" if self.options.given_span("text_col") is not None else "image"

    @property
    def labels(self) -> tuple[str, ...]:
        """What rows may be."""
        given = self.options.value("labels")
        return tuple(map(str, given)) if isinstance(given, list) else (str(given),) if given else ()

    @property
    def template(self) -> str:
        """The text around a label."""
        return self.options.text("template") or TEMPLATES[self.kind]

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """No labels, which only a trained model needs none of; a template without a gap; a model that cannot."""
        if (model := self._trained(known.catalog)) is not None:
            yield from self._trained_problems(model, known)
            return
        if (error := self._other_kind(known.catalog)) is not None:
            yield error
            return
        if self.options.assignment("labels") is None and not known.has_database:
            yield from super().check(known)
            return
        if self.options.assignment("labels") is None:
            lists = [item.name_span for item in self.given if isinstance(item.value.value, list)]
            yield from (it for it in self.options.problems() if it.meant == "labels" and it.span in lists)
            hint = TS600.NAME_LABELS(model=self.model)
            yield Unsupported(TS600.NO_LABELS(model=self.model), span=self.model.span, hint=hint)
            return
        yield from super().check(known)
        yield from self._label_problems()
        if known.has_database:
            yield from self._model_problems(known.catalog.models.get(self.model.text))
        yield from self.check_source(known)

    def _trained(self, catalog: Catalog) -> Model | None:
        """The model, if it was trained on labels."""
        model = catalog.models.get(self.model.text)
        return model if model is not None and model.trained and model.trained.gives == "labels" else None

    def _other_kind(self, catalog: Catalog) -> ThanoSQLError | None:
        """The error for a model of a kind that is not run here."""
        if self.model.text in catalog.models or self.options.assignment("labels") is not None:
            return None
        return refused(self.model, [item.name for item in self.given])

    def _trained_problems(self, model: Model, known: Foresight) -> Iterator[ThanoSQLError]:
        yield from super().check(known)
        span = self.options.given_span("labels")
        if span is not None:
            yield ParseError(TS404.OWN_LABELS(model=model.name), span=span, hint=TS404.LEAVE_OUT())
        kind, source = self._trained_source(model, known.columns(self.query))
        if known.has_database:
            yield from source_problems(known, self.query, self.options, kind, source)

    def _trained_source(self, model: Model, columns: Columns) -> tuple[EmbeddingKind, str]:
        """The column that is looked at: the one named, else that of training where the rows have it, else the usual."""
        assert model.trained is not None
        kind = model.trained.kinds[0]
        named = self.options.assignment(f"{kind}_col") is not None
        trained_on = model.trained.source(kind)
        if not named and trained_on and (columns is None or find_column(columns, trained_on) is not None):
            return kind, trained_on
        return kind, self.options.text(f"{kind}_col") or ""

    def _label_problems(self) -> Iterator[ThanoSQLError]:
        if not all(label.strip() for label in self.labels) or not self.labels:
            span = self.options.given_span("labels")
            yield ParseError(TS103.EMPTY_LABEL(), span=span)
        if _GAP not in self.template:
            span = self.options.given_span("template")
            yield ParseError(TS103.NO_PLACE_FOR_LABEL(), span=span, hint=TS103.WRITE_LABEL_PLACE())

    def _model_problems(self, model: Model | None) -> Iterator[ThanoSQLError]:
        kinds: tuple[EmbeddingKind, ...] = (self.kind, "text")
        modalities = spec_of(model).modalities if model is not None else kinds
        lacking = next((kind for kind in kinds if kind not in modalities), None)
        if model is not None and lacking is not None:
            yield cannot_embed(model, lacking, self.model.span)

    # -- what it makes -------------------------------------------------------------------------------------------
    def result_columns(self) -> tuple[Column, Column]:
        """The columns of labels and of their cosines; lists where a row gets several."""
        name, many = self.options.text("result_col") or "", "[]" if (self._top_k or 1) > 1 else ""
        score = f"{name.removesuffix('_result')}_score"
        return Column(name, f"VARCHAR{many}"), Column(score, f"FLOAT{many}")

    @property
    def _top_k(self) -> int | None:
        return self.options.integer("top_k")

    def makes(self, known: Foresight) -> Makes:
        """The rows with their labels, and the table they are stored as, if they are."""
        added = tuple(self._added(known.catalog))
        columns = cache(partial(self._columns, known, added))
        stored_as = self.options.text("table_name")
        catalog = with_table(known.catalog, stored_as, columns()) if stored_as else known.catalog
        return Makes(catalog, columns, added, self._gets(known.catalog), partial(self._compared, known))

    def _gets(self, catalog: Catalog) -> str:
        """What rows get, for people."""
        return str(training.GETS_LABEL() if self._trained(catalog) is not None else editor.GETS_LABELS())

    def called_before(self, catalog: Catalog) -> Iterator[tuple[str, old_names.Names]]:
        """The labels."""
        yield self.options.text("result_col") or "", old_names.LABELS

    def _added(self, catalog: Catalog) -> Iterator[Added]:
        span = self.options.given_span("result_col") or Span(self.span.start, self.model.span.end)
        model = self._trained(catalog)
        if model is not None and model.trained is not None:
            yield Added(Column(self.result_columns()[0].name, model.trained.label_type), span)
        elif self.labels:
            yield from (Added(column, span) for column in self.result_columns())

    def _columns(self, known: Foresight, added: tuple[Added, ...]) -> Columns:
        columns = known.columns(self.query)
        for new in added:
            columns = with_column(columns, new.column)
        return columns if added else some(columns)

    def _compared(self, known: Foresight) -> Column | None:
        columns = known.columns(self.query) or ()
        return self._vectors(columns, known.catalog) or find_column(columns, self.source)

    def _vectors(self, columns: tuple[Column, ...], catalog: Catalog) -> Column | None:
        """The column that holds what the model has made of the source already."""
        model = catalog.models.get(self.model.text)
        found = find_column(columns, generated_name(self.model.text, model)) if model is not None else None
        made = found.generated if found is not None else None
        fits = made is not None and made.kind == self.kind and made.source.lower() == self.source.lower()
        return found if fits else None

    # -- what it does --------------------------------------------------------------------------------------------
    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows with their labels; stored too if ``table_name`` says so."""
        model = runtime.catalog.model(self.model.text, self.model.span)
        rows = runtime.evaluate(self.query)
        if self._trained(runtime.catalog) is not None:
            return self._stored(runtime, self._labelled(runtime, rows, model))
        embedded, column = self._embedded(runtime, rows, model)
        label, score = self.result_columns()
        prompts = tuple(self.template.replace(_GAP, text) for text in self.labels)
        labels = Labels(
            self.labels, prompts, self._top_k or 1, self.options.given_span("labels") or self.span
        )
        found = runtime.classify(
            rows, embedded, model=model, column=column, labels=labels, results=(label.name, score.name)
        )
        return self._stored(runtime, found)

    def _stored(self, runtime: Runtime, found: Relation) -> Relation:
        """The rows, stored if ``table_name`` says so."""
        stored_as = self.options.text("table_name")
        if stored_as is not None:
            span = self.options.given_span("table_name")
            runtime.changes.store(stored_as, found, if_exists="replace", span=span)
            runtime.notice(answers.STORED_AS(table=stored_as))
        return found

    def _labelled(self, runtime: Runtime, rows: Relation, model: Model) -> Relation:
        """The rows with the labels that the model was trained to tell."""
        _, source = self._trained_source(model, rows.columns)
        result = self.result_columns()[0].name
        return runtime.labelled(rows, model=model, source=source, result=result)

    def _embedded(self, runtime: Runtime, rows: Relation, model: Model) -> tuple[Relation, str]:
        """The rows with vectors of the source: those that are there, else new ones."""
        there = self._vectors(rows.columns, runtime.catalog)
        if there is not None:
            return rows, there.name
        name = generated_name(self.model.text, model)
        embedded, report = runtime.embed(
            rows,
            model=model,
            kind=self.kind,
            source=self.source,
            result=name,
            batch_size=self.options.integer("batch_size") or 16,
            span=self.options.given_span(f"{self.kind}_col") or self.span,
        )
        tell_embedded(runtime, report, self.kind)
        return embedded, name
