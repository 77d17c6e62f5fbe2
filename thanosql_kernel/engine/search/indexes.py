"""What is known of the indexes of vectors that were built here, and what they find.

Lance says which fragments an index has been built over. What the values in them were is noted here (see `records`): of
a fragment that holds others now nothing is taken from the index, and all of its vectors are compared. So an index can
miss rows, and the recall says how many; it never gives a wrong one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.search.cosine import Floats, UnitVectors, best_first, score
from thanosql_kernel.engine.search.records import Coverage, Records, coverage
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
READ = {"batch_size": 8192, "batch_readahead": 4, "fragment_readahead": 1, "io_buffer_size": 64 << 20}


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


def usable(dataset: Any, index: StoredIndex, records: Records[Record]) -> Usable | None:
    """An index as it can be used on a version of a table; None where it is not worth it, or not from here."""
    record, there = None, dict[str, str]()
    for part in index.segments:
        if (noted_of := records.of(part.uuid)) is not None:
            record = record or noted_of
            there |= {it: value for it, value in noted_of.parts.items() if int(it) in part.fragments}
    if record is None:
        return None
    found = coverage(dataset, index.column, there)
    return Usable(index, record, found) if found.is_enough else None


def find(dataset: Any, column: str, records: Records[Record]) -> Usable | None:
    """The index of a column that can be used."""
    for index in vector_index.indexes(dataset):
        if index.column == column and index.kind == vector_index.KIND:
            return usable(dataset, index, records)
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
    return addresses, cosines(rows.column(column).combine_chunks(), queries)


def cosines(vectors: Any, queries: Floats) -> Floats:
    """Cosines (n, q) of an Arrow array of vectors."""
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
        columns=[column], fragments=chosen, with_row_address=True, scan_in_order=True, **READ
    )
    batches = iter(scanner.to_batches())
    while (batch := call(partial(next, batches, None))) is not None:
        here, new = (
            batch.column("_rowaddr").to_numpy().astype(np.uint64),
            cosines(batch.column(column), queries),
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
