"""What has changed in a folder since a table was made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.relations.arrow import FolderRelation
from thanosql_kernel.engine.store.columns import existing_column
from thanosql_kernel.errors import Span, Unsupported
from thanosql_kernel.wording.refusals import TS600

if TYPE_CHECKING:
    from thanosql_kernel.engine.relations.relation import Relation
    from thanosql_kernel.engine.relations.stored import StoredRelation


@dataclass(frozen=True, slots=True)
class FolderChanges:
    """What a table lacks and has too much of.

    Attributes:
        new: The paths of files that no row has.
        gone: int64, ascending: positions of rows whose files are gone.
    """

    new: FolderRelation
    gone: NDArray[np.int64]


def folder_of(rows: Relation, span: Span | None) -> FolderRelation:
    """The rows as those of a folder.

    Raises:
        Unsupported: TS600, they come from elsewhere.
    """
    if not isinstance(rows, FolderRelation):
        raise Unsupported(TS600.REFRESHES_FOLDERS(), span=span, hint=TS600.REPLACE_OR_APPEND())
    return rows


def changes_of(
    folder: FolderRelation, target: StoredRelation, paths: PathFinder, span: Span | None
) -> FolderChanges:
    """What to change so that a table has the files of a folder; rows of other folders are left alone.

    A row goes only if its file is known to be gone: not where a folder may not be read, or is a link.

    Raises:
        UnknownName: TS202, the table has no column of paths.
    """
    stored = existing_column(target.table, folder.columns[0].name, span).name
    known = target.fetch([stored]).column(0).to_pylist()
    listed = folder.table.column(0).to_pylist()
    there, held = set(listed), set(known)
    gone = [
        position
        for position, path in enumerate(known)
        if path is not None and path.startswith(folder.base) and path not in there and _is_gone(path, paths)
    ]
    missing = np.array([path not in held for path in listed], dtype=np.bool_)
    return FolderChanges(
        FolderRelation(folder.table.filter(missing), folder.columns, folder.base),
        np.array(gone, dtype=np.int64),
    )


def _is_gone(path: str, paths: PathFinder) -> bool:
    try:
        paths.look(path)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False
