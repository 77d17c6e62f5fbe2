"""What a SEARCH may be told of its order: words to look for too, rows that differ, and a model's own probabilities."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from thanosql_kernel.catalog import Column, EmbeddingKind, GeneratedColumn, Model
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import AddOption, Fix, ModelError, ParseError, Span, ThanoSQLError
from thanosql_kernel.models.spec import OWN, spec_of
from thanosql_kernel.statements.foresight import Columns
from thanosql_kernel.statements.options import Option, Options
from thanosql_kernel.statements.search_inputs import Inputs
from thanosql_kernel.statements.using import is_no_text, no_text
from thanosql_kernel.statements.vectors import Keywords
from thanosql_kernel.wording import searching
from thanosql_kernel.wording.models import TS403
from thanosql_kernel.wording.searching import TS110

RANKING = (
    Option("keyword", "text", searching.KEYWORD),
    Option("keyword_col", "text", searching.KEYWORD_COL, role="column"),
    Option("diverse", "boolean", searching.DIVERSE, default=False),
    Option("relevance", "boolean", searching.RELEVANCE, default=False),
)

MOST_WORDS = 32
"""Words of a keyword: each is counted in every text."""

MOST_DIVERSE = 1000
"""Rows that diverse gives: each is compared with all that may follow it."""

FUSION_CONSTANT = 60
"""What is added to ranks before they are turned over; Cormack, Clarke and Büttcher (2009) found 60 good throughout."""

ACROSS_KINDS, WITHIN_KIND = 0.7, 0.45
"""Lambda of maximal marginal relevance: how much the similarity to the input counts beside that to rows chosen before.

