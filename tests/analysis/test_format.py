"""Formatting moves white space and puts keywords in capitals and does nothing else, and is done after one go."""

import json
import random
import re
import sys
from pathlib import Path

import duckdb
import pytest
import sqlparse

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import CASES, documented_cells

from thanosql_kernel.analysis.features.format import format as laid_out
from thanosql_kernel.sql.lexer import tokenize
from thanosql_kernel.statements.cell import parse_each, pieces
from thanosql_kernel.statements.statement import Statement

#: SQL with words, signs and brackets of every kind.
QUERIES = [
    "select case when price>100 then 'dear' when price is null then '모름' else 'cheap' end as kind, count(*)*2 from photos",
    "select row_number() over(partition by 라벨 order by price desc nulls last rows between 1 preceding and current row) r "
    "from photos p left join labels l on p.id=l.id and l.kind in('a','b') cross join u qualify r<=3 window w as (order by a)",
    "with recursive n(i) as (select 1 union all select i+1 from n where i<5), m as materialized (values (1,'a'),(2,'b')) "
    "select * from n,m where i between 1 and -2 or not exists(select 1)",
    "select * exclude(a) replace(round(b,2) as b), {'키': 1, 'b': [1,2,3]}, l[1:-1], [x for x in l if x>1], data->>'$.x', "
    "list_filter(l, lambda x: x>2), list_filter(l, x->x>2), struct_pack(a:=1), a::decimal(10,2), -1, - -1, a// b, @c, 5! from t",
    "from sales pivot(sum(amount) for year in(2020,2021) group by product) select year order by all limit 3 offset 2",
    "select max(a)filter(where b is not distinct from c), extract(year from d), left(name,2), interval '1' day, 0x1F, 1e5, "
    "e'\\n', x'ab', $p, \"큰 이름\".* from read_csv('a.csv',header=true) using sample 10% where a like '!%' escape '!'",
    "update photos set 라벨=lower(trim(라벨)), price=(select max(b) from u where u.id=photos.id), type='x' where first>last",
    "insert into photos(image_path,price) select path,value from new where type = 'x' group by grouping sets((a),())",
    "convert using clip options(image_col='image_path',table_name='사진',batch_size=-1,) as (from photos where price>3)",
]
WHITE = (" ", "  ", "\n", "\n\n", "\t", " -- 설명\n", "\n-- 한 줄\n", " /* 가운데 */ ", "\n/* 두\n  줄 */\n")


def meaning(cell):
    """Every token of every statement, letter case of words aside; comments wherever they stand, and between what."""
    statements = [[token.upper for token in piece.tokens] or [piece.magic] for piece in pieces(cell)]
    return statements, [
        token.upper if token.kind == "word" else token.text.rstrip()
        for token in tokenize(cell)
        if token.kind != "space"
    ]


def trees(cell):
    """What DuckDB reads in the queries of a cell, or that it reads nothing; places aside."""
    statements = [found for _, found in parse_each(cell) if isinstance(found, Statement)]
    queries = [q.sql() for top in statements for one in (top, *top.children()) for q in one.queries]
    found = [tree_of(sql) or tree_of(f"SELECT ({sql})") for sql in queries]
    return found, [
        re.sub(r"\s+", "", sql).upper() for sql, tree in zip(queries, found, strict=True) if not tree
    ]


def tree_of(sql):
    ((answer,),) = duckdb.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
    tree = json.loads(answer)
    return None if tree["error"] else re.sub(r'"query_location(_length)?":\d+,', "", answer).lower()


def with_other_white_space(cell, rng, share):
    """The cell with other blanks, line ends and comments between its tokens."""
    parts, before = [], None
    for token in tokenize(cell):
        between = before is not None and before.kind not in ("space", "comment") and token.kind != "comment"
        if between and rng.random() < share / 3:
            parts.append(rng.choice(WHITE))
        parts.append(rng.choice(WHITE) if token.kind == "space" and rng.random() < share else token.text)
        before = token
    return "".join(parts)


def check(cell):
    once = laid_out(cell)
    assert meaning(once) == meaning(cell), cell
    assert laid_out(once) == once, cell
    return once


@pytest.mark.parametrize("cell", CASES + QUERIES)
def test_formatting_keeps_every_token_and_comment_and_is_done_after_one_go(cell):
    once = check(cell)
    assert trees(once) == trees(cell)


def test_formatting_documented_cells_keeps_their_meaning_and_is_done_after_one_go():
    for cell in documented_cells():
        check(cell)


@pytest.mark.parametrize("cell", CASES + QUERIES)
def test_wherever_blanks_line_ends_and_comments_stand_nothing_is_lost(cell):
    rng = random.Random(cell)
    for share in (0.05, 0.2, 0.6):
        check(with_other_white_space(cell, rng, share))


