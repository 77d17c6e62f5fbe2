"""What DuckDB's keywords and functions are is what DuckDB does with them."""

from __future__ import annotations

import duckdb
import pytest

from thanosql_kernel.duck import words

KEYWORDS = sorted(
    {word for (word,) in duckdb.execute("SELECT keyword_name FROM duckdb_keywords()").fetchall()}
)


def is_read(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether DuckDB takes the text as a table's and as a column's name."""
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name}({name} INTEGER); INSERT INTO {name} VALUES (7)"
        )
        rows = connection.execute(f"SELECT {name} FROM {name} WHERE {name} = 7").fetchall()
    except duckdb.ParserException:
        return False
    return rows == [(7,)]


def test_every_keyword_is_quoted_where_duckdb_would_not_read_it_and_nowhere_else() -> None:
    assert len(KEYWORDS) > 400
    with duckdb.connect() as connection:
        read = {word for word in KEYWORDS if is_read(connection, word)}
        quoted = {word for word in KEYWORDS if is_read(connection, words.as_name(word))}
    assert {word for word in KEYWORDS if not words.is_reserved(word)} == read
    assert quoted == set(KEYWORDS)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("사진", "사진"),
        ("ที่", "ที่"),
        ("‘a’", '"‘a’"'),
        ("my_photos2", "my_photos2"),
        ("Order", '"Order"'),
        ("group", '"group"'),
        ("by", '"by"'),
        ("name", "name"),
        ("2024", '"2024"'),
        ("a b", '"a b"'),
        ('a"b', '"a""b"'),
        ("", '""'),
    ],
)
def test_a_name_is_plain_where_it_can_be(name: str, written: str) -> None:
    assert words.as_name(name) == written


@pytest.mark.parametrize(
    "name", ["lower", "+", "||", "list_extract", "array_cosine_similarity", "json_extract", "ROUND"]
)
def test_functions_of_one_row(name: str) -> None:
    assert words.is_of_one_row(name)
    assert words.is_consistent(name)


@pytest.mark.parametrize("name", ["sum", "count", "row_number", "unnest", "range"])
def test_functions_of_many_rows_are_consistent(name: str) -> None:
    assert not words.is_of_one_row(name)
    assert words.is_consistent(name)


@pytest.mark.parametrize(
    "name",
    [
        "random",
        "uuid",
        "now",
        "current_date",
        "nextval",
        "setseed",
        "read_csv",
        "query",
        "nothing_of_the_kind",
    ],
)
def test_what_changes_or_is_unknown_is_neither(name: str) -> None:
    assert not words.is_of_one_row(name)
    assert not words.is_consistent(name)


def test_keywords_that_are_written_like_functions() -> None:
    assert all(map(words.is_keyword, KEYWORDS))
    assert not words.is_keyword("사진")
    assert all(map(words.is_called, ("CAST", "coalesce", "decimal", "try_cast")))
    assert not any(map(words.is_called, ("in", "values", "exists", "over", "count")))
    assert words.may_be_function("left")
    assert not words.may_be_function("select")
