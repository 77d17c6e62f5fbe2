"""What COPY of a folder costs beside reading it.

    python benchmarks/folders.py [photos]

Writes that many JPEGs of about 100 kB (10,000: 1 GB) with what phones write into them, then prints, as the shortest of
several turns taken one after the other:

- reading the first 64 kB of each, and COPY with metadata and without beside it: from the disk, as photos are read that
  are new to a machine, where the system can be told to forget them (Linux); and with everything in the system's cache;
- a plain walk with the state of each file, and the listing of the same folder beside it, both in the cache.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.sources.media.listing import list_folder
from thanosql_kernel.engine.work import Work
from thanosql_kernel.folders.selection import Selection

TURNS = 5
HEAD_BYTES = 65_536
IN_A_FOLDER = 500


def photo() -> bytes:
    """A JPEG with the tags, the maker's notes and the thumbnail of a phone."""
    rng = np.random.default_rng(0)
    noise = Image.fromarray(rng.integers(0, 255, (75, 100, 3), np.uint8))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x0131] = "Apple", "iPhone 12", 6, "17.4.1"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details.update(
        {0x9003: "2024:05:04 12:13:14", 0x9004: "2024:05:04 12:13:14", 0x9291: "123", 0x9011: "+09:00"}
    )
    details.update({0xA000 + n: n for n in range(2, 24)})
    details[0x927C] = bytes(4000)
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "N", 2: (37.0, 33.0, 59.5), 3: "E", 4: (126.0, 58.0, 41.0), 5: 0, 6: 38.5, 29: "2024:05:04"}
    )
    stream = io.BytesIO()
    noise.resize((1000, 750), Image.Resampling.BICUBIC).save(stream, "JPEG", quality=85, exif=exif)
    return stream.getvalue().ljust(100_000, b"\0")


def write_photos(folder: Path, count: int) -> list[str]:
    content, paths = photo(), []
    for number in range(count):
        path = folder / f"{number // IN_A_FOLDER:03}" / f"IMG_{number:05}.JPG"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(str(path))
    return paths


def read_heads(paths: list[str]) -> None:
    for path in paths:
        with open(path, "rb") as file:
            file.read(HEAD_BYTES)


def forget(paths: list[str]) -> None:
    """Have the system read the files from the disk the next time."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def plain_walk(folder: str) -> int:
    """The bytes of all files, as anybody would add them up."""
    total, waiting = 0, [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    total += entry.stat().st_size
    return total


def shortest_s(*works: Callable[[], object], first: Callable[[], object] = lambda: None) -> list[float]:
    """The shortest time of each, seconds; in turns, so that what else the machine does falls on all alike.

    Args:
        works: What is measured.
        first: Done before each, not measured.
    """
    best = [float("inf")] * len(works)
    for _ in range(TURNS):
        for number, work in enumerate(works):
            first()
            started_s = time.perf_counter()
            work()
            best[number] = min(best[number], time.perf_counter() - started_s)
    return best


def tell(where: str, head_s: float, copy_s: float, bare_s: float) -> None:
    print(f"{where}:")
    print(f"  first 64 kB of each {head_s:7.3f} s")
    print(f"  COPY with metadata  {copy_s:7.3f} s  {copy_s / head_s:.2f} times that")
    print(f"  COPY of paths alone {bare_s:7.3f} s  {bare_s / head_s:.2f} times that")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_photos(folder / "photos", count)
        session = Session(folder / "db", working_folder=folder)

        def copy(options: str) -> None:
            session.run(f"COPY t OPTIONS(overwrite=True, {options}) FROM 'photos'", emit=lambda result: None)

        reads = (lambda: read_heads(paths), lambda: copy("metadata=True"), lambda: copy("metadata=False"))
        read_heads(paths)
        from_cache = shortest_s(*reads)
        from_disk = shortest_s(*reads, first=lambda: forget(paths)) if hasattr(os, "posix_fadvise") else None
        photos = str(folder / "photos")
        walk_s, list_s = shortest_s(
            lambda: plain_walk(photos), lambda: list_folder(Path(photos), "photos/", Selection(), Work())
        )
        session.close()
    print(f"{count:,} photos")
    for where, times in (("from the disk", from_disk), ("from the cache", from_cache)):
        if times is not None:
            tell(where, *times)
    print(f"plain walk with stat  {walk_s:7.3f} s")
    print(f"listing               {list_s:7.3f} s  {list_s / walk_s:.2f} times that")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
