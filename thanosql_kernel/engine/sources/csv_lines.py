"""The lines of text tables before DuckDB reads them: what separates values, and line ends of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from thanosql_kernel.engine.sources.reading import Reading

_SEPARATORS = ",;\t|"
_SAMPLE_LINES = 50
_SAMPLE_CHARACTERS = 4 << 20
_CHUNK_BYTES = 4 << 20


def sample(path: Path) -> str:
    """The first lines, as far as they are whole."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines: list[str] = []
        rest = _SAMPLE_CHARACTERS
        while rest > 0 and len(lines) < _SAMPLE_LINES and (line := file.readline(rest)):
            lines.append(line)
            rest -= len(line)
    if rest <= 0 and len(lines) > 1:
        lines.pop()  # cut in the middle
    return "".join(lines)


def records(text: str, separator: str) -> Iterator[list[str]]:
    """The lines of a sample as DuckDB splits them; the `csv` module refuses values of over 131,072 characters."""
    pattern = re.compile(
        rf' *"((?:[^"]|"")*+)(?:"|\Z)([^{re.escape(separator)}\r\n]*)|([^{re.escape(separator)}\r\n]*)'
    )
    at, row = 0, []
    while at < len(text):
        match = pattern.match(text, at)
        assert match is not None
        quoted, behind, plain = match.groups()
        row.append(plain if quoted is None else quoted.replace('""', '"') + behind)
        at = match.end()
        if text.startswith(separator, at):
            at += 1
            if at < len(text):
                continue
            row.append("")
        at += 2 if text.startswith("\r\n", at) else 1
        if row != [""]:
            yield row
        row = []


def separator_of(text: str) -> str:
    """The separator that splits most lines into as many parts as the first; of several, the one with most parts."""

    def merit(separator: str) -> tuple[float, int]:
        rows = list(records(text, separator))
        parts = len(rows[0]) if rows else 0
        return (sum(len(row) == parts for row in rows) / len(rows) if parts > 1 else 0.0, parts)

    return max(_SEPARATORS, key=merit)


def with_even_ends(path: Path, separator: str, reading: Reading) -> Path:
    """The file itself if all its lines end alike, else a copy whose lines do; DuckDB reads no others."""
    if _ends_alike(path, reading):
        return path
    folder = reading.temporary / "lines"
    folder.mkdir(exist_ok=True)
    copy = folder / path.name
    # A quote counts only where a value begins, as DuckDB has it; what stands in quotes is left alone.
    pattern = re.compile(rf'((?<![^{re.escape(separator)}\r\n]) *"(?:[^"]|"")*+(?:"|\Z))|\r\n?|\n'.encode())
    with open(copy, "wb") as target:
        rest = b""
        for chunk in _chunks(path, reading):
            text, rest = _cut(rest + chunk, pattern)
            target.write(_even(text, pattern))
        target.write(_even(rest, pattern))
    return copy


def _even(text: bytes, pattern: re.Pattern[bytes]) -> bytes:
    return pattern.sub(lambda match: match[1] or b"\n", text)


def _cut(text: bytes, pattern: re.Pattern[bytes]) -> tuple[bytes, bytes]:
    """The whole lines, and what begins behind them: it goes on in the next chunk."""
    end = 0
    for match in pattern.finditer(text):
        if match[1] is None and match.end() < len(text):
            end = match.end()
    return text[:end], text[end:]


def _ends_alike(path: Path, reading: Reading) -> bool:
    if not any(b"\r" in chunk for chunk in _chunks(path, reading)):
        return True
    both = feeds = returns = 0
    last = b""
    for chunk in _chunks(path, reading):
        both += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
        last = chunk[-1:]
    return feeds == 0 or both == feeds == returns


def _chunks(path: Path, reading: Reading) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            reading.work.check()
            yield chunk
