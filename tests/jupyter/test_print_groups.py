"""PRINT IMAGE by the values of a column, and of near-duplicates by their groups."""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from display_cases import running, words_of

from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.jupyter.display import mime_bundle

LABELLED = """(VALUES ('a.jpg', 'cat', 1), ('b.jpg', NULL, 2), ('c.jpg', 'dog', 3), ('d.jpg', 'cat', 4), ('e.jpg', NULL, 5))
AS t(image_path, label, n)"""
#: As compute.duplicates gives them: two copies in a burst with a third, and two copies of another.
GROUPED = """SELECT image_path, n, [1.0, 0.0]::FLOAT[2] AS v FROM (VALUES ('a.png', 1), ('b.png', 2)) AS t(image_path, n)"""
NUMBERED = """(VALUES
  ('a.jpg', 1, 1, true, 1.0::FLOAT), ('b.jpg', 1, 1, false, 0.9::FLOAT), ('c.jpg', NULL, 1, true, 0.8::FLOAT),
  ('d.jpg', 2, NULL, true, 1.0::FLOAT), ('e.jpg', 2, NULL, false, 0.7::FLOAT)
) AS t(image_path, duplicate_group, burst_group, keep, duplicate_similarity)"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grouped")
    for number, name in enumerate(("a.png", "b.png")):
        Image.linear_gradient("L").convert("RGB").resize((200 - 40 * number, 150)).save(folder / name)
    with running(folder) as run_cell:
        yield run_cell


def paths(result):
    return " ".join(item.path[0] for item in result.items)


def test_a_column_groups_pictures_in_the_order_of_its_first_rows(run):
    result = run(f"PRINT IMAGE OPTIONS(group_by='label') AS SELECT * FROM {LABELLED}")
    assert paths(result) == "a d b e c"
    assert result.headings == {
        0: "label: cat · 2 pictures",
        2: "label: NULL · 2 pictures",
        4: "label: dog · 1 picture",
    }
    assert result.lines(result.items[0]) == [("n", "1")]
    text = mime_bundle(result)["text/plain"]
    assert text.startswith("label: cat · 2 pictures\n1. a.jpg (missing)\n   n: 1\n2. d.jpg")
    assert "label: dog · 1 picture" in words_of(mime_bundle(result))


def test_of_pictures_that_are_left_out_the_headings_still_count(run):
    result = run(f"PRINT IMAGE OPTIONS(group_by='label', limit=3) AS SELECT * FROM {LABELLED}")
    assert paths(result) == "a d b"
    assert list(result.headings.values()) == ["label: cat · 2 pictures", "label: NULL · 2 pictures"]


def test_near_duplicates_have_their_groups_as_headings_and_the_kept_ones_marked(run):
    result = run(f"PRINT IMAGE AS (FUNCTION compute.duplicates AS {GROUPED})")
    assert result.headings == {0: "Photo 1 · 2 pictures"}
    assert [(item.path, item.mark) for item in result.items] == [("a.png", "✓ keep"), ("b.png", "copy")]
    assert [name for name, _ in result.lines(result.items[0])] == ["n"]
    bundle = mime_bundle(result)
    assert bundle["text/plain"].startswith(
        "Photo 1 · 2 pictures\n1. a.png  ✓ keep\n   n: 1\n   duplicate_similarity: 1.0000\n2. b.png  copy"
    )
    words = words_of(bundle)
    assert words.index("Photo 1") < words.index("✓ keep") < words.index("copy")


def test_a_burst_is_one_group_with_the_copies_in_it(run):
    result = run(f"PRINT IMAGE OPTIONS(group_by='burst_group') AS SELECT * FROM {NUMBERED}")
    assert list(result.headings.values()) == ["Burst 1 · 3 pictures", "burst_group: NULL · 2 pictures"]
    assert [item.mark for item in result.items] == ["✓ keep", "copy", "✓ keep", "✓ keep", "copy"]


def test_of_bursts_alone_the_others_are_no_copies(run):
    result = run(f"PRINT IMAGE AS SELECT image_path, burst_group, keep FROM {NUMBERED}")
    assert [item.mark for item in result.items] == ["✓ keep", "", "✓ keep", "✓ keep", ""]
    assert result.headings == {}


def test_a_column_called_keep_marks_nothing_without_groups(run):
    result = run(f"PRINT IMAGE AS SELECT image_path, keep FROM {NUMBERED}")
    assert {item.mark for item in result.items} == {""}
    assert result.lines(result.items[0]) == [("keep", "True")]


def test_a_sheet_has_the_headings_too(run):
    cell = "PRINT IMAGE OPTIONS(format='sheet', size=100{}) AS (FUNCTION compute.duplicates AS {})"
    heights = []
    for result in (
        run(cell.format("", GROUPED)),
        run(cell.format("", GROUPED).replace("(FUNCTION", "SELECT * FROM (FUNCTION")),
    ):
        png = base64.b64decode(mime_bundle(result)["image/png"])
        heights.append(Image.open(io.BytesIO(png)).height)
    assert heights[0] > heights[1]


@pytest.mark.parametrize("named", ["lable", "week"])
def test_a_column_that_is_not_there_is_told_at_its_place(run, named):
    cell = f"PRINT IMAGE OPTIONS(group_by='{named}') AS SELECT * FROM {LABELLED}"
    with pytest.raises(ThanoSQLError) as caught:
        run(cell)
    assert (caught.value.code, cell[slice(*caught.value.span)]) == ("TS202", f"'{named}'")
    assert "'day', 'month', 'year'" in str(caught.value.hint) or "label" in str(caught.value.hint)


def test_headings_and_marks_are_said_in_korean(run, monkeypatch):
    from thanosql_kernel.wording import language, set_language

    before = language()
    set_language("ko")
    try:
        result = run(f"PRINT IMAGE AS (FUNCTION compute.duplicates AS {GROUPED})")
    finally:
        set_language(before)
    assert list(result.headings.values()) == ["사진 1 · 사진 2장"]
    assert [item.mark for item in result.items] == ["✓ 남김", "사본"]
