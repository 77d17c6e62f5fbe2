"""Text of data, files and other programs as a terminal may have it: nothing in it steers. Standard library only."""

from __future__ import annotations

import re

_LINE_BREAKS = (0x0A, 0x85, 0x2028, 0x2029)
# Marks that turn the writing direction would show the rest of the line in another order.
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
# Half of a letter; a file's name that is no UTF-8 has one for each of its bytes.
_HALVES = range(0xD800, 0xE000)

_ESCAPED: dict[int, str] = {
    **{code: f"\\x{code:02x}" for code in range(0x80, 0xA0)},
    **{code: f"\\u{code:04x}" for code in (*_DIRECTIONS, *_HALVES)},
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\N{SYMBOL FOR DELETE}",
    **dict.fromkeys(_LINE_BREAKS, "↵"),
}
#: Half of a letter, as JSON and file names may have it; no UTF-8 can.
HALF = re.compile("[\ud800-\udfff]")
_IN_A_LINE = _ESCAPED | {0x09: " "}
_IN_LINES = {code: shown for code, shown in _ESCAPED.items() if code not in (0x09, 0x0A)}


def visible(text: str, *, lines: bool = False) -> str:
    """The text with all that would steer a terminal, or cannot be encoded, replaced by what shows that it is there.

    Control characters become their pictures (``␛``), others their number (``\\x9b``, ``\\u202e``).

    Args:
        text: From wherever.
        lines: Whether it may go on in another line; else line breaks are shown as ``↵``, and a tab as a space.
    """
    if text.isprintable():
        return text
    return text.replace("\r\n", "\n").translate(_IN_LINES if lines else _IN_A_LINE)


def without_halves(text: str) -> str:
    """The text as UTF-8 can hold it: the same characters, and as many bytes as if it could hold halves of letters."""
    return text if text.isascii() else HALF.sub("\ufffd", text)
