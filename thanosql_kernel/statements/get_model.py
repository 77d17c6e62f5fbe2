"""GET THANOSQL MODEL: fetch a model's weights and give it a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import Catalog, Model
from thanosql_kernel.catalog.unknown import no_model
from thanosql_kernel.errors import (
    AddOption,
    Fix,
    ParseError,
    Span,
    ThanoSQLError,
    UnknownName,
    Unsupported,
    nearest,
)
from thanosql_kernel.models.spec import SPECS, ModelSpec, find_spec
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.statements.foresight import Foresight, Makes, with_model
from thanosql_kernel.statements.options import OVERWRITE, Option
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, statements
from thanosql_kernel.wording.grammar import ADD, TS104
from thanosql_kernel.wording.names import TS205
from thanosql_kernel.wording.refusals import TS600


@dataclass(frozen=True)
class GetModel(Statement):
    """``GET THANOSQL MODEL x [OPTIONS(model_name='y', overwrite=…)] [AS y]``."""

    heads = (("GET", "THANOSQL", "MODEL"),)
    syntax = "GET THANOSQL MODEL model [OPTIONS(overwrite=True)] [AS name]"
    help = statements.GET_MODEL
    example = "GET THANOSQL MODEL clip AS my_clip"
    option_specs = (Option("model_name", "text", statements.MODEL_NAME, role="new model"), OVERWRITE)

    wanted: Name
    given: tuple[Assignment, ...]
    alias: Name | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows GET THANOSQL MODEL."""
        start = cursor.start_of(words)
        wanted = cursor.name("base model")
        given = cursor.options()
        alias = cursor.name("new model") if cursor.accept("AS") else None
        return cls(cursor.span_from(start), words, wanted, given, alias)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Two names, a kind of model that this kernel does not run, a name that another model has."""
        yield from super().check(known)
        stated = self.options.assignment("model_name")
        if stated is not None and self.alias is not None and stated.value.value != self.alias.text:
            yield ParseError(TS104.NAME_TWICE(), span=self.alias.span)
        spec = find_spec(self.wanted.text)
        if spec is None and not self.wanted.placeholder:
            yield Unsupported(
                TS600.NO_MODEL_TO_GET(name=self.wanted),
                span=self.wanted.span,
                hint=TS600.THERE_ARE(names=", ".join(SPECS)),
                meant=nearest(self.wanted.text, SPECS),
            )
        if spec is not None and known.has_database:
            yield from self._taken(spec, known.catalog)

    def _taken(self, spec: ModelSpec, catalog: Catalog) -> Iterator[ThanoSQLError]:
        model = catalog.models.get(self.name)
        if model is not None and model != Model(self.name, spec.name) and not self.options.flag("overwrite"):
            edit = AddOption(self.wanted.span, "overwrite=True")
            yield UnknownName(
                TS205.TAKEN_MODEL(name=model.name),
                span=self._name_span,
                hint=TS205.OVERWRITE(),
                fixes=[Fix(ADD(text=edit.text), edit, is_preferred=False)],
            )

    def run(self, runtime: Runtime) -> Message:
        """Fetch, register, and say what there is now."""
        spec = self._spec()
        name = self.name
        model = Model(name, spec.name)
        if runtime.models.get(name) != model:
            runtime.add_model(model, overwrite=self.options.flag("overwrite"), span=self._name_span)
        told = runtime.fetch_weights(model)
        return Message(f"{answers.MODEL_READY(name=name, summary=spec.summary)}\n{told}".rstrip())

    @property
    def _name_span(self) -> Span:
        return self.alias.span if self.alias else self.options.given_span("model_name") or self.wanted.span

    @property
    def name(self) -> str:
        """What the model will be called."""
        return self.alias.text if self.alias else self.options.text("model_name") or self.wanted.text

    def makes(self, known: Foresight) -> Makes:
        """The model."""
        spec = find_spec(self.wanted.text)
        return Makes(with_model(known.catalog, Model(self.name, spec.name)) if spec else known.catalog)

    def _spec(self) -> ModelSpec:
        spec = find_spec(self.wanted.text)
        if spec is None:
            raise no_model(self.wanted.text, self.wanted.span, SPECS)
        return spec
