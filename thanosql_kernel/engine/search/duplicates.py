"""Near-duplicates at two levels: files of the same photo, and photos of one burst.

Vectors find what may belong together, each pair of them; pixels decide whether two files hold the same photo, time
whether two photos are of one burst. Each group is made around the picture to keep: what is said to be a copy was
compared with the one that stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.picture_values import PictureValues
from thanosql_kernel.engine.relations.beside import BesideRelation, ColumnsInMemory
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.candidates import Candidates, Times, find_candidates, read_pictures
from thanosql_kernel.engine.search.leaders import leaders
from thanosql_kernel.engine.search.looks import NO_TIME
from thanosql_kernel.engine.search.neighbours import Floats, Indices, Neighbours, Pairs
from thanosql_kernel.engine.work import Work
from thanosql_kernel.images.likeness import Outlines, distances
from thanosql_kernel.statements.duplicate_work import Duplicates, Level
from thanosql_kernel.wording import answers, counted, duplicates

if TYPE_CHECKING:
    import pyarrow as pa

SAME_MOMENT = np.timedelta64(1, "s")
"""Photos whose clocks are so far apart are not one: some copies lose the fraction of the second, none gets another."""
PAIRS_READ = 512
"""Looks of so many pairs are 16 MB."""


class Groups(NamedTuple):
    """What m candidates belong to, by index; themselves where it is nothing.

    Attributes:
        photo: int64 (m,): the file of the same photo that is kept.
        burst: int64 (m,): the photo of the same burst that is kept, through the one before.
    """

    photo: Indices
    burst: Indices


def find_duplicates(rows: Relation, wanted: Duplicates, work: Work) -> Relation:
    """The rows that belong to groups; see `statements.duplicate_work.DuplicateWork`."""
    rows = rows.repeatable()
    pictures = read_pictures(rows, wanted.pictures, work)
    candidates, lacking = find_candidates(rows, pictures, wanted, work)
    groups = group(candidates, wanted, work)
    found = Marked.of(pictures, candidates, groups, wanted)
    _tell(found, candidates, lacking, wanted.level, work)
    return BesideRelation(rows, ColumnsInMemory(found.table(wanted)), wanted.results, found.rows)


def group(candidates: Candidates, wanted: Duplicates, work: Work) -> Groups:
    """Both levels; files that hold the same bytes are the same photo, whatever else."""
    order = candidates.preferred()
    photo = _same_content(candidates, order)
    units = order[photo[order] == order]
    owner = leaders(
        Neighbours(candidates.vectors[units], wanted.near, work.check), _SamePhoto(candidates, units, work)
    )
    of_unit = np.arange(len(photo))
    of_unit[units] = units[owner]
    photo = of_unit[photo]
    if wanted.level == "photo":
        return Groups(photo, photo)
    return Groups(
        photo, _bursts(candidates, units[owner == np.arange(len(units))], photo, wanted, work)[photo]
    )


def _same_content(candidates: Candidates, order: Indices) -> Indices:
    """Of each picture the most preferred that holds the same bytes, itself where it could not be read."""
    found = np.arange(len(order))
    seen = order[candidates.looks.seen[order]]
    if len(seen):
        _, first, inverse = np.unique(candidates.looks.contents[seen], return_index=True, return_inverse=True)
        found[seen] = seen[first[inverse]]
    return found


class _SamePhoto:
    """Compares candidates by their pixels, and by the clocks that saw them."""

    def __init__(self, candidates: Candidates, units: Indices, work: Work) -> None:
        self._looks, self._units = candidates.looks, units
        self._taken = candidates.taken
        self._outlines = Outlines.of(candidates.looks.grey)
        self._check = work.check

    def __call__(self, pairs: Pairs) -> Floats:
        """How far apart pairs (p,) are; infinitely if they are not of the same photo."""
        self._check()
        first, second, seen = self._units[pairs.first], self._units[pairs.second], self._looks.seen
        apart = np.abs(self._taken[first] - self._taken[second])  # NaT where one is not known
        left = np.flatnonzero(seen[first] & seen[second] & ~(apart >= SAME_MOMENT))
        left = left[self._outlines.may_be_same(first[left], second[left])]
        found = np.full(len(first), np.inf, dtype=np.float32)
        for at in range(0, len(left), PAIRS_READ):
            part = left[at : at + PAIRS_READ]
            one, other = self._looks.some(first[part]), self._looks.some(second[part])
            found[part] = distances(one, other, self._check)
        return found


def _bursts(
    candidates: Candidates, photos: Indices, photo: Indices, wanted: Duplicates, work: Work
) -> Indices:
    """Of each photo (m,) the one that is kept of its burst.

    Args:
        candidates: The pictures.
        photos: int64 (p,): those that are kept of each photo, the preferred ones first.
        photo: int64 (m,): of each picture the one that is kept.
        wanted: The limits.
        work: The statement's.
    """
    taken = _times(candidates.taken, photo)[photos]
    most = np.timedelta64(round(wanted.seconds * 1e6), "us")

    def apart(pairs: Pairs) -> Floats:
        work.check()
        between = np.abs(taken[pairs.first] - taken[pairs.second])
        together = np.where(np.isnat(between), pairs.cosine >= np.float32(wanted.alike), between <= most)
        return np.where(together, 1 - pairs.cosine, np.float32(np.inf))

    owner = leaders(Neighbours(candidates.vectors[photos], wanted.near, work.check), apart)
    found = np.arange(len(photo))
    found[photos] = photos[owner]
    return found


def _times(taken: Times, photo: Indices) -> Times:
    """When each kept photo was taken: as it says itself, else as the earliest of its copies does."""
    earliest = np.full(len(taken), np.iinfo(np.int64).max)
    known = ~np.isnat(taken)
    np.minimum.at(earliest, photo[known], taken[known].astype(np.int64))
    of_copies = earliest.astype("datetime64[us]")
    of_copies[earliest == np.iinfo(np.int64).max] = NO_TIME
    found: Times = np.where(known, taken, of_copies)
    return found


class Marked(NamedTuple):
    """The rows that belong to groups, in the order in which they are shown.

    Attributes:
        rows: int64 (r,): which rows they are.
        photo: int64 (r,): the number of the group of copies; 0 for none.
        burst: int64 (r,): the number of the burst; 0 for none.
        keep: bool (r,).
        cosine: float32 (r,): to the one that is kept.
    """

    rows: Indices
    photo: Indices
    burst: Indices
    keep: NDArray[np.bool_]
    cosine: NDArray[np.float32]

    @classmethod
    def of(
        cls, pictures: PictureValues, candidates: Candidates, groups: Groups, wanted: Duplicates
    ) -> Marked:
        """The rows of pictures that are in a group that is wanted; a group has two pictures."""
        count = len(candidates.items)
        of_item = np.full(len(pictures) + 1, -1)  # the last is that of NULL
        of_item[candidates.items] = np.arange(count)
        of_row = of_item[pictures.of_row]
        copied = np.bincount(groups.photo, minlength=count)[groups.photo] > 1
        photos = np.unique(groups.photo)
        together = np.bincount(groups.burst[photos], minlength=count)[groups.burst] > 1
        if wanted.level == "photo":
            together[:] = False
        chosen = together if wanted.level == "burst" else together | copied
        rows = np.flatnonzero((of_row >= 0) & np.append(chosen, False)[of_row])
        at = of_row[rows]
        return cls._ordered(rows, at, copied, together, candidates, groups, wanted)

    @classmethod
    def _ordered(
        cls,
        rows: Indices,
        at: Indices,
        copied: NDArray[np.bool_],
        together: NDArray[np.bool_],
        candidates: Candidates,
        groups: Groups,
        wanted: Duplicates,
    ) -> Marked:
        photo, burst = groups.photo[at], groups.burst[at]
        kept = np.where(copied[at], photo, burst) if wanted.level != "burst" else burst
        keep = (at == photo) if wanted.level != "burst" else (at == burst)
        outer = _first_rows(np.where(together[at], burst, photo), rows)
        inner = np.where(photo == burst, -1, _first_rows(photo, rows))
        order = np.lexsort((rows, at != photo, inner, outer))
        cosine = np.einsum("ij,ij->i", candidates.vectors[at], candidates.vectors[kept])
        return cls(
            rows[order],
            np.where(copied[at], _numbered(photo, copied[at]), 0)[order],
            np.where(together[at], _numbered(burst, together[at]), 0)[order],
            keep[order],
            np.where(at == kept, 1, np.clip(cosine, -1, 1)).astype(np.float32)[order],
        )

    def table(self, wanted: Duplicates) -> pa.Table:
        """The columns that are wanted."""
        import pyarrow as pa

        numbers = {"photo": [self.photo], "burst": [self.burst], "both": [self.photo, self.burst]}[
            wanted.level
        ]
        arrays = [pa.array(these, pa.int32(), mask=these == 0) for these in numbers]
        return pa.table(
            [*arrays, pa.array(self.keep), pa.array(self.cosine)], [it.name for it in wanted.results]
        )


def _first_rows(groups: Indices, rows: Indices) -> Indices:
    """Of each row (r,), in ascending order, the first that is in its group."""
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    found: Indices = rows[first[inverse]]
    return found


def _numbered(groups: Indices, counts: NDArray[np.bool_]) -> Indices:
    """Of each row (r,) the number of its group among those that count, from 1, in the order of their first rows."""
    chosen = np.flatnonzero(counts)
    numbers = np.zeros(len(groups), dtype=np.int64)
    _, first, inverse = np.unique(groups[chosen], return_index=True, return_inverse=True)
    numbers[chosen] = np.argsort(np.argsort(first))[inverse] + 1
    return numbers


def _tell(found: Marked, candidates: Candidates, lacking: int, level: Level, work: Work) -> None:
    """How many groups there are, and what could not be compared."""
    if (photos := int(found.photo.max(initial=0))) and level != "burst":
        files = int((found.photo > 0).sum())
        work.notice(duplicates.COPIES(photos=counted(photos, "photo"), rows=counted(files, "row")))
    if bursts := int(found.burst.max(initial=0)):
        rows = counted(int((found.burst > 0).sum()), "row")
        work.notice(duplicates.BURSTS(bursts=counted(bursts, "burst"), rows=rows))
    if not len(found.rows):
        work.notice(duplicates.NOTHING())
    if lacking:
        rows = counted(lacking, "row")
        work.notice((answers.ROW_WITHOUT_VECTOR if lacking == 1 else answers.ROWS_WITHOUT_VECTOR)(rows=rows))
    _tell_unread(candidates, work)


def _tell_unread(candidates: Candidates, work: Work) -> None:
    failed, problems = candidates.looks.failed, candidates.looks.problems
    if not failed:
        return
    lines: list[str] = [duplicates.UNREAD(pictures=counted(failed, "picture"))]
    lines += [f"{name}: {reason}" for name, reason in problems]
    if failed > len(problems):
        lines.append(answers.AND_MORE(count=failed - len(problems)))
    work.notice("\n  ".join(map(str, lines)))
