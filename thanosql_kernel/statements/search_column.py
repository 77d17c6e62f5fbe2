"""Which column of vectors a SEARCH looks through, and what to do where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from thanosql_kernel.catalog import Catalog, Column, Model, old_names
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import (
    Fix,
    InsertBefore,
    ModelError,
    Replace,
    ThanoSQLError,
    TypeMismatch,
    UnknownName,
    nearest,
)
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.query import is_result_name
from thanosql_kernel.statements.convert import generated_name
from thanosql_kernel.statements.film_options import refers_to_films
from thanosql_kernel.statements.foresight import Columns, Foresight, are_all, find_model
from thanosql_kernel.statements.statement import raised
from thanosql_kernel.statements.using import UsingModel
from thanosql_kernel.statements.views import whole_table
from thanosql_kernel.wording import films, models
from thanosql_kernel.wording.models import TS401, TS402
from thanosql_kernel.wording.names import TS202
from thanosql_kernel.wording.values import TS300

_SOURCES = {
    "IMAGE": "image_col='image_path'",
    "TEXT": "text_col='text'",
    "VIDEO": "video_col='video_path'",
}


@dataclass(frozen=True)
class SearchesColumn(UsingModel):
    """Those that compare a column of vectors that their model made: the option ``emb_col``, else what it can mean."""

    @property
    def looks_among(self) -> str:
        """IMAGE or TEXT: what has been converted."""
        return self.words[1]

    def _column_problems(self, columns: Columns, model: Model, catalog: Catalog) -> Iterator[ThanoSQLError]:
        if are_all(columns):
            yield from raised(self.embedding_column, columns, model, catalog)
        elif (column := find_column(columns or (), self._wanted(model))) is not None:
            yield from self._vector_problems(column, model)

    def _wanted(self, model: Model) -> str:
        return self.options.text("emb_col") or generated_name(self.model.text, model)

    def _vector_problems(self, column: Column, model: Model) -> Iterator[ThanoSQLError]:
        """What the column says of itself: whether it holds vectors, and whose."""
        span, made = self.options.given_span("emb_col") or self.model.span, column.generated
        if refers_to_films(column):
            message = films.FRAMES_OF_FILMS(column=column.name)
            yield TypeMismatch(message, code="TS300", span=span, hint=films.SEARCH_VIDEO_INSTEAD())
        elif column.type and not column.type.endswith("]"):
            yield TypeMismatch(TS300.NOT_VECTORS(column=column.name, type=column.type), span=span)
        elif made is not None and made.base != spec_of(model).base:
            message = TS401.OTHER_MAKER(column=column.name, made=made.model, model=model.name)
            yield ModelError(message, span=span, hint=f"SEARCH … USING {made.model}")

    def _searched(self, known: Foresight) -> Column | None:
        """The column of embeddings that is searched."""
        model, columns = find_model(known.catalog, self.model.text), known.columns(self.query) or ()
        named = find_column(columns, self._wanted(model)) if model is not None else None
        made = self._made(columns)
        return named or (made[0] if len(made) == 1 else None)

    def _made(self, columns: tuple[Column, ...]) -> list[Column]:
        """The columns of vectors that the model has made; those that an old name means, if one is given."""
        stated = self.options.text("emb_col")
        made = [column for column in columns if self._is_searchable(column)]
        return made if stated is None else [it for it in made if it in old_names.meant(stated, columns)]

    def _is_searchable(self, column: Column) -> bool:
        """Whether the model made the column, of what this looks among."""
        made = column.generated
        return (
            made is not None and made.model == self.model.text and refers_to_films(column) == self._of_films
        )

    @property
    def _of_films(self) -> bool:
        return False

    def embedding_column(self, columns: tuple[Column, ...], model: Model, catalog: Catalog) -> Column:
        """The column to search: the one named, else ``{model}_{base}``, else the only one the model made."""
        stated, column = self.options.text("emb_col"), find_column(columns, self._wanted(model))
        if column is not None:
            for problem in self._vector_problems(column, model):
                raise problem
            return column
        made = self._made(columns)
        if len(made) == 1:
            return made[0]
        if stated is not None and not made:
            raise self._no_column(stated, columns, catalog)
        if made:
            names = ", ".join(column.name for column in made)
            message = TS402.SEVERAL_COLUMNS(model=self.model, names=names)
            raise ModelError(message, span=self.model.span, hint=TS402.CHOOSE(column=made[0].name))
        raise self.nothing_to_search(catalog)

    def _no_column(self, stated: str, columns: tuple[Column, ...], catalog: Catalog) -> UnknownName:
        hint, fix = self._advice(stated, catalog)
        return UnknownName(
            TS202.NOT_IN_QUERY(column=stated),
            span=self.options.given_span("emb_col"),
            hint=hint,
            meant=nearest(stated, [column.name for column in columns]),
            fixes=[fix],
        )

    def nothing_to_search(self, catalog: Catalog) -> ModelError:
        """What to say where the query's rows have no vectors of the model."""
        column, span = self._left_out(catalog), self.model.span
        if column is not None:
            message = TS402.LEFT_OUT(column=column.name, model=self.model)
            return ModelError(message, span=span, hint=TS402.SELECT_TOO(column=column.name))
        hint, fix = self._advice(None, catalog)
        return ModelError(TS402.NOTHING_CONVERTED(model=self.model), span=span, hint=hint, fixes=[fix])

    def _left_out(self, catalog: Catalog) -> Column | None:
        """The model's column in a table that the query names."""
        named = (catalog.find(token.name) for token in self.query.tokens if token.is_name)
        columns = (column for table in named if table is not None for column in table.columns)
        return next(filter(self._is_searchable, columns), None)

    def _advice(self, result: str | None, catalog: Catalog) -> tuple[str, Fix]:
        """What to do about a column that is missing: run a CONVERT that stores it, or search in what one returns."""
        table = whole_table(catalog, self.query.plain_table())
        conversion = self.conversion(result, table)
        if table is None:
            fix = Fix(models.SEARCH_A_CONVERT(), Replace(self.query.span, f"({conversion})"))
            return models.SEARCH_THIS_CONVERT(conversion=conversion), fix
        fix = Fix(models.INSERT_CONVERT(), InsertBefore(f"{conversion};\n"))
        return models.RUN_FIRST(conversion=conversion), fix

    def conversion(self, result: str | None, table: str | None) -> str:
        """The CONVERT statement that makes what is missing, and stores it in a table if the query is all of one."""
        through_view = table is not None and table != self.query.plain_table()
        rows = f"SELECT * FROM {quote_if_needed(table or '')}" if through_view else self.query.text.strip()
        table = None if table is not None and is_result_name(table) else table
        source = _SOURCES[self.looks_among]
        options = (
            source
            + (f", table_name='{table}'" if table else "")
            + (f", result_col='{result}'" if result else "")
        )
        return f"CONVERT USING {self.model} OPTIONS({options}) AS {rows}"
