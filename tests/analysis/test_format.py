"""Formatting moves white space and nothing else, and is done after one go."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import CASES, documented_cells

from thanosql_kernel.analysis.format import format as laid_out
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
