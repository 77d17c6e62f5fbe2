"""What is known of the indexes of vectors that were built here, and what they find.

Lance says which fragments an index has been built over. What the values in them were is noted here (see `records`): of
a fragment that holds others now nothing is taken from the index, and all of its vectors are compared. So an index can
miss rows, and the recall says how many; it never gives a wrong one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.search.cosine import Floats, UnitVectors, best_first, score
from thanosql_kernel.engine.search.records import Coverage, Records, coverage, digests
from thanosql_kernel.engine.store import vector_index
from thanosql_kernel.engine.store.identity import Fragment, live_offsets
from thanosql_kernel.engine.store.vector_index import Addresses, StoredIndex
from thanosql_kernel.interrupts import Call

#: How many rows of each search the recall is about.
BEST = 10
_OFFSET = np.uint64(0xFFFF_FFFF)
_FRAGMENT = np.uint64(32)
Positions = NDArray[np.int64]
_LEAST_CANDIDATES = 100
_READ = {"batch_size": 8192, "batch_readahead": 4, "fragment_readahead": 1, "io_buffer_size": 64 << 20}


@dataclass(frozen=True)
class Record:
    """An index that was built here.

    Attributes:
        uuid: Tells it from all others.
        name: As the user calls it.
        dim: Length of its vectors.
        rows: How many rows it was built over.
        probes: How many of its parts a search looks through.
        refine: How many candidates are compared exactly, for each row that is wanted.
        recall: How many of the `BEST` best rows sample searches in any direction found so, from 0 to 1.
        samples: How many searches these were.
        parts: What the values in its fragments were, by their numbers.
        near: The same three of searches that lie among the rows, as those for a picture among pictures do: these look
            through fewer parts. None in what earlier releases have written.
    """

    uuid: str
    name: str
    dim: int
    rows: int
    probes: int
    refine: int
    recall: float
    samples: int
    parts: dict[str, str]
    near: tuple[int, int, float] | None = None

    def effort(self, is_near: bool) -> Effort:
        """How hard a search looks, and what it finds so."""
        return Effort(*self.near) if is_near and self.near else Effort(self.probes, self.refine, self.recall)


class Effort(NamedTuple):
    """How hard a search looks.

    Attributes:
        probes: How many of the index's parts are looked through.
        refine: How many candidates are compared, for each row that is wanted.
        recall: How many of the best rows are found so, from 0 to 1.
    """

    probes: int
    refine: int
    recall: float


@dataclass(frozen=True, slots=True)
class Usable:
    """An index as it can be used on a version of a table.

    Attributes:
        index: What Lance says of it.
        record: What was noted when it was built.
        coverage: Which fragments are as they were then; the vectors of the others are all compared.
    """

    index: StoredIndex
    record: Record
    coverage: Coverage


def usable(dataset: Any, index: StoredIndex, record: Record | None) -> Usable | None:
    """An index as it can be used on a version of a table; None where it is not worth it, or not from here."""
    if record is None:
        return None
    there = {number: value for number, value in record.parts.items() if int(number) in index.fragments}
    found = coverage(dataset, index.column, there)
    return Usable(index, record, found) if found.is_enough else None


def find(dataset: Any, column: str, records: Records[Record]) -> Usable | None:
    """The index of a column that can be used."""
    for index in vector_index.indexes(dataset):
        if index.column == column and index.kind == vector_index.KIND:
            return usable(dataset, index, records.of(index.uuid))
    return None


class Found(NamedTuple):
    """The best rows.

    Attributes:
        positions: Their numbers in the table, best first.
        scores: float32 (k, q), the cosines to all queries.
    """

    positions: Positions
    scores: Floats


def best(
    dataset: Any,
    use: Usable,
    effort: Effort,
    queries: Floats,
    k: int,
    call: Call,
    among: Positions | None = None,
) -> Found | None:
    """The rows with the highest cosines to the first query, as far as the index finds them, ties in the table's order.

    Args:
        dataset: The table.
        use: The index.
        effort: How hard to look.
        queries: float32 (q, dim).
        k: How many rows.
        call: Does work that may take long at the side.
        among: The rows to choose from, ascending; None for all.

    Returns:
        None where it is better to compare all rows: where so many are wanted, or fewer were found than there are, as
        rows without a vector may be among these.
    """
    total = int(dataset.count_rows())
    rows = total if among is None else len(among)
    count = max(min(effort.refine * k, effort.refine * BEST + 10 * k), _LEAST_CANDIDATES)
    if 4 * count > rows:
        return None
    allowed = None if among is None else call(partial(addresses_of, dataset, among))
    probes = probes_among(effort.probes, rows / total, vector_index.partitions_for(use.record.rows))
    asked = vector_index.Asked(use.index.column, queries[0], count, probes, allowed)
    found = vector_index.candidates(dataset, asked, call)
    numbers = np.asarray(sorted(use.coverage.known), dtype=np.uint64)
    found = np.unique(found[np.isin(found >> _FRAGMENT, numbers)])
    near = _scored(dataset, use.index.column, found, queries, call)
    far = _compared(dataset, use.index.column, use.coverage.others, queries, (k, allowed), call)
    addresses = np.concatenate([near[0], far[0]])
    scores = np.concatenate([near[1], far[1]])
    positions = call(partial(positions_of, dataset, addresses))
    in_order = np.argsort(positions, kind="stable")
    positions, scores = positions[in_order], scores[in_order]
    chosen = best_first(scores[:, 0], k)
    chosen = chosen[~np.isnan(scores[chosen, 0])]
    if len(chosen) < min(k, rows):
        return None
    return Found(positions[chosen], scores[chosen])


def probes_among(probes: int, share: float, partitions: int) -> int:
    """How many parts of an index are looked through where a part of the rows may be found: theirs lie further away."""
    return min(partitions, round(probes / math.sqrt(share)))


def _scored(
    dataset: Any, column: str, addresses: Addresses, queries: Floats, call: Call
) -> tuple[Addresses, Floats]:
    """The rows at addresses, and their cosines."""
    if not len(addresses):
        return addresses, np.empty((0, len(queries)), np.float32)
    rows = call(lambda: dataset._take_rows([int(it) for it in addresses], columns=[column]))
    return addresses, _cosines(rows.column(column).combine_chunks(), queries)


def _cosines(vectors: Any, queries: Floats) -> Floats:
    return score([UnitVectors(len(vectors), queries.shape[1]).add([vectors], len(vectors))], queries)


def _compared(
    dataset: Any,
    column: str,
    parts: Sequence[Fragment],
    queries: Floats,
    wanted: tuple[int, Addresses | None],
    call: Call,
) -> tuple[Addresses, Floats]:
    """The best of some fragments' rows, all of which are compared: how many, and at which addresses they may be."""
    k, allowed = wanted
    addresses, scores = np.empty(0, np.uint64), np.empty((0, len(queries)), np.float32)
    if not parts:
        return addresses, scores
    chosen = [dataset.get_fragment(part.number) for part in parts]
    scanner = dataset.scanner(
        columns=[column], fragments=chosen, with_row_address=True, scan_in_order=True, **_READ
    )
    batches = iter(scanner.to_batches())
    while (batch := call(partial(next, batches, None))) is not None:
        here, new = (
            batch.column("_rowaddr").to_numpy().astype(np.uint64),
            _cosines(batch.column(column), queries),
        )
        if allowed is not None:
            is_allowed = np.isin(here, allowed, assume_unique=True)
            here, new = here[is_allowed], new[is_allowed]
        addresses, scores = np.concatenate([addresses, here]), np.concatenate([scores, new])
        kept = np.sort(best_first(scores[:, 0], k))
        addresses, scores = addresses[kept], scores[kept]
    return addresses, scores


