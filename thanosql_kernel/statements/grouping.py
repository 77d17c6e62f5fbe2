"""In what order pictures are shown, and what stands above them: by date, or by what a column says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.statements.captions import caption, headings, newest_first, periods
from thanosql_kernel.statements.duplicates import BURST_GROUP, KEEP, PHOTO_GROUP
from thanosql_kernel.statements.results import Period
from thanosql_kernel.wording import Said, counted, duplicates, pictures

if TYPE_CHECKING:
    import pyarrow as pa

_CALLED = {PHOTO_GROUP: duplicates.SAME_PHOTO, BURST_GROUP: duplicates.BURST}


@dataclass(frozen=True, slots=True)
class Grouping:
    """None: the rows as they come.

    Attributes:
        columns: What it reads.
    """

    columns: tuple[str, ...] = ()

    @property
    def needs_all(self) -> bool:
        """Whether the first pictures to show may be in the last rows."""
        return bool(self.columns)

    def ordered(self, rows: pa.Table) -> pa.Table:
        """The rows in the order in which they are shown."""
        return rows

    def headings(self, rows: pa.Table, shown: int) -> dict[int, str]:
        """By position, what stands above the first of each group, of rows in order; of so many that are shown."""
        return {}


@dataclass(frozen=True, slots=True)
class ByDate(Grouping):
    """Days, months or years, the latest first.

    Attributes:
        period: Which.
    """

    period: Period = "day"

    def ordered(self, rows: pa.Table) -> pa.Table:
        """Those of the latest date first."""
        return rows.take(newest_first(periods(rows.column(self.columns[0]), self.period)))

    def headings(self, rows: pa.Table, shown: int) -> dict[int, str]:
        """What the date is called."""
        dates = periods(rows.column(self.columns[0]).slice(0, shown), self.period)
        return headings(dates.to_pylist(), self.period)


@dataclass(frozen=True, slots=True)
class ByColumns(Grouping):
    """Rows with the same value in the first of some columns that has one, groups in the order of their first rows."""

    def ordered(self, rows: pa.Table) -> pa.Table:
        """Each group's rows together, in the rows' order."""
        import numpy as np
        import pyarrow as pa

        first: dict[object, int] = {}
        places = [first.setdefault(key, len(first)) for key in self._keys(rows)]
        return rows.take(pa.array(np.argsort(places, kind="stable"), pa.int64()))

    def headings(self, rows: pa.Table, shown: int) -> dict[int, str]:
        """The value, and how many pictures have it."""
        keys = self._keys(rows)
        counts = Counter(keys)
        return {
            at: _heading(key, counts[key])
            for at, key in enumerate(keys[:shown])
            if at == 0 or key != keys[at - 1]
        }

    def _keys(self, rows: pa.Table) -> list[tuple[str, object]]:
        """Of each row the column that groups it, and its value."""
        values = [rows.column(name).to_pylist() for name in self.columns]
        last = self.columns[-1]
        return [
            next(
                ((name, value) for name, value in zip(self.columns, row, strict=True) if value is not None),
                (last, None),
            )
            for row in zip(*values, strict=True)
        ]


def _heading(key: tuple[str, object], count: int) -> str:
    """What a group is called."""
    name, value = key
    things = counted(count, "picture")
    said = _CALLED.get(name.lower())
    if said is not None and value is not None:
        return said(number=value, pictures=things)
    return pictures.GROUP(column=name, value=caption(value), pictures=things)


def duplicate_groups(columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns of groups that compute.duplicates has made, the wider ones first."""
    found = (find_column(tuple(columns), name) for name in (BURST_GROUP, PHOTO_GROUP))
    return tuple(column.name for column in found if column is not None)


def kept_column(columns: Sequence[Column]) -> str | None:
    """The column that says which of near-duplicates are kept; None if there is none."""
    found = find_column(tuple(columns), KEEP)
    return found.name if found is not None and found.type == "BOOLEAN" and duplicate_groups(columns) else None


def mark_of(row: Mapping[str, object], kept: str | None) -> Said | str:
    """What a near-duplicate is marked with: that it is kept, or is a copy of what is."""
    if kept is None or row[kept] is None:
        return ""
    if row[kept] is True:
        return duplicates.KEPT()
    return duplicates.COPY() if any(name.lower() == PHOTO_GROUP for name in row) else ""
