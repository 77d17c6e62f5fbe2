"""What a table remembers of the folders that it was copied from: which they are, and what their files were."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import Folder
from thanosql_kernel.engine.relations.arrow import FolderRelation
from thanosql_kernel.engine.store.add_column import column_parts
from thanosql_kernel.engine.store.provenance import folders_of, with_folders
from thanosql_kernel.engine.store.sightings import unseen, write_sightings
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.folders.columns import PATHS


def path_columns(columns: Sequence[Column]) -> list[Column]:
    """Those of a table's columns that hold the paths of files in folders, in its order."""
    return [
        column for column in columns if column.name.lower() in PATHS.values() and column.type == "VARCHAR"
    ]


def fragments_in(tables: Tables, storage: str) -> frozenset[int]:
    """The numbers of a table's fragments; none if there is no such table."""
    dataset = tables.store.snapshot(storage)
    return frozenset(() if dataset is None else (int(it.fragment_id) for it in dataset.get_fragments()))


def note_files(tables: Tables, storage: str, rows: FolderRelation, before: Collection[int]) -> None:
    """Remember what the files of rows were that have just been written to a table whose lock is held.

    Args:
        tables: The stored tables.
        storage: The table.
        rows: The rows.
        before: The numbers of the fragments that it had without them.
    """
    import pyarrow as pa

    dataset = tables.store.open(storage)
    column = next(iter(path_columns([Column(field.name, "VARCHAR") for field in dataset.schema])), None)
    if column is None:
        return
    parts = [part for part in column_parts(dataset, column.name) if part.rows.id not in before]
    if sum(len(part.rows.offsets) for part in parts) == len(rows.sightings):
        seen = pa.concat_tables([unseen(parts[0].rows.start if parts else 0), rows.sightings])
        write_sightings(dataset, parts, seen)


def note_folder(tables: Tables, storage: str, folder: Folder) -> None:
    """Remember that a table, whose lock is held, has files of a folder."""
    known = folders_of(tables.store.open(storage).schema)
    if folder not in known:
        put_folders(tables, storage, [*(it for it in known if it.path != folder.path), folder])


def put_folders(tables: Tables, storage: str, folders: Sequence[Folder]) -> None:
    """Let a table, whose lock is held, remember these folders and no others."""
    dataset = tables.store.open(storage)
    fields = [field for field in dataset.schema if field.name.lower() in PATHS.values()]
    changed = {
        field.name: with_folders(field, folders if number == 0 else ()) for number, field in enumerate(fields)
    }
    if any(
        not dataset.schema.field(name).equals(field, check_metadata=True) for name, field in changed.items()
    ):
        tables.store.commit_fields(dataset, changed)
        tables.refresh()
