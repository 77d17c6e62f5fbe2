"""DuckDB's own parser, which needs no table to exist: the tree of a query, or what is wrong with it.

One connection of a process, apart from those that run queries: parsing takes half a millisecond and reads nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any

from thanosql_kernel.duck import deep_json
from thanosql_kernel.duck.errors import SqlFailure, failure_of
from thanosql_kernel.duck.start import start
from thanosql_kernel.visible import without_halves

Tree = dict[str, Any]

_lock = Lock()


def parsed(sql: str) -> Tree:
    """The tree of a query as ``json_serialize_sql`` gives it.

    Returns:
        ``{"error": False, "statements": […]}``, or ``{"error": True, "error_type": …, "error_message": …}`` with the
        place in UTF-8 bytes (see `errors.parse_location`).
    """
    tree: Tree = deep_json.loads(_value("SELECT json_serialize_sql(?::VARCHAR)", sql))
    return tree


#: What a query means apart from where its words stand and how its types are spelt.
_MEANINGS = r"""
WITH trees AS (
    SELECT place, try(json_serialize_sql(sql, skip_null := true, skip_empty := true, skip_default := true)) AS tree
    FROM (SELECT unnest($1::VARCHAR[]) AS sql, generate_subscripts($1::VARCHAR[], 1) AS place)
)
SELECT CASE
    WHEN tree NOT LIKE '{"error":true%' THEN md5(lower(regexp_replace(
        tree, '"(query_location|query_location_length|type_name|qualified_name)":([0-9]+|"[^"]*"|\{[^}]*\})', '', 'g'
    )))
    WHEN tree ->> '$.error_type' = 'not implemented' THEN 'a statement whose tree is not told'
END
FROM trees ORDER BY place
"""
_MOST_AT_ONCE = 500


def meanings(queries: Sequence[str]) -> list[str | None]:
    """What each of the queries means: equal for two that DuckDB reads as the same.

    Returns:
        A digest each. Of statements other than SELECT it tells no more than that they are none; of what is no SQL it
        is None.
    """
    found: list[str | None] = []
    for start_at in range(0, len(queries), _MOST_AT_ONCE):
        asked = [without_halves(sql) for sql in queries[start_at : start_at + _MOST_AT_ONCE]]
        with _lock:
            rows = _connection().execute(_MEANINGS, [asked]).fetchall()
        found += [digest for (digest,) in rows]
    return found


def failure(sql: str) -> SqlFailure | None:
    """Why DuckDB has no statements that say this; None if it has. Told in a tenth of the time that a tree takes."""
    import duckdb

    with _lock:
        try:
            _connection().extract_statements(without_halves(sql))
        except duckdb.Error as error:
            return failure_of(error)
    return None


def unparsed(tree: Tree) -> str:
    """The SQL of a tree."""
    return _value("SELECT json_deserialize_sql(?::JSON)", deep_json.dumps(tree))


def _value(sql: str, argument: str) -> str:
    with _lock:
        row = _connection().execute(sql, [without_halves(argument)]).fetchone()
    return str(row[0])


@cache
def _connection() -> Any:
    return start({"threads": 1, "errors_as_json": "true"})
