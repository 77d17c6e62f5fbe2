"""What has become of a table's files: which are where they were, which are others now, and which are somewhere else."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.refresh.contents import Contents
from thanosql_kernel.engine.refresh.looking import Files
from thanosql_kernel.engine.refresh.matching import File, pairs
from thanosql_kernel.engine.refresh.table_files import Mask, TableFiles
from thanosql_kernel.engine.sources.media.sighting import COVERED_BYTES
from thanosql_kernel.engine.work import Work
from thanosql_kernel.interrupts import map_aside

if TYPE_CHECKING:
    import pyarrow as pa

Positions = NDArray[np.int64]
_LOOK_THREADS = 8
_TOGETHER = 256


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a table's rows.

    Attributes:
        at: int64 (n,): the file of each row now; -1 where it has none that was found.
        renamed: bool (n,): rows whose file has another path.
        changed: bool (n,): rows whose file was written since.
        is_same: bool (n,): of those that changed or were renamed, whether the file holds what it held.
        gone: bool (n,): rows whose file is gone, and that may go with it.
        new: int64, ascending: files that are no row's.
        now: int64, ascending: files that were looked into.
        seen: What these are, see `store.sightings`.
        contents: Of rows whose file was read as a whole, its content by the file's position.
    """

    at: Positions
    renamed: Mask
    changed: Mask
    is_same: Mask
    gone: Mask
    new: Positions
    now: Positions
    seen: pa.Table
    contents: dict[int, bytes]


