"""Where the statements of a cell begin and end: by the grammars, whatever the lines, blank lines and comments."""

import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import duckdb
import pytest

from tests.hunts import one_of

sys.path.insert(0, str(Path(__file__).parents[1]))
from documented_cells import documented_cells
from statement_cases import valid_cells

from thanosql_kernel.analysis.text.blocks import cut_blocks
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.statements.cell import completeness, parse_statement, pieces

#: Cells of one statement, over several lines.
ONE = [
    "FROM t VERSION 3\nSELECT a",
    "SELECT a FROM t VERSION 3\nWHERE a = 1",
    # FROM in front of its SELECT, set operations
    "FROM t\nSELECT a",
    "FROM 사진\nSELECT 라벨, count(*)\nGROUP BY 라벨",
    "FROM t JOIN u USING (a)\nSELECT a",
    "FROM t,\nu\nSELECT a",
    "SELECT a\nFROM t",
    "SELECT a\nFROM t\nWHERE a = 1",
    "SELECT a\nFROM (SELECT b\nFROM t)",
    "SELECT 1\nUNION\nSELECT 2",
    "SELECT 1 UNION ALL\nSELECT 2",
    "SELECT 1\nUNION ALL BY NAME\nSELECT 2",
    "SELECT 1 EXCEPT\nFROM t",
    "SELECT 1 INTERSECT ALL\n(SELECT 2)",
    "FROM t UNION ALL\nFROM u\nSELECT a",
    "(SELECT 1)\nUNION\n(SELECT 2)",
    "VALUES (1),\n(2)",
    "SELECT 1 UNION\nVALUES (2)",
    "SELECT 1 UNION\nTABLE t",
    # clauses and operators over lines
    "SELECT a FROM t ORDER BY a\nDESC",
    "SELECT a FROM t ORDER BY a\nDESC NULLS LAST",
    "SELECT a FROM t ORDER BY a\nDESC, b",
    "SELECT a FROM t ORDER BY a\nDESC\nLIMIT 5",
    "SELECT a FROM t ORDER BY a\nDESC LIMIT 5",
    "SELECT row_number() OVER (ORDER BY a\nDESC) FROM t",
    "SELECT a FROM t LIMIT\n10",
    "SELECT a FROM t WHERE a IN\n(SELECT b FROM u)",
    "SELECT a FROM t WHERE EXISTS\n(FROM u)",
    "SELECT a FROM t WHERE a =\n(SELECT max(a) FROM t)",
    "SELECT a FROM t WHERE a\n!= 3",
    "SELECT a FROM t WHERE a\n != 3\nAND b\n!~ 'x'",
    "SELECT a\n!~ 'x' FROM t",
    "SELECT id\n% 2 FROM t",
    "SELECT id\n  % 2 AS 나머지\nFROM t",
    "SELECT (id\n% 2) FROM t",
    "SELECT f(\nid\n% 2) FROM t",
    "SELECT a FROM t LIMIT 10\n%",
    "SELECT CASE WHEN a THEN\n1 ELSE\n2 END FROM t",
    "SELECT a FROM t JOIN\nu ON t.a = u.a",
    "SELECT a FROM t LEFT JOIN\n(SELECT * FROM u) u USING (a)",
    "SELECT a, list\nFROM t",
    "SELECT a AS\nlist FROM t",
    "SELECT a,\nsearch, image, text FROM t",
    "SELECT a FROM\nvacuum",
    "SELECT a FROM t,\nvacuum",
    "SELECT copy\nFROM print",
    "SELECT a FROM t AS\nhelp",
    "SELECT a FROM t WHERE a BETWEEN 1 AND\n2",
    "SELECT a FROM t WHERE b SIMILAR TO\n'x'",
    # common table expressions
    "WITH q AS (SELECT 1)\nSELECT * FROM q",
    "WITH q AS (SELECT 1),\nr AS (SELECT 2)\nSELECT * FROM q, r",
    "WITH q AS (SELECT 1)\nFROM q\nSELECT *",
    "WITH q AS (SELECT 1)\n(SELECT * FROM q)",
    "WITH q AS (SELECT 1 AS a)\nPIVOT q ON a USING count(*)",
    "WITH RECURSIVE\nq AS (SELECT 1 UNION ALL\nSELECT 2)\nSELECT * FROM q",
    "CREATE TABLE t AS\nWITH q AS (SELECT 1)\nSELECT * FROM q",
    "INSERT INTO t\nWITH q AS (SELECT 1)\nSELECT * FROM q",
    "INSERT INTO t\nSELECT * FROM u",
    "INSERT INTO t (a)\nVALUES (1)",
    "INSERT INTO t\n(a, b)\nVALUES (1, 2)",
    "INSERT INTO t\nSEARCH IMAGE text='a' USING m AS\nSELECT * FROM u",
    # PIVOT and UNPIVOT
    "PIVOT t\nON a\nUSING sum(b)",
    "SELECT * FROM t\nPIVOT (sum(a) FOR b IN (1, 2))",
    "SELECT * FROM t\nPIVOT (\n  sum(a)\n  FOR b IN (1, 2)\n)",
    "SELECT * FROM t\nUNPIVOT (v FOR n IN (a, b))",
    "FROM t\nPIVOT (sum(a) FOR b IN (1))\nSELECT *",
    "UNPIVOT t\nON a, b INTO NAME n VALUE v",
    "CREATE TABLE x AS\nPIVOT t ON a USING sum(b)",
    "CREATE TABLE x AS\nSUMMARIZE t",
    "CREATE TABLE x AS\nDESCRIBE t",
    "CREATE TABLE x AS\nSHOW TABLES",
    "CREATE TABLE x AS\nFROM t\nSELECT a",
    "CREATE TABLE x AS\nTABLE t",
    # statements of the dialect
    "COPY t\nFROM 'a.csv'",
    "COPY t\nOPTIONS(if_exists='replace')\nFROM 'a.csv'",
    "CONVERT USING m\nAS\nSELECT * FROM t",
    "CONVERT USING m AS\nFROM t\nSELECT a",
    "PRINT IMAGE AS\nSEARCH IMAGE text='a' USING m AS\nSELECT * FROM t",
    "PRINT IMAGE\nAS (\nSELECT *\nFROM (\nSEARCH IMAGE text='a' USING m\nAS\nSELECT *\nFROM t\n)\n)",
    "SEARCH IMAGE text='a'\nUSING m AS (SELECT * FROM t)\nLIMIT 3",
    "(SEARCH IMAGE text='a' USING m AS\nSELECT * FROM t)\nLIMIT 3",
    "SELECT * FROM t WHERE id IN (\nSEARCH IMAGE text='a' USING m AS\nFROM u\nSELECT id)",
    "SELECT a, (SEARCH IMAGE text='a' USING m AS SELECT * FROM t)\nFROM u",
    "DELETE\nFROM t",
    "DELETE FROM t WHERE a IN\n(SELECT a FROM u)",
    "UPDATE t\nSET a = 1",
    "UPDATE t SET s = {'x': 5, 'y': 6}\nWHERE a = 1",
    "UPDATE t SET s = {'x':\n[1, {'y': 2}]}, b =\n3",
    "ALTER TABLE t\nDROP COLUMN a",
    "EXPORT FROM t\nSELECT a TO 'x.csv'",
    "EXPORT SELECT a\nFROM t\nTO 'x.csv'",
    "EXPORT SELECT a FROM t WHERE a SIMILAR TO 'A.*'\nTO 'f.csv'",
    "SELECT {'a': [1, {'b': 2}]}\nFROM t",
    "SELECT $$\nSELECT 1\nLIST MODEL\n$$",
    "SELECT 'a\nSELECT 1'\nFROM t",
    # statements of DuckDB's
    "EXPLAIN\nSELECT 1",
    "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN\nDELETE",
    "MERGE INTO t USING u ON t.a = u.a\nWHEN MATCHED THEN\nUPDATE SET a = 1",
    "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN\nDELETE\nWHEN NOT MATCHED THEN\nINSERT VALUES (1)",
    "INSERT INTO t VALUES (1) ON CONFLICT DO\nUPDATE SET a = 1",
    "CREATE VIEW v AS\nFROM t\nSELECT a",
]

