"""Indexes take up rows that came after they were built, as parts of their own; many of these are made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from thanosql_kernel.engine.search.indexes import Record, Usable
from thanosql_kernel.engine.search.records import digests
from thanosql_kernel.engine.store.vector_index import Segment

#: Fewer rows are compared one by one as fast as they are searched in an index of their own.
LEAST_TAKEN_UP = 10_000
_MOST_SEGMENTS = 8


class Extension(NamedTuple):
    """What to build to take up rows that came after an index was built.

    Attributes:
        fragments: The numbers of the fragments to build over.
        rows: How many rows are taken up.
        gone: Parts of the index in whose place it comes, so that there are few: small ones beside it.
    """

    fragments: tuple[int, ...]
    rows: int
    gone: tuple[Segment, ...]


def extension(dataset: Any, use: Usable) -> Extension | None:
    """What to build to take up the rows that an index has not; None where these are few."""
    covered = use.index.fragments
    new = [part for part in use.coverage.others if part.number not in covered]
    rows = sum(part.rows for part in new)
    if rows < LEAST_TAKEN_UP:
        return None
    sizes = {int(it.fragment_id): int(it.physical_rows) for it in dataset.get_fragments()}
    gone: tuple[Segment, ...] = ()
    total = rows
    for number, part in enumerate(reversed(use.index.segments[1:])):
        size = sum(sizes.get(it, 0) for it in part.fragments)
        if size > 2 * total and len(use.index.segments) - number < _MOST_SEGMENTS:
            break
        gone, total = (*gone, part), total + size
    numbers = {part.number for part in new}.union(*(part.fragments & sizes.keys() for part in gone))
    return Extension(tuple(sorted(numbers)), rows, gone)


def noted_part(dataset: Any, use: Usable, uuid: str, numbers: Sequence[int]) -> Record:
    """What to remember of a part that was built later, over fragments of a version of a table."""
    now = digests(dataset, use.index.column)
    parts = {str(number): now[str(number)] for number in numbers}
    rows = sum(int(dataset.get_fragment(number).count_rows()) for number in numbers)
    return replace(use.record, uuid=uuid, rows=rows, parts=parts)
