"""What a statement may ask of indexes of vectors. A part of `runtime.StatementRuntime`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog import Table
from thanosql_kernel.engine.store import vector_index
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.engine.store.vector_index import StoredIndex
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Span, UnknownName
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.index_work import IndexFacts
from thanosql_kernel.wording import counted, indexes

if TYPE_CHECKING:
    from thanosql_kernel.engine.search.indexes import Record, Records, Usable
    from thanosql_kernel.engine.search.search import Searcher

#: What takes less is read from disk and compared in a second; an index of 100,000 vectors of 64 numbers was no faster.
LEAST_BYTES = 256e6
_MB = 1e6


class IndexRequests(ABC):
    """Requests that build indexes, or tell of them.

    Attributes:
        work: The statement's.
    """

    work: Work

    @cached_property
    @abstractmethod
    def _tables(self) -> Tables:
        """The stored tables, looked at when the statement first asks."""

    @property
    @abstractmethod
    def searcher(self) -> Searcher:
        """What scores vectors."""

    def indexes(self, table: str | None = None, span: Span | None = None) -> Sequence[IndexFacts]:
        """The indexes of a table, or of all, by table and name."""
        catalog = self._tables.catalog
        names = list(catalog.tables) if table is None else [catalog.table(table, span).name]
        found: list[IndexFacts] = []
        for name in names:
            self.work.check()
            dataset, _ = self._tables.open(name)
            found += [self._facts(name, dataset, index) for index in vector_index.indexes(dataset)]
        return sorted(found, key=lambda item: (item.table, item.name))

    def _facts(self, table: str, dataset: Any, index: StoredIndex) -> IndexFacts:
        from thanosql_kernel.engine.search.indexes import usable

        record = self._records.of(index.uuid)
        use = usable(dataset, index, record) if record is not None else None
        rows = None if record is None else record.rows
        recall = None if record is None else record.recall
        state = str(indexes.FOREIGN) if record is None else _state(use)
        return IndexFacts(index.name, table, index.column, index.kind, rows, recall, state)

    @property
    def _records(self) -> Records:
        records = self.searcher.records
        assert records is not None, "a database has a place for them"
        return records

    def create_index(
        self, name: str, table: str, column: str, *, replace: bool, span: Span | None = None
    ) -> str:
        """Build an index of a column of vectors; says what was done, or why it is of no use."""
        dataset, found = self._tables.open(table)
        dim = _dim(found, column)
        coverage = self.searcher.memory.coverage(dataset, column, dim)
        if coverage.fits:
            return indexes.NOT_NEEDED(table=found.name, megabytes=coverage.size_bytes / _MB)
        if (size := 4 * dim * found.rows) < LEAST_BYTES:
            return indexes.TOO_FEW(table=found.name, megabytes=size / _MB, least=LEAST_BYTES / _MB)
        with self._tables.writing(table, self.work.check) as storage:
            dataset, found = self._tables.open(table)
            old = self._in_the_way(dataset, name, column, replace, span)
            record = self._built(storage, dataset, name, column, dim, old)
            self._records.write(record)
            self._tables.refresh()
        return indexes.MADE(
            index=name,
            table=found.name,
            column=column,
            rows=counted(record.rows, "row"),
            recall=record.recall,
            samples=record.samples,
        )

    def _in_the_way(
        self, dataset: Any, name: str, column: str, replace: bool, span: Span | None
    ) -> list[StoredIndex]:
        """The indexes in whose place the new one comes."""
        there = vector_index.indexes(dataset)
        same = [it for it in there if it.name.lower() == name.lower() or it.column == column]
        for index in same if not replace else ():
            is_name = index.name.lower() == name.lower()
            told = indexes.TS230.TAKEN if is_name else indexes.TS230.COLUMN_HAS_ONE
            message = told(index=index.name, column=column)
            raise UnknownName(message, span=span, hint=indexes.TS230.REPLACE_IT())
        return same

    def _built(
        self, storage: str, dataset: Any, name: str, column: str, dim: int, old: Sequence[StoredIndex]
    ) -> Record:
        """What there is to remember of a new index, which is committed; one that is stopped leaves none."""
        from thanosql_kernel.engine.search import indexes as known

        store, rows = self._tables.store, int(dataset.count_rows())
        with (
            abandonable(self.work.check) as call,
            self.work.progress(indexes.BUILDING(index=name), 2 * rows, "rows") as bar,
        ):
            queries = known.sample_queries(dataset, column, dim, call)
            new = call(lambda: vector_index.built(dataset, column, name, rows))
            bar.advance(rows)
            for index in old:
                vector_index.drop(store.open(storage), index.name)
            store.commit_index(store.open(storage), new)
            dataset = store.open(storage)
            index = next(item for item in vector_index.indexes(dataset) if item.name == name)
            try:
                found = known.measured(dataset, index, queries, call, bar.advance)
            except BaseException:
                vector_index.drop(dataset, name)
                raise
        return known.noted(dataset, index, found, name, dim)

    def drop_index(self, index: IndexFacts) -> None:
        """Remove an index."""
        with self._tables.writing(index.table, self.work.check) as storage:
            dataset = self._tables.store.open(storage)
            if any(item.name == index.name for item in vector_index.indexes(dataset)):
                vector_index.drop(dataset, index.name)
            self._tables.refresh()


def _dim(table: Table, column: str) -> int:
    found = table.column(column)
    assert found is not None, "checked"
    return int(found.type[found.type.index("[") + 1 : -1])


def _state(use: Usable | None) -> str:
    if use is None:
        return str(indexes.STALE)
    return indexes.PARTLY(rows=counted(use.others_rows, "row")) if use.others_rows else str(indexes.USED)
