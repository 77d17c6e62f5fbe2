"""Files of vectors in 16 bits a number, one for a column in one fragment, mapped into memory as they are.

A file is named after what the values are (see `records.digest`), never after a table: a table that is renamed keeps
its files, one that is made again under its name has others. It is written under another name and renamed when it is
whole, so that who reads sees all of it or nothing; whoever makes the same file at the same time makes the same one.
What is damaged, cut off or foreign counts as not there, and is made anew.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from thanosql_kernel.clock import cautious_s
from thanosql_kernel.engine.search.cosine import Floats
from thanosql_kernel.engine.search.halves import Halves, Quality, halved

SUFFIX = ".half"
_FORMAT = {"format": 1, "bytes": sys.byteorder}
_HEADER_BYTES = 4096
_SUM_BYTES = 32
_ABANDONED_S = 24 * 3600.0
"""What somebody began to write is this old at least before it is taken away: another kernel may be at it."""
_ROOM_BYTES = 1 << 30
"""Left free on the disk."""


class Name(NamedTuple):
    """What a file is of.

    Attributes:
        digest: Of the values.
        dim: Length of the vectors; those of another length count as NULL.
        rows: How many there are.
    """

    digest: str
    dim: int
    rows: int

    @property
    def file_name(self) -> str:
        """Of the file."""
        return f"{self.digest}-{self.dim}{SUFFIX}"

    @property
    def size_bytes(self) -> int:
        """Of the file."""
        return _HEADER_BYTES + self.rows * (2 * self.dim + 4)


class HalfFiles:
    """The files of a database.

    Args:
        folder: Where they are; made when the first is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: Name) -> bool:
        """Whether there is a file of that name and size."""
        with suppress(OSError):
            return (self.folder / name.file_name).stat().st_size == name.size_bytes
        return False

    def read(self, name: Name) -> Halves | None:
        """The vectors, nothing of which is read yet; None where there is no such file, or it is not what it says."""
        with (
            suppress(OSError, ValueError, KeyError, AttributeError),
            open(self.folder / name.file_name, "rb") as file,
        ):
            if os.fstat(file.fileno()).st_size != name.size_bytes:
                return None
            quality = _quality_in(file.read(_HEADER_BYTES), name)
            return None if quality is None else _mapped(file, name, quality)
        return None

    def has_room(self, size_bytes: int) -> bool:
        """Whether the disk has room for so much more, and is not full then."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            return shutil.disk_usage(self.folder).free > size_bytes + _ROOM_BYTES
        return False

    @contextmanager
    def writing(self, name: Name) -> Iterator[HalfWriter]:
        """Write a file; what breaks off, or is short at the end, leaves none.

        Raises:
            OSError: The disk is full, or the folder cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{name.digest}-", suffix=".tmp", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                writer = HalfWriter(file, name)
                yield writer
                writer.finish()
            os.replace(temporary, self.folder / name.file_name)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    def sizes(self) -> dict[str, int]:
        """The bytes of all files, by their names."""
        found = {}
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    if entry.name.endswith(SUFFIX):
                        found[entry.name] = entry.stat().st_size
        return found

    def drop(self, file_names: Iterable[str]) -> int:
        """Remove files, and what killed kernels left; gives the bytes.

        Who has mapped one keeps what it has; where a mapped file cannot be removed (Windows) it stays for next time.
        """
        freed = 0
        for file in (self.folder / file_name for file_name in file_names):
            with suppress(OSError):
                size = file.stat().st_size
                file.unlink()
                freed += size
        for file in self.folder.glob(".*.tmp"):
            with suppress(OSError):
                if cautious_s() - file.stat().st_mtime > _ABANDONED_S:
                    file.unlink()
        return freed


class HalfWriter:
    """Writes the vectors of a file in their order.

    Args:
        file: At its beginning.
        name: What it is of.
    """

    def __init__(self, file: BinaryIO, name: Name) -> None:
        self._file, self._name = file, name
        self._scales: list[Floats] = []
        self._quality = Quality()
        file.write(bytes(_HEADER_BYTES))

    def add(self, units: Floats) -> None:
        """Write vectors.

        Args:
            units: float32 (n, dim), each of length one; rows of NaN for what has no direction.
        """
        part = halved(units)
        self._file.write(part.numbers.data)
        self._scales.append(part.scales)
        self._quality = self._quality.worst(part.quality)

    def finish(self) -> None:
        """Write what stands around the vectors.

        Raises:
            ValueError: There are more or fewer than were said.
        """
        scales = np.concatenate([*self._scales, np.empty(0, np.float32)])
        if len(scales) != self._name.rows:
            raise ValueError(f"{len(scales)} vectors, not {self._name.rows}")
        self._file.write(scales.data)
        self._file.seek(0)
        self._file.write(_header(self._name, self._quality))
        self._file.flush()
        os.fsync(self._file.fileno())


def _header(name: Name, quality: Quality) -> bytes:
    said = json.dumps({**_FORMAT, **name._asdict(), **quality._asdict()}).encode()
    return hashlib.sha256(said).digest() + said.ljust(_HEADER_BYTES - _SUM_BYTES)


def _quality_in(header: bytes, name: Name) -> Quality | None:
    """How good the vectors are; None where the header is not that of the file."""
    said = header[_SUM_BYTES:].rstrip()
    if hashlib.sha256(said).digest() != header[:_SUM_BYTES]:
        return None
    facts = json.loads(said)
    quality = Quality(*(float(facts.pop(field)) for field in Quality._fields))
    return quality if facts == {**_FORMAT, **name._asdict()} else None


def _mapped(file: BinaryIO, name: Name, quality: Quality) -> Halves:
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    count, size = name.rows * name.dim, 2 * name.dim

    def fetch(start: int, rows: int) -> None:
        first = (_HEADER_BYTES + start * size) // mmap.PAGESIZE * mmap.PAGESIZE
        mapped.madvise(mmap.MADV_WILLNEED, first, rows * size)

    numbers = np.frombuffer(mapped, np.int16, count, _HEADER_BYTES).reshape(name.rows, name.dim)
    scales = np.frombuffer(mapped, np.float32, name.rows, _HEADER_BYTES + 2 * count)
    can_fetch = hasattr(mmap, "MADV_WILLNEED")  # not on Windows
    return Halves(numbers, scales, quality, fetch) if can_fetch else Halves(numbers, scales, quality)
