"""Relation on their way into a file: counted, and with what went wrong kept in words that the user knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.values import records

if TYPE_CHECKING:
    import pyarrow as pa

_RECORDS_AT_ONCE = 1000


class Outgoing:
    """The rows of one EXPORT, read once.

    Attributes:
        rows: What is written.
        check: Raises `Interrupted` when the user asked to stop.
        count: How many have been read.
        error: What went wrong first; DuckDB turns an exception of the stream that it reads into one of its own.
    """

    def __init__(self, rows: Relation, check: Callable[[], None], advance: Callable[[int], None]) -> None:
        self.rows = rows
        self.check = check
        self._advance = advance
        self.count = 0
        self.error: BaseException | None = None
        self._batches = rows.batches()

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the rows."""
        return self._batches.schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows; empty batches are left out."""
        try:
            for batch in self._batches:
                self.check()
                self._advance(batch.num_rows)
                self.count += batch.num_rows
                if batch.num_rows:
                    yield batch
        except BaseException as error:
            self.error = error
            raise

    def records(self) -> Iterator[dict[str, Any]]:
        """The rows one by one, as Python's values."""
        import pyarrow as pa

        for batch in self._batches:
            for start in range(0, batch.num_rows, _RECORDS_AT_ONCE):
                for record in records(pa.Table.from_batches([batch.slice(start, _RECORDS_AT_ONCE)])):
                    yield record
                    self.check()
                    self._advance(1)

    def stop(self) -> None:
        """Make a read that is under way end soon; callable from any thread."""
        if self.rows.connection is not None:
            self.rows.connection.interrupt()
