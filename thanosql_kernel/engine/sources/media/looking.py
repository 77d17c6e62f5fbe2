"""What the files of a folder are and say of themselves: each is opened once."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from typing import NamedTuple

from thanosql_kernel.engine.sources.media.listing import Listing
from thanosql_kernel.engine.store.sightings import DIGEST_BYTES
from thanosql_kernel.engine.work import Work
from thanosql_kernel.files import descriptor_of, read_at
from thanosql_kernel.images.metadata import Metadata, read_open
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.wording import media as told

END_BYTES = 8 << 10
COVERED_BYTES = 2 * END_BYTES
"""A file that is no larger is read whole: equal digests are equal contents then."""

#: Files that a thread reads one after another where the disk is waited for, and where it is not.
_TOGETHER, _TOGETHER_ALONE = 32, 256
#: Threads that may wait for a disk at the same time.
_MOST_THREADS = 32

_NOTHING = Metadata()


class Look(NamedTuple):
    """What a file was when it was looked at.

    Attributes:
        size: In bytes; -1 of one that cannot be read.
        modified_us: Microseconds since 1970, UTC.
        digest: Of its size, its beginning and its end, `DIGEST_BYTES` long.
        metadata: What it says of itself.
    """

    size: int
    modified_us: int
    digest: bytes
    metadata: Metadata


UNSEEN = Look(-1, 0, b"", _NOTHING)


def look_at(listing: Listing, indices: Sequence[int], work: Work, *, metadata: bool) -> list[Look]:
    """Look at files of a folder, in the order of ``indices``.

    As many threads read as can wait for the disk while one works: where nothing is waited for, more cost time.

    Args:
        listing: The folder.
        indices: Which of its files.
        work: Who waits.
        metadata: Whether pictures are asked what they say of themselves.

    Raises:
        Interrupted: The user asked to stop.
    """
    folder = os.path.join(listing.folder, "")
    wanted = [
        (folder + listing.paths[index], metadata and listing.kinds[index] == "image") for index in indices
    ]
    looks: list[Look] = []
    threads, at = 1, 0
    with work.progress(told.READING(), len(wanted), "files") as bar:
        while at < len(wanted):
            size = _TOGETHER if at == 0 or threads > 1 else _TOGETHER_ALONE
            upto = min(at + size * (16 * threads if at else 1), len(wanted))
            parts = [wanted[start : min(start + size, upto)] for start in range(at, upto, size)]
            waited_s = worked_s = 0.0
            for part, took_s, busy_s in map_aside(_look_at_some, parts, threads=threads, check=work.check):
                bar.advance(len(part))
                looks += part
                waited_s, worked_s = waited_s + took_s, worked_s + busy_s
            at = upto
            threads = max(1, min(_MOST_THREADS, int(waited_s / max(worked_s, 1e-6) / 2)))
    return looks


def _look_at_some(wanted: Sequence[tuple[str, bool]]) -> tuple[list[Look], float, float]:
    """What files are; how long that took, and how much of it this thread worked, seconds."""
    began_s, busy_s = time.perf_counter(), time.thread_time()
    looks = [_look(path, asks) for path, asks in wanted]
    return looks, time.perf_counter() - began_s, time.thread_time() - busy_s


def _look(path: str, asks: bool) -> Look:
    try:
        with descriptor_of(path) as descriptor:
            status = os.fstat(descriptor)
            head, size = os.read(descriptor, END_BYTES), status.st_size
            tail = (
                read_at(descriptor, END_BYTES, max(END_BYTES, size - END_BYTES)) if size > len(head) else b""
            )
            metadata = read_open(path, descriptor, head) if asks else _NOTHING
    except (OSError, ValueError):
        return UNSEEN
    # Processors have instructions for SHA-256: half the time of BLAKE2.
    digest = hashlib.sha256(b"%d " % size + head + tail).digest()[:DIGEST_BYTES]
    return Look(size, status.st_mtime_ns // 1000, digest, metadata)
