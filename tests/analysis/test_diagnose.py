"""Diagnostics: what is wrong gets marked at the right place, with a fix; what could be right never is."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import CASES, catalog, documented_cells

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog
from thanosql_kernel.errors import Span
from thanosql_kernel.models import spec as specs


def found(text, known=None, **more):
    return [(d.severity, d.code, text[slice(*d.span)]) for d in diagnose(Document(text, known, **more))]


def fixed(text, known=None, title=None):
    """The text after the first fix, or the one with that title."""
    fixes = [fix for d in diagnose(Document(text, known)) for fix in d.fixes]
    fix = next(fix for fix in fixes if title is None or fix.title == title)
    for edit in sorted(fix.edits, reverse=True, key=lambda edit: edit.span):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def test_the_documented_cells_have_no_false_diagnostics():
    found = [
        (number, it) for number, cell in enumerate(documented_cells()) for it in diagnose(Document(cell))
    ]
    wrong = [(number, it.code) for number, it in found if it.severity != "information"]
    assert wrong == [(196, "TS107")], "one documented PREDICT leaves a comma out"
    assert all(it.code.startswith("TS60") for _, it in found if it.severity == "information")


@pytest.mark.parametrize("cell", CASES)
def test_valid_cells_have_none(cell):
    assert [d for d in diagnose(Document(cell)) if d.severity != "information"] == []


def test_every_statement_gets_its_own():
    text = "SELEC 1;\nCONVERT USING clip OPTIONS(imagecol='가') AS SELECT * FROM t;\nSELECT a b c FROM t;\nCOPYY t"
    assert found(text) == [
        ("error", "TS100", "SELEC"),
        ("error", "TS102", "imagecol"),
        ("error", "TS105", "c"),
        ("error", "TS100", "COPYY"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("SELECT '고양이', a b c FROM 내사진", "TS105", "c"),
        ("SELECT 고, '이' FROM 내사진 WHERE = 3", "TS105", "="),
        ("SELECT * FROM t WHERE", "TS100", "WHERE"),
        ("SELECT a,, b FROM t", "TS105", ","),
        ("CONVERT USING clip AS SELECT * FORM t", "TS105", "t"),
        ("SELECT x FROM (SEARCH IMAGE text='한' USING clip AS SELECT a b c FROM t) WHERE 한 = 1", "TS105", "c"),
        ("SELECT 한 FROM (SEARCH IMAGE text='한' USING clip AS SELECT * FROM t) s WHERE 한 = = 1", "TS105", "="),
        ("SELECT (SEARCH IMAGE text='a' USING clip AS SELECT 1) + + FROM t", "TS105", "FROM"),
        ("UPDATE t SET 값 = '한' || , b = 2", "TS105", "||"),
        ("UPDATE t SET 값 = '한' WHERE 값 = ", "TS105", "="),
        ("DELETE FROM t WHERE '한' = '글' x y", "TS105", "x"),
        ("DELETE FROM t WHERE a = 1 GROUP BY a", "TS105", "GROUP"),
        ("ALTER TABLE t ADD COLUMN c DECIMAL10, 2)", "TS105", "DECIMAL10, 2)"),
        ("CONVERT USING clip AS SELECT * photos", "TS105", "photos"),
        ("SELECT image_path, score", "TS105", "score"),
        ("COPY t FROM 'a.csv", "TS101", "'a.csv"),
    ],
)  # fmt: skip
def test_the_place_is_exact(text, code, marked):
    assert (code, marked) in [found_[1:] for found_ in found(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET THANOSQL DATASET a OPTIONS(overwrite=True\nCOPY t FROM 'a", [("TS100", "True"), ("TS101", "'a")]),
        ("SET display.rows =\nSET display.rows = many", [("TS100", "="), ("TS103", "many")]),
        ("SELECT * FROM (SELECT 1\nEXPORT SELECT a b c FROM t TO 'a.csv'", [("TS100", "("), ("TS105", "c")]),
        ("HELP\nHELPQX search\nCOPY t", [("TS100", "HELPQX"), ("TS100", "t")]),
        ("EXPORT SELECT a FROM t\nEXPORT SELECT b FROM t TO 'b.csv'", [("TS100", "t")]),
        ("ALTER TABLE t ADD COLUMN c INT\nALTR TABLE t DROP COLUMN d", [("TS105", "ALTR")]),
        ("TRANSFORM USING m AS SELECT * FROM t\nFIT m USING n", [("TS600", "TRANSFORM USING m AS SELECT * FROM t\nFIT m USING n"), ("TS105", "m")]),
    ],
)  # fmt: skip
def test_a_statement_that_is_not_finished_leaves_the_next_one_alone(text, expected):
    assert [(code, marked) for _, code, marked in found(text)] == expected


def test_sql_that_is_right_is_not_wrong():
    for text in [
        "DELETE FROM t WHERE a IN (SELECT a FROM u) -- why",
        "UPDATE t SET a = CASE WHEN b > 1 THEN 'x' ELSE NULL END, c = d || '한' WHERE e BETWEEN 1 AND 2",
        "INSERT INTO t (a, c) VALUES (1, '한'), (2, NULL)",
        "INSERT INTO t (a) SELECT b FROM u",
        "SUMMARIZE t",
        "PIVOT t ON a USING sum(b)",
        "SELECT current_date, 1 AS x, x + 1",
        "SELECT list_transform([1, 2], lambda y: y + 1)",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r",
        "EXPORT SELECT a FROM t ORDER BY a TO 'x.csv'",
        "SELECT a FROM t GROUP BY ALL\nSELECT a FROM t LIMIT ALL\nSELECT b FROM t ORDER BY ALL\nLIST MODEL",
    ]:
        assert found(text) == [], text
        assert found(text, catalog(t="a INT, b INT, c VARCHAR, d VARCHAR, e INT", u="a INT, b INT")) == []


def test_without_queries_duckdb_is_not_asked(monkeypatch):
    from thanosql_kernel.analysis.meaning import query_problems as module

    monkeypatch.setattr(module, "parse_query", None)
    assert diagnose(Document("SELECT a b c FROM t"), check_queries=False) == []


def test_without_a_database_no_name_is_wrong():
    text = (
        "SEARCH IMAGE text='x' USING nobody OPTIONS(emb_col='v') AS SELECT whatever FROM nowhere;DROP TABLE t"
    )
    assert found(text) == []
    assert [code for _, code, _ in found(text, Catalog())] == ["TS200", "TS201", "TS201"]


@pytest.mark.parametrize(
    ("text", "expected", "after"),
    [
        ("SELECT * FROM photoz", ("warning", "TS201", "photoz"), "SELECT * FROM photos"),
        ("CONVERT USING klip AS SELECT * FROM photos", ("warning", "TS200", "klip"), "CONVERT USING clip AS SELECT * FROM photos"),
        ("SELECT pricee FROM photos", ("warning", "TS202", "pricee"), "SELECT price FROM photos"),
        ("SELECT p.pricee FROM photos p", ("warning", "TS202", "pricee"), "SELECT p.price FROM photos p"),
        ("SELECT q.price FROM photos p", ("warning", "TS201", "q"), None),
        ("SELECT 라벨 FROM photos WHERE 라밸 = 'a'", ("warning", "TS202", "라밸"), "SELECT 라벨 FROM photos WHERE 라벨 = 'a'"),
        ("SELECT rowid, price FROM photos", ("warning", "TS202", "rowid"), None),
        ('SELECT price FROM photos WHERE 라벨 = "cat"', ("warning", "TS202", '"cat"'), None),
        ("WITH q(a) AS (SELECT price FROM photos) SELECT price FROM q", ("warning", "TS202", "price"), None),
        ("UPDATE photos SET pricee = 1", ("warning", "TS202", "pricee"), "UPDATE photos SET price = 1"),
        ("UPDATE photos SET price = pricee + 1", ("warning", "TS202", "pricee"), "UPDATE photos SET price = price + 1"),
        ("DELETE FROM photos WHERE pricee > 1", ("warning", "TS202", "pricee"), "DELETE FROM photos WHERE price > 1"),
        ("INSERT INTO photos (imagepath) VALUES ('x')", ("warning", "TS202", "imagepath"), "INSERT INTO photos (image_path) VALUES ('x')"),
        ("ALTER TABLE photos DROP COLUMN pricee", ("warning", "TS202", "pricee"), "ALTER TABLE photos DROP COLUMN price"),
        ("CONVERT USING clip OPTIONS(image_col='imagepath') AS SELECT * FROM photos", ("warning", "TS202", "'imagepath'"),
         "CONVERT USING clip OPTIONS(image_col='image_path') AS SELECT * FROM photos"),
        ("CONVERT USING clip OPTIONS(convert_type='text') AS SELECT * FROM photos", ("warning", "TS202", "SELECT * FROM photos"), None),
        ("PRINT IMAGE OPTIONS(image_col='path') AS SELECT image_path FROM photos", ("warning", "TS202", "'path'"), None),
        ("SEARCH IMAGE text='x' USING clip OPTIONS(emb_col='price') AS SELECT * FROM photos", ("warning", "TS300", "'price'"), None),
        ("SEARCH IMAGE text='x' USING mini OPTIONS(emb_col='clip_clipen') AS SELECT * FROM photos", ("warning", "TS401", "'clip_clipen'"), None),
        ("SEARCH IMAGE text='x' USING clip AS SELECT image_path FROM photos", ("warning", "TS402", "clip"), None),
        ("SEARCH IMAGE text='x' USING mini AS SELECT * FROM photos", ("warning", "TS402", "mini"),
         "CONVERT USING mini OPTIONS(image_col='image_path', table_name='photos') AS SELECT * FROM photos;\n"
         "SEARCH IMAGE text='x' USING mini AS SELECT * FROM photos"),
        ("SELECT 1; SEARCH IMAGE text='x' USING mini AS SELECT image_path FROM photos LIMIT 5", ("warning", "TS402", "mini"),
         "SELECT 1; SEARCH IMAGE text='x' USING mini AS (CONVERT USING mini OPTIONS(image_col='image_path') AS "
         "SELECT image_path FROM photos LIMIT 5)"),
        ("SELECT * FROM (SEARCH IMAGE text='x' USING mini OPTIONS(emb_col='v') AS (SELECT * FROM photos LIMIT 5))", ("warning", "TS202", "'v'"),
         "SELECT * FROM (SEARCH IMAGE text='x' USING mini OPTIONS(emb_col='v') AS (CONVERT USING mini OPTIONS(image_col='image_path', "
         "result_col='v') AS (SELECT * FROM photos LIMIT 5)))"),
        ("COPY photos OPTIONS(if_exists='fail') FROM 'a.csv'", ("hint", "TS204", "photos"), "COPY photos OPTIONS(if_exists='replace') FROM 'a.csv'"),
        ("COPY photos OPTIONS(overwrite=False) FROM 'a.csv'", ("hint", "TS204", "photos"), "COPY photos OPTIONS(overwrite=True) FROM 'a.csv'"),
        ("COPY photos FROM 'a.csv'", ("hint", "TS204", "photos"), "COPY photos OPTIONS(if_exists='replace') FROM 'a.csv'"),
        ("CREATE TABLE photos AS SELECT 1 AS x", ("hint", "TS204", "photos"), "CREATE OR REPLACE TABLE photos AS SELECT 1 AS x"),
        ("GET THANOSQL MODEL mini AS clip", ("information", "TS205", "clip"), "GET THANOSQL MODEL mini OPTIONS(overwrite=True) AS clip"),
        ("GET THANOSQL MODEL mini OPTIONS(model_name='clip')", ("information", "TS205", "'clip'"), "GET THANOSQL MODEL mini OPTIONS(overwrite=True, model_name='clip')"),
        ("COPY t OPTIONS(if_exist='fail') FROM 'a'", ("error", "TS102", "if_exist"), "COPY t OPTIONS(if_exists='fail') FROM 'a'"),
        ("COPY t OPTIONS(nonsense=1, overwrite=True) FROM 'a'", ("error", "TS102", "nonsense"), "COPY t OPTIONS(overwrite=True) FROM 'a'"),
        ("COPY t OPTIONS(if_exists='append' overwrite=False) FROM 'a'", ("error", "TS107", "overwrite"), "COPY t OPTIONS(if_exists='append', overwrite=False) FROM 'a'"),
        ("COPY t OPTIONS(if_exists='apend') FROM 'a'", ("error", "TS103", "'apend'"), "COPY t OPTIONS(if_exists='append') FROM 'a'"),
        ("COPY t FROM 'a.csv", ("error", "TS101", "'a.csv"), "COPY t FROM 'a.csv'"),
        ("COPY t 'a.csv'", ("error", "TS100", "'a.csv'"), None),
        ("SELECT (price FROM photos", ("error", "TS100", "("), "SELECT (price) FROM photos"),
        ("SELECT * FROM (SELECT price FROM photos", ("error", "TS100", "("), "SELECT * FROM (SELECT price FROM photos)"),
        ("SELECT (1", ("error", "TS100", "("), "SELECT (1)"),
        ("SELECT 1)", ("error", "TS100", ")"), "SELECT 1"),
        ("SELECT * FORM photos", ("error", "TS105", "photos"), "SELECT * FROM photos"),
        ("CONVERT USNG clip AS SELECT * FROM photos", ("error", "TS100", "USNG"), "CONVERT USING clip AS SELECT * FROM photos"),
    ],
)  # fmt: skip
def test_wrong_names_and_their_fixes(text, expected, after):
    assert expected in found(text, catalog())
    if after is not None:
        assert fixed(text, catalog()) == after
        assert [d for d in found(after, catalog()) if d[0] == "error" or d == expected] == []


def test_a_similarity_outside_of_its_search_is_not_taken_for_a_slip():
    (problem,) = diagnose(Document("SELECT * FROM photos WHERE clip_clipen_similarity1 > 0.3", catalog()))
    assert problem.hint is not None
    assert problem.hint.startswith("a SEARCH makes it")
    assert problem.fixes == ()


def test_a_table_that_is_there_can_be_overwritten_in_both_generations():
    text = "COPY photos FROM 'a.csv'"
    assert fixed(text, catalog(), "add overwrite=True") == "COPY photos OPTIONS(overwrite=True) FROM 'a.csv'"
    assert "OPTIONS(if_exists='replace')" in fixed(text, catalog())
    assert found("GET THANOSQL MODEL mini OPTIONS(overwrite=True) AS clip", catalog()) == []
    assert found("GET THANOSQL MODEL clip AS clip", catalog()) == []


def test_names_that_statements_above_make_are_known():
    text = (
        "CREATE TABLE cats AS SELECT image_path AS path, price FROM photos;\n"
        "CONVERT USING mini OPTIONS(image_col='path', result_col='v') AS SELECT * FROM cats;\n"
        "SELECT v, path FROM cats WHERE pathh = 1;\n"
        "SEARCH IMAGE text='a' USING mini OPTIONS(emb_col='v') AS SELECT * FROM cats;\n"
        "ALTER TABLE cats RENAME TO dogs;\nSELECT * FROM cats"
    )
    assert found(text, catalog()) == [("warning", "TS202", "pathh"), ("warning", "TS201", "cats")]


def test_cells_above_count():
    above = Document("CREATE TABLE made AS SELECT 1 AS x", catalog()).statements
    assert found("SELECT x FROM made", catalog(), above=above) == []
    assert found("SELECT y FROM made", catalog(), above=above) == [("warning", "TS202", "y")]


def test_a_table_of_a_file_that_is_not_read_can_have_any_column():
    assert found("COPY t FROM 'far.parquet';\nSELECT anything FROM t ORDER BY other", catalog()) == []


def test_a_similarity_beyond_the_inputs_is_wrong_even_without_a_database():
    search = "(SEARCH IMAGE texts=['a', '고양이'] USING clip AS SELECT * FROM t)"
    assert found(f"SELECT clip_clipen_similarity2 FROM {search}") == []
    text = f"SELECT s.clip_clipen_similarity3 FROM {search} s"
    assert found(text) == [("warning", "TS202", "clip_clipen_similarity3")]
    assert fixed(text).startswith("SELECT s.clip_clipen_similarity2 FROM")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT price AS p, p * 2 AS q FROM photos WHERE p > 1 GROUP BY ALL HAVING q > 1 ORDER BY q",
        "SELECT photos.price, photos FROM photos",
        "SELECT coalesce(price, (SELECT max(id) FROM labels)) FROM photos WHERE (price > 1 AND price IN (SELECT id FROM labels))",
        "SELECT [(SELECT max(id) FROM labels), price] FROM photos WHERE ((price + 1) * 2 > 3)",
        "SELECT o.price FROM photos o WHERE EXISTS (SELECT 1 FROM labels l WHERE l.id = o.price AND 라벨 = l.name)",
        "SELECT a.price, b.id FROM photos a JOIN labels b ON a.라벨 = b.name",
        "SELECT * FROM photos JOIN labels USING (price)",
        "WITH x AS (SELECT price AS p FROM photos) SELECT p FROM x UNION SELECT id FROM labels ORDER BY p",
        "WITH x(a, b) AS (SELECT id, name FROM labels) SELECT a, b FROM x",
        "SELECT n.a FROM (SELECT id, name FROM labels) AS n(a, b)",
        "SELECT n.a, n.name FROM (SELECT id, name FROM labels) AS n(a)",
        "SELECT p.price FROM photos p TABLESAMPLE reservoir(10 ROWS)",
        "SELECT photos.price FROM photos TABLESAMPLE 10%",
        "SELECT z.k, z.v FROM photos UNPIVOT (v FOR k IN (price)) AS z",
        "SELECT list_filter([1], x -> x > price) FROM photos",
        "SELECT * EXCLUDE (price) FROM photos QUALIFY row_number() OVER (PARTITION BY 라벨 ORDER BY price) = 1",
        "SELECT COLUMNS('p.*') FROM photos",
        "SELECT s.clip_clipen_similarity1 FROM (SEARCH IMAGE text='a' USING clip AS SELECT * FROM photos) s ORDER BY s.price",
        "FROM photos SELECT price",
        "SELECT unnest AS u, u FROM unnest([1, 2])",
        "SELECT x.y FROM (SELECT {'y': 1} AS x)",
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'x'",
        "SELECT name FROM (LIST MODEL) WHERE folder IS NULL",
        "SELECT price FROM photos p, LATERAL (SELECT p.price + 1 AS more) m WHERE more > 1",
        "SELECT sum(price) FILTER (WHERE price > 1) OVER w FROM photos WINDOW w AS (ORDER BY price)",
        "SELECT max(price) FROM photos ORDER BY max(price)",
        "SELECT \"max(price)\" FROM (SELECT max(price) FROM photos)",
    ],
)  # fmt: skip
def test_right_queries_have_no_warnings(query):
    assert found(query, catalog(labels="id INT, name VARCHAR, price DOUBLE")) == []


def test_a_model_that_cannot_do_text_is_told(monkeypatch):
    base = specs.SPECS["clip"]
    only_pictures = type(base)(**{f: getattr(base, f) for f in base.__slots__} | {"modalities": ("image",)})
    monkeypatch.setitem(specs.SPECS, "clip", only_pictures)
    text = "SEARCH IMAGE text='x' USING clip AS SELECT * FROM photos"
    assert ("warning", "TS403", "'x'") in found(text, catalog())
    text = "CONVERT USING clip OPTIONS(text_col='라벨') AS SELECT * FROM photos"
    assert ("warning", "TS403", "clip") in found(text, catalog())


def test_what_this_kernel_does_not_run_is_information():
    assert found("TRANSFORM USING m AS SELECT * FROM t") == [
        ("information", "TS600", "TRANSFORM USING m AS SELECT * FROM t")
    ]
    assert [d[0] for d in found("COPY [your table] FROM 'x'")] == ["information"]


def test_diagnostics_are_remembered_until_what_is_known_changes():
    document = Document("CREATE TABLE a AS SELECT 1 AS x;\nSELECT x FROM a", catalog())
    assert diagnose(document) == []
    at = document.text.index("x;")
    changed = document.edited(Span(at, at + 1), "y")
    assert [d.code for d in diagnose(changed)] == ["TS202"]
    assert diagnose(changed.edited(Span(at, at + 1), "x")) == []
