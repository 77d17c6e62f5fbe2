"""Text files in the encodings that people have: as UTF-8, because DuckDB reads nothing else well."""

from __future__ import annotations

import codecs
from pathlib import Path

from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError

_CHUNK_BYTES = 1 << 20
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path) -> str | None:
    """``utf-8`` (BOM or not), ``utf-16``, ``utf-32`` or ``cp949`` (Korean Excel; EUC-KR is part of it); else None."""
    with open(path, "rb") as file:
        head = file.read(4)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    return next((name for name in ("utf-8", "cp949") if _decodes(path, name)), None)


def as_utf8(path: Path, folder: Path, work: Work) -> Path:
    """The file itself if it is UTF-8, else a copy in UTF-8 in ``folder``.

    Raises:
        DataError: TS501 when it is in none of the known encodings.
    """
    encoding = encoding_of(path)
    if encoding == "utf-8":
        return path
    if encoding is None:
        raise DataError(
            f"{path.name} is neither UTF-8 nor CP949 text",
            code="TS501",
            span=work.span,
            hint="save it as UTF-8",
        )
    work.notice(f"{path.name} was read as {encoding.upper()} text")
    copy = folder / path.name
    with (
        open(path, encoding=encoding, newline="") as source,
        open(copy, "w", encoding="utf-8", newline="") as target,
    ):
        while text := source.read(_CHUNK_BYTES):
            work.check()
            target.write(text)
    return copy


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open(path, "rb") as file:
        try:
            while chunk := file.read(_CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
