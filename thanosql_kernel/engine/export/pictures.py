"""Relation with their pictures: a page that shows them, or a folder that holds copies of them."""

from __future__ import annotations

import csv
import json
import math
import os
import re
import shutil
from datetime import date, datetime, time
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from thanosql_kernel.engine.export.formats import header
from thanosql_kernel.engine.export.stream import Outgoing
from thanosql_kernel.engine.pictures import Pictures
from thanosql_kernel.images.decode import UnreadableImage
from thanosql_kernel.images.inline import holds_picture, kind_of, place_of
from thanosql_kernel.images.thumbnail import data_uri
from thanosql_kernel.interrupts import Call
from thanosql_kernel.sql.identifiers import unique_names
from thanosql_kernel.web.client import is_web
from thanosql_kernel.web.naming import named

_THUMBNAIL_PX = 160
_MAX_NAME_BYTES = 255

_PAGE = """<!doctype html>
<meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif}}table{{border-collapse:collapse}}
td,th{{border-bottom:1px solid #ccc;padding:4px 10px;text-align:left}}</style>
<table><thead><tr>{head}</tr></thead><tbody>
"""


def write_html(outgoing: Outgoing, file: Path, images: str | None, finder: Pictures, call: Call) -> int:
    """A page with a table of the rows and thumbnails of column ``images``; returns how many rows."""
    shown = [column.name for column in outgoing.rows.columns if not column.type.endswith("]")]
    head = "".join(f"<th>{escape(name)}</th>" for name in shown)
    count = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(_PAGE.format(title="ThanoSQL", head=head))
        for record in outgoing.records():
            cells = "".join(
                f"<td>{_html_value(record[name], finder if name == images else None, call)}</td>"
                for name in shown
            )
            stream.write(f"<tr>{cells}</tr>\n")
            count += 1
        stream.write("</tbody></table>\n")
    return count


def _html_value(value: object, finder: Pictures | None, call: Call) -> str:
    """A value, escaped; a picture's name with the picture when ``finder`` can find it."""
    if value is None:
        return "<i>NULL</i>"
    text = escape(str(_told(value)))
    if finder is None:
        return text
    try:
        picture = call(lambda: data_uri(finder.source(value), side_px=_THUMBNAIL_PX))
        return f'<img src="{picture}" alt="{text}"><br>{text}'
    except UnreadableImage as error:
        return f"{text} ({escape(str(error))})"


def write_folder(
    outgoing: Outgoing, target: Path, images: str | None, finder: Pictures, call: Call
) -> tuple[int, int]:
    """Copies of the pictures, numbered in row order, and ``rows.csv`` with their names in its first column.

    Returns:
        How many rows there are, and how many pictures could not be copied.
    """
    names = outgoing.rows.names
    name_column = unique_names([*names, "file"])[-1]
    count = missing = 0
    with (target / "rows.csv").open("w", encoding="utf-8", newline="") as stream:
        stream.write(header([name_column, *names], ","))
        writer = csv.writer(stream, lineterminator="\n")
        for count, record in enumerate(outgoing.records(), start=1):
            picture = record[images] if images else None
            copy = None if picture is None else call(partial(_copied, picture, finder, target, count))
            missing += picture is not None and copy is None
            writer.writerow([copy, *(_csv_value(_told(record[name])) for name in names)])
    return count, missing


def _told(value: object) -> object:
    """A value as a page or line shows it: of bytes and pictures in the data what they are called."""
    return named(value) if isinstance(value, bytes) or holds_picture(value) else value


def _copied(picture: object, finder: Pictures, target: Path, number: int) -> str | None:
    """The name of a picture's copy in the folder; None if there is nothing to copy."""
    try:
        source = finder.source(picture)
    except UnreadableImage:
        return None
    if isinstance(source, bytes):
        copy = target / _numbered(number, _file_name(picture, source))
        copy.write_bytes(source)
        return copy.name
    path = Path(source)
    return _copy_picture(path, target / _numbered(number, path.name))


def _file_name(picture: object, content: bytes) -> str:
    """The name of a file for a picture that is none: as the data call it, with the ending of its kind."""
    called = re.split(r"[/\\]", _path_of(place_of(picture) or ""))[-1]
    stem, ending = os.path.splitext(re.sub(r"[\0-\x1f<>:\"|?*]", "_", called))
    kind = (kind_of(content) or "").lower()
    return (stem or "picture") + (ending or (f".{kind}" if kind else ""))


def _path_of(place: str) -> str:
    """The path of an address; a path as it is."""
    try:
        return unquote(urlsplit(place).path) if is_web(place) else place
    except ValueError:
        return ""


def _numbered(number: int, name: str) -> str:
    """The copy's name, cut before its ending where no file system would hold it."""
    start, ending = os.path.splitext(name)
    room = _MAX_NAME_BYTES - len(os.fsencode(f"{number:04d}_{ending}"))
    cut = os.fsencode(start)[: max(room, 0)].decode(errors="ignore")
    return f"{number:04d}_{cut}{ending}"


def _copy_picture(source: Path, target: Path) -> str | None:
    """Copy a picture; the name of the copy, None if there is nothing to copy."""
    try:
        if not source.is_file():
            return None
        with source.open("rb") as original, target.open("wb") as copy:
            shutil.copyfileobj(original, copy)
    except (FileNotFoundError, IsADirectoryError, PermissionError, ValueError):
        return None
    return target.name


def _csv_value(value: object) -> object:
    return _json(value) if isinstance(value, (list, dict)) else value


def _json(value: object) -> str:
    """JSON; it has no NaN and no infinity, null stands for them."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_plain)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> object:
    """What JSON has no form for, as text."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
