"""Unsplash Lite, the photos of the old service's tutorial: fetched from where they are, one by one.

In the data set's folder: the list as it came, the photos of each width in a folder of their own, and the csv of those
that are there. A photo has its name only when it is whole, so whatever ends a run, the next goes on.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from thanosql_kernel.engine.datasets.archive import fetch_archive
from thanosql_kernel.engine.datasets.arrival import Arrived, Lost, arrival
from thanosql_kernel.engine.datasets.pace import Clock, Pace, Unwelcome
from thanosql_kernel.engine.datasets.photo_list import NoList, Photo, PhotoList, read_list, unpack_list
from thanosql_kernel.engine.datasets.unsplash_folder import UnsplashFolder, kept
from thanosql_kernel.engine.datasets.web import ELSEWHERE, Later, Refused, Web, host_of, said
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.wording import answers, counted, datasets

NAME = "unsplash_data"
ADDRESS = "https://unsplash.com/data/lite/latest"
_SETTING = "THANOSQL_UNSPLASH"
_HOSTS = ("unsplash.com", ".unsplash.com")
_MOST_FRUITLESS = 6
_MOST_BAD_LISTS = 6
# JPEGs for the web have about 1.8 bits a pixel, and most photos are three by two.
_BYTES_A_PIXEL = 0.225
_HEIGHT = 2 / 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of the set.

    Attributes:
        limit: How many photos, from the first on; None for all.
        width: In pixels.
        workers: How many are fetched at a time.
        overwrite: Whether all are fetched again.
    """

    limit: int | None = 1000
    width: int = 640
    workers: int = 8
    overwrite: bool = False


def _sized(url: str, width: int) -> str:
    """The address of a photo in a size, which Unsplash's servers make."""
    parts = urlsplit(url)
    return parts._replace(query="&".join(filter(None, (parts.query, f"w={width}")))).geturl()


def fetch_unsplash(
    wish: Wish, work: Work, prefix: str, *, clock: Clock | None = None, chance: random.Random | None = None
) -> str:
    """Fetch photos of Unsplash Lite.

    Args:
        wish: Which.
        work: In the working folder.
        prefix: The data set's folder from there, for the paths in the csv.
        clock: The time, for those who cannot wait.
        chance: Spreads the waiting.

    Returns:
        What to tell the user.

    Raises:
        DataError: TS502 when the server cannot be reached, does not answer or gives nothing.
        OSError: The disk refuses.
    """
    address = os.environ.get(_SETTING) or ADDRESS
    pace = Pace(work.check, clock, chance)
    web = Web(pace, host_of(address))
    folder = UnsplashFolder(work.folder / prefix, prefix, wish.width)
    if folder.is_foreign():
        return kept(folder.place, prefix, NAME)
    try:
        return _Fetch(wish, work, web, folder, address).run()
    except Unwelcome as unwelcome:
        minutes = round(unwelcome.wait_s / 60 + 0.5)
        message = datasets.UNWELCOME(minutes=minutes)
        raise DataError(message, code="TS502", hint=datasets.GO_ON()) from unwelcome


