"""A table's versions, and how an earlier one comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thanosql_kernel.catalog.model import Damaged, damaged
from thanosql_kernel.engine.store.damage import broken_file, unreadable_rows
from thanosql_kernel.engine.store.failures import reason_of
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.names import user_name
from thanosql_kernel.errors import Span, UnknownName
from thanosql_kernel.statements.runtime import TableVersion
from thanosql_kernel.wording.data import TS507
from thanosql_kernel.wording.names import TS210

Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Version:
    """What a look at one version's files tells.

    Attributes:
        number: Its number.
        written: When it was committed, with time zone; None if nobody knows.
        dataset: The Lance data set at that version; None if its manifest cannot be read.
        problem: What is wrong with its files; None if nothing is seen to be.
    """

    number: int
    written: datetime | None
    dataset: Any | None
    problem: str | None

    def told(self) -> TableVersion:
        """What statements are told of it."""
        dataset = self.dataset
        if dataset is None:
            return TableVersion(self.number, self.written, None, (), self.problem)
        return TableVersion(
            self.number, self.written, int(dataset.count_rows()), tuple(dataset.schema.names), self.problem
        )


def versions(store: Store, name: str, check: Check) -> Iterator[Version]:
    """The versions of a table that have not been cleaned away, the newest first.

    Args:
        store: The tables.
        name: The storage name.
        check: Raises `Interrupted` when the user asked to stop.
    """
    for number, written in sorted(store.version_times(name).items(), reverse=True):
        check()
        try:
            dataset = store.open(name, number)
        except FileNotFoundError:
            continue  # cleaned away meanwhile
        except Damaged as error:
            yield Version(number, written, None, error.message)
            continue
        yield Version(number, written, dataset, broken_file(dataset) if store.location.is_local else None)


def restore(store: Store, name: str, wanted: int | None, check: Check) -> int | None:
    """Bring a version back, in one commit that holds what that version held; the table's lock must be held.

    Rows are read before they are brought back, each file once. Manifests that cannot be read and are newer are put
    aside, as nothing can be committed after them.

    Args:
        store: The tables.
        name: The storage name.
        wanted: The version's number; None for the newest that can be read.
        check: Raises `Interrupted` when the user asked to stop.

    Returns:
        The version that was brought back; None if it is the present one.

    Raises:
        UnknownName: TS210, there is no such version.
        Damaged: TS507, it cannot be read, or none can.
        Conflict: Somebody else committed meanwhile.
    """
    found = list(versions(store, name, check))
    choice = [item for item in found if wanted in (None, item.number)]
    if not choice:
        raise no_version(name, wanted, [item.number for item in found])
    good = next((item for item in choice if is_readable(item, check)), None)
    if good is None:
        raise _none_readable(wanted, choice)
    if good is found[0]:
        return None
    for item in sorted(found, key=lambda item: item.number):
        if item.dataset is None:
            store.set_aside(name, item.number)
    readable = [item.number for item in found if item.dataset is not None]
    if readable[0] != good.number:
        store.restore(name, good.number)
    return good.number


def opened(store: Store, name: str, number: int, span: Span | None) -> Any:
    """The data set of a table at a version.

    Raises:
        UnknownName: TS210, there is no such version, or not any more.
        Damaged: TS507.
        FileNotFoundError: The table is gone.
    """
    problem: Exception | None = None
    try:
        dataset = store.open(name, number)
        dataset.count_rows()
        return dataset
    except Damaged:
        raise
    except (OSError, ValueError) as error:
        problem = error
    found = sorted(store.version_times(name), reverse=True)
    if number in found:
        raise damaged(user_name(name), reason_of(problem)) from problem
    raise no_version(name, number, found).at(span) from problem


def is_readable(version: Version, check: Check) -> bool:
    """Whether all rows of a version can be read."""
    if version.dataset is None or version.problem is not None:
        return False
    return unreadable_rows(version.dataset, check) is None


def no_version(name: str, wanted: int | None, found: Sequence[int]) -> UnknownName:
    """The error that a table has no such version, or has it no more.

    Args:
        name: The storage name.
        wanted: The number.
        found: Those that there are, the newest first.
    """
    known = ", ".join(map(str, found[:12])) + (" …" if len(found) > 12 else "")
    newest = found[0] if found else 0
    table = user_name(name)
    said = TS210.CLEANED_AWAY if wanted is not None and wanted < newest else TS210.NO_VERSION
    return UnknownName(said(number=wanted, table=table), hint=TS210.VERSIONS(numbers=known, table=table))


def _none_readable(wanted: int | None, choice: list[Version]) -> Damaged:
    if wanted is None:
        return Damaged(TS507.NO_VERSION(), hint=TS507.DROP())
    problem = choice[0].problem or TS507.DAMAGED_ROWS()
    return Damaged(TS507.VERSION(number=wanted, reason=problem), hint=TS507.SHOW_OTHERS())
