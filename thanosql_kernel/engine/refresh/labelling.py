"""What tells the contents of files apart: of those that rows have lost, and of those that may be theirs now."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.refresh.contents import Contents
from thanosql_kernel.engine.refresh.looking import Files
from thanosql_kernel.engine.refresh.matching import File
from thanosql_kernel.engine.refresh.table_files import TableFiles
from thanosql_kernel.engine.sources.media.looking import COVERED_BYTES

Digest = bytes | None


class Labelling:
    """Lost files on one side, found ones on the other.

    A file that was embedded is known by its whole content, and what may be it is read as a whole. Any other is known by
    the digest of its beginning and end: that proves the content of a small file, which it covers, and of a larger one
    together with the time.

    Args:
        rows: The table's files.
        files: What is there now.
        at: int64 (n,): the file that each row's path names now; -1 for none.
        lost: Rows that have lost their file, one a path.
        found: Files that may be theirs.
        digest: Gives the digest of beginning and end of a found file.
        made_from: Contents (n,) that the rows' vectors were made from; zero bytes where nobody knows.
        contents: Reads files as a whole.
    """

    def __init__(
        self,
        rows: TableFiles,
        files: Files,
        at: NDArray[np.int64],
        lost: Sequence[int],
        found: Sequence[int],
        digest: Callable[[int], Digest],
        made_from: Callable[[], NDArray[np.bytes_]],
        contents: Callable[[], Contents],
    ) -> None:
        self._rows, self._files, self._at = rows, files, at
        self._lost, self._found, self._digest = lost, found, digest
        self._made_from, self._contents = made_from, contents
        of_lost = rows.seen.column("digest").take(np.array(lost, dtype=np.int64)).to_pylist()
        self._before: dict[int, Digest] = dict(zip(lost, of_lost, strict=True))
        self._is_needed = bool(lost and found)

    @cached_property
    def whole(self) -> dict[int, bytes]:
        """By row, the whole content of the file that it has lost, where that is known."""
        if not self._is_needed:
            return {}
        made = self._made_from()
        return {row: made[row : row + 1].tobytes() for row in self._lost if made[row] != b""}

    @cached_property
    def read(self) -> dict[int, bytes]:
        """By file, its whole content, of those that were worth reading.

        Raises:
            Interrupted: The user asked to stop.
        """
        wanted = list(self._worth_reading())
        if not wanted:
            return {}
        now = self._contents().now([self._files.path(at) for at in wanted])
        given = np.flatnonzero(now != b"").tolist()
        return {wanted[number]: now[number : number + 1].tobytes() for number in given}

    def _worth_reading(self) -> Iterator[int]:
        """Files that may hold what is known as a whole."""
        digests = {digest for row in self.whole if (digest := self._before[row]) is not None}
        sizes = {int(self._rows.size_bytes[row]) for row in self.whole if self._before[row] is None}
        for at in self._found if self.whole else ():
            if self._digest(at) in digests or int(self._files.size_bytes[at]) in sizes or -1 in sizes:
                yield at

    # -- both sides with what tells them apart --------------------------------------------------------------------
    def before(self) -> list[File]:
        """The lost files."""
        read: dict[Digest, set[bytes | None]] = {}
        for at in self._found if self._is_needed else ():
            read.setdefault(self._digest(at), set()).add(self.read.get(at))
        return [self._lost_file(row, read) for row in self._lost]

    def after(self, before: Sequence[File]) -> list[File]:
        """The found files. One that takes the place of another whose content nobody knows is nobody else's."""
        if not self._is_needed:
            return [self._found_file(at, is_barred=True) for at in self._found] if self._lost else []
        barred = {file.path for file in before if file.content is None}
        return [self._found_file(at, is_barred=self._files.path(at) in barred) for at in self._found]

    def _lost_file(self, row: int, read: dict[Digest, set[bytes | None]]) -> File:
        size, modified = int(self._rows.size_bytes[row]), int(self._rows.modified_us[row])
        digest = self._before[row]
        label: Hashable | None = None
        if row in self.whole:
            label = ("whole", self.whole[row])
        elif digest is not None:
            wholes = read.get(digest, set())
            if wholes <= {None}:
                label = _by_ends(digest, size, self._time_of(row, digest, modified))
            elif len(wholes) == 1 and size <= COVERED_BYTES:
                label = ("whole", next(iter(wholes)))
        path = self._files.path(at) if (at := int(self._at[row])) >= 0 else self._rows.path(row)
        return File(path, label and (label, int(self._rows.of_column[row])), modified)

    def _time_of(self, row: int, digest: bytes, modified_us: int) -> int:
        """The time that proves a file's content: its own, or that of one in its place that looks the same."""
        at = int(self._at[row])
        return int(self._files.modified_us[at]) if at >= 0 and self._digest(at) == digest else modified_us

    def _found_file(self, at: int, *, is_barred: bool) -> File:
        modified, digest = int(self._files.modified_us[at]), self._digest(at)
        label: Hashable | None = None
        if not is_barred and at in self.read:
            label = ("whole", self.read[at])
        elif not is_barred and digest is not None:
            label = _by_ends(digest, int(self._files.size_bytes[at]), modified)
        return File(
            self._files.path(at), label and (label, self._rows.number_of(self._files.kind(at))), modified
        )


def _by_ends(digest: bytes, size: int, modified_us: int) -> Hashable:
    return ("ends", digest) if 0 <= size <= COVERED_BYTES else ("ends", digest, modified_us)
