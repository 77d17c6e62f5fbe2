"""The columns that COPY would find: of csv and tsv files the header, of folders those that a few of its files tell."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import stat
from functools import lru_cache
from pathlib import Path

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.spellings import respelt
from thanosql_kernel.files import disk, is_remote, open_regular, without_tilde
from thanosql_kernel.folders.columns import folder_columns
from thanosql_kernel.folders.kinds import prevailing
from thanosql_kernel.folders.live import kinds_in
from thanosql_kernel.folders.selection import Selection
from thanosql_kernel.folders.walk import Walk
from thanosql_kernel.statements.copy_options import selection_of
from thanosql_kernel.statements.foresight import Columns, Some
from thanosql_kernel.statements.options import Options

_HEADER_BYTES = 65_536
_MOST_FILES = 2000
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_TABULAR = (".csv", ".tsv")


def file_columns(folder: Path, path: str, options: Options) -> Columns:
    """The columns of what a path leads to; None if that cannot be told by its first bytes, and soon.

    Args:
        folder: Where a relative path starts.
        path: As it is written in a statement.
        options: What the statement says about it.
    """
    if "://" in path or is_remote(path):
        return None
    place = (folder / without_tilde(path)).parent
    return disk.ask(place, lambda: _columns(folder / without_tilde(respelt(path, folder)), options), None)


def _columns(file: Path, options: Options) -> Columns:
    try:
        status = os.stat(file)
        if stat.S_ISDIR(status.st_mode):
            return _of_folder(file, selection_of(options))
        if file.suffix.lower() in _TABULAR and stat.S_ISREG(status.st_mode):
            return _header(file, status.st_mtime_ns, status.st_size)
    except (OSError, ValueError):  # ValueError: a zero byte in the path
        return None
    return None


def _of_folder(folder: Path, selection: Selection) -> Columns:
    """The columns of a folder; the first files tell its kind where nobody says it, as far as they can."""
    if selection.media is not None:
        return folder_columns(selection.media, metadata=selection.metadata)
    walk = Walk(os.fspath(folder), selection, most=_MOST_FILES)
    walk.walk()
    media = prevailing(kinds_in(walk.paths, walk.kinds)) or "image"
    columns = folder_columns(media, metadata=selection.metadata)
    return columns if walk.is_whole and walk.paths else Some(columns)


@lru_cache(maxsize=64)
def _header(file: Path, _mtime_ns: int, _size: int) -> Columns:
    """The names in the first row of a file; None if it is no UTF-8 or its first row does not end soon."""
    with open_regular(file) as stream:
        content = stream.read(_HEADER_BYTES)
    try:
        # What is cut may end within a letter.
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(content, final=False)
    except UnicodeDecodeError:
        return None
    dialect = _dialect(file, text)
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), dialect), [])
    except csv.Error:
        return None
    names = {name.lower() for name in header}
    columns = tuple(Column(name, "") for name in header)
    if len(names) < len(header) or not all(name.isidentifier() for name in header):
        return Some(columns) or None
    return columns or None


def _dialect(file: Path, text: str) -> type[csv.Dialect]:
    if file.suffix.lower() == ".tsv":
        return csv.excel_tab
    try:
        return csv.Sniffer().sniff(_LINE_BREAK.split(text, maxsplit=1)[0], ",;\t|")
    except csv.Error:
        return csv.excel
