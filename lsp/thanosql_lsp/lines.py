"""Where lines begin in a text, and what the protocol's positions mean in it.

Lines end at ``\\n``, ``\\r\\n`` and ``\\r`` only, as the protocol says; ``str.splitlines`` would also end them at
U+2028 and shift every later position. Characters are counted in UTF-8, UTF-16 or UTF-32 units, as the client wishes.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_BREAK = re.compile(r"\r\n|\n|\r")
_BEYOND_PLANE_0 = re.compile("[\U00010000-\U0010ffff]")


class LineIndex:
    """The lines of a text.

    Args:
        text: All of it.
        encoding: The units that characters are counted in.
        starts: Where its lines begin, if that is known already.
    """

    __slots__ = ("encoding", "starts", "text")

    def __init__(self, text: str, encoding: Encoding = "utf-16", starts: list[int] | None = None) -> None:
        self.text = text
        self.encoding = encoding
        self.starts = [0, *(found.end() for found in _BREAK.finditer(text))] if starts is None else starts

    def replaced(self, start: int, end: int, new: str) -> LineIndex:
        """The index of the text with ``text[start:end]`` replaced; only the lines touched are looked at again."""
        text = self.text[:start] + new + self.text[end:]
        moved = start + len(new) - end
        kept = self.starts[: max(1, bisect_left(self.starts, start))]
        behind = [at + moved for at in self.starts[bisect_right(self.starts, end) :]]
        for found in _BREAK.finditer(text, max(0, start - 1)):
            if found.end() > start + len(new):
                break
            kept.append(found.end())
        return LineIndex(text, self.encoding, kept + behind)

    def content(self, line: int) -> tuple[int, int]:
        """Where a line begins and ends, its line break left out."""
        start = self.starts[line]
        if line + 1 == len(self.starts):
            return start, len(self.text)
        end = self.starts[line + 1]
        two = end - 2 >= start and self.text[end - 2 : end] == "\r\n"
        return start, end - (2 if two else 1)

    def offset(self, line: int, character: int) -> int:
        """The code point offset of a position; places beyond a line's or the text's end mean that end."""
        if line < 0:
            return 0
        if line >= len(self.starts):
            return len(self.text)
        start, end = self.content(line)
        return start + _code_points(self.text[start:end], max(0, character), self.encoding)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and character of a code point offset; one inside ``\\r\\n`` counts as the line's end."""
        offset = min(max(0, offset), len(self.text))
        line = bisect_right(self.starts, offset) - 1
        start, end = self.content(line)
        return line, _units(self.text[start : min(offset, end)], self.encoding)


def _code_points(line: str, units: int, encoding: Encoding) -> int:
    """How many whole code points of ``line`` the first ``units`` units hold."""
    if encoding == "utf-32" or line.isascii():
        return min(units, len(line))
    if encoding == "utf-8":
        data = line.encode("utf-8", "surrogatepass")
        begun = sum((byte & 0xC0) != 0x80 for byte in data[:units])
        inside = units < len(data) and (data[units] & 0xC0) == 0x80
        return begun - inside
    pairs = 0
    for found in _BEYOND_PLANE_0.finditer(line):
        ahead = units - (found.start() + pairs)
        if ahead <= 1:
            return found.start() if ahead == 1 else units - pairs
        pairs += 1
    return min(units - pairs, len(line))


def _units(text: str, encoding: Encoding) -> int:
    """How many units ``text`` takes."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + len(_BEYOND_PLANE_0.findall(text))
