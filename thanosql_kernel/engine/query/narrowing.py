"""The rows that a query wants of a nested statement that can find those with the highest numbers alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from thanosql_kernel.duck import look_alikes
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.duck.errors import SqlFailure
from thanosql_kernel.duck.parser import parsed, unparsed
from thanosql_kernel.duck.tree import Tree
from thanosql_kernel.engine.relations import highest, late
from thanosql_kernel.engine.relations.highest import HighestRows, Positions
from thanosql_kernel.engine.relations.numbering import numbered
from thanosql_kernel.engine.relations.relation import Relation


def narrowed(sql: str, sources: Mapping[str, Relation], duck: Duck) -> Mapping[str, Relation]:
    """What to put in the place of a source of a query: those of its rows alone that the query wants.

    Args:
        sql: The query.
        sources: What it may read, by lower-case name.
        duck: Where conditions are evaluated.

    Returns:
        The source's name and the rows; nothing where all are needed, or nobody knows.
    """
    if not any(isinstance(rows, HighestRows) for rows in sources.values()):
        return {}
    query = _row_by_row(sql, sources)
    source = None if query is None else sources[query.table.lower()]
    if query is None or not isinstance(source, HighestRows):
        return {}
    wanted = highest.read(query, source)
    if wanted is None:
        return {}
    condition = wanted.condition
    passing = None if condition is None else partial(_passing, query, source, condition, duck)
    found = source.highest(wanted.column, wanted.rows, passing)
    return {} if found is None else {query.table.lower(): found}


def _row_by_row(sql: str, sources: Mapping[str, Relation]) -> late.RowByRow | None:
    tree, columns = parsed(sql), {name: rows.columns for name, rows in sources.items()}
    if tree.get("error") or len(tree["statements"]) != 1:
        return None
    node = tree["statements"][0]["node"]
    if look_alikes.compared_alike(sql, node, look_alikes.types_of(iter(columns.values()))):
        return None  # what runs has other conditions
    return late.read(node, columns)


def _passing(query: late.RowByRow, source: HighestRows, condition: Tree, duck: Duck) -> Positions | None:
    """The positions of the rows of which a condition is true; None where the query as it was written tells why."""
    name = duck.scratch_name()
    source.unnumbered.register(duck, name)
    view = numbered(duck, name, query.position)
    try:
        found = duck.table(unparsed(query.positions_where(view, condition)))
    except SqlFailure:
        return None
    finally:
        duck.drop_view(view)
    return np.sort(found.column(0).to_numpy())
