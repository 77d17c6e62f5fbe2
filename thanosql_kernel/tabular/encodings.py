"""The encoding of a text: Unicode where its bytes say so, else the likeliest of those that people's programs write.

chardet ranks the candidates, over the fields that hold other letters than ASCII alone, since a line of English hides a
Korean word. What it cannot know is who uses this program: bytes that are common Hangul throughout are Korean.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Bytes with letters that are not ASCII, which are enough to tell.
SAMPLE_BYTES = 200_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Python's names by chardet's: the one that holds the others.
_LEGACY = {
    "cp949": "cp949",
    "cp932": "cp932",
    "euc_jis_2004": "euc_jp",
    "gb18030": "gb18030",
    "big5hkscs": "big5",
    "cp1252": "cp1252",
}
#: What people call an encoding, and the one that holds all of it.
_WIDER = {
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "utf-8": "utf-8-sig",
    "iso8859-1": "cp1252",
}
_SHOWN = {
    "cp949": "CP949",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp1252": "Windows-1252",
    "utf-8-sig": "UTF-8",
}
#: Codecs of Python's that are no encodings of files, or are not there on every system.
_NO_FILES = frozenset(
    ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7")
)
# Bytes that no double-byte encoding has as a second one.
_BREAKS = re.compile(rb'[,;\t\r\n"]+')
_HIGH = re.compile(rb"[\x80-\xff]+")
#: A second candidate with this part of the first's merit might be right as well.
_CLOSE = 0.5
#: Nor are six letters enough for any measure.
_FEW_BYTES = 12
#: How much likelier than chardet thinks, which knows all languages alike, a text of common Hangul is Korean.
_KOREAN = 3.0
_KANA = re.compile("[\u3041-\u30fe]")
_HANGUL = re.compile("[가-힣ㄱ-ㅣ]")
#: What Koreans write beside Hangul and ASCII.
_SIGNS = re.compile("[가-힣ㄱ-ㅣ‘’“”…·※→★♥℃㎡㎏㎝①-⑮㈜°×′″、。〈〉《》「」『』【】―～\u3000]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """What an encoding seems to be.

    Attributes:
        name: Python's name.
        other: One that may be right as well, by the name that people know; None where the guess is sure.
    """

    name: str
    other: str | None = None


def shown(name: str) -> str:
    """An encoding by the name that people know."""
    return _SHOWN.get(name, re.sub("-[LB]E$", "", name.upper()))


def known(name: str) -> str | None:
    """Python's name of an encoding that somebody wrote down, or of one that holds all of it; None if it is none."""
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding or found.name in _NO_FILES:
        return None
    return _WIDER.get(found.name, found.name)


def unicode_encoding(head: bytes) -> str | None:
    """The encoding that a text's first bytes tell: by a mark, or by the zeros in UTF-16 and UTF-32."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    return _wide(head, 4, ("utf-32-le", "utf-32-be")) or _wide(head, 2, ("utf-16-le", "utf-16-be"))


def _wide(head: bytes, width: int, names: tuple[str, str]) -> str | None:
    """A text of two or four bytes a letter without a mark: most line ends are as wide, and there is no control code."""
    head = head[: len(head) - len(head) % width]
    ends = len(re.findall(b"[\n\r]", head))
    for name in names:
        wide = [letter.encode(name) for letter in "\n\r"]
        if sum(head[at : at + width] in wide for at in range(0, len(head), width)) * 2 <= ends:
            continue
        text = codecs.getincrementaldecoder(name)("replace").decode(head)
        if not re.search("[\0-\x08\x0e-\x1f\ufffd]", text):
            return name
    return None


def letters(chunk: bytes) -> Iterator[bytes]:
    """The fields of a piece of text that hold more than ASCII."""
    return (field for field in _BREAKS.split(chunk) if _HIGH.search(field))


def guess(sample: bytes) -> Guess | None:
    """The likeliest encoding of a text that is not Unicode; None where all of its letters would be strange.

    Args:
        sample: Fields of it, as `letters` gives them, a line each.
    """
    if not sample:
        return None
    from chardet import detect_all

    ranked = detect_all(
        sample,
        include_encodings=list(_LEGACY),
        ignore_threshold=True,
        compat_names=False,
        max_bytes=SAMPLE_BYTES,
    )
    merits = {
        _LEGACY[str(item["encoding"])]: item["confidence"] for item in ranked if item["encoding"] in _LEGACY
    }
    found = sorted(
        ((merit * _likelihood(name, sample), name) for name, merit in merits.items() if _fits(name, sample)),
        reverse=True,
    )
    if not found:
        return None
    (best, name), rest = found[0], found[1:]
    is_close = bool(rest) and (
        rest[0][0] > best * _CLOSE or sum(map(len, _HIGH.findall(sample))) < _FEW_BYTES
    )
    return Guess(name, shown(rest[0][1]) if is_close else None)


def _fits(name: str, sample: bytes) -> bool:
    """Whether it is text at all; in western languages letters beyond ASCII stand alone."""
    try:
        sample.decode(name)
    except UnicodeError:
        return False
    return name != "cp1252" or _is_western(_HIGH.findall(sample))


def _is_western(runs: list[bytes]) -> bool:
    """Whether letters beyond ASCII stand alone, or two as in ``Größe``; signs in pairs are UTF-8 that is broken."""
    mean = sum(map(len, runs)) / len(runs)
    return mean < 1.5 or (mean <= 2 and all(byte >= 0xC0 for run in runs for byte in run))


def _likelihood(name: str, sample: bytes) -> float:
    """What chardet's measure does not know: kana is Japanese, and the common syllables of Hangul are Korean."""
    text = sample.decode(name)
    if name == "cp949":
        return _KOREAN if _is_common_hangul(text) else 1.0
    has_kana = _KANA.search(text) is not None
    return {"gb18030": 0.3, "euc_jp": 2.0}.get(name, 1.0) if has_kana else 1.0


def _is_common_hangul(text: str) -> bool:
    """Whether all that is not ASCII is of the 2,350 syllables of KS X 1001, or signs beside them."""
    other = "".join(letter for letter in text if letter > "\x7f")
    if not (_HANGUL.search(other) and _SIGNS.fullmatch(other)):
        return False
    try:
        other.encode("euc_kr")
    except UnicodeError:
        return False
    return True
