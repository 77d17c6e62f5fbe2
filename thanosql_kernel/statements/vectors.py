"""What statements ask of the engine about vectors: to make them, and to compare them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypedDict

from thanosql_kernel.catalog import Column, EmbeddingKind, Model
from thanosql_kernel.errors import Span
from thanosql_kernel.films.sampling import Sampling
from thanosql_kernel.statements.changes import Relation

OnError = Literal["null", "fail"]


@dataclass(frozen=True, slots=True)
class SearchInput:
    """One thing to search for.

    Attributes:
        kind: Whether ``value`` is a text or the path of a picture.
        value: The text or path.
        span: Where the user wrote it.
    """

    kind: Literal["text", "image"]
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Combined:
    """Several things to search for as one: the direction of the weighted sum of their unit vectors.

    It is Rocchio's query (1971, "Relevance feedback in information retrieval"): what is weighted below zero is moved
    away from.

    Attributes:
        parts: Weights, and what they weigh.
        span: Where the user wrote them.
    """

    parts: tuple[tuple[float, Sought], ...]
    span: Span


Sought = SearchInput | Combined


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words to search for beside meanings.

    Attributes:
        text: The words.
        column: The column of texts.
        results: Names of the columns of the words' scores and of what both searches come to.
        span: Where the user named the column.
    """

    text: str
    column: str
    results: tuple[str, str]
    span: Span | None


@dataclass(frozen=True, slots=True)
class EmbedReport:
    """What a CONVERT did.

    Attributes:
        rows: Rows looked at.
        embedded: Vectors computed now.
        reused: Vectors found from earlier runs.
        failed: Rows that stay NULL because their picture or text could not be read.
        failures: The first five of them: path and reason.
        seconds: Wall time.
        out_of_reach: Rows that keep the vector they had, as their file cannot be reached.
        ready: Rows that have a vector now.
        cut: Rows whose picture was embedded now though a part of it is missing.
        losses: The first five of these pictures: path and what is missing.
    """

    rows: int
    embedded: int
    reused: int
    failed: int
    failures: tuple[tuple[str, str], ...]
    seconds: float
    out_of_reach: int = 0
    ready: int = 0
    cut: int = 0
    losses: tuple[tuple[str, str], ...] = ()


class EmbedWish(TypedDict):
    """What `VectorWork.embed` takes beside the rows."""

    model: Model
    kind: EmbeddingKind
    source: str
    result: str
    batch_size: int
    on_error: OnError
    views: int | None
    sampling: Sampling | None
    span: Span | None


class Labels(NamedTuple):
    """What rows may be.

    Attributes:
        texts: The labels.
        prompts: The text that is compared for each.
        top_k: How many labels a row gets.
        span: Where the user wrote them.
    """

    texts: tuple[str, ...]
    prompts: tuple[str, ...]
    top_k: int
    span: Span


class VectorWork(Protocol):
    """The requests, each of which may load a model."""

    def embed(
        self,
        rows: Relation,
        *,
        model: Model,
        kind: EmbeddingKind,
        source: str,
        result: str,
        batch_size: int = 16,
        on_error: OnError = "null",
        views: int | None = None,
        sampling: Sampling | None = None,
        span: Span | None = None,
    ) -> tuple[Relation, EmbedReport]:
        """The rows plus (or with replaced) one vector column ``result`` with the embedding of column ``source``.

        Each vector is the mean of those of so many ``views`` of its picture (see `images.viewed`); without a number
        of as many as the column has had, of one in a new one. Of films the frames are embedded that ``sampling`` says,
        and the column refers to them; without it those that the column has had, one a second in a new one.
        """
        ...

    def similarity(
        self,
        rows: Relation,
        *,
        model: Model,
        column: str,
        inputs: Sequence[Sought],
        results: Sequence[str],
        top_k: int | None = None,
        keywords: Keywords | None = None,
        diverse: bool = False,
        relevances: Sequence[str] = (),
        span: Span | None = None,
    ) -> Relation:
        """The rows plus one float32 cosine column an input; with ``top_k`` best first, by the first input.

        Args:
            rows: What is searched.
            model: The model.
            column: The vectors.
            inputs: What to search for.
            results: Names of the columns of cosines.
            top_k: How many of the best rows to give; all in their order without it.
            keywords: Words to search for too: two columns more, and the best are those of both searches.
            diverse: Whether rows are left out that are much like better ones; only with ``top_k``.
            relevances: Names of the columns of the model's own probabilities that input and row belong together.
            span: Where the user named the vectors.

        Raises:
            ModelError: TS401 when ``column`` was made with other weights than the model has now, TS403 when it gives
                no probabilities.
        """
        ...

    def ranked(self, rows: Relation, column: str) -> Relation:
        """The rows with the highest numbers in a column first, ties in the rows' order, NULLs last."""
        ...

    def classify(
        self,
        rows: Relation,
        embedded: Relation,
        *,
        model: Model,
        column: str,
        labels: Labels,
        results: tuple[str, str],
    ) -> Relation:
        """The rows plus the labels whose prompts are nearest to the vectors that ``embedded`` has, and their cosines.

        Raises:
            ModelError: TS401 when the vectors were made with other weights than the model has now.
        """
        ...

    def made_by(self, column: Column, model: Model) -> bool:
        """Whether a model, as it is now, is the one that made a column of vectors."""
        ...
