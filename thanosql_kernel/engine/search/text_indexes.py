"""Indexes of texts: which rows may hold a word, so that no others are read for `words.word_scores`.

An index gives the texts that have all tokens of a word (see `texts`); these are read and counted like all others. It
has the lengths of all texts, too. So what is found is the same with an index and without. Where so many texts may hold
a word that reading all is as cheap, it is not used.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.clock import cautious_s
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.search.records import Coverage, Records, coverage, digest, is_of
from thanosql_kernel.engine.search.texts import Counted, Word, counted, joined, lengths_of, plain, tokens_of
from thanosql_kernel.engine.store import token_index
from thanosql_kernel.engine.store.identity import fragments, live_offsets, stored_values
from thanosql_kernel.engine.store.stream import CountedStream
from thanosql_kernel.engine.store.token_index import TokenIndex
from thanosql_kernel.interrupts import abandonable

if TYPE_CHECKING:
    import pyarrow as pa

#: Of the texts at most one in so many is read one by one: every fifth of 300,000 took six tenths of the time of all.
_LEAST_SPARED = 4

#: What has no record and was not touched for so long is nobody's: a kernel may be building it.
_ABANDONED_S = 24 * 3600.0

Rows = NDArray[np.int64]
_NO_ROWS: Rows = np.empty(0, np.int64)


@dataclass(frozen=True)
class TextRecord:
    """An index that was built here.

    Attributes:
        uuid: Tells it from all others.
        name: As the user calls it.
        rows: How many rows it was built over.
        parts: What the values in its fragments were, by their numbers.
        starts: The number in the index of the first text of each fragment.
    """

    uuid: str
    name: str
    rows: int
    parts: dict[str, str]
    starts: dict[str, int]

    def __post_init__(self) -> None:
        if self.parts.keys() != self.starts.keys():
            raise ValueError("no record of an index")


class UsableTexts(NamedTuple):
    """An index as it can be used on a version of a table.

    Attributes:
        record: What was noted when it was built.
        coverage: Which fragments are as they were then; the texts of the others are all read.
    """

    record: TextRecord
    coverage: Coverage


class TextIndexes:
    """The indexes of the texts of a database.

    Args:
        folder: Where they are.
    """

    def __init__(self, folder: Path) -> None:
        self._records = Records(folder, TextRecord)

    def of(self, dataset: Any, column: str) -> list[TextRecord]:
        """Those that were built over values that a column has."""
        return [record for record in self._records if is_of(dataset, column, record.parts)]

    def find(self, rows: Relation, column: str) -> UsableTexts | None:
        """The index that knows most of a whole stored table's texts; None where all are read."""
        if not isinstance(rows, StoredRelation) or not rows.is_whole or rows.dataset.has_stable_row_ids:
            return None
        name = rows.column(column).name
        found = [UsableTexts(record, coverage(rows.dataset, name, record.parts)) for record in self._records]
        usable = [use for use in found if use.coverage.is_enough]
        return min(usable, key=lambda use: use.coverage.others_rows, default=None)

    def counted(
        self, rows: Relation, column: str, words: Sequence[Word], check: Callable[[], None]
    ) -> Counted | None:
        """Words in all of a table's texts, of which those are read that may hold any; None without a use for it."""
        column = rows.column(column).name
        use = self.find(rows, column)
        if use is None or not isinstance(rows, StoredRelation):
            return None
        with abandonable(check) as call:
            known = call(partial(self._known, use, words))
        if known is None or len(known.chosen) * _LEAST_SPARED > use.coverage.total:
            return None
        return joined(known.counted(rows.dataset, column, words, check), len(words))

    def _known(self, use: UsableTexts, words: Sequence[Word]) -> _Known | None:
        """What an index says; None where another kernel has dropped it."""
        with suppress(OSError, ValueError):
            index = TokenIndex(self._place(use.record.uuid))
            holding = [index.holding(word.tokens) for word in words]
            return _Known(use, index.lengths(), np.unique(np.concatenate([*holding, _NO_ROWS])))
        return None

    def build(
        self, dataset: Any, column: str, name: str, check: Callable[[], None], advance: Callable[[int], None]
    ) -> TextRecord:
        """Build an index of all stored texts of a column; what is stopped leaves nothing."""
        record = _noted(dataset, column, name)
        stream = CountedStream(token_index.schema(), _tokens(dataset, column), check)
        stream.advance = advance
        with abandonable(check) as call:
            token_index.build(self._place(record.uuid), stream, call)
        self._records.write(record)
        return record

    def drop(self, uuids: Collection[str]) -> None:
        """Remove indexes."""
        for number in uuids:
            self._records.forget(number)
            shutil.rmtree(self._place(number), ignore_errors=True)

    def all(self) -> list[TextRecord]:
        """Those there are now."""
        return list(self._records)

    def drop_unused(self, there: Sequence[TextRecord], columns: Sequence[tuple[Any, str]]) -> None:
        """Remove what killed kernels left, and indexes of none of these columns.

        Args:
            there: Those that were there before the columns were looked at: of what came since nothing is known.
            columns: Data sets and names.
        """
        unused = (it for it in there if not any(is_of(*column, it.parts) for column in columns))
        self.drop([record.uuid for record in unused])
        kept = {self._place(record.uuid) for record in self._records}
        for folder in set(self._records.folder.glob("*.lance")) - kept:
            if cautious_s() - folder.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(folder, ignore_errors=True)

    def _place(self, number: str) -> Path:
        return self._records.folder / f"{number}.lance"


