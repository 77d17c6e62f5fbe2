"""What a statement may ask of indexes of vectors and texts. A part of `runtime.StatementRuntime`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog import Table
from thanosql_kernel.catalog.model import Damaged
from thanosql_kernel.engine.store import vector_index
from thanosql_kernel.engine.store.failures import Conflict
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.engine.store.token_index import KIND as TEXT_KIND
from thanosql_kernel.engine.store.vector_index import StoredIndex
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Span, UnknownName
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.index_work import IndexFacts, is_text
from thanosql_kernel.wording import counted, indexes

if TYPE_CHECKING:
    from thanosql_kernel.engine.search.indexes import Record
    from thanosql_kernel.engine.search.records import Coverage, Records
    from thanosql_kernel.engine.search.search import Searcher
    from thanosql_kernel.engine.search.text_indexes import TextIndexes

Told = Callable[..., str]

#: What takes less is read from disk and compared in a second; an index of 100,000 vectors of 64 numbers was no faster.
LEAST_BYTES = 256e6
#: Fewer are read and searched for a word in a tenth of a second or two.
LEAST_TEXTS = 50_000
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
            found += self._of_table(*self._tables.open(name))
        return sorted(found, key=lambda item: (item.table, item.name))

    def _of_table(self, dataset: Any, table: Table) -> Iterator[IndexFacts]:
        for index in vector_index.indexes(dataset):
            yield self._vector_facts(table.name, dataset, index)
        for column in table.columns:
            if is_text(column.type):
                yield from self._text_facts(table.name, dataset, column.name)

    def _vector_facts(self, table: str, dataset: Any, index: StoredIndex) -> IndexFacts:
        from thanosql_kernel.engine.search.indexes import usable

        about = (index.uuid, index.name, table, index.column)
        records = [it for part in index.segments if (it := self._records.of(part.uuid)) is not None]
        if not records:
            return IndexFacts(*about, index.kind, None, None, str(indexes.FOREIGN))
        use = usable(dataset, index, self._records)
        state = str(indexes.STALE) if use is None else _state(use.coverage)
        rows = sum(record.rows for record in records)
        return IndexFacts(*about, index.kind, rows, records[0].recall, state)

    def _text_facts(self, table: str, dataset: Any, column: str) -> Iterator[IndexFacts]:
        from thanosql_kernel.engine.search.records import coverage

        for record in self._text_indexes.of(dataset, column):
            state, about = _state(coverage(dataset, column, record.parts)), (table, column)
            yield IndexFacts(record.uuid, record.name, *about, TEXT_KIND, record.rows, 1.0, state)

    @property
    def _records(self) -> Records[Record]:
        records = self.searcher.records
        assert records is not None, "a database has a place for them"
        return records

    @property
    def _text_indexes(self) -> TextIndexes:
        found = self.searcher.text_indexes
        assert found is not None, "a database has a place for them"
        return found

    def create_index(
        self, name: str, table: str, column: str, *, replace: bool, span: Span | None = None
    ) -> str:
        """Build an index of a column of vectors or texts; says what was done, or why it is of no use."""
        dataset, found = self._tables.open(table)
        type_ = _type_of(found, column)
        no_use = self._no_use_of_texts(found) if is_text(type_) else self._no_use(dataset, found, column)
        if no_use is not None:
            return no_use
        with self._tables.writing(table, self.work.check) as storage:
            dataset, found = self._tables.open(table)
            old = self._in_the_way(dataset, found, name, column, replace, span)
            build = self._text_index if is_text(type_) else self._vector_index
            told = build(storage, dataset, name, column, old)
            self._tables.refresh()
        return told(index=name, table=found.name, column=column)

    def _no_use(self, dataset: Any, table: Table, column: str) -> str | None:
        """Why vectors need no index."""
        dim = _dim(table, column)
        coverage = self.searcher.memory.coverage(dataset, column, dim)
        if coverage.fits:
            return indexes.NOT_NEEDED(table=table.name, megabytes=coverage.size_bytes / _MB)
        if (size := 4 * dim * table.rows) < LEAST_BYTES:
            return indexes.TOO_FEW(table=table.name, megabytes=size / _MB, least=LEAST_BYTES / _MB)
        return None

    def _no_use_of_texts(self, table: Table) -> str | None:
        """Why texts need no index."""
        if table.rows >= LEAST_TEXTS:
            return None
        return indexes.TOO_FEW_TEXTS(table=table.name, rows=counted(table.rows, "row"), least=LEAST_TEXTS)

    def _in_the_way(
        self, dataset: Any, table: Table, name: str, column: str, replace: bool, span: Span | None
    ) -> list[IndexFacts]:
        """The indexes in whose place the new one comes."""
        there = self._of_table(dataset, table)
        same = [it for it in there if it.name.lower() == name.lower() or it.column == column]
        for index in same if not replace else ():
            is_name = index.name.lower() == name.lower()
            told = indexes.TS230.TAKEN if is_name else indexes.TS230.COLUMN_HAS_ONE
            message = told(index=index.name, column=column)
            raise UnknownName(message, span=span, hint=indexes.TS230.REPLACE_IT())
        return same

    def _vector_index(
        self, storage: str, dataset: Any, name: str, column: str, old: Sequence[IndexFacts]
    ) -> Told:
        """Build one that is committed and measured; one that is stopped leaves none."""
        from thanosql_kernel.engine.search import recall as known

        store, rows = self._tables.store, int(dataset.count_rows())
        dim = int(dataset.schema.field(column).type.list_size)
        with (
            self.work.progress(indexes.BUILDING(index=name), 3 * rows, "rows") as bar,
            abandonable(self.work.check) as call,
        ):
            queries = known.sample_queries(dataset, column, dim, call)
            new = self._built(dataset, column, name, vector_index.fragments_of(dataset), bar.advance)
            self._drop(storage, old)
            store.commit_index(store.open(storage), new)
            dataset = store.open(storage)
            index = next(item for item in vector_index.indexes(dataset) if item.name == name)
            try:
                found = known.measured(dataset, index, queries, call, bar.advance)
            except BaseException:
                vector_index.drop(dataset, name)
                raise
        self._records.write(known.noted(dataset, index, found, name, dim))
        recalls = {"near": found.near.recall, "recall": found.far.recall}
        return partial(indexes.MADE, rows=counted(rows, "row"), samples=found.samples, **recalls)

    def _built(
        self, dataset: Any, column: str, name: str, numbers: Sequence[int], advance: Callable[[int], None]
    ) -> Any:
        """The files of an index over some fragments; a build that is stopped ends as soon as Lance asks."""
        rows = sum(int(dataset.get_fragment(number).count_rows()) for number in numbers)
        building = vector_index.Building(rows)

        def check() -> None:
            advance(building.news())
            self.work.check()

        try:
            with abandonable(check) as call:
                return call(lambda: vector_index.built(dataset, column, name, numbers, building))
        finally:
            building.stopped = True

    def extend_indexes(self, table: str | None = None) -> None:
        """Let indexes of vectors take up the rows that came since they were built, where these are many."""
        names = list(self._tables.catalog.tables) if table is None else [table]
        for name in names:
            self.work.check()
            with suppress(UnknownName, Damaged, Conflict):
                dataset, found = self._tables.open(name)
                for index in vector_index.indexes(dataset):
                    if index.kind == vector_index.KIND:
                        self._extend(dataset, found, index)

    def _extend(self, dataset: Any, table: Table, index: StoredIndex) -> None:
        """Build a part of an index without the table's lock; it is dropped if another kernel was faster."""
        from thanosql_kernel.engine.search.index_growth import extension, noted_part
        from thanosql_kernel.engine.search.indexes import usable

        use = usable(dataset, index, self._records)
        wanted = None if use is None else extension(dataset, use)
        if use is None or wanted is None:
            return
        with self.work.progress(indexes.BUILDING(index=index.name), wanted.rows, "rows") as bar:
            new = self._built(dataset, index.column, index.name, wanted.fragments, bar.advance)
        with self._tables.writing(table.name, self.work.check) as storage:
            latest = self._tables.store.open(storage)
            if index not in vector_index.indexes(latest):
                return
            gone = vector_index.described(latest, index, wanted.gone, new)
            self._records.write(noted_part(dataset, use, str(new.uuid), wanted.fragments))
            self._tables.store.commit_index(latest, new, gone)
            self._tables.refresh()
        self.work.notice(indexes.EXTENDED(index=index.name, rows=counted(wanted.rows, "row")))

    def _text_index(
        self, storage: str, dataset: Any, name: str, column: str, old: Sequence[IndexFacts]
    ) -> Told:
        rows = int(dataset.count_rows())
        with self.work.progress(indexes.BUILDING(index=name), rows, "rows") as bar:
            self._text_indexes.build(dataset, column, name, self.work.check, bar.advance)
        self._drop(storage, old)
        return partial(indexes.MADE_OF_TEXTS, rows=counted(rows, "row"))

    def drop_index(self, index: IndexFacts) -> None:
        """Remove an index."""
        with self._tables.writing(index.table, self.work.check) as storage:
            self._drop(storage, [index])
            self._tables.refresh()

    def _drop(self, storage: str, gone: Sequence[IndexFacts]) -> None:
        """Remove indexes of a table whose lock is held, as far as they are there still."""
        self._text_indexes.drop([index.uuid for index in gone if index.kind == TEXT_KIND])
        for index in gone:
            dataset = self._tables.store.open(storage)
            if any(item.uuid == index.uuid for item in vector_index.indexes(dataset)):
                vector_index.drop(dataset, index.name)


def _type_of(table: Table, column: str) -> str:
    found = table.column(column)
    assert found is not None, "checked"
    return found.type


def _dim(table: Table, column: str) -> int:
    kind = _type_of(table, column)
    return int(kind[kind.index("[") + 1 : -1])


def _state(found: Coverage) -> str:
    if not found.is_enough:
        return str(indexes.STALE)
    rows = found.others_rows
    return indexes.PARTLY(rows=counted(rows, "row")) if rows else str(indexes.USED)
