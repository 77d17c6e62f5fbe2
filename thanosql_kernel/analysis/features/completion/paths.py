"""The folders and files that a path typed so far leads to."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from thanosql_kernel.catalog.spellings import composed, decomposed, respelt
from thanosql_kernel.files import PATIENCE_S, disk, is_remote, without_tilde
from thanosql_kernel.visible import visible

#: How much of a folder is offered: more than editors are sent at once, so that they ask again as a name is typed on.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a folder.

    Attributes:
        path: As typed up to the last ``/``, then its name.
        is_folder: Whether more may be typed behind it.
    """

    path: str
    is_folder: bool


def entries(folder: Path, typed: str, endings: tuple[str, ...]) -> list[Entry]:
    """What ``typed`` could go on to, by name: folders, and files that end as wanted; beginnings before inner parts.

    Only folders and regular files are given, and none whose name steers a terminal or is no UTF-8. A folder that does
    not answer is empty. Names are given as what is typed is spelt, however the disk
    spells them.

    Args:
        folder: Where a relative path starts.
        typed: The path as far as it is written, without quotes.
        endings: Of the files, in small letters.
    """
    if "://" in typed or is_remote(typed):
        return []
    head, slash, begun = typed.rpartition("/")
    start = folder / without_tilde(head + slash)
    wanted = composed(begun).lower()
    found: list[tuple[str, bool]] = []
    # What was found by the time that patience ends is given; links, which may lead to dead places, come last.
    disk.ask(start, lambda: _scan(_spelt(folder, head + slash), wanted, endings, found), None)
    form = composed if composed(typed) == typed else decomposed
    names = {(form(name), is_folder) for name, is_folder in found}
    found = sorted(names, key=lambda entry: (not composed(entry[0]).lower().startswith(wanted), entry[0]))
    return [Entry(head + slash + name, is_folder) for name, is_folder in found[:_MOST]]


def _spelt(folder: Path, head: str) -> Path:
    return folder / without_tilde(respelt(head, folder))


def _scan(start: Path, wanted: str, endings: tuple[str, ...], found: list[tuple[str, bool]]) -> None:
    """Add fitting entries of a folder to ``found``, for as long as somebody waits for them."""
    links = []
    end_s = time.monotonic() + PATIENCE_S
    try:
        with os.scandir(start) as scanned:
            for entry in scanned:
                if time.monotonic() > end_s:
                    return
                if not _fits(entry.name, wanted):
                    continue
                if entry.is_symlink():
                    links.append(entry)
                else:
                    found.extend(_kind(entry, endings))
        for entry in links:
            found.extend(_kind(entry, endings))
    except (OSError, ValueError):  # ValueError: a zero byte in the path
        return


def _fits(name: str, wanted: str) -> bool:
    return not name.startswith(".") and wanted in composed(name).lower() and visible(name) == name


def _kind(entry: os.DirEntry[str], endings: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    try:
        if entry.is_dir():
            yield entry.name, True
        elif entry.name.lower().endswith(endings) and entry.is_file():
            yield entry.name, False
    except OSError:
        return
