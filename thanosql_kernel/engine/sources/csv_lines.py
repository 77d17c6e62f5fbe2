"""The lines of text tables before DuckDB reads them: what separates values, and line ends of one kind."""

from __future__ import annotations

import re
from pathlib import Path

from thanosql_kernel.engine.sources.reading import Reading

_SAMPLE_CHARACTERS = 4 << 20


def sample(path: Path, count: int) -> str:
    """The first lines, as far as they are whole."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines: list[str] = []
        rest = _SAMPLE_CHARACTERS
        while rest > 0 and len(lines) < count and (line := file.readline(rest)):
            lines.append(line)
            rest -= len(line)
    if rest <= 0 and len(lines) > 1:
        lines.pop()  # cut in the middle
    return "".join(lines)


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
        for chunk in reading.chunks(path):
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
    if not any(b"\r" in chunk for chunk in reading.chunks(path)):
        return True
    both = feeds = returns = 0
    last = b""
    for chunk in reading.chunks(path):
        both += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
        last = chunk[-1:]
    return feeds == 0 or both == feeds == returns
