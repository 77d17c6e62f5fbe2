"""EVALUATE USING: how well a model does on rows that say what is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from thanosql_kernel.catalog import Catalog, Column, EmbeddingKind, Model
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import ParseError, ThanoSQLError, UnknownName, nearest
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.convert import cannot_embed
from thanosql_kernel.statements.foresight import Columns, Foresight, Makes, are_all
from thanosql_kernel.statements.old_kinds import refused
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.predict import TEMPLATES
from thanosql_kernel.statements.results import Matrix, Result
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.training import Judged, label_problems
from thanosql_kernel.statements.using import UsingModel, source_problems
from thanosql_kernel.wording import counted, statements, training
from thanosql_kernel.wording.names import TS202
from thanosql_kernel.wording.training import TS404

SHOWN_LABELS = 15
_RANKS = (1, 5, 10)


@dataclass(frozen=True)
class Evaluate(UsingModel):
    """``EVALUATE USING model [OPTIONS(...)] AS query``."""

    heads = (("EVALUATE", "USING"),)
    syntax = "EVALUATE USING model OPTIONS(label_col='label', image_col='image_path', …) AS query"
    help = training.EVALUATE
    example = "EVALUATE USING clip OPTIONS(label_col='label') AS SELECT * FROM photos"
    option_specs = (
        Option("label_col", "text", training.LABEL_COL, default="label", aliases=("label",), role="column"),
        Option("image_col", "text", statements.IMAGE_COL, default="image_path", role="column"),
        Option("text_col", "text", statements.TEXT_COL, default="text", role="column"),
        Option("labels", "texts", training.LABELS_TO_CHOOSE),
        Option("template", "text", statements.TEMPLATE),
        Option("batch_size", "integer", training.NO_EFFECT, minimum=1),
    )

    # -- what it comes to ------------------------------------------------------------------------------------
    @property
    def is_retrieval(self) -> bool:
        """Whether texts and their pictures are given: the order of pictures is measured."""
        return all(self.options.assignment(name) is not None for name in ("image_col", "text_col"))

    def _kind(self, model: Model) -> EmbeddingKind:
        if model.trained is not None and model.trained.gives == "labels":
            return model.trained.kinds[0]
        return "text" if self.options.assignment("text_col") is not None else "image"

    def _source(self, model: Model, columns: Columns) -> str:
        kind = self._kind(model)
        trained_on = model.trained.source(kind) if model.trained is not None else None
        named = self.options.assignment(f"{kind}_col") is not None
        if trained_on and not named and (columns is None or find_column(columns, trained_on) is not None):
            return trained_on
        return self.options.text(f"{kind}_col") or ""

    def _label_col(self, model: Model) -> str:
        earlier = model.trained.label_col if model.trained is not None else ""
        named = self.options.assignment("label_col") is not None
        return (earlier if earlier and not named else self.options.text("label_col")) or ""

    # -- what can be wrong -----------------------------------------------------------------------------------
    def column_options(self) -> Iterator[str]:
        """None that `check` does not look at itself."""
        yield from ()

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A kind of model that is not run here, one that cannot do it, columns that there are not."""
        model = known.catalog.models.get(self.model.text)
        if model is None and (error := refused(self.model, [item.name for item in self.given])):
            yield error
            return
        yield from super().check(known)
        if model is None or not known.has_database:
            return
        yield from self._model_problems(model)
        if self.is_retrieval:
            kinds: tuple[EmbeddingKind, ...] = ("image", "text")
            for kind in kinds:
                source = self.options.text(f"{kind}_col") or ""
                yield from source_problems(known, self.query, self.options, kind, source)
            return
        kind, columns = self._kind(model), known.columns(self.query)
        yield from source_problems(known, self.query, self.options, kind, self._source(model, columns))
        yield from self._label_problems(model, columns)

    def _model_problems(self, model: Model) -> Iterator[ThanoSQLError]:
        gives_labels = model.trained is not None and model.trained.gives == "labels"
        span = self.options.given_span("labels")
        if gives_labels and span is not None:
            yield ParseError(TS404.OWN_LABELS(model=model.name), span=span, hint=TS404.LEAVE_OUT())
        if not gives_labels:
            wanted = ("image", "text") if self.is_retrieval else (self._kind(model), "text")
            lacking = next((kind for kind in wanted if kind not in spec_of(model).modalities), None)
            if lacking is not None:
                yield cannot_embed(model, lacking, self.model.span)

    def _label_problems(self, model: Model, columns: Columns) -> Iterator[ThanoSQLError]:
        name, span = self._label_col(model), self.options.given_span("label_col")
        if are_all(columns) and find_column(columns or (), name) is None:
            names = [column.name for column in columns or ()]
            hint = TS202.NAME_THE_COLUMN(option="label_col", names=", ".join(names))
            where = span or self.query.span
            yield UnknownName(
                TS202.NOT_IN_QUERY(column=name), span=where, hint=hint, meant=nearest(name, names)
            )
        elif (column := find_column(columns or (), name)) is not None:
            trained = model.trained if model.trained and model.trained.gives == "labels" else None
            yield from label_problems(column, trained, model.name, span or self.query.span)

    # -- what it makes and does ------------------------------------------------------------------------------
    def makes(self, known: Foresight) -> Makes:
        """A row a figure."""
        columns = (Column("metric", "VARCHAR"), Column("score", "DOUBLE"))
        return Makes(known.catalog, lambda: columns)

    def evaluate(self, runtime: Runtime) -> Relation:
        """The figures."""
        model = self._model(runtime.catalog)
        if self.is_retrieval:
            return _table(runtime, self._ranked(runtime, model))
        return _table(runtime, self._judged(runtime, model).figures)

    def run(self, runtime: Runtime) -> Result:
        """The figures; of labels with the matrix of which is taken for which."""
        model = self._model(runtime.catalog)
        if self.is_retrieval:
            return runtime.preview(self.evaluate(runtime))
        judged = self._judged(runtime, model)
        shown = runtime.preview(_table(runtime, judged.figures))
        return replace(shown, matrix=_matrix(judged, model.name))

    def _model(self, catalog: Catalog) -> Model:
        return catalog.model(self.model.text, self.model.span)

    def _judged(self, runtime: Runtime, model: Model) -> Judged:
        rows = runtime.evaluate(self.query)
        kind, given = self._kind(model), self.options.value("labels")
        judged = runtime.judged(
            rows,
            model=model,
            kind=kind,
            source=self._source(model, rows.columns),
            label_col=self._label_col(model),
            labels=[str(label) for label in given] if isinstance(given, list) else [],
            template=self.options.text("template") or TEMPLATES[kind],
            span=self.options.given_span("label_col") or self.model.span,
        )
        if judged.left_out:
            runtime.notice(training.WITHOUT_LABEL_OR_VECTOR(rows=counted(judged.left_out, "row")))
        if judged.never_seen:
            rows_told = counted(judged.never_seen, "row")
            runtime.notice(training.NEVER_SEEN(rows=rows_told, model=model.name))
        if any(value is None for _, value in judged.figures):
            runtime.notice(training.ONE_VALUE())
        return judged

    def _ranked(self, runtime: Runtime, model: Model) -> list[tuple[str, float | None]]:
        """Recall and mean reciprocal rank of each text's picture."""
        import numpy as np

        ranks = runtime.retrieval_ranks(
            runtime.evaluate(self.query),
            model=model,
            image_col=self.options.text("image_col") or "",
            text_col=self.options.text("text_col") or "",
            span=self.model.span,
        )
        found: list[tuple[str, float | None]] = [(f"Recall@{k}", float(np.mean(ranks <= k))) for k in _RANKS]
        return [*found, ("MRR", float(np.mean(1 / ranks)))]


def _table(runtime: Runtime, figures: object) -> Relation:
    import pyarrow as pa

    pairs = cast("list[tuple[str, float | None]]", list(figures))  # type: ignore[call-overload]
    names, values = [name for name, _ in pairs], [value for _, value in pairs]
    return runtime.rows(
        pa.table({"metric": pa.array(names, pa.string()), "score": pa.array(values, pa.float64())})
    )


def _matrix(judged: Judged, model: str) -> Matrix:
    """How often each label is taken for which; of many labels the most frequent ones."""
    import numpy as np

    frequent = np.argsort(-np.bincount(judged.truth, minlength=len(judged.labels)), kind="stable")[
        :SHOWN_LABELS
    ]
    shown = np.sort(frequent)
    counts = np.zeros((len(judged.labels), len(judged.labels)), np.int64)
    np.add.at(counts, (judged.truth, judged.said), 1)
    caption = str(training.MATRIX(model=model))
    if len(shown) < len(judged.labels):
        caption = f"{caption}; {training.FIRST_LABELS(count=len(shown))}"
    rows = tuple(tuple(int(count) for count in row) for row in counts[np.ix_(shown, shown)])
    return Matrix(tuple(judged.labels[index] for index in shown), rows, caption)
