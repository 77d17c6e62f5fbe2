"""One walk through a folder with the size and time of each file of photos, films and sounds. Standard library only."""

from __future__ import annotations

import contextlib
import os
import stat
from collections import Counter
from dataclasses import dataclass, field

from thanosql_kernel.files import open_regular
from thanosql_kernel.folders.kinds import KIND_OF, SIGNATURE_BYTES, Kind, ending, kind_of_content
from thanosql_kernel.folders.passed_over import APPLE_DOUBLE, UNTOLD, is_system_folder
from thanosql_kernel.folders.selection import Selection


class FolderGone(OSError):
    """The folder cannot be reached any more, or another one is in its place."""


@dataclass(slots=True)
class LeftOut:
    """What a walk has seen and not taken; paths are from the folder on, as they can be shown.

    Attributes:
        endings: How many files there are of no kind, by ending; ``""`` for those that have none.
        not_asked_for: How many files of a kind the selection does not want.
        hidden: Files of a kind with hidden names, and hidden folders.
        apple_double: How many files are what macOS keeps beside others.
        system: Folders of systems, trashes, network disks.
        links: Linked folders that were not followed.
        broken: How many names are no files: pipes, devices.
        dangling: Links that lead nowhere now; what was behind them is not known to be gone: a disk may be away.
        unnamed: Files and folders whose names are no UTF-8.
        unread: Folders that could not be read, wholly or in part; what is in them is not known to be gone.
    """

    endings: Counter[str] = field(default_factory=Counter)
    not_asked_for: int = 0
    hidden: int = 0
    apple_double: int = 0
    system: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    broken: int = 0
    dangling: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


