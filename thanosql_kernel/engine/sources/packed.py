"""Files in gzip, unpacked beside the statement: interruptible, and never more than the disk can spare."""

from __future__ import annotations

import gzip
import shutil
import zlib
from pathlib import Path

from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.wording.data import TS501, TS504

_CHUNK_BYTES = 1 << 20
_MAGIC = b"\x1f\x8b"
#: gzip packs zeros 1,032 times over: a file of 1 GB can hold a terabyte. This part of what is free is not touched.
_SPARED = 0.5


def is_packed(path: Path) -> bool:
    """Whether the file is in gzip, whatever its name says."""
    with open(path, "rb") as file:
        return file.read(2) == _MAGIC


def unpacked_file(path: Path, reading: Reading) -> Path:
    """The file itself, or what is packed in it.

    Raises:
        DataError: TS501 when there is nothing in it or it is damaged, TS504 when the disk has no room for it.
    """
    if path.stat().st_size and (path.suffix.lower() == ".gz" or is_packed(path)):
        path = unpacked(path, reading)
    if not path.stat().st_size:
        raise reading.error(TS501.EMPTY(name=path.name))
    return path


def unpacked(path: Path, reading: Reading) -> Path:
    """A copy of what is packed in the file, under its name without ``.gz``.

    Raises:
        DataError: TS501 when the file is damaged, TS504 when the disk has no room for what is in it.
    """
    folder = reading.temporary / "unpacked"
    folder.mkdir(exist_ok=True)
    target = folder / (path.stem if path.suffix.lower() == ".gz" else path.name)
    room = int(shutil.disk_usage(folder).free * _SPARED)
    try:
        with (
            abandonable(reading.work.check) as call,
            gzip.open(path, "rb") as source,
            open(target, "wb") as copy,
        ):
            while chunk := call(lambda: source.read(_CHUNK_BYTES)):
                room -= copy.write(chunk)
                if room < 0:
                    raise reading.error(TS504.NO_ROOM(name=path.name))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        message = TS501.NOT_UNPACKED(name=path.name, reason=error)
        raise reading.error(message) from error
    return target
