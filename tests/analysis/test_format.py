"""Formatting moves white space and nothing else, and is done after one go."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import CASES, documented_cells

from thanosql_kernel.analysis.features.format import format as laid_out
from thanosql_kernel.sql.lexer import tokenize
from thanosql_kernel.statements.cell import pieces


def meaning(cell):
    """Every token of every statement, letter case of words aside; comments wherever they stand."""
    statements = [[token.upper for token in piece.tokens] or [piece.magic] for piece in pieces(cell)]
    comments = [token.text.rstrip() for token in tokenize(cell) if token.kind == "comment"]
    return statements, comments


@pytest.mark.parametrize("cell", CASES)
def test_formatting_keeps_the_meaning_and_is_idempotent(cell):
    once = laid_out(cell)
    assert meaning(once) == meaning(cell)
    assert laid_out(once) == once


def test_formatting_documented_cells_keeps_their_meaning_and_is_idempotent():
    for cell in documented_cells()[::3]:
        once = laid_out(cell)
        assert meaning(once) == meaning(cell), cell
        assert laid_out(once) == once, cell


def test_strings_and_names_in_quotes_stay_as_they_are():
    text = "select 'a  b\n c', \"큰  이름\" from t where x = 'it''s' -- 설명  끝"
    once = laid_out(text)
    for kept in ("'a  b\n c'", '"큰  이름"', "'it''s'", "-- 설명  끝"):
        assert kept in once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select a from t order by a nulls last", "SELECT a\nFROM t\nORDER BY a NULLS LAST"),
        ("select count(*) from t group by a", "SELECT count(*)\nFROM t\nGROUP BY a"),
        ("insert into t values (1)", "INSERT INTO t\nVALUES (1)"),
        ("export select a from t to 'a.csv'", "EXPORT\nSELECT a\nFROM t\nTO 'a.csv'"),
        ("with q as (select 1 as a)\nselect a from q", "WITH q AS\n    (SELECT 1 AS a)\nSELECT a\nFROM q"),
        ("from t select a", "FROM t\nSELECT a"),
        ("select 1 -- 끝", "SELECT 1 -- 끝"),
        ("select 1  /* 끝 */ ;  select 2 ;  ", "SELECT 1 /* 끝 */ ;\nSELECT 2;"),
    ],
)
def test_keywords_are_capitals_and_comments_stand_apart(text, expected):
    assert laid_out(text) == expected
    assert laid_out(expected) == expected


def test_strings_that_a_line_end_joins_stay_joined():
    for text in ("select 'a'\n'b'", "select 'a' -- c\n'b'", "select 'a' /* c */\n'b'"):
        assert laid_out(text).lower() == text


def test_names_that_could_be_keywords_keep_their_letters():
    assert laid_out("select type, over, values, last from t") == "SELECT type, over,\nvalues, last\nFROM t"
