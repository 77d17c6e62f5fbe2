"""Results of earlier statements: ``_`` is the last one with rows, ``_3`` that of cell 3, as they were then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from weakref import WeakSet

from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.relation import Holdings, Relation, Snapshot, row_bytes
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.failures import reason_of
from thanosql_kernel.errors import DataError, Interrupted, Span, ThanoSQLError, UnknownName
from thanosql_kernel.sql.query import is_result_name
from thanosql_kernel.wording.data import TS505
from thanosql_kernel.wording.names import TS208

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.duck.connection import Duck

MAX_RESULTS = 100
MAX_CONNECTIONS = 20
MAX_BYTES = 256 << 20
MAX_OLD_VERSIONS = 3
"""Of tables, that are kept for large results alone: each may take as much space as its table."""
_SMALL_ROWS = 100_000
_SMALL_BYTES = 32 << 20

IsThere = Callable[[Snapshot], bool]
"""Whether a table still has a version."""


class KeptRelation(Relation):
    """The rows of a statement that has ended.

    Nothing is read before somebody asks, and then from the tables as they were: a version stays as long as somebody
    has it open (see `store.usage`). The query's connection stays open while its rows are kept.

    Args:
        rows: The statement's rows.
        is_there: Looks whether what they are read from is still there.
    """

    def __init__(self, rows: Relation, is_there: IsThere) -> None:
        self.columns = rows.columns
        self.called = "_"
        self._rows = rows
        self._is_there = is_there
        self._one_at_a_time = threading.RLock()  # a widget may search a result that a cell reads

    @property
    def connection(self) -> Duck | None:
        """The connection that the rows need."""
        return self._rows.connection

    @property
    def holdings(self) -> Holdings:
        """What is taken as long as the rows are kept."""
        return self._rows.holdings

    @property
    def stored(self) -> StoredRelation | None:
        """The rows, if they are those of a stored table."""
        return self._rows if isinstance(self._rows, StoredRelation) else None

    def watch(self, check: Callable[[], None]) -> KeptRelation:
        """Let another statement read them; ``check`` raises when its user asks to stop."""
        if self.connection is not None:
            self.connection.watch(check)
        return self

    def count(self) -> int:
        """Number of rows."""
        with self.reading() as rows:
            return rows.count()

    def fetch(self, columns: Sequence[str] | None = None, *, limit: int | None = None) -> pa.Table:
        """The rows in order; read once and for all when they are few."""
        with self.reading() as rows:
            if limit is not None or self.connection is None:
                return rows.fetch(columns, limit=limit)
            if columns is not None and not self._is_small(rows):
                return rows.fetch(columns)
            whole = ArrowRelation(rows.fetch(), rows.columns)
            if whole.held_bytes <= _SMALL_BYTES:
                self._rows = whole
            return whole.fetch(columns)

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pa.RecordBatchReader:
        """The rows as a stream."""
        import pyarrow as pa

        with self.reading() as rows:
            reader = rows.batches(columns, limit=limit)
        return pa.RecordBatchReader.from_batches(reader.schema, self._told(reader))

    def _told(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        with self._explaining():
            yield from reader

    def take(self, positions: Sequence[int], columns: Sequence[str] | None = None) -> pa.Table:
        """The rows at these positions."""
        with self.reading() as rows:
            return rows.take(positions, columns)

    @property
    def takes_cheaply(self) -> bool:
        """If the statement's rows do, and DuckDB need not be given all of them before."""
        return self.connection is None and self._rows.takes_cheaply

    def repeatable(self) -> Relation:
        """Rows that come in the same order every time."""
        with self.reading() as rows:
            self._rows = rows.repeatable()
        return self

    def register(self, duck: Duck, name: str) -> None:
        """Rows that need a connection of their own are read for it."""
        with self.reading() as rows:
            if self.connection is None:
                rows.register(duck, name)
            else:
                ArrowRelation(self.fetch(), self.columns).register(duck, name)

    def bring_in(self, check: Callable[[], None]) -> None:
        """Read the rows into memory if they are few, so that no old version of a table needs to stay for them.

        Raises:
            Interrupted: from ``check``.
            KeptUnreadable: TS505.
        """
        with self.reading() as rows:
            if self._is_small(self.watch(check)._rows):
                whole = ArrowRelation(rows.fetch(), rows.columns)
                if whole.held_bytes <= _SMALL_BYTES:
                    self._rows = whole

    @property
    def snapshots(self) -> frozenset[Snapshot]:  # type: ignore[override]
        """The stored tables that the rows come from."""
        return self._rows.snapshots

    @contextmanager
    def reading(self) -> Iterator[Relation]:
        """The rows, for one thread at a time."""
        with self._one_at_a_time:
            for snapshot in self._rows.snapshots:
                if not self._is_there(snapshot):
                    raise self._unreadable(TS505.TABLE_CHANGED())
            with self._explaining():
                yield self._rows

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """What goes wrong with the rows has no place in the cell that reads them now."""
        try:
            yield
        except (Interrupted, KeptUnreadable):
            raise
        except (ThanoSQLError, OSError, RuntimeError, ValueError) as error:
            reason = error.message if isinstance(error, ThanoSQLError) else reason_of(error)
            raise self._unreadable(reason) from error

    def _unreadable(self, reason: str) -> KeptUnreadable:
        message = TS505.UNREADABLE(name=self.called, reason=reason)
        return KeptUnreadable(message, hint=TS505.RUN_AGAIN(name=self.called))

    def _is_small(self, rows: Relation) -> bool:
        """Whether all columns of the rows surely are little to read: nobody knows how large a picture is."""
        if any(column.type == "BLOB" for column in rows.columns):
            return False
        count = rows.count()
        return count <= _SMALL_ROWS and count * row_bytes(rows.columns) <= _SMALL_BYTES


