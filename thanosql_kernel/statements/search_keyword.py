"""SEARCH KEYWORD: the words of texts that say best what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Self, cast

from thanosql_kernel.catalog import Column, EmbeddingKind
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.computing import KeywordRequest
from thanosql_kernel.statements.convert import cannot_embed
from thanosql_kernel.statements.foresight import Added, Columns, Foresight, Makes, with_column, with_table
from thanosql_kernel.statements.options import TABLE_NAME, Option
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Words
from thanosql_kernel.statements.using import EmbedsColumn
from thanosql_kernel.wording import answers, keywords, statements
from thanosql_kernel.wording.keywords import TS103

MOST_WORDS = 10
"""Of how many words a keyword is made at most."""


@dataclass(frozen=True)
class SearchKeyword(EmbedsColumn):
    """``SEARCH KEYWORD USING model [OPTIONS(...)] AS query``."""

    heads = (("SEARCH", "KEYWORD"),)
    syntax = "SEARCH KEYWORD USING model [OPTIONS(text_col='text', ngram_range=[1, 2], top_n=5, …)] AS query"
    help = keywords.SEARCH_KEYWORD
    example = (
        "SEARCH KEYWORD USING mini OPTIONS(text_col='text', ngram_range=[1, 3]) AS SELECT * FROM reviews"
    )
    option_specs = (
        Option("lang", "text", keywords.LANG, choices=("ko", "en")),
        Option("text_col", "text", statements.TEXT_COL, default="text", role="column"),
        Option("ngram_range", "list", keywords.NGRAM_RANGE),
        Option("top_n", "integer", keywords.TOP_N, default=5, minimum=1),
        Option("diversity", "number", keywords.DIVERSITY, default=0.5, minimum=0, maximum=1),
        Option("use_stopwords", "boolean", keywords.USE_STOPWORDS, default=True),
        Option("threshold", "number", keywords.THRESHOLD, default=0.0, minimum=-1, maximum=1),
        Option(
            "result_col",
            "text",
            keywords.KEYWORD_COL,
            default="keyword",
            aliases=("column_name",),
            role="new column",
        ),
        TABLE_NAME,
    )

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows SEARCH KEYWORD."""
        cursor.expect("USING")
        return replace(super().parse(cursor, (*words, "USING")), words=words)

    @property
    def kind(self) -> EmbeddingKind:
        """Texts."""
        return "text"

    @property
    def words_range(self) -> tuple[int, int] | None:
        """Of how many words keywords are made, at least and at most; None if what is given is no range."""
        given = self.options.value("ngram_range")
        if given is None:
            return 1, 2
        numbers = given if isinstance(given, list) else []
        whole = all(isinstance(it, int) and not isinstance(it, bool) for it in numbers)
        if len(numbers) != 2 or not whole:
            return None
        least, most = cast("list[int]", numbers)
        return (least, most) if 1 <= least <= most <= MOST_WORDS else None

    @property
    def result(self) -> str:
        """The name of the column of keywords."""
        return self.options.text("result_col") or ""

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A range that is none, a model that embeds no texts, a query without the column."""
        yield from super().check(known)
        if self.words_range is None:
            span = self.options.given_span("ngram_range")
            yield ParseError(TS103.NO_RANGE(name="ngram_range", most=MOST_WORDS), span=span)
        model = known.catalog.models.get(self.model.text)
        if known.has_database and model is not None and "text" not in spec_of(model).modalities:
            yield cannot_embed(model, "text", self.model.span)
        yield from self.check_source(known)

    # -- what it makes ---------------------------------------------------------------------------------------
    def makes(self, known: Foresight) -> Makes:
        """The rows with their keywords, and the table they are stored as, if they are."""
        added = self._added
        columns = cache(partial(self._columns, known, added))
        stored_as = self.options.text("table_name")
        catalog = with_table(known.catalog, stored_as, columns()) if stored_as else known.catalog
        return Makes(catalog, columns, (added,), keywords.GETS_KEYWORDS(), partial(self._read, known))

    @property
    def _added(self) -> Added:
        span = self.options.given_span("result_col") or Span(self.span.start, self.model.span.end)
        return Added(Column(self.result, "JSON"), span)

    def _columns(self, known: Foresight, added: Added) -> Columns:
        return with_column(known.columns(self.query), added.column)

    def _read(self, known: Foresight) -> Column | None:
        return find_column(known.columns(self.query) or (), self.source)

    # -- what it does ----------------------------------------------------------------------------------------
    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows with their keywords; stored too if ``table_name`` says so."""
        model = runtime.catalog.model(self.model.text, self.model.span)
        rows = runtime.evaluate(self.query)
        found = runtime.keywords(rows, model=model, request=self._request(), result=self.result)
        stored_as = self.options.text("table_name")
        if stored_as is not None:
            span = self.options.given_span("table_name")
            runtime.changes.store(stored_as, found, if_exists="replace", span=span)
            runtime.notice(answers.STORED_AS(table=stored_as))
        return found

    def _request(self) -> KeywordRequest:
        options, (least, most) = self.options, self.words_range or (1, 2)
        language = options.text("lang")
        return KeywordRequest(
            source=self.source,
            language=language.lower() if language else None,
            shortest=least,
            longest=most,
            top_n=options.integer("top_n") or 5,
            diversity=float(cast(float, options.value("diversity"))),
            threshold=float(cast(float, options.value("threshold"))),
            use_stopwords=options.flag("use_stopwords"),
            span=options.given_span("text_col") or self.span,
        )
