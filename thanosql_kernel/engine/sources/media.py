"""A folder of pictures, sounds or videos as rows of paths."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.statement import plural

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


def list_media(folder: Path, written: str, work: Work) -> tuple[str, list[str]]:
    """The media files in a folder and below, in natural order; hidden files and folders are passed over.

    Args:
        folder: Where it is.
        written: How the user wrote it; the paths start with it, or with what finds it from anywhere.
        work: Told when files were left out.

    Returns:
        The column's name, ``image_path``, ``audio_path`` or ``video_path``, and the paths. Of a mixed folder the
        commonest kind is taken.

    Raises:
        DataError: TS500 when there are none.
    """
    from natsort import natsorted, ns

    found: dict[str, list[str]] = {kind: [] for kind in ENDINGS}
    others = 0
    for number, path in enumerate(_files(folder)):
        if number % 1000 == 0:
            work.check()
        kind = _kind(path)
        if kind is None:
            others += 1
        else:
            found[kind].append(path.relative_to(folder).as_posix())
    counts = Counter({kind: len(paths) for kind, paths in found.items() if paths})
    if not counts:
        raise DataError(
            f"no pictures, sounds or videos in {written}",
            code="TS500",
            span=work.span,
            hint="COPY takes a folder of media files, or one table file",
        )
    kind = counts.most_common(1)[0][0]
    _tell(work.notice, kind, counts, others)
    base = work.paths.shortened(written, work.folder)
    base = base if base.endswith(("/", os.sep)) else base + "/"
    with abandonable(work.check) as call:
        ordered = call(lambda: natsorted(found[kind], alg=ns.PATH | ns.IGNORECASE))
    return f"{kind}_path", [base + path for path in ordered]


def _tell(notice: Callable[[str], None], kind: str, counts: Counter[str], others: int) -> None:
    left_out = [plural(number, f"{other} file") for other, number in counts.items() if other != kind]
    if others:
        left_out.append(plural(others, "other file"))
    if left_out:
        notice(f"left out: {', '.join(left_out)}")


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent) / name for name in sorted(names) if not name.startswith("."))


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
