"""The distinct values of a column that a CONVERT has to look at, and those that cannot be embedded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.errors import Span
from thanosql_kernel.statements.using import no_text
from thanosql_kernel.wording import shortened

if TYPE_CHECKING:
    import pyarrow as pa

FEW = 5


@dataclass(frozen=True, slots=True)
class DistinctValues:
    """The distinct values of a text column, in order of their first rows.

    Attributes:
        values: Distinct values, an Arrow array (u,).
        of_row: int64 (n,): which value each row has; -1 for NULL.
    """

    values: pa.Array
    of_row: NDArray[np.int64]

    @classmethod
    def collect(cls, column: pa.ChunkedArray, name: str, span: Span | None) -> DistinctValues:
        """The items of a column.

        Raises:
            TypeMismatch: TS300, the column does not hold text.
        """
        import pyarrow as pa

        if not is_text(column.type):
            raise no_text(name, str(column.type), span)
        encoded = column.cast(pa.large_string()).combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        of_row = encoded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
        return cls(encoded.dictionary, of_row)

    def __len__(self) -> int:
        return len(self.values)

    def value(self, index: int) -> str:
        """One value."""
        return str(self.values[index].as_py())

    def named(self, index: int) -> str:
        """What to call a value: the beginning of a long text."""
        return shortened(self.value(index))

    def slices(self, size: int) -> Iterator[pa.LargeStringArray]:
        """All values, ``size`` at a time, as Arrow has them."""
        for at in range(0, len(self.values), size):
            yield self.values.slice(at, size)

    def chunks(self, size: int) -> Iterator[list[str]]:
        """All values, ``size`` at a time."""
        for part in self.slices(size):
            yield part.to_pylist()


def is_text(kind: pa.DataType) -> bool:
    """Whether values of an Arrow type are texts."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    types = pa.types
    tests = (types.is_string, types.is_large_string, types.is_string_view, types.is_null)
    return any(test(kind) for test in tests)


class OutOfReach(str):
    """Why a file cannot be reached: nothing is known of what it holds now."""

    __slots__ = ()


class Failures:
    """Which items cannot be embedded, and why.

    Args:
        count: Number of items.

    Attributes:
        out_of_reach: bool (u,), true for those whose file cannot be reached.
    """

    def __init__(self, count: int) -> None:
        self.out_of_reach = np.zeros(count, dtype=np.bool_)
        self._codes = np.zeros(count, dtype=np.int32)
        self._reasons: dict[str, int] = {"": 0}

    @property
    def mask(self) -> NDArray[np.bool_]:
        """bool (u,), true for the items that failed."""
        return self._codes > 0

    def add(self, index: int, reason: str) -> None:
        """Note that an item failed."""
        self._codes[index] = self._reasons.setdefault(str(reason), len(self._reasons))
        self.out_of_reach[index] = isinstance(reason, OutOfReach)

    def first(self, among: NDArray[np.bool_] | None = None) -> list[tuple[int, str]]:
        """The first few of them in item order; among some items (u,) only, if given."""
        failed = self.mask if among is None else self.mask & among
        return self._with_reasons(np.flatnonzero(failed)[:FEW])

    def every(self) -> list[tuple[int, str]]:
        """All of them in item order."""
        return self._with_reasons(np.flatnonzero(self.mask))

    def _with_reasons(self, indices: NDArray[np.int64]) -> list[tuple[int, str]]:
        reasons = list(self._reasons)
        return [(int(index), reasons[self._codes[index]]) for index in indices]
