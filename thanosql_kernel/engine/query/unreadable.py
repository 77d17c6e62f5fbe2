"""What went wrong with a statement, if it was the tables that it read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from thanosql_kernel.engine.relations.results import KeptUnreadable
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.failures import Conflict
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.mend import mend_own
from thanosql_kernel.engine.store.remote import watched
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.errors import DataError, Interrupted, ParseError, UnknownName
from thanosql_kernel.wording.data import TS503


@contextmanager
def explaining(
    tables: Tables, opened: Callable[[], Sequence[StoredRelation]], check: Callable[[], None]
) -> Iterator[None]:
    """Errors that come from tables which somebody dropped meanwhile, or whose files are damaged, say so.

    Args:
        tables: The stored tables.
        opened: Those that the statement has read so far.
        check: Raises `Interrupted` when the user asked to stop.

    Raises:
        Conflict: A table is gone or another one now: the statement may run again.
        Damaged: TS507.
        DataError: TS502, the database cannot be reached.
    """
    try:
        with watched(check):
            yield
    except (ParseError, UnknownName, Interrupted, Conflict, KeptUnreadable):
        raise
    except Exception as error:
        tables.store.reach()
        for relation in opened():
            found = tables.explained(error, relation.dataset, relation.table, check)
            if found is not error:
                raise found from error
        if _mended(tables.store, error, check):
            raise Conflict(TS503.MENDED()) from error
        raise


def _mended(store: Store, error: Exception, check: Callable[[], None]) -> bool:
    """Whether the engine's own tables were damaged and are not any more."""
    from_files = isinstance(error, (OSError, ValueError, RuntimeError))
    try:
        return mend_own(store, check, thoroughly=from_files)
    except OSError:
        return False
    except DataError as other:
        if other.code != "TS501":
            raise
        return False  # the folder cannot be looked into: the first error says more
