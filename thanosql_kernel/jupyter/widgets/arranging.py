"""In which order the pictures of a widget stand, and from which days they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from thanosql_kernel.jupyter.widgets.looks import show_if
from thanosql_kernel.statements.captions import headings, periods
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import pictures

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from thanosql_kernel.jupyter.widgets.looks import Looks
    from thanosql_kernel.statements.results import Browsing, MediaResult

_DOWN, _UP = "↓", "↑"


class Arranging:
    """The tools that sort pictures and leave some out by their day, and what they do to a result.

    Args:
        looks: Makes its parts.
        result: What there is at first.
        changed: Told when the user wants another order or other days.
    """

    def __init__(self, looks: Looks, result: MediaResult, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._is_told = True
        self.by = looks.choices(
            "thanosql-sort",
            options=[(pictures.AS_FOUND(), ""), *((visible(name), name) for name in _sortable(result))],
            description=str(pictures.SORT),
        )
        self.direction = looks.button(self._turn, "thanosql-turn", description=_DOWN)
        self.days = looks.range_slider("thanosql-days", description=str(pictures.TAKEN))
        self.between = looks.html("thanosql-between")
        for part in (self.by, self.days):
            part.observe(lambda change: self._tell(), "value")
        self.parts = [self.by, self.direction, self.days, self.between]
        self.offer(result)

    def offer(self, result: MediaResult) -> None:
        """Another result is there: its days can be chosen from; those that were chosen stay."""
        days = [day for day in _days(result) if day is not None]
        first, last = (min(days).toordinal(), max(days).toordinal()) if days else (0, 0)
        low, high = self.days.value if self._is_narrow else (first, last)
        self._is_told = False
        try:
            self.days.min, self.days.max = min(first, self.days.min), max(last, self.days.max)
            self.days.value = max(first, min(low, last)), min(last, max(high, first))
            self.days.min, self.days.max = first, last
        finally:
            self._is_told = True
        show_if(first < last, self.days, self.between)
        self._say()

    def arranged(self, result: MediaResult) -> MediaResult:
        """The result as the user wants to see it: its rows sorted, those of other days left out."""
        browsing = result.browsing
        if browsing is None or not (self.by.value or self._is_narrow):
            return result
        places = self._within(result, self._sorted(browsing.rows))
        rows = browsing.rows.take(places)
        return replace(
            result,
            items=tuple(result.items[place] for place in places.tolist()),
            browsing=replace(browsing, rows=rows),
            headings=self._headings(result, browsing, rows),
        )

    # -- how -------------------------------------------------------------------------------------------------
    @property
    def _is_narrow(self) -> bool:
        """Whether some days are left out."""
        return bool(self.days.min < self.days.max and self.days.value != (self.days.min, self.days.max))

    def _sorted(self, rows: pa.Table) -> NDArray[np.int64]:
        import numpy as np
        import pyarrow.compute as pc

        if not self.by.value:
            return np.arange(rows.num_rows)
        order = "descending" if self.direction.description == _DOWN else "ascending"
        column = rows.column(self.by.value)
        places: NDArray[np.int64] = pc.array_sort_indices(
            column, order=order, null_placement="at_end"
        ).to_numpy()
        return places.astype(np.int64)

    def _within(self, result: MediaResult, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places of pictures from the chosen days; one without a date is from none."""
        import numpy as np

        if not self._is_narrow:
            return places
        first, last = self.days.value
        kept = [day is not None and first <= day.toordinal() <= last for day in _days(result)]
        return places[np.asarray(kept, dtype=np.bool_)[places]]

    def _headings(self, result: MediaResult, browsing: Browsing, rows: pa.Table) -> dict[int, str]:
        """Above the days of what is sorted by them; above the periods that the statement asked for."""
        period = browsing.period
        if self.by.value and self.by.value == browsing.dates:
            period = period or "day"
        elif self.by.value:
            period = None
        if period is None or browsing.dates is None:
            return {}
        return headings(periods(rows.column(browsing.dates), period).to_pylist(), period)

    # -- what the user does ----------------------------------------------------------------------------------
    def _turn(self) -> None:
        self.direction.description = _UP if self.direction.description == _DOWN else _DOWN
        self._tell()

    def _tell(self) -> None:
        if self._is_told:
            self._say()
            self._changed()

    def _say(self) -> None:
        """Say which days are chosen and in which direction is sorted."""
        first, last = map(date.fromordinal, self.days.value) if self.days.value[0] else (None, None)
        between = pictures.BETWEEN(first=first, last=last) if first else ""
        self.between.value = escape(between)
        is_down = self.direction.description == _DOWN
        self.direction.tooltip = str(pictures.DESCENDING if is_down else pictures.ASCENDING)
        show_if(bool(self.by.value), self.direction)


def _sortable(result: MediaResult) -> list[str]:
    """The columns whose values have an order that people know."""
    import pyarrow as pa

    assert result.browsing is not None
    rows = result.browsing.rows
    types = pa.types
    shapeless = (
        types.is_nested,
        types.is_binary,
        types.is_large_binary,
        types.is_fixed_size_binary,
        types.is_null,
    )
    return [field.name for field in rows.schema if not any(test(field.type) for test in shapeless)]


def _days(result: MediaResult) -> list[date | None]:
    """The day of each picture."""
    browsing = result.browsing
    if browsing is None or browsing.dates is None:
        return [None] * len(result.items)
    return list(periods(browsing.rows.column(browsing.dates), "day").to_pylist())
