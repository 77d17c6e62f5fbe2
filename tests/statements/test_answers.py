"""What has no sense here is answered with what there is instead, never with a guess."""

from __future__ import annotations

import pytest

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.errors import ThanoSQLError, Unsupported
from thanosql_kernel.sql.lexer import significant, tokenize
from thanosql_kernel.statements.answers import ANSWERS, SOMETHING
from thanosql_kernel.statements.cell import parse_cell
from thanosql_kernel.statements.registry import find_head, heads


def error_of(cell):
    with pytest.raises(ThanoSQLError) as caught:
        parse_cell(cell)
    return caught.value


@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
def test_each_head_is_answered_unless_it_begins_a_statement_by_now(words):
    cell = " ".join(words).replace(SOMETHING, "사진")
    head = find_head(significant(tokenize(cell)))
    if head is not None and len(head.words) == len(words):
        return
    error = error_of(f"{cell.lower()} x 'y'")
    assert isinstance(error, Unsupported)
    assert (error.code, error.hint, error.meant) == ("TS600", str(ANSWERS[words]), None)
    assert error.span == (0, len(cell))


@pytest.mark.parametrize(
    ("cell", "answered"),
    [
        ("COPY 사진 TO 'a.csv'", True),
        ("COPY (SELECT a FROM (SELECT 1 AS a)) TO 'a.parquet' (FORMAT parquet)", True),
        ("COPY main.t (a, b) TO 'x'", True),
        ("COPY \"내 사진\" TO 'x'", True),
        ("COPY t FROM 'to.csv'", False),
        ("COPY \"to\" FROM 'x'", False),
        ("EXPORT database TO 'x.csv'", False),
        ("EXPORT DATABASE 'folder'", True),
        ("SELECT 1 AS attach, 2 AS load", False),
        ("SELECT CASE WHEN a THEN 1\nEND\nFROM t", False),
        ("SELECT a\nlock\nFROM t", False),
        ("SET VARIABLE n = 1", False),
        ("BEGIN;\nINSERT INTO t VALUES (1);\nCOMMIT;", True),
    ],
)
def test_only_what_has_no_sense_is_answered(cell, answered):
    if answered:
        assert error_of(cell).code == "TS600"
    else:
        parse_cell(cell)


def test_no_first_word_of_an_answer_is_offered():
    offered = {item.text for item in complete(Document(""), 0)}
    assert {words[0] for words in ANSWERS} & offered <= set(heads())
    assert {"SCHEMA", "MACRO", "DATABASES", "SESSION"}.isdisjoint(
        item.text
        for text in ("CREATE ", "DROP ", "SHOW ", "SET ")
        for item in complete(Document(text), len(text))
    )


def test_a_setting_of_duckdb_is_no_slip_of_one_of_ours():
    error = error_of("SET threads = 4")
    assert (error.code, error.meant) == ("TS600", None)
    assert "display.rows" in error.hint
    assert error_of("SET display.row = 4").hint == "did you mean display.rows?"


WIDE = [
    ("SELECT * FROM t WHERE b = 「고양이」", "「고양이」", "SELECT * FROM t WHERE b = '고양이'"),
    ("SELECT * FROM t ORDER BY “b”", "“b”", 'SELECT * FROM t ORDER BY "b"'),
    ("SELECT ‘a’ AS x， 2 AS y；", "，", "SELECT ‘a’ AS x, 2 AS y;"),
    ("SELECT count（*） AS n FROM t", "（", "SELECT count(*) AS n FROM t"),
    ("SELECT a，b FROM t", "，", "SELECT a,b FROM t"),
    ("SELECT a FROM t WHERE a ＝ １", "＝", "SELECT a FROM t WHERE a = 1"),
    ("SELECT a FROM t LIMIT １", "１", "SELECT a FROM t LIMIT 1"),
    ("ＳＥＬＥＣＴ　１ AS a；", "ＳＥＬＥＣＴ", "SELECT　1 AS a;"),
    ("SELECT * ＦＲＯＭ ｔ", "ＦＲＯＭ", "SELECT * FROM t"),
    ("SELECT * FROM t；", "；", "SELECT * FROM t;"),
    ("SELECT * FROM t WHERE a ≥ 1 – 1", "≥", "SELECT * FROM t WHERE a >= 1 - 1"),
    ("SELECT count（a） AS n FROM t", "count（a）", "SELECT count(a) AS n FROM t"),
    (
        "CREATE OR REPLACE ＴＡＢＬＥ u AS SELECT 1 AS a",
        "ＴＡＢＬＥ",
        "CREATE OR REPLACE TABLE u AS SELECT 1 AS a",
    ),
    ("SET display.rows ＝ ５", "＝", "SET display.rows = 5"),
    ("SELECT * FROM ｔ", "ｔ", "SELECT * FROM t"),
]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    from thanosql_kernel.engine.session import Session

    folder = tmp_path_factory.mktemp("wide")
    found = Session(folder / "db", working_folder=folder)
    found.run("CREATE TABLE t AS SELECT 1 AS a, '고양이' AS b, 3 AS 가격（원）", emit=lambda result: None)
    yield found
    found.close()


@pytest.mark.parametrize(("cell", "marked", "mended"), WIDE, ids=[case[0] for case in WIDE])
def test_signs_of_other_alphabets_are_named_and_their_fix_runs(session, cell, marked, mended):
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    problems = [one for one in diagnose(Document(cell, session.catalog)) if one.severity != "information"]
    assert problems[0].message == caught.value.message
    assert problems[0].hint == caught.value.hint
    assert cell[slice(*problems[0].span)] == cell[slice(*caught.value.span)] == marked
    (edit,) = problems[0].fixes[0].edits
    fixed = cell[: edit.span.start] + edit.text + cell[edit.span.end :]
    assert fixed == mended
    session.run(fixed, emit=lambda result: None)


@pytest.mark.parametrize(
    "cell",
    [
        "SELECT 가격（원） FROM t",
        "SELECT a AS １월, b AS 이름（한글） FROM t",
        "SELECT '“a”；（ＡＢ）' AS x -- “；",
        'SELECT a AS "“n”" FROM t',
        "SELECT a AS Ａ１ FROM t",
    ],
)
def test_names_and_texts_may_hold_them(session, cell):
    assert diagnose(Document(cell, session.catalog)) == []
    session.run(cell, emit=lambda result: None)
