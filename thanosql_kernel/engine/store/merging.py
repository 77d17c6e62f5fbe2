"""Which fragments of a table are to be written again as one: a plan over their sizes, nothing is read.

Eight fragments or more that follow one another become one if the largest is at most half of the whole. So a row that is
written again is then in a fragment twice as large as before: that happens log n times to it, and never to a large
fragment for the sake of small ones. Between two large ones there are never more than sixty, and seldom twenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from thanosql_kernel.engine.store.lance import FRAGMENT_ROWS

FEWEST = 8
"""Fewer fragments than this are left as they are."""
LOWEST_BYTES = 64 << 10
"""Smaller fragments count as much: to write so little again costs no more than the commit itself."""
LARGE_BYTES = 32 << 20
LARGE_ROWS = FRAGMENT_ROWS // 4
"""Larger fragments are left alone after a commit: a hundred of them read as fast as one."""
MOST_BYTES = 96 << 20
"""What is written again at a time after a commit: about 0.2 s."""
MOST_ROWS = FRAGMENT_ROWS
"""Of a fragment; see there."""
VACUUM_LARGE_BYTES = 128 << 20
VACUUM_MOST_BYTES = 256 << 20
DELETED_SHARE = 0.25
"""Of a fragment's rows: then writing the others again costs at most three rows for each that was deleted."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A fragment as the plan sees it.

    Attributes:
        size_bytes: Of its files.
        rows: In its files, deleted ones too.
        deleted: How many of them are deleted.
        is_stale: Whether its files hold values that are replaced by others.
    """

    size_bytes: int
    rows: int
    deleted: int = 0
    is_stale: bool = False

    @property
    def live(self) -> int:
        """Rows that are not deleted."""
        return self.rows - self.deleted

    @property
    def is_large(self) -> bool:
        """Whether it is left alone after a commit."""
        return self.size_bytes >= LARGE_BYTES or self.live >= LARGE_ROWS

    @property
    def weight(self) -> int:
        """What it costs to write it again."""
        return max(self.size_bytes, LOWEST_BYTES)


def next_run(pieces: Sequence[Piece], most_bytes: int = MOST_BYTES) -> range | None:
    """What to write again as one after a commit; None when nothing is due.

    Args:
        pieces: The table's fragments, in order.
        most_bytes: No more than this at a time, unless two fragments are more already.
    """
    for part in _parts(pieces):
        run = _balanced_run(pieces, part)
        if run is not None:
            return _within(pieces, run, most_bytes)
    for at, piece in enumerate(pieces):
        if piece.size_bytes <= most_bytes and piece.deleted > DELETED_SHARE * piece.rows:
            return range(at, at + 1)
    return None


def whole_runs(pieces: Sequence[Piece]) -> list[range]:
    """Everything that can be written again with some use, in order: small ones together, and what has dead rows."""
    runs, start = [], 0
    while start < len(pieces):
        stop, size = start + 1, pieces[start].size_bytes
        rows = pieces[start].live
        while stop < len(pieces) and size < VACUUM_LARGE_BYTES and _joins(pieces[stop], size, rows):
            size, rows = size + pieces[stop].size_bytes, rows + pieces[stop].live
            stop += 1
        if stop - start > 1 or pieces[start].deleted or pieces[start].is_stale:
            runs.append(range(start, stop))
        start = stop
    return runs


def _joins(piece: Piece, size: int, rows: int) -> bool:
    """Whether a fragment may follow others that have so many bytes and rows."""
    is_small = piece.size_bytes < VACUUM_LARGE_BYTES and size + piece.size_bytes <= VACUUM_MOST_BYTES
    return is_small and rows + piece.live <= MOST_ROWS


def _parts(pieces: Sequence[Piece]) -> list[range]:
    """The pieces between large ones."""
    parts, start = [], 0
    for at in range(len(pieces) + 1):
        if at == len(pieces) or pieces[at].is_large:
            parts.append(range(start, at))
            start = at + 1
    return parts


def _balanced_run(pieces: Sequence[Piece], part: range) -> range | None:
    """A run to merge, on one side of a piece that is much of the whole if it can be: it is not written again then."""
    found, parts = None, [part]
    while parts:
        part = parts.pop()
        if len(part) < FEWEST:
            continue
        largest = max(part, key=lambda at: pieces[at].weight)
        heaviest, whole = pieces[largest].weight, sum(pieces[at].weight for at in part)
        if 4 * heaviest <= whole:
            return part
        if 2 * heaviest <= whole:
            found = part
            parts.clear()
        parts += [range(part.start, largest), range(largest + 1, part.stop)]
    return found


def _within(pieces: Sequence[Piece], run: range, most_bytes: int) -> range:
    """As many from the start of a run, two at least, as make no more than a fragment may have."""
    size = rows = 0
    for at in run:
        size, rows = size + pieces[at].size_bytes, rows + pieces[at].live
        if (size > most_bytes or rows > MOST_ROWS) and at - run.start >= 2:
            return range(run.start, at)
    return run
