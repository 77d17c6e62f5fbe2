"""Lance's indexes of vectors (IVF_RQ): built beside the rows, committed at once, asked for candidates.

IVF: Sivic, Zisserman (2003), https://doi.org/10.1109/ICCV.2003.1238663; RaBitQ: Gao, Long (2024),
https://arxiv.org/abs/2405.12497.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.store.failures import storage_errors
from thanosql_kernel.errors import Interrupted

KIND = "IVF_RQ"
_ROWS_A_PARTITION = 1_000
_MOST_PARTITIONS = 4_096
#: Of a number in what a row is known by. Of the 10 nearest of 200,000 made-up vectors to a direction that has nothing
#: to do with them, 50 candidates hold 36 % by one bit, 88 % by two and all by four, which take 280 bytes a row.
_BITS = 4

Addresses = NDArray[np.uint64]
Floats = NDArray[np.float32]


class Segment(NamedTuple):
    """A part of an index.

    Attributes:
        uuid: Tells it from all others.
        fragments: The numbers of the fragments that it has been built over and that are as they were.
    """

    uuid: str
    fragments: frozenset[int]


class StoredIndex(NamedTuple):
    """An index of a table's version.

    Attributes:
        name: As the user calls it.
        column: What it is of.
        kind: Lance's word for what it is.
        segments: Its parts: the one that was built first, then those of rows that came later.
    """

    name: str
    column: str
    kind: str
    segments: tuple[Segment, ...]

    @property
    def uuid(self) -> str:
        """That of the part that was built first, which tells the index from all others."""
        return self.segments[0].uuid

    @property
    def fragments(self) -> frozenset[int]:
        """The numbers of the fragments that it has been built over and that are as they were."""
        return frozenset().union(*(segment.fragments for segment in self.segments))


def indexes(dataset: Any) -> tuple[StoredIndex, ...]:
    """The indexes of a table, of whatever program."""
    found: dict[str, StoredIndex] = {}
    for item in dataset.list_indices():
        name, fields = str(item["name"]), ", ".join(item["fields"])
        segment = Segment(str(item["uuid"]), frozenset(map(int, item["fragment_ids"] or ())))
        known = found.get(name, StoredIndex(name, fields, str(item["type"]), ()))
        found[name] = known._replace(segments=(*known.segments, segment))
    return tuple(found.values())


def partitions_for(rows: int) -> int:
    """How many parts the vectors of so many rows are put in."""
    return max(1, min(rows // _ROWS_A_PARTITION, _MOST_PARTITIONS))


#: What of the time a build takes each of its stages, at a million rows of 512 numbers.
_STAGES = {"train_ivf": 0.1, "shuffle": 0.85, "merge_partitions": 0.05}


class Building:
    """How far a build is, as Lance tells from its own threads, and the wish that it ends.

    Args:
        rows: How many rows it is over.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._done = dict.fromkeys(_STAGES, 0.0)
        self._told = 0
        self.stopped = False

    def __call__(self, event: Any) -> None:
        """Take note of what Lance tells, or end the build.

        Raises:
            Interrupted: The build is wanted no more.
        """
        if self.stopped:
            raise Interrupted
        if event.stage in _STAGES:
            self._done[event.stage] = 1.0 if event.event == "complete" else event.fraction or 0.0

    def news(self) -> int:
        """How many rows' worth of work has been done since this was asked last."""
        now = round(self._rows * sum(share * self._done[stage] for stage, share in _STAGES.items()))
        news, self._told = max(0, now - self._told), max(now, self._told)
        return news


def built(dataset: Any, column: str, name: str, fragments: Sequence[int], building: Building) -> Any:
    """The files of a new index of cosines, or of a part of one, which nobody sees before it is committed."""
    rows = sum(int(dataset.get_fragment(number).count_rows()) for number in fragments)
    with storage_errors():
        return dataset.create_index_uncommitted(
            column,
            KIND,
            name=name,
            metric="cosine",
            replace=True,
            num_partitions=partitions_for(rows),
            num_bits=_BITS,
            fragment_ids=list(fragments),
            progress_callback=building,
        )


def fragments_of(dataset: Any) -> list[int]:
    """The numbers of a table's fragments."""
    return [int(fragment.fragment_id) for fragment in dataset.get_fragments()]


def described(dataset: Any, index: StoredIndex, segments: Sequence[Segment], like: Any) -> list[Any]:
    """Parts of an index as Lance names them in a commit.

    Args:
        dataset: The table.
        index: The index.
        segments: Some of its parts.
        like: A part that has been built for it.
    """
    from lance.dataset import Index

    version, described = int(dataset.version), []
    for part in segments:
        fragments: Any = set(part.fragments)
        described.append(Index(part.uuid, index.name, like.fields, version, fragments, like.index_version))
    return described


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
