"""What the vectors of a stored column were made from: kept beside the table, a record for each data file.

A data file never changes, so what its vectors were made from holds as long as the file is read, whatever happens to
other columns, to the table's name and to rows that are deleted, and goes with rows that are written closer together.
Files that another program wrote, or a copy, have no record: their vectors are held against the cache once.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import EmbeddingKind
from thanosql_kernel.engine.embed.digests import KEY, Digests, from_arrow, to_arrow
from thanosql_kernel.engine.store.add_column import ColumnPart, column_parts
from thanosql_kernel.engine.store.identity import live_offsets
from thanosql_kernel.engine.store.lance_files import BESIDE, read_beside, write_beside

if TYPE_CHECKING:
    import pyarrow as pa

_COLUMNS = ("value", "state", "content")
_SOURCE = b"source"
_MAKER_DIGITS = 16

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What vectors were made from, row by row; zero bytes where there is no vector or nobody knows.

    Attributes:
        values: Digests (n,) of the values of the column that was embedded.
        states: Digests (n,) of the files' states, where they tell contents apart (see `files.FileState`); for pictures
            that stand in the column, their values.
        contents: Digests (n,) of the contents, under which the cache has the vectors.
    """

    values: Digests
    states: Digests
    contents: Digests

    @classmethod
    def nothing(cls, count: int) -> MadeFrom:
        """Nobody knows."""
        return cls(*(np.zeros(count, dtype=KEY) for _ in _COLUMNS))

    def put(self, at: slice | NDArray[np.bool_], other: MadeFrom) -> None:
        """Take over what other vectors, one a row of these, were made from."""
        self.values[at], self.states[at], self.contents[at] = other.values, other.states, other.contents

    def at(self, rows: slice | NDArray[np.int64] | NDArray[np.bool_]) -> MadeFrom:
        """What some of them were made from."""
        return MadeFrom(self.values[rows], self.states[rows], self.contents[rows])


class Records:
    """What the vectors of stored columns were made from.

    Args:
        maker: The weights and preprocessing that made them; see `cache.CachedVectors.name`.
        source: The column that was embedded.
    """

    def __init__(self, maker: str, source: str) -> None:
        self._maker = maker
        self._source = source

    def sources(self, dataset: Any) -> dict[int, str]:
        """By fragment, where the embedded column is stored: while that stays the same its values do."""
        return {part.rows.id: f"{part.file} {part.field}" for part in column_parts(dataset, self._source)}

    def write(self, dataset: Any, part: ColumnPart, made: MadeFrom, source: str) -> None:
        """Remember what a stored part was made from; a record that cannot be written is made up for by reading."""
        import pyarrow as pa

        whole = MadeFrom.nothing(part.rows.physical_rows)
        whole.values[part.rows.offsets] = made.values
        whole.states[part.rows.offsets] = made.states
        whole.contents[part.rows.offsets] = made.contents
        columns = [to_arrow(keys) for keys in (whole.values, whole.states, whole.contents)]
        rows = pa.table(columns, names=list(_COLUMNS), metadata={_SOURCE: source})
        try:
            write_beside(dataset, self._name(part), rows)
        except OSError:
            _log.info("no record of what %s was made from", part.file, exc_info=True)

    def read(self, dataset: Any, part: ColumnPart) -> tuple[MadeFrom, str] | None:
        """What a stored part was made from, and where that was stored; None if nobody knows."""
        table = None if part.file is None else read_beside(dataset, self._name(part))
        if table is None or table.num_rows != part.rows.physical_rows:
            return None
        keys = [_digests(table.column(name)) for name in _COLUMNS]
        whole = MadeFrom(*keys)
        source = (table.schema.metadata or {}).get(_SOURCE, b"").decode()
        is_whole = len(part.rows.offsets) == part.rows.physical_rows
        return (whole if is_whole else whole.at(part.rows.offsets)), source

    def _name(self, part: ColumnPart) -> str:
        maker = hashlib.sha256(self._maker.encode()).hexdigest()[:_MAKER_DIGITS]
        return f"{Path(part.file or '').stem}.{part.field}.{maker}"


def recorded_contents(dataset: Any, column: str) -> tuple[Digests, bool]:
    """What the vectors of a column were made from, whatever model made them; no vector and no model is read.

    Args:
        dataset: A Lance data set.
        column: The vectors.

    Returns:
        Digests of contents (n,), zero bytes where there is no vector or nobody knows; and whether there is a record of
        every part.
    """
    contents, is_whole = [np.empty(0, KEY)], True
    names = _record_names(dataset)
    for part in column_parts(dataset, column):
        name = names.get(f"{Path(part.file or '').stem}.{part.field}")
        table = None if name is None else read_beside(dataset, name)
        if table is None or table.num_rows != part.rows.physical_rows:
            contents.append(np.zeros(len(part.rows.offsets), dtype=KEY))
            is_whole = False
        else:
            contents.append(_digests(table.column("content"))[part.rows.offsets])
    return np.concatenate(contents), is_whole


