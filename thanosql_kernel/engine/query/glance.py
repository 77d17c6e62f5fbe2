"""What of many rows and columns is shown at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import is_for_models

ROWS = 5
_COLUMNS = 6
_NAMES = 20


def brief(columns: Sequence[Column], wanted: Sequence[str]) -> tuple[Column, ...]:
    """As many columns as a glance takes in: those wanted, then the first others that are no vectors."""
    first = [column for name in wanted for column in columns if column.name == name]
    others = (column for column in columns if column not in first and not is_for_models(column))
    return (*first, *islice(others, max(0, _COLUMNS - len(first))))


def listed(names: Sequence[str]) -> str:
    """Names, the first of them where there are many."""
    more = len(names) - _NAMES
    return ", ".join([*names[:_NAMES], *([f"… (+{more:,})"] if more > 0 else [])])