class Comparison:
    """Rows on one side, files on the other.

    Args:
        rows: The table's.
        files: What is there now.
        asked: bool (n,): rows whose files are to be among them.
        protected: bool (n,): rows that stay even if their file is gone.
        made_from: Contents (n,) that the rows' files had when they were read as a whole; zero bytes where nobody knows.
        contents: Reads files as a whole.
        work: Who waits.
    """

    def __init__(
        self,
        rows: TableFiles,
        files: Files,
        asked: Mask,
        protected: Mask,
        made_from: Callable[[], NDArray[np.bytes_]],
        contents: Callable[[], Contents],
        work: Work,
    ) -> None:
        import pyarrow.compute as pc

        self.rows, self.files, self.work = rows, files, work
        self._made_from, self._contents = made_from, contents
        self._protected = protected
        self.at = _positions(pc.index_in(rows.paths, value_set=files.paths, skip_nulls=True))
        is_known = np.asarray(pc.is_in(files.paths, value_set=rows.paths, skip_nulls=True), dtype=np.bool_)
        self.new = np.flatnonzero(~is_known)
        self._absent = asked & (self.at < 0) & (rows.of_column >= 0)
        self.renamed = self._same_names()
        there = self.at >= 0
        self.knows = rows.size_bytes >= 0
        as_it_was = there & self.knows
        as_it_was[there] &= rows.size_bytes[there] == files.size_bytes[self.at[there]]
        as_it_was[there] &= rows.modified_us[there] == files.modified_us[self.at[there]]
        self.changed = there & self.knows & ~as_it_was
        self.unsure = as_it_was & ~rows.is_lasting
        self.unlearned = there & (~rows.is_recorded | ~self.knows)
        self.refilmed = self._refilmed(there)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to look into."""
        return not (
            len(self.new)
            or self._absent.any()
            or self.renamed.any()
            or self.changed.any()
            or self.unsure.any()
            or self.unlearned.any()
            or self.refilmed.any()
        )

    def fate(self, *, keeps: bool) -> Fate:
        """Find out what becomes of the rows.

        Args:
            keeps: Whether rows stay whose files are gone.

        Raises:
            Interrupted: The user asked to stop.
        """
        gone = self._gone()
        self._sight()
        content: dict[int, bytes] = {}
        lost, found, rows_of = self._unplaced(gone)
        self._read(lost, found, content)
        before, after = self._labelled(lost, found, content)
        matched = pairs(before, after)
        is_same = np.zeros(len(self.rows), dtype=np.bool_)
        is_same[self.renamed & ~self.changed] = True
        taken = self._place(matched, before, after, found, rows_of, gone, is_same, keeps=keeps)
        free = [at for number, at in enumerate(found) if number not in taken]
        placed = set(self.at[self.at >= 0].tolist())
        new = np.array(sorted(at for at in free if at not in placed), dtype=np.int64)
        gone &= self.at < 0
        refilmed = self.refilmed & ~self.changed & ~self.renamed
        is_same |= refilmed
        self.changed |= refilmed
        return Fate(self.at, self.renamed, self.changed, is_same, gone, new, self.now, self.seen, content)

    # -- names ---------------------------------------------------------------------------------------------------
    def _same_names(self) -> Mask:
        """Give rows their files that are written in other letters of Unicode: NFC and NFD are one name for people."""
        renamed = np.zeros(len(self.rows), dtype=np.bool_)
        absent = [at for at in np.flatnonzero(self._absent).tolist() if not self._path(at).isascii()]
        others = [at for at in self.new.tolist() if not self.files.path(at).isascii()] if absent else []
        by_name = _alone(others, lambda at: unicodedata.normalize("NFC", self.files.path(at)))
        for at in absent:
            file = by_name.get(unicodedata.normalize("NFC", self._path(at)))
            if file is not None:
                self.at[at], renamed[at], self._absent[at] = file, True, False
        self.new = np.setdiff1d(self.new, self.at[renamed])
        return renamed

    def _path(self, row: int) -> str:
        return str(self.rows.paths[row].as_py())

    def _refilmed(self, there: Mask) -> Mask:
        """Rows whose live photo has got another film, or none any more."""
        import pyarrow.compute as pc

        refilmed = np.zeros(len(self.rows), dtype=np.bool_)
        now, before = self.files.films(), self.rows.films
        if before is None or (now is None and before.null_count == len(before)):
            return refilmed
        rows = np.flatnonzero(there)
        was = before.take(rows).fill_null("")
        if now is None:
            refilmed[rows] = np.asarray(pc.not_equal(was, ""))
        else:
            refilmed[rows] = np.asarray(pc.not_equal(was, now.take(self.at[rows]).fill_null("")))
        return refilmed

    # -- what is gone --------------------------------------------------------------------------------------------
    def _gone(self) -> Mask:
        """The rows whose file is not there: that it was not found in a folder is not enough."""
        gone = np.zeros(len(self.rows), dtype=np.bool_)
        absent = np.flatnonzero(self._absent & ~self._below_unread())
        paths = self.rows.paths.take(absent).to_pylist()
        parts = [paths[at : at + _TOGETHER] for at in range(0, len(paths), _TOGETHER)]
        found = map_aside(
            lambda part: [_is_gone(path, self.work.paths) for path in part],
            parts,
            threads=_LOOK_THREADS,
            check=self.work.check,
        )
        gone[absent] = [is_gone for part in found for is_gone in part]
        return gone

    def _below_unread(self) -> Mask:
        below = np.zeros(len(self.rows), dtype=np.bool_)
        for listing in self.files.listings:
            for folder in listing.left_out.unread:
                below |= self.rows.below(f"{listing.base}{folder}/" if folder else listing.base)
        return below

    # -- what files are ------------------------------------------------------------------------------------------
    def _sight(self) -> None:
        """Look into the files that are new or others, or of which little is known."""
        look = self.changed | self.unsure | self.unlearned | self.renamed | self.refilmed
        self.now = np.union1d(self.new, self.at[look]).astype(np.int64)
        self.seen = self.files.sighted(self.now, self.work)
        self._digests = self.seen.column("digest").to_pylist()
        if self.unsure.any():
            unsure = np.flatnonzero(self.unsure)
            before = self.rows.seen.column("digest").take(unsure).to_pylist()
            for row, digest in zip(unsure.tolist(), before, strict=True):
                self.changed[row] = digest != self._digest(int(self.at[row]))

    def _digest(self, at: int) -> bytes | None:
        found: bytes | None = self._digests[int(np.searchsorted(self.now, at))]
        return found

    # -- who is who ----------------------------------------------------------------------------------------------
    def _unplaced(self, gone: Mask) -> tuple[list[int], list[int], dict[str, list[int]]]:
        """Rows that have lost their file, one a path, and files that may be theirs; and the rows of each lost path."""
        current = (
            {self._path(row) for row in self._rows_there(~self.changed & ~self.renamed)}
            if self.changed.any()
            else ()
        )
        rows_of: dict[str, list[int]] = {}
        for row in np.flatnonzero(gone | (self.changed & ~self.renamed)).tolist():
            path = self._path(row)
            if path not in current:
                rows_of.setdefault(path, []).append(row)
        lost = [rows[0] for rows in rows_of.values()]
        own = {int(self.at[row]) for row in lost if self.at[row] >= 0}
        return lost, sorted({*self.new.tolist(), *own}), rows_of

    def _rows_there(self, among: Mask) -> list[int]:
        """Those of some rows whose file is a changed row's, too."""
        theirs = np.isin(self.at, self.at[self.changed]) & (self.at >= 0)
        return np.flatnonzero(theirs & among).tolist()

    def _read(self, lost: Sequence[int], found: Sequence[int], content: dict[int, bytes]) -> None:
        """Read files as a whole where that can tell more than their beginning and end do."""
        self._whole: dict[int, bytes] = {}
        if not lost or not found:
            return
        made = self._made_from()
        known = {row: bytes(made[row : row + 1].tobytes()) for row in lost if made[row] != b""}
        unknown = [row for row in lost if row not in known]
        last = self._contents().remembered([self._path(row) for row in unknown])
        is_there = {row: self.at[row] >= 0 for row in unknown}
        known |= {
            row: last[number : number + 1].tobytes()
            for number, row in enumerate(unknown)
            if last[number] != b"" and not is_there[row]
        }
        self._whole = known
        wanted = sorted(self._worth_reading(known, found))
        if wanted:
            now = self._contents().now([self.files.path(at) for at in wanted])
            content.update(
                (at, now[number : number + 1].tobytes())
                for number, at in enumerate(wanted)
                if now[number] != b""
            )

    def _worth_reading(self, known: dict[int, bytes], found: Sequence[int]) -> Iterator[int]:
        """Files that may hold what one of these rows' files held."""
        digests = self._before(list(known))
        by_digest = {digest for digest in digests.values() if digest is not None}
        sizes = {int(self.rows.size_bytes[row]) for row, digest in digests.items() if digest is None}
        for at in found:
            if self._digest(at) in by_digest or int(self.files.size_bytes[at]) in sizes or -1 in sizes:
                yield at

    def _before(self, rows: Sequence[int]) -> dict[int, bytes | None]:
        """What is remembered of the files of some rows."""
        digests = self.rows.seen.column("digest").take(np.array(rows, dtype=np.int64)).to_pylist()
        return dict(zip(rows, digests, strict=True))

    def _labelled(
        self, lost: Sequence[int], found: Sequence[int], content: dict[int, bytes]
    ) -> tuple[list[File], list[File]]:
        """Both sides with what tells contents apart: the whole content where that is known, else what proves it.

        The digest of beginning and end is a proof of small files, which it covers; of others with the time.
        """
        if not lost:
            return [], []
        digests = self._before(lost)
        wholes = self._wholes_by_digest(found, content)
        before = [self._row_file(row, digests[row], wholes) for row in lost]
        own = {self.files.path(at): at for at in self._own_files(lost)}
        unknown = {file.path for file in before if file.content is None}
        after = [
            self._found_file(at, content, is_barred=(path := self.files.path(at)) in own and path in unknown)
            for at in found
        ]
        return before, after

    def _own_files(self, lost: Sequence[int]) -> list[int]:
        return [int(self.at[row]) for row in lost if self.at[row] >= 0]

    def _wholes_by_digest(
        self, found: Sequence[int], content: dict[int, bytes]
    ) -> dict[bytes | None, set[bytes | None]]:
        """By the digest of beginning and end, the whole contents of the files that have it."""
        wholes: dict[bytes | None, set[bytes | None]] = {}
        for at in found:
            wholes.setdefault(self._digest(at), set()).add(content.get(at))
        return wholes

    def _row_file(
        self, row: int, digest: bytes | None, wholes: dict[bytes | None, set[bytes | None]]
    ) -> File:
        kind, modified = int(self.rows.of_column[row]), int(self.rows.modified_us[row])
        label: Hashable | None = None
        if row in self._whole:
            label = ("whole", self._whole[row])
        elif digest is not None:
            read = wholes.get(digest, set())
            if read == {None}:
                label = _by_ends(digest, int(self.rows.size_bytes[row]), modified)
            elif len(read) == 1 and int(self.rows.size_bytes[row]) <= COVERED_BYTES:
                label = ("whole", next(iter(read)))
        return File(self._path(row), label and (label, kind), modified)

    def _found_file(self, at: int, content: dict[int, bytes], *, is_barred: bool) -> File:
        modified, digest = int(self.files.modified_us[at]), self._digest(at)
        label: Hashable | None = None
        if is_barred:
            pass
        elif at in content:
            label = ("whole", content[at])
        elif digest is not None:
            label = _by_ends(digest, int(self.files.size_bytes[at]), modified)
        return File(self.files.path(at), label and (label, self._column(at)), modified)

    def _column(self, at: int) -> int:
        names = [column.name.lower() for column in self.rows.columns]
        name = f"{self.files.kind(at)}_path"
        return names.index(name) if name in names else -1

    def _place(
        self,
        matched: dict[int, int],
        before: Sequence[File],
        after: Sequence[File],
        found: Sequence[int],
        rows_of: dict[str, list[int]],
        gone: Mask,
        is_same: Mask,
        *,
        keeps: bool,
    ) -> set[int]:
        """Give rows the files that are theirs; returns which of the found ones have a row now."""
        numbers = {file.path: number for number, file in enumerate(after)}
        if keeps or self._protected.any():
            self._leave_own(matched, before, numbers, keeps=keeps, rows_of=rows_of)
        taken = set(matched.values())
        for number, file in enumerate(before):
            rows = rows_of[file.path]
            other = matched.get(number)
            if other is not None:
                self.at[rows] = found[other]
                is_same[rows] = True
                moved = after[other].path != file.path
                self.renamed[rows] = moved
                self.changed[rows] &= not moved
            elif (own := numbers.get(file.path)) is not None and self.at[rows[0]] >= 0:
                if own in taken:  # its file was written over with that of another row
                    self.at[rows], self.changed[rows], gone[rows] = -1, False, True
                else:
                    taken.add(own)
        gone &= ~self._protected
        return taken

    def _leave_own(
        self,
        matched: dict[int, int],
        before: Sequence[File],
        numbers: dict[str, int],
        *,
        keeps: bool,
        rows_of: dict[str, list[int]],
    ) -> None:
        """No row that stays loses its file to another one."""
        is_settled = False
        while not is_settled:
            taken = {other: number for number, other in matched.items()}
            robbed = [
                taken[own]
                for number, file in enumerate(before)
                if number not in matched
                and (own := numbers.get(file.path)) in taken
                and (keeps or self._protected[rows_of[file.path][0]])
            ]
            for number in robbed:
                del matched[number]
            is_settled = not robbed


def _by_ends(digest: bytes, size: int, modified_us: int) -> Hashable:
    return ("ends", digest) if 0 <= size <= COVERED_BYTES else ("ends", digest, modified_us)


def _alone(items: Sequence[int], key: Callable[[int], str]) -> dict[str, int]:
    """The items whose key no other one has, by it."""
    found: dict[str, int | None] = {}
    for item in items:
        value = key(item)
        found[value] = None if value in found else item
    return {value: item for value, item in found.items() if item is not None}


def _positions(column: pa.Array) -> Positions:
    return np.array(column.fill_null(-1), dtype=np.int64)


def _is_gone(path: str, paths: PathFinder) -> bool:
    try:
        paths.look(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False
