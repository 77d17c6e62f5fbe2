"""The distinct pictures of a column: paths and addresses as they are written, pictures in the column by content.

A column of bytes is never in memory as a whole. It is read once a batch of bounded size at a time, and only the digest
of each picture is kept; those that have to be embedded are read once more, a few at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.digests import KEY, Digests, digest
from thanosql_kernel.engine.embed.shards import Shard
from thanosql_kernel.engine.embed.values import DistinctValues, is_text
from thanosql_kernel.engine.relations.relation import BATCH_ROWS
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.images.decode import UnreadableImage
from thanosql_kernel.images.inline import content_of, place_of
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.machine import available_cores
from thanosql_kernel.web.naming import named
from thanosql_kernel.wording import shortened, web

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.relations.relation import Relation

GROUP_PICTURES = 32
GROUP_BYTES = 32 << 20
"""Pictures that are read together to be embedded."""
_MARK = "\0"
"""Begins the stand-in of a picture in the column; no path has it, and a text that does gets one more."""


@dataclass(frozen=True, slots=True)
class PictureValues(DistinctValues):
    """The distinct pictures of a column, in order of their first rows.

    Attributes:
        contents: Digests (u,) of the pictures that stand in the column; zero bytes for paths and addresses.
        sizes: int64 (u,): bytes that these take in the column.
        first: int64 (u,): the first row of each.
        names: Arrow texts (u,): what the column calls the pictures in it; NULL where it does not.
    """

    contents: Digests
    sizes: NDArray[np.int64]
    first: NDArray[np.int64]
    names: pa.Array

    @property
    def is_inline(self) -> NDArray[np.bool_]:
        """bool (u,): whether the picture stands in the column."""
        inline: NDArray[np.bool_] = self.contents != b""
        return inline

    def value(self, index: int) -> str:
        """A path or address, or the stand-in of a picture in the column."""
        return _unmarked(super(PictureValues, self).value(index))

    def named(self, index: int) -> str:
        """What to call a picture: its path, server and path, what the column calls it, else its row."""
        if not self.is_inline[index]:
            return shortened(named(self.value(index)) or "")
        return self.names[index].as_py() or web.IN_ROW(row=int(self.first[index]) + 1)

    def over(self, rows: NDArray[np.int64], count: int) -> PictureValues:
        """The same pictures where what was read are only some rows (n,) of ``count``."""
        of_row = np.full(count, -1, dtype=np.int64)
        of_row[rows] = self.of_row
        return replace(self, of_row=of_row, first=rows[self.first] if len(rows) else self.first)

    @classmethod
    def read(
        cls, batches: Iterable[pa.Array], check: Callable[[], None], shard: Shard | None = None
    ) -> PictureValues:
        """The pictures of a column, batch by batch; those of a shard only, if one is given.

        Raises:
            Interrupted: From ``check``.
        """
        parts = map_aside(_digested, batches, threads=available_cores(), check=check)
        return _joined([part.of(shard or Shard()) for part in parts])


def is_stand_in(text: str) -> bool:
    """Whether a text stands for a picture in the column."""
    return text.startswith(_MARK) and not text.startswith(2 * _MARK)


def holds_pictures(kind: pa.DataType) -> bool:
    """Whether values of an Arrow type are pictures: text, bytes, or a structure with ``bytes``."""
    import pyarrow as pa

    types = pa.types
    if types.is_struct(kind):
        fields = {kind.field(at).name.lower(): kind.field(at).type for at in range(kind.num_fields)}
        return "bytes" in fields and _is_binary(fields["bytes"])
    return is_text(kind) or _is_binary(kind)


def _is_binary(kind: pa.DataType) -> bool:
    import pyarrow as pa

    types = pa.types
    return any(is_it(kind) for is_it in (types.is_binary, types.is_large_binary, types.is_binary_view))


@dataclass(frozen=True, slots=True)
class _Part:
    """A batch without its pictures.

    Attributes:
        texts: Arrow texts (n,): paths and addresses, and stand-ins of pictures.
        names: What rows call their pictures (n,).
        contents: Digests (n,).
        sizes: int64 (n,).
    """

    texts: pa.Array
    names: pa.Array
    contents: Digests
    sizes: NDArray[np.int64]

    def of(self, shard: Shard) -> _Part:
        """What belongs to a shard; rows of others are NULL."""
        if shard.is_whole:
            return self
        held = shard.holds(self.texts)
        contents = np.where(held, self.contents, b"").astype(KEY)
        return _Part(shard.only(self.texts), self.names, contents, np.where(held, self.sizes, 0))


def _digested(values: pa.Array) -> _Part:
    import pyarrow as pa

    if is_text(values.type):
        values = values.cast(pa.large_string())
    if is_text(values.type) and not _has_data_urls(values):
        texts, count = values, len(values)
        return _Part(
            _marked(texts),
            pa.nulls(count, pa.large_string()),
            np.zeros(count, KEY),
            np.zeros(count, np.int64),
        )
    rows = [_row(value.as_py()) for value in values]
    texts = pa.array([text for text, _, _, _ in rows], pa.large_string())
    names = pa.array([name for _, name, _, _ in rows], pa.large_string())
    contents = np.array([content for _, _, content, _ in rows], dtype=KEY)
    return _Part(texts, names, contents, np.array([size for *_, size in rows], dtype=np.int64))


def _row(value: Any) -> tuple[str | None, str | None, bytes, int]:
    """Text or stand-in, name, digest and size of a value."""
    place = place_of(value)
    try:
        content = content_of(value)
    except UnreadableImage:
        content = repr(value).encode(
            "utf-8", "surrogatepass"
        )  # it fails when it is read again, with the reason
    if content is None:
        return (None if place is None else _mark(place)), None, b"", 0
    key = digest(content)
    return _MARK + key.hex(), place, key, len(content)


def _has_data_urls(values: pa.Array) -> bool:
    import pyarrow.compute as pc

    heads = pc.utf8_lower(pc.utf8_slice_codeunits(values, 0, 5))
    return bool(pc.any(pc.equal(heads, "data:")).as_py())


def _marked(texts: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    if not pc.any(pc.starts_with(texts, _MARK)).as_py():
        return texts
    return pc.if_else(pc.starts_with(texts, _MARK), pc.binary_join_element_wise(_MARK, texts, ""), texts)


def _mark(text: str) -> str:
    return _MARK + text if text.startswith(_MARK) else text


def _unmarked(text: str) -> str:
    return text[1:] if text.startswith(2 * _MARK) else text


def _joined(parts: Sequence[_Part]) -> PictureValues:
    encoded = _chunked([part.texts for part in parts]).dictionary_encode()
    items, of_row = encoded.dictionary, encoded.indices.cast("int64").fill_null(-1)
    of_row = of_row.to_numpy(zero_copy_only=False)
    contents = np.concatenate([np.empty(0, KEY), *(part.contents for part in parts)])
    first = np.zeros(len(items), dtype=np.int64)
    if (contents != b"").any():
        numbers, rows = np.unique(of_row, return_index=True)
        first = rows[numbers >= 0]
    sizes = np.concatenate([np.empty(0, np.int64), *(part.sizes for part in parts)])
    names = _chunked([part.names for part in parts])
    if not len(first) or not (contents != b"").any():
        return PictureValues(items, of_row, np.zeros(len(items), KEY), first, first, names.slice(0, 0))
    return PictureValues(items, of_row, contents[first], sizes[first], first, names.take(first))


def _chunked(arrays: Sequence[pa.Array]) -> pa.Array:
    import pyarrow as pa

    return pa.concat_arrays(arrays) if arrays else pa.nulls(0, pa.large_string())


# -- pictures of the column, read again ------------------------------------------------------------------------


class InlinePictures:
    """Reads pictures of a column again, those of rows in ascending order.

    Args:
        rows: The rows, in an order that stays.
        name: The column.
        check: Raises `Interrupted` when the user asked to stop.
    """

    def __init__(self, rows: Relation, name: str, check: Callable[[], None]) -> None:
        self._rows, self._name, self._check = rows, name, check
        self._stream: Iterator[pa.Array] | None = None
        self._batch: pa.Array | None = None
        self._start = 0

    def read(self, positions: Sequence[int]) -> list[bytes | UnreadableImage]:
        """The pictures of some rows, or why there is none; each call has greater positions than those before it."""
        if self._rows.takes_cheaply:
            taken = self._rows.take(positions, [self._name]).column(0)
            return [_content(value.as_py()) for value in taken]
        return [self._streamed(position) for position in positions]

    def _streamed(self, position: int) -> bytes | UnreadableImage:
        if self._stream is None:
            self._stream = column_batches(self._rows, self._name)
        while self._batch is None or position >= self._start + len(self._batch):
            self._check()
            self._start += 0 if self._batch is None else len(self._batch)
            self._batch = next(self._stream)
        return _content(self._batch[position - self._start].as_py())


def _content(value: Any) -> bytes | UnreadableImage:
    try:
        return content_of(value) or b""
    except UnreadableImage as error:
        return error


def column_batches(rows: Relation, name: str) -> Iterator[pa.Array]:
    """A column in batches, of bounded size where its rows can be taken by position."""
    is_text_column = rows.column(name).type == "VARCHAR"
    if rows.takes_cheaply and not (is_text_column and isinstance(rows, StoredRelation)):
        yield from taken_batches(rows, name, np.arange(rows.count(), dtype=np.int64))
        return
    for batch in rows.batches([name]):
        yield batch.column(0)


def taken_batches(rows: Relation, name: str, positions: NDArray[np.int64]) -> Iterator[pa.Array]:
    """A column of some rows, taken by position.

    DuckDB gives 2,048 rows at once however large they are, and a scan of Lance's keeps most of what it has read: 800 MB
    where this takes 300.
    """
    at, size = 0, GROUP_PICTURES
    while at < len(positions):
        part = positions[at : at + size]
        column = rows.take(part.tolist(), [name]).column(0).combine_chunks()
        yield column
        at, size = at + len(part), max(1, min(BATCH_ROWS, GROUP_BYTES * len(part) // max(1, column.nbytes)))
