"""``information_schema``, ``duckdb_tables()``, ``sqlite_master``, ``SHOW TABLES``: SQL's catalogues name our tables.

DuckDB knows a stored table only while a query reads it. A query of its catalogues therefore runs in an instance of its
own, where all tables stand empty.
"""

from __future__ import annotations

from collections.abc import Callable

from thanosql_kernel.catalog import Catalog
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.duck.start import start
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.store.arrow_types import carried
from thanosql_kernel.sql.identifiers import quote

#: Nobody has counted the rows; that DuckDB finds none in its tables is no answer.
_UNCOUNTED = """
CREATE MACRO duckdb_tables() AS TABLE
SELECT * REPLACE (CAST(NULL AS BIGINT) AS estimated_size) FROM system.main.duckdb_tables()
"""


def catalogue_rows(sql: str, catalog: Catalog, check: Callable[[], None]) -> ArrowRelation:
    """The rows of such a query.

    Raises:
        SqlFailure: The query is not valid.
        Interrupted: The user stopped it.
    """
    with start({"threads": 1}) as instance:
        for table in catalog.tables.values():
            typed = ", ".join(f"{quote(column.name)} {column.type}" for column in table.columns)
            instance.execute(f"CREATE TABLE {quote(table.name)} ({typed})")
        instance.execute(_UNCOUNTED)
        duck = Duck(instance.cursor(), check)
        columns = duck.describe(sql)
        names = ", ".join(quote(column.name) for column in columns)
        items = ", ".join(carried(column.name, column.type) for column in columns)
        rows = duck.table(f"SELECT {items} FROM (\n{sql}\n) AS _q({names})")
        duck.close()
    return ArrowRelation(rows, columns)
