"""Views in an editor: known like tables, also those that have not been made yet; their circles are told, not followed."""

import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import at_caret, catalog

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.features.references import definition, references
from thanosql_kernel.analysis.features.rename import rename
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Column, View
from thanosql_kernel.errors import ThanoSQLError


def known(**views):
    """A catalogue with views given as ``name='query'``, and what they gave."""
    gave = {
        "n": (Column("라벨", "VARCHAR"), Column("count_star()", "BIGINT")),
        "old": (Column("image_path", "VARCHAR"), Column("gone", "INTEGER")),
    }
    found = {name: View(name, sql, gave.get(name, ())) for name, sql in views.items()}
    return replace(catalog(t="x INTEGER"), views=MappingProxyType(found))


KNOWN = known(
    cats="SELECT * FROM photos WHERE 라벨 = '고양이'",
    n="SELECT 라벨, count(*) FROM photos GROUP BY ALL",
    old="SELECT * FROM photos",
    a="SELECT * FROM b",
    b="SELECT * FROM a",
    lost="SELECT * FROM nix",
)


def found(text, where=KNOWN):
    return [(d.code, text[slice(*d.span)]) for d in diagnose(Document(text, where))]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("SELECT price, clip_clipen FROM cats", []),
        ("SELECT prices FROM cats", [("TS202", "prices")]),
        ('SELECT 라벨, "count_star()" FROM n', []),
        ("SELECT price FROM n", [("TS202", "price")]),
        ("SELECT price FROM old", []),
        ("SELECT gone FROM old", [("TS202", "gone")]),
        ("SELECT * FROM a", [("TS221", "a")]),
        ("SELECT x FROM t JOIN lost USING (x)", [("TS201", "lost")]),
        ("SELECT * FROM cat", [("TS201", "cat")]),
        (
            "CREATE VIEW v (번호) AS SELECT price, 라벨 FROM cats; SELECT 번호, 라벨 FROM v; SELECT price FROM v",
            [("TS202", "price")],
        ),
        (
            "CREATE VIEW v AS SELECT 1 AS a; CREATE OR REPLACE VIEW v AS SELECT 2 AS b; SELECT a FROM v",
            [("TS202", "a")],
        ),
        ("DROP VIEW cats; SELECT * FROM cats", [("TS201", "cats")]),
        ("ALTER VIEW cats RENAME TO 고양이; SELECT price FROM 고양이", []),
        ("CREATE VIEW v AS SELECT * FROM v", [("TS221", "v"), ("TS201", "v")]),
        ("CREATE OR REPLACE VIEW cats AS SELECT * FROM n JOIN cats USING (라벨)", [("TS221", "cats")]),
        ("CREATE TABLE cats AS SELECT 1 AS a", [("TS204", "cats")]),
        ("CREATE TABLE IF NOT EXISTS cats AS SELECT 1 AS a", []),
        ("CREATE OR REPLACE VIEW photos AS SELECT 1 AS a", [("TS204", "photos")]),
        ("INSERT INTO cats VALUES (1)", [("TS220", "cats")]),
        ("DROP VIEW photos", [("TS220", "photos")]),
        ("CONVERT USING mini OPTIONS(table_name='cats') AS SELECT * FROM photos", [("TS204", "'cats'")]),
        ("CREATE VIEW v AS SELECT * FROM _", [("TS206", "_")]),
        ("CREATE VIEW v AS SELECT $year AS y", [("TS105", "$year")]),
        ("EXPORT cats TO 'x.csv'; DESCRIBE cats; DESCRIBE SELECT price FROM cats", []),
        ("DESCRIBE SELECT prices FROM cats", [("TS202", "prices")]),
    ],
)
def test_what_is_wrong_with_views_is_marked_and_nothing_else(text, wrong):
    assert found(text) == wrong


def test_a_column_that_a_statement_above_adds_is_there_in_views_too():
    above = "CONVERT USING mini OPTIONS(image_col='image_path') AS SELECT * FROM photos;\n"
    search = "SEARCH IMAGE text='고양이' USING mini AS SELECT * FROM cats"
    assert found(search) == [("TS402", "mini")]
    assert found(above + search) == []
    assert found(f"{above}SELECT mini_clipmini, nix FROM cats") == [("TS202", "nix")]


