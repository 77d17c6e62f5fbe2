"""Lance data sets as DuckDB can scan them.

DuckDB hands filters down as pyarrow expressions, which Lance translates to Substrait; that fails ("No match for
FieldRef", "Unsupported Substrait type") as soon as the table has a column of a type that Substrait lacks, vectors
among them. So filters are held against the batches here; Lance reads only the columns that are wanted.

DuckDB asks pyarrow's tables how many rows they have, data sets it does not: it plans joins as if they had one, and may
build the hash table of the larger side. Its own adapter of data sets has the question, `rows`, which is answered here.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    _Scan = Callable[[Sequence[str], Sequence[Any], int], pa.RecordBatchReader]

#: Lance reads 16 batches of 8192 rows and 4 fragments ahead by default: gigabytes of vectors.
READ_AHEAD = {"batch_size": 4096, "batch_readahead": 4, "fragment_readahead": 1, "io_buffer_size": 64 << 20}
_NARROW_ROWS = 65_536
_PIECE_BYTES = 16 << 20
#: A filter that keeps fewer rows than one in so many: single rows cost as much as whole columns at one in 200 or so.
_RARE = 256
_TAKEN_ROWS = 4096
#: So many rows of a small table are taken by position, whatever their share.
_FEW = 16
_MOST_FRAGMENTS = 16


def scannable(dataset: Any) -> Any:
    """The data set, at the same version, with a ``scanner`` that takes every filter that DuckDB hands down.

    DuckDB knows how many rows it has.
    """
    copied = copy.copy(dataset)
    kind: Any = type(dataset)
    copied.__class__ = _scannable_type(kind)  # DuckDB looks the method up on the type
    copied.lease = getattr(dataset, "lease", None)
    return copied


@cache
def _scannable_type(kind: Any) -> Any:
    def scanner(self: Any, columns: Sequence[str] | None = None, filter: Any = None, **options: Any) -> Any:
        wanted = self.schema.names if columns is None else list(columns)
        if filter is None:
            return kind.scanner(self, columns=columns, **{**_read_ahead(self, wanted), **options})

        def scan(names: Sequence[str], fragments: Sequence[Any], offset: int) -> pa.RecordBatchReader:
            given = {**_read_ahead(self, names), **options, "scan_in_order": True}
            if offset:
                given["offset"] = offset
            return kind.scanner(self, columns=list(names), fragments=fragments, **given).to_reader()

        return _Filtered(self, wanted, filter, scan)

    methods = {"scanner": scanner, "rows": _rows, "obj": property(lambda self: self), "_declared": None}
    return type(f"Scannable{kind.__name__}", (kind, *_adapters()), methods)


def _adapters() -> tuple[type, ...]:
    """What DuckDB wraps pyarrow's data sets in, and takes as it is. Not public: without it no count is known."""
    try:
        from duckdb._sources.pyarrow import PyArrowDatasetSource
    except ImportError:
        return ()
    return (PyArrowDatasetSource,)


def _rows(self: Any) -> int:
    """How many rows a scan without a filter gives: DuckDB takes no more than that for granted, and plans with it."""
    return int(self.count_rows())


