"""What is offered in queries: columns with their FROM, fields, aliases, joins, functions and the words that can follow."""

from __future__ import annotations

import pytest

from tests.completion.truth import described_columns
from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Table

TABLES = {
    "photos": "image_path VARCHAR, 라벨 VARCHAR, price DOUBLE, id INTEGER",
    "주문": "id INTEGER, photo_id INTEGER, 수량 INTEGER, taken VARCHAR",
    "shots": 'path VARCHAR, exif STRUCT(iso INTEGER, "렌즈 이름" VARCHAR, gps STRUCT(lat DOUBLE, lon DOUBLE)[])',
}
CATALOG = Catalog(
    tables={
        name: Table(name, tuple(described_columns(columns)), 1, name, 1) for name, columns in TABLES.items()
    }
)


def items(text, **more):
    before, _, after = text.partition("‸")
    return complete(Document(before + after, CATALOG), len(before), **more)


def texts(text, *kinds, **more):
    return [item.text for item in items(text, **more) if not kinds or item.kind in kinds]


def taken(text, wanted):
    """The text once the item of that name is taken, edits elsewhere too."""
    before, _, after = text.partition("‸")
    item = next(item for item in items(text) if item.text == wanted)
    edits = [*((edit.span, edit.text) for edit in item.also), (item.span, item.text)]
    done = before + after
    for span, new in sorted(edits, key=lambda edit: edit[0].start, reverse=True):
        done = done[: span.start] + new + done[span.end :]
    return done


def test_the_columns_of_all_tables_are_offered_before_from():
    found = items("SELECT ‸")
    assert {"image_path", "라벨", "수량", "exif"} <= {item.text for item in found}
    assert next(item.detail for item in found if item.text == "수량") == "INTEGER · 주문"
    assert [item.detail for item in found if item.text == "id"] == ["INTEGER · photos", "INTEGER · 주문"]


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("SELECT 라‸", "라벨", "SELECT 라벨 FROM photos"),
        ("SELECT ‸, price", "라벨", "SELECT 라벨, price FROM photos"),
        ("SELECT upper(라‸), price LIMIT 3", "라벨", "SELECT upper(라벨), price FROM photos LIMIT 3"),
        ("SELECT * FROM (SELECT 수‸) q", "수량", "SELECT * FROM (SELECT 수량 FROM 주문) q"),
        ("SELECT photos.‸", "라벨", "SELECT photos.라벨 FROM photos"),
        ("SELECT p.라‸", "라벨", "SELECT p.라벨 FROM photos p"),
        ("SELECT 1;\nSELECT 수‸", "수량", "SELECT 1;\nSELECT 수량 FROM 주문"),
        ("SELECT 1 UNION ALL SELECT 수‸", "수량", "SELECT 1 UNION ALL SELECT 수량 FROM 주문"),
        (
            "SELECT id FROM photos WHERE id IN (SELECT pho‸)",
            "photo_id",
            "SELECT id FROM photos WHERE id IN (SELECT photo_id FROM 주문)",
        ),
    ],
)
def test_taking_a_column_before_from_writes_its_from(text, name, whole):
    assert taken(text, name) == whole


def test_nothing_is_written_where_a_from_is():
    assert taken("SELECT 라‸ FROM photos", "라벨") == "SELECT 라벨 FROM photos"
    assert "수량" not in texts("SELECT ‸ FROM photos")


def test_columns_of_the_table_that_has_the_others_come_first():
    assert texts("SELECT 수량, ‸", "column")[:3] == ["id", "photo_id", "taken"]
    assert texts("SELECT 라벨, price FROM ‸", "table")[0] == "photos"
    assert texts("SELECT path FROM ‸", "table")[0] == "shots"


def test_tables_used_last_come_first():
    assert texts("SELECT * FROM ‸", "table", above="SELECT * FROM 주문") == ["주문", "photos", "shots"]
    assert texts("SELECT * FROM shots;\nSELECT * FROM ‸", "table") == ["shots", "photos", "주문"]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("SELECT exif.‸ FROM shots", ["iso", '"렌즈 이름"', "gps"]),
        ("SELECT s.exif.‸ FROM shots s", ["iso", '"렌즈 이름"', "gps"]),
        ("SELECT shots.exif.i‸ FROM shots", ["iso"]),
        ("SELECT exif.gps[1].‸ FROM shots", ["lat", "lon"]),
        ("SELECT exif.gps.‸ FROM shots", []),
        ("SELECT exif.iso.‸ FROM shots", []),
        ("SELECT path.‸ FROM shots", []),
        ("SELECT nothing.exif.‸ FROM shots", []),
        ("SELECT * FROM shots WHERE exif.‸ > 100", ["iso", '"렌즈 이름"', "gps"]),
        ("SELECT e.‸ FROM (SELECT exif AS e FROM shots)", ["iso", '"렌즈 이름"', "gps"]),
    ],
)
def test_fields_are_offered_behind_a_structure(text, fields):
    assert texts(text) == fields


