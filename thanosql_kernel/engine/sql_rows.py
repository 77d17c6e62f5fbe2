"""The rows of an SQL text: read as often as wanted, each time only as far as the read needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine import plan
from thanosql_kernel.engine.duck import Duck
from thanosql_kernel.engine.names import quote
from thanosql_kernel.engine.relation import Rows, Snapshot, StoredRows
from thanosql_kernel.engine.sql_errors import Place, SqlFailure, failure_of, translate
from thanosql_kernel.errors import ThanoSQLError

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")


class SqlRows(Rows):
    """The rows of an SQL text; every read runs as much of it as the read needs.

    Args:
        duck: The connection on which everything that it names is registered.
        sql: A query.
        columns: Its columns, with names made unique.
        place: Where errors point.
        node: Its tree, empty if there is none.
        sources: What it reads, by lower-case name.
        snapshots: The stored tables behind it.
        steady: Whether it is known to give the same rows in the same order every time.
    """

    def __init__(
        self,
        duck: Duck,
        sql: str,
        columns: Sequence[Column],
        *,
        place: Place,
        node: dict[str, Any] | None = None,
        sources: Mapping[str, Rows] | None = None,
        snapshots: frozenset[Snapshot] = frozenset(),
        steady: bool = False,
    ) -> None:
        self.duck = duck
        self.sql = sql
        self.columns = tuple(columns)
        self.place = place
        self.node = node or {}
        self.sources = dict(sources or {})
        self.snapshots = snapshots
        self._is_steady = steady
        self._volatile: bool = not steady and (
            not self.node
            or plan.is_volatile(self.node)
            or any(isinstance(rows, SqlRows) and rows._volatile for rows in self.sources.values())
        )
        self._kept: str | None = None
        self._count: int | None = None

    def count(self) -> int:
        """Number of rows; columns that the count does not need are not read."""
        if self._count is None:
            self._steady()
            table = self._read(self.duck.table, f"SELECT count(*) FROM (\n{self._body()}\n)")
            self._count = int(table.column(0)[0].as_py())
        return self._count

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows in order."""
        self._steady()
        from thanosql_kernel.engine import late

        if limit is not None:
            rows = late.fetch(self, columns, limit)
            if rows is not None:
                return rows
        return self._read(self.duck.table, self.select_sql(columns, limit))

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows as a stream; the connection is busy until it is read."""
        import pyarrow as pa

        self._steady()
        sql = self.select_sql(columns, limit)
        reader = self._read(self.duck.reader, sql)
        return pa.RecordBatchReader.from_batches(reader.schema, self._translated(reader, sql))

    def register(self, duck: Duck, name: str) -> None:
        """A view: DuckDB plans it together with the query around it."""
        assert duck is self.duck
        self._steady()
        duck.create_view(name, self.select_sql(None, None))

    @property
    def connection(self) -> Duck:
        """That of the statement."""
        return self.duck

    def settled(self) -> Rows:
        """Runs the query once and keeps its rows, unless they come straight from one table in its own order."""
        if not self._keeps_order():
            self._keep()
        return self

    @property
    def is_kept(self) -> bool:
        """Whether the rows have been read into a temporary table."""
        return self._kept is not None

    def _keeps_order(self) -> bool:
        if self._is_steady:
            return True
        source = self.sources.get((plan.plain_source(self.node) or "").lower()) if self.node else None
        return isinstance(source, StoredRows) and plan.keeps_order(self.node) and not self._volatile

    def _steady(self) -> None:
        """A query with random() or now() is run once, so that preview, count and store see the same rows."""
        if self._volatile:
            self._keep()

    def _keep(self) -> None:
        if self._kept is None:
            name = f"_p{self.duck.next_number()}"
            self._read(partial(self.duck.keep, name), self.select_sql(None, None))
            self._kept = name

    def _body(self) -> str:
        return f"FROM {self._kept}" if self._kept else self.sql

    def select_sql(self, columns: Sequence[str] | None, limit: int | None) -> str:
        """The SQL that reads some columns of some rows; names are given by position, for they may repeat."""
        aliases = [quote(name) for name in self.names]
        chosen = ", ".join(_readable(column) for column in self.chosen(columns)) or "1"
        bound = f" LIMIT {limit}" if limit is not None else ""
        return f"SELECT {chosen} FROM (\n{self._body()}\n) AS _q({', '.join(aliases)}){bound}"

    def _read(self, work: Callable[[str], T], sql: str) -> T:
        try:
            return work(sql)
        except SqlFailure as failure:
            raise self._error(failure, sql) from failure

    def _translated(self, reader: pa.RecordBatchReader, sql: str) -> Iterator[pa.RecordBatch]:
        """The batches; what DuckDB says in the middle of a stream reaches us as an Arrow error."""
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except Exception as error:
                raise self._error(failure_of(error), sql) from error
            yield batch

    def _error(self, failure: SqlFailure, sql: str) -> ThanoSQLError:
        """The user's error; positions count from where the query's text stands in ``sql``."""
        prefix = sql.encode().find(self.sql.encode()) if not self._kept else len(sql.encode())
        return translate(failure, replace(self.place, prefix=prefix))


def _readable(column: Column) -> str:
    """A column as Arrow can carry it to everybody: types that LanceDB and pyarrow half know become text."""
    name = quote(column.name)
    if column.type in ("INTERVAL", "BIT", '"NULL"') or column.type.startswith("UNION("):
        return f"CAST({name} AS VARCHAR) AS {name}"
    if column.type == "TIMESTAMP_NS":
        return f"CAST({name} AS TIMESTAMP) AS {name}"
    return name