class _Filtered:
    """What DuckDB reads of a data set with a filter: rows in order.

    The filter is held against the columns that it names. Where it keeps few rows, the other columns are read of those
    alone, by position: one row of ten million by its id takes 0.2 s instead of 2.3. Fragments are read in runs of 1, 2,
    4 … `_MOST_FRAGMENTS`; how many rows one keeps decides how the next is read.

    Args:
        dataset: The Lance data set.
        wanted: The columns to give.
        filter: A pyarrow expression; Arrow evaluates it, whichever way the rows are read.
        scan: Reads columns of fragments in order, from an offset on.
    """

    def __init__(self, dataset: Any, wanted: Sequence[str], filter: Any, scan: _Scan) -> None:
        self._dataset, self._filter, self._scan = dataset, filter, scan
        self._wanted = list(wanted)
        self._named = _named_in(filter, dataset.schema.names)
        self._others = [name for name in wanted if name not in self._named]

    def to_reader(self) -> pa.RecordBatchReader:
        """The rows as a stream; each run ends with an empty batch, so that a search without a find can be stopped."""
        import pyarrow as pa

        schema = self._scan(self._wanted, [], 0).schema
        return pa.RecordBatchReader.from_batches(schema, self._runs(schema))

    def _runs(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        fragments, start, size, first, is_rare = self._dataset.get_fragments(), 0, 1, 0, bool(self._others)
        while start < len(fragments):
            run, kept = fragments[start : start + size], 0
            rows = sum(int(fragment.count_rows()) for fragment in run)
            for batch in self._run(run, first, first + rows, is_rare):
                kept += len(batch)
                yield pa.RecordBatch.from_arrays([batch.column(name) for name in self._wanted], schema=schema)
            yield pa.RecordBatch.from_pylist([], schema=schema)
            is_rare = bool(self._others) and kept * _RARE < rows
            start, size, first = start + size, min(2 * size, _MOST_FRAGMENTS), first + rows

    def _run(self, run: Sequence[Any], first: int, end: int, is_rare: bool) -> Iterator[pa.RecordBatch]:
        """The rows of some fragments that the filter keeps; late until it is seen to keep many.

        Args:
            run: The fragments.
            first: The position of their first row.
            end: That behind their last.
            is_rare: Whether the filter is thought to keep few.
        """
        seen = (yield from self._late(run, first)) if is_rare else first
        if seen < end:
            yield from self._at_once(run, seen - first)

    def _at_once(self, run: Sequence[Any], offset: int) -> Iterator[pa.RecordBatch]:
        import pyarrow.dataset as pads

        reader = self._scan([*self._named, *self._others], run, offset)
        kept = pads.Scanner.from_batches(reader, columns=self._wanted, filter=self._filter).to_reader()
        return (batch for batch in kept if len(batch))

    def _late(self, run: Sequence[Any], position: int) -> Generator[pa.RecordBatch, None, int]:
        """The rows up to where the filter keeps many; returns the position behind them."""
        where = _free_name(self._dataset.schema.names)
        held: list[pa.Table] = []
        enough = 1  # who wants few rows gets the first at once
        for part in _numbered(self._scan(self._named, run, 0), where, position):
            # Arrow filters in threads, and promises no order.
            kept = part.filter(self._filter).sort_by(where)
            if len(kept) * _RARE > len(part) and len(kept) > _FEW:
                break
            held, position = [*held, kept], position + len(part)
            if sum(map(len, held)) >= enough:
                yield from self._with_others(held, where)
                held, enough = [], min(16 * enough, _TAKEN_ROWS)
        yield from self._with_others(held, where)
        return position

    def _with_others(self, held: Sequence[pa.Table], where: str) -> Iterator[pa.RecordBatch]:
        """The rows with the other columns, some at a time."""
        import pyarrow as pa

        if not held:
            return
        rows = pa.concat_tables(held)
        for start in range(0, len(rows), _TAKEN_ROWS):
            part = rows.slice(start, _TAKEN_ROWS)
            others = self._dataset.take(part.column(where).to_pylist(), columns=self._others)
            for name in self._others:
                part = part.append_column(name, others.column(name))
            yield from part.combine_chunks().to_batches()


def _numbered(reader: pa.RecordBatchReader, name: str, position: int) -> Iterator[pa.Table]:
    """The rows in pieces that are worth a look, with the position of each as a last column of that name."""
    import numpy as np
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    for batch in chain(reader, [None]):
        held += [batch] if batch is not None else []
        rows = sum(map(len, held))
        is_enough = rows >= _NARROW_ROWS or sum(part.nbytes for part in held) >= _PIECE_BYTES
        if held and (batch is None or is_enough):
            positions = pa.array(np.arange(position, position + rows))
            yield pa.Table.from_batches(held).append_column(name, positions)
            held, position = [], position + rows


def _free_name(taken: Sequence[str]) -> str:
    name = "_position"
    while name in taken:
        name += "_"
    return name


def _read_ahead(dataset: Any, names: Sequence[str]) -> dict[str, int]:
    """How to read columns: numbers alone in larger batches, 9 ms instead of 12 for a condition on a million of them."""
    import pyarrow.types as types

    kinds = [dataset.schema.field(name).type for name in names]
    is_narrow = all(types.is_primitive(kind) for kind in kinds)
    return {**READ_AHEAD, "batch_size": _NARROW_ROWS} if is_narrow else READ_AHEAD


def _named_in(expression: Any, names: Sequence[str]) -> list[str]:
    """The columns that a pyarrow expression may name; it can only be asked for its text."""
    text = str(expression)
    return [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
