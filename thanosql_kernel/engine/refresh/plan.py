"""What a table's rows become, as one edit of the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.refresh.comparing import Fate
from thanosql_kernel.engine.refresh.looking import Files, Place
from thanosql_kernel.engine.refresh.table_files import Mask, TableFiles
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.sources.media.listing import Listing
from thanosql_kernel.engine.sources.media.rows import facts, read_rows
from thanosql_kernel.engine.store.edit import Change, Edit
from thanosql_kernel.engine.work import Work
from thanosql_kernel.folders.columns import MOTION, OF_FILES, PATHS, columns_for, folder_columns

if TYPE_CHECKING:
    import pyarrow as pa

Positions = NDArray[np.int64]

#: What a file has got when nothing but its name, place or time is another.
_LIGHT = frozenset((*(column.name for column in OF_FILES), MOTION.name))


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a table.

    Attributes:
        edit: What becomes of its rows.
        new: Rows to add; None for none.
        seen: What the files of all rows are then, see `store.sightings`.
        changed: How many rows have a file that was written since, under the same path.
        outdated: The generated columns that lack vectors then, or whose vectors may be of other files.
    """

    edit: Edit
    new: ArrowRelation | None
    seen: pa.Table
    changed: int
    outdated: tuple[str, ...]


class Planning:
    """The way from what has become of files to what becomes of rows.

    Args:
        target: The table.
        rows: Its files.
        files: What is there now.
        fate: What has become of them.
        keeps: Whether rows stay whose files are gone.
        work: Who waits.
    """

    def __init__(
        self, target: StoredRelation, rows: TableFiles, files: Files, fate: Fate, work: Work, *, keeps: bool
    ) -> None:
        self.target, self.rows, self.files, self.fate, self.work = target, rows, files, fate, work
        self.deleted = np.empty(0, np.int64) if keeps else np.flatnonzero(fate.gone)
        written = fate.changed & ~fate.is_same
        self.full = written | self._unfilled()
        self.light = (fate.changed | fate.renamed) & ~self.full
        self.cleared = written

    def plan(self) -> Plan:
        """The edit.

        Raises:
            Interrupted: The user asked to stop.
        """
        order = self.files.in_order(self.fate.new)
        changes = [*self._paths(), *self._facts(), *self._vectors()]
        edit = Edit(self.deleted, [change for change in changes if len(change.positions)])
        changed = int(((self.full | self.light) & ~self.fate.renamed).sum())
        return Plan(edit, self._new(order), self._seen(order), changed, tuple(self._outdated()))

    def _unfilled(self) -> Mask:
        """Rows that somebody else wrote, without what is known of their files."""
        there = (self.fate.at >= 0) & (self.rows.size_bytes < 0)
        return there & (len(self._filled(OF_FILES)) == len(OF_FILES))

    def _filled(self, columns: Sequence[Column]) -> list[Column]:
        """Those of a folder's columns that the table takes; others of these names are the user's own."""
        return [it for it in columns_for(self.target.columns, columns) if self.target.table.column(it.name)]

    # -- rows that change ----------------------------------------------------------------------------------------
    def _paths(self) -> Iterator[Change]:
        """Paths of rows whose file is another, in the first column of paths always: it says what is remembered."""
        import pyarrow as pa

        moved = np.flatnonzero(self.full | self.light)
        renamed = self.fate.renamed[moved]
        for number, column in enumerate(self.rows.columns):
            values = self.rows.held.column(number).take(pa.array(moved)).to_pylist()
            here = renamed & (self.rows.of_column[moved] == number)
            for at in np.flatnonzero(here).tolist():
                values[at] = self.files.path(int(self.fate.at[moved[at]]))
            if number == 0 or here.any():
                yield Change(
                    moved, pa.table({column.name: self._stored(column.name, pa.array(values, pa.string()))})
                )

    def _facts(self) -> Iterator[Change]:
        """What is known of files that were written, and of those that were moved or touched."""
        for is_full, mask in ((True, self.full), (False, self.light)):
            chosen = np.flatnonzero(mask)
            at = self.fate.at[chosen]
            for place, listing, these, _ in self.files.by_listing(np.unique(at)):
                mine = np.isin(at, these)
                indices = self.files.index(at[mine])
                columns = [it for it in self._of_place(place, listing) if is_full or it.name in _LIGHT]
                if columns:
                    yield self._change(chosen[mine], listing, indices, columns)

    def _of_place(self, place: Place, listing: Listing) -> list[Column]:
        """The table's columns of what is known of a folder's files."""
        columns = folder_columns(listing.media, metadata=place.selection.metadata)
        return self._filled([column for column in columns if column.name not in PATHS.values()])

    def _change(
        self, positions: Positions, listing: Listing, indices: Sequence[int], columns: Sequence[Column]
    ) -> Change:
        import pyarrow as pa

        is_light = all(column.name in _LIGHT for column in columns)
        found = facts(listing, indices) if is_light else read_rows(listing, indices, self.work)
        names = {column.name.lower(): column.name for column in self.target.columns}
        values = {
            names[column.name]: self._stored(names[column.name], found.column(column.name))
            for column in columns
        }
        return Change(positions, pa.table(values))

    def _stored(self, name: str, values: Any) -> Any:
        return values.cast(self.target.dataset.schema.field(name).type)

    def _vectors(self) -> Iterator[Change]:
        """The vectors of what was written since are gone with it: nobody takes them for those of what is there now."""
        import pyarrow as pa

        cleared = np.flatnonzero(self.cleared)
        for name in self._made_of_files():
            field = self.target.dataset.schema.field(name)
            yield Change(cleared, pa.table({name: pa.nulls(len(cleared), field.type)}))

    def _made_of_files(self) -> list[str]:
        """The generated columns that were made of paths, or of what is known of files."""
        sources = {column.name.lower() for column in self.rows.columns}
        sources |= {column.name for column in folder_columns("all") if self.target.table.column(column.name)}
        return [
            column.name
            for column in self.target.columns
            if column.generated is not None and column.generated.source.lower() in sources
        ]

    def _outdated(self) -> Iterator[str]:
        fate = self.fate
        if len(fate.new) or fate.changed.any() or fate.renamed.any() or self.full.any():
            yield from self._made_of_files()

    # -- rows to add ---------------------------------------------------------------------------------------------
    def _new(self, order: Positions) -> ArrowRelation | None:
        """The rows of new files, with those of the table's columns that a folder fills."""
        import pyarrow as pa

        tables: list[pa.Table] = []
        columns: Mapping[str, Column] = {}
        for place, listing, _, own in self.files.by_listing(order):
            wanted = [*self._path_columns(listing), *self._of_place(place, listing)]
            found = read_rows(
                listing, own, self.work, metadata=len(wanted) > len(self._path_columns(listing))
            )
            tables.append(found.select([column.name for column in wanted]))
            columns = {**columns, **{column.name: column for column in wanted}}
        if not tables:
            return None
        table = pa.concat_tables(tables, promote_options="default")
        return ArrowRelation(table, [columns[name] for name in table.column_names])

    def _path_columns(self, listing: Listing) -> list[Column]:
        return self._filled(folder_columns(listing.media, metadata=False))

    def _seen(self, order: Positions) -> pa.Table:
        """What is remembered of the files of all rows that stay, and of the new ones."""
        import pyarrow as pa

        count, fate = len(self.rows), self.fate
        places = np.arange(count)
        there = np.flatnonzero(fate.at >= 0)
        looked = there[np.isin(fate.at[there], fate.now)]
        places[looked] = count + np.searchsorted(fate.now, fate.at[looked])
        new = count + np.searchsorted(fate.now, order)
        places = np.concatenate([np.delete(places, self.deleted), new])
        return pa.concat_tables([self.rows.seen, fate.seen]).take(pa.array(places)).combine_chunks()
