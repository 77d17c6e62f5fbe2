"""Errors as front ends show them."""

from __future__ import annotations

import pytest

from thanosql_kernel.errors import ParseError, Span
from thanosql_kernel.jupyter.failures import error_content

RED, PLAIN = "\x1b[31m", "\x1b[0m"


def shown(cell: str, span: Span) -> list[str]:
    return error_content(ParseError("no", span=span, hint="so"), cell)["traceback"]


@pytest.mark.parametrize("word", ["없는열", "nope", "'가 b'", "é́"])
@pytest.mark.parametrize("before", ["", "SELECT 1,\n  ", "SELECT '한글 😀' AS 이름, ", "\tSELECT "])
def test_the_words_above_the_carets_are_marked_themselves(before: str, word: str) -> None:
    cell = f"{before}{word} FROM 사진"
    _, line, carets, _ = shown(cell, Span(len(before), len(before) + len(word)))
    assert f"{RED}{word}{PLAIN} FROM 사진" in line
    assert carets.startswith(RED)


def test_carets_behind_the_end_mark_nothing_in_the_line() -> None:
    assert shown("SELECT", Span(6, 6))[1] == "   1 | SELECT"


def test_a_hint_and_a_code_are_coloured() -> None:
    code, *_, hint = shown("x", Span(0, 1))
    assert (code, hint) == (f"{RED}TS100{PLAIN}: no", "\x1b[34mhint\x1b[0m: so")


def test_a_hint_is_coloured_in_korean_too(korean) -> None:
    code, *_, hint = shown("x", Span(0, 1))
    assert (code, hint) == (f"{RED}TS100{PLAIN}: no", "\x1b[34m도움말\x1b[0m: so")
