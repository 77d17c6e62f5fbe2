"""What a model is trained on, read from rows: vectors as one matrix, labels as numbers, texts in parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.errors import ModelError, Span
from thanosql_kernel.wording import counted
from thanosql_kernel.wording.training import TS404

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MOST_ROWS = 100_000
"""More rows hardly make a head on frozen vectors better; these take 200 MB with 512 numbers each."""
LEAST_ROWS = 8
LEAST_WORDS = 4


def chosen(count: int, most: int, seed: int = 0) -> Ints:
    """Positions of the rows to be trained on, in order: all of them, or so many at random."""
    if count <= most:
        return np.arange(count, dtype=np.int64)
    return np.sort(np.random.default_rng(seed).permutation(count)[:most]).astype(np.int64)


def read_vectors(
    rows: Relation, columns: Sequence[str], positions: Ints, check: Callable[[], None]
) -> tuple[list[Floats], Ints]:
    """Vectors of some rows, of those that have one in each column.

    Args:
        rows: The rows.
        columns: Their columns of vectors.
        positions: Which rows, in order.
        check: Raises `Interrupted` when the user asked to stop.

    Returns:
        For each column float32 (n, d), and the positions (n,).
    """
    wanted = np.zeros(rows.count(), np.bool_)
    wanted[positions] = True
    parts: list[list[Floats]] = [[] for _ in columns]
    found, at = [np.empty(0, np.int64)], 0
    for batch in rows.batches(list(columns)):
        check()
        there = wanted[at : at + len(batch)].copy()
        for number in range(len(columns)):
            there &= np.asarray(batch.column(number).is_valid())
        kept = np.flatnonzero(there)
        for number, part in enumerate(parts):
            part.append(_matrix(batch.column(number), kept))
        found.append(at + kept)
        at += len(batch)
    return [np.concatenate(part) if part else np.empty((0, 0), np.float32) for part in parts], np.concatenate(
        found
    )


def _matrix(column: pa.Array, kept: Ints) -> Floats:
    import pyarrow as pa

    some = column.take(pa.array(kept))
    flat = some.flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, np.float32).reshape(len(kept), -1 if len(kept) else 1)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of rows.

    Attributes:
        values: Each once, an Arrow array (c,), in the order of their values.
        classes: (n,): which one each row has; -1 for none.
    """

    values: pa.Array
    classes: Ints

    @property
    def names(self) -> list[str]:
        """What people read of each."""
        return [str(value) for value in self.values.to_pylist()]


def read_labels(rows: Relation, column: str, span: Span | None = None) -> Labels:
    """The labels in a column; NULL is none.

    Raises:
        ModelError: TS404, its values are no labels, or there are none.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    found = rows.column(column)
    values = rows.fetch([found.name]).column(0)
    if pa.types.is_nested(values.type):
        raise ModelError(TS404.LIST_LABELS(column=found.name, type=found.type), span=span)
    encoded = values.combine_chunks().dictionary_encode()
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    if not len(encoded.dictionary):
        raise ModelError(TS404.NO_LABELS(column=found.name), span=span)
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return Labels(encoded.dictionary.take(pa.array(order)), np.where(codes < 0, -1, place[codes]))


@dataclass(frozen=True, slots=True)
class Examples:
    """What labels are learnt from.

    Attributes:
        vectors: (n, d).
        classes: (n,): the label of each, by its place among the values.
        values: The labels, an Arrow array (c,).
        is_new: (n,): False for those of a model that training goes on from; these are never held out.
    """

    vectors: Floats
    classes: Ints
    values: pa.Array
    is_new: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.classes)

    def at(self, rows: Ints) -> Examples:
        """Some of them."""
        return Examples(self.vectors[rows], self.classes[rows], self.values, self.is_new[rows])

    def distinct(self) -> Examples:
        """Each vector with a label once: a copy of what is trained on would tell nothing when held out."""
        both = np.stack([groups_of(self.vectors), self.classes], axis=1)
        return self.at(np.sort(np.unique(both, axis=0, return_index=True)[1]))

    def used(self) -> Examples:
        """In those labels alone that some have."""
        import pyarrow as pa

        there, classes = np.unique(self.classes, return_inverse=True)
        return Examples(self.vectors, classes, self.values.take(pa.array(there)), self.is_new)

    def joined(self, earlier: Floats, classes: Ints, values: pa.Array) -> Examples:
        """Together with earlier ones, in the labels of both; of the same thing what is said now counts.

        Args:
            earlier: (m, d), rounded as they are kept.
            classes: (m,): the earlier labels, by their place among their values.
            values: The earlier labels (k,), of the same type.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        both = pa.concat_arrays([values, self.values]).unique()
        both = both.take(pc.sort_indices(both))
        stays = ~np.isin(_keys(earlier), _keys(self.vectors))
        old = pc.index_in(values, both).to_numpy()[classes[stays]]
        new = pc.index_in(self.values, both).to_numpy()[self.classes]
        return Examples(
            np.concatenate([earlier[stays], self.vectors]),
            np.concatenate([old, new]).astype(np.int64),
            both,
            np.concatenate([np.zeros(len(old), np.bool_), np.ones(len(new), np.bool_)]),
        )


def groups_of(vectors: Floats) -> Ints:
    """A number (n,) for each vector (n, d), the same for the same vectors."""
    whole = np.ascontiguousarray(vectors, np.float32)
    keys = whole.view(np.dtype((np.void, 4 * whole.shape[1]))).ravel()
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


def _keys(vectors: Floats) -> NDArray[np.void]:
    """Each vector as it is kept, as one value (n,)."""
    half = np.ascontiguousarray(vectors, np.float16)
    return half.view(np.dtype((np.void, 2 * half.shape[1]))).ravel()


def refuse_few(count: int, span: Span | None, least: int = LEAST_ROWS) -> None:
    """Refuse to train on almost nothing.

    Raises:
        ModelError: TS404.
    """
    if count < least:
        hint = TS404.AT_LEAST(count=least)
        raise ModelError(TS404.TOO_FEW(rows=counted(count, "row")), span=span, hint=hint)


def halves(texts: Sequence[str | None]) -> list[tuple[str, str]]:
    """Both halves of texts, by words; of those that have some words.

    Two parts of one text are about the same (Izacard et al. 2022, https://arxiv.org/abs/2112.09118, section 3.2).
    """
    found = []
    for text in texts:
        words = (text or "").split()
        if len(words) >= LEAST_WORDS:
            middle = len(words) // 2
            found.append((" ".join(words[:middle]), " ".join(words[middle:])))
    return found
