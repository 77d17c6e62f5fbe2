"""What a statement may ask about vectors and texts of rows. A part of `runtime.StatementRuntime`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, cast

from thanosql_kernel.catalog import Model
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Span
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.computing import KeywordRequest, Labelled

if TYPE_CHECKING:
    from thanosql_kernel.engine.embed.cache import EmbeddingCache
    from thanosql_kernel.engine.search.search import Searcher


class ComputeRequests(ABC):
    """Requests that compute something of rows.

    Attributes:
        work: The statement's.
    """

    work: Work

    @property
    @abstractmethod
    def duck(self) -> Duck:
        """The statement's connection."""

    @property
    @abstractmethod
    def searcher(self) -> Searcher:
        """What scores vectors."""

    @property
    @abstractmethod
    def cache(self) -> EmbeddingCache:
        """What has been embedded."""

    @property
    @abstractmethod
    def queries(self) -> Queries:
        """The statement's queries."""

    def group_means(
        self, rows: asked.Relation, *, label: str, vectors: str, result: str, span: Span | None = None
    ) -> Relation:
        """One row a label, in order of first appearance: the label, and the mean of its vectors."""
        from thanosql_kernel.engine.search.means import group_means

        return group_means(cast(Relation, rows), label, vectors, result, self.duck, self.work.at(span))

    def nearest(
        self,
        rows: asked.Relation,
        *,
        vectors: str,
        among: Labelled,
        top_k: int,
        results: tuple[str, str],
        span: Span | None = None,
    ) -> Relation:
        """The rows plus the labels of the most similar rows of another table, and the cosines."""
        from thanosql_kernel.engine.search.nearest import Comparison

        source = self.queries.named_rows(among.table, among.span or Span(0, 0))
        memory, work = self.searcher.memory, self.work.at(span)
        return Comparison(cast(Relation, rows), vectors, source, among, memory, work).beside(top_k, results)

    def keywords(
        self, rows: asked.Relation, *, model: Model, request: KeywordRequest, result: str
    ) -> Relation:
        """The rows plus a column of JSON with what each text is about in its own words."""
        from thanosql_kernel.engine.embed.weights import encoder_of
        from thanosql_kernel.engine.search.keywords import KeywordSearch

        encoder, work = encoder_of(model, self.work), self.work.at(request.span)
        return KeywordSearch(request, encoder, self.cache, work).beside(cast(Relation, rows), result)
