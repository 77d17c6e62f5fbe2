"""What is said repeats no data: long words, as pictures in base64 are, and long texts are cut in their middle."""

from __future__ import annotations

import re

_LONGEST_TEXT, _LONGEST_WORD = 2_000, 300
#: What is left of a word: enough to know it again.
_HEAD, _TAIL = 60, 20
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")


def shortened(text: str) -> str:
    """The text if it is not long, else its beginning and its end."""
    if len(text) <= _LONGEST_WORD:
        return text
    text = _LONG_WORD.sub(lambda found: f"{found[0][:_HEAD]}…{found[0][-_TAIL:]}", text)
    if len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[: _LONGEST_TEXT - _LONGEST_WORD]}…{text[-_LONGEST_WORD:]}"
