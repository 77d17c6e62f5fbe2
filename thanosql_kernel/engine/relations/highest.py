"""Queries for the rows with the highest numbers in one column: which column, how many rows, and of which.

A pure planner, as `late` is: what it does not know to be such a query is none. The query runs as it was written over
the rows that were found, so it needs to know only that no row is missing among them. See docs/decisions/0043.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.duck.tree import Tree, walk
from thanosql_kernel.engine.relations.late import MAX_ROWS, RowByRow
from thanosql_kernel.engine.relations.relation import Relation

Positions = NDArray[np.int64]

_LAST = frozenset(("ORDER_DEFAULT", "NULLS LAST"))
_AT_LEAST = frozenset(("COMPARE_GREATERTHAN", "COMPARE_GREATERTHANOREQUALTO"))
_AT_MOST = frozenset(("COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO"))


@dataclass(frozen=True, slots=True)
class Highest:
    """What a query wants.

    Attributes:
        column: Whose highest numbers, by its name in lower case.
        rows: How many, those that OFFSET passes over among them.
        condition: What must be true of them, a tree that names no column of numbers; None for nothing.
    """

    column: str
    rows: int
    condition: Tree | None


class HighestRows(ABC):
    """Rows with columns of numbers beside them, those with the highest of which can be found without the others."""

    @property
    @abstractmethod
    def numbered(self) -> Sequence[str]:
        """Names of the columns of numbers whose highest can be found."""

    @property
    @abstractmethod
    def beside(self) -> Sequence[str]:
        """Names of all columns that are beside the rows."""

    @property
    @abstractmethod
    def unnumbered(self) -> Relation:
        """The rows without these columns."""

    @abstractmethod
    def highest(
        self, column: str, rows: int, passing: Callable[[], Positions | None] | None
    ) -> Relation | None:
        """The rows with the highest numbers in a column, in their own order; NULLs are the lowest.

        Args:
            column: The column.
            rows: How many.
            passing: Gives the positions of the rows to choose from, ascending, or None where they cannot be found;
                without it they are chosen from all.

        Returns:
            None where all numbers are computed as cheaply.
        """


def read(query: RowByRow, source: HighestRows) -> Highest | None:
    """A query as one for the rows with the highest numbers; None where it is another, or nobody knows."""
    orders = query.orders
    wanted = None if query.limit is None else query.limit + query.offset
    if wanted is None or not 0 < wanted <= MAX_ROWS or len(orders) != 1:
        return None
    order = orders[0]
    names = _Names(query, frozenset(name.lower() for name in source.beside))
    column = names.ordered_by(order["expression"])
    is_downward = order["type"] == "DESCENDING" and order["null_order"] in _LAST
    if not is_downward or column not in {name.lower() for name in source.numbered}:
        return None
    needed: list[Tree] = []
    for part in _conjuncts(query.node["where_clause"]):
        if names.are_stored(part):
            needed.append(part)
        elif not names.is_lower_bound(part, column):
            return None
    return Highest(column, wanted, _all_of(needed))


class _Names:
    """What the names of a query mean.

    Args:
        query: The query.
        beside: Names of the columns that are beside its source's rows, in lower case.
    """

    def __init__(self, query: RowByRow, beside: frozenset[str]) -> None:
        table = query.node["from_table"]
        self._source = str(table["alias"] or query.table).lower()
        self._beside = beside
        self._columns = {name.lower() for name in query.columns}
        self._items: list[Tree] = query.node["select_list"]

    def ordered_by(self, expression: Tree) -> str | None:
        """The column of the source that ORDER BY means, in lower case; names that the select list gives come first."""
        if expression["class"] == "CONSTANT":
            return self._numbered(expression)
        name = self._plain(expression)
        if name is None:
            return None
        given = [item for item in self._items if str(item.get("alias")).lower() == name]
        if given and len(expression["column_names"]) == 1:
            return self._plain(given[0]) if len(given) == 1 else None
        if any(self._is_called(item, name) and not self._is(item, name) for item in self._items):
            return None
        changed = (change for item in self._items for change in item.get("replace_list", ()))
        return None if any(str(change["key"]).lower() == name for change in changed) else name

    def _numbered(self, expression: Tree) -> str | None:
        """The column that stands at a place of the select list."""
        literal = expression.get("literal") or {}
        text = str(literal.get("text", ""))
        has_star = any(item["class"] == "STAR" for item in self._items)
        if literal.get("kind") != "INTEGER" or not text.isdecimal() or has_star:
            return None
        place = int(text) - 1
        return self._plain(self._items[place]) if 0 <= place < len(self._items) else None

    def _plain(self, expression: Tree) -> str | None:
        """The column, or given name, that an expression is and nothing else."""
        if expression["class"] != "COLUMN_REF":
            return None
        first, *rest = (str(name).lower() for name in expression["column_names"])
        if not rest:
            return first
        is_qualified = first == self._source and first not in self._columns and len(rest) == 1
        return rest[0] if is_qualified else None

    def are_stored(self, part: Tree) -> bool:
        """Whether all names of a condition are those of columns that are not beside the rows."""
        for item in walk(part):
            if item.get("class") == "COLUMN_REF":
                names = [str(name).lower() for name in item["column_names"]]
                if not self._beside.isdisjoint(names) or not self._begins_with_column(names):
                    return False
        return True

    def _begins_with_column(self, names: Sequence[str]) -> bool:
        """Whether the first name is a column's: in WHERE that comes before names that the select list gives."""
        first, *rest = names
        return first in self._columns or (first == self._source and bool(rest) and rest[0] in self._columns)

    def is_lower_bound(self, part: Tree, column: str) -> bool:
        """Whether a condition that is true of a row is true of all with higher numbers in the column."""
        if part["class"] == "OPERATOR" and part["type"] == "OPERATOR_IS_NOT_NULL":
            return self._is(part["children"][0], column)
        if part["class"] != "COMPARISON":
            return False
        kind, left, right = part["type"], part["left"], part["right"]
        if kind in _AT_MOST:
            left, right = right, left
        elif kind not in _AT_LEAST:
            return False
        return self._is(left, column) and right["class"] == "CONSTANT"

    def _is(self, expression: Tree, column: str) -> bool:
        return self._plain(expression) == column

    @staticmethod
    def _is_called(item: Tree, name: str) -> bool:
        """Whether the last of an item's names is that one, as of a part of a structure."""
        return str(item.get("column_names", [""])[-1]).lower() == name


def _conjuncts(condition: Tree | None) -> Iterator[Tree]:
    """Conditions all of which are true where one is: AND is true of nothing else."""
    if condition is None:
        return
    if condition["class"] == "CONJUNCTION" and condition["type"] == "CONJUNCTION_AND":
        for part in condition["children"]:
            yield from _conjuncts(part)
    else:
        yield condition


def _all_of(parts: Sequence[Tree]) -> Tree | None:
    if len(parts) < 2:
        return next(iter(parts), None)
    return {"class": "CONJUNCTION", "type": "CONJUNCTION_AND", "alias": "", "children": list(parts)}
