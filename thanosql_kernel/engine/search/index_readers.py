"""Tables opened so that what has been read of their indexes stays in memory for the next search."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any, NamedTuple

from thanosql_kernel.engine.store.commits import lance_library
from thanosql_kernel.engine.store.identity import table_identity

_MOST = 4
_METADATA_BYTES = 64 << 20
_LEAST_BYTES = 64 << 20


class _Reader(NamedTuple):
    identity: bytes
    dataset: Any
    session: Any


class IndexReaders:
    """The tables whose indexes were searched last; safe to use from several threads.

    A table that is opened anew has read nothing of its index: of ten million rows that is gigabytes. What Lance keeps
    of it belongs to a session, which the versions of a table share. Lance knows a version by its number, which another
    table of the same name may have had; so what was opened is held against the table that is meant.

    Args:
        cap_bytes: What an index may take in memory.
    """

    def __init__(self, cap_bytes: int) -> None:
        self._cap_bytes = max(cap_bytes, _LEAST_BYTES)
        self._known: OrderedDict[str, _Reader] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, dataset: Any, index: str) -> Any:
        """The same version of the same table, which may have read an index already.

        Args:
            dataset: The table.
            index: What tells the index from all others.
        """
        identity = table_identity(dataset)
        with self._lock:
            known = self._known.pop(index, None)
            if known is None or known.identity != identity:
                known = self._opened(dataset, identity, known)
            if known is None:
                return dataset
            self._known[index] = known
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
            return known.dataset

    def _opened(self, dataset: Any, identity: bytes, known: _Reader | None) -> _Reader | None:
        """The table, with the session of another version of it or a new one; None where another has its place."""
        lance = lance_library()
        fresh = lance.Session(
            index_cache_size_bytes=self._cap_bytes, metadata_cache_size_bytes=_METADATA_BYTES
        )
        for session in (fresh,) if known is None else (known.session, fresh):
            try:
                opened = lance.dataset(dataset.uri, version=int(dataset.version), session=session)
            except (ValueError, OSError):
                return None
            if table_identity(opened) == identity:
                return _Reader(identity, opened, session)
        return None