Texts and pictures lie apart (Liang et al. 2022, https://arxiv.org/abs/2203.02053): the cosines of a text to pictures
spread over a quarter of what those of pictures to each other do. Within one kind it is below a half: where the input is
a picture of the table, its first row is the input itself, and at a half all other rows would be equally good.
"""

_WORD = re.compile(r"[^\W_]+")


def diverse_pool(top_k: int) -> int:
    """Of how many of the best rows ``top_k`` are chosen: three times as many, 30 at least; others fit too little."""
    return max(30, 3 * top_k)


def relevance_share(made: GeneratedColumn | None, kinds: Iterable[EmbeddingKind]) -> float:
    """Lambda for a column of vectors and the kinds of what is searched for."""
    return ACROSS_KINDS if made is not None and made.kind not in set(kinds) else WITHIN_KIND


@dataclass(frozen=True)
class Ranking:
    """What the options say of it.

    Attributes:
        options: The options.
        inputs: What is searched for.
        model_span: Where the model is named.
    """

    options: Options
    inputs: Inputs
    model_span: Span

    @property
    def keyword(self) -> str | None:
        """The words to look for."""
        return self.options.text("keyword")

    @property
    def is_diverse(self) -> bool:
        """Whether rows are left out that are much like better ones."""
        return self.options.flag("diverse")

    @property
    def gives_relevance(self) -> bool:
        """Whether the model's own probabilities are given."""
        return self.options.flag("relevance")

    # -- what is wrong with it -------------------------------------------------------------------------------
    def problems(self) -> Iterator[ThanoSQLError]:
        """Options that need another, or exclude each other."""
        yield from self._keyword_problems()
        if self.is_diverse:
            yield from self._diverse_problems(self.options.given_span("diverse") or self.model_span)
        relevance = self.options.given_span("relevance")
        if self.gives_relevance and self.inputs.weights is not None:
            yield ParseError(TS110.OF_ONE_PAIR(), span=relevance)

    def _keyword_problems(self) -> Iterator[ThanoSQLError]:
        keyword, column = self.options.assignment("keyword"), self.options.assignment("keyword_col")
        if keyword is None:
            if column is not None:
                yield ParseError(TS110.WHICH_WORDS(), span=column.name_span)
            return
        if column is None:
            yield ParseError(TS110.WHERE_ARE_WORDS(), span=keyword.span, hint=TS110.NAME_TEXTS())
        if keyword.value.form != "parameter" and self.keyword is not None:
            words = set(_WORD.findall(unicodedata.normalize("NFKC", self.keyword).lower()))
            if not words:
                yield ParseError(TS110.NO_WORDS(), span=keyword.value.span)
            elif len(words) > MOST_WORDS:
                yield ParseError(TS110.TOO_MANY_WORDS(most=MOST_WORDS), span=keyword.value.span)
        if self.inputs.columns > 1:
            yield ParseError(
                TS110.ONE_SIMILARITY(count=self.inputs.columns), span=keyword.span, hint=TS110.WEIGH_THEM()
            )

    def _diverse_problems(self, span: Span) -> Iterator[ThanoSQLError]:
        top_k = self.options.assignment("top_k")
        if self.keyword is not None:
            yield ParseError(TS110.NOT_BOTH(), span=span)
        if top_k is None and self.inputs.are_beside:
            fix = Fix(TS110.SAY_HOW_MANY(), AddOption(self.model_span, "top_k=20"))
            yield ParseError(TS110.HOW_MANY(), span=span, hint=TS110.SAY_HOW_MANY(), fixes=[fix])
        elif top_k is not None and top_k.value.form != "parameter":
            value = top_k.value.value
            if value is None or (isinstance(value, int) and value > MOST_DIVERSE):
                yield ParseError(TS110.AT_MOST(most=MOST_DIVERSE), span=top_k.value.span)

    def text_problems(self, columns: Columns) -> Iterator[ThanoSQLError]:
        """A ``keyword_col`` that holds no texts."""
        named = self.options.text("keyword_col")
        found = find_column(columns or (), named) if named is not None else None
        if found is not None and is_no_text(found.type):
            yield no_text(found.name, found.type, self.options.given_span("keyword_col"))

    def relevance_problems(self, model: Model, column: Column | None) -> Iterator[ThanoSQLError]:
        """A model without relevance, or a column to which it says nothing."""
        if not self.gives_relevance:
            return
        span, spec = self.options.given_span("relevance"), spec_of(model)
        if spec.name != OWN.name and spec.family != "siglip":
            yield no_relevance(model.name, span)
        elif column is not None:
            yield from self._pair_problems(column, span)

    def _pair_problems(self, column: Column, span: Span | None) -> Iterator[ThanoSQLError]:
        made = column.generated
        if made is None:
            yield ModelError(TS110.OF_KNOWN_VECTORS(column=column.name), span=span)
            return
        same = next((piece for piece in self.inputs.pieces if piece.kind == made.kind), None)
        if same is not None:
            kind = TS403.IMAGES() if made.kind == "image" else TS403.TEXTS()
            yield ModelError(TS110.OF_TEXT_AND_PICTURE(kind=kind), span=same.value.span)

    # -- what it makes ---------------------------------------------------------------------------------------
    def relevances(self, similarities: Sequence[str]) -> tuple[str, ...]:
        """Names of the columns of relevance, one a similarity."""
        return tuple(f"{name}_relevance" for name in similarities) if self.gives_relevance else ()

    def keywords(self, similarities: Sequence[str]) -> Keywords | None:
        """The words, where they are looked for, and what the columns are called that come of it."""
        text, column = self.keyword, self.options.text("keyword_col")
        if text is None or column is None:
            return None
        name = similarities[0]
        return Keywords(
            text, column, (f"{name}_keyword", f"{name}_fused"), self.options.given_span("keyword_col")
        )

    def added(self, similarities: Sequence[str]) -> Iterator[Column]:
        """The columns of numbers, those of cosines first."""
        for name in (*similarities, *self.relevances(similarities)):
            yield Column(name, "FLOAT")
        keywords = self.keywords(similarities)
        for name in () if keywords is None else keywords.results:
            yield Column(name, "DOUBLE")

    def decides(self, similarities: Sequence[str]) -> str:
        """The column whose largest numbers are best."""
        keywords = self.keywords(similarities)
        return similarities[0] if keywords is None else keywords.results[1]

    @property
    def about(self) -> str:
        """A sentence about the columns; "" where they are the usual ones."""
        if self.keyword is not None:
            return searching.GETS_FUSED()
        if self.gives_relevance:
            return searching.GETS_RELEVANCE()
        return searching.GETS_COMBINED() if self.inputs.weights is not None else ""


def no_relevance(model: str, span: Span | None = None) -> ModelError:
    """The error that a model gives no probabilities."""
    return ModelError(TS403.NO_RELEVANCE(model=model), span=span, hint=TS403.USE_SIGLIP())
