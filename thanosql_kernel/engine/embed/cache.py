"""Every embedding ever computed, in append-only tables of the database, found again by content.

One table for all files says which content a path had at a size and modification time; one table for each
model's weights and kind holds the vectors by content. A copied, moved or touched file is read once more, never
embedded once more. Keys are 16-byte digests, read as columns: ten million of them take 160 MB while a CONVERT
looks for them and nothing afterwards.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import EmbeddingKind
from thanosql_kernel.engine.embed.digests import KEY, Digests, DigestSet, from_arrow, positions, to_arrow

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder

FILES_TABLE = "_thanosql_files"
VECTORS_TABLE = "_thanosql_embeddings"
MANY_FRAGMENTS = 64
"""An append a second leaves thousands of small fragments, and every read and commit handles them all."""
LOOK_EVERY_APPENDS = 64
SCAN_ROWS = 1 << 16
SPOOL_FROM_BYTES = 64 << 20
SPOOL_ROWS = 4096

_log = logging.getLogger(__name__)


class Snapshot(Protocol):
    """One version of a table, unchanged by later commits; a Lance data set is one."""

    def count_rows(self) -> int:
        """How many rows it has."""
        ...

    def to_batches(self, columns: list[str], *, batch_size: int) -> Iterator[pa.RecordBatch]:
        """The rows in order."""
        ...

    def take(self, indices: Any, columns: list[str]) -> pa.Table:
        """Rows by position."""
        ...

    def get_fragments(self) -> Sequence[object]:
        """The files it consists of."""
        ...


class Shelf(Protocol):
    """What the cache asks of the store: append-only tables by name."""

    def snapshot(self, name: str) -> Snapshot | None:
        """The table as it is now; None if there is none."""
        ...

    def append(self, name: str, rows: pa.Table) -> None:
        """Add rows in one commit, whatever others commit at the same time; makes the table if there is none."""
        ...

    def compact(self, name: str) -> None:
        """Merge small fragments; other processes may append meanwhile."""
        ...


class EmbeddingCache:
    """The embeddings of one database.

    Args:
        shelf: Where the tables are.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.files = FileContents(shelf)

    def vectors(self, encoder: Encoder, kind: EmbeddingKind) -> CachedVectors:
        """The vectors that this model's weights, and its preprocessing if it is about pictures, have made."""
        maker = f"{encoder.fingerprint}\n{encoder.preprocess if kind == 'image' else ''}\n{encoder.dim}"
        name = f"{VECTORS_TABLE}_{kind}_{hashlib.sha256(maker.encode()).hexdigest()[:16]}"
        return CachedVectors(self._shelf, name, encoder.dim)


class _Appendable:
    def __init__(self, shelf: Shelf, name: str) -> None:
        self.name = name
        self._shelf = shelf
        self._appends = 0

    def _append(self, columns: dict[str, Any]) -> None:
        import pyarrow as pa

        self._shelf.append(self.name, pa.table(columns))
        self._appends += 1
        if self._appends % LOOK_EVERY_APPENDS == 0:
            self.tidy()

    def tidy(self) -> None:
        """Merge small fragments if there are many; that it cannot be done now is no reason to stop."""
        try:
            snapshot = self._shelf.snapshot(self.name)
            if snapshot is not None and len(snapshot.get_fragments()) > MANY_FRAGMENTS:
                self._shelf.compact(self.name)
        except Exception:
            _log.info("%s is not compacted", self.name, exc_info=True)