class Walk:
    """The files of a kind in a folder and below it, in no order; to be made in a thread that may be left behind.

    Linked folders are looked into after all others, and no folder twice, whatever leads to it.

    Args:
        folder: Where to begin.
        selection: What is wanted; its ``media`` does not matter here.
        most: After how many names to stop; never when None.

    Attributes:
        paths: From the folder on, with ``/`` between.
        kinds: What each of them is.
        sizes: Bytes; -1 where they cannot be told.
        modified: Nanoseconds since 1970.
        left_out: The others.
        seen: How many names have been looked at.
        is_whole: Whether the walk came to its end.
    """

    def __init__(self, folder: str, selection: Selection, most: int | None = None) -> None:
        self.paths: list[str] = []
        self.kinds: list[Kind] = []
        self.sizes: list[int] = []
        self.modified: list[int] = []
        self.left_out = LeftOut()
        self.seen = 0
        self.is_whole = True
        self._folder, self._selection, self._most = folder, selection, most
        self._refused: OSError | None = None
        self._waiting: list[tuple[str, str]] = []
        self._linked: list[tuple[str, str]] = []
        self._entered: set[tuple[int, int]] = set()

    def walk(self) -> None:
        """Go through the folder and all below.

        Raises:
            FolderGone: It went away meanwhile, so that what was found is not all.
            OSError: It cannot be read.
        """
        first = os.stat(self._folder)
        self._entered.add((first.st_dev, first.st_ino))
        self._look_into(self._folder, "")
        while (self._waiting or self._linked) and self.is_whole:
            folder, prefix = self._waiting.pop() if self._waiting else self._linked.pop()
            self._enter(folder, prefix)
        self._check_there(first)
        if self._refused is not None and not self.paths and "" in self.left_out.unread:
            raise self._refused

    def _enter(self, folder: str, prefix: str) -> None:
        try:
            status = os.stat(folder)
            if (identity := (status.st_dev, status.st_ino)) not in self._entered:
                self._entered.add(identity)
                self._look_into(folder, prefix)
        except OSError:
            self._not_read(prefix)

    def _check_there(self, first: os.stat_result) -> None:
        """A disk that was taken out leaves an empty folder, or none."""
        try:
            now = os.stat(self._folder)
        except OSError as error:
            raise FolderGone(error.errno, error.strerror, self._folder) from error
        if (now.st_dev, now.st_ino) != (first.st_dev, first.st_ino):
            raise FolderGone(None, None, self._folder)

    def _look_into(self, folder: str, prefix: str) -> None:
        """Take what one folder holds. All that is done for each file is here: calls would cost as much as the disk."""
        paths, kinds, sizes, modified = self.paths, self.kinds, self.sizes, self.modified
        most = self._most
        takes = None if self._selection.takes_every_name else self._selection.takes
        with os.scandir(folder) as entries:
            for entry in entries:
                if self.seen == most:
                    self.is_whole = False
                    return
                self.seen += 1
                name = entry.name
                kind = KIND_OF.get(name[name.rfind(".") :])
                if kind is None or name[0] == "." or not name.isascii():
                    kind = self._kind(entry, prefix)
                    if kind is None:
                        continue
                try:
                    status = entry.stat()
                except OSError as error:
                    self._unknown(entry, prefix, error)
                    continue
                if not stat.S_ISREG(status.st_mode):
                    self._other(entry, prefix, status)
                    continue
                path = prefix + name
                if takes is not None and not takes(path):
                    self.left_out.not_asked_for += 1
                    continue
                paths.append(path)
                kinds.append(kind)
                sizes.append(status.st_size)
                modified.append(status.st_mtime_ns)

    def _unknown(self, entry: os.DirEntry[str], prefix: str, error: OSError) -> None:
        """A name that the system does not say more of."""
        if entry.is_symlink():
            self.left_out.dangling.append(readable(prefix + entry.name))
        elif not isinstance(error, FileNotFoundError):  # else it went away since it was listed
            self._refused = self._refused or error
            self._not_read(prefix)

    def _not_read(self, prefix: str) -> None:
        folder = readable(prefix.rstrip("/"))
        if folder not in self.left_out.unread[-1:]:
            self.left_out.unread.append(folder)

    def _other(self, entry: os.DirEntry[str], prefix: str, status: os.stat_result) -> None:
        """What has the ending of a file and is none."""
        if stat.S_ISDIR(status.st_mode):
            self._folder_there(entry, prefix)
        else:
            self.left_out.broken += 1

    def _no_file(self, entry: os.DirEntry[str], prefix: str) -> None:
        """What is no file for all that is known."""
        try:
            entry.stat()
        except OSError as error:
            self._unknown(entry, prefix, error)
        else:
            self.left_out.broken += 1

    def _kind(self, entry: os.DirEntry[str], prefix: str) -> Kind | None:
        """The kind of a file that its ending does not tell at once; anything else is noted."""
        name = entry.name
        if not is_text(name):
            self.left_out.unnamed.append(readable(prefix + name))
            return None
        if _is_folder(entry):
            self._folder_there(entry, prefix)
            return None
        if name.startswith(".") or name.lower() in UNTOLD:
            self._hidden(name)
            return None
        end = ending(name)
        kind = KIND_OF.get(end) if end else _kind_inside(entry)
        if kind is None:
            if not _is_file(entry):
                self._no_file(entry, prefix)
            elif self._selection.takes(prefix + name):
                self.left_out.endings[end] += 1
            else:
                self.left_out.not_asked_for += 1
        return kind

    def _hidden(self, name: str) -> None:
        if name.startswith(APPLE_DOUBLE):
            self.left_out.apple_double += 1
        elif ending(name) in KIND_OF:
            self.left_out.hidden += 1

    def _folder_there(self, entry: os.DirEntry[str], prefix: str) -> None:
        """A folder: to be looked into, or to be told."""
        name, path = entry.name, prefix + entry.name
        if name.lower() in UNTOLD:
            return
        if is_system_folder(name):
            self.left_out.system.append(path)
        elif name.startswith("."):
            self.left_out.hidden += 1
        elif not self._selection.recursive or not self._selection.enters(path):
            self.left_out.not_asked_for += 1
        elif not entry.is_symlink():
            self._waiting.append((entry.path, path + "/"))
        elif self._selection.follow_links:
            self._linked.append((entry.path, path + "/"))
        else:
            self.left_out.links.append(path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder or leads to one."""
    with contextlib.suppress(OSError):
        return entry.is_dir()
    return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file or leads to one: no pipe, no device."""
    with contextlib.suppress(OSError):
        return entry.is_file()
    return False


def _kind_inside(entry: os.DirEntry[str]) -> Kind | None:
    """What a file without an ending is; it is opened only if nobody is waited for then."""
    try:
        with open_regular(entry.path) as file:
            return kind_of_content(file.read(SIGNATURE_BYTES))
    except OSError:
        return None


def is_text(name: str) -> bool:
    """Whether a name is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def readable(name: str) -> str:
    """A name to be shown: UTF-8, or what an old Korean system wrote, or its bytes."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode(errors="backslashreplace")
