"""A folder of pictures, sounds or videos as rows of paths."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.wording import answers, counted
from thanosql_kernel.wording.data import TS500

#: File endings by what they hold.
ENDINGS: dict[str, frozenset[str]] = {
    "image": frozenset(
        ".jpg .jpeg .jfif .png .gif .bmp .dib .tif .tiff .webp .heic .heif .avif .ppm .pgm .pbm .ico .jp2".split()
    ),
    "audio": frozenset(".wav .mp3 .flac .ogg .oga .opus .m4a .aac .wma .aiff .aif".split()),
    "video": frozenset(".mp4 .m4v .mov .avi .mkv .webm .mpg .mpeg .wmv .flv .3gp .ogv".split()),
}
_KIND_OF = {ending: kind for kind, endings in ENDINGS.items() for ending in endings}
_SIGNATURES: tuple[tuple[str, int, bytes], ...] = (
    ("image", 0, b"\xff\xd8\xff"),
    ("image", 0, b"\x89PNG\r\n\x1a\n"),
    ("image", 0, b"GIF8"),
    ("image", 8, b"WEBP"),
    ("audio", 0, b"fLaC"),
    ("audio", 0, b"OggS"),
    ("audio", 8, b"WAVE"),
    ("video", 4, b"ftypisom"),
    ("video", 4, b"ftypmp42"),
    ("video", 0, b"\x1aE\xdf\xa3"),
)


_NAMED = 5


def list_media(folder: Path, written: str, reading: Reading) -> tuple[str, list[str], str]:
    """The media files in a folder and below, in natural order; hidden files and folders are passed over.

    Args:
        folder: Where it is.
        written: How the user wrote it; the paths start with it, or with what finds it from anywhere.
        reading: The COPY; told when files were left out.

    Returns:
        The column's name, ``image_path``, ``audio_path`` or ``video_path``, and the paths. Of a mixed folder the
        commonest kind is taken. And what all of the paths begin with.

    Raises:
        DataError: TS500 when there are none.
    """
    from natsort import natsorted, ns

    with abandonable(reading.work.check) as call:
        survey = _Survey(folder)
        call(survey.look)
        counts = Counter({kind: len(paths) for kind, paths in survey.found.items() if paths})
        _tell_of_unread(reading.work.notice, survey)
        if not counts:
            raise reading.error(TS500.NO_MEDIA(folder=written), hint=TS500.FOLDER_OR_FILE())
        kind = counts.most_common(1)[0][0]
        _tell(reading.work.notice, kind, counts, survey.others)
        base = reading.work.paths.shortened(written, reading.work.folder)
        base = base if base.endswith(("/", os.sep)) else base + "/"
        ordered = call(lambda: natsorted(survey.found[kind], alg=ns.PATH | ns.IGNORECASE))
    return f"{kind}_path", [base + path for path in ordered], base


class _Survey:
    """What a folder holds; looked at in a thread that may be left behind, for disks can be slow.

    Attributes:
        found: Paths from the folder on, by kind.
        others: How many other files there are.
        unnamed: Files and folders whose names are no UTF-8, as they can be shown.
        unread: Folders that may not be read.
    """

    def __init__(self, folder: Path) -> None:
        self.found: dict[str, list[str]] = {kind: [] for kind in ENDINGS}
        self.others = 0
        self.unnamed: list[str] = []
        self.unread: list[str] = []
        self._folder = folder

    def look(self) -> None:
        """Go through the folder and all below."""
        waiting = [self._folder]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder) as entries:
                    ordered = sorted(entries, key=lambda entry: entry.name)
            except OSError:
                self.unread.append(self._from_here(folder))
                continue
            waiting += [Path(entry.path) for entry in ordered if self._takes(entry)]

    def _takes(self, entry: os.DirEntry[str]) -> bool:
        """Note an entry; whether it is a folder to look into."""
        if entry.name.startswith("."):
            return False
        path = Path(entry.path)
        if not _is_text(entry.name):
            self.unnamed.append(self._from_here(path))
            return False
        if entry.is_dir(follow_symlinks=False):
            return True
        kind = _kind(path) if _is_file(entry) else None
        if kind is None:
            self.others += 1
        else:
            self.found[kind].append(self._from_here(path))
        return False

    def _from_here(self, path: Path) -> str:
        return _readable(os.fsencode(path.relative_to(self._folder).as_posix()))


def _readable(name: bytes) -> str:
    """A name to be shown: UTF-8, or what an old Korean system wrote, or its bytes."""
    for encoding in ("utf-8", "cp949"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode(errors="backslashreplace")


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it can be opened without waiting for somebody: no pipe, no device."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _tell_of_unread(notice: Callable[[str], None], survey: _Survey) -> None:
    for names, all_named, more_of_them in (
        (survey.unnamed, answers.UNNAMED, answers.UNNAMED_MORE),
        (survey.unread, answers.FORBIDDEN, answers.FORBIDDEN_MORE),
    ):
        if names:
            told, more = all_named if len(names) <= _NAMED else more_of_them, len(names) - _NAMED
            notice(told(names=", ".join(names[:_NAMED]), more=more))


def _tell(notice: Callable[[str], None], kind: str, counts: Counter[str], others: int) -> None:
    left_out = [counted(number, f"{other} file") for other, number in counts.items() if other != kind]
    if others:
        left_out.append(counted(others, "other file"))
    if left_out:
        notice(answers.LEFT_OUT(files=", ".join(left_out)))


def _kind(path: Path) -> str | None:
    """By the ending; by the first bytes where there is none."""
    ending = path.suffix.lower()
    if ending:
        return _KIND_OF.get(ending)
    try:
        with open(path, "rb") as file:
            head = file.read(32)
    except OSError:
        return None
    return next((kind for kind, at, mark in _SIGNATURES if head[at : at + len(mark)] == mark), None)
