"""The columns that COPY would find: of csv and tsv files the header, of folders those that a few of its files tell."""

from __future__ import annotations

import codecs
import os
import re
import stat
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.spellings import respelt
from thanosql_kernel.files import disk, is_remote, open_regular, without_tilde
from thanosql_kernel.folders.columns import folder_columns
from thanosql_kernel.folders.kinds import prevailing
from thanosql_kernel.folders.live import kinds_in
from thanosql_kernel.folders.selection import Selection
from thanosql_kernel.folders.walk import Walk
from thanosql_kernel.statements.copy_options import TABLES, is_delimiter, selection_of, typed_columns
from thanosql_kernel.statements.foresight import Columns, Some
from thanosql_kernel.statements.options import Options
from thanosql_kernel.tabular import encodings
from thanosql_kernel.tabular.layout import SAMPLE_LINES, layout_of
from thanosql_kernel.tabular.names import column_names

_HEADER_BYTES = 65_536
_MOST_FILES = 2000
_HEAD_BYTES = 4096
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
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
            return _header(file, _told(options), status.st_mtime_ns, status.st_size)
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


class _Told(NamedTuple):
    """What the options say of a text table."""

    separator: str
    encoding: str | None
    skip: int
    header: bool
    types: tuple[tuple[str, str], ...]


def _told(options: Options) -> _Told:
    options = Options(options.given, TABLES)
    delimiter, encoding = options.text("delimiter") or "", options.text("encoding")
    return _Told(
        delimiter.replace("\\t", "\t") if is_delimiter(delimiter) else "",
        encodings.known(encoding) if encoding else None,
        max(0, options.integer("skip") or 0),
        options.value("header") is not False,
        tuple((column.name.lower(), column.type) for column in typed_columns(options)),
    )


@lru_cache(maxsize=64)
def _header(file: Path, told: _Told, _mtime_ns: int, _size: int) -> Columns:
    """The columns that the first lines of a file tell; None if they are no text or do not end soon."""
    with open_regular(file) as stream:
        content = stream.read(_HEADER_BYTES)
    text = _text(content, told.encoding)
    separator = told.separator or ("\t" if file.suffix.lower() == ".tsv" else None)
    layout = layout_of(text, separator=separator, skip=told.skip, header=told.header) if text else None
    if layout is None:
        return None
    types = dict(told.types)
    names = column_names(layout.header or ("",) * layout.width)
    columns = tuple(Column(name, types.get(name.lower(), "")) for name in names)
    # Names that cannot be stored are changed by the run.
    return columns if all(name.isidentifier() for name in names) else Some(columns)


def _text(content: bytes, encoding: str | None) -> str:
    """The first lines; empty if nobody can tell how they are written. What is cut may end within a letter."""
    name = encoding or encodings.unicode_encoding(content[:_HEAD_BYTES])
    text = _decoded(content, name or "utf-8")
    if text is None and name is None and (guess := _guessed(content)) is not None:
        text = _decoded(content, guess)
    whole, end, _ = (text or "").rpartition("\n")
    lines = whole + end if len(content) >= _HEADER_BYTES and end else text or ""
    return "".join(_LINE.findall(lines)[: SAMPLE_LINES * 2])


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content, final=False)
    except UnicodeError:
        return None


def _guessed(content: bytes) -> str | None:
    whole = content.rpartition(b"\n")[0] or content
    guess = encodings.guess(b"\n".join(dict.fromkeys(encodings.letters(whole))))
    return guess.name if guess is not None else None
