"""What files are, so that they are known again: size, time, and a digest of their beginning and end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from thanosql_kernel.engine.sources.media.listing import Listing
from thanosql_kernel.engine.sources.media.looking import Look, look_at
from thanosql_kernel.engine.store.sightings import DIGEST_BYTES, sightings_schema
from thanosql_kernel.engine.work import Work

if TYPE_CHECKING:
    import pyarrow as pa

LASTING_AFTER_US = 2_000_000
"""A file written less than this before it was looked at may change again within one tick of its clock (FAT: 2 s)."""


def sighted(listing: Listing, indices: Sequence[int], work: Work) -> pa.Table:
    """What some files of a folder are now, see `store.sightings`.

    Raises:
        Interrupted: The user asked to stop.
    """
    return sightings(listing, indices, look_at(listing, indices, work, metadata=False))


def sightings(listing: Listing, indices: Sequence[int], looks: Sequence[Look]) -> pa.Table:
    """The same of files that have been looked at; one that has changed since it was listed has no digest."""
    import pyarrow as pa

    sizes, times = listing.size_bytes[indices], listing.modified_us[indices]
    digests = [
        it.digest if (it.size, it.modified_us) == (size, modified) else None
        for it, size, modified in zip(looks, sizes.tolist(), times.tolist(), strict=True)
    ]
    lasting = time.time_ns() // 1000 - times > LASTING_AFTER_US
    columns = [
        pa.array(sizes),
        pa.array(times),
        pa.array(digests, pa.binary(DIGEST_BYTES)),
        pa.array(lasting),
    ]
    return pa.table(columns, schema=sightings_schema())
