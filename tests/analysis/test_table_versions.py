"""A table at a version, for an editor: what it can be called, which columns it may have, and that nothing of it is wrong."""

from types import MappingProxyType

import pytest

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.format import format as laid_out
from thanosql_kernel.analysis.features.rename import find_renames
from thanosql_kernel.analysis.features.tokens import semantic_tokens
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, Table

PHOTOS = Table("t", (Column("a", "BIGINT"), Column("b", "VARCHAR")), 5, "t", 3)
KNOWN = Catalog(tables=MappingProxyType({"t": PHOTOS}))


def texts(cell):
    offset = cell.index("|")
    return [item.label or item.text for item in complete(Document(cell.replace("|", ""), KNOWN), offset)]


@pytest.mark.parametrize(
    "cell",
    [
        "SELECT * FROM t VERSION 1",
        "SELECT once_there FROM t VERSION 1",
        "SELECT t.once_there FROM t VERSION 3 WHERE t.a > 1",
        "SELECT old.c, t.b FROM t VERSION 1 AS old JOIN t USING (a)",
        "SELECT version.a FROM t version",
        "SELECT * FROM t AT (VERSION => 1)",
        "DESCRIBE t VERSION 1",
        "SUMMARIZE t VERSION 1",
        "EXPORT t VERSION 1 TO 'a.csv'",
        "WITH c AS (SELECT * FROM t VERSION 2) SELECT z FROM c",
        "INSERT INTO t SELECT * FROM t VERSION 1",
        "MERGE INTO t USING t VERSION 1 AS s ON t.a = s.a WHEN MATCHED THEN DELETE",
        "UPDATE t SET a = old.a FROM t VERSION 1 old",
        "CREATE VIEW v AS SELECT * FROM t VERSION 1; SELECT z FROM v",
        "ALTER TABLE t DROP COLUMN a; SELECT a FROM t VERSION 3",
        "SELECT * FROM t VERSION $n",
    ],
)
def test_what_may_be_right_is_not_marked(cell):
    assert diagnose(Document(cell, KNOWN)) == []


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("SELECT * FROM nope VERSION 1", "TS201", "nope"),
        ("SELECT * FROM t VERSION 0", "TS103", "0"),
        ("DELETE FROM t VERSION 1", "TS104", "t VERSION 1"),
    ],
)
def test_what_is_wrong_is_marked(cell, code, marked):
    (found,) = diagnose(Document(cell, KNOWN))
    assert (found.code, cell[slice(*found.span)]) == (code, marked)


def test_version_comes_last_behind_a_table_and_not_behind_a_version():
    assert "VERSION" in texts("SELECT * FROM t |")[5:]
    assert texts("SELECT * FROM t vers|") == ["VERSION"]
    assert "VERSION" not in texts("SELECT * FROM t VERSION 1 |")
    assert "VERSION" not in texts("SELECT * FROM t AS x |")


@pytest.mark.parametrize(
    "cell",
    ["SELECT | FROM t VERSION 1", "SELECT old.| FROM t VERSION 1 old", "SELECT a FROM t VERSION 2 WHERE |"],
)
def test_columns_of_today_are_offered(cell):
    assert texts(cell)[:2] == ["a", "b"]


def test_a_table_is_renamed_at_its_versions_too():
    cell = (
        "CREATE TABLE t AS SELECT 1 AS a; SELECT t.a, old.a FROM t VERSION 3 AS old JOIN t ON true; "
        "SELECT t.a FROM t VERSION 2; DESCRIBE t VERSION 1"
    )
    edits = find_renames([Document(cell)], 0, cell.index("t AS") + 1, "사진")
    assert not isinstance(edits, Exception)
    for _, edit in sorted(edits, key=lambda one: one[1].span, reverse=True):
        cell = cell[: edit.span.start] + edit.text + cell[edit.span.end :]
    assert cell == (
        "CREATE TABLE 사진 AS SELECT 1 AS a; SELECT 사진.a, old.a FROM 사진 VERSION 3 AS old JOIN 사진 ON true; "
        "SELECT 사진.a FROM 사진 VERSION 2; DESCRIBE 사진 VERSION 1"
    )


def test_it_is_coloured_as_what_it_is():
    cell = "SELECT old.a FROM t VERSION 1 old, version"
    coloured = [(cell[slice(*token.span)], token.type) for token in semantic_tokens(Document(cell, KNOWN))]
    assert coloured[4:] == [
        ("t", "struct"), ("VERSION", "keyword"), ("1", "number"), ("old", "variable"), ("version", "struct"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("select a from t version 3 as old where a>1", "SELECT a\nFROM t VERSION 3 AS old\nWHERE a > 1"),
        ("from (t version 3 a join t b using(a))", "FROM (t VERSION 3 a JOIN t b USING (a))"),
        ("describe t version 1", "DESCRIBE t VERSION 1"),
        ("select version from t version", "SELECT version\nFROM t version"),
    ],
)
def test_it_is_laid_out_in_capitals(cell, expected):
    assert laid_out(cell).strip() == expected
