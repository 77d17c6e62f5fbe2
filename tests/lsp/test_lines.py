"""Positions of the protocol against a slow and simple oracle."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from thanosql_lsp.lines import LineIndex

_CHARS = [
    "a",
    ";",
    "\n",
    "\r",
    "\r\n",
    "그",
    "😀",
    "\u2028",
    "\x0b",
    "\x85",
    "\x1c",
    "é",
    "𝕏",
    "'",
    "\t",
    "\ud800",
]
_texts = st.lists(st.sampled_from(_CHARS), max_size=40).map("".join)
_encodings = st.sampled_from(["utf-8", "utf-16", "utf-32"])
_BYTES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def units(text, encoding):
    codec, size = _BYTES[encoding]
    return len(text.encode(codec, "surrogatepass")) // size


def naive_position(text, offset, encoding):
    """Walk through the text character by character."""
    line, begin, at = 0, 0, 0
    while at < offset:
        step = 2 if text.startswith("\r\n", at) else 1
        if at + step > offset:
            break
        if text[at] in "\r\n":
            line, begin = line + 1, at + step
        at += step
    return line, units(text[begin:at], encoding)


def naive_offset(text, line, character, encoding):
    """Try every offset of the line."""
    lines = re.split(r"\r\n|\n|\r", text)
    if line >= len(lines):
        return len(text)
    begins = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
    fitting = [n for n in range(len(lines[line]) + 1) if units(lines[line][:n], encoding) <= character]
    return begins[line] + max(fitting)


@settings(max_examples=500)
@given(_texts, _encodings, st.integers(0, 90))
def test_an_offset_has_the_position_that_counting_gives(text, encoding, offset):
    offset = min(offset, len(text))
    assert LineIndex(text, encoding).position(offset) == naive_position(text, offset, encoding)


@settings(max_examples=500)
@given(_texts, _encodings, st.integers(0, 12), st.integers(0, 20))
def test_a_position_has_the_offset_that_trying_gives(text, encoding, line, character):
    assert LineIndex(text, encoding).offset(line, character) == naive_offset(text, line, character, encoding)


@settings(max_examples=500)
@given(_texts, _encodings, st.integers(0, 90))
def test_an_offset_comes_back_from_its_position(text, encoding, offset):
    offset = min(offset, len(text))
    inside_break = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
    index = LineIndex(text, encoding)
    assert index.offset(*index.position(offset)) == (offset - 1 if inside_break else offset)


@settings(max_examples=800)
@given(_texts, _texts, st.integers(0, 90), st.integers(0, 20))
def test_an_edited_index_is_that_of_the_new_text(text, new, start, length):
    start = min(start, len(text))
    end = min(start + length, len(text))
    edited = LineIndex(text).replaced(start, end, new)
    fresh = LineIndex(text[:start] + new + text[end:])
    assert (edited.text, edited.starts) == (fresh.text, fresh.starts)


def test_an_empty_text_has_one_line():
    index = LineIndex("")
    assert index.position(0) == (0, 0)
    assert index.offset(0, 5) == 0
    assert index.offset(3, 0) == 0


def test_a_line_separator_of_unicode_ends_no_line():
    index = LineIndex("a\u2028b\x0bc\x85d")
    assert index.starts == [0]
    assert index.position(6) == (0, 6)


def test_half_an_emoji_is_the_place_in_front_of_it():
    assert LineIndex("😀x").offset(0, 1) == 0
    assert LineIndex("😀x").offset(0, 2) == 1
    assert LineIndex("그x", "utf-8").offset(0, 2) == 0
