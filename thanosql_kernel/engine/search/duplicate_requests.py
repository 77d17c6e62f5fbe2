"""What the statement about near-duplicates may ask. A part of `runtime.StatementRuntime`."""

from __future__ import annotations

from typing import cast

from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.work import Work
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.duplicate_work import Duplicates


class DuplicateRequests:
    """The request.

    Attributes:
        work: The statement's.
    """

    work: Work

    def duplicates(self, rows: asked.Relation, wanted: Duplicates) -> Relation:
        """The rows that belong to a group, group by group, with the columns ``wanted.results``."""
        from thanosql_kernel.engine.search.duplicates import find_duplicates

        return find_duplicates(cast(Relation, rows), wanted, self.work)
