"""Korean particles, whose form depends on the sound that the word before them ends with."""

from __future__ import annotations

import re

#: As they are written behind a value, with the forms behind a consonant and behind a vowel.
_PARTICLES = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라는": ("이라는", "라는"),
    "(이)며": ("이며", "며"),
    "(이)나": ("이나", "나"),
    "(이)고": ("이고", "고"),
    "(이)라고": ("이라고", "라고"),
    "(이)지만": ("이지만", "지만"),
}
_CLOSING = "'\"`)]}’”…»"
_WRITTEN = re.compile(
    f"([{re.escape(_CLOSING)}]*)({'|'.join(map(re.escape, sorted(_PARTICLES, key=len, reverse=True)))})"
)
_FIRST, _LAST, _FINALS, _L = ord("가"), ord("힣"), 28, 8
#: 영, 일, 삼, 육, 칠, 팔 end with a consonant.
_DIGITS_WITH_FINAL = "013678"


def attached(literal: str, before: str) -> str:
    """A text as it stands behind another: the particle that it begins with, maybe behind a quote, in its right form.

    Behind a word in other letters than Hangul both forms stay, since nobody can tell how it is read.
    """
    found = _WRITTEN.match(literal)
    final = None if found is None else _final(before.rstrip(_CLOSING))
    if found is None or final is None:
        return literal
    has_final, is_l = final
    closing, particle = found.groups()
    is_to = particle == "(으)로"
    form = _PARTICLES[particle][0 if has_final and not (is_to and is_l) else 1]
    return closing + form + literal[found.end() :]


def _final(word: str) -> tuple[bool, bool] | None:
    """Whether a word ends with a consonant, and whether that is ㄹ; None when it cannot be told."""
    last = word[-1:]
    if last and _FIRST <= ord(last) <= _LAST:
        final = (ord(last) - _FIRST) % _FINALS
        return final > 0, final == _L
    if last.isdecimal() and last.isascii():
        return last in _DIGITS_WITH_FINAL, last in "178"
    return None
