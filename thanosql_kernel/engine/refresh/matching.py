"""Which of a folder's files is which of a table's rows, when names are no help: files are known by what they hold.

A row whose file is not where it was is given to a file of the same content, if there is no doubt which: the only one of
that content, or among copies the one that lies in the same place, has the same name, or the same time. Whatever is left
over is new, or gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is now, or as a row knows it.

    Attributes:
        path: As the table has it.
        content: Equal for equal contents; None where nobody knows it.
        modified_us: When it was written, microseconds since 1970.
    """

    path: str
    content: Hashable | None
    modified_us: int

    @property
    def name(self) -> str:
        """Without its folder."""
        return self.path.rpartition("/")[2]


Key = Callable[[File], Hashable]
#: What tells copies apart, the surest first.
_TOLD_BY: tuple[Key, ...] = (
    lambda file: file.path,
    lambda file: (file.name, file.modified_us),
    lambda file: file.name,
    lambda file: file.modified_us,
    lambda file: None,
)


def pairs(lost: Sequence[File], found: Sequence[File]) -> dict[int, int]:
    """Which file each row has now.

    Args:
        lost: Files of rows that are not where they were, or are others now; no two of one path.
        found: Files that no row has, and those that are others than the rows that had them knew.

    Returns:
        Positions in ``found`` by positions in ``lost``.
    """
    by_content: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, files in enumerate((lost, found)):
        for at, file in enumerate(files):
            if file.content is not None:
                by_content[file.content][side].append(at)
    return dict(
        pair
        for before, after in by_content.values()
        if before and after
        for pair in _told_apart(before, after, lost, found)
    )


def _told_apart(
    before: list[int], after: list[int], lost: Sequence[File], found: Sequence[File]
) -> Iterator[tuple[int, int]]:
    """Pairs among files of one content."""
    for key in _TOLD_BY:
        ours = _alone(before, lambda at: key(lost[at]))  # noqa: B023 - used at once
        theirs = _alone(after, lambda at: key(found[at]))  # noqa: B023
        for value in ours.keys() & theirs.keys():
            yield ours[value], theirs[value]
            before.remove(ours[value])
            after.remove(theirs[value])


def _alone(positions: Iterable[int], key: Callable[[int], Hashable]) -> dict[Hashable, int]:
    """The positions whose key no other one has, by it."""
    found: dict[Hashable, int | None] = {}
    for at in positions:
        value = key(at)
        found[value] = None if value in found else at
    return {value: at for value, at in found.items() if at is not None}
