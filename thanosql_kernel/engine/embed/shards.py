"""Shards of a column's values, so that many workers may embed it and none of them has to know of the others.

A value belongs to a shard by its digest alone: whatever the order of the rows, and however often it stands there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.digests import WIDTH_BYTES, digest_strings

if TYPE_CHECKING:
    import pyarrow as pa

_WRITTEN = re.compile(r"(\d{1,9})/(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of all values, disjoint from the others.

    Attributes:
        number: Which it is, from 0.
        count: How many there are.
    """

    number: int = 0
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``2/4`` says: the second of four.

        Raises:
            ValueError: It says nothing of the kind.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise ValueError(text)
        return cls(int(found[1]) - 1, int(found[2]))

    def __str__(self) -> str:
        return f"{self.number + 1}/{self.count}"

    @property
    def is_whole(self) -> bool:
        """Whether it holds every value."""
        return self.count == 1

    def holds(self, texts: pa.LargeStringArray) -> NDArray[np.bool_]:
        """Which of some values (n,) belong to it; NULL belongs to none."""
        there: NDArray[np.bool_] = texts.is_valid().to_numpy(zero_copy_only=False).copy()
        if self.is_whole:
            return there
        keys = digest_strings(texts.fill_null(""))
        firsts = keys.view("<u8").reshape(len(keys), WIDTH_BYTES // 8)[:, 0]
        there &= firsts % np.uint64(self.count) == self.number
        return there

    def only(self, texts: pa.LargeStringArray) -> pa.LargeStringArray:
        """The values (n,) that belong to it, the others NULL."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.is_whole:
            return texts
        return pc.if_else(pa.array(self.holds(texts)), texts, pa.scalar(None, texts.type))
