"""Lance's indexes of vectors (IVF_RQ): built beside the rows, committed at once, asked for candidates.

IVF: Sivic, Zisserman (2003), https://doi.org/10.1109/ICCV.2003.1238663; RaBitQ: Gao, Long (2024),
https://arxiv.org/abs/2405.12497.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.store.failures import storage_errors

KIND = "IVF_RQ"
_ROWS_A_PARTITION = 1_000
_MOST_PARTITIONS = 4_096
#: Of a number in what a row is known by. Of the 10 nearest of 200,000 made-up vectors to a direction that has nothing
#: to do with them, 50 candidates hold 36 % by one bit, 88 % by two and all by four, which take 280 bytes a row.
_BITS = 4

Addresses = NDArray[np.uint64]
Floats = NDArray[np.float32]


class StoredIndex(NamedTuple):
    """An index of a table's version.

    Attributes:
        name: As the user calls it.
        column: What it is of.
        kind: Lance's word for what it is.
        uuid: Tells it from all others.
        fragments: The numbers of the fragments that it has been built over and that are as they were.
    """

    name: str
    column: str
    kind: str
    uuid: str
    fragments: frozenset[int]


def indexes(dataset: Any) -> tuple[StoredIndex, ...]:
    """The indexes of a table, of whatever program."""
    return tuple(
        StoredIndex(
            str(item["name"]),
            ", ".join(item["fields"]),
            str(item["type"]),
            str(item["uuid"]),
            frozenset(map(int, item["fragment_ids"] or ())),
        )
        for item in dataset.list_indices()
    )


def partitions_for(rows: int) -> int:
    """How many parts the vectors of so many rows are put in."""
    return max(1, min(rows // _ROWS_A_PARTITION, _MOST_PARTITIONS))


def built(dataset: Any, column: str, name: str, rows: int) -> Any:
    """The files of a new index of cosines, which nobody sees before it is committed."""
    with storage_errors():
        return dataset.create_index_uncommitted(
            column,
            KIND,
            name=name,
            metric="cosine",
            replace=True,
            num_partitions=partitions_for(rows),
            num_bits=_BITS,
            fragment_ids=[int(fragment.fragment_id) for fragment in dataset.get_fragments()],
        )


def drop(dataset: Any, name: str) -> None:
    """Let a table have an index no more; its files go with the versions that had it."""
    with storage_errors():
        dataset.drop_index(name)


class Asked(NamedTuple):
    """What is asked of an index.

    Attributes:
        column: Of vectors.
        query: float32 (dim,).
        most: How many candidates at most.
        probes: How many parts of the index are looked through.
        allowed: The addresses that they may have, ascending; None for any.
    """

    column: str
    query: Floats
    most: int
    probes: int
    allowed: Addresses | None = None


def candidates(dataset: Any, asked: Asked, aside: Callable[[Callable[[], Any]], Any]) -> Addresses:
    """The addresses of rows whose vectors may be nearest to a query, of those that the index has; none is deleted.

    Args:
        dataset: The table.
        asked: What is looked for.
        aside: Does work that may take long.
    """
    allowed = asked.allowed
    nearest = {"column": asked.column, "q": asked.query, "k": asked.most, "metric": "cosine"}
    scanner = dataset.scanner(
        columns=[],
        nearest={**nearest, "nprobes": asked.probes},
        with_row_address=True,
        fast_search=True,
        disable_scoring_autoprojection=True,
        row_addr_allowlist=None if allowed is None else aside(lambda: _serialised(allowed)),
    )
    found = aside(scanner.to_table).column("_rowaddr").to_numpy()
    return np.asarray(found, dtype=np.uint64)


def _serialised(addresses: Addresses) -> bytes:
    from lance.dataset import serialize_row_addrs

    return bytes(serialize_row_addrs(addresses.tolist()))