class FileContents(_Appendable):
    """Which content each file had when it was last seen; a file is its path, size and modification time."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf, FILES_TABLE)

    def lookup(self, files: Digests) -> Digests:
        """Contents (n,) of the files (n,); zero bytes where they are not known. Later entries win."""
        snapshot = self._shelf.snapshot(self.name)
        if snapshot is None or not len(files):
            return np.zeros(len(files), dtype=KEY)
        wanted, of_file = np.unique(files, return_inverse=True)
        contents = np.zeros(len(wanted), dtype=KEY)
        for batch in snapshot.to_batches(["file", "content"], batch_size=SCAN_ROWS):
            found = positions(from_arrow(batch.column(0)), wanted)
            hits = found >= 0
            contents[found[hits]] = from_arrow(batch.column(1))[hits]
        return contents[of_file]

    def append(self, files: Digests, contents: Digests) -> None:
        """Remember what the files (n,) hold."""
        if len(files):
            self._append({"file": to_arrow(files), "content": to_arrow(contents)})


class CachedVectors(_Appendable):
    """The vectors one model has made, by content.

    Attributes:
        dim: Numbers a vector.
    """

    def __init__(self, shelf: Shelf, name: str, dim: int) -> None:
        super().__init__(shelf, name)
        self.dim = dim

    def known(self) -> DigestSet:
        """All contents that have a vector."""
        snapshot = self._shelf.snapshot(self.name)
        if snapshot is None:
            return DigestSet()
        batches = snapshot.to_batches(["content"], batch_size=SCAN_ROWS)
        return DigestSet(
            np.concatenate([np.empty(0, KEY), *(from_arrow(batch.column(0)) for batch in batches)])
        )

    def locate(self, contents: Digests) -> Located:
        """Where the vectors of contents (n,) stand in the table as it is now."""
        snapshot = self._shelf.snapshot(self.name)
        if snapshot is None or not len(contents):
            return Located(None, np.full(len(contents), -1, dtype=np.int64), self.dim)
        wanted, of_content = np.unique(contents, return_inverse=True)
        offsets, start = np.full(len(wanted), -1, dtype=np.int64), 0
        for batch in snapshot.to_batches(["content"], batch_size=SCAN_ROWS):
            found = positions(from_arrow(batch.column(0)), wanted)
            _keep_first(offsets, found, start)
            start += len(found)
        return Located(snapshot, offsets[of_content], self.dim)

    def append(self, contents: Digests, vectors: NDArray[np.float32]) -> None:
        """Keep vectors (n, dim) of contents (n,)."""
        import pyarrow as pa

        if len(contents):
            numbers = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).reshape(-1))
            lists = pa.FixedSizeListArray.from_arrays(numbers, self.dim)
            self._append({"content": to_arrow(contents), "vector": lists})


def _keep_first(offsets: NDArray[np.int64], found: NDArray[np.int64], start: int) -> None:
    """Note where contents were found, unless they stand earlier already (two processes embedded them)."""
    rows = np.flatnonzero(found >= 0)[::-1]
    targets = found[rows]
    fresh = offsets[targets] < 0
    offsets[targets[fresh]] = rows[fresh] + start


@dataclass(frozen=True, slots=True)
class Located:
    """Vectors in one version of a cache table.

    Attributes:
        snapshot: The version; None if there is no table, and then no offset either.
        offsets: int64 (n,): the row of each vector; -1 where there is none.
        dim: Numbers a vector.
    """

    snapshot: Snapshot | None
    offsets: NDArray[np.int64]
    dim: int

    def read(self, offsets: NDArray[np.int64]) -> pa.FixedSizeListArray:
        """Vectors as an Arrow array (m,) of float32 lists; NULL where an offset is -1."""
        import pyarrow as pa

        values = np.zeros((len(offsets), self.dim), dtype=np.float32)
        there = offsets >= 0
        rows, inverse = np.unique(offsets[there], return_inverse=True)
        if self.snapshot is not None and len(rows):
            column = self.snapshot.take(rows, columns=["vector"]).column("vector").combine_chunks()
            values[there] = _matrix(column, self.dim)[inverse]
        mask = None if there.all() else pa.array(~there)
        return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), self.dim, mask=mask)


def _matrix(column: Any, dim: int) -> NDArray[np.float32]:
    with suppress(AttributeError):  # a chunked array of one chunk
        column = column.chunk(0)
    flat = column.values.to_numpy(zero_copy_only=False)
    return np.asarray(flat[column.offset * dim : (column.offset + len(column)) * dim]).reshape(-1, dim)


class CachedColumn:
    """A vector column that is read from the cache as it is wanted; see `relations.beside.AddedColumns`.

    Args:
        located: Where the vector of each row is.
        name: The column's.
    """

    def __init__(self, located: Located, name: str) -> None:
        self.located = located
        self.name = name
        self._spool: tempfile.TemporaryDirectory[str] | None = None

    @property
    def schema(self) -> pa.Schema:
        """One field of float32 lists."""
        import pyarrow as pa

        return pa.schema([pa.field(self.name, pa.list_(pa.float32(), self.located.dim))])

    def __len__(self) -> int:
        return len(self.located.offsets)

    def slice(self, start: int, size: int) -> pa.Table:
        """The vectors of rows that follow one another."""
        return self._read(self.located.offsets[start : start + size])

    def take(self, positions: Sequence[int]) -> pa.Table:
        """The vectors of rows at positions."""
        return self._read(self.located.offsets[np.asarray(positions, dtype=np.int64)])

    def whole(self) -> pa.Table:
        """All vectors, mapped from a temporary file unless they are few."""
        import pyarrow as pa

        if 4 * self.located.dim * len(self) < SPOOL_FROM_BYTES:
            return self.slice(0, len(self))
        self._spool = tempfile.TemporaryDirectory(prefix="thanosql-", ignore_cleanup_errors=True)
        path = Path(self._spool.name) / "vectors.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, self.schema) as writer:
            for start in range(0, len(self), SPOOL_ROWS):
                writer.write_table(self.slice(start, SPOOL_ROWS))
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()

    @property
    def held_bytes(self) -> int:
        """The offsets; vectors stay where they are."""
        return int(self.located.offsets.nbytes)

    def _read(self, offsets: NDArray[np.int64]) -> pa.Table:
        import pyarrow as pa

        return pa.table([self.located.read(offsets)], schema=self.schema)
