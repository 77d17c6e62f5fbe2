"""What is said below a picture: when and where it was taken in one line, the other columns by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

from thanosql_kernel.statements.results import Period
from thanosql_kernel.wording import pictures

if TYPE_CHECKING:
    import pyarrow as pa

PERIODS: tuple[Period, ...] = get_args(Period)

TAKEN_AT = "taken_at"
_PLACE = ("latitude", "longitude")
#: What COPY of a folder finds out about its files beside their paths.
FACTS = frozenset(
    (
        TAKEN_AT,
        *_PLACE,
        "taken_offset",
        "width",
        "height",
        "camera",
        "size_bytes",
        "modified_at",
        "kind",
        "motion_path",
    )
)


def caption(value: object) -> str:
    """A value as a caption shows it; floating point numbers with four decimals, bytes by their size."""
    from thanosql_kernel.images.inline import holds_picture
    from thanosql_kernel.web.naming import named

    if value is None:
        return "NULL"
    if isinstance(value, (bytes, bytearray)) or (isinstance(value, dict) and holds_picture(value)):
        return named(value) or ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def left_out(names: Iterable[str]) -> frozenset[str]:
    """The columns that small pictures have no lines of.

    They are in the line of `when_and_where`, or come with all that is known of files: nobody asked for each of them.
    """
    present = frozenset(names)
    if present >= FACTS:
        return FACTS
    told = {TAKEN_AT, *(_PLACE if present.issuperset(_PLACE) else ())}
    return present & told


def when_and_where(row: Mapping[str, object]) -> str:
    """When and where a picture was taken, as far as that is known; "" if it is not."""
    when, place = row.get(TAKEN_AT), [row.get(name) for name in _PLACE]
    told = [f"{when:%Y-%m-%d %H:%M}"] if isinstance(when, datetime) else []
    degrees = [f"{part:.4f}" for part in place if isinstance(part, (float, Decimal))]
    if len(degrees) == len(_PLACE):
        told.append(", ".join(degrees))
    return " · ".join(told)


def periods(dates: pa.ChunkedArray, period: Period) -> pa.ChunkedArray:
    """The day, month or year (n,) that each date or time falls in, as its first day; NULL where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.floor_temporal(dates, unit=period).cast(pa.date32(), safe=False)


def newest_first(dates: pa.ChunkedArray) -> pa.Array:
    """The positions (n,) of the rows of the latest date first, those without one last; like ones keep their order."""
    import pyarrow.compute as pc

    return pc.array_sort_indices(dates, order="descending", null_placement="at_end")


def headings(dates: Sequence[date | None], period: Period) -> dict[int, str]:
    """By position, what stands above the first of each period, of rows in order."""
    return {at: heading(day, period) for at, day in enumerate(dates) if at == 0 or day != dates[at - 1]}


def heading(day: date | None, period: Period) -> str:
    """What a day, month or year is called."""
    if day is None:
        return pictures.NO_DATE()
    weekday = str(pictures.WEEKDAYS[day.weekday()])
    return pictures.PERIODS[period](year=day.year, month=day.month, day=day.day, weekday=weekday)
