"""What killed writers have left in a database's folder and beside it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path


def scratch_left(folder: Path) -> list[str]:
    """Temporary files and folders that nobody uses: all of them while no session is open."""
    internal = folder / "db" / "_thanosql"
    found = [path for name in ("tmp", "trash", "scratch", "spool") for path in _files(internal / name)]
    found += internal.glob("*.tmp")
    found += _files(folder / "temporary")
    return sorted(str(path.relative_to(folder)) for path in found)


def orphans(folder: Path, age_s: float = 0.0) -> list[str]:
    """Data files of tables that no version of them names and that are so old, and tables that have no version."""
    found, latest = [], time.time() - age_s
    for table in sorted((folder / "db").glob("*.lance")):
        named = _named(table)
        found += [
            path
            for path in _files(table / "data")
            if path.name not in named and path.stat().st_mtime <= latest
        ]
    return sorted(str(path.relative_to(folder)) for path in found)


def data_files(folder: Path) -> set[str]:
    """All files of all tables; one may vanish while this looks."""
    return {os.path.join(root, name) for root, _, names in os.walk(folder / "db") for name in names}


def size_bytes(folder: Path, pattern: str = "*") -> int:
    """What all files hold in what a folder has of such names."""
    parts = list(folder.glob(pattern))
    files = [path for part in parts for path in ([part] if part.is_file() else _files(part))]
    return sum(path.stat().st_size for path in files)


def _named(table: Path) -> set[str]:
    """The data files of all versions."""
    import lance

    if not any((table / "_versions").glob("*.manifest")):
        return set()
    dataset = lance.dataset(str(table))
    versions = [dataset.checkout_version(version["version"]) for version in dataset.versions()]
    return {
        os.path.basename(file.path)
        for version in versions
        for fragment in version.get_fragments()
        for file in fragment.data_files()
    }


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if not path.is_dir())
