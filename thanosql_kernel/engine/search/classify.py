"""PREDICT's work: of several texts the one whose vector is nearest to a row's (zero-shot classification).

The method is CLIP's (Radford et al. 2021, https://arxiv.org/abs/2103.00020, section 3.1): each label becomes a prompt,
and the label whose prompt has the largest cosine to the picture is taken. The cosine is given as it is: what softmax
makes of it depends on how many labels there are, and says nothing of whether any fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.beside import BesideRelation, ColumnsInMemory
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.query_vectors import refuse_unread
from thanosql_kernel.engine.search.search import Searcher, similarity_of, tell_unread
from thanosql_kernel.engine.work import Work
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.vectors import Labels, SearchInput

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder


class Classifier:
    """A model that compares vectors with labels.

    Args:
        searcher: Scores vectors.
        encoder: The model that made them.
        work: The statement's.
    """

    def __init__(self, searcher: Searcher, encoder: Encoder, work: Work) -> None:
        self._searcher = searcher
        self._encoder = encoder
        self._work = work

    def beside(
        self, rows: Relation, embedded: Relation, column: str, labels: Labels, results: tuple[str, str]
    ) -> Relation:
        """The rows with the labels that fit best, NULL where there is no vector; ties to the label that came first.

        Args:
            rows: What gets the labels.
            embedded: The same rows in the same order, with their vectors.
            column: The column of vectors.
            labels: What rows may be.
            results: The names of the columns of labels and of cosines.
        """
        vectors = embedded.column(column).name
        scores = self._searcher.score(embedded, vectors, self._prompts(labels), self._work.check)
        best = np.argsort(-scores, axis=1, kind="stable")[:, : labels.top_k]
        chosen = np.take_along_axis(scores, best, axis=1)
        many = "[]" if labels.top_k > 1 else ""
        prompt = SearchInput("text", "", labels.span)
        compared = similarity_of(embedded.column(column), self._encoder, prompt)
        columns = [
            Column(results[0], f"VARCHAR{many}"),
            Column(results[1], f"FLOAT{many}", similarity=None if many else compared),
        ]
        return BesideRelation(rows, ColumnsInMemory(_as_table(best, chosen, labels, results)), columns)

    def _prompts(self, labels: Labels) -> NDArray[np.float32]:
        """The vectors of what stands for each label.

        Raises:
            ModelError: TS403 the model reads nothing of a label: every such one would have the same vector.
        """
        for text in labels.texts:
            item = SearchInput("text", text, labels.span)
            refuse_unread(self._encoder, item)
            tell_unread(self._encoder, item, self._work)
        inputs = [SearchInput("text", prompt, labels.span) for prompt in labels.prompts]
        with abandonable(self._work.check) as call:
            embed = self._searcher.queries.embed
            return np.stack(
                [
                    call(partial(embed, self._encoder, item, self._work.pictures, notice=self._work.notice))
                    for item in inputs
                ]
            )


def _as_table(
    best: NDArray[np.int64], scores: NDArray[np.float32], labels: Labels, names: Sequence[str]
) -> pa.Table:
    """Labels and cosines, of several for a row as lists."""
    import pyarrow as pa

    known = np.asarray(labels.texts, dtype=object)
    missing = np.isnan(scores[:, 0])
    texts = pa.array(known[best].ravel(), pa.string())
    values = pa.array(scores.ravel(), pa.float32())
    width = best.shape[1]
    if labels.top_k > 1:
        offsets = pa.array(np.arange(len(best) + 1, dtype=np.int32) * width)
        mask = pa.array(missing)
        texts = pa.ListArray.from_arrays(offsets, texts, mask=mask)
        values = pa.ListArray.from_arrays(offsets, values, mask=mask)
        return pa.table([texts, values], names=list(names))
    lists = [
        pa.array(known[best[:, 0]], pa.string(), mask=missing),
        pa.array(scores[:, 0], pa.float32(), mask=missing),
    ]
    return pa.table(lists, names=list(names))
