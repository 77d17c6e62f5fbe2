"""Which versions a table in a folder has, by the names of its manifests: no file is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_V2_NAME_LENGTH = 20  # manifests are named 2**64 - 1 - version since Lance 0.20
_MAX_VERSION = 2**64 - 1
MANIFESTS = "_versions"


def latest_version(folder: Path) -> int | None:
    """The version of a local table by the names of its manifests; None if it was never committed."""
    return max(versions_of(folder), default=None)


def versions_of(folder: Path) -> Iterator[int]:
    """The versions of a local table by the names of its manifests."""
    with suppress(OSError):
        for name in os.listdir(folder / MANIFESTS):
            stem = name.removesuffix(".manifest")
            if stem != name and stem.isdigit():
                yield _MAX_VERSION - int(stem) if len(stem) == _V2_NAME_LENGTH else int(stem)
