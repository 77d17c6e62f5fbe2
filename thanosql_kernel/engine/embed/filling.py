"""Filling the cache with what a column's values become, for a CONVERT that comes later: no table is written.

The cache is append-only and keyed by content, so that any number of workers may fill it at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thanosql_kernel.engine.embed.cache import EmbeddingCache
from thanosql_kernel.engine.embed.convert import embedding_of, vectors_of
from thanosql_kernel.engine.embed.embedding import Embedding, EmbedRequest
from thanosql_kernel.engine.embed.items import items_of
from thanosql_kernel.engine.relations.relation import Relation


@dataclass(frozen=True, slots=True)
class Filled:
    """What has been done for some values.

    Attributes:
        values: How many distinct values there are, in the shard that was asked for.
        embedded: Of how many the vector was computed now.
        failures: Those that cannot be embedded, and why: a CONVERT will say the same.
    """

    values: int
    embedded: int
    failures: tuple[tuple[str, str], ...]

    @property
    def known(self) -> int:
        """Of how many values the cache had the vector."""
        return self.values - self.embedded - len(self.failures)


def fill_cache(rows: Relation, request: EmbedRequest, cache: EmbeddingCache) -> Filled:
    """Embed the values of the request's shard that the cache has no vector of.

    Raises:
        UnknownName: TS202, no such column.
        TypeMismatch: TS300, the column holds neither text nor pictures.
        DataError: TS501, an item cannot be read and ``on_error`` is "fail"; what was embedded before stays cached.
        Interrupted: What was embedded before stays cached.
    """
    embedding = fill(rows, request, cache)
    named = tuple((embedding.items.named(index), reason) for index, reason in embedding.failures.every())
    return Filled(len(embedding.items), int(embedding.is_new.sum()), named)


def fill(rows: Relation, request: EmbedRequest, cache: EmbeddingCache) -> Embedding:
    """Like `fill_cache`; gives what has embedded them."""
    rows = rows.repeatable()
    items = items_of(rows, rows.column(request.source).name, None, request)
    embedding = embedding_of(request, items, vectors_of(request, cache), cache, rows)
    embedding.look()
    embedding.run(np.ones(len(items), dtype=np.bool_))
    return embedding
