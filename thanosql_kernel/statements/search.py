"""SEARCH: how similar each row is to a text or picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import ClassVar, Self

from thanosql_kernel.catalog import Catalog, Column, Model, Similarity, old_names
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.convert import cannot_embed, generated_name
from thanosql_kernel.statements.foresight import (
    Added,
    Columns,
    Foresight,
    Makes,
    find_model,
    some,
    with_column,
    with_table,
)
from thanosql_kernel.statements.options import RESULT_COL, TABLE_NAME, Option
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.search_column import SearchesColumn
from thanosql_kernel.statements.search_inputs import INPUTS, QUERIED, WEIGHTS, Inputs
from thanosql_kernel.statements.search_ranking import (
    FUSION_CONSTANT,
    RANKING,
    Ranking,
    diverse_pool,
    relevance_share,
)
from thanosql_kernel.statements.statement import Words
from thanosql_kernel.statements.vectors import SearchInput
from thanosql_kernel.wording import answers, editor, searching, statements
from thanosql_kernel.wording.grammar import TS100

DEFAULT_TOP_K = 1000


@dataclass(frozen=True)
class Search(SearchesColumn):
    """``SEARCH IMAGE|TEXT [text=…|texts=[…]|image=…|images=[…]] USING model [OPTIONS(...)] AS query``."""

    heads = tuple(("SEARCH", target) for target in ("IMAGE", "TEXT"))
    syntax = (
        "SEARCH IMAGE|TEXT [text='…'|texts=[…]|image='…'|images=[…]|image=(query)] [weights=[…]] "
        "USING model [OPTIONS(…)] AS query"
    )
    help = statements.SEARCH
    example = "SEARCH IMAGE text='a black cat' USING clip AS SELECT * FROM photos"
    input_specs: ClassVar[tuple[Option, ...]] = INPUTS
    option_specs: ClassVar[tuple[Option, ...]] = (
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
        WEIGHTS,
        *RANKING,
        TABLE_NAME,
    )

    inputs: tuple[Assignment, ...]

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows SEARCH and its target."""
        start, inputs = cursor.start_of(words), list[Assignment]()
        with cursor.querying(QUERIED):
            while not cursor.accept("USING"):
                names = [it.name for it in cls.input_specs if inputs or it is not WEIGHTS]
                for name in names:
                    cursor.want("word", name)
                token = cursor.peek()
                if token is None or token.text.lower() not in {*names, WEIGHTS.name}:
                    raise cursor.fail()
                inputs.append(cursor.assignment())
                cursor.accept(",")
            model = cursor.name("model")
            given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words, model, given, query, tuple(inputs))

    @property
    def asked(self) -> Inputs:
        """What it looks for."""
        return Inputs(self.inputs, self.options)

    @property
    def ranking(self) -> Ranking:
        """What its options say of the order."""
        return Ranking(self.options, self.asked, self.model.span)

    @property
    def queries(self) -> tuple[Query, ...]:
        """The query whose rows it searches, and those whose rows it looks for."""
        return (self.query, *self.asked.queries)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """No input or two kinds of input, a model that cannot embed it, nothing that can be searched."""
        yield from super().check(known)
        if self.words in self.unsupported:
            return
        if not self.asked.given:
            yield ParseError(
                TS100.NOTHING_TO_SEARCH_FOR(),
                span=self.model.span,
                hint=TS100.WRITE_AN_INPUT(among=self.looks_among, model=self.model),
            )
        yield from self.asked.problems(known)
        yield from self.ranking.problems()
        model = known.catalog.models.get(self.model.text)
        if model is not None and known.has_database:
            columns = known.columns(self.query)
            yield from self._modality_problems(model)
            yield from self._column_problems(columns, model, known.catalog)
            yield from self.ranking.text_problems(columns)
            yield from self.ranking.relevance_problems(model, self._searched(known))

    def column_options(self) -> Iterator[str]:
        """Those that `check` does not look at itself."""
        yield "keyword_col"

    def _modality_problems(self, model: Model) -> Iterator[ThanoSQLError]:
        for piece in self.asked.pieces:
            if piece.kind not in spec_of(model).modalities:
                yield cannot_embed(model, piece.kind, piece.value.span)
                return

    @property
    def is_ranked(self) -> bool:
        """Whether this is the 1.5 form, which returns the best ``top_k`` rows first."""
        return not self.asked.are_beside or self.options.assignment("top_k") is not None

    @property
    def gives_best(self) -> bool:
        """With top_k."""
        return self.is_ranked and self.options.integer("top_k") is not None

    def finds_best_by(self, catalog: Catalog) -> Sequence[str]:
        """The similarities, without top_k and keyword."""
        model = find_model(catalog, self.model.text)
        is_plain = not self.gives_best and self.words_in is None and not self.ranking.is_diverse
        return self.result_columns(model) if model is not None and is_plain else ()

    @property
    def words_in(self) -> str | None:
        """With keyword."""
        return None if self.ranking.keyword is None else self.options.text("keyword_col")

    def search_inputs(self) -> tuple[SearchInput, ...]:
        """What to search for, in the order given, as far as it is written out."""
        return tuple(piece.written for piece in self.asked.pieces if piece.value.query is None)

    def result_columns(self, model: Model) -> tuple[str, ...]:
        """Names of the similarity columns, one an input."""
        count = self.asked.columns
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
        column = self.embedding_column(rows.columns, model, runtime.catalog)
        scored = self._scored(runtime, rows, model, column)
        stored_as = self.options.text("table_name")
        if stored_as is not None:
            runtime.changes.store(
                stored_as, scored, if_exists="replace", span=self.options.given_span("table_name")
            )
            runtime.notice(answers.STORED_AS(table=stored_as))
        return scored

    def _scored(self, runtime: Runtime, rows: Relation, model: Model, column: Column) -> Relation:
        """The rows with what is compared in a column beside them."""
        results = self.result_columns(model)
        return runtime.similarity(
            rows,
            model=model,
            column=column.name,
            inputs=self.asked.sought(runtime),
            results=results,
            top_k=self._top_k(rows),
            keywords=self.ranking.keywords(results),
            diverse=self.ranking.is_diverse,
            relevances=self.ranking.relevances(results),
            span=self.options.given_span("emb_col") or self.model.span,
        )

    def run(self, runtime: Runtime) -> Result:
        """Show the rows, best first."""
        return runtime.preview(self.shown(runtime, self.evaluate(runtime)))

    def shown(self, runtime: Runtime, rows: Relation) -> Relation:
        """Its rows as people look at them, best first; in a query they keep that query's order."""
        results = self.result_columns(runtime.catalog.model(self.model.text))
        by, added = self.ranking.decides(results), list(self.ranking.added(results))
        if self.ranking.is_diverse:
            runtime.notice(searching.DIVERSE_FIRST())
        else:
            runtime.notice(answers.BEST_FIRST() if len(added) == 1 else answers.BEST_FIRST_BY(column=by))
        return rows if self.is_ranked else runtime.ranked(rows, by)

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
        about = self.ranking.about or editor.GETS_SIMILARITIES()
        return Makes(
            catalog, columns, added, about, partial(self._searched, known), tuple(self._steps(known))
        )

    def _steps(self, known: Foresight) -> Iterator[str]:
        """What it does beyond comparing each row with each input."""
        keyword, texts = self.ranking.keyword, self.options.text("keyword_col")
        if self.asked.weights is not None and (count := len(self.asked.pieces)) > 1:
            yield searching.COMBINES(count=count)
        if keyword is not None and texts is not None:
            yield searching.FUSES(keyword=keyword, column=texts, constant=FUSION_CONSTANT)
        if self.ranking.is_diverse and (top_k := self.options.integer("top_k")) is not None:
            column = self._searched(known)
            made = column.generated if column is not None else None
            share = relevance_share(made, (piece.kind for piece in self.asked.pieces))
            yield searching.DIVERSIFIES(top_k=top_k, pool=diverse_pool(top_k), share=share)

    def _compared(self, model: Model) -> Similarity:
        """What its cosines compare."""
        kind = inputs[0].kind if (inputs := self.search_inputs()) else "text"
        return Similarity(spec_of(model).name, "text" if self.looks_among == "TEXT" else "image", kind)

    def _added(self, catalog: Catalog) -> Iterator[Added]:
        model = find_model(catalog, self.model.text)
        span = self.options.given_span("result_col") or Span(self.span.start, self.model.span.end)
        if model is not None and self.words not in self.unsupported:
            results = self.result_columns(model)
            for column in self.ranking.added(results):
                is_similarity = column.name in results and self.asked.weights is None
                yield Added(
                    replace(column, similarity=self._compared(model)) if is_similarity else column, span
                )

    def _columns(self, known: Foresight, added: tuple[Added, ...]) -> Columns:
        columns = known.columns(self.query)
        for new in added:
            columns = with_column(columns, new.column)
        return columns if added else some(columns)
