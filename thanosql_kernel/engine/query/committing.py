"""How a statement writes what it has found out: interruptibly, in one commit, and what reads the table sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.fitting import fitting_rows
from thanosql_kernel.engine.query.older_tables import rows_for
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store import edit
from thanosql_kernel.engine.store.edit import Edit
from thanosql_kernel.engine.store.stream import CountedStream, appended_stream, write_error
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.interrupts import run_interruptibly
from thanosql_kernel.wording import answers


class Committing:
    """What one statement may change.

    Args:
        tables: The stored tables.
        queries: The statement's queries; they read a table anew after it was changed here.
        work: The statement's.
    """

    def __init__(self, tables: Tables, queries: Queries, work: Work) -> None:
        self._tables = tables
        self._queries = queries
        self._work = work

    def _commit(
        self,
        target: StoredRelation,
        made: Edit,
        stream: CountedStream | None = None,
        span: Span | None = None,
    ) -> None:
        """Change the rows of a table whose lock is held, and add those of a stream."""
        made = made if stream is None else replace(made, new=stream.reader())
        store, dataset, check = self._tables.store, target.dataset, self._work.check
        self._written(target.table.name, lambda: edit.commit(store, dataset, made, check), stream, span)
        self._tables.refresh()

    def _append(
        self,
        name: str,
        storage: str,
        rows: Relation,
        span: Span | None,
        targets: Sequence[str] | None = None,
    ) -> int:
        table = self._tables.catalog.table(name, span)
        rows = rows_for(table, rows, self._work.notice)
        fitting = fitting_rows(rows, table, self._queries.duck, span, targets=targets)
        schema = self._tables.store.open(storage).schema
        stream = appended_stream(fitting.batches(), schema, self._work.check)
        return self._write(name, stream, mode="append", span=span)

    def _write(
        self,
        name: str,
        stream: CountedStream,
        *,
        mode: str,
        read_version: int | None = None,
        span: Span | None,
    ) -> int:
        reader = stream.reader()
        self._written(
            name,
            lambda: self._tables.write(name, reader, mode=mode, read_version=read_version, span=span),
            stream,
            span,
        )
        return stream.rows

    def _written(
        self, name: str, work: Callable[[], None], stream: CountedStream | None, span: Span | None
    ) -> None:
        """Do work that ends in a commit; what goes wrong with the rows on their way is told in their words."""
        try:
            with self._work.progress(answers.STORING(name=name), None, "rows") as bar:
                if stream is not None:
                    stream.advance = bar.advance
                run_interruptibly(work, check=self._work.check, cancel=self._queries.duck.interrupt)
        except Exception as error:
            found = error if stream is None else write_error(error, stream)
            if isinstance(found, ThanoSQLError):
                found.at(span)
            raise found from error
        self._queries.forget(name)