class KeptUnreadable(DataError):
    """TS505: what an earlier result was read from is gone: run its statement again."""

    default_code = "TS505"


class KeptResults:
    """The results that later statements may name, the newest of them."""

    def __init__(self) -> None:
        self._last: KeptRelation | None = None
        self._numbered: dict[int, KeptRelation] = {}
        self._too_large: set[str] = set()
        self._tried: WeakSet[KeptRelation] = WeakSet()

    def add(self, rows: KeptRelation, number: int | None) -> None:
        """Keep the rows as ``_`` and, if their cell has a number, under it; forgets the oldest beyond the bounds."""
        self._last = rows
        self._too_large.discard("_")
        if number is not None:
            self._too_large.discard(f"_{number}")
            self._numbered.pop(number, None)
            self._numbered[number] = rows
        self.trim()

    def trim(self) -> None:
        """Forget what is too large to keep and the oldest beyond the bounds: rows may be read into memory later."""
        if self._last is not None and self._last.held_bytes > MAX_BYTES:
            self._last = None
            self._too_large.add("_")
        for number in [key for key, rows in self._numbered.items() if rows.held_bytes > MAX_BYTES]:
            del self._numbered[number]
            self._too_large.add(f"_{number}")
        while self._numbered and self._is_too_much():
            del self._numbered[next(iter(self._numbered))]

    def leave_versions(self, is_old: Callable[[Snapshot], bool], check: Callable[[], None]) -> None:
        """Need no versions of tables that are not the latest, but for a few: small results are read into memory.

        Args:
            is_old: Whether a table has a later version, or is gone.
            check: Raises `Interrupted` when there is no more time; it is not tried again for the result at hand.
        """
        for rows in (*self._numbered.values(), *filter(None, [self._last])):
            if rows not in self._tried and any(map(is_old, rows.snapshots)):
                self._tried.add(rows)
                with suppress(Interrupted, KeptUnreadable):
                    rows.bring_in(check)
        for number in list(self._numbered):
            held = {found for rows in self._numbered.values() for found in filter(is_old, rows.snapshots)}
            if len(held) <= MAX_OLD_VERSIONS:
                break
            if held & self._numbered[number].snapshots:
                del self._numbered[number]
                self._too_large.add(f"_{number}")
        self.trim()

    def find(self, name: str) -> KeptRelation | None:
        """The result of that name."""
        if not is_result_name(name):
            return None
        rows = self._last if name == "_" else self._numbered.get(int(name[1:]))
        if rows is not None:
            rows.called = name
        return rows

    @property
    def names(self) -> list[str]:
        """The names that mean something, the newest first."""
        numbers = [f"_{number}" for number in sorted(self._numbered, reverse=True)]
        return ["_", *numbers] if self._last is not None else numbers

    @property
    def held_bytes(self) -> int:
        """What all of them hold; what several share counts once."""
        held: dict[int, int] = {}
        for rows in (*self._numbered.values(), *filter(None, [self._last])):
            held.update(rows.holdings)
        return sum(held.values())

    def missing(self, name: str, span: Span | None) -> UnknownName:
        """The error for a name that means nothing."""
        names = self.names
        listed = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
        hint = TS208.KEPT_RESULTS(names=listed) if names else TS208.NOTHING_SHOWN()
        if name in self._too_large:
            hint = TS208.LAST_TOO_LARGE() if name == "_" else TS208.TOO_LARGE()
        return UnknownName(TS208.NO_RESULT(name=name), span=span, hint=hint)

    def clear(self) -> None:
        """Forget everything."""
        self._last = None
        self._numbered.clear()
        self._too_large.clear()

    def _is_too_much(self) -> bool:
        kept = list(self._numbered.values())
        return (
            len(kept) > MAX_RESULTS
            or sum(rows.connection is not None for rows in kept) > MAX_CONNECTIONS
            or self.held_bytes > MAX_BYTES
        )
