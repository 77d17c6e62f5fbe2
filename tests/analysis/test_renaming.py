"""Renaming changes every place that names a thing, and what is named after it; or says why it cannot."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import catalog

from thanosql_kernel.analysis.features.rename import find_renames
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.errors import ThanoSQLError

MODEL = (
    "GET THANOSQL MODEL clip AS pics;\nCONVERT USING pics AS SELECT * FROM t;\nSELECT pics_clipen_similarity1 FROM "
    "(SEARCH IMAGE text='pics' USING pics OPTIONS(emb_col='pics_clipen') AS SELECT * FROM t)"
)


def renamed(text, word, new, known=None, nth=0):
    at = -1
    for _ in range(nth + 1):
        at = text.index(word, at + 1)
    edits = find_renames([Document(text, known)], 0, at + 1, new)
    if isinstance(edits, ThanoSQLError):
        return edits.message
    for _, edit in sorted(edits, key=lambda one: one[1].span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize("nth", [0, 1, 4], ids=["GET … AS", "CONVERT", "SEARCH"])
def test_columns_follow_their_model_wherever_it_is_renamed(nth):
    assert renamed(MODEL, "pics", "예술", nth=nth) == MODEL.replace("pics", "예술").replace(
        "'예술'", "'pics'"
    )


def test_a_model_named_by_an_option_is_renamed_there():
    text = "GET THANOSQL MODEL clip OPTIONS(model_name='pics');\nCONVERT USING pics AS SELECT * FROM t"
    assert renamed(text, "pics", "art") == text.replace("pics", "art")


def test_the_numbers_of_a_result_column_stay():
    text = "SELECT v1, v2 FROM (SEARCH IMAGE texts=['a', 'b'] USING clip OPTIONS(result_col='v') AS SELECT * FROM t)"
    assert renamed(text, "'v'", "w") == text.replace("v1, v2", "w1, w2").replace("'v'", "'w'")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 라벨 AS price FROM photos; SELECT price FROM labels", "SELECT 라벨 AS 값 FROM photos; SELECT price FROM labels"),
        ("SELECT 1 AS price; SELECT 2 AS price ORDER BY price", "SELECT 1 AS 값; SELECT 2 AS price ORDER BY price"),
        (
            "CREATE TABLE a AS SELECT 라벨 AS price FROM photos; CREATE TABLE b AS SELECT * FROM a; CREATE TABLE c AS SELECT 1 AS price;"
            "SELECT price FROM b; SELECT price FROM c; SELECT x.price FROM (SELECT * FROM a) x; ALTER TABLE b RENAME TO d; SELECT price FROM d",
            "CREATE TABLE a AS SELECT 라벨 AS 값 FROM photos; CREATE TABLE b AS SELECT * FROM a; CREATE TABLE c AS SELECT 1 AS price;"
            "SELECT 값 FROM b; SELECT price FROM c; SELECT x.값 FROM (SELECT * FROM a) x; ALTER TABLE b RENAME TO d; SELECT 값 FROM d",
        ),
    ],
    ids=["of a table", "of another query", "through tables"],
)  # fmt: skip
def test_a_column_is_renamed_where_it_is_that_column(text, expected):
    assert renamed(text, "price", "값", catalog(labels="price INT")) == expected


def test_a_column_is_renamed_from_the_table_that_got_it_from_another():
    text = "CREATE TABLE a AS SELECT 1 AS v; CREATE TABLE b AS SELECT v FROM a; SELECT v FROM b"
    assert renamed(text, "v FROM b", "w", catalog()) == text.replace(" v", " w")


@pytest.mark.parametrize(
    ("text", "word", "new", "reason"),
    [
        ("CREATE TABLE b AS SELECT * FROM photos; SELECT price FROM b; SELECT 1 AS price", "price", "v", "column of the data"),
        ("SELECT *, price AS v FROM photos WHERE v > 1", "v FROM", "라벨", "라벨 is a column in this statement already"),
        ("SELECT price * 2 AS price FROM photos ORDER BY price", "price FROM", "v", "price is both a column and a name"),
        ("SELECT price FROM photos", "price", "cost", "column of the data"),
        ("SELECT clip_clipen_similarity1 FROM (SEARCH IMAGE text='a' USING clip AS SELECT * FROM photos)", "clip_", "x", "named after"),
        ("SELECT * FROM photos", "photos", "사진", "ALTER TABLE photos RENAME TO 사진"),
        ("CREATE TABLE made AS SELECT 1 AS x", "made", "photos", "there is a table named photos already"),
        ("SELECT p.price FROM photos p JOIN photos q ON true", "p.price", "q", "q is a name in this statement already"),
        ("CREATE TABLE made AS SELECT 1 AS x", "made", " ", "a name needs at least one letter"),
        ("SELECT 1 AS x", "1", "y", "no name to change"),
    ],
)  # fmt: skip
def test_what_cannot_be_renamed_says_why(text, word, new, reason):
    assert reason in renamed(text, word, new, catalog())


def test_a_table_is_renamed_where_it_owns_columns_in_every_statement():
    text = (
        "CREATE TABLE tt AS SELECT 1 AS x;\nDELETE FROM tt WHERE tt.x = 1;\nUPDATE tt SET x = tt.x + 1 WHERE tt.x > 2;\n"
        "DELETE FROM tt WHERE x IN (SELECT tt.x FROM tt WHERE tt.x > 1);\nINSERT INTO tt SELECT tt.x FROM tt"
    )
    assert renamed(text, "tt", "사진") == text.replace("tt", "사진")


def test_a_field_of_a_structure_is_no_column_of_its_name():
    text = "CREATE TABLE tt AS SELECT 1 AS x, {'x': 2} AS st;\nSELECT x, st.x, tt.st.x, tt.x FROM tt WHERE st.x = x"
    expected = "CREATE TABLE tt AS SELECT 1 AS y, {'x': 2} AS st;\nSELECT y, st.x, tt.st.x, tt.y FROM tt WHERE st.x = y"
    assert renamed(text, "AS x", "y", nth=0) != text
    assert renamed(text, " x,", "y") == expected


@pytest.mark.parametrize("word", ["order", "select", "group", "2024년", "a b", "lateral", "pivot"])
def test_a_new_name_is_quoted_where_sql_would_not_read_it(word):
    text = "CREATE TABLE tt AS SELECT 1 AS x;\nSELECT tt.x FROM tt"
    assert renamed(text, "tt", word) == text.replace("tt", f'"{word}"')
