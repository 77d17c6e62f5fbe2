"""What SQL can go on with is what DuckDB's parser says."""

from __future__ import annotations

import pytest

from thanosql_kernel.duck.grammar import begins, fault, is_unfinished


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT",
        "SELECT a FROM",
        "SELECT a FROM t WHERE 라벨 =",
        "SELECT a FROM t ORDER",
        "SELECT (a",
        "SELECT a,",
        "FROM t JOIN u",
        "WITH q AS (SELECT 1)",
        "SELECT 1 UNION ALL",
        "UPDATE t SET",
        "MERGE INTO t USING u ON a = b WHEN MATCHED THEN",
        "INSERT INTO t VALUES (1) ON CONFLICT DO",
    ],
)
def test_a_beginning_is_unfinished(sql: str) -> None:
    assert fault(sql) is None
    assert is_unfinished(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "SELECT 1",
        "FROM t SELECT a",
        "SELECT 1 -- x",
        "PIVOT t ON a",
        "SELECT a FROM t LIMIT 10%",
        "VACUUM t",
    ],
)
def test_a_whole_one_is_not(sql: str) -> None:
    assert fault(sql) is None
    assert not is_unfinished(sql)


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("SELECT a FROM t SELECT 1", "SELECT 1"),
        ("SELECT 가 FROM 나 😀 SELECT 1", "SELECT 1"),
        ("SELECT a FROM t ORDER BY a DESC photos", "photos"),
        ("CREATE TABLE t AS FROM u SELECT * FROM t", "FROM t"),
        ("CONVERT USING m", "CONVERT USING m"),
        ("SELECT 'open", "'open"),
        ("SELECT a)", ")"),
    ],
)
def test_a_fault_is_where_no_sql_is_left(sql: str, wrong: str) -> None:
    at = fault(sql)
    assert at is not None
    assert sql[at:] == wrong
    assert not is_unfinished(sql)


def test_parentheses_left_open_in_thousands_cost_nothing() -> None:
    assert fault("SELECT " + "(" * 100_000) == 0
    assert not is_unfinished("SELECT " + "(" * 100_000)


def test_what_is_nested_too_deep_is_not_unfinished() -> None:
    assert not is_unfinished("SELECT " + "- " * 2000 + "1")


def test_words_that_begin_statements_are_told() -> None:
    assert [word for word in ("SELECT", "MERGE", "EXPLAIN", "CONVERT", "SEARCH", "사진") if begins(word)] == [
        "SELECT",
        "MERGE",
        "EXPLAIN",
    ]
