"""What DuckDB says is told without names of ours and without what cannot be had here."""

from __future__ import annotations

import pytest

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("told")
    found = Session(folder / "db", working_folder=folder)
    found.run("CREATE TABLE t AS SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y'", emit=lambda result: None)
    yield found
    found.close()


@pytest.mark.parametrize(
    ("cell", "message", "hint"),
    [
        (
            "SELECT (SELECT a FROM t)",
            "More than one row returned by a subquery used as an expression - scalar subqueries can only return a "
            "single row",
            None,
        ),
        (
            "SELECT name FROM (LIST TABLE), (LIST MODEL)",
            'Ambiguous reference to column name "name"',
            None,
        ),
        (
            "SELECT * FROM t, t",
            'Ambiguous reference to table "t" (duplicate alias "t", explicitly alias one of the tables using "AS '
            'my_alias")',
            None,
        ),
        (
            "SELECT ST_Point(1, 2)",
            "st_point is in DuckDB's extension spatial, and no extensions are loaded here",
            None,
        ),
        (
            "SET VARIABLE 말 = 바다",
            "FROM is missing",
            "put FROM in front of the table; text is written in single quotes: '바다'",
        ),
        ("SELECT a FROM t ORDER BY 'x'", "ORDER BY non-integer literal has no effect", None),
    ],
)
def test_nothing_inner_is_told(session, cell, message, hint):
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    assert (caught.value.message, caught.value.hint) == (message, hint)
