"""Embedding with a head: frozen vectors are found or made as ever, in their own cache, and the head is applied.

So a picture is decoded once, however many heads are trained on what one model sees in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.digests import Digests
from thanosql_kernel.engine.embed.embedding import Embedding
from thanosql_kernel.engine.embed.vectors import Located, matrix

if TYPE_CHECKING:
    from thanosql_kernel.engine.embed.cache import CachedVectors
    from thanosql_kernel.engine.work import Advancing
    from thanosql_kernel.models.heads.encoder import OnFrozen

PROJECTED_ROWS = 4096


class HeadedEmbedding(Embedding):
    """The embedding of what another embedding has frozen vectors of.

    Args:
        frozen: That embedding; what it finds out about the items holds here.
        head: Makes vectors of its.
        vectors: Where those are kept.
    """

    def __init__(self, frozen: Embedding, head: OnFrozen, vectors: CachedVectors) -> None:
        super().__init__(frozen.request, frozen.items, vectors)
        self.frozen = frozen
        self._head = head

    def look(self) -> None:
        """Find out what is behind the items now."""
        self.frozen.look()
        self._share()

    def _share(self) -> None:
        """What is known of the items is known once."""
        frozen = self.frozen
        self.values, self.states, self.contents = frozen.values, frozen.states, frozen.contents
        self.failures, self.losses = frozen.failures, frozen.losses

    def last_contents(self, items: NDArray[np.bool_]) -> Digests:
        """What files that cannot be reached held when they last could be."""
        return self.frozen.last_contents(items)

    def run(self, needed: NDArray[np.bool_]) -> None:
        """Make what is missing of the items needed (u,), frozen vectors first.

        Raises:
            DataError: TS501, an item cannot be read and ``on_error`` is "fail".
            Interrupted: from the request's work.
        """
        self.frozen.run(needed)
        self._share()
        found = np.flatnonzero(needed & ~self.failures.mask)
        contents, first = np.unique(self.contents[found], return_index=True)
        todo = found[first[contents != b""]]
        todo = todo[self.vectors.locate(self.contents[todo], self.request.work.check).offsets < 0]
        try:
            self._project(todo)
        finally:
            self.flush()
        self.vectors.tidy(self.request.work.check)

    def _project(self, todo: NDArray[np.int64]) -> None:
        located = self.frozen.located(self.contents[todo])
        for start in range(0, len(todo), PROJECTED_ROWS):
            self.request.work.check()
            offsets = located.offsets[start : start + PROJECTED_ROWS]
            there = np.flatnonzero(offsets >= 0)
            vectors = matrix(located.read(offsets[there]), located.dim)
            self.keep(todo[start + there], self._head.project(vectors, self.request.kind))
            self.flush_if_due()

    def embed(self, todo: NDArray[np.int64], bar: Advancing) -> None:
        """Nothing is embedded here: `run` asks the frozen embedding."""

    def located(self, contents: Digests) -> Located:
        """Where the vectors (u,) of contents are now."""
        return self.vectors.locate(contents, self.request.work.check)
