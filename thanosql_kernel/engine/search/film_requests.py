"""What a statement may ask of films. A part of `runtime.StatementRuntime`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from thanosql_kernel.catalog import Model
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.requests import VectorRequests
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.film_work import Clip, MomentColumns
from thanosql_kernel.statements.vectors import Sought

if TYPE_CHECKING:
    from thanosql_kernel.engine.search.films import FilmSearcher


class FilmRequests(VectorRequests):
    """Requests about films."""

    def film_similarity(
        self,
        rows: asked.Relation,
        *,
        model: Model,
        column: str,
        inputs: Sequence[Sought],
        results: Sequence[MomentColumns],
        top_k: int | None = None,
        span: Span | None = None,
    ) -> Relation:
        """The rows, each a film, with the cosine of its best frame and its second, or with its moments."""
        given = cast(Relation, rows)
        encoder = self._encoder_of(given, model, column, span)
        try:
            return self._film_searcher.search(
                given, column=column, encoder=encoder, inputs=inputs, results=results, top_k=top_k
            )
        except ThanoSQLError as error:
            raise error.at(span) from None

    @property
    def _film_searcher(self) -> FilmSearcher:
        from thanosql_kernel.engine.embed.film_cache import StoredFilms
        from thanosql_kernel.engine.search.films import FilmSearcher

        return FilmSearcher(self.searcher, StoredFilms(self.cache.shelf), self.work)

    def split_film(
        self, path: str, *, interval_s: float, folder: str | None, span: Span | None = None
    ) -> Sequence[Clip]:
        """Cut a film into clips in a folder, which is there whole or not at all."""
        from thanosql_kernel.engine.export.clips import split

        return split(path, interval_s, folder, self.work.at(span), self._internal)

    @property
    @abstractmethod
    def _internal(self) -> Path:
        """The database's own folder."""
