"""BUILD MODEL and FIT MODEL: train a model on rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from thanosql_kernel.catalog import Catalog, Column, EmbeddingKind, Model, Trained
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import (
    AddOption,
    Fix,
    ModelError,
    ThanoSQLError,
    UnknownName,
    Unsupported,
    nearest,
)
from thanosql_kernel.models.bases import BASES, Method, find_base
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.convert import cannot_embed
from thanosql_kernel.statements.foresight import Foresight, Makes, are_all, find_model, with_model
from thanosql_kernel.statements.old_kinds import refused
from thanosql_kernel.statements.options import OVERWRITE, Option
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.statements.training import TrainRequest, label_problems
from thanosql_kernel.statements.training_told import lines, notices
from thanosql_kernel.statements.using import is_no_picture, is_no_text, no_pictures, no_text
from thanosql_kernel.wording import answers, statements, training
from thanosql_kernel.wording.grammar import ADD
from thanosql_kernel.wording.names import TS200, TS202, TS205
from thanosql_kernel.wording.training import TS404

_OF_NETWORKS = (
    Option("batch_size", "integer", training.NO_EFFECT, minimum=1),
    Option("max_epochs", "integer", training.NO_EFFECT, aliases=("epochs",)),
    Option("learning_rate", "number", training.NO_EFFECT),
    Option("pretrained", "boolean", training.NO_EFFECT),
    Option("input_size", "integer", training.NO_EFFECT),
    Option("color", "text", training.NO_EFFECT),
    Option("file_name", "text", training.NO_EFFECT),
)
"""What is written in old notebooks, and does nothing; editors offer it, as people look for it."""


class Plan(NamedTuple):
    """What a statement comes to.

    Attributes:
        base: What it is built of, as people say it.
        suffix: Of the columns that the model will generate.
        method: How it is trained.
        kinds: What is looked at.
        on: The model on whose vectors; None for the best on this machine.
        start: The model to go on from.
    """

    base: str
    suffix: str
    method: Method
    kinds: tuple[EmbeddingKind, ...]
    on: Model | None = None
    start: Model | None = None


@dataclass(frozen=True)
class BuildModel(Statement):
    """``BUILD MODEL m USING base [OPTIONS(...)] AS query``, and FIT MODEL alike."""

    heads = (("BUILD", "MODEL"), ("FIT", "MODEL"), ("BUILD",))
    syntax = (
        "BUILD|FIT MODEL model USING base [OPTIONS(image_col='image_path', label_col='label', …)] AS query"
    )
    help = training.BUILD_MODEL
    example = (
        "BUILD MODEL my_classifier USING ConvNeXt_Tiny OPTIONS(image_col='image_path', label_col='label') "
        "AS SELECT * FROM photos"
    )
    option_specs = (
        Option("image_col", "text", statements.IMAGE_COL, default="image_path", role="column"),
        Option("text_col", "text", statements.TEXT_COL, default="text", role="column"),
        Option("label_col", "text", training.LABEL_COL, default="label", aliases=("label",), role="column"),
        Option("vectors_of", "text", training.VECTORS_OF, role="model"),
        OVERWRITE,
        *_OF_NETWORKS,
    )

    model: Name
    base: Name
    given: tuple[Assignment, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows the words."""
        start = cursor.start_of(words)
        model = cursor.name("new model")
        cursor.expect("USING")
        if cursor.looking_at("CLASS") and (after := cursor.peek(1)) is not None and after.is_name:
            cursor.accept("CLASS")
        base = cursor.name("base model")
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words, model, base, given, query)

    # -- what it comes to ------------------------------------------------------------------------------------
    def plan(self, catalog: Catalog) -> Plan | None:
        """What it comes to; None where that cannot be told."""
        known = catalog.models.get(self.base.text)
        if known is not None and known.trained is not None:
            return _going_on(known, known.trained)
        base = find_base(self.base.text)
        if base is not None:
            on = self.options.text("vectors_of")
            return Plan(
                base.name, base.suffix, base.method, (base.kind,), find_model(catalog, on) if on else None
            )
        model = find_model(catalog, self.base.text)
        return self._on_model(model) if model is not None else None

    def _on_model(self, model: Model) -> Plan | None:
        """A model of ours: labels on its vectors, or a map for pictures and texts."""
        given = {name for name in ("image_col", "text_col", "label_col") if self.options.assignment(name)}
        if "label_col" in given:
            kind: EmbeddingKind = "text" if "text_col" in given and "image_col" not in given else "image"
            return Plan(model.name, "", "labels", (kind,), model)
        if {"image_col", "text_col"} <= given:
            return Plan(model.name, spec_of(model).base, "pairs", ("image", "text"), model)
        return None

    def sources(self, plan: Plan) -> dict[EmbeddingKind, str]:
        """The columns that are looked at, by kind."""
        start = plan.start.trained if plan.start is not None else None
        found: dict[EmbeddingKind, str] = {}
        for kind in plan.kinds:
            named = self.options.assignment(f"{kind}_col") is not None
            earlier = start.source(kind) if start is not None and not named else None
            found[kind] = earlier or self.options.text(f"{kind}_col") or ""
        return found

    def label_col(self, plan: Plan) -> str | None:
        """The column of labels, if it is trained on these."""
        if plan.method != "labels":
            return None
        start = plan.start.trained if plan.start is not None else None
        earlier = start.label_col if start and self.options.assignment("label_col") is None else None
        return earlier or self.options.text("label_col")

    # -- what can be wrong -----------------------------------------------------------------------------------
    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A base that there is not, or whose kind is not trained here; columns that there are not; a taken name."""
        if self.base.text not in known.catalog.models and find_base(self.base.text) is None:
            error = refused(self.base, [item.name for item in self.given])
            if error is not None:
                yield error
                return
        yield from super().check(known)
        plan = self.plan(known.catalog)
        if plan is None:
            if known.has_database or find_model(known.catalog, self.base.text) is not None:
                yield self._no_plan(known.catalog)
            return
        if self.words[0] == "FIT" and plan.start is None and known.has_database:
            hint = TS404.BUILD_IT(name=self.model, model=self.base)
            yield ModelError(TS404.NOT_TRAINED(model=self.base), span=self.base.span, hint=hint)
        if known.has_database:
            yield from self._problems_below(plan, known)
            yield from self._column_problems(plan, known)
            yield from self._taken(known.catalog)

    def _problems_below(self, plan: Plan, known: Foresight) -> Iterator[ThanoSQLError]:
        """The model on whose vectors is trained: there is none of that name, or its vectors are of other things."""
        on = self.options.text("vectors_of")
        span = self.options.given_span("vectors_of") or self.base.span
        if on is not None and find_model(known.catalog, on) is None:
            names = list(known.catalog.models)
            yield UnknownName(TS200.NO_MODEL(name=on), span=span, meant=nearest(on, names))
        if plan.on is None or plan.start is not None:
            return
        modalities = spec_of(plan.on).modalities
        lacking = next((kind for kind in plan.kinds if kind not in modalities), None)
        if plan.on.trained is not None:
            hint = TS404.TRAIN_ON(model=plan.on.trained.on.name)
            yield ModelError(TS404.ITSELF_TRAINED(model=plan.on.name), span=span, hint=hint)
        elif lacking is not None and modalities:
            yield cannot_embed(plan.on, lacking, span)

    def column_options(self) -> Iterator[str]:
        """None that `check` does not look at itself."""
        yield from ()

    def _no_plan(self, catalog: Catalog) -> ThanoSQLError:
        model = find_model(catalog, self.base.text)
        if model is not None:
            message, hint = TS404.WHAT_FOR(base=self.base), TS404.SAY_WHICH()
            return ModelError(message, span=self.base.span, hint=hint)
        names = [base.name for base in BASES.values()]
        return Unsupported(
            TS404.NO_BASE(name=self.base),
            span=self.base.span,
            hint=TS404.BASES_ARE(names=", ".join(names)),
            meant=nearest(self.base.text, [*names, *catalog.models]),
        )

    def _column_problems(self, plan: Plan, known: Foresight) -> Iterator[ThanoSQLError]:
        columns = known.columns(self.query)
        if plan.method == "none" or not are_all(columns):
            return
        wanted = {f"{kind}_col": name for kind, name in self.sources(plan).items()}
        if (label := self.label_col(plan)) is not None:
            wanted["label_col"] = label
        for option, name in wanted.items():
            yield from self._column_problem(plan, option, name, columns or ())

    def _column_problem(
        self, plan: Plan, option: str, name: str, columns: tuple[Column, ...]
    ) -> Iterator[ThanoSQLError]:
        column, span = find_column(columns, name), self.options.given_span(option)
        names = [column.name for column in columns]
        if column is None:
            hint = TS202.NAME_THE_COLUMN(option=option, names=", ".join(names))
            where = span or self.query.span
            yield UnknownName(
                TS202.NOT_IN_QUERY(column=name), span=where, hint=hint, meant=nearest(name, names)
            )
        elif option == "image_col" and is_no_picture(column.type):
            yield no_pictures(column.name, column.type, span or self.query.span)
        elif option == "text_col" and is_no_text(column.type):
            yield no_text(column.name, column.type, span or self.query.span)
        elif option == "label_col":
            start = plan.start.trained if plan.start is not None else None
            yield from label_problems(column, start, self.base.text, span or self.query.span)

    def _taken(self, catalog: Catalog) -> Iterator[ThanoSQLError]:
        if self.model.text in catalog.models and not self.options.flag("overwrite"):
            edit = AddOption(self.base.span, "overwrite=True")
            yield UnknownName(
                TS205.TAKEN_MODEL(name=self.model),
                span=self.model.span,
                hint=TS205.OVERWRITE(),
                fixes=[Fix(ADD(text=edit.text), edit, is_preferred=False)],
            )

    # -- what it makes and does ------------------------------------------------------------------------------
    def makes(self, known: Foresight) -> Makes:
        """The model, as far as it can be known before it is trained."""
        plan = self.plan(known.catalog)
        if plan is None:
            return Makes(known.catalog)
        return Makes(with_model(known.catalog, self._foreseen(plan, known)))

    def _foreseen(self, plan: Plan, known: Foresight) -> Model:
        if plan.method == "none":
            return Model(self.model.text, plan.base)
        on, sources, label = plan.on or Model("mini", "mini"), self.sources(plan), self.label_col(plan)
        found = find_column(known.columns(self.query) or (), label) if label is not None else None
        gives_labels = plan.method == "labels"
        trained = Trained(
            on,
            plan.base,
            plan.suffix,
            plan.kinds,
            "labels" if gives_labels else "vectors",
            0 if gives_labels else spec_of(on).dim,
            tuple(sources.values()),
            label or "",
            found.type if found is not None else "",
        )
        return Model(self.model.text, plan.base, trained=trained)

    def run(self, runtime: Runtime) -> Message:
        """Train, register, and say what was trained and how good it is."""
        plan = self.plan(runtime.catalog)
        assert plan is not None, "check has found out"
        self._tell_no_effect(runtime)
        if plan.method == "none":
            self._register(Model(self.model.text, plan.base), runtime)
            return Message(f"{training.BUILT(model=self.model)}\n{training.NOTHING_TRAINED()}")
        request = TrainRequest(
            self.model.text,
            plan.base,
            plan.suffix,
            plan.method,
            plan.on,
            self.sources(plan),
            self.label_col(plan),
            plan.start,
            self.base.span,
        )
        trained = runtime.train(runtime.evaluate(self.query), request)
        self._register(trained.model, runtime)
        for notice in notices(trained, plan.start):
            runtime.notice(notice)
        told = [
            training.BUILT(model=self.model),
            *lines(trained),
            answers.NEXT(next=self._next(trained.model)),
        ]
        return Message("\n".join(told))

    def _register(self, model: Model, runtime: Runtime) -> None:
        runtime.add_model(model, overwrite=self.options.flag("overwrite"), span=self.model.span)

    def _next(self, model: Model) -> str:
        """The statement that can be next."""
        assert model.trained is not None
        named = self.query.plain_table()
        table = quote_if_needed(named) if named else "…"
        if model.trained.gives == "labels":
            return f"PREDICT USING {quote_if_needed(model.name)} AS SELECT * FROM {table}"
        kind, column = model.trained.kinds[0], model.trained.sources[0]
        doubled = column.replace("'", "''")
        option = f"{kind}_col='{doubled}'"
        return f"CONVERT USING {quote_if_needed(model.name)} OPTIONS({option}) AS SELECT * FROM {table}"

    def _tell_no_effect(self, runtime: Runtime) -> None:
        given = [item.name for item in _OF_NETWORKS if self.options.assignment(item.name) is not None]
        if given:
            runtime.notice(training.OPTIONS_WITHOUT_EFFECT(names=", ".join(given)))


def _going_on(model: Model, trained: Trained) -> Plan:
    """What going on from a model comes to."""
    method: Method = "labels" if trained.gives == "labels" else "views"
    if trained.gives == "vectors":
        method = (
            "pairs" if len(trained.kinds) == 2 else ("views" if trained.kinds == ("image",) else "halves")
        )
    return Plan(trained.base, trained.suffix, method, trained.kinds, trained.on, model)
