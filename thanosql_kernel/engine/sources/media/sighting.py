"""What files are, so that they are known again: size, time, and a digest of their beginning and end."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from thanosql_kernel.engine.sources.media.listing import Listing
from thanosql_kernel.engine.store.sightings import DIGEST_BYTES, sightings_schema
from thanosql_kernel.engine.work import Work
from thanosql_kernel.files import read_ends
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.machine import available_cores
from thanosql_kernel.wording import refresh as told

if TYPE_CHECKING:
    import pyarrow as pa

HEAD_BYTES = 48 << 10
TAIL_BYTES = 16 << 10
COVERED_BYTES = HEAD_BYTES + TAIL_BYTES
"""A file that is no larger is read whole: equal digests are equal contents then."""
LASTING_AFTER_US = 2_000_000
"""A file written less than this before it was looked at may change again within one tick of its clock (FAT: 2 s)."""
_TOGETHER = 32


class _Glance(NamedTuple):
    size: int
    modified_us: int
    digest: bytes


def sighted(listing: Listing, indices: Sequence[int], work: Work) -> pa.Table:
    """What some files of a folder are now; a file that changes meanwhile, or cannot be read, has no digest.

    Args:
        listing: The folder.
        indices: Which of its files.
        work: Who waits.

    Returns:
        The sightings, see `store.sightings`.

    Raises:
        Interrupted: The user asked to stop.
    """
    import pyarrow as pa

    folder = os.path.join(listing.folder, "")
    parts = [indices[at : at + _TOGETHER] for at in range(0, len(indices), _TOGETHER)]
    look = partial(_look, folder, listing.paths)
    glances: list[_Glance | None] = []
    with work.progress(told.COMPARING(), len(indices), "files") as bar:
        for part in map_aside(look, parts, threads=2 * available_cores(), check=work.check):
            glances += part
            bar.advance(len(part))
    sizes, times = listing.size_bytes[indices], listing.modified_us[indices]
    digests = [
        it.digest if it is not None and (it.size, it.modified_us) == (size, modified) else None
        for it, size, modified in zip(glances, sizes.tolist(), times.tolist(), strict=True)
    ]
    lasting = time.time_ns() // 1000 - times > LASTING_AFTER_US
    columns = [
        pa.array(sizes),
        pa.array(times),
        pa.array(digests, pa.binary(DIGEST_BYTES)),
        pa.array(lasting),
    ]
    return pa.table(columns, schema=sightings_schema())


def _look(folder: str, paths: Sequence[str], indices: Sequence[int]) -> list[_Glance | None]:
    return [_glance(folder + paths[index]) for index in indices]


def _glance(path: str) -> _Glance | None:
    """A file's state and the digest of its beginning and end."""
    try:
        status, data = read_ends(path, HEAD_BYTES, TAIL_BYTES)
    except OSError:
        return None
    # Processors have instructions for SHA-256: half the time of BLAKE2.
    digest = hashlib.sha256(f"{status.st_size} ".encode() + data).digest()[:DIGEST_BYTES]
    return _Glance(status.st_size, status.st_mtime_ns // 1000, digest)
