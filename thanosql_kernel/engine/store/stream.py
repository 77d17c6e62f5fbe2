"""Rows on their way into a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import Folder
from thanosql_kernel.duck.errors import failure_of
from thanosql_kernel.engine.store.arrow_types import cast_batch, storable_schema
from thanosql_kernel.engine.store.provenance import with_folders, with_generated
from thanosql_kernel.errors import ThanoSQLError, TypeMismatch
from thanosql_kernel.wording.values import TS300

if TYPE_CHECKING:
    import pyarrow as pa


class CountedStream:
    """Rows on their way into a table: counts them, and remembers what went wrong in words the user knows.

    Lance turns an exception of the stream that it reads into one of its own; the first is kept here.

    Attributes:
        rows: How many have gone through.
        error: What went wrong first.
        advance: Told how many rows have gone through, batch by batch, from whatever thread writes them.
    """

    def __init__(
        self, schema: pa.Schema, batches: Iterator[pa.RecordBatch], check: Callable[[], None]
    ) -> None:
        self.rows = 0
        self.error: BaseException | None = None
        self.advance: Callable[[int], None] = lambda rows: None
        self._schema = schema
        self._batches = batches
        self._check = check

    def reader(self) -> pa.RecordBatchReader:
        """The stream to write."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(self._schema, self._generate())

    def _generate(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self._batches:
                self._check()
                self.rows += len(batch)
                self.advance(len(batch))
                yield batch
        except BaseException as error:
            self.error = error
            raise


def new_table_stream(
    rows: pa.RecordBatchReader,
    columns: Sequence[Column],
    check: Callable[[], None],
    folders: Sequence[Folder] = (),
) -> CountedStream:
    """Rows as they are stored in a new table: castable types cast, facts about its columns in the schema.

    Args:
        rows: The rows.
        columns: What they are.
        check: Raises `Interrupted` when the user asked to stop.
        folders: Those that the paths in the first column were copied from.
    """
    schema = with_generated(storable_schema(rows.schema), columns)
    if folders:
        schema = schema.set(0, with_folders(schema.field(0), folders))
    return CountedStream(schema, (cast_batch(batch, schema) for batch in rows), check)


def appended_stream(
    rows: pa.RecordBatchReader, schema: pa.Schema, check: Callable[[], None]
) -> CountedStream:
    """Rows with a table's columns, in its order, as the table stores them."""
    return CountedStream(schema, (cast_batch(batch, schema) for batch in rows), check)


def write_error(error: Exception, stream: CountedStream) -> Exception:
    """What to raise when writing a stream failed: what the stream said, if it was the stream."""
    if stream.error is None or isinstance(error, ThanoSQLError):
        return error
    cause = stream.error
    if isinstance(cause, ThanoSQLError):
        return cause
    import pyarrow as pa

    if isinstance(cause, pa.ArrowInvalid | pa.ArrowNotImplementedError):
        return TypeMismatch(TS300.NOT_STORED(reason=failure_of(cause).message))
    return cause if isinstance(cause, Exception) else error
