"""SEARCH's work: embed what is searched for, score a vector column, and put the similarities beside the rows."""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.interrupts import abandonable, never
from thanosql_kernel.engine.items import resolve
from thanosql_kernel.engine.names import quote
from thanosql_kernel.engine.relation import Rows, StoredRows, WidenedRows
from thanosql_kernel.engine.vectors import BlockKey, Units, VectorMemory, best_first, score, score_stream
from thanosql_kernel.errors import DataError, ModelError, Span, TypeMismatch
from thanosql_kernel.statements.runtime import SearchInput

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder

Floats = NDArray[np.float32]

LOAD_ROWS = 8192
KEPT_QUERIES = 256
_VECTORS = re.compile(r"(FLOAT|DOUBLE|REAL|HALFFLOAT|DECIMAL\(.*\))\[(\d*)\]\Z")


class QueryEmbeddings:
    """The vectors of what was searched for last; safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Floats] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, encoder: Encoder, item: SearchInput, folder: Path) -> Floats:
        """The vector (dim,) of a text or picture.

        Raises:
            DataError: TS500 the picture is missing, TS501 it cannot be read.
            ModelError: TS403 the model makes nothing of it.
        """
        key = (encoder.fingerprint, item.kind, *_identity(item, folder))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        vector = _embed(encoder, item, folder)
        with self._lock:
            self._kept[key] = vector
            while len(self._kept) > KEPT_QUERIES:
                self._kept.popitem(last=False)
        return vector


def _identity(item: SearchInput, folder: Path) -> tuple[object, ...]:
    """What the vector depends on: the text, or the picture's path, size and time."""
    if item.kind == "text":
        return (item.value,)
    try:
        path = resolve(item.value, folder)
        status = os.stat(path)
    except FileNotFoundError:
        hint = f"relative paths start in {folder}"
        raise DataError(
            f"there is no picture {item.value}", code="TS500", span=item.span, hint=hint
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"cannot read {item.value}: {reason}", code="TS501", span=item.span) from None
    return path, status.st_size, status.st_mtime_ns


def _embed(encoder: Encoder, item: SearchInput, folder: Path) -> Floats:
    vector = (
        encoder.encode_texts([item.value])[0]
        if item.kind == "text"
        else _embed_picture(encoder, item, folder)
    )
    vector = np.asarray(vector, dtype=np.float32)
    if not np.isfinite(vector).all() or not vector.any():
        raise ModelError(f"{encoder.name} makes nothing of this {item.kind}", code="TS403", span=item.span)
    return vector


