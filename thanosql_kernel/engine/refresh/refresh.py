"""A table is brought up to date with its folders: what is there now, what became of its rows, one commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog.model import Folder
from thanosql_kernel.engine.query.folders import path_columns
from thanosql_kernel.engine.query.writing import TableWriter
from thanosql_kernel.engine.refresh.comparing import Comparison, Fate
from thanosql_kernel.engine.refresh.contents import Contents
from thanosql_kernel.engine.refresh.looking import Away, Files, Place, look
from thanosql_kernel.engine.refresh.plan import Plan, Planning
from thanosql_kernel.engine.refresh.table_files import TableFiles
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.sources.media.folder import remembered, selection_from
from thanosql_kernel.engine.sources.open import folder_at
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.engine.store.columns import existing_column
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Unsupported
from thanosql_kernel.folders.columns import PATHS
from thanosql_kernel.folders.kinds import Media
from thanosql_kernel.folders.selection import Selection
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.changes import Refreshed
from thanosql_kernel.statements.copy_options import selection_of
from thanosql_kernel.statements.options import Options
from thanosql_kernel.wording import counted
from thanosql_kernel.wording import refresh as told
from thanosql_kernel.wording.data import TS500
from thanosql_kernel.wording.refusals import TS600

if TYPE_CHECKING:
    from thanosql_kernel.engine.embed.cache import EmbeddingCache


@dataclass(frozen=True, slots=True)
class Asked:
    """A folder that the statement names.

    Attributes:
        path: What the paths of its files begin with in the table, ``/`` at its end.
        folder: Where it is.
        selection: Which of its files are wanted; None for what the table remembers.
    """

    path: str
    folder: Path
    selection: Selection | None


def asked_folder(reading: Reading, written: str, options: Options | None) -> Asked:
    """The folder that a statement names.

    Raises:
        DataError: TS500, there is none.
        Unsupported: TS600, it is a file.
    """
    found = folder_at(written, reading)
    if found is None:
        raise Unsupported(TS600.REFRESHES_FOLDERS(), span=reading.span, hint=TS600.REPLACE_OR_APPEND())
    spelt, folder = found
    base = reading.work.paths.shortened(spelt, reading.work.folder)
    base = base if base.endswith(("/", os.sep)) else base + "/"
    return Asked(base, folder, None if options is None else selection_of(options))


class Refreshing:
    """One table that is brought up to date.

    Args:
        target: The table.
        changes: What writes it.
        read: Reads a table as it is now.
        cache: The embedding cache, asked for only if files have to be known again by what they hold.
        work: The statement's.
        keeps: Whether rows stay whose files are gone.
    """

    def __init__(
        self,
        target: StoredRelation,
        changes: TableWriter,
        read: Callable[[str], StoredRelation],
        cache: Callable[[], EmbeddingCache],
        work: Work,
        *,
        keeps: bool,
    ) -> None:
        self.target, self.table = target, target.table
        self._changes, self._read, self._cache = changes, read, cache
        self.work, self.keeps, self.span = work, keeps, work.span

    def refresh(self, asked: Asked | None) -> Refreshed:
        """Do it.

        Raises:
            DataError: TS500, no folder can be reached, or the files of all are gone; nothing was changed.
            UnknownName: TS202, the table has no column for the paths of such files.
            Unsupported: TS600, it has none for any.
            Conflict: Somebody has changed the table meanwhile.
            Interrupted: The user asked to stop; nothing was changed.
        """
        if not path_columns(self.table.columns):
            message, hint = TS600.NO_PATHS_OF_FILES(table=self.table.name), TS600.REPLACE_OR_APPEND()
            raise Unsupported(message, span=self.span, hint=hint)
        places = self._places(asked)
        with abandonable(self.work.check) as call:
            files, away = look(places, self.work)
            rows = call(lambda: TableFiles.of(self.target))
        comparison = self._comparison(rows, files, asked)
        if away and not files.listings:
            raise self._unreachable(away[0])
        for kind in sorted({kind for listing in files.listings for kind in listing.kinds}):
            existing_column(self.table, PATHS[kind], self.span)
        done = Refreshed(kept=len(rows), outdated=tuple(self._unrecorded()))
        if not comparison.is_quiet:
            fate = self._judged(comparison.fate(keeps=self.keeps), rows, files)
            plan = Planning(self.target, rows, files, fate, self.work, keeps=self.keeps).plan()
            again = bool(comparison.unsure.any())
            self._changes.edit(self.target, plan.edit, plan.new, plan.seen, self.span, sees_again=again)
            done = self._refreshed(rows, fate, plan)
        self._tell_away(away)
        if asked is not None:
            self._remember(files)
        return done

    # -- which folders -------------------------------------------------------------------------------------------
    def _places(self, asked: Asked | None) -> list[Place]:
        if asked is not None:
            known = next((it for it in self.table.folders if it.path == asked.path), None)
            present = selection_from(known) if known else self._guessed()
            selection = asked.selection or present
            selection = selection if selection.media else replace(selection, media=present.media)
            return [Place(asked.path, asked.folder, selection)]
        find = self.work.paths.find
        folders = self.table.folders
        with abandonable(self.work.check) as call:
            found = call(lambda: [find(folder.path) for folder in folders])
        return [
            Place(folder.path, at, selection_from(folder)) for folder, at in zip(folders, found, strict=True)
        ]

    def _guessed(self) -> Selection:
        """How a folder is listed that the table does not remember."""
        kinds = {column.name.lower().removesuffix("_path") for column in path_columns(self.table.columns)}
        (kind, *others) = sorted(kinds)
        media = cast(Media, "all" if others else kind)
        return Selection(media=media)

    def _comparison(self, rows: TableFiles, files: Files, asked: Asked | None) -> Comparison:
        mine = np.zeros(len(rows), dtype=np.bool_)
        protected = np.zeros(len(rows), dtype=np.bool_)
        for listing in files.listings:
            mine |= rows.below(listing.base)
        if asked is not None and all(it.path != asked.path for it in self.table.folders):
            for folder in self.table.folders:  # it may be what one of them is called now
                protected |= rows.below(folder.path) & ~mine
        return Comparison(
            rows,
            files,
            mine | protected,
            protected,
            lambda: self._made_from,
            lambda: Contents(self._cache().files, self.work),
            self.work,
        )

    @cached_property
    def _made_from(self) -> NDArray[np.bytes_]:
        """What the files of the rows held (n,) when their vectors were made."""
        from thanosql_kernel.engine.embed.digests import KEY
        from thanosql_kernel.engine.embed.made import recorded_contents

        sources = [column.name.lower() for column in path_columns(self.table.columns)]
        found = np.zeros(self.target.count(), dtype=KEY)
        for column in self.table.columns:
            made = column.generated
            if made is not None and made.kind in ("image", "video") and made.source.lower() in sources:
                contents, _ = recorded_contents(self.target.dataset, column.name)
                found = np.where(found == b"", contents, found).astype(KEY)
        return found

    # -- folders that are away -----------------------------------------------------------------------------------
    def _unreachable(self, away: Away) -> DataError:
        message = TS500.FOLDER_AWAY(name=away.path, reason=away.reason)
        hint = told.FOLDER_MOVED(table=self.table.name)
        return DataError(message, span=self.span, hint=hint)

    def _tell_away(self, away: Sequence[Away]) -> None:
        for folder in away:
            self.work.notice(told.AWAY(name=folder.path, reason=folder.reason))

    def _judged(self, fate: Fate, rows: TableFiles, files: Files) -> Fate:
        """A folder that has lost all of its files at once is not believed: a disk that is away looks like that.

        Raises:
            DataError: TS500, there is no other folder.
        """
        gone = fate.gone
        for listing in files.listings:
            lost = gone & rows.below(listing.base)
            if len(listing) or self.keeps or not lost.any():
                continue
            count = counted(int(lost.sum()), "file")
            if len(files.listings) == 1:
                message = TS500.FOLDER_EMPTIED(name=listing.base, table=self.table.name, files=count)
                raise DataError(message, span=self.span, hint=told.IF_EMPTIED(table=self.table.name))
            self.work.notice(told.EMPTIED(name=listing.base, files=count))
            gone = gone & ~lost
        return replace(fate, gone=gone)

    # -- what is remembered and told -----------------------------------------------------------------------------
    def _remember(self, files: Files) -> None:
        """The table has files of the folder now; folders that are gone with all of their files are forgotten."""
        (listing,) = files.listings
        new = remembered(listing, files.places[0].selection)
        kept = [it for it in self.table.folders if it.path != new.path and not self._is_over(it)]
        if [*kept, new] != list(self.table.folders):
            self._changes.remember_folders(self.table.name, [*kept, new])

    def _is_over(self, folder: Folder) -> bool:
        if os.path.lexists(self.work.paths.find(folder.path)):
            return False
        return not TableFiles.of(self._read(self.table.name)).below(folder.path).any()

    def _refreshed(self, rows: TableFiles, fate: Fate, plan: Plan) -> Refreshed:
        counts = {
            "added": len(fate.new),
            "removed": len(plan.edit.deleted),
            "renamed": int(fate.renamed.sum()),
            "changed": plan.changed,
        }
        kept = len(rows) - counts["removed"] - counts["renamed"] - counts["changed"]
        missing = int(fate.gone.sum()) if self.keeps else 0
        outdated = plan.outdated or tuple(self._unrecorded())
        return Refreshed(**counts, kept=kept, missing=missing, outdated=outdated)

    def _unrecorded(self) -> list[str]:
        """Generated columns some of whose vectors have not been made, or are not known to be of what is there."""
        from thanosql_kernel.engine.embed.made import recorded_contents

        sources = [column.name.lower() for column in path_columns(self.table.columns)]
        return [
            column.name
            for column in self.table.columns
            if (made := column.generated) is not None
            and made.source.lower() in sources
            and not recorded_contents(self.target.dataset, column.name)[1]
        ]
