"""The pictures that a user has chosen, across pages and searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.statements.results import MediaResult


class Choice:
    """Chosen rows by the key of their item, in the order in which they were chosen."""

    def __init__(self) -> None:
        self._rows: dict[str, pa.Table] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: str | None) -> bool:
        return key in self._rows

    def add(self, result: MediaResult, position: int) -> None:
        """Choose an item of a result; one without a path cannot be chosen."""
        key = result.items[position].key
        if key is not None and result.browsing is not None:
            self._rows[key] = result.browsing.rows.slice(position, 1)

    def discard(self, key: str | None) -> None:
        """Choose it no more."""
        if key is not None:
            self._rows.pop(key, None)

    def clear(self) -> None:
        """Choose nothing."""
        self._rows.clear()

    def table(self) -> pa.Table | None:
        """The chosen rows with all columns of the query; None when nothing is chosen."""
        import pyarrow as pa

        rows = list(self._rows.values())
        return pa.concat_tables(rows) if rows else None
