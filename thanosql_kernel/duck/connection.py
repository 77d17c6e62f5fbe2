"""DuckDB for the length of one statement: what is registered, what is running, what went wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.errors import SqlFailure, failure_of
from thanosql_kernel.duck.start import start
from thanosql_kernel.interrupts import run_interruptibly
from thanosql_kernel.machine import memory_bytes
from thanosql_kernel.sql.identifiers import quote, unique_names
from thanosql_kernel.wording.values import TS301

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

T = TypeVar("T")
BATCH_ROWS = 4096

INSIDE_VIEWS = 1 << 16
"""DuckDB's places from here on, in bytes, are in the text of a view that the query reads, and not in its own."""
_BLANK = " " * INSIDE_VIEWS


class DuckFactory:
    """A DuckDB instance of a session; statements get connections of it.

    SQL reaches no network, no extensions and no Python variables, and no files but for COPY's own connections.

    Args:
        temp_folder: Gives a folder for rows that do not fit into memory, nobody else's.
        memory_share: How much of the machine's memory it may take; DuckDB takes 80 % by itself, each instance.
        reads_files: Whether SQL may read files; never for SQL of users.
    """

    def __init__(
        self, temp_folder: Callable[[], Path], *, memory_share: float = 0.5, reads_files: bool = False
    ) -> None:
        self._temp_folder = temp_folder
        self._memory_bytes = int(memory_share * memory_bytes())
        self._reads_files = reads_files
        self._lock = threading.Lock()
        self._root: duckdb.DuckDBPyConnection | None = None

    def open(self, check: Callable[[], None]) -> Duck:
        """A connection for one statement.

        Args:
            check: Raises `Interrupted` when the user asked to stop.
        """
        with self._lock:
            if self._root is None:
                self._root = _connect(self._temp_folder(), self._memory_bytes, self._reads_files)
            return Duck(self._root.cursor(), check)

    def close(self) -> None:
        """Let go of its memory."""
        with self._lock:
            if self._root is not None:
                self._root.close()
                self._root = None


def _connect(temp_folder: Path, limit_bytes: int, reads_files: bool) -> duckdb.DuckDBPyConnection:
    config = {"memory_limit": f"{limit_bytes}B", "temp_directory": str(temp_folder)}
    return start(config, reads_files=reads_files)


class Duck:
    """A connection with what one statement has registered on it; one query runs at a time.

    Args:
        connection: A cursor of its own.
        check: Raises `Interrupted` when the user asked to stop.

    Attributes:
        variables: What ``getvariable`` gives: names and literals.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, check: Callable[[], None]) -> None:
        self._connection = connection
        self._check = check
        self._numbers = 0
        self.variables: dict[str, str] = {}
        self.execute("SET errors_as_json = true")

    def check(self) -> None:
        """Raise `Interrupted` if the user asked to stop."""
        self._check()

    def watch(self, check: Callable[[], None]) -> None:
        """Let another statement use it; ``check`` raises `Interrupted` when its user asks to stop."""
        self._check = check

    def next_number(self) -> int:
        """A number that this statement has not used yet."""
        self._numbers += 1
        return self._numbers

    def scratch_name(self) -> str:
        """A name for something of our own that no table can have: see `engine.store.names.is_internal`."""
        return f"_thanosql_{self.next_number()}"

    def set_variables(self, literals: Mapping[str, str]) -> None:
        """Let ``getvariable('name')`` give the values of these literals."""
        for name, literal in literals.items():
            self.execute(f"SET VARIABLE {quote(name)} = {literal}")
        self.variables |= literals

    def register(self, name: str, rows: Any) -> None:
        """Make an Arrow table or data set known under a name; replaces what had it."""
        self.drop_view(name)
        self._connection.register(name, rows)

    def create_view(self, name: str, sql: str) -> None:
        """Make a query known under a name; replaces what had it."""
        self.bind(f"CREATE OR REPLACE TEMP VIEW {quote(name)} AS\n{_BLANK}{sql}")

    def drop_view(self, name: str) -> None:
        """Forget a name."""
        self.execute(f"DROP VIEW IF EXISTS temp.{quote(name)}")

    def materialise(self, name: str, sql: str) -> int:
        """Run a query once and keep its rows, on disk when memory is short; returns how many."""
        counted = self._run(lambda: self._execute(f"{MATERIALISED.format(quote(name))}{sql}"))
        counted = counted or self._execute(
            f"SELECT count(*) FROM {quote(name)}"
        )  # of a PIVOT nothing is told
        return int(counted[0][0])

    def drop_table(self, name: str) -> None:
        """Forget rows that were kept."""
        self.execute(f"DROP TABLE IF EXISTS temp.{quote(name)}")

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a short statement of our own; returns its rows."""
        return self._execute(sql, parameters)

    def describe(self, sql: str) -> tuple[Column, ...]:
        """Names (made unique) and types of a query's columns, without running it.

        That may take long all the same: DuckDB computes what is constant, and what a PIVOT makes columns of.

        Raises:
            SqlFailure: The query is not valid.
            Interrupted: The user stopped it.
        """
        description = self._run(lambda: self._describe(sql))
        names = unique_names([item[0] for item in description])
        return tuple(Column(name, str(item[1])) for name, item in zip(names, description, strict=True))

    def bind(self, sql: str) -> None:
        """Try out a statement that has no rows; what is constant in it is computed all the same.

        Raises:
            SqlFailure: It is not valid.
            Interrupted: The user stopped it.
        """
        self._run(lambda: self._execute(sql))

    def _describe(self, sql: str) -> list[tuple[Any, ...]]:
        self._connection.execute(f"{PREFIX}{sql}\n) LIMIT 0")
        described = list(self._connection.description or [])
        self._connection.fetchall()
        return described

    def table(self, sql: str) -> pa.Table:
        """All rows of a query.

        Raises:
            SqlFailure: The query fails.
            Interrupted: The user stopped it.
        """
        return self._run(lambda: self._connection.sql(sql).to_arrow_table())

    def reader(self, sql: str, *, batch_rows: int = BATCH_ROWS) -> pa.RecordBatchReader:
        """The rows of a query as a stream; nothing else may run on the connection until it is read."""
        return self._run(lambda: self._connection.sql(sql).to_arrow_reader(batch_rows))

    def interrupt(self) -> None:
        """Stop what runs; callable from any thread."""
        self._connection.interrupt()

    def close(self) -> None:
        """Forget everything registered; what still runs, for nobody waits for it any more, is stopped and ends it."""
        import duckdb

        try:
            self._connection.close()
        except duckdb.ResourceInUseException:
            self.interrupt()

    def _execute(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with _failures():
            return list(self._connection.execute(sql, list(parameters)).fetchall())

    def _run(self, work: Callable[[], T]) -> T:
        with _failures():
            return run_interruptibly(work, check=self._check, cancel=self.interrupt)


#: What stands before a user's query when it is read as a subquery; error positions are moved back by its length.
PREFIX = "SELECT * FROM (\n"
#: What stands before a query whose rows are kept under a name.
MATERIALISED = "CREATE TEMP TABLE {} AS\n"


class _failures:
    """Turns DuckDB's exceptions into `SqlFailure`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        import duckdb
        import pyarrow as pa

        if isinstance(error, duckdb.Error):
            raise failure_of(error) from error
        if isinstance(error, pa.ArrowInvalid):  # types that nest over 64 levels deep
            raise SqlFailure("ArrowInvalid", TS301.ARROW(reason=error), None, 0) from error


__all__ = ["BATCH_ROWS", "MATERIALISED", "PREFIX", "Duck", "DuckFactory", "SqlFailure"]
