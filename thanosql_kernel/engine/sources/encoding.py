"""Text files in the encodings that people have: as UTF-8, because DuckDB reads nothing else well."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.wording import answers
from thanosql_kernel.wording.data import TS501

_CHUNK_BYTES = 1 << 20
_HEAD_BYTES = 4096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {"utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


def encoding_of(path: Path, check: Callable[[], None]) -> str | None:
    """The encoding of a text file.

    Returns:
        ``utf-8``, ``utf-8-sig`` (with a byte order mark), ``utf-16`` with or without a mark, ``utf-32`` or ``cp949``
        (Korean Excel; EUC-KR is part of it); None if it is none of them.
    """
    with open(path, "rb") as file:
        head = file.read(_HEAD_BYTES)
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    candidates = (marked,) if marked else (*_without_mark(head), "utf-8", "cp949")
    return next((name for name in candidates if _decodes(path, name, check)), None)


def as_utf8(path: Path, reading: Reading, *, keep_mark: bool = True) -> Path:
    """The file itself if it is UTF-8, else a copy in UTF-8.

    Args:
        path: The file.
        reading: The COPY.
        keep_mark: Whether a byte order mark may stay.

    Raises:
        DataError: TS501 when it is in none of the known encodings.
    """
    encoding = encoding_of(path, reading.work.check)
    if encoding == "utf-8" or (encoding == "utf-8-sig" and keep_mark):
        return path
    if encoding is None:
        raise reading.error(TS501.OTHER_ENCODING(name=path.name), hint=TS501.SAVE_AS_UTF8())
    if encoding != "utf-8-sig":
        shown = _NAMES.get(encoding, encoding.upper())
        reading.work.notice(answers.READ_AS(name=path.name, encoding=shown))
    folder = reading.temporary / "utf-8"
    folder.mkdir(exist_ok=True)
    copy = folder / path.name
    with (
        open(path, encoding=encoding, newline="") as source,
        open(copy, "w", encoding="utf-8", newline="") as target,
    ):
        while text := source.read(_CHUNK_BYTES):
            reading.work.check()
            target.write(text)
    return copy


def _without_mark(head: bytes) -> list[str]:
    """UTF-16 that does not say so: every second byte of western text, digits and separators is zero."""
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) < max(4, len(head) // 8) or min(low, high) > max(low, high) // 8:
        return []
    return ["utf-16-le" if high > low else "utf-16-be"]


def _decodes(path: Path, encoding: str, check: Callable[[], None]) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open(path, "rb") as file:
        try:
            while chunk := file.read(_CHUNK_BYTES):
                check()
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True
