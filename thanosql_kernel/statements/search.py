"""SEARCH: how similar each row is to a text or picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import ClassVar, Literal, Self, cast

from thanosql_kernel.catalog import Catalog, Column, Model, Similarity, old_names
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import (
    Fix,
    InsertBefore,
    ModelError,
    ParseError,
    Replace,
    Span,
    ThanoSQLError,
    TypeMismatch,
    UnknownName,
    nearest,
)
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.sql.query import Query, is_result_name
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.convert import cannot_embed, generated_name
from thanosql_kernel.statements.foresight import (
    Added,
    Columns,
    Foresight,
    Makes,
    are_all,
    find_model,
    some,
    with_column,
    with_table,
)
from thanosql_kernel.statements.options import RESULT_COL, TABLE_NAME, Option, Options
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, raised
from thanosql_kernel.statements.vectors import SearchInput
from thanosql_kernel.statements.views import whole_table
from thanosql_kernel.wording import answers, editor, models, statements
from thanosql_kernel.wording.grammar import TS100, TS103, TS104
from thanosql_kernel.wording.models import TS401, TS402
from thanosql_kernel.wording.names import TS202
from thanosql_kernel.wording.values import TS300

DEFAULT_TOP_K = 1000

INPUTS = (
    Option("text", "text", statements.TEXT),
    Option("texts", "texts", statements.TEXTS),
    Option("image", "text", statements.IMAGE, role="path"),
    Option("images", "texts", statements.IMAGES, role="path"),
)


@dataclass(frozen=True)
class Search(Statement):
    """``SEARCH IMAGE|TEXT [text=…|texts=[…]|image=…|images=[…]] USING model [OPTIONS(...)] AS query``."""

    heads = tuple(("SEARCH", target) for target in ("IMAGE", "TEXT"))
    syntax = "SEARCH IMAGE|TEXT [text='…'|texts=[…]|image='…'|images=[…]] USING model [OPTIONS(…)] AS query"
    help = statements.SEARCH
    example = "SEARCH IMAGE text='a black cat' USING clip AS SELECT * FROM photos"
    table_valued = True
    input_specs: ClassVar[tuple[Option, ...]] = INPUTS
    option_specs = (
        Option(
            "search_by",
            "text",
            statements.SEARCH_BY,
            choices=("text", "image"),
            aliases=("search_input_type",),
        ),
        Option("search_input", "texts", statements.SEARCH_INPUT, role="path"),
        Option("emb_col", "text", statements.EMBEDDINGS, role="column"),
        RESULT_COL,
        Option(
            "top_k",
            "integer",
            statements.TOP_K,
            default=DEFAULT_TOP_K,
            none=True,
            minimum=1,
        ),
        TABLE_NAME,
    )

    inputs: tuple[Assignment, ...]
    model: Name
    given: tuple[Assignment, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows SEARCH and its target."""
        start = cursor.start_of(words)
        inputs: list[Assignment] = []
        while not cursor.accept("USING"):
            for option in cls.input_specs:
                cursor.want("word", option.name)
            names = {option.name for option in cls.input_specs}
            if not cursor.done and (token := cursor.peek()) is not None and token.text.lower() in names:
                inputs.append(cursor.assignment())
                cursor.accept(",")
            else:
                raise cursor.fail()
        model = cursor.name("model")
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words, tuple(inputs), model, given, query)

    @property
    def looks_among(self) -> str:
        """IMAGE or TEXT: what has been converted."""
        return self.words[1]

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """No input or two kinds of input, a model that cannot embed it, nothing that can be searched."""
        yield from super().check(known)
        if self.words in self.unsupported:
            return
        yield from Options(self.inputs, INPUTS).problems()
        yield from self._input_problems()
        model = known.catalog.models.get(self.model.text)
        if model is not None and known.has_database:
            yield from self._modality_problems(model)
            yield from self._column_problems(known.columns(self.query), model, known.catalog)

    def column_options(self) -> Iterator[str]:
        """None that `check` does not look at itself."""
        yield from ()

    def _input_problems(self) -> Iterator[ThanoSQLError]:
        in_options = self.options.assignment("search_input")
        if len(self.inputs) > 1:
            yield ParseError(TS104.SEVERAL_INPUTS(), span=self.inputs[1].span)
        if not self.inputs and in_options is None:
            yield ParseError(
                TS100.NOTHING_TO_SEARCH_FOR(),
                span=self.model.span,
                hint=TS100.WRITE_AN_INPUT(among=self.looks_among, model=self.model),
            )
        for item in self.search_inputs():
            if item.value.strip() in ("", "[]"):
                empty = TS103.EMPTY_IMAGE if item.kind == "image" else TS103.EMPTY_TEXT
                yield ParseError(empty(), span=item.span)
        if self.inputs and in_options is not None and self.inputs[0].value.value != in_options.value.value:
            yield ParseError(TS104.INPUT_TWICE(), span=in_options.span)

    def _modality_problems(self, model: Model) -> Iterator[ThanoSQLError]:
        for item in self.search_inputs():
            if item.kind not in spec_of(model).modalities:
                yield cannot_embed(model, item.kind, item.span)
                return

    def _column_problems(self, columns: Columns, model: Model, catalog: Catalog) -> Iterator[ThanoSQLError]:
        if are_all(columns):
            yield from raised(self._embedding_column, columns, model, catalog)
        elif (column := find_column(columns or (), self._wanted(model))) is not None:
            yield from self._vector_problems(column, model)

    def _wanted(self, model: Model) -> str:
        return self.options.text("emb_col") or generated_name(self.model.text, model)

    def _vector_problems(self, column: Column, model: Model) -> Iterator[ThanoSQLError]:
        """What the column says of itself: whether it holds vectors, and whose."""
        span, made = self.options.given_span("emb_col") or self.model.span, column.generated
        if column.type and not column.type.endswith("]"):
            yield TypeMismatch(TS300.NOT_VECTORS(column=column.name, type=column.type), span=span)
        elif made is not None and made.base != spec_of(model).base:
            message = TS401.OTHER_MAKER(column=column.name, made=made.model, model=model.name)
            yield ModelError(message, span=span, hint=f"SEARCH … USING {made.model}")

    @property
    def is_ranked(self) -> bool:
        """Whether this is the 1.5 form, which returns the best ``top_k`` rows first."""
        return not self.inputs or self.options.assignment("top_k") is not None

    def search_inputs(self) -> tuple[SearchInput, ...]:
        """What to search for, in the order given."""
        if self.inputs:
            item = self.inputs[0]
            kind = "image" if item.name.lower().startswith("image") else "text"
        else:
            found = self.options.assignment("search_input")
            if found is None:
                return ()
            item, kind = found, (self.options.text("search_by") or "text").lower()
        values = item.value.items or (item.value,)
        return tuple(
            SearchInput(cast(Literal["text", "image"], kind), _text(value), value.span) for value in values
        )

    def result_columns(self, model: Model) -> tuple[str, ...]:
        """Names of the similarity columns, one an input."""
        count = max(1, len(self.search_inputs()))
        stated = self.options.text("result_col")
        if stated is None and self.inputs:
            base = f"{generated_name(self.model.text, model)}_similarity"
            return tuple(f"{base}{number}" for number in range(1, count + 1))
        name = stated or "search_result"
        return (name,) if count == 1 else tuple(f"{name}{number}" for number in range(1, count + 1))

    def called_before(self, catalog: Catalog) -> Iterator[tuple[str, old_names.Names]]:
        """The similarities."""
        model = find_model(catalog, self.model.text)
        if model is not None:
            for number, name in enumerate(self.result_columns(model), start=1):
                yield name, old_names.of_similarity(number, self.model.text, spec_of(model).base)

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows with their similarities; stored too if ``table_name`` says so."""
        model = runtime.catalog.model(self.model.text, self.model.span)
        rows = runtime.evaluate(self.query)
        column = self._embedding_column(rows.columns, model, runtime.catalog)
        scored = runtime.similarity(
            rows,
            model=model,
            column=column.name,
            inputs=self.search_inputs(),
            results=self.result_columns(model),
            top_k=self._top_k(rows),
            span=self.options.given_span("emb_col") or self.model.span,
        )
        stored_as = self.options.text("table_name")
        if stored_as is not None:
            runtime.changes.store(
                stored_as, scored, if_exists="replace", span=self.options.given_span("table_name")
            )
            runtime.notice(answers.STORED_AS(table=stored_as))
        return scored

    def run(self, runtime: Runtime) -> Result:
        """Show the rows, best first."""
        return runtime.preview(self.shown(runtime, self.evaluate(runtime)))

    def shown(self, runtime: Runtime, rows: Relation) -> Relation:
        """Its rows as people look at them, best first; in a query they keep that query's order."""
        by = self.result_columns(runtime.catalog.model(self.model.text))
        runtime.notice(answers.BEST_FIRST() if len(by) == 1 else answers.BEST_FIRST_BY(column=by[0]))
        return rows if self.is_ranked else runtime.ranked(rows, by[0])

    def _top_k(self, rows: Relation) -> int | None:
        """How many of the best rows to give; None for all in the query's order, as the 1.0 form does."""
        if not self.is_ranked:
            return None
        return self.options.integer("top_k") or max(1, rows.count())

    def makes(self, known: Foresight) -> Makes:
        """The rows with the similarity columns, and the table they are stored as, if they are."""
        added = tuple(self._added(known.catalog))
        columns = cache(partial(self._columns, known, added))
        stored_as = self.options.text("table_name")
        catalog = with_table(known.catalog, stored_as, columns()) if stored_as else known.catalog
        return Makes(catalog, columns, added, editor.GETS_SIMILARITIES(), partial(self._searched, known))

    def _searched(self, known: Foresight) -> Column | None:
        """The column of embeddings that is searched."""
        model, columns = find_model(known.catalog, self.model.text), known.columns(self.query) or ()
        named = find_column(columns, self._wanted(model)) if model is not None else None
        made = self._made(columns)
        return named or (made[0] if len(made) == 1 else None)

    def _made(self, columns: tuple[Column, ...]) -> list[Column]:
        """The columns of vectors that the model has made; those that an old name means, if one is given."""
        stated = self.options.text("emb_col")
        made = [column for column in columns if (it := column.generated) and it.model == self.model.text]
        return made if stated is None else [it for it in made if it in old_names.meant(stated, columns)]

    def _added(self, catalog: Catalog) -> Iterator[Added]:
        model = find_model(catalog, self.model.text)
        span = self.options.given_span("result_col") or Span(self.span.start, self.model.span.end)
        if model is not None and self.words not in self.unsupported:
            kind = inputs[0].kind if (inputs := self.search_inputs()) else "text"
            compared = Similarity(
                spec_of(model).name, "text" if self.looks_among == "TEXT" else "image", kind
            )
            for name in self.result_columns(model):
                yield Added(Column(name, "FLOAT", similarity=compared), span)

    def _columns(self, known: Foresight, added: tuple[Added, ...]) -> Columns:
        columns = known.columns(self.query)
        for new in added:
            columns = with_column(columns, new.column)
        return columns if added else some(columns)

    def _embedding_column(self, columns: tuple[Column, ...], model: Model, catalog: Catalog) -> Column:
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
        return next((it for it in columns if it.generated and it.generated.model == self.model.text), None)

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
        source = "image_col='image_path'" if self.looks_among == "IMAGE" else "text_col='text'"
        options = (
            source
            + (f", table_name='{table}'" if table else "")
            + (f", result_col='{result}'" if result else "")
        )
        return f"CONVERT USING {self.model} OPTIONS({options}) AS {rows}"


def _text(value: Value) -> str:
    return value.value if isinstance(value.value, str) else value.text
