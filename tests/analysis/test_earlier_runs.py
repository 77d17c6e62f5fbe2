"""A cell that has just run is not called wrong for what it has left behind; the run itself still refuses."""

from __future__ import annotations

import pytest

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError

SETUP = "CREATE TABLE photos AS SELECT 'a.jpg' AS image_path, 1 AS price, 'x' AS note"


@pytest.fixture
def session(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,x\n")
    made = Session(tmp_path / "db", working_folder=tmp_path)
    made.run(SETUP, emit=lambda result: None)
    yield made
    made.close()


def severities(session: Session, text: str) -> list[tuple[str, str]]:
    document = Document(text, session.catalog, folder=session.working_folder)
    return [(found.severity, found.code) for found in diagnose(document)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("CREATE TABLE t AS SELECT 1 AS a", "TS204"),
        ("CREATE TABLE t (a INTEGER)", "TS204"),
        ("CREATE VIEW cheap AS SELECT * FROM photos WHERE price < 3", "TS204"),
        ("CREATE VIEW\n  cheap AS\nSELECT *\nFROM photos WHERE price < 3", "TS204"),
        ("COPY t FROM 'a.csv'", "TS204"),
        ("ALTER TABLE photos ADD COLUMN label VARCHAR", "TS204"),
        ("ALTER TABLE photos RENAME COLUMN price TO kosten", "TS202"),
        ("ALTER TABLE photos DROP COLUMN note", "TS202"),
        ("ALTER TABLE photos RENAME TO 여행", "TS201"),
        ("DROP TABLE photos", "TS201"),
    ],
)
def test_what_has_just_run_is_no_more_than_a_hint(session, cell, code):
    assert severities(session, cell) == []
    session.run(cell, emit=lambda result: None)
    found = severities(session, cell)
    assert found[0] == ("hint", code)
    assert {severity for severity, _ in found} == {"hint"}
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    assert caught.value.code == code


def test_a_table_stays_its_statement_s_own_when_columns_are_added_below(session):
    notebook = (
        "CREATE TABLE t AS SELECT 1 AS a; ALTER TABLE t ADD COLUMN b INTEGER; ALTER TABLE t DROP COLUMN a"
    )
    session.run(notebook, emit=lambda result: None)
    assert {severity for severity, _ in severities(session, notebook)} == {"hint"}


@pytest.mark.parametrize(
    "again",
    [
        "CREATE TABLE t AS SELECT 1 AS a; CREATE TABLE t AS SELECT 2 AS b",
        "COPY t FROM 'a.csv'; COPY t FROM 'a.csv'",
        "CREATE VIEW t AS FROM photos; CREATE VIEW t AS FROM photos",
        "CREATE VIEW t AS FROM photos; CREATE TABLE t AS SELECT 1 AS a",
        "CREATE TABLE t AS SELECT 1 AS a; ALTER TABLE photos RENAME TO t",
    ],
)
def test_a_second_statement_that_makes_the_same_is_an_error_before_and_after_a_run(session, again):
    first, _, _ = again.partition(";")
    assert severities(session, again) == [("error", "TS204")]
    session.run(first, emit=lambda result: None)
    assert severities(session, again) == [("hint", "TS204"), ("error", "TS204")]


def test_a_second_one_behind_a_drop_is_right(session):
    text = "CREATE TABLE t AS SELECT 1 AS a; DROP TABLE t; CREATE TABLE t AS SELECT 2 AS b"
    assert severities(session, text) == []


@pytest.mark.parametrize(
    "cell",
    [
        "CREATE VIEW photos AS SELECT 1 AS a",
        "CREATE VIEW cheap AS SELECT * FROM photos WHERE price < 4",
        "CREATE TABLE cheap AS SELECT 1 AS a",
        "ALTER TABLE photos RENAME TO other",
        "ALTER TABLE photos RENAME COLUMN price TO note",
    ],
)
def test_what_something_else_has_the_name_of_is_told(session, cell):
    session.run(
        "CREATE VIEW cheap AS SELECT * FROM photos WHERE price < 3; CREATE TABLE other AS SELECT 1 AS a",
        emit=lambda result: None,
    )
    assert severities(session, cell) == [("information", "TS204")]


@pytest.mark.parametrize(
    "cell", ["DROP TABLE fotos", "DESCRIBE reisen", "SELECT * FROM reisen", "VACUUM reisen"]
)
def test_a_slip_or_a_name_that_is_only_read_is_a_warning(session, cell):
    assert severities(session, cell) == [("warning", "TS201")]