@pytest.mark.parametrize("query", QUERIES)
def test_queries_are_read_as_before_wherever_their_lines_ended(query):
    once = laid_out(query)
    assert once != query
    squeezed = " ".join(query.split())
    assert laid_out(squeezed) == once
    assert trees(once) == trees(query)


@pytest.mark.parametrize("query", QUERIES)
def test_another_lexer_sees_the_same_tokens(query):
    def tokens(text):
        found = sqlparse.parse(text)[0].flatten()
        return "".join(token.value for token in found if not token.is_whitespace).upper().replace(" ", "")

    assert tokens(laid_out(query)) == tokens(query)


@pytest.mark.parametrize("query", QUERIES)
def test_no_line_is_longer_than_a_hundred_or_ends_in_blanks(query):
    for line in laid_out(query).split("\n"):
        assert len(line) <= 100
        assert line == line.rstrip()


def test_strings_and_names_in_quotes_stay_as_they_are():
    text = "select 'a  b\n c', \"큰  이름\" from t where x = 'it''s' -- 설명  끝"
    once = laid_out(text)
    for kept in ("'a  b\n c'", '"큰  이름"', "'it''s'", "-- 설명  끝"):
        assert kept in once


@pytest.mark.parametrize(
    "text",
    [
        "CONVERT   WITH m",
        "select   (1",
        "%load_ext   thanosql",
        "no   statement",
        "select case   when 1 then )",
    ],
)
def test_what_does_not_parse_stays_as_it_is(text):
    assert laid_out(text) == text


def test_an_arrow_with_no_value_in_front_stays_as_it_is_wherever_its_line_begins():
    cell = f"{'(' * 23}SELECT(->a ((((((){'a))' * 14}a)"
    once = laid_out(cell)
    assert once != cell
    assert laid_out(once) == once


def test_a_statement_that_does_not_parse_leaves_the_others_their_layout():
    assert laid_out("select   1;\nCONVERT   WITH m;\nselect   2") == "SELECT 1;\nCONVERT   WITH m;\nSELECT 2"


def test_a_cell_stays_where_new_line_ends_would_make_other_statements_of_it():
    for cell in ("select 1;;   # NBVAL_SKIP\n", "search image   export\nselect a   from t"):
        assert meaning(laid_out(cell)) == meaning(cell)


def test_brackets_nested_as_deep_as_no_one_nests_them_stay_as_they_are():
    text = f"select {'(' * 5000}1{')' * 5000}"
    assert laid_out(text) == text


@pytest.mark.parametrize("text", ["", " ", "\n", "-- 끝", "  -- 끝\n", ";", "/* a */\n\n\n\n/* b */"])
def test_a_text_without_statements_keeps_its_comments(text):
    assert laid_out(text).replace(" ", "").replace("\n", "") == text.replace(" ", "").replace("\n", "")
    assert laid_out(laid_out(text)) == laid_out(text)


def test_strings_that_a_line_end_joins_stay_joined():
    for text in ("select 'a'\n'b'", "select 'a' -- c\n'b'", "select 'a' /* c */\n'b'"):
        once = check(text)
        assert re.search(r"'a'[^']*\n *'b'", once)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1 -- 끝", "SELECT 1 -- 끝"),
        ("select 1  /* 끝 */ ;  select 2 ;  ", "SELECT 1 /* 끝 */ ;\nSELECT 2;"),
        ("/* 앞 */ select 1", "/* 앞 */ SELECT 1"),
        ("select a -- 하나\n, b from t", "SELECT\n    a -- 하나\n    ,\n    b\nFROM t"),
        ("select a, -- 하나\nb -- 둘\nfrom t", "SELECT\n    a, -- 하나\n    b -- 둘\nFROM t"),
        ("select a\n-- 표\nfrom t where x = 1 -- 왜", "SELECT a\n-- 표\nFROM t\nWHERE x = 1 -- 왜"),
        ("select a from t where x /* 값 */ = 1", "SELECT a\nFROM t\nWHERE x /* 값 */ = 1"),
        ("copy t -- 어디로\nfrom 'a.csv'", "COPY t -- 어디로\nFROM 'a.csv'"),
        (
            "select a from (select b from t\n-- 끝\n) s",
            "SELECT a\nFROM (\n    SELECT b\n    FROM t\n    -- 끝\n) s",
        ),
        (
            "convert using clip options(image_col='a', -- 사진\nbatch_size=3) as select * from t",
            "CONVERT USING clip\nOPTIONS(\n    image_col='a', -- 사진\n    batch_size=3\n) AS\nSELECT *\nFROM t",
        ),
    ],
)
def test_comments_stay_between_the_tokens_that_they_stand_between(text, expected):
    assert laid_out(text) == expected
    assert laid_out(expected) == expected
