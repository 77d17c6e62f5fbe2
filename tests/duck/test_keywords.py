"""Which words are keywords where they stand is what DuckDB reads."""

from __future__ import annotations

import pytest

from thanosql_kernel.duck.keywords import keywords
from thanosql_kernel.duck.parser import meanings
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.query import Query


def query(text: str) -> Query:
    return Cursor.over(text).sql(lambda: False)


def with_capitals(text: str) -> str:
    read = query(text.lower())
    (found,) = keywords([read])
    parts = list(read.source)
    for token in read.tokens:
        if token.start in found:
            parts[token.start : token.end] = token.text.upper()
    return "".join(parts)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT type, first, last, values, over, text, name, date, row, year FROM t",
        "SELECT a FROM t ORDER BY first NULLS FIRST, last DESC NULLS LAST",
        "SELECT sum(rows) OVER (PARTITION BY range ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS rows FROM t",
        "SELECT first(a) OVER w AS over, count(*) FILTER (WHERE b) AS filter FROM t WINDOW w AS (ORDER BY c)",
        "SELECT * EXCLUDE (exclude) REPLACE (replace(a, 'x', 'y') AS replace) FROM t",
        "SELECT left(a, 2), b FROM t LEFT JOIN u USING (id)",
        "SELECT 1 AS select, t.order, t.group FROM t",
        "SELECT {'a': 1, type: 2}, MAP {'b': 3}",
        "SELECT CAST(a AS int), b::decimal(10, 2), TRY_CAST(c AS varchar), d::DOUBLE PRECISION",
        "SELECT INTERVAL '1' DAY, day, EXTRACT(year FROM d), substring(a FROM 1 FOR 2)",
        "SELECT a FROM t UNION BY NAME SELECT name AS a FROM u",
        "WITH recursive AS (SELECT 1) SELECT * FROM recursive",
        "WITH RECURSIVE r AS MATERIALIZED (VALUES (1)) SELECT * FROM r AS materialized",
        "PIVOT q ON a USING count(*) GROUP BY b",
        "FROM t ASOF JOIN u ON a >= b POSITIONAL JOIN v SELECT b AS asof",
    ],
)
def test_a_word_is_a_keyword_where_it_could_not_be_in_quotes(text: str) -> None:
    assert with_capitals(text) == text


@pytest.mark.parametrize(
    "text", ["a IN (SELECT 1) AND type = 'x'", "left(first, 2)", "CASE WHEN value THEN 1 END"]
)
def test_conditions_are_read_as_expressions(text: str) -> None:
    assert with_capitals(text) == text


def test_of_what_is_no_sql_the_reserved_words_are_keywords() -> None:
    assert with_capitals("SELECT FROM WHERE nulls first over") == "SELECT FROM WHERE nulls first over"


def test_many_words_are_told_apart_though_they_stand_between_the_same_neighbours() -> None:
    ranks = ", ".join(
        f"rank() OVER (PARTITION BY a{n} ORDER BY b{n} NULLS FIRST) AS r{n}" for n in range(300)
    )
    text = f"SELECT first, {ranks}, nulls FROM t"
    assert with_capitals(text) == text
    text = "SELECT nulls first, b FROM t ORDER BY b NULLS FIRST, a"
    assert with_capitals(text) == text


def test_queries_are_asked_about_together() -> None:
    found = keywords([query("select 1"), query("type = 2"), query("select values")])
    assert found == [{0}, set(), {0}]
    assert keywords([]) == []


def test_meanings_are_equal_where_only_letters_and_places_differ() -> None:
    first, second, other, unread = meanings(
        ["select a from t", "SELECT  A\nFROM t", "select b from t", "select from"]
    )
    assert first == second
    assert first != other
    assert unread is None
