"""The versions of local tables, told by the names of their manifests: no LanceDB is needed for it."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

FOLDER = "_versions"
_V2_NAME_LENGTH = 20  # manifests are named 2**64 - 1 - version since Lance 0.20
_MAX_VERSION = 2**64 - 1
_SETTLED_NS = 2_000_000_000


class LatestVersions:
    """The latest versions of tables, asked for again and again."""

    def __init__(self) -> None:
        self._known: dict[
            str, tuple[int, int, int]
        ] = {}  # table -> its folder of manifests as it was, its version

    def of(self, table: str) -> int | None:
        """The latest version of the table in a folder; None if it was never committed.

        Manifests are listed only if there may be others now: 1,000 tables take 3 ms so, and 17 ms if all are listed.
        A folder that changed within the last two seconds may change once more at what its file system takes for the
        same time, so it is listed again.
        """
        try:
            status = os.stat(f"{table}/{FOLDER}")
        except OSError:
            return None
        changed_ns, known = status.st_mtime_ns, self._known.get(table)
        if known is not None and known[0] == changed_ns and known[1] == status.st_ino:
            return known[2]
        version = latest_version(table)
        if version is not None and time.time_ns() - changed_ns > _SETTLED_NS:
            self._known[table] = changed_ns, status.st_ino, version
        return version


def latest_version(table: str | Path) -> int | None:
    """The version of the table in a folder; None if it was never committed."""
    return max(versions_of(table), default=None)


def versions_of(table: str | Path) -> Iterator[int]:
    """The versions of the table in a folder that have not been cleaned away, in no order."""
    return (number for number, _ in _manifests(Path(table)))


def times(table: str | Path) -> dict[int, datetime]:
    """The versions of the table in a folder and when each was committed."""
    found = {}
    for number, file in _manifests(Path(table)):
        with suppress(FileNotFoundError):
            found[number] = datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    return found


def set_aside(table: str | Path, version: int, folder: Path) -> None:
    """Move the manifest of a version into another folder.

    Raises:
        OSError: It cannot be moved.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number, file in list(_manifests(Path(table))):
        if number == version:
            os.replace(file, folder / f"{Path(table).stem}-{version}-{uuid.uuid4().hex}.manifest")


def _manifests(table: Path) -> Iterator[tuple[int, Path]]:
    with suppress(OSError):
        for name in os.listdir(table / FOLDER):
            stem = name.removesuffix(".manifest")
            if stem != name and stem.isdigit():
                number = _MAX_VERSION - int(stem) if len(stem) == _V2_NAME_LENGTH else int(stem)
                yield number, table / FOLDER / name
