"""The files that a table's rows name, and what they were when the rows were written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.query.folders import path_columns
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.sightings import read_sightings
from thanosql_kernel.folders.columns import MOTION, OF_FILES

if TYPE_CHECKING:
    import pyarrow as pa

Mask = NDArray[np.bool_]
_SIZE, _TIME = OF_FILES[:2]


@dataclass(frozen=True, slots=True)
class TableFiles:
    """The files of a table's rows.

    Attributes:
        columns: Those that hold paths.
        held: The paths in them.
        paths: Of each row the first that it has, Arrow texts (n,).
        of_column: int64 (n,): in which column that is; -1 where a row has none.
        size_bytes: int64 (n,), as the row knows it; -1 where it does not.
        modified_us: int64 (n,).
        is_lasting: bool (n,): whether size and time tell what the file was then from what it may be now.
        is_recorded: bool (n,): rows of which the table remembers what their files were.
        seen: What it remembers (n,), see `store.sightings`.
        films: The films of live photos, Arrow texts (n,); None where the table has no column of them.
    """

    columns: Sequence[Column]
    held: pa.Table
    paths: pa.Array
    of_column: NDArray[np.int64]
    size_bytes: NDArray[np.int64]
    modified_us: NDArray[np.int64]
    is_lasting: Mask
    is_recorded: Mask
    seen: pa.Table
    films: pa.Array | None

    def __len__(self) -> int:
        return len(self.paths)

    @classmethod
    def of(cls, target: StoredRelation) -> TableFiles:
        """Read them; the table has a column of paths."""
        import pyarrow.compute as pc

        columns = path_columns(target.columns)
        known = [column for it in (_SIZE, _TIME) if (column := _same(target, it)) is not None]
        films = _same(target, MOTION)
        names = [column.name for column in (*columns, *known, *([films] if films is not None else []))]
        rows = target.fetch(names).combine_chunks()
        held = rows.select([column.name for column in columns])
        paths = pc.coalesce(*held.columns).combine_chunks()
        of_column = np.full(len(paths), -1, dtype=np.int64)
        for number in reversed(range(len(columns))):
            of_column[np.asarray(held.column(number).is_valid())] = number
        seen, without = read_sightings(target.dataset, columns[0].name)
        is_recorded = np.ones(len(paths), dtype=np.bool_)
        for part in without:
            is_recorded[part.rows.start : part.rows.stop] = False
        sizes, times = seen.column("size_bytes"), seen.column("modified_us")
        if len(known) == 2:
            own = [rows.column(column.name).cast("int64") for column in known]
            is_both = pc.and_(own[0].is_valid(), own[1].is_valid())
            sizes, times = (
                pc.coalesce(mine, pc.if_else(is_both, its, None))
                for mine, its in zip((sizes, times), own, strict=True)
            )
        lasting = seen.column("is_lasting").fill_null(True)
        return cls(
            columns,
            held,
            paths,
            of_column,
            _numbers(sizes),
            _numbers(times),
            np.asarray(lasting),
            is_recorded,
            seen,
            None if films is None else pc.coalesce(rows.column(films.name)).combine_chunks(),
        )

    def path(self, row: int) -> str:
        """The path of a row that has one."""
        return str(self.paths[row].as_py())

    def number_of(self, kind: str) -> int:
        """The number of the column for the paths of a kind of files; -1 where there is none."""
        names = [column.name.lower() for column in self.columns]
        name = f"{kind}_path"
        return names.index(name) if name in names else -1

    def below(self, path: str) -> Mask:
        """The rows (n,) whose paths begin with that."""
        import pyarrow.compute as pc

        return np.asarray(pc.starts_with(self.paths, path).fill_null(False))


def _same(target: StoredRelation, column: Column) -> Column | None:
    """A table's column of a name and type."""
    found = target.table.column(column.name)
    return found if found is not None and found.type == column.type else None


def _numbers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(column.fill_null(-1), dtype=np.int64)
