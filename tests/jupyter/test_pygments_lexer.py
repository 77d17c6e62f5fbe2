from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pygments.token import Comment, Error, Keyword, Name, String

sys.path.insert(0, str(Path(__file__).parents[1]))
from documented_cells import documented_cells

from thanosql_kernel.jupyter.pygments import ThanoSQLLexer


def kinds(text):
    return {value: kind for kind, value in ThanoSQLLexer().get_tokens(text)}


def test_statement_words_are_keywords_in_any_case():
    found = kinds("convert USING m OPTIONS(image_col='a') AS SELECT 1; Search Image text='x'")
    for word in ("convert", "USING", "OPTIONS", "SELECT", "Search"):
        assert found[word] is Keyword
    assert found["Image"] is Keyword.Type
    assert found["m"] is Name
    assert found["'x'"] in String


def test_korean_names_are_names():
    assert kinds("SELECT 이름_1, image이름 FROM 사진")["이름_1"] is Name
    assert kinds("SELECT image이름")["image이름"] is Name


def test_a_text_in_bent_quotes_is_one_string():
    found = kinds("SEARCH IMAGE text=“검은 고양이” USING m AS SELECT * FROM t WHERE a = ‘it’s’")
    assert found["“검은 고양이”"] is found["‘it’s’"] is String


def test_a_value_of_python_is_one_token():
    found = kinds("SELECT $low, $이름")
    assert found["$low"] is found["$이름"] is Name.Variable


@pytest.mark.parametrize("magic", ["%%thanosql", "%%sql"])
def test_the_old_magic_line_is_no_code(magic):
    assert kinds(f"{magic}\nSELECT 1")[magic] is Comment.Preproc


def test_the_lexer_loses_no_character():
    text = "%thanosql SELECT '검은', \"x\" FROM t -- 끝\n"
    assert "".join(value for _, value in ThanoSQLLexer().get_tokens(text)) == text


def test_hardly_a_real_cell_has_a_character_that_is_no_token():
    wrong = [
        cell
        for cell in documented_cells()
        if any(kind is Error for kind, _ in ThanoSQLLexer().get_tokens(cell))
    ]
    assert len(wrong) <= 1