def positions_of(dataset: Any, addresses: Addresses) -> Positions:
    """The numbers in the table of the rows at addresses, deleted rows left out of the count."""
    positions = np.empty(len(addresses), np.int64)
    numbers, offsets = (addresses >> _FRAGMENT).astype(np.int64), (addresses & _OFFSET).astype(np.int64)
    before = 0
    for fragment in dataset.get_fragments():
        here = numbers == int(fragment.fragment_id)
        if here.any():
            positions[here] = before + _rank(fragment, offsets[here])
        before += int(fragment.count_rows())
    return positions


def addresses_of(dataset: Any, positions: Positions) -> Addresses:
    """The addresses of the rows with these numbers in the table, ascending."""
    parts, before = [np.empty(0, np.uint64)], 0
    for fragment in dataset.get_fragments():
        rows = int(fragment.count_rows())
        start, stop = np.searchsorted(positions, [before, before + rows])
        here = positions[start:stop] - before
        if len(here):
            offsets = live_offsets(fragment)[here] if fragment.num_deletions else here
            number = np.uint64(fragment.fragment_id) << _FRAGMENT
            parts.append(offsets.astype(np.uint64) | number)
        before += rows
    return np.concatenate(parts)


def _rank(fragment: Any, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    return offsets if not fragment.num_deletions else np.searchsorted(live_offsets(fragment), offsets)


# -- building --------------------------------------------------------------------------------------------------------
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
    batches = iter(dataset.scanner(columns=[column], **_READ).to_batches())
    while (batch := call(partial(next, batches, None))) is not None:
        scores = np.nan_to_num(_cosines(batch.column(column), queries).T, nan=-np.inf)
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
