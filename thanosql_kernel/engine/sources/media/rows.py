"""The rows of a folder's table: what its listing tells, and what the chosen files say of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from thanosql_kernel.engine.sources.media.listing import Listing
from thanosql_kernel.engine.sources.media.looking import Look, look_at
from thanosql_kernel.engine.work import Work
from thanosql_kernel.folders.columns import MOTION, OF_PICTURES, PATHS, folder_columns

if TYPE_CHECKING:
    import pyarrow as pa


def rows(
    listing: Listing, chosen: Sequence[int], looks: Sequence[Look], *, metadata: bool = True
) -> pa.Table:
    """The rows of files, with the columns of `folder_columns`.

    Args:
        listing: The folder.
        chosen: Which of its files, in the order of the rows.
        looks: What these were when they were looked at.
        metadata: Whether there is more than their paths.
    """
    import pyarrow as pa

    columns = _path_columns(listing, chosen)
    if metadata:
        if asks(listing, metadata):
            columns |= _picture_columns(looks)
        columns |= _file_columns(listing, chosen)
        columns |= {MOTION.name: _motion(listing, chosen)}
    wanted = folder_columns(listing.media, metadata=metadata)
    return pa.table({column.name: columns[column.name] for column in wanted})


def read_rows(listing: Listing, chosen: Sequence[int], work: Work, *, metadata: bool = True) -> pa.Table:
    """The rows of files that nobody has looked at yet.

    Raises:
        Interrupted: The user asked to stop.
    """
    looks = look_at(listing, chosen, work, metadata=True) if asks(listing, metadata) else []
    return rows(listing, chosen, looks, metadata=metadata)


def asks(listing: Listing, metadata: bool) -> bool:
    """Whether rows of a folder have columns of what pictures say of themselves."""
    return metadata and listing.media in ("image", "all")


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
def _picture_columns(looks: Sequence[Look]) -> dict[str, Any]:
    import pyarrow as pa

    types = {
        "TIMESTAMP": pa.timestamp("us"),
        "VARCHAR": pa.string(),
        "INTEGER": pa.int32(),
        "DOUBLE": pa.float64(),
    }
    known = [look.metadata for look in looks]
    return {
        column.name: pa.array(list(map(attrgetter(column.name), known)), types[column.type])
        for column in OF_PICTURES
    }
