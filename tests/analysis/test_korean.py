"""What editors show is Korean where Korean is spoken, and nothing that they do depends on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.features.rename import rename
from thanosql_kernel.analysis.features.symbols import symbols
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, GeneratedColumn, Model, Table, View, Weights
from thanosql_kernel.catalog.unknown import views_in_a_circle
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.wording import set_language

MADE = GeneratedColumn("clip", "clipen", "image", "image_path", Weights("clip", "1.0", "f"), 512)
COLUMNS = (
    Column("image_path", "VARCHAR"),
    Column("price", "DOUBLE"),
    Column("clip_clipen", "FLOAT[512]", MADE),
)
CATALOG = Catalog(
    revision=1,
    tables={"photos": Table("photos", COLUMNS, 24968, "photos", 1)},
    views={"cheap": View("cheap", "SELECT * FROM photos", COLUMNS)},
    models={"clip": Model("clip", "clip"), "own": Model("own", "clip", "/weights")},
)
_CODE = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|[A-Z]{2}[A-Z ]*|\([^()]*\)")


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language("en")


def at_caret(marked: str) -> tuple[Document, int]:
    before, _, after = marked.partition("‸")
    return Document(before + after, CATALOG), len(before)


def is_korean(text: str) -> bool:
    bare = _CODE.sub("|", text)
    return re.search("[가-힣]", bare) is not None and re.search("[a-z]{3,} [a-z]{3,}", bare) is None


@pytest.mark.parametrize(
    ("marked", "lines"),
    [
        ("SELECT * FROM pho‸tos", ["테이블 photos", "24,968행"]),
        ("SELECT * FROM che‸ap", ["뷰 cheap", "뷰: CREATE VIEW cheap AS SELECT * FROM photos"]),
        ("SELECT pri‸ce FROM photos", ["컬럼 price", "DOUBLE · photos 테이블의 컬럼"]),
        (
            "SELECT clip_cl‸ipen FROM cheap",
            [
                "컬럼 clip_clipen",
                "FLOAT[512] · image_path 컬럼의 사진으로 clip (clip 1.0) 모델이 만듭니다 · cheap 뷰의 컬럼",
            ],
        ),
        ("SELECT l‸en FROM (SELECT 1 AS len)", ["컬럼 len", "INTEGER"]),
        ("SELECT ma‸x(price) FROM photos", ["함수 max", "가장 큰 값"]),
        ("SELECT ‸* FROM photos", ["컬럼"]),
        (
            "CREATE TABLE n‸ew AS SELECT 1 AS a; SELECT * FROM new",
            ["테이블 new", "여기 있는 문장이 만듭니다"],
        ),
    ],
)
def test_hovers(marked, lines):
    found = hover(*at_caret(marked))
    assert found is not None
    assert found.plain.splitlines()[: len(lines)] == lines


def test_a_hover_of_a_model_says_what_it_makes_and_where_its_weights_are():
    found = hover(*at_caret("CONVERT USING o‸wn AS SELECT * FROM photos"))
    assert found is not None
    lines = found.plain.splitlines()
    assert lines[0] == "모델 own"
    assert "사진과 텍스트마다 숫자 512개" in lines[1]
    assert "CONVERT 문은 own_clipen 컬럼을, SEARCH 문은 own_clipen_similarity1 … 컬럼을 만듭니다" in lines
    assert "가중치가 있는 곳: /weights" in lines


@pytest.mark.parametrize(
    ("marked", "new"),
    [
        ("SELECT 1‸", "x"),
        ("SELECT p.price FROM photos p‸", "\n"),
        ("SELECT p.price FROM photos p‸, cheap q", "q"),
        ("SELECT * FROM photos‸", "cheap"),
        ("SELECT * FROM photos‸", "pictures"),
        ("SELECT * FROM cheap‸", "pictures"),
        ("SELECT price‸ FROM photos", "cost"),
        ("SELECT price AS p‸ FROM photos ORDER BY p", "image_path"),
        ("CONVERT USING clip AS SELECT image_path FROM photos; SELECT clip_clipen‸ FROM photos", "v"),
    ],
)
def test_refusals_of_a_rename(marked, new):
    refusal = rename(*at_caret(marked), new)
    assert isinstance(refusal, ThanoSQLError)
    assert refusal.code == "TS206"
    assert is_korean(refusal.message)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("SELECT * FROM photoz", "TS201"),
        ("SELECT * FROM gibt_es_nicht", "TS201"),
        ("SELECT pricee FROM photos", "TS202"),
        ("SELECT nothing_like_it FROM photos", "TS202"),
        ('SELECT * FROM photos WHERE image_path = "cat"', "TS202"),
        ("SELECT x_similarity1 FROM photos", "TS202"),
        ("SELECT * FROM 'photos'", "TS201"),
        ("SELECT lenght(image_path) FROM photos", "TS105"),
        ("SELECT price", "TS105"),
        ("SELECT image_path, count(*) FROM photos", "TS105"),
        ("SELECT * FORM photos", "TS105"),
        ("SELECT sum(image_path) FROM photos", "TS300"),
        ("CREATE VIEW photos AS SELECT 1 AS a", "TS204"),
        ("CREATE TABLE cheap AS SELECT 1 AS a", "TS204"),
        ("CREATE OR REPLACE VIEW cheap AS SELECT * FROM cheap", "TS221"),
        ("VACUUM cheap", "TS220"),
        ("CREATE TABLE n (a nope)", "TS300"),
        (
            "SELECT own_clipen_similarity2 FROM (SEARCH IMAGE text='a' USING own AS SELECT * FROM photos)",
            "TS202",
        ),
        ("SELECT image_path FROM photos, duckdb_tables()", "TS600"),
        ("CONVERT USING nobody AS SELECT * FROM photos", "TS200"),
        ("COPY t OPTIONS(if_exists='a\nb') FRM 'x'", "TS101"),
    ],
)
def test_problems_their_hints_and_fixes(cell, code):
    found = next(one for one in diagnose(Document(cell, CATALOG)) if one.code == code)
    said = [found.message, *([found.hint] if found.hint else []), *(fix.title for fix in found.fixes)]
    assert [text for text in said if not is_korean(text)] == []


def test_views_in_a_circle():
    error = views_in_a_circle(["a", "b"], None)
    assert (error.message, error.code) == ("뷰들이 서로를 돌아가며 읽습니다: a → b → a", "TS221")


def test_an_outline_counts_in_korean():
    (made,) = symbols(Document("CREATE TABLE t AS SELECT 1 AS a, 2 AS b", CATALOG))[0].children
    assert is_korean(made.detail)
    (view,) = symbols(Document("CREATE VIEW v AS SELECT 1 AS a", CATALOG))[0].children
    assert view.detail == "뷰"


def test_what_completion_inserts_is_the_same_in_both_languages():
    marked = "CONVERT USING clip OPTIONS(‸) AS SELECT * FROM photos"
    found = []
    for spoken in ("en", "ko"):
        set_language(spoken)
        found.append([(item.text, item.snippet, item.tier) for item in complete(*at_caret(marked))])
    assert found[0] == found[1]
    assert ("image_col=", "image_col='$1'") in [item[:2] for item in found[0]]
