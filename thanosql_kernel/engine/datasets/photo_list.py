"""The list of Unsplash Lite's photos: a table in a zip archive that others made."""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

_NAME = re.compile(r"photos\.(tsv|csv)\d*")
_MOST_BYTES = 1 << 30
_PIECE_BYTES = 1 << 20
_MOST_LINES = 50
_LONGEST_FIELD = 10_000
_LONGEST_LINE = 1 << 20
_ID = re.compile(r"[A-Za-z0-9_-]{5,64}")
_WANTED = ("photo_id", "photo_image_url", "photo_description", "ai_description")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class NoList(Exception):
    """The archive, or the list, cannot be read."""


class Photo(NamedTuple):
    """One photo of the list.

    Attributes:
        id: Letters, digits, ``-`` and ``_``; different from all others in more than the case of letters.
        url: Where it is, without a size.
        description: Its photographer's, without control characters; may be empty.
        ai_description: A program's.
    """

    id: str
    url: str
    description: str
    ai_description: str


@dataclass(frozen=True, slots=True)
class PhotoList:
    """The photos in the order of the list.

    Attributes:
        photos: Those that can be asked for.
        unusable: How many lines cannot be read, or name what is no photo of the set, or one that was named before.
    """

    photos: list[Photo]
    unusable: int


def unpack_list(archive: Path, target: Path, check: Callable[[], None]) -> None:
    """Write the list out of a zip archive, of which nothing else is read.

    Raises:
        NoList: It is no archive, is damaged, has no list in it or one that is far too large.
        OSError: The disk refuses.
    """
    try:
        with (
            zipfile.ZipFile(archive) as opened,
            opened.open(_member(opened)) as source,
            target.open("wb") as out,
        ):
            written = 0
            while piece := source.read(_PIECE_BYTES):
                check()
                written += len(piece)
                if written > _MOST_BYTES:
                    raise NoList
                out.write(piece)
    # RuntimeError: it has a password, NotImplementedError: an unknown compression.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise NoList from error


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The list; its place in the archive means nothing, for it is written under a name of ours."""
    found = [it for it in archive.infolist() if _NAME.fullmatch(it.filename.rpartition("/")[2])]
    if not found or found[0].file_size > _MOST_BYTES:
        raise NoList
    return min(found, key=lambda it: (it.filename.count("/"), it.filename))


def read_list(path: Path) -> PhotoList:
    """The photos that a list names.

    Args:
        path: A table whose columns are divided by tabs or commas, with a header.

    Raises:
        NoList: It has no header with the columns of such a list.
        OSError: It cannot be read.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        header = file.readline(_LONGEST_LINE).rstrip("\r\n")
        divider = "\t" if "\t" in header else ","
        names = next(csv.reader([header], delimiter=divider), [])
        if not set(_WANTED) <= set(names):
            raise NoList
        places = [names.index(name) for name in _WANTED]
        lines = iter(lambda: file.readline(_LONGEST_LINE), "")
        return _usable(_record(fields, places) for fields in _rows(lines, divider, len(names)))


def _record(fields: list[str] | None, places: list[int]) -> Photo | None:
    if fields is None:
        return None
    photo_id, url, description, ai_description = (fields[place] for place in places)
    return Photo(photo_id, url, _in_a_line(description), _in_a_line(ai_description))


def _usable(records: Iterator[Photo | None]) -> PhotoList:
    photos: dict[str, Photo] = {}
    unusable = 0
    for photo in records:
        # Some file systems take upper and lower case for the same.
        if photo is None or photo.id.lower() in photos or not _is_usable(photo):
            unusable += 1
        else:
            photos[photo.id.lower()] = photo
    return PhotoList(list(photos.values()), unusable)


def _is_usable(photo: Photo) -> bool:
    if not _ID.fullmatch(photo.id) or _CONTROL.search(photo.url):
        return False
    try:
        return urlsplit(photo.url).scheme in ("http", "https")
    except ValueError:
        return False


def _in_a_line(text: str) -> str:
    return _CONTROL.sub(" ", text[:_LONGEST_FIELD]).strip()


def _rows(lines: Iterator[str], divider: str, width: int) -> Iterator[list[str] | None]:
    """The fields of each row; None for a line that cannot be read.

    A quote that is never closed costs its own line, not all that follow.
    """
    ahead: deque[str] = deque()
    while line := ahead.popleft() if ahead else next(lines, ""):
        plain = line.rstrip("\r\n").split(divider)
        if '"' not in line:
            yield plain if len(plain) == width else None
            continue
        block = [line]
        while (quoted := _quoted(block, divider, width)) is None and len(block) < _MOST_LINES:
            following = ahead.popleft() if ahead else next(lines, "")
            if not following or _begins_a_row(following, divider, width):
                ahead.extendleft([following] if following else [])
                break
            block.append(following)
        if quoted is None:
            ahead.extendleft(reversed(block[1:]))
            quoted = plain if len(plain) == width else None
        yield quoted


def _quoted(block: list[str], divider: str, width: int) -> list[str] | None:
    """The fields of lines that are one row with quotes around some fields."""
    try:
        rows = list(csv.reader(block, delimiter=divider, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 and len(rows[0]) == width else None


def _begins_a_row(line: str, divider: str, width: int) -> bool:
    fields = line.split(divider)
    return len(fields) == width and _ID.fullmatch(fields[0].strip('"')) is not None
