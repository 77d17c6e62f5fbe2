"""What a statement may ask of the versions of tables. A part of `runtime.StatementRuntime`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property

from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Span
from thanosql_kernel.statements.runtime import TableVersion


class HistoryRequests(ABC):
    """Requests that read what tables held, or bring it back.

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
    def queries(self) -> Queries:
        """The statement's queries."""

    def table_versions(self, name: str, span: Span | None = None) -> Sequence[TableVersion]:
        """The versions of a table that have not been cleaned away, the newest first."""
        return self._tables.versions(name, span, self.work.check)

    def table_at_version(self, name: str, version: int, span: Span | None = None) -> StoredRelation:
        """The rows that a table had at a version."""
        dataset, table = self._tables.open_version(name, version, span)
        return self.queries.past(StoredRelation(dataset, table, is_past=True))

    def restore_table(self, name: str, version: int | None, span: Span | None = None) -> int | None:
        """Bring a version of a table back, the newest that can be read unless one is named; None if it is there."""
        restored = self._tables.restore(name, version, span, self.work.check)
        self.queries.forget(name)
        return restored
