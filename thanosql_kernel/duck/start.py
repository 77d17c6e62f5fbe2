"""DuckDB instances that SQL of users may be given to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from thanosql_kernel.forks import has_threads

if TYPE_CHECKING:
    import duckdb

#: PostgreSQL's, which notebooks of years call: rows of what a JSON array holds, an error for what is none.
_MACROS = (
    """CREATE MACRO json_array_elements("json") AS unnest(from_json_strict("json", '["JSON"]'))""",
    """CREATE MACRO json_array_elements_text("json") AS unnest(from_json_strict("json", '["VARCHAR"]'))""",
)


def start(config: Mapping[str, str | int], *, reads_files: bool = False) -> duckdb.DuckDBPyConnection:
    """An instance in memory that reaches no network, no extensions, no Python variables and no files.

    Args:
        config: DuckDB's settings beside these.
        reads_files: Whether SQL may read files; never for SQL of users.
    """
    import duckdb

    closed: dict[str, str | int] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
        # Without one DuckDB asks for the working folder, which may have been removed.
        "temp_directory": "",
    }
    connection = duckdb.connect(":memory:", config={**closed, **config})
    if not reads_files:
        # Set by `config` it ends the process where the working folder has been removed (DuckDB 2.0).
        connection.execute("SET enable_external_access = false")
    # Notebooks of years have lambdas with arrows, which DuckDB 2.0 takes only when it is told to.
    # For all connections to the instance: cursors begin with what is set globally.
    connection.execute("SET GLOBAL lambda_syntax = 'ENABLE_SINGLE_ARROW'")
    for macro in _MACROS:
        connection.execute(macro)
    return has_threads(connection)
