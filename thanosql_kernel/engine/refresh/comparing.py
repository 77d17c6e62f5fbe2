"""What has become of a table's files: which are where they were, which are others now, and which are somewhere else."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.refresh.contents import Contents
from thanosql_kernel.engine.refresh.labelling import Labelling
from thanosql_kernel.engine.refresh.looking import Files
from thanosql_kernel.engine.refresh.matching import File, pairs
from thanosql_kernel.engine.refresh.table_files import Mask, TableFiles
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
    """

    at: Positions
    renamed: Mask
    changed: Mask
    is_same: Mask
    gone: Mask
    new: Positions
    now: Positions
    seen: pa.Table


class Comparison:
    """Rows on one side, files on the other.

    Args:
        rows: The table's.
        files: What is there now.
        asked: bool (n,): rows whose files are to be among them.
        protected: bool (n,): rows that stay even if their file is gone.
        made_from: Contents (n,) that the rows' vectors were made from; zero bytes where nobody knows.
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
        found = pc.index_in(rows.paths, value_set=files.paths, skip_nulls=True).fill_null(-1)
        self.at: Positions = np.array(found, dtype=np.int64)
        is_known = pc.is_in(files.paths, value_set=rows.paths, skip_nulls=True)
        self.new: Positions = np.flatnonzero(~np.asarray(is_known, dtype=np.bool_))
        self._absent: Mask = asked & (self.at < 0) & (rows.of_column >= 0)
        self.renamed = self._same_names()
        there = self.at >= 0
        knows = rows.size_bytes >= 0
        is_as_it_was = there & knows
        is_as_it_was[there] &= rows.size_bytes[there] == files.size_bytes[self.at[there]]
        is_as_it_was[there] &= rows.modified_us[there] == files.modified_us[self.at[there]]
        self.changed = there & knows & ~is_as_it_was
        self.unsure = is_as_it_was & ~rows.is_lasting
        self.unlearned = there & (~rows.is_recorded | ~knows)
        self.refilmed = self._refilmed(there)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to look into."""
        return not (len(self.new) or self._absent.any() or self._to_look_into.any())

    @property
    def _to_look_into(self) -> Mask:
        """Rows whose file has changed, or may have, or is not known well."""
        return self.changed | self.unsure | self.unlearned | self.renamed | self.refilmed

    def fate(self, *, keeps: bool) -> Fate:
        """Find out what becomes of the rows.

        Args:
            keeps: Whether rows stay whose files are gone.

        Raises:
            Interrupted: The user asked to stop.
        """
        gone = self._gone()
        self._sight()
        rows_of = self._lost_rows(gone)
        lost = [rows[0] for rows in rows_of.values()]
        found = sorted({*self.new.tolist(), *(int(self.at[row]) for row in lost if self.at[row] >= 0)})
        labelling = Labelling(
            self.rows, self.files, self.at, lost, found, self._digest, self._made_from, self._contents
        )
        before = labelling.before()
        after = labelling.after(before)
        is_same = self.renamed & ~self.changed | self.refilmed & ~self.changed
        placing = _Placing(before, after, list(rows_of.values()), pairs(before, after))
        placing.leave_own(self._protected | keeps)
        taken = self._place(placing, found, gone, is_same)
        free = np.array([at for number, at in enumerate(found) if number not in taken], dtype=np.int64)
        self.changed |= self.refilmed & ~self.renamed
        gone &= (self.at < 0) & ~self._protected
        new = np.setdiff1d(free, self.at)
        return Fate(self.at, self.renamed, self.changed, is_same, gone, new, self.now, self.seen)

    # -- names ---------------------------------------------------------------------------------------------------
    def _same_names(self) -> Mask:
        """Give rows their files that are written in other letters of Unicode: NFC and NFD are one name for people."""
        renamed = np.zeros(len(self.rows), dtype=np.bool_)
        absent = [row for row in np.flatnonzero(self._absent).tolist() if not self.rows.path(row).isascii()]
        others = [at for at in self.new.tolist() if not self.files.path(at).isascii()] if absent else []
        by_name = _alone(others, lambda at: unicodedata.normalize("NFC", self.files.path(at)))
        for row in absent:
            file = by_name.get(unicodedata.normalize("NFC", self.rows.path(row)))
            if file is not None:
                self.at[row], renamed[row], self._absent[row] = file, True, False
        self.new = np.setdiff1d(self.new, self.at[renamed])
        return renamed

    def _refilmed(self, there: Mask) -> Mask:
        """Rows whose live photo has got another film, or none any more."""
        import pyarrow.compute as pc

        refilmed = np.zeros(len(self.rows), dtype=np.bool_)
        now, before = self.files.films(), self.rows.films
        if before is None or (now is None and before.null_count == len(before)):
            return refilmed
        rows = np.flatnonzero(there)
        was = before.take(rows).fill_null("")
        wanted = "" if now is None else now.take(self.at[rows]).fill_null("")
        refilmed[rows] = np.asarray(pc.not_equal(was, wanted))
        return refilmed

    # -- what is gone --------------------------------------------------------------------------------------------
    def _gone(self) -> Mask:
        """The rows whose file is not there: that it was not found in a folder is not enough."""
        gone = np.zeros(len(self.rows), dtype=np.bool_)
        absent = np.flatnonzero(self._absent & ~self._below_unread())
        paths = self.rows.paths.take(absent).to_pylist()
        parts = [paths[at : at + _TOGETHER] for at in range(0, len(paths), _TOGETHER)]
        found = map_aside(
            lambda part: [self.work.paths.is_gone(path) for path in part],
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
        self.now = np.union1d(self.new, self.at[self._to_look_into]).astype(np.int64)
        self.seen = self.files.sighted(self.now, self.work)
        self._digests = self.seen.column("digest").to_pylist()
        unsure = np.flatnonzero(self.unsure)
        before = self.rows.seen.column("digest").take(unsure).to_pylist()
        for row, digest in zip(unsure.tolist(), before, strict=True):
            now = self._digest(int(self.at[row]))
            self.changed[row] = now is not None and digest != now
        self._forget_unread()

    def _forget_unread(self) -> None:
        """Of a file that looks as it did and cannot be read now, the table remembers what it was."""
        import pyarrow as pa

        unread = [at for at in self.at[self.unsure].tolist() if self._digest(at) is None]
        wanted = self.at[self.changed | self.unlearned | self.renamed | self.refilmed]
        stays = ~np.isin(self.now, np.setdiff1d(np.array(unread, dtype=np.int64), wanted))
        self.now, self.seen = self.now[stays], self.seen.filter(pa.array(stays))
        self._digests = self.seen.column("digest").to_pylist()

    def _digest(self, at: int) -> bytes | None:
        found: bytes | None = self._digests[int(np.searchsorted(self.now, at))]
        return found

    # -- who is who ----------------------------------------------------------------------------------------------
    def _lost_rows(self, gone: Mask) -> dict[str, list[int]]:
        """By path, the rows that have lost the file that they knew: no other row knows the one that is there now."""
        there = (self.at >= 0) & ~self.changed
        is_known = set(self.at[there & np.isin(self.at, self.at[self.changed])].tolist())
        rows_of: dict[str, list[int]] = {}
        for row in np.flatnonzero(gone | self.changed).tolist():
            at = int(self.at[row])
            if at not in is_known:
                path = self.files.path(at) if at >= 0 else self.rows.path(row)
                rows_of.setdefault(path, []).append(row)
        return rows_of

    def _place(self, placing: _Placing, found: Sequence[int], gone: Mask, is_same: Mask) -> set[int]:
        """Give rows the files that are theirs; returns which of the found ones have a row then."""
        taken = set(placing.matched.values())
        for number, (file, rows) in enumerate(zip(placing.before, placing.rows, strict=True)):
            other, own = placing.matched.get(number), placing.own(number)
            if other is not None:
                has_moved = placing.after[other].path != file.path
                self.at[rows], is_same[rows] = found[other], True
                if has_moved:
                    self.renamed[rows], self.changed[rows] = True, False
            elif own in taken:  # the file of another row was put in its place
                self.at[rows], self.changed[rows], self.renamed[rows], gone[rows] = -1, False, False, True
            elif own is not None:
                taken.add(own)
        return taken


@dataclass(frozen=True)
class _Placing:
    """Rows that have lost their files, files that may be theirs, and which are.

    Attributes:
        before: The lost files.
        after: The found ones.
        rows: The rows of each lost file.
        matched: Positions of found files by those of lost ones.
    """

    before: Sequence[File]
    after: Sequence[File]
    rows: Sequence[Sequence[int]]
    matched: dict[int, int]

    def own(self, number: int) -> int | None:
        """The found file that is where a lost one was."""
        return self._numbers.get(self.before[number].path)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {file.path: at for at, file in enumerate(self.after)}

    def leave_own(self, stays: Mask) -> None:
        """No row that stays loses its place to another one."""
        is_settled = not stays.any()
        while not is_settled:
            taken = {other: number for number, other in self.matched.items()}
            robbers = [
                taken[own]
                for number, rows in enumerate(self.rows)
                if number not in self.matched and (own := self.own(number)) in taken and stays[rows[0]]
            ]
            for number in robbers:
                del self.matched[number]
            is_settled = not robbers


def _alone(items: Sequence[int], key: Callable[[int], str]) -> dict[str, int]:
    """The items whose key no other one has, by it."""
    found: dict[str, int | None] = {}
    for item in items:
        value = key(item)
        found[value] = None if value in found else item
    return {value: item for value, item in found.items() if item is not None}
