"""How many of the best rows an index finds, measured by sample searches when it is built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from thanosql_kernel.engine.search.cosine import Floats, UnitVectors
from thanosql_kernel.engine.search.indexes import BEST, READ, Effort, Record, Usable, best, cosines
from thanosql_kernel.engine.search.records import Coverage, digests
from thanosql_kernel.engine.store import vector_index
from thanosql_kernel.engine.store.vector_index import StoredIndex
from thanosql_kernel.interrupts import Call

_SAMPLES = 50
"""Of each kind."""
_EFFORTS = (
    (0.005, 10),
    (0.01, 10),
    (0.02, 10),
    (0.04, 10),
    (0.08, 10),
    (0.16, 10),
    (0.32, 20),
    (0.64, 20),
    (1.0, 40),
    (1.0, 200),
)
"""Which part of the index is looked through, and how many candidates are compared for each row that is wanted."""
_WANTED = 0.985


class Measured(NamedTuple):
    """How well an index finds the best rows.

    Attributes:
        near: With searches that lie among the rows.
        far: With searches in any direction.
        samples: How many searches have been tried.
    """

    near: Effort
    far: Effort
    samples: int


def sample_queries(dataset: Any, column: str, dim: int, call: Call) -> Floats:
    """Searches to try, float32 (2 n, dim): n that lie among the rows, as those for a picture, and n in any direction.

    Vectors of texts lie apart from those of pictures (Liang and others 2022, https://arxiv.org/abs/2203.02053), where
    an index that was made of pictures alone finds least.
    """
    rows, random = int(dataset.count_rows()), np.random.default_rng(0)
    chosen = np.sort(random.choice(rows, size=min(rows, 4 * _SAMPLES), replace=False))
    taken = call(lambda: dataset.take(chosen.tolist(), columns=[column]))
    units = UnitVectors(len(taken), dim)
    units.add([taken.column(column).combine_chunks()], len(taken))
    vectors = units.values[: units.count]
    vectors = vectors[np.isfinite(vectors).all(axis=1)][: 2 * _SAMPLES]
    half = len(vectors) // 2
    near = vectors[:half] + 0.5 * vectors[half : 2 * half]
    far = random.standard_normal(near.shape)
    return np.concatenate([near, far]).astype(np.float32)


def measured(
    dataset: Any, index: StoredIndex, queries: Floats, call: Call, advance: Callable[[int], None]
) -> Measured:
    """How well an index finds the rows that are nearest to sample queries.

    Args:
        dataset: The table.
        index: The index.
        queries: As `sample_queries` makes them.
        call: Does work that may take long at the side.
        advance: Told of rows: of as many as there are for the exact answers, and again for the tries.
    """
    true = _true_best(dataset, index.column, queries, call, advance)
    half, rows = len(queries) // 2, int(dataset.count_rows())
    record = Record("", "", queries.shape[1], rows, 0, 0, 0.0, 0, {})
    use = Usable(index, record, Coverage(index.fragments, (), rows))
    kinds = [[*zip(queries, true, strict=True)][part] for part in (slice(half), slice(half, None))]

    def least(samples: Sequence[tuple[Floats, Floats]]) -> Effort:
        found = _least_effort(dataset, use, samples, call)
        advance(rows // 2)
        return found

    near, far = map(least, kinds)
    return Measured(near, far, len(queries))


def _least_effort(dataset: Any, use: Usable, samples: Sequence[tuple[Floats, Floats]], call: Call) -> Effort:
    """The least effort with which nearly all of the best are found; else the one with which most are."""
    partitions, found = vector_index.partitions_for(use.record.rows), Effort(1, 1, 0.0)
    for part, refine in _EFFORTS:
        effort = Effort(max(1, round(part * partitions)), refine, 0.0)
        shares = [_share(dataset, use, effort, query, top, call) for query, top in samples]
        recall = float(np.mean(shares or [0.0]))
        if recall >= found.recall:
            found = effort._replace(recall=recall)
        if recall >= _WANTED:
            break
    return found


def _share(dataset: Any, use: Usable, effort: Effort, query: Floats, top: Floats, call: Call) -> float:
    """How many of the best rows (their cosines) an index finds."""
    found = best(dataset, use, effort, query[None], len(top), call) if len(top) else None
    return 0.0 if found is None else float((found.scores[:, 0] >= top.min()).mean())


def _true_best(
    dataset: Any, column: str, queries: Floats, call: Call, advance: Callable[[int], None]
) -> list[Floats]:
    """The highest cosines of each query, (`BEST`,) each, from one pass over the column."""
    tops = np.full((len(queries), BEST), -np.inf, np.float32)
    batches = iter(dataset.scanner(columns=[column], **READ).to_batches())
    while (batch := call(partial(next, batches, None))) is not None:
        scores = np.nan_to_num(cosines(batch.column(column), queries).T, nan=-np.inf)
        both = np.concatenate([tops, scores], axis=1)
        tops = np.partition(both, both.shape[1] - BEST, axis=1)[:, -BEST:]
        advance(len(batch))
    return [row[np.isfinite(row)] for row in tops]


def noted(dataset: Any, index: StoredIndex, found: Measured, name: str, dim: int) -> Record:
    """What to remember of an index that was just built."""
    parts, rows = digests(dataset, index.column), int(dataset.count_rows())
    far = found.far
    return Record(
        index.uuid,
        name,
        dim,
        rows,
        far.probes,
        far.refine,
        min(far.recall, found.near.recall),
        found.samples,
        parts,
        (found.near.probes, found.near.refine, found.near.recall),
    )
