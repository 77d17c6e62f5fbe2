"""What could be typed: the grammar's words before those of SQL, whole statements, nothing that does not run."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import at_caret, catalog

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.completion.skeletons import skeleton
from thanosql_kernel.statements.registry import documented_types

SEARCH = "(SEARCH IMAGE texts=['a', '고양이'] USING clip AS SELECT * FROM photos)"


def texts(text, known=None, **more):
    return [item.text for item in complete(*at_caret(text, known, **more))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("PRINT IMAGE AS ‸", ["SELECT", "CONVERT", "SEARCH", "PREDICT", "DESCRIBE", "LIST"]),
        ("SELECT * FROM (SEARCH ‸", ["IMAGE", "TEXT"]),
        ("SELECT * FROM (SEARCH IM‸)", ["IMAGE"]),
        ("SELECT * FROM (LIST ‸)", ["MODEL"]),
        ("CONVERT ‸", ["USING"]),
        ("(SEL‸", ["SELECT"]),
        ("EXPORT SELECT * FROM t T‸", ["TO"]),
    ],
)
def test_words_of_statements_come_first(text, first):
    assert texts(text)[: len(first)] == first


def test_statements_that_do_not_run_are_not_offered():
    assert not {"GENERATE", "TRANSFORM"} & {*texts("‸"), *texts("SELECT * FROM (‸")}


def test_a_generated_column_is_offered_for_each_input():
    found = texts(f"SELECT ‸ FROM {SEARCH}", catalog())
    assert {"clip_clipen_similarity1", "clip_clipen_similarity2"} <= set(found)
    assert "clip_clipen_similarity3" not in found


def test_braces_are_brackets_to_queries_in_them_and_around_them():
    assert texts("SELECT {'a': 1, 'b': (SELECT 라‸ FROM photos)}", catalog()) == ["라벨"]
    assert texts("SELECT {'a': [(SELECT 1 FROM t)], 'b': 라‸} FROM photos", catalog())[0] == "라벨"


def test_columns_of_korean_names_are_found_by_a_part():
    assert texts("SELECT 라‸ FROM photos", catalog())[0] == "라벨"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("SET dis‸", ["display.rows", "display.images", "display.tiles", "display.progress"]),
        ("SET TI‸", ["display.tiles"]),
        ("SET display.‸", ["rows", "images", "tiles", "progress"]),
        ("SET Display.im‸ = on", ["images"]),
        ("SET nothing.‸", []),
        ("SET display.images = ‸", ["on", "off"]),
        ("SET display.progress = ‸", ["'widget'", "'text'", "'off'", "'auto'"]),
        ("SET display.progress = 'w‸'", ["widget"]),
    ],
)
def test_settings_and_their_values_are_offered(text, offered):
    assert texts(text) == offered


def test_a_quote_in_a_file_name_is_doubled_in_the_string(tmp_path):
    (tmp_path / "영희's 사진").mkdir()
    (tmp_path / "영희's 사진" / "it's.csv").touch()
    (tmp_path / "영희's 사진" / 'say "b".csv').touch()
    assert texts("COPY t FROM '영희‸'", folder=tmp_path) == ["영희''s 사진/"]
    inside = "영희''s 사진/"
    assert texts(f"COPY t FROM '{inside}i‸'", folder=tmp_path)[0] == f"{inside}it''s.csv"
    assert texts('COPY t FROM "영희\'s 사진/s‸"', folder=tmp_path)[0] == '영희\'s 사진/say ""b"".csv'


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT avg(pri‸) FROM photos", ["price"]),
        ("SELECT avg(pri‸ FROM photos", ["price"]),
        ("SELECT lower(upper(라‸)) FROM photos", ["라벨"]),
        ("SELECT * FROM photos WHERE (pri‸", ["price"]),
        ("SELECT * FROM photos WHERE price IN (pri‸)", ["price"]),
        ("SELECT * EXCLUDE (pri‸) FROM photos", ["price"]),
        ("SELECT * FROM photos JOIN labels USING (na‸)", ["name"]),
        ("SELECT max(price) OVER (PARTITION BY 라‸) FROM photos", ["라벨"]),
        ("SELECT coalesce(price, (SELECT na‸ FROM labels)) FROM photos", ["name"]),
        ("SELECT * FROM photos WHERE (price > 1 OR price IN (SELECT id‸ FROM labels))", ["id"]),
        ("SELECT * FROM photos WHERE ((pri‸ce > 1) OR true)", ["price"]),
        ("UPDATE photos SET price = abs(pri‸)", ["price"]),
        ("DELETE FROM photos WHERE lower(라‸", ["라벨"]),
        ("INSERT INTO labels (na‸", ["name"]),
        ("INSERT INTO labels (id, na‸) SELECT price, 라벨 FROM photos", ["name"]),
    ],
)
def test_columns_are_offered_in_parentheses(text, columns):
    found = complete(*at_caret(text, catalog(labels="id INT, name VARCHAR")))
    assert [item.text for item in found if item.kind == "column"] == columns


@pytest.mark.parametrize(
    "text", ["SELECT * FROM (‸", "WITH a AS (‸", "CONVERT USING clip AS (‸", "FROM photos, (‸"]
)
def test_only_queries_are_offered_where_a_table_stands_in_parentheses(text):
    found = complete(*at_caret(text, catalog()))
    assert {item.kind for item in found} == {"statement", "keyword"}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("WITH q(가, 나) AS (SELECT price, 라벨 FROM photos) SELECT q.‸ FROM q", ["가", "나"]),
        ("SELECT n.‸ FROM (SELECT price, 라벨 FROM photos) AS n(a)", ["a", "라벨"]),
        ("SELECT v.‸ FROM (VALUES (1, 'x')) v(a, b)", ["a", "b"]),
        ("SELECT u.‸ FROM unnest([1]) AS u(x)", ["x"]),
    ],
)
def test_columns_are_offered_under_the_names_given_to_them(text, columns):
    assert texts(text, catalog()) == columns


@pytest.mark.parametrize("text", ["SELECT * FROM photos LIMIT 5‸", "SELECT 1.‸ FROM photos"])
def test_nothing_is_offered_in_a_number(text):
    assert texts(text, catalog()) == []


@pytest.mark.parametrize("text", ["‸", "CON‸", "SELECT 1;\nCON‸", "SELECT 1\ncon‸"])
def test_whole_statements_are_offered_where_a_statement_begins(text):
    (item,) = [one for one in complete(*at_caret(text), skeletons=True) if one.text == "CONVERT USING"]
    assert item.snippet.startswith("CONVERT USING ${1:clip} OPTIONS(")
    assert "skeleton" not in {one.kind for one in complete(*at_caret(text))}


@pytest.mark.parametrize("text", ["SELECT ‸", "CONVERT USING ‸", "SELECT * FROM (‸", "COPY t FROM '‸"])
def test_whole_statements_are_not_offered_inside_one(text):
    assert "skeleton" not in {one.kind for one in complete(*at_caret(text), skeletons=True)}


@pytest.mark.parametrize(
    "kind", [kind for kind in documented_types() if kind.example], ids=lambda k: k.__name__
)
def test_a_whole_statement_left_as_it_is_is_the_example(kind):
    given = {}

    def filled(match):
        number, _, default = match[1].partition(":")
        number, _, choices = number.partition("|")
        return given.setdefault(number, default or choices.split(",")[0].rstrip("|"))

    assert re.sub(r"\$\{([^}]*)\}", filled, skeleton(kind)).replace("\\", "") == kind.example


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT " + "(" * 3000 + "‸", "SELECT"),
        ("SELECT " + "f(a, (SELECT " * 500 + "‸ FROM photos", "DISTINCT"),
    ],
)
def test_parentheses_may_be_nested_deeper_than_anybody_reads(text, word):
    assert word in texts(text, catalog())


def test_a_file_among_hundreds_that_begin_alike_is_found_by_what_tells_it_apart(tmp_path):
    for number in range(500):
        (tmp_path / f"여름_{number:03}.csv").touch()
    assert texts("COPY t FROM '여름_4‸'", folder=tmp_path) == [
        f"여름_{number}.csv" for number in range(400, 500)
    ]
    assert texts("COPY t FROM '_499‸'", folder=tmp_path) == ["여름_499.csv"]


def test_a_folder_too_large_to_be_sent_at_once_gives_more_than_is_sent(tmp_path):
    for number in range(250):
        (tmp_path / f"{number:03}.csv").touch()
    assert len(texts("COPY t FROM '‸'", folder=tmp_path)) == 250
