"""Reading wide rows late: first which rows, over the narrow columns; then the wide columns of those rows alone.

A vector column of 512 numbers is 2 kB a row. DuckDB reads all columns of every row that it looks at, even where ten
rows are wanted: 1.4 s for a LIKE over 300,000 rows, against 0.03 s this way.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck import tree

POSITION = "_thanosql_position"
POSITION_OUT = POSITION + "_"
_MAX_ROWS = 10_000


class LatePlan(NamedTuple):
    """How the first rows of a query are read late.

    Attributes:
        table: The one source of the query.
        positions_query: A tree like the query's, whose rows have their position in the source as `POSITION_OUT`.
    """

    table: str
    positions_query: dict[str, Any]


def plan(node: dict[str, Any], columns: Sequence[Column], limit: int) -> LatePlan | None:
    """How to read the first ``limit`` rows late; None where it does not pay or cannot be done."""
    table = tree.plain_source(node)
    bounds = tree.limits(node) if table is not None else None
    if table is None or bounds is None or not any(_is_wide(column.type) for column in columns):
        return None
    own_limit, offset = bounds
    wanted = offset + min(limit, own_limit if own_limit is not None else limit)
    return LatePlan(table, _with_position(node, wanted)) if wanted <= _MAX_ROWS else None


def _is_wide(sql_type: str) -> bool:
    return sql_type.endswith("]") or sql_type == "BLOB"


def _with_position(node: dict[str, Any], wanted: int) -> dict[str, Any]:
    """The query's tree with the row's position among its columns, its limit widened by its offset."""
    node = copy.deepcopy(node)
    node["select_list"].append(
        {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": POSITION_OUT, "column_names": [POSITION]}
    )
    node["modifiers"] = [item for item in node["modifiers"] if item["type"] != "LIMIT_MODIFIER"]
    literal = {"kind": "INTEGER", "text": str(wanted)}
    limit = {"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", "literal": literal}
    node["modifiers"].append(
        {"type": "LIMIT_MODIFIER", "limit": limit, "offset": None, "limit_type": "ROW_COUNT"}
    )
    return {"error": False, "statements": [{"node": node, "named_param_map": []}]}