class _Known(NamedTuple):
    """What an index says of a table.

    Attributes:
        use: The index.
        lengths: float64 (m,), of all its texts.
        chosen: The numbers of those that are to be read, ascending.
    """

    use: UsableTexts
    lengths: NDArray[np.float64]
    chosen: Rows

    def counted(
        self, dataset: Any, column: str, words: Sequence[Word], check: Callable[[], None]
    ) -> Iterator[Counted]:
        """Words in a table's texts, fragment after fragment."""
        for fragment in dataset.get_fragments():
            check()
            if int(fragment.fragment_id) in self.use.coverage.known:
                yield self._of_known(dataset, fragment, column, words)
            else:
                for batch in fragment.scanner(columns=[column], batch_size=8192).to_batches():
                    check()
                    yield counted(batch.column(0), words)

    def _of_known(self, dataset: Any, fragment: Any, column: str, words: Sequence[Word]) -> Counted:
        start, live = self.use.record.starts[str(fragment.fragment_id)], live_offsets(fragment)
        times = np.zeros((len(words), len(live)))
        first, last = np.searchsorted(self.chosen, [start, start + int(fragment.physical_rows)])
        offsets = np.intersect1d(self.chosen[first:last] - start, live, assume_unique=True)
        if len(offsets):
            addresses = [int(fragment.fragment_id) << 32 | int(offset) for offset in offsets]
            found = dataset._take_rows(addresses, columns=[column]).column(column).combine_chunks()
            times[:, np.searchsorted(live, offsets)] = counted(found, words).times
        return Counted(times, self.lengths[start + live])


def _tokens(dataset: Any, column: str) -> Iterator[pa.RecordBatch]:
    """What an index is built of, all stored texts in their order, deleted ones too."""
    import pyarrow as pa

    schema = token_index.schema()
    for texts in stored_values(dataset, column, fragments(dataset, column)):
        normal = plain(texts.cast(pa.string()))
        lengths = pa.array(lengths_of(normal), from_pandas=True).cast(pa.int32())
        yield pa.record_batch([tokens_of(normal).cast(pa.large_string()), lengths], schema=schema)


def _noted(dataset: Any, column: str, name: str) -> TextRecord:
    """What there is to remember of a new index."""
    parts, starts, stored = {}, {}, 0
    for part in fragments(dataset, column):
        parts[str(part.number)], starts[str(part.number)] = digest(part), stored
        stored += part.rows
    return TextRecord(uuid.uuid4().hex, name, int(dataset.count_rows()), parts, starts)
