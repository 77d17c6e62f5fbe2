"""EXPORT's work: rows to files that other programs read, whole or not at all."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import NamedTuple

from thanosql_kernel.catalog.unknown import no_column
from thanosql_kernel.engine.export.formats import write_table
from thanosql_kernel.engine.export.pictures import write_folder, write_html
from thanosql_kernel.engine.export.scratch import whole
from thanosql_kernel.engine.export.stream import Outgoing
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Span
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.wording.data import TS500, TS504
from thanosql_kernel.wording.names import CHOOSE_ANOTHER_NAME, TS202
from thanosql_kernel.wording.system import system_reason

_IMAGE_NAMES = ("image_path", "image", "filepath", "path")
_PICTURE_COPY = re.compile(r"\d{4,}_.+", re.DOTALL)


class Exported(NamedTuple):
    """What was written: how many rows, and how many pictures of them could not be copied."""

    rows: int
    missing: int = 0


def export(
    rows: Relation,
    target: Path,
    *,
    format: str,
    image_column: str | None,
    internal: Path,
    overwrite: bool,
    work: Work,
) -> Exported:
    """Write rows to ``target``.

    Args:
        rows: What to write.
        target: The file or, for the format "folder", the folder.
        format: csv, tsv, parquet, json, jsonl, html or folder.
        image_column: The column with picture paths, for html and folder; guessed when None.
        internal: The database's own folder, where what is unfinished lies.
        overwrite: Whether something that is there already may be replaced.
        work: Finds pictures by the paths in the rows.

    Raises:
        DataError: TS504 when the target exists or cannot be written, TS500 when more than its folder is missing.
        UnknownName: TS202 when there is no such picture column.
    """
    images = _image_column(rows, image_column, work.span)
    try:
        target = target.resolve() if target.is_symlink() else target
        _check_free(target, overwrite, work.span, is_folder=format == "folder")
        _make_folder(target.parent, work, is_needed=format != "folder")
        with (
            whole(target, is_folder=format == "folder", internal=internal) as unfinished,
            work.progress("EXPORT", None, "rows") as bar,
        ):
            return _write(Outgoing(rows, work.check, bar.advance), unfinished, format, images, work)
    except (OSError, ValueError) as error:
        message = TS504.NOT_WRITTEN(name=_shown(target), reason=system_reason(error))
        raise DataError(message, span=work.span) from error


def _make_folder(folder: Path, work: Work, *, is_needed: bool) -> None:
    """The folder of a file, made if nothing else is missing; several in a row are a slip in the path rather."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    if not missing:
        return
    if len(missing) > is_needed:
        first = missing[-1]
        name = first.relative_to(work.folder) if first.is_relative_to(work.folder) else first
        raise DataError(TS500.NO_FOLDER(name=name), span=work.span, hint=TS500.MAKE_FOLDER(name=name))
    folder.mkdir(exist_ok=True)


def _write(outgoing: Outgoing, file: Path, format: str, images: str | None, work: Work) -> Exported:
    if format not in ("html", "folder"):
        return Exported(write_table(outgoing, file, format))
    with abandonable(work.check) as call:
        if format == "html":
            return Exported(write_html(outgoing, file, images, work.pictures, call))
        return Exported(*write_folder(outgoing, file, images, work.pictures, call))


def _shown(target: Path) -> str:
    name = target.name.replace("\0", "\\0")
    return name if len(name) <= 80 else f"…{name[-79:]}"


def _check_free(target: Path, overwrite: bool, span: Span | None, *, is_folder: bool) -> None:
    """Refuse to replace what is there, unless the user said so; never a folder with files that EXPORT did not write."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if is_folder and stat.S_ISDIR(mode) and not any(target.iterdir()):
        return
    told, hint = TS504.EXISTS, TS504.OVERWRITE
    if stat.S_ISDIR(mode) and not (is_folder and _is_export(target)):
        told, hint = TS504.FOREIGN_FOLDER, CHOOSE_ANOTHER_NAME
    elif not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        told, hint = TS504.NO_PLAIN_FILE, CHOOSE_ANOTHER_NAME
    elif overwrite:
        return
    raise DataError(told(name=target.name or target), span=span, hint=hint())


def _is_export(folder: Path) -> bool:
    """Whether a folder holds what EXPORT writes and nothing else."""
    names = [path.name for path in folder.iterdir()]
    return "rows.csv" in names and all(name == "rows.csv" or _PICTURE_COPY.fullmatch(name) for name in names)


def _image_column(rows: Relation, stated: str | None, span: Span | None) -> str | None:
    by_name = {name.lower(): name for name in rows.names}
    if stated is not None and stated.lower() not in by_name:
        raise no_column(stated, span, rows.names, TS202.QUERY())
    wanted = (stated,) if stated is not None else _IMAGE_NAMES
    return next((by_name[name.lower()] for name in wanted if name.lower() in by_name), None)
