"""What is on disk of Unsplash Lite, and what of it counts as fetched."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from thanosql_kernel.engine.datasets.arrival import Arrived
from thanosql_kernel.engine.datasets.photo_list import Photo
from thanosql_kernel.engine.datasets.photos import write_whole
from thanosql_kernel.engine.datasets.web import ELSEWHERE
from thanosql_kernel.wording import datasets

CSV_COLUMNS = ("photo_id", "image_path", "photo_image_url", "photo_description", "ai_description")

# Not remembered: a server that does not like us at the moment says 403 too, and addresses may be allowed.
_FOR_NOW = ("403", ELSEWHERE)


class UnsplashFolder:
    """The data set's folder.

    Args:
        place: Where it is.
        prefix: What paths in the csv begin with.
        width: Of the photos, in pixels.

    Attributes:
        list: The list of photos, as it was in the archive.
        table: The csv of the photos that are there.
    """

    def __init__(self, place: Path, prefix: str, width: int) -> None:
        self.place, self.prefix = place, prefix
        self.list, self.table = place / "photos.tsv000", place / "unsplash.csv"
        self.archive, self.part = place / ".lite.zip", place / ".lite.zip.part"
        self._photos, self._inside = place / f"w{width}", f"w{width}"
        self._gone, self._again = place / ".left_out.json", place / ".again"

    def is_foreign(self) -> bool:
        """Whether somebody else has put files there, and no list of photos, which would be ours to use."""
        try:
            names = os.listdir(self.place)
        except FileNotFoundError:
            return False
        return self.list.name not in names and any(not name.startswith(".") for name in names)

    # -- what is there ---------------------------------------------------------------------------------------
    @cached_property
    def gone(self) -> dict[str, str]:
        """The photos that the server refused: id -> why."""
        try:
            found = json.loads(self._gone.read_bytes())
        except (OSError, ValueError):
            return {}
        items = found.items() if isinstance(found, dict) else ()
        return {name: why for name, why in items if isinstance(why, str)}

    def has_list(self) -> bool:
        """Whether there is a list that counts."""
        try:
            return self.list.stat().st_mtime_ns >= self._since
        except FileNotFoundError:
            return False

    def missing(self, photos: Sequence[Photo]) -> list[Photo]:
        """Those that are not there, without those that are not to be had."""
        found = self._found
        return [
            it
            for it in photos
            if it.id not in self.gone and (it.id not in found or found[it.id][1] < self._since)
        ]

    @cached_property
    def _found(self) -> dict[str, tuple[str, int]]:
        """By the id of a photo the name of its file, and when that was written."""
        found = {}
        try:
            with os.scandir(self._photos) as entries:
                for entry in entries:
                    status = entry.stat()
                    if status.st_size and not entry.name.startswith("."):
                        found[entry.name.partition(".")[0]] = entry.name, status.st_mtime_ns
        except FileNotFoundError:
            pass
        return found

    # -- fetching again --------------------------------------------------------------------------------------
    def begin_again(self) -> None:
        """From now on nothing counts that was there before; goes on with an earlier beginning that did not end."""
        if not self._again.exists():
            self.place.mkdir(parents=True, exist_ok=True)
            self._again.touch()
            self._gone.unlink(missing_ok=True)
            self.__dict__.pop("gone", None)

    def end(self) -> None:
        """All that was asked for is there."""
        self._again.unlink(missing_ok=True)

    @property
    def _since(self) -> int:
        try:
            return self._again.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    # -- writing ---------------------------------------------------------------------------------------------
    def put_list(self, write: Callable[[Path], None]) -> None:
        """Let the list be written, and keep it if that does not fail."""
        temporary = self.place / f".{self.list.name}.part"
        write(temporary)
        os.replace(temporary, self.list)

    def put(self, photo: Photo, arrived: Arrived) -> None:
        """Keep a photo, in the place of an earlier one."""
        name = photo.id + arrived.ending
        write_whole(self._photos / name, arrived.content)
        earlier, _ = self._found.get(photo.id, (name, 0))
        if earlier != name:
            (self._photos / earlier).unlink(missing_ok=True)
        self._found[photo.id] = name, (self._photos / name).stat().st_mtime_ns

    def write_csv(self, photos: Sequence[Photo]) -> int:
        """Write the csv of all photos that are there, and note which are not to be had; returns how many there are."""
        rows = [
            [
                it.id,
                f"{self.prefix}/{self._inside}/{self._found[it.id][0]}",
                it.url,
                it.description,
                it.ai_description,
            ]
            for it in photos
            if it.id in self._found
        ]
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([CSV_COLUMNS, *rows])
        if rows or self.table.exists():
            _write_new(self.table, text.getvalue().encode())
        lasting = {name: why for name, why in self.gone.items() if why not in _FOR_NOW} if rows else {}
        _write_new(self._gone, json.dumps(lasting, indent=1).encode())
        return len(rows)


def kept(place: Path, prefix: str, name: str) -> str:
    """What to say of a folder that somebody has brought: with the statement that reads its csv, if it has one."""
    told = datasets.HOSTED_THERE(folder=prefix)
    tables = sorted(path.name for path in place.glob("*.csv"))
    if not tables:
        return told
    return f"{told}\n{datasets.NEXT_COPY(name=name, table=f'{prefix}/{tables[0]}')}"


def _write_new(path: Path, content: bytes) -> None:
    """Write a file unless it is the same already."""
    try:
        if path.read_bytes() == content:
            return
    except FileNotFoundError:
        pass
    write_whole(path, content)
