"""What reading says in Korean, and that nothing of it is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.sql.nodes import NameKind
from thanosql_kernel.sql.token_reader import WantKind
from thanosql_kernel.statements.cell import parse_cell, pieces
from thanosql_kernel.statements.repair import repaired_in_cell
from thanosql_kernel.wording import grammar, set_language

SLIPS = Path(__file__).parents[1] / "statements" / "slips.txt"
#: Words of people's own and of the grammar, which stay as they are.
WORD = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language("en")


def error_of(cell: str) -> ThanoSQLError:
    with pytest.raises(ThanoSQLError) as caught:
        parse_cell(cell)
    return repaired_in_cell(caught.value, cell)


@pytest.mark.parametrize(
    ("cell", "message", "hint"),
    [
        ("CONVERT mini AS FROM t", "mini 자리에 USING이(가) 와야 합니다", "mini 앞에 넣으십시오: USING"),
        (
            "COPY 사진 'a.csv'",
            "'a.csv' 자리에 다음 중 하나가 와야 합니다: OPTIONS, FROM",
            "'a.csv' 앞에 넣으십시오: FROM",
        ),
        ("CONVERT USING", "문장이 여기서 끝났지만 모델 이름이 더 있어야 합니다", None),
        (
            "DESCRIBE 내 사진",
            "문장이 끝나야 할 자리에 사진이 있습니다",
            '내 사진 대신 이렇게 쓰십시오: "내 사진"',
        ),
        ("SELECT count(* FROM t", "이 (에 맞는 닫는 괄호가 없습니다", "FROM 앞에 넣으십시오: )"),
        ("SELECT '열린 글", "이 문자열이 닫히지 않았습니다", "따옴표로 닫으십시오: '"),
        ("SEARCH IMAGE '고양이' USING m AS FROM t", None, "이렇게 쓰십시오: text='고양이'"),
        ("SELECT * FROM t；", "SQL에서 쓰는 기호가 아닙니다: ；", "이렇게 입력하십시오: ;"),
        ("SELECT * FROM “사진”", "텍스트일 수도, 이름일 수도 있습니다: “사진”", None),
        ("COPY 사진 FORM 'a.csv'", None, "FROM을(를) 쓰려고 하셨습니까?"),
    ],
)
def test_reading_says_what_is_wrong(cell: str, message: str | None, hint: str | None):
    error = error_of(cell)
    assert message is None or error.message == message
    assert hint is None or error.hint == hint


def test_whatever_can_be_expected_has_a_name():
    assert set(grammar.NAMES) == set(get_args(NameKind))
    assert set(grammar.KINDS) | {"word", "symbol", "name"} == set(get_args(WantKind))


def _errors_of_slips() -> Iterator[tuple[str, ThanoSQLError]]:
    lines = [line for line in SLIPS.read_text(encoding="utf-8").splitlines() if line and line[:2] != "# "]
    for cell in lines[::2]:
        if pieces(cell):
            try:
                parse_cell(cell)
            except ThanoSQLError as error:
                yield cell, repaired_in_cell(error, cell)


def test_no_error_of_grammar_speaks_english():
    grammatical = [
        (cell, error)
        for cell, error in _errors_of_slips()
        if error.code in ("TS100", "TS101") and not _is_at_start(cell, error)
    ]
    assert len(grammatical) > 100
    for cell, error in grammatical:
        said = [error.message, error.hint or "", *(fix.title for fix in error.fixes)]
        small = [
            word
            for text in said
            for word in WORD.findall(text)
            if word.islower() and word not in _known(cell)
        ]
        assert small == [], (cell, said)


def _is_at_start(cell: str, error: ThanoSQLError) -> bool:
    """Whether it is about a word that begins no statement, which is said elsewhere."""
    return error.span is not None and error.span.start in [piece.span.start for piece in pieces(cell)]


def _known(cell: str) -> set[str]:
    return {*WORD.findall(cell), "text", "texts", "image", "images", "weights"}
