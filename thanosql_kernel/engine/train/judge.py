"""What a model says of rows: the labels it gives, and what is needed to tell how good they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.beside import BesideRelation, ColumnsInMemory
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.train.rows import Labels, read_vectors
from thanosql_kernel.models.heads.head import Head
from thanosql_kernel.statements.training import Judged

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float32]
Scores = Callable[[Floats], Floats]
"""How sure a model is of each label (n, c), of vectors (n, d)."""


def labelled(
    rows: Relation, embedded: Relation, column: str, head: Head, result: Column, check: Callable[[], None]
) -> Relation:
    """The rows with the label that a head gives each; NULL where there is no vector.

    Args:
        rows: What gets the labels.
        embedded: The same rows in the same order, with their vectors.
        column: The column of vectors.
        head: One that gives labels.
        result: The column of labels.
        check: Raises `Interrupted` when the user asked to stop.
    """
    import pyarrow as pa

    assert head.labels is not None
    said = np.full(embedded.count(), -1, dtype=np.int64)
    (vectors,), there = read_vectors(embedded, [column], np.arange(len(said)), check)
    if len(there):
        said[there] = head.scores(vectors).argmax(axis=1)
    values = head.labels.take(pa.array(said, mask=said < 0))
    return BesideRelation(rows, ColumnsInMemory(pa.table({result.name: values})), [result])


def judge(
    embedded: Relation,
    column: str,
    labels: Labels,
    known: pa.Array,
    scores: Scores,
    check: Callable[[], None],
) -> Judged:
    """What is said of the rows that have a label and a vector.

    Args:
        embedded: Rows with vectors.
        column: The column of vectors.
        labels: What the rows are.
        known: The labels (c,) that the model can tell, of the same type.
        scores: How sure it is of each.
        check: Raises `Interrupted` when the user asked to stop.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    positions = np.flatnonzero(labels.classes >= 0)
    (vectors,), there = read_vectors(embedded, [column], positions, check)
    given = labels.values.cast(known.type)
    both = pa.concat_arrays([known, given]).unique()
    both = both.take(pc.sort_indices(both))
    place = pc.index_in(known, both).to_numpy()
    truth = pc.index_in(given, both).to_numpy()[labels.classes[there]].astype(np.int64)
    sure = np.full((len(there), len(both)), np.nan)
    if len(there):
        sure[:, place] = scores(vectors)
    said = np.where(np.isnan(sure), -np.inf, sure).argmax(axis=1) if len(there) else np.empty(0, np.int64)
    return Judged(
        tuple(str(value) for value in both.to_pylist()),
        truth,
        said.astype(np.int64),
        sure,
        len(labels.classes) - len(there),
        int((~np.isin(truth, place)).sum()),
    )


def compared(prompts: Floats) -> Scores:
    """Scores of a model that compares: the cosines with what stands for each label (c, d)."""

    def of(vectors: Floats) -> Floats:
        cosines: Floats = vectors @ prompts.T
        return cosines

    return of


def prompts_of(texts: Sequence[str], template: str) -> list[str]:
    """What stands for each label."""
    return [template.replace("{}", text) for text in texts]
