"""What is offered can be taken as it is: DuckDB reads the names, and this kernel runs the words and options."""

from __future__ import annotations

import duckdb
import pytest

from tests.hunts import one_of
from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, Table
from thanosql_kernel.duck.start import start
from thanosql_kernel.duck.vocabulary import functions, types

KEYWORDS = sorted(
    {word for (word,) in duckdb.execute("SELECT keyword_name FROM duckdb_keywords()").fetchall()}
)
#: Where a column's name can be taken from a list, the table's name filled in.
COLUMN_PLACES = (
    "SELECT ‸ FROM {table}",
    "SELECT t.‸ FROM {table} t",
    "SELECT 1 FROM {table} WHERE ‸ = 7",
    "SELECT 1 FROM {table} t WHERE t.‸ = 7",
    "SELECT 1 FROM {table} GROUP BY ‸",
    "SELECT 1 FROM {table} ORDER BY ‸",
    "SELECT max(‸) FROM {table}",
    "SELECT 1 FROM {table} a JOIN {table} b USING (‸)",
    "SELECT * EXCLUDE (‸) FROM (SELECT *, 1 AS one FROM {table})",
    "SELECT s.‸ FROM (SELECT * FROM {table}) s",
    "WITH q AS (SELECT * FROM {table}) SELECT ‸ FROM q",
)
TABLE_PLACES = ("SELECT * FROM ‸", "SELECT a.* FROM ‸ a", "SELECT 1 FROM ‸ JOIN ‸ u USING (x)", "FROM ‸")


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        yield connection


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def catalog(table, *columns):
    return Catalog(tables={table: Table(table, tuple(columns), 1, table, 1)})


def offered(text, known, **wanted):
    """The texts that are offered at the caret, of the kind asked for."""
    before, _, after = text.partition("‸")
    found = complete(Document(before + after.replace("‸", ""), known), len(before))
    return [
        item.text for item in found if all(getattr(item, name) == value for name, value in wanted.items())
    ]


@pytest.mark.hunt
@pytest.mark.parametrize("place", COLUMN_PLACES)
def test_every_keyword_can_be_taken_as_a_columns_name(connection, place):
    wrong = []
    for word in one_of(5, KEYWORDS):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE 표 ({quote(word)} INTEGER)")
        known = catalog("표", Column(word, "INTEGER"))
        text = place.format(table="표")
        taken = [name for name in offered(text, known, kind="column") if word in name.lower()]
        try:
            connection.execute(text.replace("‸", taken[0]))
        except (duckdb.Error, IndexError) as error:
            wrong.append((word, taken, str(error)))
    assert not wrong


@pytest.mark.hunt
@pytest.mark.parametrize("place", TABLE_PLACES)
def test_every_keyword_can_be_taken_as_a_tables_name(connection, place):
    wrong = []
    for word in one_of(5, KEYWORDS):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {quote(word)} (x INTEGER)")
        (taken,) = offered(place, catalog(word, Column("x", "INTEGER")), kind="table")
        try:
            connection.execute(place.replace("‸", taken))
        except duckdb.Error as error:
            wrong.append((word, taken, str(error)))
        connection.execute(f"DROP TABLE {quote(word)}")
    assert not wrong


@pytest.mark.hunt
def test_the_from_that_comes_with_a_column_can_be_run_for_every_keyword(connection):
    wrong = []
    for word in one_of(5, KEYWORDS):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {quote(word)} (값 INTEGER)")
        document = Document("SELECT 값", catalog(word, Column("값", "INTEGER")))
        item = next(item for item in complete(document, len("SELECT ")) if item.kind == "column")
        (edit,) = item.also
        try:
            connection.execute(f"{document.text[: edit.span.start]}{edit.text}")
        except duckdb.Error as error:
            wrong.append((word, edit, str(error)))
        connection.execute(f"DROP TABLE {quote(word)}")
    assert not wrong


@pytest.mark.parametrize("name", ["두 단어", "a-b", 'say "hi"', "2024", "Größe", "가.나"])
def test_odd_names_are_quoted(connection, name):
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} ({quote(name)} INTEGER)")
    known = catalog(name, Column(name, "INTEGER"))
    (table,) = offered("SELECT * FROM ‸", known, kind="table")
    (column,) = offered(f"SELECT ‸ FROM {table}", known, kind="column")
    connection.execute(f"SELECT {column} FROM {table}")


@pytest.mark.parametrize("place", ["SELECT NULL::‸", "SELECT CAST(NULL AS ‸)", "SELECT TRY_CAST(NULL AS ‸)"])
def test_every_type_that_is_offered_can_be_cast_to(connection, place):
    found = offered(place, Catalog(), kind="type")
    assert len(found) > 60
    assert found[:3] == ["VARCHAR", "INTEGER", "DOUBLE"]
    assert set(found) == set(types())
    for name in found:
        connection.execute(place.replace("‸", name))


def test_every_function_that_is_offered_is_one_of_duckdbs():
    with start({"threads": 1}) as connection:
        found = connection.execute("SELECT lower(function_name) FROM duckdb_functions()").fetchall()
    names = {name for (name,) in found}
    assert len(functions()) > 500
    assert set(functions()) <= names


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SEARCH ‸", "AUDIO"),
        ("CONVERT USING clip OPTIONS(‸", "audio_col="),
        ("PRINT IMAGE OPTIONS(‸", "audio_col="),
        ("PRINT IMAGE OPTIONS(‸", "video_col="),
        ("SELECT * FROM (‸", "TRANSFORM"),
        ("CREATE TABLE t AS ‸", "TRANSFORM"),
        ("‸", "GENERATE"),
        ("LIST THANOSQL ‸", "TUTORIAL"),
    ],
)
def test_what_this_kernel_does_not_run_is_not_offered(text, word):
    found = offered(text, Catalog())
    assert found
    assert word not in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SEARCH ‸", {"IMAGE", "TEXT", "KEYWORD"}),
        ("CONVERT USING clip OPTIONS(‸", {"image_col=", "text_col=", "batch_size="}),
        ("PRINT VIDEO OPTIONS(‸", {"video_col="}),
        ("CREATE TABLE t ‸", {"AS", "USING"}),
    ],
)
def test_its_brothers_that_run_are(text, words):
    assert words <= set(offered(text, Catalog()))


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE ‸",
        "ALTER TABLE 표 RENAME TO ‸",
        "ALTER TABLE 표 ADD COLUMN ‸",
        "ALTER TABLE 표 RENAME COLUMN 값 TO ‸",
        "SELECT 값 AS ‸",
    ],
)
def test_no_name_that_is_taken_is_offered_for_a_new_one(text):
    assert not {"표", "값"} & set(offered(text, catalog("표", Column("값", "INTEGER"))))