def _embed_picture(encoder: Encoder, item: SearchInput, folder: Path) -> Floats:
    from thanosql_kernel.images.decode import UnreadableImage, open_rgb

    try:
        picture = open_rgb(resolve(item.value, folder), min_side=encoder.preprocess.size)
    except UnreadableImage as error:
        raise DataError(f"cannot read {item.value}: {error.reason}", code="TS501", span=item.span) from None
    return np.asarray(encoder.encode_images(encoder.preprocess(picture)[None])[0], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Searcher:
    """What searches of one session share.

    Attributes:
        memory: Vector columns that are resident.
        queries: Vectors of what was searched for.
    """

    memory: VectorMemory = field(default_factory=VectorMemory)
    queries: QueryEmbeddings = field(default_factory=QueryEmbeddings)

    def search(
        self,
        rows: Rows,
        *,
        column: str,
        encoder: Encoder,
        inputs: Sequence[SearchInput],
        results: Sequence[str],
        folder: Path,
        top_k: int | None = None,
        check_interrupted: Callable[[], None] = never,
    ) -> Rows:
        """The rows and one float32 column of cosines an input, NULL where a vector is.

        Without ``top_k`` rows keep their order and nothing but the vector column is read; with it, they are the best
        by the first input, best first, ties in the rows' order, NULLs last.

        Raises:
            TypeMismatch: TS300, the column holds no vectors, or such of another length.
            DataError, ModelError: see `QueryEmbeddings.embed`.
        """
        rows = rows.settled()
        _check_vectors(rows.column(column), encoder)
        with abandonable(check_interrupted) as call:
            queries = np.stack([call(partial(self.queries.embed, encoder, item, folder)) for item in inputs])
        scores = self.score(rows, rows.column(column).name, queries, check_interrupted)
        positions = None if top_k is None else best_first(scores[:, 0], top_k)
        chosen = scores if positions is None else scores[positions]
        columns = [Column(name, "FLOAT") for name in results]
        return WidenedRows(rows, _as_table(chosen, results), columns, _as_list(positions))

    def score(self, rows: Rows, column: str, queries: Floats, check: Callable[[], None]) -> Floats:
        """Cosines (n, q) of the rows' vectors; resident ones of stored tables, else read once as a stream."""
        if isinstance(rows, WidenedRows) and _is_from_base(rows, column):
            scores = self.score(rows.base, column, queries, check)
            return scores if rows.positions is None else scores[np.asarray(rows.positions, dtype=np.int64)]
        dim = queries.shape[1]
        if isinstance(rows, StoredRows) and self.memory.fits(rows.dataset.count_rows(), dim):
            scores = score(self._resident(rows, column, dim, check), queries)
            return scores[rows.offset :][: rows.count()]
        return score_stream(_vectors(rows.batches([column]), check), dim, queries)

    def _resident(self, rows: StoredRows, column: str, dim: int, check: Callable[[], None]) -> Units:
        def load() -> Units:
            batches = rows.dataset.to_batches(columns=[column], batch_size=LOAD_ROWS)
            return Units.collect(_vectors(batches, check), rows.dataset.count_rows(), dim)

        return self.memory.get(BlockKey(str(rows.dataset.uri), int(rows.dataset.version), column), load)


def _vectors(batches: Any, check: Callable[[], None]) -> Iterator[pa.Array]:
    for batch in batches:
        check()
        yield batch.column(0)


def _is_from_base(rows: WidenedRows, column: str) -> bool:
    return column.lower() not in (name.lower() for name in rows.added.column_names)


def _check_vectors(column: Column, encoder: Encoder) -> None:
    kind = _VECTORS.match(column.type)
    if kind is None:
        raise TypeMismatch(f"column {column.name} holds {column.type}, not vectors")
    if kind[2] and int(kind[2]) != encoder.dim:
        raise TypeMismatch(
            f"column {column.name} holds vectors of {kind[2]} numbers, {encoder.name} makes {encoder.dim}"
        )


def _as_table(scores: Floats, names: Sequence[str]) -> pa.Table:
    """Float32 columns; NaN becomes NULL."""
    import pyarrow as pa

    columns = [np.ascontiguousarray(scores[:, number]) for number in range(len(names))]
    return pa.table(
        [pa.array(numbers, pa.float32(), from_pandas=True) for numbers in columns], names=list(names)
    )


def _as_list(positions: NDArray[np.int64] | None) -> list[int] | None:
    return None if positions is None else positions.tolist()


def check_weights(
    rows: Rows,
    column: Column,
    encoder: Encoder,
    *,
    model: str,
    notice: Callable[[str], None],
    span: Span | None = None,
) -> None:
    """Refuse vectors that other weights made; say so when nobody knows which weights made them.

    Raises:
        ModelError: TS401, with the CONVERT to run.
    """
    made = column.generated
    if made is None:
        notice(f"column {column.name} was not made by CONVERT: its vectors are taken to be {encoder.name}'s")
    elif made.weights.fingerprint != encoder.fingerprint:
        raise ModelError(
            f"column {column.name} was made with {made.weights.name} {made.weights.revision}, "
            f"but {model} is {encoder.name} {encoder.revision} now",
            code="TS401",
            span=span,
            hint=f"run again: {_conversion(rows, column, model)}",
        )


def _conversion(rows: Rows, column: Column, model: str) -> str:
    """The CONVERT that makes the column anew."""
    table = quote_if_needed(rows.table.name) if isinstance(rows, StoredRows) else "…"
    kind, source = (
        (column.generated.kind, column.generated.source) if column.generated else ("image", "image_path")
    )
    return f"CONVERT USING {model} OPTIONS({kind}_col='{source}', result_col='{column.name}') AS SELECT * FROM {table}"


def quote_if_needed(name: str) -> str:
    """The name as SQL can read it, plain where it can be."""
    return name if re.fullmatch(r"[^\W\d]\w*", name) else quote(name)
