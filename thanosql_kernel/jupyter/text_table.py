"""Rows as an aligned text table, in the width there is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from thanosql_kernel.jupyter.cells import (
    NULL,
    least_width,
    pad,
    shorten_middle,
    shorten_value,
    value_text,
    width,
)
from thanosql_kernel.jupyter.tables import ShownColumn, shown_columns, summary
from thanosql_kernel.jupyter.terminal import TEXT_COLUMNS

if TYPE_CHECKING:
    from thanosql_kernel.statements.results import TableResult

_GAP = "  "
#: What is left of a column's name at least.
_LEAST_NAME = 12
#: Longer than any terminal is wide.
_MOST_CHARACTERS = 4_000


def table_text(result: TableResult, columns: int = TEXT_COLUMNS) -> str:
    """The table for a console: names, a rule, the rows, and how many there are.

    Columns that are together too wide for ``columns`` are shortened; where even that is not enough, some of them stand
    below the others.
    """
    shown, rows = shown_columns(result)
    blocks = [_block(part, columns) for part in _parts(list(map(_TextColumn, shown)), columns)]
    lines = ["\n\n".join(blocks)] if blocks else []
    return "\n".join([*lines, summary(rows, result.total)])


@dataclass(frozen=True)
class _TextColumn:
    """A column with its name and texts, and how wide they are."""

    shown: ShownColumn

    @cached_property
    def name(self) -> str:
        return value_text(self.shown.column.name)

    @cached_property
    def texts(self) -> list[str]:
        return [NULL if text is None else text for text in self.shown.texts]

    @cached_property
    def need(self) -> int:
        """The width that shows everything, as far as any terminal is wide."""
        return max(width(text[:_MOST_CHARACTERS]) for text in [self.name, *self.texts])

    @cached_property
    def least(self) -> int:
        """The width that it cannot do without: numbers and dates are never cut, they would be others."""
        of_value = least_width if self.shown.cuts else width
        return max([min(width(self.name), _LEAST_NAME), *map(of_value, self.texts)])

    def cut(self, columns: int) -> tuple[str, list[str]]:
        """The name and the texts, no wider than that. Names of generated columns differ at their ends."""
        return shorten_middle(self.name, columns), [shorten_value(text, columns) for text in self.texts]

    def taken(self, columns: int) -> int:
        """The width that is left of it when it is cut to that: a path loses whole folders."""
        name, texts = self.cut(columns)
        return max(map(width, [name, *texts]))

    def lines(self, columns: int) -> list[str]:
        """Name, rule and values, all as wide as the widest of them."""
        name, texts = self.cut(columns)
        cells = [pad(text, columns, right=self.shown.right) for text in [name, *texts]]
        return [cells[0], "-" * columns, *cells[1:]]


def _parts(columns: Sequence[_TextColumn], room: int) -> Iterator[list[_TextColumn]]:
    """The columns in as many parts as are needed for each to fit."""
    part: list[_TextColumn] = []
    for column in columns:
        if part and _room([*part, column], room) < sum(other.least for other in [*part, column]):
            yield part
            part = []
        part.append(column)
    if part:
        yield part


def _room(columns: Sequence[_TextColumn], room: int) -> int:
    """What is left of the width between the columns."""
    return room - len(_GAP) * (len(columns) - 1)


def _block(columns: Sequence[_TextColumn], room: int) -> str:
    """Columns beside each other."""
    room, least = _room(columns, room), [column.least for column in columns]
    widths = share([column.need for column in columns], least, room)
    taken = [column.taken(given) for column, given in zip(columns, widths, strict=True)]
    # What whole folders leave over is for the others.
    needs = [
        column.need if used == given else used
        for column, used, given in zip(columns, taken, widths, strict=True)
    ]
    widths = share(needs, least, room)
    lines = zip(*(column.lines(given) for column, given in zip(columns, widths, strict=True)), strict=True)
    return "\n".join(_GAP.join(parts).rstrip() for parts in lines)


def share(needs: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths of columns that fit into ``room``: narrow ones get what they need, wide ones the same each.

    Args:
        needs: What shows everything of each.
        least: What each cannot do without, even where there is no room.
        room: For all together.
    """

    def widths(level: int) -> list[int]:
        return [min(need, max(some, level)) for need, some in zip(needs, least, strict=True)]

    level = bisect_right(range(max(needs) + 1), room, key=lambda level: sum(widths(level))) - 1
    given = widths(level)
    over = room - sum(given)
    for at, need in enumerate(needs):
        if over > 0 and given[at] < need and given[at] == level:
            given[at], over = given[at] + 1, over - 1
    return given