@pytest.mark.parametrize(
    "text",
    [
        "SELECT price * 2 AS 두배, ‸ FROM photos",
        "SELECT price * 2 AS 두배, round(두‸) FROM photos",
        "SELECT price * 2 AS 두배 FROM photos WHERE ‸",
        "SELECT price * 2 AS 두배 FROM photos GROUP BY ‸",
        "SELECT price * 2 AS 두배, count(*) FROM photos GROUP BY ALL HAVING ‸",
        "SELECT price * 2 AS 두배 FROM photos QUALIFY ‸",
        "SELECT price * 2 AS 두배 FROM photos ORDER BY ‸",
        "SELECT price * 2 두배 FROM photos ORDER BY lower(두‸",
    ],
)
def test_what_as_calls_an_item_is_offered_behind_it(text):
    assert "두배" in texts(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ‸, price * 2 AS 두배 FROM photos",
        "SELECT sum(price) AS 두배 FROM photos WHERE ‸",
        "SELECT sum(price) AS 두배 FROM photos GROUP BY ‸",
        "SELECT row_number() OVER () AS 두배 FROM photos WHERE ‸",
        "SELECT row_number() OVER () AS 두배 FROM photos HAVING ‸",
        "SELECT price * 2 AS 두배 FROM photos JOIN 주문 ON ‸",
    ],
)
def test_it_is_not_offered_where_it_cannot_be_named(text):
    assert "두배" not in texts(text)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("SELECT * FROM photos p JOIN 주문 j ON ‸", "p.id = j.photo_id"),
        ("SELECT * FROM 주문 JOIN photos ON ‸", "주문.photo_id = photos.id"),
        ("SELECT * FROM photos a JOIN photos b ON ‸", "a.image_path = b.image_path"),
    ],
)
def test_join_conditions_are_offered_whole(text, condition):
    assert texts(text)[0] == condition


def test_a_name_that_two_tables_have_is_offered_with_its_table():
    found = texts("SELECT ‸ FROM photos p JOIN 주문 j ON p.id = j.photo_id", "column")
    assert {"p.id", "j.id", "price", "수량"} <= set(found)
    assert "id" not in found
    assert "id" in texts("SELECT ‸ FROM photos p JOIN 주문 j USING (id)", "column")
    assert texts("SELECT * FROM photos p JOIN 주문 j USING (‸)", "column")[0] == "id"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("SELECT * FROM photos ‸", ["WHERE", "ORDER BY", "LIMIT"]),
        ("SELECT * FROM photos p ‸", ["WHERE", "ORDER BY", "LIMIT"]),
        ("SELECT * FROM photos JOIN 주문 ‸", ["ON", "USING"]),
        ("SELECT * ‸", ["FROM", "EXCLUDE"]),
        ("SELECT 라벨 ‸", ["FROM", "AS"]),
        ("SELECT * FROM photos WHERE 라벨 ‸", ["IS NULL", "IS NOT NULL", "LIKE", "IN"]),
        ("SELECT * FROM photos WHERE price > 3 ‸", ["AND", "OR", "ORDER BY", "LIMIT"]),
        ("SELECT * FROM photos WHERE price BETWEEN 1 ‸", ["AND"]),
        ("SELECT * FROM photos WHERE price BETWEEN 1 AND 2 ‸", ["AND", "OR"]),
        ("SELECT * FROM photos GROUP ‸", ["BY"]),
        ("SELECT * FROM photos ORDER BY price ‸", ["DESC", "ASC", "LIMIT"]),
        ("SELECT * FROM photos ORDER BY price DESC NULLS ‸", ["LAST", "FIRST"]),
        ("SELECT * FROM photos LEFT ‸", ["JOIN", "OUTER JOIN"]),
        ("SELECT * FROM photos LIMIT 3 ‸", ["OFFSET"]),
        ("SELECT 1 UNION ‸", ["SELECT", "ALL"]),
        ("SELECT sum(price) OVER (‸", ["PARTITION BY", "ORDER BY"]),
        ("SELECT CASE WHEN price > 3 ‸", ["THEN", "AND", "OR"]),
        ("SELECT CAST(taken ‸", ["AS"]),
        ("FROM photos ‸", ["WHERE", "ORDER BY", "LIMIT", "SELECT"]),
        ("select * from photos wh‸", ["where"]),
    ],
)
def test_words_that_can_follow_come_in_the_order_people_need_them(text, first):
    assert texts(text, "keyword", "statement")[: len(first)] == first


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT * FROM photos ‸", {"AND", "HAVING", "DESC", "BY", "THEN"}),
        ("SELECT * FROM photos WHERE ‸", {"WHERE", "LIMIT", "FROM", "AND"}),
        ("SELECT * FROM photos ‸ ORDER BY price", {"ORDER BY", "LIMIT", "OFFSET"}),
        ("SELECT * FROM photos WHERE price > 3 ‸ LIMIT 3", {"WHERE", "LIMIT", "JOIN"}),
        ("SELECT max(‸) FROM photos", {"FROM", "WHERE", "SELECT", "SEARCH"}),
        ("SELECT p.‸ FROM photos p", {"CASE", "NOT", "FROM"}),
        ("SELECT * FROM photos LIMIT ‸", {"WHERE", "CASE", "SELECT"}),
        ("SELECT taken::‸ FROM 주문", {"FROM", "CASE"}),
        ("SELECT price AS ‸ FROM photos", {"FROM", "CASE"}),
    ],
)
def test_words_that_cannot_follow_are_not_offered(text, words):
    assert not words & set(texts(text))


