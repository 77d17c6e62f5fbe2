"""What SQL's own catalogues say: the tables that there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import thanosql_kernel
from thanosql_kernel.errors import UnknownName, Unsupported
from thanosql_kernel.python.connection import Connection


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Connection]:
    """A database with two tables."""
    with thanosql_kernel.connect(tmp_path / "db", working_folder=tmp_path, progress=False) as connection:
        connection.sql("CREATE TABLE 사진 AS SELECT 1 AS 번호, 'a.png' AS image_path")
        connection.sql("CREATE TABLE people AS SELECT 'Kim' AS name")
        yield connection


@pytest.mark.parametrize(
    "query",
    [
        "SELECT table_name AS name FROM information_schema.tables",
        "SELECT DISTINCT table_name AS name FROM information_schema.columns",
        "SELECT table_name AS name FROM duckdb_tables()",
        "SELECT DISTINCT table_name AS name FROM duckdb_columns() WHERE NOT internal",
        "SELECT name FROM sqlite_master WHERE type = 'table'",
        "SELECT tablename AS name FROM pg_tables",
        "SELECT name FROM (SHOW TABLES)",
        "SELECT name FROM (SHOW ALL TABLES)",
        "WITH names AS (SELECT table_name FROM information_schema.tables) SELECT table_name AS name FROM names",
        "SELECT unnest(['people', '사진']) AS name WHERE EXISTS (SELECT 1 FROM sqlite_master)",
    ],
)
def test_every_catalogue_names_our_tables(tables: Connection, query: str) -> None:
    assert sorted(row["name"] for row in tables.sql(query).arrow().to_pylist()) == ["people", "사진"]


def test_columns_have_their_types(tables: Connection) -> None:
    query = (
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '사진' ORDER BY 1"
    )
    rows = [tuple(row.values()) for row in tables.sql(query).arrow().to_pylist()]
    assert rows == [("image_path", "VARCHAR"), ("번호", "INTEGER")]


def test_the_columns_of_a_table_are_listed(tables: Connection) -> None:
    rows = tables.sql("SELECT name, type FROM pragma_table_info('사진')").arrow().to_pylist()
    assert rows == [{"name": "번호", "type": "INTEGER"}, {"name": "image_path", "type": "VARCHAR"}]


def test_numbers_are_numbers_and_rows_that_nobody_counted_are_unknown(tables: Connection) -> None:
    query = "SELECT sum(column_count) AS c, max(estimated_size) AS n FROM duckdb_tables()"
    assert tables.sql(query).rows() == [{"c": 3, "n": None}]


def test_names_are_stored_as_rows(tables: Connection) -> None:
    tables.sql("CREATE TABLE names AS SELECT table_name AS name FROM duckdb_tables()")
    tables.sql("INSERT INTO names VALUES ((SELECT max(table_name) FROM information_schema.tables)), ('x')")
    rows = tables.sql("SELECT name FROM names ORDER BY name").arrow().to_pylist()
    assert [row["name"] for row in rows] == ["people", "x", "사진", "사진"]


@pytest.mark.parametrize(
    "cell",
    [
        "SELECT * FROM 사진 WHERE image_path IN (SELECT table_name FROM information_schema.tables)",
        "SELECT * FROM people, duckdb_tables()",
        "DELETE FROM people WHERE name NOT IN (SELECT table_name FROM information_schema.tables)",
        "UPDATE people SET name = (SELECT max(name) FROM sqlite_master)",
    ],
)
def test_beside_other_tables_they_are_refused_with_the_way_round(tables: Connection, cell: str) -> None:
    with pytest.raises(Unsupported) as caught:
        tables.sql(cell)
    assert "CREATE TABLE" in (caught.value.hint or "")
    assert tables.sql("SELECT name FROM people").arrow().to_pylist() == [{"name": "Kim"}]


def test_ones_own_names_win(tables: Connection) -> None:
    tables.sql("CREATE TABLE sqlite_master AS SELECT 5 AS n")
    assert tables.sql("SELECT n FROM sqlite_master").arrow().to_pylist() == [{"n": 5}]
    cell = "WITH pg_tables AS (SELECT 6 AS n) SELECT n FROM pg_tables"
    assert tables.sql(cell).arrow().to_pylist() == [{"n": 6}]


def test_wrong_columns_are_marked(tables: Connection) -> None:
    with pytest.raises(UnknownName) as caught:
        tables.sql("SELECT tabel_name FROM information_schema.tables")
    assert caught.value.span is not None
