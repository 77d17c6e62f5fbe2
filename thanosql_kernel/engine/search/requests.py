"""What a statement may ask of pictures and of models over rows. A part of `runtime.StatementRuntime`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack, cast

from thanosql_kernel.catalog import Column, EmbeddingKind, Model
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.films.sampling import Sampling
from thanosql_kernel.interrupts import never
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.convert import views_of
from thanosql_kernel.statements.film_options import sampling_of
from thanosql_kernel.statements.vectors import EmbedReport, EmbedWish, Keywords, Labels, OnError, Sought

if TYPE_CHECKING:
    from thanosql_kernel.engine.embed.cache import EmbeddingCache
    from thanosql_kernel.engine.embed.embedding import Elsewhere, EmbeddedContents, EmbedRequest
    from thanosql_kernel.engine.embed.filling import Filled
    from thanosql_kernel.engine.embed.shards import Shard
    from thanosql_kernel.engine.search.search import Searcher
    from thanosql_kernel.models.encoder import Encoder


class VectorRequests(ABC):
    """Requests that load a model.

    Attributes:
        work: The statement's.
        embedded: What the statement has embedded, also before it began anew.
    """

    work: Work
    embedded: EmbeddedContents | None

    @property
    @abstractmethod
    def searcher(self) -> Searcher:
        """What scores vectors."""

    @property
    @abstractmethod
    def cache(self) -> EmbeddingCache:
        """What has been embedded."""

    def reader(self, value: object) -> Callable[[], bytes] | None:
        """How a picture that is no file is read; None for a path."""
        return replace(self.work.pictures, check=never).reader(value)

    def elsewhere(self, model: Model) -> Elsewhere | None:
        """Where a model embeds, if not here."""
        return None

    def embed(
        self,
        rows: asked.Relation,
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
        """The rows plus (or with replaced) one vector column with the embedding of column ``source``."""
        from thanosql_kernel.engine.embed.convert import embed_column

        given = cast(Relation, rows).repeatable()
        request = self._embed_request(
            given, model, kind, source, result, batch_size, on_error, views, sampling, span
        )
        return embed_column(given, request.column(result, model, given), request, self.cache)

    def fill(
        self, rows: asked.Relation, *, shard: Shard, commit_s: float, **wish: Unpack[EmbedWish]
    ) -> Filled:
        """Embed those values of a column that belong to a shard, for an `embed` of the same that comes later."""
        from thanosql_kernel.engine.embed.filling import fill_cache

        given = cast(Relation, rows).repeatable()
        request = replace(self._embed_request(given, **wish), shard=shard, commit_s=commit_s, elsewhere=None)
        return fill_cache(given, request, self.cache)

    def _embed_request(
        self,
        given: Relation,
        model: Model,
        kind: EmbeddingKind,
        source: str,
        result: str,
        batch_size: int = 16,
        on_error: OnError = "null",
        views: int | None = None,
        sampling: Sampling | None = None,
        span: Span | None = None,
    ) -> EmbedRequest:
        from thanosql_kernel.engine.embed.embedding import EmbeddedContents, EmbedRequest
        from thanosql_kernel.engine.embed.weights import encoder_of

        encoder = encoder_of(model, self.work)
        self.embedded = self.embedded or EmbeddedContents()
        work = self.work.at(span)
        count = views or views_of(given.columns, result, kind)
        frames = sampling or sampling_of(given.columns, result) or Sampling()
        request = EmbedRequest(
            encoder, kind, source, work, batch_size, on_error, self.embedded, count, frames
        )
        return replace(request, elsewhere=self.elsewhere(model))

    def made_by(self, column: Column, model: Model) -> bool:
        """Whether a model, as it is now, is the one that made a column of vectors."""
        from thanosql_kernel.engine.embed.weights import encoder_of

        made = column.generated
        return made is not None and made.weights.fingerprint == encoder_of(model, self.work).fingerprint

    def similarity(
        self,
        rows: asked.Relation,
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
        """The rows plus one float32 cosine column an input; with ``top_k`` best first, by the first input."""
        given = cast(Relation, rows)
        encoder = self._encoder_of(given, model, column, span)
        try:
            return self.searcher.search(
                given,
                column=column,
                encoder=encoder,
                inputs=inputs,
                results=results,
                work=self.work,
                top_k=top_k,
                keywords=keywords,
                diverse=diverse,
                relevances=relevances,
            )
        except ThanoSQLError as error:
            raise error.at(span) from None

    def ranked(self, rows: asked.Relation, column: str) -> Relation:
        """The rows with the highest numbers in a column first, ties in the rows' order, NULLs last."""
        from thanosql_kernel.engine.search.search import ranked

        return ranked(cast(Relation, rows), column)

    def _encoder_of(self, rows: Relation, model: Model, column: str, span: Span | None) -> Encoder:
        """The model, which must have made the column."""
        from thanosql_kernel.engine.embed.weights import encoder_of
        from thanosql_kernel.engine.search.search import check_weights

        encoder = encoder_of(model, self.work)
        check_weights(rows, rows.column(column), encoder, model=model.name, work=self.work.at(span))
        return encoder

    def classify(
        self,
        rows: asked.Relation,
        embedded: asked.Relation,
        *,
        model: Model,
        column: str,
        labels: Labels,
        results: tuple[str, str],
    ) -> Relation:
        """The rows plus the labels that fit their vectors best, and the cosines of these."""
        from thanosql_kernel.engine.search.classify import Classifier

        vectors = cast(Relation, embedded)
        encoder = self._encoder_of(vectors, model, column, labels.span)
        classifier = Classifier(self.searcher, encoder, self.work)
        return classifier.beside(cast(Relation, rows), vectors, column, labels, results)
