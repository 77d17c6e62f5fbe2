"""Lines that begin with ``#`` are comments; what stands beside ``%%thanosql`` is run if it is a statement."""

from __future__ import annotations

import pytest

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.sql.lexer import read_tokens, significant, tokenize
from thanosql_kernel.statements.cell import parse_each

CELLS = {
    "%%thanosql SELECT 1": ["SELECT 1"],
    "%%thanosql SELECT a\nFROM t;\nSELECT 2": ["SELECT a\nFROM t", "SELECT 2"],
    "%%thanosql (SELECT 1)": ["(SELECT 1)"],
    "%%sql 사진들 << SELECT 1": ["SELECT 1"],
    "%%sql -o x\nSELECT 1": ["SELECT 1"],
    "%%sql postgresql://a@b/c\nSELECT 1": ["SELECT 1"],
    "%%thanosql API_TOKEN=hunter2": [],
    "%%thanosql\nSELECT 1": ["SELECT 1"],
    "# a note's end\n%%thanosql SELECT 1": ["SELECT 1"],
    "# 1. '한글\n#!next\nSELECT 1\n# 2. then\nSELECT 2\n# end": ["SELECT 1", "SELECT 2"],
    "#\nSELECT 1\n# 'between\nORDER BY\n#1": ["SELECT 1\n# 'between\nORDER BY\n#1"],
}


@pytest.mark.parametrize(("cell", "statements"), CELLS.items(), ids=list(CELLS))
def test_the_statements_of_a_cell_are_found_where_they_stand(cell: str, statements: list[str]):
    found = list(parse_each(cell))
    assert [cell[slice(*piece.span)] for piece, _ in found] == statements
    assert not any(isinstance(statement, ThanoSQLError) for _, statement in found)
    assert significant(tokenize(cell)) == list(read_tokens(cell))
    assert list(diagnose(Document(cell))) == []


def test_a_line_of_comments_in_a_query_is_blank_to_duckdb_and_shifts_nothing():
    cell = "CREATE VIEW v AS\n# 한글 '\nSELECT '\n# no comment', a b c\n# x\nFROM t"
    [(_, error)] = parse_each("SELECT '\n# no comment'\n# x\nFROM t")
    assert not isinstance(error, ThanoSQLError)
    assert error.queries[0].text == "SELECT '\n# no comment'\n   \nFROM t"
    marked = [cell[slice(*found.span)] for found in diagnose(Document(cell))]
    assert marked == ["c"]


def test_a_column_by_its_number_is_no_comment_and_neither_is_what_stands_behind_something():
    assert [token.text for token in read_tokens("#1\nx # y")] == ["#", "1", "x", "#", "y"]


def test_the_text_of_a_variable_is_refused_where_there_are_none():
    for cell in ("%%thanosql $copy_pandas_df", "%thanosql $copy_pandas_df;"):
        [(_, error)] = parse_each(cell)
        assert isinstance(error, ThanoSQLError)
        assert (error.code, cell[slice(*error.span)]) == ("TS600", "$copy_pandas_df")
