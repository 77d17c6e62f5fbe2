"""GET THANOSQL MODEL: fetch a model's weights and give it a name."""

from __future__ import annotations

import re
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
from thanosql_kernel.models.spec import OWN, SPECS, ModelSpec, find_source, find_spec
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.statements.foresight import Foresight, Makes, with_model
from thanosql_kernel.statements.old_kinds import refused, trained_here
from thanosql_kernel.statements.options import OVERWRITE, Option
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, statements
from thanosql_kernel.wording.grammar import ADD, TS100, TS104
from thanosql_kernel.wording.names import TS205
from thanosql_kernel.wording.refusals import TS600

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)


@dataclass(frozen=True)
class GetModel(Statement):
    """``GET THANOSQL MODEL x|'owner/name' [OPTIONS(model_name='y', overwrite=…)] [AS y]``."""

    heads = (("GET", "THANOSQL", "MODEL"),)
    syntax = "GET THANOSQL MODEL model|'owner/name' [OPTIONS(overwrite=True)] [AS name]"
    help = statements.GET_MODEL
    example = "GET THANOSQL MODEL siglip2 AS my_model"
    option_specs = (Option("model_name", "text", statements.MODEL_NAME, role="new model"), OVERWRITE)

    wanted: Name
    given: tuple[Assignment, ...]
    alias: Name | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows GET THANOSQL MODEL."""
        start = cursor.start_of(words)
        wanted = _wanted(cursor)
        given = cursor.options()
        alias = cursor.name("new model") if cursor.accept("AS") else None
        return cls(cursor.span_from(start), words, wanted, given, alias)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Two names, a kind of model that this kernel does not run, a name that another model has."""
        yield from super().check(known)
        stated = self.options.assignment("model_name")
        if stated is not None and self.alias is not None and stated.value.value != self.alias.text:
            yield ParseError(TS104.NAME_TWICE(), span=self.alias.span)
        if self.base is None and not self.wanted.placeholder:
            yield self._not_to_be_had()
        if self.base is OWN and self.name == self.wanted.text:
            yield ParseError(TS100.NO_NAME(), span=self.wanted.span, hint=TS100.GIVE_NAME(repo=self.wanted))
        if known.has_database:
            yield from self._taken(known.catalog)

    def _not_to_be_had(self) -> Unsupported:
        """The error for a kind of model that is not run, or not fetched, with what there is instead."""
        old = refused(self.wanted)
        if old is not None:
            return old
        hint, meant = trained_here(self.wanted.text, self.name), nearest(self.wanted.text, SPECS)
        return Unsupported(
            TS600.NO_MODEL_TO_GET(name=self.wanted),
            span=self.wanted.span,
            hint=hint or TS600.THERE_ARE(names=", ".join(SPECS)),
            meant=meant if hint is None else None,
        )

    def _taken(self, catalog: Catalog) -> Iterator[ThanoSQLError]:
        model, wanted = catalog.models.get(self.name), self._model
        if None not in (model, wanted) and model != wanted and not self.options.flag("overwrite"):
            edit = AddOption(self.wanted.span, "overwrite=True")
            yield UnknownName(
                TS205.TAKEN_MODEL(name=self.name),
                span=self._name_span,
                hint=TS205.OVERWRITE(),
                fixes=[Fix(ADD(text=edit.text), edit, is_preferred=False)],
            )

    def run(self, runtime: Runtime) -> Message:
        """Fetch, register, and say what there is now; what none stands in for is registered once it is here."""
        model, base = self._model, self.base
        if model is None or base is None:
            raise no_model(self.wanted.text, self.wanted.span, SPECS)
        if base.stands_in:
            self._register(model, runtime)
        told = runtime.fetch_weights(model)
        if not base.stands_in:
            self._register(model, runtime)
        summary = model.repo or base.summary
        return Message(f"{answers.MODEL_READY(name=model.name, summary=summary)}\n{told}".rstrip())

    def _register(self, model: Model, runtime: Runtime) -> None:
        if runtime.models.get(model.name) != model:
            runtime.add_model(model, overwrite=self.options.flag("overwrite"), span=self._name_span)

    @property
    def _name_span(self) -> Span:
        return self.alias.span if self.alias else self.options.given_span("model_name") or self.wanted.span

    @property
    def name(self) -> str:
        """What the model will be called."""
        given = self.alias.text if self.alias else self.options.text("model_name")
        known = find_source(self.wanted.text)
        return given or (known.name if known else self.wanted.text)

    @property
    def base(self) -> ModelSpec | None:
        """What kind of model it is; None for a name that says nothing."""
        found = find_spec(self.wanted.text) or find_source(self.wanted.text)
        return found or (OWN if is_repository(self.wanted.text) else None)

    @property
    def _model(self) -> Model | None:
        """The model that there will be."""
        base = self.base
        repo = self.wanted.text if base is OWN else None
        return None if base is None else Model(self.name, base.name, repo=repo)

    def makes(self, known: Foresight) -> Makes:
        """The model."""
        model = self._model
        return Makes(with_model(known.catalog, model) if model else known.catalog)


def is_repository(text: str) -> bool:
    """Whether a text can name a repository of the hub: ``owner/name``."""
    return _REPOSITORY.fullmatch(text) is not None


def _wanted(cursor: Cursor) -> Name:
    """A model that can be had by its name, or a repository of the hub in quotes."""
    token = cursor.peek()
    if token is None or token.kind != "string":
        return cursor.name("base model")
    given = cursor.text()
    return Name(given.text, given.span, "base model")
