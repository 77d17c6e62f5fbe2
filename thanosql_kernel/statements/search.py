"""SEARCH: how similar each row is to a text or picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Self, cast

from thanosql_kernel.catalog import Catalog, Column, Model
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import (
    ModelError,
    ParseError,
    ThanoSQLError,
    UnknownName,
    Unsupported,
    did_you_mean,
)
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.sql.query import Query, is_result_name
from thanosql_kernel.statements.convert import generated_name
from thanosql_kernel.statements.foresight import Columns, Foresight, find_model, some, with_column, with_table
from thanosql_kernel.statements.options import RESULT_COL, TABLE_NAME, Option, Options
from thanosql_kernel.statements.runtime import Relation, Runtime, SearchInput
from thanosql_kernel.statements.statement import SUPPORTED, Statement

DEFAULT_TOP_K = 1000

INPUTS = (
    Option("text", "text", "a text to search for"),
    Option("texts", "texts", "texts to search for, one similarity column each"),
    Option("image", "text", "a picture to search for", role="path"),
    Option("images", "texts", "pictures to search for, one similarity column each", role="path"),
)


@dataclass(frozen=True)
class Search(Statement):
    """``SEARCH IMAGE|TEXT [text=…|texts=[…]|image=…|images=[…]] USING model [OPTIONS(...)] AS query``."""

    heads = tuple(("SEARCH", target) for target in ("IMAGE", "TEXT", "KEYWORD", "AUDIO", "VIDEO"))
    syntax = "SEARCH IMAGE|TEXT [text='…'|texts=[…]|image='…'|images=[…]] USING model [OPTIONS(…)] AS query"
    help = (
        "The query's rows and one similarity column an input, {model}_{base}_similarity1 and so on: the cosine, "
        "from -1 to 1. With search_by and search_input in OPTIONS, the best top_k rows come first."
    )
    example = "SEARCH IMAGE text='a black cat' USING clip AS SELECT * FROM photos"
    table_valued = True
    option_specs = (
        Option(
            "search_by",
            "text",
            "what search_input holds",
            choices=("text", "image"),
            aliases=("search_input_type",),
        ),
        Option("search_input", "texts", "what to search for", role="path"),
        Option("emb_col", "text", "the column of embeddings to search", role="column"),
        RESULT_COL,
        Option(
            "top_k",
            "integer",
            "how many of the best rows to return",
            default=DEFAULT_TOP_K,
            none=True,
            minimum=1,
        ),
        TABLE_NAME,
    )

    target: str
    inputs: tuple[Assignment, ...]
    model: Name
    given: tuple[Assignment, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read what follows SEARCH and its target."""
        start = cursor.tokens[cursor.at - len(words)].start
        inputs: list[Assignment] = []
        while not cursor.accept("USING"):
            for option in INPUTS:
                cursor.want("word", option.name)
            if (
                not cursor.done
                and (token := cursor.peek()) is not None
                and token.text.lower() in _INPUT_NAMES
            ):
                inputs.append(cursor.assignment())
                cursor.accept(",")
            else:
                raise cursor.fail()
        model = cursor.name("model")
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words[1], tuple(inputs), model, given, query)

    @property
    def options(self) -> Options:
        """The options, the text-search ones of SEARCH KEYWORD left unread."""
        return Options(() if self.target == "KEYWORD" else self.given, self.option_specs)

    def problems(self) -> Iterator[ThanoSQLError]:
        """Option errors, no input or two kinds of input, targets this kernel does not search."""
        if self.target not in ("IMAGE", "TEXT"):
            yield Unsupported(f"SEARCH {self.target} is not supported", span=self.span, hint=SUPPORTED)
            return
        yield from super().problems()
        yield from Options(self.inputs, INPUTS).problems()
        yield from self._input_problems()

    def _input_problems(self) -> Iterator[ThanoSQLError]:
        in_options = self.options.assignment("search_input")
        if len(self.inputs) > 1:
            yield ParseError("one kind of input at a time", code="TS104", span=self.inputs[1].span)
        if not self.inputs and in_options is None:
            yield ParseError(
                "nothing to search for",
                span=self.model.span,
                hint=f"write SEARCH {self.target} text='…' USING {self.model}",
            )
        for item in self.search_inputs():
            if item.value.strip() in ("", "[]"):
                yield ParseError(f"an empty {item.kind} finds nothing", code="TS103", span=item.span)
        if self.inputs and in_options is not None and self.inputs[0].value.value != in_options.value.value:
            yield ParseError("the input is given twice", code="TS104", span=in_options.span)

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
        if stated is None:
            base = f"{generated_name(self.model.text, model)}_similarity"
            return tuple(f"{base}{number}" for number in range(1, count + 1))
        return (stated,) if count == 1 else tuple(f"{stated}{number}" for number in range(1, count + 1))

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows with their similarities; stored too if ``table_name`` says so."""
        model = runtime.catalog.model(self.model.text, self.model.span)
        rows = runtime.evaluate(self.query)
        column = self._embedding_column(rows, model, runtime.catalog)
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
            runtime.store(stored_as, scored, if_exists="replace", span=self.options.given_span("table_name"))
            runtime.notice(f"stored as table {stored_as}")
        return scored

    def _top_k(self, rows: Relation) -> int | None:
        """How many of the best rows to give; None for all in the query's order, as the 1.0 form does."""
        if not self.is_ranked:
            return None
        return self.options.integer("top_k") or max(1, rows.count())

    def output(self, known: Foresight) -> Columns:
        """The query's columns and the similarity columns."""
        model = find_model(known.catalog, self.model.text)
        columns = known.columns(self.query)
        if model is None:
            return some(columns)
        for name in self.result_columns(model):
            columns = with_column(columns, Column(name, "FLOAT"))
        return columns

    def effect(self, known: Foresight) -> Catalog:
        """The table it is stored as, if it is."""
        stored_as = self.options.text("table_name")
        return with_table(known.catalog, stored_as, self.output(known)) if stored_as else known.catalog

    def _embedding_column(self, rows: Relation, model: Model, catalog: Catalog) -> Column:
        """The column to search: the one named, else ``{model}_{base}``, else the only one the model made."""
        stated = self.options.text("emb_col")
        if stated is not None:
            return self._stated_column(rows, stated)
        by_name = find_column(rows.columns, generated_name(self.model.text, model))
        if by_name is not None:
            return by_name
        made = [column for column in rows.columns if (it := column.generated) and it.model == self.model.text]
        if len(made) == 1:
            return made[0]
        if made:
            names = ", ".join(column.name for column in made)
            message = f"{self.model} made several columns here: {names}"
            raise ModelError(
                message, code="TS402", span=self.model.span, hint=f"choose: OPTIONS(emb_col='{made[0].name}')"
            )
        raise self.nothing_to_search(catalog)

    def _stated_column(self, rows: Relation, stated: str) -> Column:
        column = find_column(rows.columns, stated)
        if column is None:
            close = did_you_mean(stated, [column.name for column in rows.columns])
            span = self.options.given_span("emb_col")
            hint = close or self.advice(stated)
            raise UnknownName(f"the query has no column {stated}", code="TS202", span=span, hint=hint)
        return column

    def nothing_to_search(self, catalog: Catalog) -> ModelError:
        """What to say where the query's rows have no vectors of the model."""
        column = self._left_out(catalog)
        if column is None:
            message = f"nothing here was converted with {self.model}"
            hint = self.advice(None)
        else:
            message = f"the query leaves out {column.name}, the vectors of {self.model}"
            hint = f"select {column.name} too"
        return ModelError(message, code="TS402", span=self.model.span, hint=hint)

    def _left_out(self, catalog: Catalog) -> Column | None:
        """The model's column in a table that the query names."""
        named = (catalog.find_table(token.name) for token in self.query.tokens if token.is_name)
        columns = (column for table in named if table is not None for column in table.columns)
        return next((it for it in columns if it.generated and it.generated.model == self.model.text), None)

    def advice(self, result: str | None) -> str:
        """What to do about a column that is missing: run a CONVERT that stores it, or search in what one returns."""
        conversion = self.conversion(result)
        if self.query.plain_table() is None:
            return f"search the rows of a CONVERT: AS ({conversion})"
        return f"run first: {conversion}"

    def conversion(self, result: str | None) -> str:
        """The CONVERT statement that makes what is missing."""
        table = self.query.plain_table()
        table = None if table is not None and is_result_name(table) else table
        source = "image_col='image_path'" if self.target == "IMAGE" else "text_col='text'"
        options = (
            source
            + (f", table_name='{table}'" if table else "")
            + (f", result_col='{result}'" if result else "")
        )
        return f"CONVERT USING {self.model} OPTIONS({options}) AS {self.query.text.strip()}"


_SIMILARITY = re.compile(r".+_similarity\d+\Z")


def made_by_search(name: str, columns: Iterable[str]) -> str | None:
    """The hint for a similarity that is asked for outside of the SEARCH that makes it; None for any other name."""
    if _SIMILARITY.match(name) is None or any(map(_SIMILARITY.match, columns)):
        return None
    return "a SEARCH makes it: SELECT … FROM (SEARCH IMAGE text='…' USING … AS SELECT * FROM …)"


_INPUT_NAMES = frozenset(option.name for option in INPUTS)


def _text(value: Value) -> str:
    return value.value if isinstance(value.value, str) else value.text
