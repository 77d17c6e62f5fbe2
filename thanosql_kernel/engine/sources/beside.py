"""Lists of photos whose paths start where the list lies: rewritten so that they are found from the database.

Hugging Face's ImageFolder has ``metadata.jsonl`` or ``metadata.csv`` beside the photos, with a column ``file_name``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.sources.duck_files import FileRelation, literal
from thanosql_kernel.engine.sources.reading import Named, Reading
from thanosql_kernel.folders.kinds import KIND_OF, ending
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.wording import tables

_SAMPLE_ROWS = 20
_FILE_NAME = "file_name"
_IMAGE_PATH = "image_path"
#: What paths that start nowhere in particular begin with.
_ABSOLUTE = r"^(/|~|[A-Za-z]:|\\\\|[A-Za-z][A-Za-z0-9+.-]*:)"


def with_found_paths(rows: Relation, file: Named, reading: Reading) -> Relation:
    """The rows with paths of files that lie beside the list so that they are found; says which columns those are.

    A column ``file_name`` stays, and the paths are in a new column ``image_path``.

    Args:
        rows: What was read.
        file: The list.
        reading: The COPY.
    """
    texts = [column.name for column in rows.columns if column.type == "VARCHAR"]
    if not texts or not isinstance(rows, SqlRelation):
        return rows
    sample = rows.fetch(texts, limit=_SAMPLE_ROWS)
    folder = _folder(file, reading)
    paths = {name: _paths(sample.column(name).to_pylist()) for name in texts}
    with abandonable(reading.work.check) as call:
        found = call(
            lambda: [name for name in texts if _are_beside(paths[name], name, file.path.parent, reading)]
        )
    has_image_path = any(column.name.lower() == _IMAGE_PATH for column in rows.columns)
    added = next((name for name in found if name.lower() == _FILE_NAME and not has_image_path), None)
    replaced = [name for name in found if name != added and folder]
    if added is None and not replaced:
        return rows
    for name in replaced:
        reading.work.notice(tables.PATHS_BESIDE(column=name, folder=folder, file=file.path.name))
    if added is not None:
        reading.work.notice(tables.PATHS_ADDED(column=added, new=_IMAGE_PATH))
    return _Beside(rows, replaced, added, folder, reading)


def _folder(file: Named, reading: Reading) -> str:
    """What stands before a name in the list's folder, for who looks from the database; empty if nothing does."""
    written = file.name.rpartition("/")[0]
    if not written:
        written = "." if file.path.parent == reading.work.folder else str(file.path.parent)
    base = reading.work.paths.shortened(written, reading.work.folder)
    return "" if base == "." else f"{base.rstrip('/')}/"


def _paths(values: Sequence[str | None]) -> list[str]:
    """The relative paths among the values if all are paths of photos, films or sounds."""
    texts = [value for value in values if value]
    if any(ending(text) not in KIND_OF for text in texts):
        return []
    return [text for text in texts if not re.match(_ABSOLUTE, text)]


def _are_beside(paths: Sequence[str], name: str, folder: Path, reading: Reading) -> bool:
    """Whether most are found in the list's folder and, unless the column only names files, none from the database."""
    beside = sum(os.path.exists(folder / path) for path in paths)
    if not paths or beside * 2 < len(paths):
        return False
    finder = reading.work.paths
    return name.lower() == _FILE_NAME or not any(
        os.path.lexists(candidate) for path in paths for candidate in finder.candidates(path)
    )


class _Beside(FileRelation):
    """Rows with paths rewritten.

    Args:
        rows: The rows as they are written.
        replaced: Columns whose paths get the folder in front.
        added: The column of which ``image_path`` is made, if any.
        folder: What stands before the paths.
        reading: The COPY.
    """

    def __init__(
        self, rows: SqlRelation, replaced: Sequence[str], added: str | None, folder: str, reading: Reading
    ) -> None:
        self._rows, self._parts = rows, (replaced, added, folder)
        items = [_found(name, folder) if name in replaced else quote(name) for name in rows.names]
        columns = list(rows.columns)
        if added is not None:
            items.append(_found(added, folder).rpartition(" AS ")[0] + f" AS {_IMAGE_PATH}")
            columns.append(Column(_IMAGE_PATH, "VARCHAR"))
        sql = f"SELECT {', '.join(items)} FROM (\n{rows.own_types_sql()}\n)"
        super().__init__(reading.duck, sql, columns, reading, getattr(rows, "what", ""))

    def as_written(self, names: Sequence[str]) -> _Beside:
        """The rows with the texts of these columns."""
        rows = self._rows.as_written(names)
        assert isinstance(rows, SqlRelation)
        replaced, added, folder = self._parts
        return _Beside(rows, replaced, added, folder, self.reading)


def _found(name: str, folder: str) -> str:
    column = quote(name)
    is_absolute = f"regexp_matches({column}, {literal(_ABSOLUTE)})"
    return f"CASE WHEN {is_absolute} THEN {column} ELSE {literal(folder)} || {column} END AS {column}"
