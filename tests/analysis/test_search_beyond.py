"""Editors know what a SEARCH may be told: queries that are searched for, its options, the columns that come of them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import at_caret, catalog

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.format import format as laid_out
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.features.rename import rename
from thanosql_kernel.analysis.meaning.document import Document

AS = "USING clip AS SELECT * FROM photos"
KNOWN = catalog(albums="title VARCHAR, cover VARCHAR, pages BIGINT")


def texts(text):
    return [item.text for item in complete(*at_caret(text, KNOWN))]


def found(text):
    return [(d.code, text[slice(*d.span)]) for d in diagnose(Document(text, KNOWN))]


@pytest.mark.parametrize(
    "text",
    [
        f"SEARCH IMAGE image=(SELECT co‸ FROM albums) {AS}",
        f"SEARCH IMAGE images=[(SELECT co‸ FROM albums), 'a.jpg'] {AS}",
        "SEARCH IMAGE image=(SELECT co‸ FROM albums",
        f"SEARCH IMAGE image=(SELECT title FROM albums WHERE co‸) {AS}",
        "SEARCH IMAGE USING clip OPTIONS(search_by='image', search_input=(SELECT co‸ FROM albums)) AS FROM photos",
        f"SELECT * FROM (SEARCH IMAGE image=(SELECT co‸ FROM albums) {AS})",
        f"PRINT IMAGE AS SEARCH IMAGE image=(SELECT co‸ FROM albums) {AS}",
        f"SEARCH IMAGE image=(SEARCH IMAGE image=(SELECT co‸ FROM albums) {AS}) {AS}",
    ],
)
def test_columns_of_the_query_that_is_searched_for_are_offered(text):
    assert texts(text)[0] == "cover"
    assert "clip_clipen" not in texts(text)


def test_behind_such_a_query_the_statement_goes_on_as_ever():
    text = "SEARCH IMAGE image=(SELECT cover FROM albums) USING clip OPTIONS(emb_col='‸') AS SELECT * FROM photos"
    assert texts(text) == ["clip_clipen"]
    assert texts(f"SEARCH IMAGE image=(SELECT cover FROM albums) {AS} WHERE 라‸")[0] == "라벨"
    assert "USING" in texts("SEARCH IMAGE image=(SELECT cover FROM albums) ‸")


def test_tables_are_offered_in_it_and_a_query_begins_it():
    assert {"albums", "photos"} <= {*texts(f"SEARCH IMAGE image=(SELECT cover FROM ‸) {AS}")}
    assert texts(f"SEARCH IMAGE image=(‸) {AS}")[0] == "SELECT"


def test_new_options_are_offered():
    offered = texts("SEARCH IMAGE text='a' USING clip OPTIONS(‸) AS SELECT * FROM photos")
    assert {"weights=", "keyword=", "keyword_col=", "diverse=", "relevance="} <= {*offered}
    assert "weights=" in texts("SEARCH IMAGE texts=['a', 'b'] ‸")
    assert texts("SEARCH IMAGE text='a' USING clip OPTIONS(diverse=‸) AS SELECT * FROM photos")[:2] == [
        "True",
        "False",
    ]
    columns = texts(
        "SEARCH IMAGE text='a' USING clip OPTIONS(keyword='b', keyword_col='‸') AS SELECT * FROM photos"
    )
    assert {*columns} == {"image_path", "라벨"}


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("texts=['a', 'b'] weights=[1, -1] USING clip", {"clip_clipen_similarity1"}),
        ("image=(SELECT cover FROM albums) USING clip", {"clip_clipen_similarity1"}),
        ("texts=['a', 'b'] USING clip", {"clip_clipen_similarity1", "clip_clipen_similarity2"}),
        (
            "text='a' USING clip OPTIONS(result_col='s', keyword='b', keyword_col='라벨')",
            {"s", "s_keyword", "s_fused"},
        ),
        ("text='a' USING clip OPTIONS(result_col='s', relevance=True)", {"s", "s_relevance"}),
        ("text='a' USING clip OPTIONS(result_col='s', relevance=False)", {"s"}),
    ],
)
def test_the_columns_that_come_of_them_are_known(given, made):
    offered = {*texts(f"SELECT ‸ FROM (SEARCH IMAGE {given} AS SELECT * FROM photos)")}
    others = {"clip_clipen_similarity2", "s_keyword", "s_fused", "s_relevance"} - made
    assert made <= offered
    assert not others & offered


def test_names_in_the_query_that_are_not_there_are_told():
    assert found(f"SEARCH IMAGE image=(SELECT covr FROM albums) {AS}") == [("TS202", "covr")]
    assert found(f"SEARCH IMAGE image=(SELECT cover FROM albms) {AS}") == [("TS201", "albms")]
    assert found(f"SEARCH IMAGE image=(SELECT cover FROM albums WHERE) {AS}")[0][0] in ("TS100", "TS105")
    assert found(f"SEARCH IMAGE image=(SELECT cover FROM albums {AS}")[0][0] == "TS100"
    assert found(f"SEARCH IMAGE image=(SELECT cover FROM albums) {AS}") == []


def test_a_table_is_renamed_in_it_too():
    text = f"CREATE TABLE mine AS SELECT 'a' AS c;\nSEARCH IMAGE image=(SELECT c FROM mi‸ne) {AS}"
    document, offset = at_caret(text, KNOWN)
    edits = rename(document, offset, "yours")
    assert len(edits) == 2


def test_hovering_over_a_column_in_it_says_what_it_is():
    document, offset = at_caret(f"SEARCH IMAGE image=(SELECT cov‸er FROM albums) {AS}", KNOWN)
    told = hover(document, offset)
    assert told is not None
    assert "VARCHAR" in str(told)


@pytest.mark.parametrize(
    "cell",
    [
        f"search image image=(select cover from albums where pages>3) weights=[1] {AS}",
        f"search image images=[(select cover from albums), 'a.jpg'], weights=[1,-0.5] {AS}",
        f"search image image=(search image text='a' {AS}) {AS}",
        "search image using clip options(search_by='image',search_input=(select cover from albums),weights=[1]) as from photos",
        "select * from (search image text='a' using clip options(keyword='b',keyword_col='라벨') as select * from photos)",
    ],
)
def test_formatting_changes_white_space_and_letter_case_alone_and_is_done_after_one_go(cell):
    once = laid_out(cell)
    assert "".join(once.split()).upper() == "".join(cell.split()).upper()
    assert laid_out(once) == once
    assert "SELECT" in once
