"""What a statement may ask of files and folders as sources of rows. A part of `runtime.StatementRuntime`."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Catalog
from thanosql_kernel.engine.database import Database
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.writing import TableWriter
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Span
from thanosql_kernel.statements.changes import Refreshed
from thanosql_kernel.statements.options import Options

if TYPE_CHECKING:
    from thanosql_kernel.engine.embed.cache import EmbeddingCache
    from thanosql_kernel.engine.sources.reading import Reading


class SourceRequests(ABC):
    """Requests that read files and folders.

    Attributes:
        database: What outlives the statement.
        work: The statement's.
        refreshed: What the statement made of a table's rows before it began anew; None for nothing.
    """

    database: Database
    work: Work
    refreshed: Refreshed | None
    _open: ExitStack

    @property
    @abstractmethod
    def catalog(self) -> Catalog:
        """What exists."""

    @property
    @abstractmethod
    def queries(self) -> Queries:
        """The statement's queries."""

    @property
    @abstractmethod
    def changes(self) -> TableWriter:
        """What changes stored tables."""

    @property
    @abstractmethod
    def cache(self) -> EmbeddingCache:
        """What has been embedded."""

    def read_source(self, source: str | Sequence[str], span: Span, options: Options) -> Relation:
        """The rows of a file, folder, JSON text or URL."""
        from thanosql_kernel.engine.sources.open import read_source

        return read_source(source, self._reading(span, options))

    def _reading(self, span: Span, options: Options | None) -> Reading:
        from thanosql_kernel.engine.sources.reading import Reading

        temporary = self.database.tables.store.usage.scratch()
        self._open.callback(shutil.rmtree, temporary, ignore_errors=True)
        duck = self.database.file_ducks.open(self.work.check)
        self._open.callback(duck.close)
        return Reading(self.work, temporary, duck, span, options or Options((), ()))

    def refresh(
        self,
        name: str,
        folder: tuple[str, Span] | None = None,
        options: Options | None = None,
        *,
        keeps_missing: bool = False,
        span: Span | None = None,
    ) -> Refreshed:
        """Bring a table up to date with folders, in one commit."""
        from thanosql_kernel.engine.refresh.refresh import Refreshing, asked_folder

        asked = (
            None if folder is None else asked_folder(self._reading(folder[1], options), folder[0], options)
        )
        target, work = self.queries.table(self.catalog.table(name, span).name), self.work.at(span)
        refreshing = Refreshing(
            target, self.changes, self.queries.table, lambda: self.cache, work, keeps=keeps_missing
        )
        done = refreshing.refresh(asked)
        self.refreshed = done if self.refreshed is None else done.after(self.refreshed)
        return self.refreshed
