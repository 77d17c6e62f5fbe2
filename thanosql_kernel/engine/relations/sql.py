"""The rows of an SQL text: read as often as wanted, each time only as far as the read needs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck import tree
from thanosql_kernel.duck.connection import INSIDE_VIEWS, Duck
from thanosql_kernel.duck.errors import Place, SqlFailure, failure_of, in_view, translate
from thanosql_kernel.duck.parser import unparsed
from thanosql_kernel.engine.relations import late
from thanosql_kernel.engine.relations.numbering import numbered
from thanosql_kernel.engine.relations.relation import (
    Holdings,
    Relation,
    Snapshot,
    row_bytes,
    rows_between,
    sizes_sql,
)
from thanosql_kernel.engine.store.arrow_types import carried, comes_back
from thanosql_kernel.errors import Interrupted, ThanoSQLError
from thanosql_kernel.sql.identifiers import quote

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
_FEW_ROWS = 20


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
        changing: Whether something that it reads may give other rows every time.
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
        changing: bool = False,
    ) -> None:
        self.duck = duck
        self.sql = sql
        self.columns = tuple(columns)
        self.place = place
        self.node = node or {}
        self.sources = dict(sources or {})
        self.snapshots = snapshots
        self._is_repeatable = repeatable
        by_name = {name: rows.columns for name, rows in self.sources.items()}
        self._changing = changing
        is_planned = bool(self.node) and not repeatable and not changing
        self._row_by_row = late.read(self.node, by_name) if is_planned else None
        self._runs_once = not repeatable and self._is_run_once()
        self._in_order: str | None = None
        self._view: str | None = None
        self._found: NDArray[np.int64] | None = None
        self._temporary: str | None = None
        self._temporary_bytes = 0
        self._count: int | None = None

    def count(self) -> int:
        """Number of rows; columns that the count does not need are not read."""
        if self._count is None:
            self._run_once()
        if self._count is None:
            self._count = self._counted()
        return self._count

    def _counted(self) -> int:
        if (query := self._row_by_row) is not None and not query.filters:
            return rows_between(self.sources[query.table.lower()].count(), query.offset, query.limit)
        table = self._run(self.duck.table, f"SELECT count(*) FROM (\n{self.sql}\n)")
        return int(table.column(0)[0].as_py())

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows in order."""
        self._run_once()
        if self._reads_late(columns, limit):
            try:
                return self._fetch_late(columns, limit)
            except SqlFailure:
                pass  # the query as it was written tells where it goes wrong
        if limit is not None and self._counts_at_once(columns):
            return self._fetch_counting(columns, limit)
        return self._run(self.duck.table, self._carried(self._body(), columns, limit))

    def _counts_at_once(self, columns: Sequence[str] | None) -> bool:
        """Whether rows are made once for the first of them and for the count: groups, 0.08 s for a million."""
        return self._count is None and not self._has_wide(columns) and tree.is_grouped(self.node)

    def _fetch_counting(self, columns: Sequence[str] | None, limit: int) -> pa.Table:
        name = self.duck.scratch_name()
        items = [*self._items(columns), f"(SELECT count(*) FROM {name})"]
        rows = self._named(", ".join(items), f"FROM {name}")
        sql = f"WITH {name} AS MATERIALIZED (\n{self.sql}\n) {rows} LIMIT {limit}"
        table = self._run(self.duck.table, sql)
        if table.num_rows:
            self._count = int(table.column(len(items) - 1)[0].as_py())
        return table.remove_column(len(items) - 1)

    def _reads_late(self, columns: Sequence[str] | None, limit: int | None) -> bool:
        if (query := self._row_by_row) is None or self.is_materialised:
            return False
        is_few = (wanted := query.wanted(limit)) is not None and wanted <= late.MAX_ROWS
        is_much = self._has_wide(columns) or (query.is_run and query.offset > 0)
        return is_few and is_much and self.sources[query.table.lower()].takes_cheaply

    def _fetch_late(self, columns: Sequence[str] | None, limit: int | None) -> pa.Table:
        """The first rows: first which, over the narrow columns; then the wide columns of those alone."""
        assert self._row_by_row is not None
        query, source = self._row_by_row, self.sources[self._row_by_row.table.lower()]
        inner = source._row_by_row if isinstance(source, SqlRelation) else None
        if query.is_run and inner is not None and not inner.is_run:
            wanted = query.offset + (query.wanted(limit) or 0)
            return self._selected(source.fetch(query.needed(), limit=wanted).slice(query.offset), columns)
        return self._selected(source.take(self._positions(query, source, limit), query.needed()), columns)

    def _selected(self, taken: pa.Table, columns: Sequence[str] | None) -> pa.Table:
        """The select list over rows of the source."""
        assert self._row_by_row is not None
        query = self._row_by_row
        name = self.duck.scratch_name()
        self.duck.register(name, taken)
        try:
            return self.duck.table(self._carried(unparsed(query.of_taken(name)), columns, None))
        finally:
            self.duck.drop_view(name)

    def _positions(self, query: late.RowByRow, source: Relation, limit: int | None) -> Sequence[int]:
        """Which rows of the source the query gives first."""
        if query.is_run:
            end = min(source.count(), query.offset + (query.wanted(limit) or 0))
            return range(min(query.offset, end), end)
        found = self.duck.table(unparsed(query.positions(self._numbered(query), limit)))
        return [int(position) for position in found.column(0).to_pylist()]

    def _numbered(self, query: late.RowByRow) -> str:
        """A view of the source whose last column is the row's position in it."""
        if self._view is None:
            self._view = numbered(self.duck, query.table, query.position)
        return self._view

    def take(self, positions: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows at these positions: narrow columns say where they are in the source."""
        if not self.takes_cheaply or self._row_by_row is None:
            return super().take(positions, columns)
        source = self.sources[self._row_by_row.table.lower()]
        try:
            taken = source.take(self._in_source(positions), self._row_by_row.needed())
            return self._selected(taken, columns)
        except SqlFailure:
            return super().take(positions, columns)  # the query as it was written tells where it goes wrong

    @property
    def filter(self) -> late.RowByRow | None:
        """The query, if it takes those of its source's rows of which a condition is true, and does nothing else."""
        is_known = not self._runs_once and not self.is_materialised
        return self._row_by_row if self._row_by_row and self._row_by_row.is_filter and is_known else None

    def positions(self) -> NDArray[np.int64]:
        """Where in their source the rows are, if each is one of the source's."""
        if self._found is None and (query := self._row_by_row) is not None:
            found = self.duck.table(unparsed(query.positions(self._numbered(query), None)))
            self._found = found.column(0).to_numpy()
        return np.empty(0, np.int64) if self._found is None else self._found

    @property
    def takes_cheaply(self) -> bool:
        """If its source does, and each row is one of the source's."""
        query = self._row_by_row
        if query is None or self._runs_once or self.is_materialised:
            return False
        source = self.sources[query.table.lower()]
        return source.takes_cheaply and all(comes_back(column.type) for column in self.columns)

    def _in_source(self, positions: Sequence[int]) -> Sequence[int]:
        assert self._row_by_row is not None
        query = self._row_by_row
        if query.is_run:
            return [position + query.offset for position in positions]
        return [int(position) for position in self.positions()[np.asarray(positions, np.int64)]]

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows as a stream; the connection is busy until it is read."""
        import pyarrow as pa

        self._run_once()
        sql = self._carried(self._body(), columns, limit)
        reader = self._run(self.duck.reader, sql)
        return pa.RecordBatchReader.from_batches(reader.schema, self._translated(reader, sql))

    def register(self, duck: Duck, name: str) -> None:
        """A view: DuckDB plans it together with the query around it."""
        assert duck is self.duck
        self._run_once()
        duck.create_view(name, self.own_types_sql())

    def register_as_written(self, name: str) -> None:
        """A view that gives other rows whenever it is read, if the query does: for who reads it once and for all."""
        self.duck.create_view(name, self._named("*", self.sql))

    @property
    def may_change(self) -> bool:
        """Whether the query as it was written may give other rows next time; reads of these rows run it once."""
        return self._runs_once and self._row_by_row is None

    @property
    def all_of(self) -> Relation | None:
        """The source whose rows these are, all of them, in its order and with its columns."""
        query = self._row_by_row
        if query is None or not query.is_run or query.limit is not None or query.offset:
            return None
        source = self.sources[query.table.lower()]
        return source if query.plain_columns == tuple(source.names) else None

    @property
    def connection(self) -> Duck:
        """That of the statement."""
        return self.duck

    def repeatable(self) -> Relation:
        """Runs the query once and materialises it, unless its rows come straight from one table in its own order."""
        if not self._keeps_order():
            self._materialise()
        return self

    def kept_as(self, name: str) -> SqlRelation:
        """The rows, read once and kept in a table of DuckDB's."""
        self._run(partial(self.duck.materialise, name), self.own_types_sql())
        return SqlRelation(self.duck, f"FROM {name}", self.columns, place=self.place, repeatable=True)

    @property
    def is_materialised(self) -> bool:
        """Whether the rows have been read into a temporary table."""
        return self._temporary is not None

    @property
    def holdings(self) -> Holdings:
        """The temporary table, and what the sources hold."""
        held = {id(self): self._temporary_bytes} if self.is_materialised else {}
        held |= {id(self._found): self._found.nbytes} if self._found is not None else {}
        for source in self.sources.values():
            held.update(source.holdings)
        return held

    def _keeps_order(self) -> bool:
        if self._is_repeatable:
            return True
        source = self.sources.get(self._row_by_row.table.lower()) if self._row_by_row else None
        if isinstance(source, SqlRelation):
            plan = source._row_by_row
            return plan is not None and not plan.sorts and source._keeps_order()
        return source is not None and source.connection is None

    def _is_run_once(self) -> bool:
        """Whether a query may give other rows next time, or is a few narrow rows of many that were sorted.

        Among equals at a limit DuckDB takes any; the source's order behind ORDER BY costs a scan by one thread.
        """
        if (query := self._row_by_row) is None:
            return self._may_change()
        is_few = query.limit is not None and query.limit <= late.MAX_ROWS
        return query.sorts and is_few and not self._has_wide()

    def _has_wide(self, columns: Sequence[str] | None = None) -> bool:
        return any(column.type.endswith("]") or column.type == "BLOB" for column in self.chosen(columns))

    def _may_change(self) -> bool:
        names = {name.lower() for source in self.sources.values() for name in source.names}
        return self._changing or not self.node or tree.is_volatile(self.node, names)

    def _run_once(self) -> None:
        """Materialises a query that might give other rows next time: preview, count and store see the same."""
        if self._runs_once:
            self._materialise()

    def _materialise(self) -> None:
        if self._temporary is None:
            name = self.duck.scratch_name()
            self._count = self._run(partial(self.duck.materialise, name), self.own_types_sql())
            self._temporary = name
            self._temporary_bytes = self._measured(self._count)

    def _measured(self, count: int) -> int:
        """The bytes of the temporary table; a few rows are not looked at (1 ms) unless they may hold pictures."""
        if count <= _FEW_ROWS and not any(column.type == "BLOB" for column in self.columns):
            return count * row_bytes(self.columns)
        measured = self._run(self.duck.table, self._named(sizes_sql(self.columns), self._body()))
        return int(measured.column(0)[0].as_py() or 0)

    def _body(self) -> str:
        """The SQL whose rows these are, in their order."""
        if self._temporary is not None:
            return f"FROM {self._temporary}"
        if self._runs_once or self._row_by_row is None or not self._row_by_row.sorts:
            return self.sql
        if self._in_order is None:
            query = self._row_by_row
            self._in_order = unparsed(query.in_order(self._numbered(query)))
        return self._in_order

    def own_types_sql(self) -> str:
        """The SQL of all rows with the types that DuckDB gives them, for it to go on with."""
        return self._named("*", self._body())

    def _carried(self, sql: str, columns: Sequence[str] | None, limit: int | None) -> str:
        """The SQL that reads some columns of some rows, each with a type that Arrow has."""
        named = self._named(", ".join(self._items(columns)) or "1", sql)
        return named if limit is None else f"{named} LIMIT {limit}"

    def _items(self, columns: Sequence[str] | None) -> list[str]:
        return [carried(column.name, column.type) for column in self.chosen(columns)]

    def _named(self, items: str, sql: str) -> str:
        """The SQL that reads items of ``sql``; its names are given by position, for they may repeat."""
        aliases = ", ".join(map(quote, self.names))
        return f"SELECT {items} FROM (\n{sql}\n) AS _q({aliases})"

    def _run(self, work: Callable[[str], T], sql: str) -> T:
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
        prefix = sql.find(self.sql)
        if prefix < 0 and self._in_order is not None and self._temporary is None:
            return self._error(*self._failed_as_written(failure))
        at = len(sql[:prefix].encode()) if prefix >= 0 else len(sql.encode())
        error = translate(failure, replace(self.place, prefix=at))
        blamed = self._view_to_blame() if (failure.offset or 0) >= INSIDE_VIEWS else None
        return error if blamed is None else in_view(error, blamed.place.view, blamed.place.named_at)

    def _view_to_blame(self) -> SqlRelation | None:
        """The innermost view that fails by itself, among those that are read with the query."""
        for source in self.sources.values():
            if isinstance(source, SqlRelation) and source.place.view and source._fails():
                return source._view_to_blame() or source
        return None

    def _fails(self) -> bool:
        try:
            deque(self.duck.reader(self._carried(self.sql, None, None)), maxlen=0)
        except Interrupted:
            raise
        except Exception:
            return True
        return False

    def _failed_as_written(self, failure: SqlFailure) -> tuple[SqlFailure, str]:
        """What the query fails with in the words that the user wrote, and the SQL: a tree has lost all places."""
        try:
            deque(self.duck.reader(sql := self._carried(self.sql, None, None)), maxlen=0)
        except SqlFailure as as_written:
            return as_written, sql
        except Exception as error:
            return failure_of(error), sql
        return failure, sql