@dataclass
class _Fetch:
    """One run of the statement."""

    wish: Wish
    work: Work
    web: Web
    folder: UnsplashFolder
    address: str
    arrived: int = 0
    reason: str = ""

    def run(self) -> str:
        """Fetch what is missing."""
        if self.wish.overwrite:
            self.folder.begin_again()
        photos = self._list()
        asked = photos.photos[: self.wish.limit]
        try:
            left = self._fetch(self._askable(self.folder.missing(asked)), len(asked))
        finally:
            listed = self.folder.write_csv(photos.photos)
        if not left:
            self.folder.end()
        self._tell_losses(photos, asked, left)
        if not listed:
            raise self._ended(0, len(asked))
        return self._answer(listed)

    def _answer(self, listed: int) -> str:
        told = answers.FETCHED if self.arrived else answers.ALREADY_THERE
        table = f"{self.folder.prefix}/{self.folder.table.name}"
        return told(count=listed, folder=self.folder.prefix, name=NAME, table=table)

    def _tell_losses(self, photos: PhotoList, asked: list[Photo], left: list[Photo]) -> None:
        gone = Counter(self.folder.gone[photo.id] for photo in asked if photo.id in self.folder.gone)
        if gone:
            reasons = ", ".join(f"{said(refusal)}: {count}" for refusal, count in gone.most_common())
            told = datasets.LEFT_OUT(photos=counted(gone.total(), "photo"), reasons=reasons)
            self.work.notice(told)
        if left:
            self.work.notice(datasets.NOT_NOW(photos=counted(len(left), "photo"), reason=self.reason))
        if photos.unusable:
            self.work.notice(datasets.UNUSABLE(rows=counted(photos.unusable, "row")))

    # -- the list --------------------------------------------------------------------------------------------
    def _list(self) -> PhotoList:
        """The list that is here, else the server's."""
        for _ in range(_MOST_BAD_LISTS):
            if not self.folder.has_list():
                self._fetch_list()
            try:
                return read_list(self.folder.list)
            except NoList:
                self.folder.list.unlink(missing_ok=True)
        raise self._bad_list()

    def _fetch_list(self) -> None:
        """The archive, again if it arrives damaged; a server that cuts one may do better the next time."""
        self.folder.place.mkdir(parents=True, exist_ok=True)
        archive, part = self.folder.archive, self.folder.part
        for times in range(_MOST_BAD_LISTS):
            if not archive.exists():
                self._fetch_archive(part)
                part.replace(archive)
            try:
                self.folder.put_list(lambda target: unpack_list(archive, target, self.work.check))
                return
            except NoList:
                self.web.pace.pause(times + 1)
            finally:
                archive.unlink(missing_ok=True)
        raise self._bad_list()

    def _fetch_archive(self, part: Path) -> None:
        try:
            fetch_archive(self.address, part, self.web, self.work)
        except (Later, Refused) as reason:
            message = datasets.NO_LIST(name=NAME, address=self._server, reason=reason)
            raise DataError(message, code="TS502", hint=datasets.GO_ON()) from reason

    def _bad_list(self) -> DataError:
        return DataError(datasets.BAD_LIST(address=self._server), code="TS502", hint=datasets.GO_ON())

    @property
    def _server(self) -> str:
        """Without what may be a password."""
        return host_of(self.address) or self.address

    # -- the photos ------------------------------------------------------------------------------------------
    def _askable(self, missing: list[Photo]) -> list[Photo]:
        """The photos on servers of the set; a list may name any."""
        for photo in missing:
            host = host_of(photo.url) or ""
            if host != host_of(self.address) and host != _HOSTS[0] and not host.endswith(_HOSTS[1]):
                self.folder.gone[photo.id] = ELSEWHERE
                self.reason = said(ELSEWHERE)
        return [photo for photo in missing if photo.id not in self.folder.gone]

    def _fetch(self, missing: list[Photo], total: int) -> list[Photo]:
        """Fetch photos in rounds, each of what the one before did not bring; returns what none did.

        Raises:
            DataError: TS502 when the server does not answer any more.
        """
        fruitless, last = 0, None
        with self.work.progress(self._label(len(missing)), len(missing), "photos") as bar:
            while missing and fruitless < _MOST_FRUITLESS:
                if last is not None:
                    self.web.pace.pause(fruitless + 1)
                before, last = self.arrived, _Round(missing)
                for photo, outcome in last.outcomes(self.web, self.wish, self.work):
                    if self._settle(photo, outcome):
                        bar.advance(errors=isinstance(outcome, Lost))
                    self.work.check()
                fruitless = 0 if self.arrived > before else fruitless + 1
                missing = last.left
        if missing and last is not None and last.is_silent and (last.was_given_up or not self.arrived):
            raise self._ended(total - len(missing), total)
        return missing

    def _label(self, count: int) -> str:
        megabytes = count * self.wish.width**2 * _HEIGHT * _BYTES_A_PIXEL / 1e6
        return datasets.FETCHING(megabytes=max(1, round(megabytes)))

    def _settle(self, photo: Photo, outcome: Arrived | Lost) -> bool:
        """Keep what has come; returns whether nothing more is to be done about the photo."""
        if isinstance(outcome, Arrived):
            self.folder.put(photo, outcome)
            self.arrived += 1
        elif outcome.refusal:
            self.folder.gone[photo.id] = outcome.refusal
            self.reason = self.reason or outcome.reason
        else:
            self.reason = outcome.reason
            return False
        return True

    def _ended(self, count: int, total: int) -> DataError:
        message = datasets.ENDED(count=count, total=total, reason=self.reason)
        return DataError(message, code="TS502", hint=datasets.GO_ON())


@dataclass
class _Round:
    """One try at each of some photos, given up when nothing comes any more.

    Attributes:
        missing: The photos.
        is_silent: Whether the server answered none to the end.
        was_given_up: Whether not all were tried.
    """

    missing: list[Photo]
    is_silent: bool = True
    was_given_up: bool = False
    left: list[Photo] = field(default_factory=list)

    def outcomes(self, web: Web, wish: Wish, work: Work) -> Iterator[tuple[Photo, Arrived | Lost]]:
        """What came of each; afterwards ``left`` are those to be tried again."""
        again, vain = [], 0
        urls = (_sized(photo.url, wish.width) for photo in self.missing)
        tries = map_aside(lambda url: arrival(url, web), urls, threads=wish.workers, check=work.check)
        with closing(cast("Generator[Arrived | Lost]", tries)):
            for done, (photo, outcome) in enumerate(zip(self.missing, tries, strict=True), 1):
                is_lost = isinstance(outcome, Lost) and not outcome.refusal
                vain = vain + 1 if is_lost else 0
                again += [photo] * is_lost
                self.is_silent &= isinstance(outcome, Lost) and not outcome.answered
                self.left = [*self.missing[done:], *again] if vain > 4 * wish.workers else again
                yield photo, outcome
                if vain > 4 * wish.workers and self.missing[done:]:
                    self.was_given_up = True
                    return
