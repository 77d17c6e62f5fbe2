"""Files made hostile: bytes changed, numbers made huge, parts cut out, repeated or swapped."""

from __future__ import annotations

import numpy as np
from files import Odd, odd_files

#: What breaks readers of numbers: ends of their ranges.
_NUMBERS = (
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\1\0\0",
    b"\0\0\1\0",
)


def one_of_each_kind() -> list[Odd]:
    """The first readable file of each kind."""
    found: dict[str, Odd] = {}
    for file in odd_files():
        if file.seen is not None and len(file.data) < 100_000:
            found.setdefault(file.kind, file)
    return list(found.values())


def broken(data: bytes, noise: np.random.Generator) -> bytes:
    """The file with one to five damages; most of them near its beginning, where the headers are."""
    file = bytearray(data)
    for _ in range(int(noise.integers(1, 6))):
        at = int(len(file) * noise.random() ** 3)
        how = int(noise.integers(0, 5))
        if how == 0:
            file[at : at + 1] = bytes([int(noise.integers(0, 256))])
        elif how == 1:
            file[at : at + 4] = _NUMBERS[int(noise.integers(0, len(_NUMBERS)))]
        elif how == 2:
            del file[at : at + int(noise.integers(1, 40))]
        elif how == 3:
            part = file[at : at + int(noise.integers(1, 200))]
            file[at:at] = part
        else:
            start = int(noise.integers(0, max(1, len(file))))
            file[at : at + 16] = file[start : start + 16]
    return bytes(file) or b"\0"
