"""Commits of what was made from a version of a table, each of which overtakes nobody's."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from thanosql_kernel.engine.store.failures import Conflict, storage_errors
from thanosql_kernel.engine.store.schemas import with_fields
from thanosql_kernel.wording.data import TS503

if TYPE_CHECKING:
    import pyarrow as pa

#: The message of commits after which a table holds the rows that it held before.
_REWRITE = "the same rows written again"


class Commits:
    """The commits of a store; what they make visible has been written before."""

    def commit_deletion(self, dataset: Any, changed: Sequence[Any], removed: Sequence[int]) -> None:
        """Make the deletion of rows visible.

        Args:
            dataset: The table at the version that the rows were deleted from.
            changed: Metadata of the fragments with new deletion vectors.
            removed: Ids of the fragments that have no row left.

        Raises:
            Conflict: The table is not at that version any more, and nothing was deleted.
        """
        self._commit(dataset, lance_library().LanceOperation.Delete(changed, removed, ""))

    def commit_edit(
        self,
        dataset: Any,
        changed: Sequence[Any],
        removed: Sequence[int],
        new: Sequence[Any],
        fields: Sequence[int],
    ) -> None:
        """Make deleted rows, new values of columns and new rows behind the last one visible.

        Args:
            dataset: The table at the version that all of it was made from.
            changed: Metadata of the fragments with new deletion vectors or columns written anew.
            removed: Ids of the fragments that have no row left.
            new: Metadata of the fragments of new rows.
            fields: Ids of the columns written anew.

        Raises:
            Conflict: The table is not at that version any more, and nothing was changed.
        """
        operation = lance_library().LanceOperation.Update(
            removed_fragment_ids=list(removed),
            updated_fragments=list(changed),
            new_fragments=list(new),
            fields_modified=list(fields),
            update_mode="rewrite_columns" if fields else "",
        )
        self._commit(dataset, operation)

    def commit_update(self, dataset: Any, changed: Sequence[Any], fields: Sequence[int]) -> None:
        """Make new values of columns visible, as `commit_edit` does."""
        self.commit_edit(dataset, changed, [], [], fields)

    def commit_merge(self, dataset: Any, fragments: Sequence[Any], schema: Any) -> None:
        """Make a column visible that was added, or that takes another one's place.

        Args:
            dataset: The table at the version that the column belongs to.
            fragments: Metadata of all fragments, with the files of the column.
            schema: The table's Lance schema with the column.

        Raises:
            Conflict: The table is not at that version any more, and nothing was changed.
        """
        self._commit(dataset, lance_library().LanceOperation.Merge(list(fragments), schema))

    def commit_rewrite(self, dataset: Any, old: Sequence[Any], new: Any) -> None:
        """Let a fragment stand in the place of others that follow one another and have the same rows.

        Lance keeps fragments in the order of their ids, so that the new one takes the last id of the old ones; id 0
        means "not numbered yet" to its Rewrite, but not to its Update.

        Args:
            dataset: The table at a version that has the old fragments.
            old: Their metadata, in order.
            new: Metadata of the new fragment.

        Raises:
            Conflict: The table is not at that version any more, and nothing was changed.
        """
        operations = lance_library().LanceOperation
        new = replace(new, id=old[-1].id)
        if new.id == 0:
            operation = operations.Update(updated_fragments=[new])
        else:
            operation = operations.Rewrite([operations.RewriteGroup(old, [new])], [])
        self._commit(dataset, operation, _REWRITE)

    def commit_index(self, dataset: Any, new: Any, gone: Sequence[Any] = ()) -> None:
        """Let a table have an index, or a part of one, that has been built.

        Args:
            dataset: The table.
            new: What has been built, over fragments that no part of an index of that name is over, but for those gone.
            gone: Parts in the place of which it comes.

        Raises:
            Conflict: The table is not at that version any more, and it has none.
        """
        self._commit(dataset, lance_library().LanceOperation.CreateIndex([new], list(gone)))

    def _commit(self, dataset: Any, operation: Any, message: str | None = None) -> None:
        """Commit what was made from a data set, unless it has been overtaken.

        Between the look at the version and the commit Lance lets through what touches other fragments alone, such as
        rows that another program appends: the same as if those had come after this.
        """
        version = int(dataset.version)
        with storage_errors():
            if int(dataset.latest_version) != version:
                raise Conflict(TS503.CHANGED())
            with unless_overtaken(version, lambda: int(dataset.latest_version)):
                lance_library().LanceDataset.commit(
                    dataset.uri, operation, read_version=version, max_retries=0, commit_message=message
                )

    def commit_fields(self, dataset: Any, changed: Mapping[str, pa.Field | None]) -> None:
        """Give columns other names and metadata, or let them go; no row is read or written."""
        schema = with_fields(dataset.lance_schema, changed)
        self._commit(dataset, lance_library().LanceOperation.Project(schema))


@contextmanager
def unless_overtaken(version: int, latest: Callable[[], int]) -> Iterator[None]:
    """A commit that fails after somebody else's is a `Conflict`; what fails for another reason says that reason.

    Args:
        version: The latest version when the commit was prepared.
        latest: Gives the latest version now.
    """
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        if latest() == version:
            raise
        raise Conflict(TS503.CHANGED()) from error


def changed_at(dataset: Any, versions: Container[int]) -> int | None:
    """The version that gave a table the rows that it has: compaction and indexes after it, by whomever, changed none.

    Args:
        dataset: The table.
        versions: Those that are still there.

    Returns:
        The version; None where Lance does not tell what a commit was.
    """
    number = int(dataset.version)
    while number in versions:
        try:
            transaction = dataset.read_transaction(number)
        except TypeError:  # Lance 14, of a compaction that wrote an index again
            return None
        if transaction is None:
            return number
        if type(transaction.operation) is lance_library().LanceOperation.BaseOperation:
            return None
        if not _keeps_rows(transaction):
            return number
        number -= 1
    return number


def takes_away(dataset: Any, number: int) -> bool:
    """Whether the change that made a version may have taken something from the one before; so if nobody can tell.

    Args:
        dataset: The table.
        number: Of the version.
    """
    try:
        transaction = dataset.read_transaction(number)
    except (TypeError, OSError, ValueError):
        return True
    operations = lance_library().LanceOperation
    return transaction is None or not (
        isinstance(transaction.operation, operations.Append) or _keeps_rows(transaction)
    )


def _keeps_rows(transaction: Any) -> bool:
    from lance.dataset import LANCE_COMMIT_MESSAGE_KEY

    operations = lance_library().LanceOperation
    is_ours = (transaction.transaction_properties or {}).get(LANCE_COMMIT_MESSAGE_KEY) == _REWRITE
    return is_ours or isinstance(transaction.operation, (operations.Rewrite, operations.CreateIndex))


def lance_library() -> Any:
    """The library, imported where it is used: that takes a second."""
    os.environ.setdefault("LANCE_LOG", "error")  # it warns on stderr whenever a table is new
    import lance

    return lance
