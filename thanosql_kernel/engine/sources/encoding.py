"""Text files in the encodings that people have: as UTF-8, because DuckDB reads nothing else well."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.errors import DataError
from thanosql_kernel.tabular import encodings
from thanosql_kernel.wording import answers, tables
from thanosql_kernel.wording.tables import TS501

_HEAD_BYTES = 4096
_UTF8 = ("utf-8", "utf-8-sig")
#: A text with so many good letters for a bad one is UTF-8 that was damaged.
_DAMAGED = 4
#: Beyond so many bytes without a line end a comma will do.
_LONG_LINE = 4 << 20


def as_utf8(path: Path, reading: Reading, *, keep_mark: bool = True) -> Path:
    """The file itself if it is UTF-8, else a copy in UTF-8; says what it was unless the user did.

    Args:
        path: The file.
        reading: The COPY.
        keep_mark: Whether a byte order mark may stay.

    Raises:
        DataError: TS501, with the line, when it is not in the encoding that was given or found.
    """
    encoding = _given(reading) or _marked(path, reading)
    if encoding is None:
        if _is_utf8(path, reading):
            return path
        encoding = _guessed(path, reading)
    if encoding in _UTF8 and (keep_mark or not _is_marked(path)):
        for _ in _decoded(path, encoding, reading):
            pass
        return path
    folder = reading.temporary / "utf-8"
    folder.mkdir(exist_ok=True)
    copy = folder / path.name
    with open(copy, "w", encoding="utf-8", newline="") as target:
        for text in _decoded(path, encoding, reading):
            target.write(text)
    return copy


def _given(reading: Reading) -> str | None:
    stated = reading.options.text("encoding")
    return encodings.known(stated) if stated else None


def _is_marked(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(3) == codecs.BOM_UTF8


def _marked(path: Path, reading: Reading) -> str | None:
    """The encoding that the first bytes tell, by a mark or by their zeros."""
    with open(path, "rb") as file:
        head = file.read(_HEAD_BYTES)
    name = encodings.unicode_encoding(head)
    if name not in (None, "utf-8-sig"):
        reading.work.notice(answers.READ_AS(name=path.name, encoding=encodings.shown(name)))
    return name


def _is_utf8(path: Path, reading: Reading) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in reading.chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _guessed(path: Path, reading: Reading) -> str:
    sample = b"\n".join(_letters(path, reading))
    text = sample.decode(errors="replace")
    good = sum(letter > "\x7f" for letter in text) - (bad := text.count("\ufffd"))
    if good >= _DAMAGED * bad:
        return "utf-8"
    guess = encodings.guess(sample)
    if guess is None:
        raise reading.error(TS501.OTHER_ENCODING(name=path.name), hint=TS501.SAY_ENCODING())
    told = answers.READ_AS if guess.other is None else tables.READ_AS_PERHAPS
    reading.work.notice(told(name=path.name, encoding=encodings.shown(guess.name), other=guess.other))
    return guess.name


def _letters(path: Path, reading: Reading) -> Iterator[bytes]:
    """Fields with more than ASCII, each once, as many as are enough."""
    seen: set[bytes] = set()
    size, rest = 0, b""
    for chunk in reading.chunks(path):
        whole, _, rest = (rest + chunk).rpartition(b"\n" if len(rest) < _LONG_LINE else b",")
        for field in encodings.letters(whole):
            if field not in seen:
                seen.add(field)
                size += len(field)
                yield field
            if size > encodings.SAMPLE_BYTES:
                return
    yield from encodings.letters(rest)


def _decoded(path: Path, encoding: str, reading: Reading) -> Iterator[str]:
    """The text, in pieces; bytes that are none are told with their line."""
    decoder = codecs.getincrementaldecoder(encoding)()
    feeds = returns = 0
    try:
        for chunk in reading.chunks(path):
            yield (text := decoder.decode(chunk))
            feeds += text.count("\n")
            returns += text.count("\r")
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, errors="replace")
        feeds, returns = feeds + before.count("\n"), returns + before.count("\r")
        raise _no_text(path, encoding, max(feeds, returns) + 1, reading) from error
    except UnicodeError as error:  # UTF-16 that begins with no mark
        raise _no_text(path, encoding, 1, reading) from error


def _no_text(path: Path, encoding: str, line: int, reading: Reading) -> DataError:
    message = TS501.NOT_IN_ENCODING(name=path.name, encoding=encodings.shown(encoding), line=line)
    return reading.error(message, hint=TS501.REPAIR_OR_SAY())
