"""The rows of an SQL text: read as often as wanted, each time only as far as the read needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck import tree
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.duck.errors import Place, SqlFailure, failure_of, translate
from thanosql_kernel.duck.parser import unparsed
from thanosql_kernel.engine.relations import late
from thanosql_kernel.engine.relations.relation import Relation, Snapshot, row_bytes
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.sql.identifiers import quote

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")


class SqlRelation(Relation):
    """The rows of an SQL text; every read runs as much of it as the read needs.

    Args:
        duck: The connection on which everything that it names is registered.
        sql: A query.
        columns: Its columns, with names made unique.
        place: Where errors point.
        node: Its tree, empty if there is none.
        sources: What it reads, by lower-case name.
        snapshots: The stored tables behind it.
        repeatable: Whether it is known to give the same rows in the same order every time.
    """

    def __init__(
        self,
        duck: Duck,
        sql: str,
        columns: Sequence[Column],
        *,
        place: Place,
        node: dict[str, Any] | None = None,
        sources: Mapping[str, Relation] | None = None,
        snapshots: frozenset[Snapshot] = frozenset(),
        repeatable: bool = False,
    ) -> None:
        self.duck = duck
        self.sql = sql
        self.columns = tuple(columns)
        self.place = place
        self.node = node or {}
        self.sources = dict(sources or {})
        self.snapshots = snapshots
        self._is_repeatable = repeatable
        self._volatile: bool = not repeatable and (
            not self.node
            or tree.is_volatile(self.node)
            or any(isinstance(rows, SqlRelation) and rows._volatile for rows in self.sources.values())
        )
        self._temporary: str | None = None
        self._count: int | None = None

    def count(self) -> int:
        """Number of rows; columns that the count does not need are not read."""
        if self._count is None:
            self._run_volatile_once()
            table = self._read(self.duck.table, f"SELECT count(*) FROM (\n{self._body()}\n)")
            self._count = int(table.column(0)[0].as_py())
        return self._count

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows in order."""
        self._run_volatile_once()
        if limit is not None:
            rows = self._fetch_late(columns, limit)
            if rows is not None:
                return rows
        return self._read(self.duck.table, self.select_sql(columns, limit))

    def _fetch_late(self, columns: Sequence[str] | None, limit: int) -> pa.Table | None:
        """The first ``limit`` rows: first which rows, over the narrow columns, then the wide columns of those."""
        if self.is_materialised or not self.node:
            return None
        plan = late.plan(self.node, self.chosen(columns), limit)
        source = self.sources.get(plan.table.lower()) if plan is not None else None
        if plan is None or source is None or not source.takes_cheaply:
            return None
        positions = self._first_positions(source, plan)
        return self._of_rows(source, plan.table, source.take(sorted(positions)), columns, limit)

    def _first_positions(self, source: Relation, plan: late.LatePlan) -> list[int]:
        """Which rows of the source the query gives first."""
        inner = f"_l{self.duck.next_number()}"
        source.register(self.duck, inner)
        try:
            self.duck.create_view(
                plan.table, f"SELECT row_number() OVER () - 1 AS {late.POSITION}, * FROM {inner}"
            )
            found = self.duck.table(unparsed(plan.positions_query))
        finally:
            source.register(self.duck, plan.table)
            self.duck.drop_view(inner)
        return [int(position) for position in found.column(late.POSITION_OUT).to_pylist()]

    def _of_rows(
        self, source: Relation, name: str, taken: pa.Table, columns: Sequence[str] | None, limit: int
    ) -> pa.Table:
        """The query over some rows of its source alone: they all pass its WHERE again and are sorted again."""
        try:
            self.duck.register(name, taken)
            return self.duck.table(self.select_sql(columns, limit))
        finally:
            source.register(self.duck, name)

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows as a stream; the connection is busy until it is read."""
        import pyarrow as pa

        self._run_volatile_once()
        sql = self.select_sql(columns, limit)
        reader = self._read(self.duck.reader, sql)
        return pa.RecordBatchReader.from_batches(reader.schema, self._translated(reader, sql))

    def register(self, duck: Duck, name: str) -> None:
        """A view: DuckDB plans it together with the query around it."""
        assert duck is self.duck
        self._run_volatile_once()
        duck.create_view(name, self.select_sql(None, None))

    @property
    def connection(self) -> Duck:
        """That of the statement."""
        return self.duck

    def repeatable(self) -> Relation:
        """Runs the query once and materialises it, unless its rows come straight from one table in its own order."""
        if not self._keeps_order():
            self._materialise()
        return self

    @property
    def is_materialised(self) -> bool:
        """Whether the rows have been read into a temporary table."""
        return self._temporary is not None

    @property
    def held_bytes(self) -> int:
        """The temporary table, and what the sources hold."""
        own = self.count() * row_bytes(self.columns) if self.is_materialised else 0
        return own + sum(source.held_bytes for source in self.sources.values())

    def _keeps_order(self) -> bool:
        if self._is_repeatable:
            return True
        source = self.sources.get((tree.plain_source(self.node) or "").lower()) if self.node else None
        return isinstance(source, StoredRelation) and tree.keeps_order(self.node) and not self._volatile

    def _run_volatile_once(self) -> None:
        """A query with random() or now() is run once, so that preview, count and store see the same rows."""
        if self._volatile:
            self._materialise()

    def _materialise(self) -> None:
        if self._temporary is None:
            name = f"_p{self.duck.next_number()}"
            self._read(partial(self.duck.materialise, name), self.select_sql(None, None))
            self._temporary = name

    def _body(self) -> str:
        return f"FROM {self._temporary}" if self._temporary else self.sql

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
        prefix = sql.encode().find(self.sql.encode()) if not self._temporary else len(sql.encode())
        return translate(failure, replace(self.place, prefix=prefix))


def _readable(column: Column) -> str:
    """A column as Arrow can carry it to everybody: types that LanceDB and pyarrow half know become text."""
    name = quote(column.name)
    if column.type in ("INTERVAL", "BIT", '"NULL"') or column.type.startswith("UNION("):
        return f"CAST({name} AS VARCHAR) AS {name}"
    if column.type == "TIMESTAMP_NS":
        return f"CAST({name} AS TIMESTAMP) AS {name}"
    return name
