"""Every embedding ever computed, in append-only tables of the database, found again by content.

One table for all files says which content a path had at a size and modification time; one table for each
model's weights and kind holds the vectors by content. A copied, moved or touched file is read once more, never
embedded once more. Keys are 16-byte digests, read as columns: ten million of them take 160 MB while a CONVERT
looks for them and nothing afterwards.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import EmbeddingKind
from thanosql_kernel.engine.embed.digests import KEY, Digests, DigestSet, from_arrow, positions, to_arrow
from thanosql_kernel.engine.embed.vectors import Located
from thanosql_kernel.interrupts import never

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder

FILES_TABLE = "_thanosql_files"
VECTORS_TABLE = "_thanosql_embeddings"
MANY_FRAGMENTS = 64
"""An append a second leaves thousands of small fragments, and every read and commit handles them all."""
LOOK_EVERY_APPENDS = 64
SCAN_ROWS = 1 << 16

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
        spool: A folder for temporary files.
    """

    def __init__(self, shelf: Shelf, spool: Path | None = None) -> None:
        self._shelf = shelf
        self.spool = spool
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

    def lookup(self, files: Digests, check: Callable[[], None] = never) -> Digests:
        """Contents (n,) of the files (n,); zero bytes where they are not known. Later entries win."""
        snapshot = self._shelf.snapshot(self.name)
        if snapshot is None or not len(files):
            return np.zeros(len(files), dtype=KEY)
        wanted, of_file = np.unique(files, return_inverse=True)
        contents = np.zeros(len(wanted), dtype=KEY)
        for batch in snapshot.to_batches(["file", "content"], batch_size=SCAN_ROWS):
            check()
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

    def locate(self, contents: Digests, check: Callable[[], None] = never) -> Located:
        """Where the vectors of contents (n,) stand in the table as it is now; zero bytes have none."""
        offsets = np.full(len(contents), -1, dtype=np.int64)
        given = contents != b""
        snapshot = self._shelf.snapshot(self.name) if given.any() else None
        if snapshot is not None:
            wanted, of_content = np.unique(contents[given], return_inverse=True)
            offsets[given] = self._find(snapshot, wanted, check)[of_content]
        return Located(snapshot, offsets, self.dim)

    def _find(self, snapshot: Snapshot, wanted: Digests, check: Callable[[], None]) -> NDArray[np.int64]:
        """The first row of each content (w,), which are sorted; -1 where there is none."""
        offsets, start = np.full(len(wanted), -1, dtype=np.int64), 0
        for batch in snapshot.to_batches(["content"], batch_size=SCAN_ROWS):
            check()
            found = positions(from_arrow(batch.column(0)), wanted)
            _keep_first(offsets, found, start)
            start += len(found)
        return offsets

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
