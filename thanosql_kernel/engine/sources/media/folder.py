"""COPY of a folder."""

from __future__ import annotations

from pathlib import Path

from thanosql_kernel.engine.relations.arrow import FolderRelation
from thanosql_kernel.engine.sources.media.listing import Listing, list_folder
from thanosql_kernel.engine.sources.media.rows import rows
from thanosql_kernel.engine.sources.media.telling import tell, unread
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.folders.columns import folder_columns
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
    metadata = selection_of(reading.options).metadata
    table = rows(listing, reading.work, metadata=metadata)
    return FolderRelation(table, folder_columns(listing.media, metadata=metadata), listing.base)


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
