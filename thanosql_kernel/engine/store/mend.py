"""The engine's own tables mended: they hold what can be computed again, so that damage costs that and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thanosql_kernel.catalog.model import Damaged
from thanosql_kernel.engine.store.damage import has_defect, unreadable_rows
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.names import is_internal

Check = Callable[[], None]


def mend_own(store: Store, check: Check, *, thoroughly: bool) -> bool:
    """Take damaged files out of the engine's own tables of a local database; other rows stay.

    Args:
        store: The tables.
        check: Raises `Interrupted` when the user asked to stop.
        thoroughly: Read all rows; else look at the sizes and ends of files.

    Returns:
        Whether there was any.

    Raises:
        OSError: A file may not be read now, which says nothing about what is in it.
        Conflict: Somebody else committed meanwhile.
    """
    if not store.location.is_local:
        return False
    mended = [_mended(store, name, check, thoroughly) for name in store.names() if is_internal(name)]
    return any(mended)


def _mended(store: Store, name: str, check: Check, thoroughly: bool) -> bool:
    with store.writing(name, check):
        dataset, mended = _opened(store, name)
        if dataset is None:
            return mended
        broken = []
        for fragment in dataset.get_fragments():
            check()
            if has_defect(dataset, fragment) or (thoroughly and unreadable_rows(fragment, check)):
                broken.append(fragment.fragment_id)
        if broken:
            store.commit_deletion(dataset, [], broken)
        return mended or bool(broken)


def _opened(store: Store, name: str) -> tuple[Any | None, bool]:
    """The newest version that can be opened, and whether newer ones had to be put aside."""
    mended = False
    while True:
        try:
            return store.open(name), mended
        except FileNotFoundError:
            return None, mended
        except Damaged:
            store.set_aside(name, max(store.version_times(name)))
            mended = True
