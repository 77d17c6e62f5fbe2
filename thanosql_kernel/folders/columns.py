"""The columns of tables made of folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from thanosql_kernel.catalog import Column
from thanosql_kernel.folders.kinds import KINDS, Kind, Media

#: The columns of paths.
PATHS: Mapping[Kind, str] = {kind: f"{kind}_path" for kind in KINDS}

#: What is known of a picture beside its path.
OF_PICTURES: tuple[Column, ...] = (
    Column("taken_at", "TIMESTAMP"),
    Column("taken_offset", "VARCHAR"),
    Column("width", "INTEGER"),
    Column("height", "INTEGER"),
    Column("camera", "VARCHAR"),
    Column("latitude", "DOUBLE"),
    Column("longitude", "DOUBLE"),
)
#: What is known of every file.
OF_FILES: tuple[Column, ...] = (
    Column("size_bytes", "BIGINT"),
    Column("modified_at", "TIMESTAMP WITH TIME ZONE"),
    Column("kind", "VARCHAR"),
)
#: The film of a live photo.
MOTION = Column("motion_path", "VARCHAR")


def folder_columns(media: Media, *, metadata: bool = True) -> tuple[Column, ...]:
    """The columns of a folder's table, those of paths first.

    Args:
        media: What its rows are.
        metadata: Whether there is more than paths.
    """
    paths: Sequence[Kind] = KINDS if media == "all" else (media,)
    columns = tuple(Column(PATHS[kind], "VARCHAR") for kind in paths)
    if not metadata:
        return columns
    has_pictures = media in ("image", "all")
    return (*columns, *OF_PICTURES * has_pictures, *OF_FILES, *(MOTION,) * has_pictures)


def columns_for(table: Sequence[Column], folder: Sequence[Column]) -> tuple[Column, ...]:
    """Those of a folder's columns that a table takes: the paths, and what it has under the same name and type.

    A table that was made before there was more than paths may have a ``kind`` or ``width`` of its own, with another
    meaning: it takes paths alone unless it has what only folders give.
    """
    types = {column.name.lower(): column.type for column in table}
    paths = PATHS.values()
    is_of_folder = any(name in types for name in _ONLY_OF_FOLDERS)
    return tuple(
        column
        for column in folder
        if column.name in paths or (is_of_folder and types.get(column.name) == column.type)
    )


_ONLY_OF_FOLDERS = ("taken_at", "size_bytes", "modified_at")
