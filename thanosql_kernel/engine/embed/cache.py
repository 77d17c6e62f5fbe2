"""Every embedding ever computed, in append-only tables of the database, found again by content.

One table for all files says which content a path had at a size and modification time; one table for each
model's weights and kind holds the vectors by content. A copied, moved or touched file is read once more, never
embedded once more. Keys are 16-byte digests, looked up in an index beside each table (see `key_index`): the known
contents are asked for, never all loaded.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import EmbeddingKind
from thanosql_kernel.engine.embed.digests import KEY, Digests, from_arrow, to_arrow
from thanosql_kernel.engine.embed.key_index import KeyIndex
from thanosql_kernel.engine.embed.makers import note_maker
from thanosql_kernel.engine.embed.vectors import Located
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.images.viewed import MIDDLE
from thanosql_kernel.interrupts import never

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder

FILES_TABLE = "_thanosql_files"
VECTORS_TABLE = "_thanosql_embeddings"
MAKER_DIGITS = 16
LOOK_EVERY_APPENDS = 64
"""An append a second leaves thousands of small fragments, and every read and commit handles them all."""
LOOK_EVERY_ROWS = 1 << 16
TAKEN_ROWS = 1 << 16

_log = logging.getLogger(__name__)


class Shelf(Protocol):
    """What the cache asks of the store: append-only tables by name."""

    def snapshot(self, name: str) -> Any | None:
        """The table as it is now, a Lance data set; None if there is none."""
        ...

    def append(self, name: str, rows: pa.Table) -> None:
        """Add rows in one commit, whatever others commit at the same time; makes the table if there is none."""
        ...

    def compact(self, name: str) -> None:
        """Merge the fragments that are due; other processes may append meanwhile."""
        ...

    def index_folder(self, name: str) -> Path | None:
        """Where an index of the table is kept, if not beside it."""
        ...


class EmbeddingCache:
    """The embeddings of one database.

    Args:
        shelf: Where the tables are.
        spool: A folder for temporary files.

    Attributes:
        shelf: Where the tables are.
        files: Which content each file had.
    """

    def __init__(self, shelf: Shelf, spool: Path | None = None) -> None:
        self.shelf = shelf
        self.spool = spool
        self.files = FileContents(shelf)

    def vectors(self, encoder: Encoder, kind: EmbeddingKind, views: int = 1) -> CachedVectors:
        """The vectors that this model's weights, and its preprocessing if it is about pictures, have made.

        Args:
            encoder: The model.
            kind: What it is about.
            views: Of how many views of a picture a vector is the mean.
        """
        maker = f"{encoder.fingerprint}\n{preparation(encoder) if kind == 'image' else ''}\n{encoder.dim}"
        if views > 1:  # vectors of one view keep the name that they had before there were others
            maker += f"\n{views} views, {MIDDLE}"
        name = f"{VECTORS_TABLE}_{kind}_{digits(maker)}"
        return CachedVectors(self.shelf, name, encoder.dim, encoder.fingerprint)


def digits(maker: str) -> str:
    """What the name of a cache table says of who made its vectors, and how."""
    return hashlib.sha256(maker.encode()).hexdigest()[:MAKER_DIGITS]


def preparation(encoder: Encoder) -> str:
    """What becomes of a picture before the model sees it."""
    from thanosql_kernel.images.decode import DECODING

    return f"{encoder.preprocess}, decoding {DECODING}"


class Keyed:
    """An append-only table of rows that are found by a key.

    Args:
        shelf: Where it is.
        name: The table's.
        key: The column of keys.
        last: Whether of several rows with one key the last counts; else the first.
    """

    def __init__(self, shelf: Shelf, name: str, key: str, *, last: bool = False) -> None:
        self.name = name
        self._shelf = shelf
        self._index = KeyIndex(key, last=last, folder=shelf.index_folder(name))
        self._appends = 0
        self._rows = 0

    def find(self, keys: Digests, check: Callable[[], None]) -> tuple[Any | None, NDArray[np.int64]]:
        """The table as it is now, and the row of each key (n,) in it; -1 where there is none, as for zero bytes."""
        found = np.full(len(keys), -1, dtype=np.int64)
        given = keys != b""
        snapshot = self._shelf.snapshot(self.name) if given.any() else None
        if snapshot is not None:
            wanted, of_key = np.unique(keys[given], return_inverse=True)
            found[given] = self._index.find(snapshot, wanted, check)[of_key]
        return snapshot, found

    def add(self, columns: dict[str, Any], check: Callable[[], None]) -> None:
        """Add rows; then, now and again, keep the table quick to read until ``check`` stops that."""
        import pyarrow as pa

        rows = pa.table(columns)
        self._shelf.append(self.name, rows)
        self._appends += 1
        self._rows += len(rows)
        if self._appends % LOOK_EVERY_APPENDS == 0 or self._rows >= LOOK_EVERY_ROWS:
            self.tidy(check)

    def tidy(self, check: Callable[[], None] = never) -> None:
        """Merge the fragments that are due, and index them; that it cannot be done now is no reason to stop.

        Raises:
            Interrupted: from ``check``.
        """
        self._rows = 0
        try:
            self._shelf.compact(self.name)
            snapshot = self._shelf.snapshot(self.name)
            if snapshot is not None:
                self._index.update(snapshot, check)
        except Interrupted:
            raise
        except Exception:
            _log.info("%s is not compacted", self.name, exc_info=True)


class FileContents(Keyed):
    """Which content each file had when it was last seen; a file is its path, size and modification time."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf, FILES_TABLE, "file", last=True)

    def lookup(self, files: Digests, check: Callable[[], None] = never) -> Digests:
        """Contents (n,) of the files (n,); zero bytes where they are not known. Later entries win."""
        snapshot, rows = self.find(files, check)
        contents = np.zeros(len(files), dtype=KEY)
        known = np.flatnonzero(rows >= 0)
        known = known[np.argsort(rows[known], kind="stable")]
        for at in range(0, len(known), TAKEN_ROWS):
            check()
            part = known[at : at + TAKEN_ROWS]
            assert snapshot is not None
            column = snapshot.take(rows[part], columns=["content"]).column(0).combine_chunks()
            contents[part] = from_arrow(column)
        return contents

    def append(self, files: Digests, contents: Digests, check: Callable[[], None] = never) -> None:
        """Remember what the files (n,) hold.

        Raises:
            Interrupted: from ``check``, when it is remembered.
        """
        if len(files):
            self.add({"file": to_arrow(files), "content": to_arrow(contents)}, check)


class CachedVectors(Keyed):
    """The vectors one model has made, by content.

    Attributes:
        dim: Numbers a vector.
    """

    def __init__(self, shelf: Shelf, name: str, dim: int, fingerprint: str) -> None:
        super().__init__(shelf, name, "content")
        self.dim = dim
        self._fingerprint: str | None = fingerprint

    def locate(self, contents: Digests, check: Callable[[], None] = never) -> Located:
        """Where the vectors of contents (n,) stand in the table as it is now; zero bytes have none."""
        snapshot, rows = self.find(contents, check)
        return Located(snapshot, rows, self.dim)

    def append(
        self, contents: Digests, vectors: NDArray[np.float32], check: Callable[[], None] = never
    ) -> None:
        """Keep vectors (n, dim) of contents (n,).

        Raises:
            Interrupted: from ``check``, when they are kept.
        """
        import pyarrow as pa

        if len(contents):
            numbers = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).reshape(-1))
            lists = pa.FixedSizeListArray.from_arrays(numbers, self.dim)
            self.add({"content": to_arrow(contents), "vector": lists}, check)
            if self._fingerprint is not None:
                note_maker(self._shelf.snapshot(self.name), self._fingerprint)
                self._fingerprint = None