def test_the_convert_that_is_missing_is_that_of_the_table_below():
    text = "SEARCH IMAGE text='고양이' USING mini AS SELECT * FROM whole"
    (wrong,) = diagnose(Document(text, known(whole="FROM photos")))
    assert "table_name='photos') AS SELECT * FROM photos" in wrong.hint
    (wrong,) = diagnose(Document(text.replace("whole", "cats"), KNOWN))
    assert wrong.hint.startswith("search the rows of a CONVERT")


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("DROP TABLE cats", "DROP VIEW cats"),
        ("DROP VIEW t", "DROP TABLE t"),
        ("ALTER TABLE cats RENAME TO x", "ALTER VIEW cats RENAME TO x"),
        ("ALTER VIEW t RENAME TO x", "ALTER TABLE t RENAME TO x"),
        ("CREATE VIEW cats AS SELECT 1 AS a", "CREATE OR REPLACE VIEW cats AS SELECT 1 AS a"),
        ("CREATE TABLE cats AS SELECT 1 AS a", "DROP VIEW cats;\nCREATE TABLE cats AS SELECT 1 AS a"),
    ],
)
def test_the_statement_of_the_other_kind_is_offered(text, fixed):
    (wrong,) = diagnose(Document(text, KNOWN))
    (edit,) = wrong.fixes[0].edits
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == fixed


def offered(text, where=KNOWN):
    return [item.text for item in complete(*at_caret(text, where)) if item.kind in ("table", "column")]


def test_views_are_offered_where_they_can_stand():
    assert set(offered("SELECT * FROM ‸")) == {"photos", "t", *KNOWN.views}
    assert set(offered("DESCRIBE ‸")) == {"photos", "t", *KNOWN.views}
    assert set(offered("DROP VIEW ‸")) == set(KNOWN.views)
    assert offered("INSERT INTO ‸") == ["photos", "t"]
    assert offered("SELECT c.pr‸ FROM cats c") == ["price"]
    assert offered("CREATE VIEW v AS SELECT price AS 값 FROM cats;\nSELECT 값‸ FROM v") == ["값"]
    (item,) = [item for item in complete(*at_caret("SELECT * FROM ca‸", KNOWN)) if item.text == "cats"]
    assert (item.detail, item.doc) == ("view", "image_path, 라벨, price, clip_clipen")


def test_a_view_is_described_by_its_query_and_columns():
    plain = hover(*at_caret("SELECT * FROM ca‸ts", KNOWN)).plain
    assert plain.startswith(
        "view cats\nview: CREATE VIEW cats AS SELECT * FROM photos WHERE 라벨 = '고양이'\n"
    )
    assert "- price DOUBLE" in plain
    plain = hover(*at_caret("CREATE OR REPLACE VIEW ca‸ts (값) AS SELECT price FROM photos", KNOWN)).plain
    assert "CREATE VIEW cats (값) AS SELECT price FROM photos" in plain
    assert plain.splitlines()[2] == "- 값 DOUBLE"
    assert "of view cats" in hover(*at_caret("SELECT pri‸ce FROM cats", KNOWN)).plain
    assert "view a" in hover(*at_caret("SELECT * FROM ‸a", KNOWN)).plain


NOTEBOOK = "CREATE VIEW v AS SELECT price AS 값 FROM cats;\nSELECT v.값 FROM v‸ WHERE 값 > 1;\nDROP VIEW v"


def test_a_name_leads_to_the_create_view_that_gives_it():
    document, offset = at_caret(NOTEBOOK, KNOWN)
    assert document.text[slice(*definition(document, offset))] == "v"
    assert definition(document, offset).start == len("CREATE VIEW ")
    assert len(references(document, offset)) == 4
    assert definition(document, document.text.rindex("값")).start == document.text.index("값")


def test_views_and_their_columns_are_renamed_wherever_they_stand():
    document, offset = at_caret(NOTEBOOK, KNOWN)
    text = document.text
    for edit in sorted(rename(document, offset, "새 보기"), key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text == NOTEBOOK.replace("v‸", "v").replace("VIEW v", 'VIEW "새 보기"').replace(
        "v.", '"새 보기".'
    ).replace("FROM v", 'FROM "새 보기"')
    columns = rename(document, document.text.index("값"), "가격")
    assert [document.text[slice(*edit.span)] for edit in columns] == ["값"] * 3
    refused = rename(*at_caret("SELECT * FROM ca‸ts", KNOWN), "x")
    assert isinstance(refused, ThanoSQLError)
    assert "ALTER VIEW cats RENAME TO x" in refused.message
    assert isinstance(rename(document, offset, "cats"), ThanoSQLError)


def test_views_written_into_a_circle_are_not_followed_for_ever():
    ring = known(**{f"v{n}": f"SELECT * FROM v{(n + 1) % 200}" for n in range(200)})
    assert found("SELECT x FROM v7", ring) == [("TS221", "v7")]
    assert offered("SELECT ‸ FROM v7", ring) == ["v7"]
    tower = known(**{f"v{n}": f"SELECT * FROM v{n - 1}" if n else "SELECT 1 AS x" for n in range(300)})
    assert found("SELECT x FROM v299", tower) == [("TS221", "v299")]
    assert found("SELECT x FROM v20", tower) == []
    assert found("SELECT y FROM v20", tower) == [("TS202", "y")]
