"""COPY of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

from thanosql_kernel.catalog.model import Folder
from thanosql_kernel.engine.relations.arrow import FolderRelation
from thanosql_kernel.engine.sources.media.listing import Listing, list_folder
from thanosql_kernel.engine.sources.media.looking import look_at
from thanosql_kernel.engine.sources.media.rows import asks, rows
from thanosql_kernel.engine.sources.media.sighting import sightings
from thanosql_kernel.engine.sources.media.telling import tell, unread
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.engine.work import Work
from thanosql_kernel.folders.columns import folder_columns
from thanosql_kernel.folders.selection import Selection
from thanosql_kernel.folders.walk import FolderGone
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.copy_options import selection_of
from thanosql_kernel.wording.data import TS500
from thanosql_kernel.wording.system import system_reason


def read_folder(folder: Path, written: str, reading: Reading) -> FolderRelation:
    """The media files in a folder and below it, in natural order, with what is known of them.

    Args:
        folder: Where it is.
        written: How the user wrote it; the paths start with it, or with what finds it from anywhere.
        reading: The COPY; told what was left out.

    Raises:
        DataError: TS500, it holds none, or could not be read to its end.
    """
    listing = listed(folder, written, reading)
    if not listing.paths:
        unread(listing.left_out, reading.work.notice)
        raise reading.error(TS500.NO_MEDIA(folder=written), hint=TS500.FOLDER_OR_FILE())
    with abandonable(reading.work.check) as call:
        call(lambda: tell(listing, reading.work.notice))
    selection, order = selection_of(reading.options), listing.in_order()
    return files_as_rows(listing, selection, order, reading.work)


def files_as_rows(
    listing: Listing, selection: Selection, indices: Sequence[int], work: Work
) -> FolderRelation:
    """The rows of some files of a folder.

    Args:
        listing: The folder.
        selection: How it was listed.
        indices: The files, in the order of the rows.
        work: Who waits.

    Raises:
        Interrupted: The user asked to stop.
    """
    looks = look_at(listing, indices, work, metadata=asks(listing, selection.metadata))
    table = rows(listing, indices, looks, metadata=selection.metadata)
    columns = folder_columns(listing.media, metadata=selection.metadata)
    return FolderRelation(table, columns, remembered(listing, selection), sightings(listing, indices, looks))


def remembered(listing: Listing, selection: Selection) -> Folder:
    """What a table remembers of the folder that it was copied from: what it is taken for does not change later."""
    said = {field.name: getattr(selection, field.name) for field in fields(selection) if field.init}
    kept = {name: value for name, value in said.items() if value != getattr(Selection(), name)}
    return Folder(listing.base, tuple(sorted({**kept, "media": listing.media}.items())))


def selection_from(folder: Folder) -> Selection:
    """How a folder was listed whose files a table has; options of later releases are passed over."""
    known = {field.name for field in fields(Selection) if field.init}
    return Selection(**{name: cast(Any, value) for name, value in folder.options if name in known})


def listed(folder: Path, written: str, reading: Reading) -> Listing:
    """The files that COPY's options choose.

    Raises:
        DataError: TS500, the folder could not be read to its end.
    """
    work = reading.work
    base = work.paths.shortened(written, work.folder)
    try:
        return list_folder(folder, base, selection_of(reading.options), work)
    except FolderGone as error:
        raise reading.error(TS500.FOLDER_GONE(name=written), hint=TS500.TRY_AGAIN()) from error
    except OSError as error:
        message = TS500.UNREADABLE(name=written, reason=system_reason(error))
        raise reading.error(message) from error