#: Cells of several statements, one after the other.
SEVERAL = [
    # a table as it was, which DuckDB's grammar does not know
    ("SELECT a FROM t VERSION 3 AS old WHERE a IS NOT NULL", "(SELECT 1)"),
    ("SELECT a FROM t VERSION 3 AS old WHERE a IS NOT NULL", "FROM u WHERE a = 1"),
    ("SELECT a FROM (FROM t VERSION 3) JOIN u AT (VERSION => 2) USING (a)", "SELECT b FROM t VERSION 1"),
    ("FROM t VERSION 3", "SELECT a FROM u"),
    ("SELECT a FROM t", "SELECT b FROM u"),
    ("SELECT a FROM t", "FROM u"),
    ("SELECT 1", "SELECT 2", "SELECT 3"),
    ("FROM t SELECT a", "SELECT b"),
    ("FROM t WHERE a = 1", "SELECT 2"),
    ("FROM t", "SELECT a FROM u"),
    ("FROM t", "SELECT a\nFROM u"),
    ("FROM t LIMIT 3", "FROM u", "LIST MODEL"),
    ("SELECT a FROM t UNION ALL\nFROM u\nSELECT a", "SELECT b"),
    ("SELECT a FROM t", "(SELECT 2)"),
    ("SELECT a FROM t", "WITH q AS (SELECT 1)\nSELECT * FROM q"),
    ("SELECT a FROM t", "VALUES (1)"),
    ("SELECT a FROM t", "TABLE u"),
    ("VALUES (1), (2)", "SELECT 1"),
    ("SELECT a FROM t LIMIT 10%", "SELECT 1"),
    ("SELECT a FROM t LIMIT 10 %", "SELECT 1"),
    ("SELECT 1_000, 0x1F, 1e5, .5", "SELECT 2"),
    ("SELECT a FROM t GROUP BY ALL", "SELECT b FROM t ORDER BY ALL", "LIST MODEL"),
    ("SELECT a FROM t ORDER BY a DESC", "DESC photos"),
    ("SELECT a FROM t ORDER BY a", "DESC photos"),
    ("SELECT a FROM t ORDER BY a\nDESC", "DESC photos"),
    ("SELECT a FROM t ORDER BY a\nDESC", "LIST MODEL"),
    ("SELECT a FROM t ORDER BY a", "DESCRIBE 사진"),
    ("SELECT a FROM t", "VACUUM"),
    ("SELECT a FROM t", "VACUUM photos"),
    ("SELECT a FROM t", "HELP"),
    ("SELECT a FROM t", "HELP SEARCH"),
    ("SELECT a FROM t", "SHOW SETTINGS"),
    ("SELECT a FROM t", "SHOW TABLES"),
    ("SELECT a FROM t", "LIST\nMODEL"),
    ("SELECT a FROM t", "COPY\nu FROM 'a.csv'"),
    ("SELECT a FROM t", "CONVERT USING m AS SELECT * FROM t"),
    ("SELECT a FROM t", "PRINT IMAGE\nAS SELECT * FROM t"),
    ("SELECT a FROM t", "UPDATE t SET a = 1"),
    ("SELECT a FROM t", "DELETE FROM t"),
    ("SELECT a FROM t", "INSERT INTO t VALUES (1)"),
    ("SELECT a FROM t", "DROP TABLE t"),
    ("SELECT a FROM t", "PIVOT t ON a USING sum(b)"),
    ("SELECT a FROM t", "PIVOT (SELECT * FROM t) ON a USING sum(b)"),
    ("SELECT a FROM t", "PIVOT (\nSELECT * FROM t\n) ON a"),
    ("SELECT a FROM t", "UNPIVOT t ON a"),
    ("SELECT a FROM t", "SUMMARIZE t"),
    ("SELECT * FROM t PIVOT (sum(a) FOR b IN (1))", "SELECT 1"),
    ("SUMMARIZE t", "SELECT 1"),
    ("PIVOT t ON a USING sum(b)", "SELECT 1"),
    ("DESCRIBE t", "SELECT 1"),
    ("SHOW TABLES", "FROM t"),
    ("LIST MODEL", "(SELECT 1)"),
    ("COPY t FROM 'a.csv'", "SELECT * FROM t"),
    ("COPY t FROM 'a.csv'", "FROM t\nSELECT a"),
    ("CREATE TABLE t AS FROM u", "SELECT * FROM t"),
    ("CREATE TABLE t AS\nFROM u", "SELECT *\nFROM t"),
    ("CREATE TABLE t AS SELECT 1 LIMIT 1", "FROM t"),
    ("CREATE TABLE t AS DESCRIBE u", "SELECT 1"),
    ("INSERT INTO t SELECT * FROM u", "SELECT 1"),
    ("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"),
    ("DELETE FROM t", "DELETE FROM t WHERE a = 1"),
    ("UPDATE t SET a = 1", "SELECT 1"),
    ("UPDATE t SET a = b", "VACUUM"),
    ("UPDATE t SET s = {'x': 5, 'y': 6}", "UPDATE t SET s = NULL"),
    ("EXPORT FROM t TO 'x.csv'", "SELECT 1"),
    ("EXPORT t TO 'x.csv'", "FROM t"),
    ("EXPORT SELECT a FROM t WHERE a SIMILAR TO 'A.*' TO 'f.csv'", "EXPORT t TO 'g.csv'"),
    ("CONVERT USING m AS SELECT * FROM t", "SELECT 1"),
    ("CONVERT USING m AS (SELECT * FROM t)", "SELECT 1"),
    ("PRINT IMAGE AS (\nSELECT * FROM t\n)", "SELECT 1", "(SELECT 2)"),
    ("PRINT IMAGE AS SEARCH IMAGE text='a' USING m AS SELECT * FROM t", "SELECT 1"),
    ("SEARCH IMAGE text='a' USING m AS SELECT * FROM t ORDER BY 1", "DESC t"),
    ("SELECT * FROM (SEARCH IMAGE text='a' USING m AS SELECT * FROM t)", "SELECT 1"),
    ("SELECT * FROM (DESC t)", "SELECT 1"),
    ("WITH q AS (SELECT 1) SELECT * FROM q", "WITH q AS (SELECT 2) SELECT * FROM q"),
    ("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE", "SELECT 1"),
    ("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "UPDATE t SET a = 1"),
    ("CREATE VIEW v AS FROM t", "SELECT a FROM v"),
    ("SELECT E'it\\'s'", "SELECT $a$ it's $a$", "SELECT '열기'"),
    ("SELECT 이름 FROM ผู้ใช้", "SELECT नाम FROM तालिका", "SELECT می‌خواهم"),
    ("%load_ext thanosql", "SELECT a FROM t", "%thanosql API_TOKEN=x", "SELECT 1"),
    ("SELECT a FROM t", "%load_ext thanosql"),
    ("SELECT a", "%thanosql SELECT 1"),
    ("SELECT a FROM t", "!pip install x"),
    ("SELECT a FROM t WHERE a = 1", '!pip install "x', "SELECT 1"),
    ("SELECT a FROM t", "%matplotlib inline", "SELECT 1"),
    ("SELECT id\n% 2 FROM t", "%load_ext thanosql", "SELECT 1"),
]

#: Statements that lack their end, or more, and those below them that are whole.
BROKEN = [
    ("CONVERT USING m", "PRINT IMAGE AS SELECT 1"),
    ("SELECT a FROM t WHERE", "LIST MODEL"),
    ("SELECT a FROM t WHERE", "SELECT 1"),
    ("SELECT a FROM t JOIN u", "SELECT 1"),
    ("SELECT (a = 3", "LIST MODEL"),
    ("SELECT * FROM t WHERE (a IN (1, 2)", "DROP TABLE t"),
    ("SELECT * FROM (SEARCH IMAGE text='a' USING m AS\nCOPY t FROM 'x'", "PRINT IMAGE AS SELECT 1"),
    ("INSERT INTO t", "DROP TABLE u"),
    ("SELECT )", "SELECT 1"),
    ("SELECT 'open", "SELECT 1"),
    ("SELEC 1", "SELECT 1"),
    ("EXPORT SELECT a FROM t", "SELECT 1"),
]


def texts(cell: str) -> list[str]:
    return [cell[slice(*piece.span)] for piece in pieces(cell)]


def texts_of_blocks(cell: str) -> list[str]:
    blocks = [block for block in cut_blocks(cell) if block.piece is not None]
    return [block.text[slice(*block.piece.span)] for block in blocks]


def spread(text: str) -> str:
    """The text with blank lines and comments where its lines end, outside strings."""
    if "$$" in text or "'a\n" in text:
        return text
    return text.replace("\n", "\n\n-- 주석; SELECT 1\n  \n/* SELECT\n2 */ ")


@pytest.mark.parametrize("statement", ONE)
def test_a_statement_goes_on_over_lines(statement):
    for written in (statement, spread(statement), statement.replace("\n", "\r\n")):
        assert texts(written) == [written]
        assert texts_of_blocks(written) == [written]
        assert texts(f"\n{written};\n") == [written]
        assert texts(f"LIST MODEL;{written}\n;LIST MODEL") == ["LIST MODEL", written, "LIST MODEL"]


@pytest.mark.parametrize("statements", SEVERAL, ids="\n".join)
def test_statements_end_where_the_next_one_begins(statements):
    magic = any(statement[0] in "%!" for statement in statements)
    between = (
        ("\n", "\n\n\n", "\r\n")
        if magic
        else ("\n", "\n\n-- 주석\n\n", " /* 주석 */\n", ";\n", ";", "\r\n", ";\r\n")
    )
    for separator in between:
        expected = [text.replace("\n", "\r\n") if "\r" in separator else text for text in statements]
        cell = separator.join(expected)
        assert texts(cell) == expected, separator
        assert texts_of_blocks(cell) == expected, separator


@pytest.mark.parametrize("statements", BROKEN, ids="\n".join)
def test_a_statement_that_is_wrong_leaves_the_next_one_alone(statements):
    cell = "\n".join(statements)
    assert texts(cell) == list(statements)
    assert texts_of_blocks(cell)[-1] == statements[-1]


def test_the_table_is_long():
    assert len(ONE) + len(SEVERAL) > 180
    assert len({*ONE, *SEVERAL}) == len(ONE) + len(SEVERAL)


def whole_statements(cells: Iterable[str]) -> list[str]:
    """Every whole statement of the cells, each once."""
    found = dict.fromkeys(text for cell in cells for text in texts(cell))
    return [text for text in found if text[0] not in "%!" and is_whole(text)]


def is_whole(text: str) -> bool:
    try:
        parse_statement(text)
    except ThanoSQLError:
        return False
    return completeness(text) == "complete" and len(texts(text)) == 1


def run_together(firsts: list[str], seconds: list[str]) -> list[tuple[str, str]]:
    """The pairs that are not two statements when one stands below the other, though SQL does not go on there."""
    connection = duckdb.connect()
    return [
        (first, second)
        for first, second in product(firsts, seconds)
        if texts(f"{first}\n{second}") != [first, second] and not sql_goes_on(connection, first, second)
    ]


@pytest.mark.hunt
def test_any_two_statements_in_a_row_are_two():
    found = whole_statements(case[2] for case in valid_cells())
    assert len(found) > 70
    assert run_together(one_of(4, found), found) == []


@pytest.mark.hunt
def test_documented_statements_in_a_row_are_two():
    found = whole_statements(documented_cells())
    assert len(found) > 150
    assert run_together(found[::5], one_of(4, found[::3])) == []


def sql_goes_on(connection: duckdb.DuckDBPyConnection, first: str, second: str) -> bool:
    """Whether the end of the first and a line of the second, or more, make one statement of DuckDB's."""
    starts = [at for at in range(len(first)) if at == 0 or first[at - 1].isspace()]
    lines = second.splitlines()
    parts = ["\n".join(lines[:count]) for count in range(1, len(lines) + 1)]
    return any(_is_one(connection, f"{first[at:]}\n{part}") for at in starts for part in parts)


def _is_one(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        return len(connection.extract_statements(sql)) == 1
    except duckdb.Error:
        return False


def test_a_cell_of_one_statement_a_line_is_read_in_no_time():
    lines = [f"SELECT a FROM t{number} WHERE b > {number}" for number in range(500)]
    assert texts("\n".join(lines)) == lines


def test_parentheses_left_open_in_hundreds_are_read_in_no_time():
    cell = "SELECT " + "(" * 3000 + "\n% 2\nLIST MODEL"
    assert texts(cell)[-1] == "LIST MODEL"