def test_columns_are_not_offered_where_a_value_is_complete():
    assert texts("SELECT * FROM photos WHERE price > 3 ‸", "column", "function") == []
    assert texts("SELECT 라벨 ‸ FROM photos", "column", "function") == []


def test_functions_come_with_the_first_letter_behind_columns():
    assert texts("SELECT ‸ FROM photos", "function") == []
    found = items("SELECT pri‸ FROM photos")
    assert [item.kind for item in found][:2] == ["column", "function"]
    assert found[1].text == "printf"
    assert "sum" in texts("SELECT s‸ FROM photos", "function")[:1]
    assert texts("SELECT list_cos‸ FROM photos", "function")[0] == "list_cosine_similarity"


def test_functions_are_offered_at_once_where_there_is_nothing_else():
    before = "SELECT "
    found = complete(Document(before, Catalog()), len(before))
    assert "count" in [item.text for item in found if item.kind == "function"]


def test_a_function_says_what_it_takes_and_does():
    (item,) = [item for item in items("SELECT levensh‸ FROM photos") if item.text == "levenshtein"]
    assert item.detail == "levenshtein(s1, s2)"
    assert item.doc
    assert item.snippet == "levenshtein($1)"
    (item,) = [item for item in items("SELECT levensh‸(a, b) FROM photos") if item.text == "levenshtein"]
    assert item.snippet == ""


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("im", ["image_path", "max_image", "shimmer"]),
        ("ip", ["ip_address", "image_path", "strip"]),
        ("길", ["길이", "사진_길이", "먼길"]),
    ],
)
def test_beginnings_come_before_parts_and_initials_and_those_before_the_inner(typed, order):
    names = [*reversed(order), "qqq"]
    columns = tuple(described_columns(", ".join(f"{name} VARCHAR" for name in names)))
    known = Catalog(tables={"t": Table("t", columns, 1, "t", 1)})
    text = f"SELECT {typed} FROM t"
    found = complete(Document(text, known), len("SELECT ") + len(typed))
    assert [item.text for item in found if item.kind == "column"] == order


def test_embeddings_are_offered_last_and_for_emb_col_alone():
    text = "CONVERT USING mini OPTIONS(table_name='photos') AS SELECT * FROM photos;\n"
    found = texts(f"{text}SELECT ‸ FROM photos", "column")
    assert found[0] == "image_path"
    assert found[-1] == "mini_clipmini"
    start = f"{text}SEARCH IMAGE text='x' USING mini OPTIONS(emb_col="
    assert texts(f"{start}'‸') AS SELECT * FROM photos") == ["mini_clipmini"]
    assert texts(f"{start}'‸") == ["mini_clipmini"]


def test_the_model_used_above_comes_first():
    above = "CONVERT USING mini OPTIONS(table_name='photos') AS SELECT * FROM photos;\n"
    without_database = Document(f"{above}SEARCH IMAGE text='바다' USING ")
    assert complete(without_database, len(without_database.text))[0].text == "mini"
