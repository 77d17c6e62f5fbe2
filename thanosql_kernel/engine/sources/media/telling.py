"""What is said about the files of a folder that became no rows: one line, and one each for what may be a loss."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from thanosql_kernel.engine.sources.media.listing import Listing
from thanosql_kernel.folders.kinds import KINDS, UNREAD_PICTURES
from thanosql_kernel.folders.walk import LeftOut
from thanosql_kernel.wording import counted
from thanosql_kernel.wording import media as told

_NAMED = 5
#: Folders that are left out are counted one level deep, so many of them.
_COUNTED = 100


def tell(listing: Listing, notice: Callable[[str], None]) -> None:
    """Say what was taken where that is not plain, and what was left out and why.

    Blocks as long as the disk does: a folder that is left out is opened to count what is in it.
    """
    unread(listing.left_out, notice)
    if parts := [*_other_kinds(listing), *_by_ending(listing.left_out), *_not_entered(listing)]:
        notice(told.LEFT_OUT(files="; ".join(parts)))


def unread(left_out: LeftOut, notice: Callable[[str], None]) -> None:
    """Name what may be a loss: names that are no UTF-8, folders that cannot be read, links that lead nowhere."""
    for names, all_named, more_of_them in (
        (left_out.unnamed, told.UNNAMED, told.UNNAMED_MORE),
        (left_out.unread, told.UNREAD, told.UNREAD_MORE),
        (left_out.dangling, told.DANGLING, told.DANGLING_MORE),
    ):
        if names:
            say, more = (all_named if len(names) <= _NAMED else more_of_them), len(names) - _NAMED
            notice(say(names=", ".join(name or "." for name in sorted(names)[:_NAMED]), more=more))


def _other_kinds(listing: Listing) -> Iterator[str]:
    """The kinds that this folder has, too, and the option that takes them."""
    if listing.media == "all":
        return
    others = {kind: listing.counts.get(kind, 0) for kind in KINDS if kind != listing.media}
    files = [counted(count, f"{kind} file") for kind, count in others.items() if count]
    if files:
        yield told.OTHER_KINDS(files=", ".join(files))


def _by_ending(left_out: LeftOut) -> Iterator[str]:
    pictures = Counter({end: n for end, n in left_out.endings.items() if end in UNREAD_PICTURES})
    others = left_out.endings - pictures
    if pictures:
        yield told.UNREAD_PICTURES(files=_endings(pictures))
    if others:
        yield _endings(others)
    for count, said in (
        (left_out.not_asked_for, told.NOT_ASKED_FOR),
        (left_out.hidden, told.HIDDEN),
        (left_out.apple_double, told.APPLE_DOUBLE),
        (left_out.broken, told.BROKEN),
    ):
        if count:
            yield said(count=count)


def _endings(counts: Counter[str]) -> str:
    named = counts.most_common(2 * _NAMED)
    rest = counts.total() - sum(count for _, count in named)
    said = [f"{count:,} {end}" if end else told.NO_ENDING(count=count) for end, count in named]
    return ", ".join([*said, *([told.OTHERS(count=rest)] if rest else [])])


def _not_entered(listing: Listing) -> Iterator[str]:
    """Folders that were not looked into: by name, with how much is in them."""
    left_out = listing.left_out
    inside: Counter[str] = Counter()
    for path in left_out.system[:_COUNTED]:
        inside[PurePosixPath(path).name] += _names_in(listing.folder / path)
    for path in left_out.system[_COUNTED:]:
        inside[PurePosixPath(path).name] += 1
    for name, count in inside.items():
        yield told.IN_FOLDER(count=count, name=name)
    if left_out.links:
        yield told.LINKS(names=_some(left_out.links))


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join([*names[:_NAMED], *([told.OTHERS(count=more)] if more > 0 else [])])


def _names_in(folder: Path) -> int:
    try:
        with os.scandir(folder) as entries:
            return sum(1 for _ in entries)
    except OSError:
        return 0
