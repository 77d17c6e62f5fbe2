"""What a SEARCH looks for and how it ranks, as it is written: read right, and refused where it makes no sense."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))
from editor_cells import catalog

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.statements.cell import parse_cell
from thanosql_kernel.statements.search import Search

AS = "USING clip AS SELECT * FROM photos"


def parsed(cell: str) -> Search:
    (statement,) = parse_cell(cell)
    assert isinstance(statement, Search)
    return statement


def problems(cell: str) -> list[tuple[str, str]]:
    """Codes and what they mark, as an editor shows them; a run stops at the first."""
    found = diagnose(Document(cell, catalog()))
    return [(it.code, cell[slice(*it.span)]) for it in found if it.severity != "information"]


def test_a_query_is_a_value_whose_names_are_read():
    search = parsed(f"SEARCH IMAGE images=[(SELECT image_path FROM photos), 'a.jpg'] weights=[1, -.5], {AS}")
    assert [query.text for query in search.queries] == [
        "SELECT * FROM photos",
        "SELECT image_path FROM photos",
    ]
    assert [item.kind for item in search.asked.pieces] == ["image", "image"]
    assert search.asked.pieces[0].value.span == (21, 52)
    assert [item.value for item in search.search_inputs()] == ["a.jpg"]
    assert search.asked.columns == 1


def test_statements_in_a_query_that_is_searched_for_are_children():
    search = parsed(f"SEARCH IMAGE image=(SELECT image_path FROM (CONVERT USING clip AS FROM photos)) {AS}")
    assert [child.words for child in search.children()] == [("CONVERT", "USING")]
    search = parsed(f"SEARCH IMAGE image=(SEARCH IMAGE image=(SELECT 'a') {AS}) {AS}")
    assert [child.words for child in search.children()] == [("SEARCH", "IMAGE")]


@pytest.mark.parametrize(
    "cell",
    [
        f"SEARCH IMAGE texts=['a', 'b'], weights=[1, -0.5] {AS}",
        f"SEARCH IMAGE texts=['a', 'b'] weights=[1, -0.5] {AS}",
        f"SEARCH IMAGE weights=[1, -0.5] text='a', image='b.jpg' {AS}",
        "SEARCH IMAGE USING clip OPTIONS(search_by='text', search_input=['a', 'b'], weights=[1, 2]) AS FROM photos",
        f"SEARCH IMAGE text=(SELECT 라벨 FROM photos LIMIT 3) {AS}",
        "SEARCH IMAGE text='a' USING clip OPTIONS(keyword='고양이 cat', keyword_col='라벨') AS FROM photos",
        "SEARCH IMAGE text='a' USING clip OPTIONS(diverse=True, top_k=1000) AS FROM photos",
        "SEARCH IMAGE text='a' USING clip OPTIONS(diverse=False) AS FROM photos",
        "SEARCH IMAGE USING clip OPTIONS(search_input='a', diverse=True) AS FROM photos",
        f"SEARCH IMAGE texts=$texts weights=$weights {AS}",
        f"SEARCH IMAGE texts=['a', 'b'] weights=[1, $w] {AS}",
        f"SEARCH IMAGE texts=$texts weights=[1, 2, 3] {AS}",
        "SEARCH IMAGE text='a' USING clip OPTIONS(keyword=$k, keyword_col='라벨') AS FROM photos",
    ],
)
def test_what_makes_sense_has_no_problems(cell):
    assert problems(cell) == []


@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        (f"SEARCH IMAGE texts=['a', 'b'] weights=[1] {AS}", "TS110", "[1]"),
        (f"SEARCH IMAGE texts=['a', 'b'] weights=[] {AS}", "TS110", "[]"),
        (f"SEARCH IMAGE texts=['a', 'b'] weights=[1, '2'] {AS}", "TS110", "'2'"),
        (f"SEARCH IMAGE texts=['a', 'b'] weights=[1, True] {AS}", "TS110", "True"),
        (f"SEARCH IMAGE texts=['a', 'b'] weights=[0, 0.0] {AS}", "TS110", "[0, 0.0]"),
        (f"SEARCH IMAGE texts=['a', 'b'] weights=1 {AS}", "TS103", "1"),
        (f"SEARCH IMAGE text='a' image='b.jpg' {AS}", "TS104", "image='b.jpg'"),
        (f"SEARCH IMAGE text='a' text='b' weights=[1, 1] {AS}", "TS104", "text"),
        (
            "SEARCH IMAGE text='a' weights=[1] USING clip OPTIONS(weights=[1]) AS FROM photos",
            "TS104",
            "weights=[1]",
        ),
        (f"SEARCH IMAGE weights=[1] {AS}", "TS100", "clip"),
        (f"SEARCH IMAGE text=(SELECT * FROM photos) {AS}", "TS110", "SELECT * FROM photos"),
        (f"SEARCH IMAGE text=(SELECT price FROM photos) {AS}", "TS300", "SELECT price FROM photos"),
        (f"SEARCH IMAGE image=(SELECT price FROM photos) {AS}", "TS300", "SELECT price FROM photos"),
        (
            "SEARCH IMAGE text='a' USING clip OPTIONS(keyword='b') AS FROM photos",
            "TS110",
            "keyword='b'",
        ),
        (
            "SEARCH IMAGE text='a' USING clip OPTIONS(keyword_col='라벨') AS FROM photos",
            "TS110",
            "keyword_col",
        ),
        (
            "SEARCH IMAGE text='a' USING clip OPTIONS(keyword='b', keyword_col='글') AS FROM photos",
            "TS202",
            "'글'",
        ),
        (
            "SEARCH IMAGE text='a' USING clip OPTIONS(keyword='b', keyword_col='price') AS FROM photos",
            "TS300",
            "'price'",
        ),
        (
            "SEARCH IMAGE text='a' USING clip OPTIONS(keyword='?!', keyword_col='라벨') AS FROM photos",
            "TS110",
            "'?!'",
        ),
        (
            "SEARCH IMAGE texts=['a', 'b'] USING clip OPTIONS(keyword='b', keyword_col='라벨') AS FROM photos",
            "TS110",
            "keyword='b'",
        ),
        ("SEARCH IMAGE text='a' USING clip OPTIONS(diverse=True) AS FROM photos", "TS110", "True"),
        (
            "SEARCH IMAGE text='a' USING clip OPTIONS(diverse=True, top_k=None) AS FROM photos",
            "TS110",
            "None",
        ),
        (
            "SEARCH IMAGE text='a' USING clip OPTIONS(diverse=True, top_k=1001) AS FROM photos",
            "TS110",
            "1001",
        ),
        (
            "SEARCH IMAGE text='a' USING clip OPTIONS(diverse=True, top_k=9, keyword='b', keyword_col='라벨') AS FROM photos",
            "TS110",
            "True",
        ),
        ("SEARCH IMAGE text='a' USING clip OPTIONS(relevance=True) AS FROM photos", "TS403", "True"),
    ],
)
def test_what_makes_none_is_told_before_it_runs(cell, code, marked):
    assert problems(cell) == [(code, marked)]


def test_many_words_are_refused():
    words = " ".join(f"w{number}" for number in range(33))
    cell = f"SEARCH IMAGE text='a' USING clip OPTIONS(keyword='{words}', keyword_col='라벨') AS FROM photos"
    assert problems(cell) == [("TS110", f"'{words}'")]


@pytest.mark.parametrize("given", ["emb_col=(SELECT 1)", "keyword=(SELECT 1)", "weights=(SELECT 1)"])
def test_other_options_take_no_query(given):
    cell = f"SEARCH IMAGE text='a' USING clip OPTIONS({given}) AS FROM photos"
    with pytest.raises(Exception, match="expected"):
        parse_cell(cell)


def test_options_of_a_statement_in_the_query_take_none_either():
    inner = "SELECT image_path FROM (CONVERT USING clip OPTIONS(image=(SELECT 1)) AS FROM photos)"
    with pytest.raises(Exception, match="expected"):
        parse_cell(f"SEARCH IMAGE image=({inner}) {AS}")
