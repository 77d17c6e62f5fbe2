"""What a table takes on disk: its fragments as the plan of merging sees them, its files, and who names them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from thanosql_kernel.engine.store.lance_files import GONE
from thanosql_kernel.engine.store.merging import Piece

_FEW_DEAD_BYTES = 256 << 10
"""Not worth to be looked for."""


def is_plain(dataset: Any) -> bool:
    """Whether rows can be written again under other addresses; see `movable` about those that indexes point to."""
    if dataset.has_stable_row_ids:
        return False
    return not any(b"blob" in key or b"blob" in value for key, value in _metadata(dataset.schema))


def movable(dataset: Any) -> list[Any]:
    """The fragments at the end of a table that no index points to, as far as it is known to what it does."""
    fragments, indexes = dataset.get_fragments(), dataset.list_indices()
    if not indexes:
        return list(fragments)
    if not all(str(index["type"]).startswith("IVF_") for index in indexes):
        return []
    covered = [int(number) for index in indexes for number in index["fragment_ids"] or ()]
    last = max(covered, default=-1)
    return [fragment for fragment in fragments if int(fragment.fragment_id) > last]


def _metadata(schema: Any) -> Iterator[tuple[bytes, bytes]]:
    for field in schema:
        yield from (field.metadata or {}).items()
        yield b"", str(field.type).encode() if str(field.type).startswith("extension") else b""


def piece(fragment: Any) -> Piece:
    """A Lance fragment as the plan sees it."""
    files = fragment.metadata.files
    rows = int(fragment.physical_rows)
    size = sum(file.file_size_bytes or 64 * rows for file in files)
    is_stale = any(GONE in file.fields for file in files)
    return Piece(size, rows, int(fragment.num_deletions), is_stale)


def is_much_dead(needed: int, folder: Path) -> bool:
    """Whether data files that are not needed take more space than those that are (bytes)."""
    return size(folder / "data") - needed > max(needed, _FEW_DEAD_BYTES)


def live_rows(fragments: Sequence[Any]) -> int:
    """Rows of fragments that are not deleted."""
    return sum(int(fragment.count_rows()) for fragment in fragments)


def tracked(dataset: Any) -> set[str]:
    """The paths of all files that some version names."""
    return set(dataset.tracked_files().read_all().column("path").to_pylist())


def untracked(files: Sequence[dict[str, Any]], tracked: set[str]) -> Iterator[tuple[str, datetime]]:
    """Those of a table's files that no version names, and when each was written last."""
    for file in files:
        path = file["path"]
        if path not in tracked and path.split("/")[0] in ("data", "_deletions", "_transactions"):
            yield path, file["last_modified"]


def size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(size for _, size in files_in(folder))


def files_in(folder: Path) -> Iterator[tuple[str, int]]:
    """The files in a folder and below, and their bytes."""
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                path = os.path.join(parent, name)
                yield path, os.stat(path).st_size