def _record_names(dataset: Any) -> dict[str, str]:
    """Names of the records of vectors in a local table, by data file and field."""
    found = {}
    with suppress(OSError):
        for entry in sorted(os.listdir(Path(str(dataset.uri)) / BESIDE)):
            name = entry.removesuffix(".lance")
            before, _, maker = name.rpartition(".")
            if len(maker) == _MAKER_DIGITS:
                found[before] = name
    return found


def carry_records(dataset: Any, fragments: Sequence[Any], new: Any) -> None:
    """Give a fragment that is to stand in the place of others what the vectors of their rows were made from.

    Args:
        dataset: The table.
        fragments: The others, in order.
        new: Metadata of the fragment.
    """
    import pyarrow as pa

    names = _record_names(dataset)
    for file in new.files:
        for field in file.fields:
            found = [_of_fragment(dataset, fragment, field, names) for fragment in fragments]
            makers = {maker for maker, _ in filter(None, found) if maker}
            if len(makers) == 1 and None not in found:
                rows = pa.concat_tables([part for _, part in filter(None, found)])
                with suppress(OSError):
                    write_beside(dataset, f"{Path(file._path).stem}.{field}.{makers.pop()}", rows)


def _of_fragment(
    dataset: Any, fragment: Any, field: int, names: Mapping[str, str]
) -> tuple[str, pa.Table] | None:
    """Who made a fragment's vectors, and of what, without where that was stored; nobody where it has none."""
    import pyarrow as pa

    offsets = live_offsets(fragment)
    file = next((str(it._path) for it in fragment.metadata.files if field in it.fields), None)
    if file is None:
        nothing = to_arrow(np.zeros(len(offsets), dtype=KEY))
        return "", pa.table([nothing] * len(_COLUMNS), names=list(_COLUMNS))
    name = names.get(f"{Path(file).stem}.{field}")
    table = None if name is None else read_beside(dataset, name)
    if name is None or table is None or table.num_rows != fragment.physical_rows:
        return None
    return name.rpartition(".")[2], table.replace_schema_metadata(None).take(pa.array(offsets))


def _digests(column: pa.ChunkedArray) -> Digests:
    return np.concatenate([np.empty(0, KEY), *(from_arrow(chunk) for chunk in column.chunks)])


def drop_stale_records(dataset: Any) -> None:
    """Delete the records of data files that are gone; of tables in folders."""
    folder = Path(str(dataset.uri))
    with suppress(OSError):
        present = {path.stem for path in (folder / "data").iterdir()}
        for record in (folder / BESIDE).iterdir():
            if record.name.partition(".")[0] not in present:
                record.unlink()


@dataclass(frozen=True, slots=True)
class EarlierVectors:
    """The vectors that the rows of a table have, and what they were made from.

    Attributes:
        dataset: The table.
        column: Where they are.
        parts: Where that is stored.
        made: What they were made from, where that is recorded.
        recorded: bool (n,): rows of which there is a record; no vector and no record of one is a record too.
        unchanged: bool (n,): rows with a vector whose value is stored where it was when that was made.
    """

    dataset: Any
    column: str
    parts: Sequence[ColumnPart]
    made: MadeFrom
    recorded: NDArray[np.bool_]
    unchanged: NDArray[np.bool_]

    @classmethod
    def read(cls, dataset: Any, column: str, records: Records, check: Callable[[], None]) -> EarlierVectors:
        """Look up the records of all parts; no vector is read."""
        parts, sources = column_parts(dataset, column), records.sources(dataset)
        count = parts[-1].rows.stop if parts else 0
        made = MadeFrom.nothing(count)
        recorded, unchanged = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
        for part in parts:
            check()
            rows = slice(part.rows.start, part.rows.stop)
            found = records.read(dataset, part)
            recorded[rows] = part.file is None or found is not None
            if found is not None:
                made.put(rows, found[0])
                unchanged[rows] = (found[0].values != b"") & (found[1] == sources[part.rows.id])
        return cls(dataset, column, parts, made, recorded, unchanged)

    def settled(self, kind: EmbeddingKind) -> NDArray[np.bool_]:
        """bool (n,): rows whose value is what it was and says all: texts, and pictures that stand in the column."""
        if kind == "text":
            return self.unchanged
        settled: NDArray[np.bool_] = self.unchanged & (self.made.states == self.made.values)
        return settled

    @property
    def unrecorded(self) -> list[ColumnPart]:
        """The parts of which there is no record."""
        return [part for part in self.parts if not self.recorded[part.rows.start : part.rows.stop].all()]
