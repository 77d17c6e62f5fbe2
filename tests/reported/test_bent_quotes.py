"""Quotes that phones and word processors bend: a pair of them is a string wherever a text may stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.format import format as laid_out
from thanosql_kernel.analysis.features.tokens import semantic_tokens
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.sql.lexer import read_tokens, significant, tokenize
from thanosql_kernel.sql.literals import straightened, unquote


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("bent")
    (folder / "사진.csv").write_text("image_path,label\na.jpg,cat\nb.jpg,it's\n", encoding="utf-8")
    session = Session(folder / "db", working_folder=folder)
    session.run("COPY photos FROM “사진.csv”", emit=lambda result: None)
    yield session
    session.close()


def rows(session: Session, cell: str) -> list[dict[str, Any]]:
    results: list[Any] = []
    session.run(cell, emit=results.append)
    return list(results[-1].rows.to_pylist())


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("“고양이”", ["고양이"]),
        ("‘it’s mine’", ["it’s mine"]),
        ('“it\'s” ‘"q"’', ["it's", '"q"']),
        ("”a” “b“ „c“", ["a", "b", "c"]),
        ("‘a’,‘b’", ["a", "b"]),
        ("‘’", [""]),
        ("“”", [""]),
    ],
)
def test_a_pair_is_a_string(text: str, values: list[str]):
    tokens = significant(tokenize(text))
    assert tokens == list(read_tokens(text))
    assert [unquote(token) for token in tokens if token.kind == "string"] == values


def test_one_alone_is_not_closed_at_the_end_of_its_line():
    assert [token.kind for token in significant(tokenize("a = “open\nb"))] == [
        "word",
        "symbol",
        "unclosed",
        "word",
    ]


def test_every_character_stays_in_its_place():
    text = "a = “it's” AND b = '“x”' AND c = \"‘n’\" -- “y”"
    assert straightened(text) == "a = 'it’s' AND b = '“x”' AND c = \"‘n’\" -- “y”"


@pytest.mark.parametrize("quoted", ["“it's”", "‘it's’"])
def test_a_query_compares_with_what_stands_in_them(session: Session, quoted: str):
    assert rows(session, f"SELECT image_path FROM photos WHERE label = {quoted}") == [{"image_path": "b.jpg"}]


def test_texts_in_lists_and_functions(session: Session):
    found = rows(
        session, "SELECT concat(label, “ - ”, ‘x’) AS “제목” FROM photos WHERE label IN (“cat”, “dog”)"
    )
    assert found == [{"제목": "cat - x"}]


@pytest.mark.parametrize(
    "cell",
    [
        "SELECT * FROM photos WHERE label = “it's” AND lable = 1",
        "SELECT * FROM photos WHERE label = “고양이” AND lable = ‘it's’",
        "SELECT concat(label, “it's”, lable) FROM photos",
        "UPDATE photos SET label = “it's” WHERE lable = 1",
    ],
)
def test_errors_behind_them_are_marked_where_they_are(session: Session, cell: str):
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    assert caught.value.span is not None
    (problem,) = diagnose(Document(cell, session.catalog))
    assert cell[slice(*caught.value.span)] == cell[slice(*problem.span)] == "lable"


@pytest.mark.parametrize(
    "cell", ["SELECT “label” FROM photos", "SELECT * FROM “photos”", "FROM photos ORDER BY “label”"]
)
def test_where_a_name_may_be_meant_both_ways_to_write_it_are_told(session: Session, cell: str):
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    name, text = (fix.edit for fix in caught.value.fixes)
    assert name.text.strip('"') == text.text.strip("'") == cell[slice(*caught.value.span)].strip("“”")
    rows(session, cell[: name.span.start] + name.text + cell[name.span.end :])


def test_names_are_completed_inside_them(session: Session):
    cell = "PRINT IMAGE OPTIONS(image_col=“ima”) AS SELECT * FROM photos"
    at = cell.index("ima”") + 3
    assert "image_path" in [item.text for item in complete(Document(cell, session.catalog), at)]


def test_formatting_leaves_them_as_they_are():
    cell = "select * from photos where label=“고양이  둘”"
    assert "“고양이  둘”" in laid_out(cell)


def test_they_are_coloured_as_strings():
    cell = "SELECT * FROM photos WHERE label = “cat”"
    found = semantic_tokens(Document(cell))[-1]
    assert (found.type, cell[slice(*found.span)]) == ("string", "“cat”")
