"""``information_schema``, ``duckdb_tables()``, ``sqlite_master``, ``SHOW TABLES``: SQL's catalogues name ours.

DuckDB knows a stored table only while a query reads it. A query of its catalogues therefore runs in an instance of its
own, where all tables stand empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Catalog, View
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.duck.start import start
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.store.arrow_types import carried
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.parameters import literal_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: Nobody has counted the rows; that DuckDB finds none in its tables is no answer.
_UNCOUNTED = """
CREATE MACRO duckdb_tables() AS TABLE
SELECT * REPLACE (CAST(NULL AS BIGINT) AS estimated_size) FROM system.main.duckdb_tables()
"""
_AS_WRITTEN = """
CREATE MACRO duckdb_views() AS TABLE
SELECT * REPLACE ({} AS sql) FROM system.main.duckdb_views()
"""


def catalogue_rows(sql: str, catalog: Catalog, asking: Duck) -> ArrowRelation:
    """The rows of such a query.

    Args:
        sql: The query.
        catalog: What exists.
        asking: The statement's connection.

    Raises:
        SqlFailure: The query is not valid.
        Interrupted: The user stopped it.
    """
    with start({"threads": 1}) as instance:
        for table in catalog.tables.values():
            typed = ", ".join(f"{quote(column.name)} {column.type}" for column in table.columns)
            instance.execute(f"CREATE TABLE {quote(table.name)} ({typed})")
        _create_views(
            instance, [view for view in catalog.views.values() if catalog.find_table(view.name) is None]
        )
        instance.execute(_UNCOUNTED)
        duck = Duck(instance.cursor(), asking.check)
        duck.set_variables(asking.variables)
        columns = duck.describe(sql)
        names = ", ".join(quote(column.name) for column in columns)
        items = ", ".join(carried(column.name, column.type) for column in columns)
        rows = duck.table(f"SELECT {items} FROM (\n{sql}\n) AS _q({names})")
        duck.close()
    return ArrowRelation(rows, columns)


def _create_views(instance: DuckDBPyConnection, views: Sequence[View]) -> None:
    """Views as SQL can have them; those with nested statements, or that cannot be read, as the columns they had."""
    waiting = list(views)
    while waiting:
        failed = [view for view in waiting if not _created(instance, view)]
        if len(failed) == len(waiting):
            break
        waiting = failed
    for view in waiting:
        typed = ", ".join(f"CAST(NULL AS {it.type}) AS {quote(it.name)}" for it in view.columns) or "NULL"
        instance.execute(f"CREATE VIEW {quote(view.name)} AS SELECT {typed}")
    texts = " ".join(f"WHEN {literal_of(view.name)} THEN {literal_of(view.statement)}" for view in views)
    told = f"CASE view_name {texts} ELSE sql END" if views else "sql"
    instance.execute(_AS_WRITTEN.format(told))


def _created(instance: DuckDBPyConnection, view: View) -> bool:
    import duckdb

    try:
        names = f" ({', '.join(map(quote, view.given))})" if view.given else ""
        instance.execute(f"CREATE VIEW {quote(view.name)}{names} AS\n{view.sql}")
        instance.execute(f"FROM {quote(view.name)} LIMIT 0")
    except duckdb.Error:
        instance.execute(f"DROP VIEW IF EXISTS {quote(view.name)}")
        return False
    return True
