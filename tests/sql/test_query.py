"""Queries: nested statements keep every other character in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thanosql_kernel.statements.cell import parse_statement


def query_of(text):
    return parse_statement(text).queries[0]


def test_a_nested_statement_is_replaced_in_place():
    text = "SELECT * FROM (SEARCH IMAGE text='고양이' USING clip AS SELECT * FROM t) s ORDER BY 2"
    query = query_of(text)
    sql = query.sql()
    assert len(sql) == len(text)
    assert sql.startswith("SELECT * FROM (FROM _n1 ")
    assert sql.endswith(") s ORDER BY 2")
    assert sql.index("ORDER") == text.index("ORDER")


def test_children_are_found_at_any_depth():
    query = query_of(
        "SELECT * FROM a WHERE x IN ((SELECT y FROM (SEARCH IMAGE text='c' USING m AS "
        "SELECT * FROM (CONVERT USING m AS SELECT * FROM t)))) AND z IN (SELECT name FROM (LIST MODEL))"
    )
    assert [type(child.statement).__name__ for child in query.nested] == ["Search", "Listing"]
    (inner,) = query.nested[0].statement.query.nested
    assert type(inner.statement).__name__ == "Convert"
    assert query.source[slice(*inner.span)] == "CONVERT USING m AS SELECT * FROM t"


@pytest.mark.parametrize(
    ("query", "table"),
    [
        ("SELECT * FROM t", "t"),
        ('(select * from "내 표")', "내 표"),
        ("FROM t", "t"),
        ("SELECT a FROM t", None),
        ("SELECT * FROM t LIMIT 5", None),
        ("SELECT * FROM t, u", None),
        ("SELECT * FROM (LIST MODEL)", None),
    ],
)
def test_a_plain_table_is_recognised(query, table):
    assert query_of(f"PRINT IMAGE AS {query}").plain_table() == table


names = st.sampled_from(["t", "사진", '"a b"', "image", "options"])


@st.composite
def queries(draw, depth=0):
    source = draw(names)
    if depth < 3 and draw(st.booleans()):
        inner = draw(queries(depth=depth + 1))
        verb = draw(st.sampled_from(["SEARCH IMAGE text='a ( b' USING m AS ", "CONVERT USING m AS ", ""]))
        source = f"({verb}{inner})"
    tail = draw(st.sampled_from(["", " WHERE x = ')'", " ORDER BY 1 -- (", " LIMIT 5"]))
    return f"SELECT {draw(st.sampled_from(['*', 'a, b', 'count(*)']))} FROM {source}{tail}\n"


@given(queries())
def test_any_nesting_parses_and_keeps_its_length(text):
    statement = parse_statement(text)

    def check(query):
        assert len(query.sql()) == query.span.end - query.span.start
        for child in query.nested:
            assert query.source[child.span.start - 1] == "("
            for inner in child.statement.queries:
                check(inner)

    check(statement.queries[0])
