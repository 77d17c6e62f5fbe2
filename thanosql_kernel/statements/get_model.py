"""GET THANOSQL MODEL: fetch a model's weights and give it a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import Catalog, Model
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


@dataclass(frozen=True)
class GetModel(Statement):
    """``GET THANOSQL MODEL x [OPTIONS(model_name='y', overwrite=…)] [AS y]``."""

    heads = (("GET", "THANOSQL", "MODEL"),)
    syntax = "GET THANOSQL MODEL model [OPTIONS(overwrite=True)] [AS name]"
    help = "Fetch a model's weights, and register it under a name of your own."
    example = "GET THANOSQL MODEL clip AS my_clip"
    option_specs = (Option("model_name", "text", "name to register it under", role="new model"), OVERWRITE)

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
            yield ParseError("the name is given twice", code="TS104", span=self.alias.span)
        spec = find_spec(self.wanted.text)
        if spec is None and not self.wanted.placeholder:
            yield Unsupported(
                f"no model named {self.wanted} can be had",
                span=self.wanted.span,
                hint=f"there are {', '.join(SPECS)}",
                meant=nearest(self.wanted.text, SPECS),
            )
        if spec is not None and known.has_database:
            yield from self._taken(spec, known.catalog)

    def _taken(self, spec: ModelSpec, catalog: Catalog) -> Iterator[ThanoSQLError]:
        model = catalog.models.get(self.name)
        if model is not None and model != Model(self.name, spec.name) and not self.options.flag("overwrite"):
            fix = Fix("add overwrite=True", AddOption(self.wanted.span, "overwrite=True"), is_preferred=False)
            yield UnknownName(
                f"a model named {model.name} exists already",
                code="TS205",
                span=self._name_span,
                hint="OPTIONS(overwrite=True) replaces it",
                fixes=[fix],
            )

    def run(self, runtime: Runtime) -> Message:
        """Fetch, register, and say what there is now."""
        spec = self._spec()
        name = self.name
        model = Model(name, spec.name)
        if runtime.models.get(name) != model:
            runtime.add_model(model, overwrite=self.options.flag("overwrite"), span=self._name_span)
        told = runtime.fetch_weights(model)
        return Message(f"model {name} is ready: {spec.summary}\n{told}".rstrip())

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
            raise UnknownName(f"no model named {self.wanted}", code="TS200", span=self.wanted.span)
        return spec
