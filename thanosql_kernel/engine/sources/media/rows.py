"""The rows of a folder's table: what its listing tells, and what the chosen files say of themselves."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from thanosql_kernel.engine.sources.media.listing import Listing
from thanosql_kernel.engine.work import Work
from thanosql_kernel.folders.columns import MOTION, OF_PICTURES, PATHS, folder_columns
from thanosql_kernel.images.metadata import Metadata, read_metadata
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.wording import media as told

if TYPE_CHECKING:
    import pyarrow as pa

#: Files that a thread reads one after another where the disk is waited for, and where it is not.
TOGETHER, TOGETHER_ALONE = 32, 256
#: Threads that may wait for a disk at the same time.
MOST_THREADS = 32

_NOTHING = Metadata()


def rows(
    listing: Listing, work: Work, indices: Sequence[int] | None = None, *, metadata: bool = True
) -> pa.Table:
    """The rows of files, with the columns of `folder_columns`.

    Args:
        listing: The folder.
        work: Who waits.
        indices: Which of its files, in the order of the rows; all in natural order when None.
        metadata: Whether there is more than their paths.

    Raises:
        Interrupted: The user asked to stop.
    """
    import pyarrow as pa

    chosen = listing.in_order() if indices is None else indices
    columns = _path_columns(listing, chosen)
    if metadata:
        if listing.media in ("image", "all"):
            columns |= _picture_columns(listing, chosen, work)
        columns |= _file_columns(listing, chosen)
        columns |= {MOTION.name: _motion(listing, chosen)}
    wanted = folder_columns(listing.media, metadata=metadata)
    return pa.table({column.name: columns[column.name] for column in wanted})


def facts(listing: Listing, indices: Sequence[int]) -> pa.Table:
    """What the listing alone tells of files: their sizes and times, their films; none of them is opened."""
    import pyarrow as pa

    return pa.table({**_file_columns(listing, indices), MOTION.name: _motion(listing, indices)})


def _path_columns(listing: Listing, chosen: Sequence[int]) -> dict[str, Any]:
    import pyarrow as pa

    paths = [listing.stored(index) for index in chosen]
    if listing.media != "all":
        return {PATHS[listing.media]: pa.array(paths, pa.string())}
    kinds = [listing.kinds[index] for index in chosen]
    return {
        name: pa.array(
            [path if other == kind else None for path, other in zip(paths, kinds, strict=True)], pa.string()
        )
        for kind, name in PATHS.items()
    }


def _file_columns(listing: Listing, chosen: Sequence[int]) -> dict[str, Any]:
    import pyarrow as pa

    sizes, times = listing.size_bytes[chosen], listing.modified_us[chosen]
    return {
        "size_bytes": pa.array(sizes, mask=sizes < 0),
        "modified_at": pa.array(times).cast(pa.timestamp("us", "UTC")),
        "kind": pa.array([listing.kinds[index] for index in chosen], pa.string()),
    }


def _motion(listing: Listing, chosen: Sequence[int]) -> Any:
    import pyarrow as pa

    films = (listing.motion.get(index) for index in chosen)
    return pa.array([None if film is None else listing.base + film for film in films], pa.string())


# -- what pictures say of themselves -------------------------------------------------------------------------
def _picture_columns(listing: Listing, chosen: Sequence[int], work: Work) -> dict[str, Any]:
    import pyarrow as pa

    types = {
        "TIMESTAMP": pa.timestamp("us"),
        "VARCHAR": pa.string(),
        "INTEGER": pa.int32(),
        "DOUBLE": pa.float64(),
    }
    known = _read(listing, chosen, work)
    return {
        column.name: pa.array(list(map(attrgetter(column.name), known)), types[column.type])
        for column in OF_PICTURES
    }


def _read(listing: Listing, chosen: Sequence[int], work: Work) -> list[Metadata]:
    """What the files say of themselves.

    As many threads read as can wait for the disk while one works: where nothing is waited for, more cost time.
    """
    folder = os.path.join(listing.folder, "")
    wanted = [folder + listing.paths[index] if listing.kinds[index] == "image" else None for index in chosen]
    known: list[Metadata] = []
    threads, at = 1, 0
    with work.progress(told.READING(), len(wanted), "files") as bar:
        while at < len(wanted):
            size = TOGETHER if at == 0 or threads > 1 else TOGETHER_ALONE
            upto = min(at + size * (16 * threads if at else 1), len(wanted))
            parts = [wanted[start : min(start + size, upto)] for start in range(at, upto, size)]
            waited_s = worked_s = 0.0
            for part, took_s, busy_s in map_aside(_read_some, parts, threads=threads, check=work.check):
                bar.advance(len(part))
                known += part
                waited_s, worked_s = waited_s + took_s, worked_s + busy_s
            at = upto
            threads = max(1, min(MOST_THREADS, int(waited_s / max(worked_s, 1e-6) / 2)))
    return known


def _read_some(paths: Sequence[str | None]) -> tuple[list[Metadata], float, float]:
    """What files say of themselves; how long that took, and how much of it this thread worked, seconds."""
    began_s, busy_s = time.perf_counter(), time.thread_time()
    known = [_NOTHING if path is None else read_metadata(path) for path in paths]
    return known, time.perf_counter() - began_s, time.thread_time() - busy_s
