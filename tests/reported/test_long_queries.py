"""Queries that nest or go on without end: the editor still marks what is wrong beside them, and a kernel answers."""

from __future__ import annotations

from pathlib import Path

import pytest

import thanosql_kernel
from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, Table
from thanosql_kernel.errors import ThanoSQLError

LONG = {
    "a sum of 500": "SELECT " + " + ".join(["a"] * 500) + " FROM t",
    "a sum of 5,000": "SELECT " + " + ".join(["a"] * 3000) + " FROM t",
    "400 parentheses": "SELECT " + "(" * 400 + "a" + ")" * 400 + " FROM t",
    "5,000 parentheses": "SELECT " + "(" * 5000 + "a" + ")" * 5000 + " FROM t",
    "300 subqueries": "SELECT * FROM " + "(SELECT * FROM " * 300 + "t" + ")" * 300,
    "1,000 times NOT": "SELECT " + "NOT " * 1000 + "true FROM t",
    "500 unions": " UNION ALL ".join(["SELECT a FROM t"] * 500),
    "2,000 cases": "SELECT " + "CASE WHEN a = 1 THEN " * 300 + "1" + " END" * 300 + " FROM t",
    "300 lists": "SELECT " + "[" * 300 + "]" * 300,
}
KNOWN = Catalog(tables={"t": Table("t", (Column("a", "INTEGER"),), 1, "t", 1)})


@pytest.mark.parametrize("query", LONG.values(), ids=LONG)
def test_what_is_wrong_beside_them_is_still_marked(query: str) -> None:
    text = f"SELEC 1;\n{query};\nCOPYY t;\nSELECT b FROM t"
    marked = [text[slice(*item.span)] for item in diagnose(Document(text, KNOWN))]
    assert {"SELEC", "COPYY", "b"} <= set(marked)


@pytest.mark.parametrize("query", LONG.values(), ids=LONG)
def test_what_follows_is_still_completed(query: str) -> None:
    text = f"{query};\nSELECT  FROM t"
    labels = [item.label for item in complete(Document(text, KNOWN), text.rindex(" FROM"))]
    assert "a" in labels


@pytest.mark.parametrize("query", LONG.values(), ids=LONG)
def test_they_run_or_are_refused(tmp_path: Path, query: str) -> None:
    with thanosql_kernel.connect(tmp_path / "db", working_folder=tmp_path, progress=False) as connection:
        connection.sql("CREATE TABLE t AS SELECT 1 AS a")
        assert code_of(connection, query) in (None, "TS105", "TS600", "TS300", "TS301")
        assert connection.sql("SELECT a FROM t").arrow().to_pylist() == [{"a": 1}]


def code_of(connection: thanosql_kernel.Connection, query: str) -> str | None:
    try:
        connection.sql(query)
    except ThanoSQLError as error:
        return error.code
    return None
