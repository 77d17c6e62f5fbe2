"""GET THANOSQL MODEL: fetch a model's weights and give it a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import Catalog, Model
from thanosql_kernel.errors import ParseError, ThanoSQLError, UnknownName, Unsupported, did_you_mean
from thanosql_kernel.models.spec import SPECS, ModelSpec, find_spec
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.statements.foresight import Foresight, with_model
from thanosql_kernel.statements.options import OVERWRITE, Option
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement


@dataclass(frozen=True)
class GetModel(Statement):
    """``GET THANOSQL MODEL x [OPTIONS(model_name='y', overwrite=…)] [AS y]``."""

    heads = (("GET", "THANOSQL", "MODEL"),)
    syntax = "GET THANOSQL MODEL model [OPTIONS(overwrite=True)] [AS name]"
    help = "Fetch a model's weights, and register it under a name of your own."
    example = "GET THANOSQL MODEL clip AS my_clip"
    option_specs = (Option("model_name", "text", "name to register it under"), OVERWRITE)

    wanted: Name
    given: tuple[Assignment, ...]
    alias: Name | None

    @classmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read what follows GET THANOSQL MODEL."""
        start = cursor.tokens[cursor.at - len(words)].start
        wanted = cursor.name("base model")
        given = cursor.options()
        alias = cursor.name("model") if cursor.accept("AS") else None
        return cls(cursor.span_from(start), wanted, given, alias)

    def problems(self) -> Iterator[ThanoSQLError]:
        """Two names, or a kind of model that this kernel does not run."""
        yield from super().problems()
        stated = self.options.assignment("model_name")
        if stated is not None and self.alias is not None and stated.value.value != self.alias.text:
            yield ParseError("the name is given twice", code="TS104", span=self.alias.span)
        if not self.wanted.placeholder and find_spec(self.wanted.text) is None:
            known = ", ".join(SPECS)
            hint = did_you_mean(self.wanted.text, SPECS, otherwise=f"there are {known}")
            yield Unsupported(f"no model named {self.wanted} can be had", span=self.wanted.span, hint=hint)

    def run(self, runtime: Runtime) -> Message:
        """Fetch, register, and say what there is now."""
        spec = self._spec()
        name = self.name
        span = self.alias.span if self.alias else self.options.given_span("model_name") or self.wanted.span
        model = Model(name, spec.name)
        if runtime.models.get(name) != model:
            runtime.add_model(model, overwrite=self.options.flag("overwrite"), span=span)
        told = runtime.fetch_weights(model)
        return Message(f"model {name} is ready: {spec.summary}\n{told}".rstrip())

    @property
    def name(self) -> str:
        """What the model will be called."""
        return self.alias.text if self.alias else self.options.text("model_name") or self.wanted.text

    def effect(self, known: Foresight) -> Catalog:
        """The model is there."""
        spec = find_spec(self.wanted.text)
        return with_model(known.catalog, Model(self.name, spec.name)) if spec else known.catalog

    def _spec(self) -> ModelSpec:
        spec = find_spec(self.wanted.text)
        if spec is None:
            raise UnknownName(f"no model named {self.wanted}", code="TS200", span=self.wanted.span)
        return spec
