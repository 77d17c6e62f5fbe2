"""SEARCH VIDEO: the moments of films that are like a text or picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from thanosql_kernel.catalog import Catalog, Column, Model
from thanosql_kernel.errors import ModelError, ParseError, Span, ThanoSQLError, TypeMismatch
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.film_options import refers_to_films
from thanosql_kernel.statements.film_work import MomentColumns
from thanosql_kernel.statements.foresight import Added, Foresight, find_model
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.search import Search
from thanosql_kernel.statements.search_ranking import RANKING
from thanosql_kernel.wording import films
from thanosql_kernel.wording.models import TS401


@dataclass(frozen=True)
class SearchVideo(Search):
    """``SEARCH VIDEO [text=…|texts=[…]|image=…|images=[…]] USING model [OPTIONS(...)] AS query``."""

    heads = (("SEARCH", "VIDEO"),)
    unsupported: ClassVar = {}
    syntax = "SEARCH VIDEO [text='…'|texts=[…]|image='…'|images=[…]] USING model [OPTIONS(…)] AS query"
    help = films.SEARCH_VIDEO
    example = "SEARCH VIDEO text='a tent in the mountains' USING clip AS SELECT * FROM films"
    option_specs = (
        *(
            replace(option, instead=films.BY_SIMILARITY_ALONE) if option in RANKING else option
            for option in Search.option_specs
        ),
        Option("moments", "boolean", films.MOMENTS, default=False),
    )

    @cached_property
    def _of_films(self) -> bool:
        return True

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """What `Search` finds; moments of several inputs."""
        yield from super().check(known)
        if self.options.flag("moments") and self.asked.columns > 1:
            span = self.options.given_span("moments")
            yield ParseError(films.MOMENTS_OF_ONE(), code="TS104", span=span)

    def _vector_problems(self, column: Column, model: Model) -> Iterator[ThanoSQLError]:
        """What the column says of itself: whether it refers to films, and whose frames those are."""
        span, made = self.options.given_span("emb_col") or self.model.span, column.generated
        if not refers_to_films(column):
            hint = films.CONVERT_FILMS(model=self.model)
            yield TypeMismatch(films.NO_FILMS(column=column.name), code="TS300", span=span, hint=hint)
        elif made is not None and made.base != spec_of(model).base:
            message = TS401.OTHER_MAKER(column=column.name, made=made.model, model=model.name)
            yield ModelError(message, span=span, hint=f"SEARCH VIDEO … USING {made.model}")

    def moment_columns(self, model: Model) -> tuple[MomentColumns, ...]:
        """The columns that it adds, by input."""
        moments = self.options.flag("moments")
        return tuple(MomentColumns.of(name, moments=moments) for name in self.result_columns(model))

    def _added(self, catalog: Catalog) -> Iterator[Added]:
        model = find_model(catalog, self.model.text)
        span = self.options.given_span("result_col") or Span(self.span.start, self.model.span.end)
        for columns in () if model is None else self.moment_columns(model):
            yield Added(Column(columns.score, "FLOAT"), span)
            yield from (Added(Column(name, "DOUBLE"), span) for name in columns.names[1:])

    def _scored(self, runtime: Runtime, rows: Relation, model: Model, column: Column) -> Relation:
        """The films with their best frames, or their moments."""
        return runtime.film_similarity(
            rows,
            model=model,
            column=column.name,
            inputs=self.asked.sought(runtime),
            results=self.moment_columns(model),
            top_k=self._top_k(rows),
            span=self.options.given_span("emb_col") or self.model.span,
        )
