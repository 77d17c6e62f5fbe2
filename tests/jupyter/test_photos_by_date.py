"""PRINT of photos of which is known when and where they were taken."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from display_cases import running, words_of

from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.jupyter.display import mime_bundle

PHOTOS = """(VALUES
  ('a.jpg', TIMESTAMP '2024-05-03 14:22:31', 37.5665, 126.978),
  ('b.jpg', NULL, NULL, NULL),
  ('c.jpg', TIMESTAMP '2024-05-04 09:00:00', NULL, 127.0),
  ('d.jpg', TIMESTAMP '2023-05-03 23:59:59', -33.8568, 151.2153),
  ('e.jpg', TIMESTAMP '2024-05-03 07:00:00', NULL, NULL)
) AS t(image_path, taken_at, latitude, longitude)"""
FILES = (
    "'jpeg' AS kind, 'Canon' AS camera, 10 AS width, 20 AS height, 5 AS size_bytes, NULL AS taken_offset, "
    "TIMESTAMPTZ '2024-05-03 14:22:31Z' AS modified_at, NULL AS motion_path"
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with running(tmp_path_factory.mktemp("dated")) as run_cell:
        yield run_cell


def test_a_caption_says_when_and_where_in_one_line(run):
    result = run(f"PRINT IMAGE AS SELECT * FROM {PHOTOS}")
    assert [item.taken for item in result.items] == [
        "2024-05-03 14:22 · 37.5665, 126.9780",
        "",
        "2024-05-04 09:00",
        "2023-05-03 23:59 · -33.8568, 151.2153",
        "2024-05-03 07:00",
    ]
    assert result.lines(result.items[0]) == []
    bundle = mime_bundle(result)
    assert "2024-05-03 14:22 · 37.5665, 126.9780" in words_of(bundle)
    assert "1. a.jpg (missing)\n   2024-05-03 14:22 · 37.5665, 126.9780\n2. b.jpg" in bundle["text/plain"]


def test_half_a_place_is_no_place(run):
    result = run(f"PRINT IMAGE AS SELECT image_path, latitude FROM {PHOTOS}")
    assert result.items[0].taken == ""
    assert result.lines(result.items[0]) == [("latitude", "37.5665")]


def test_what_is_known_of_files_makes_no_wall_of_captions_unless_asked_for(run):
    everything = run(f"PRINT IMAGE AS SELECT *, {FILES}, 'mine' AS album FROM {PHOTOS}")
    assert everything.lines(everything.items[0]) == [("album", "mine")]
    assert ("camera", "Canon") in everything.items[0].caption
    chosen = run(f"PRINT IMAGE AS SELECT image_path, taken_at, 'Canon' AS camera FROM {PHOTOS}")
    assert chosen.lines(chosen.items[0]) == [("camera", "Canon")]


@pytest.mark.parametrize(
    ("period", "order", "headings"),
    [
        ("day", "c a e d b", ["2024-05-04 (Sat)", "2024-05-03 (Fri)", "2023-05-03 (Wed)", "date unknown"]),
        ("month", "a c e d b", ["2024-05", "2023-05", "date unknown"]),
        ("year", "a c e d b", ["2024", "2023", "date unknown"]),
    ],
)
def test_pictures_by_date_have_headings_latest_first_in_the_querys_order(run, period, order, headings):
    result = run(f"PRINT IMAGE OPTIONS(group_by='{period}') AS SELECT * FROM {PHOTOS}")
    assert " ".join(item.path[0] for item in result.items) == order
    assert list(result.headings.values()) == headings
    html, text = words_of(mime_bundle(result)), mime_bundle(result)["text/plain"]
    assert [heading for heading in headings if heading in html and f"{heading}\n" in text] == headings
    assert [html.index(heading) for heading in headings] == sorted(
        html.index(heading) for heading in headings
    )


def test_the_latest_pictures_are_those_that_are_shown(run):
    result = run(f"PRINT IMAGE OPTIONS(group_by='day', limit=2) AS SELECT * FROM {PHOTOS}")
    assert ([item.path for item in result.items], result.total) == (["c.jpg", "a.jpg"], 5)
    assert list(result.headings) == [0, 1]


def test_other_dates_can_be_named(run):
    query = (
        "SELECT 'a.jpg' AS image_path, DATE '2020-02-29' AS day UNION ALL SELECT 'b.jpg', DATE '2021-01-01'"
    )
    result = run(f"PRINT IMAGE OPTIONS(group_by='year', date_col='day') AS {query}")
    assert ([item.path for item in result.items], list(result.headings.values())) == (
        ["b.jpg", "a.jpg"],
        ["2021", "2020"],
    )


@pytest.mark.parametrize(
    ("statement", "code", "place"),
    [
        ("PRINT IMAGE OPTIONS(group_by='day') AS SELECT 'a.jpg' AS image_path", "TS202", "'day'"),
        ("PRINT IMAGE OPTIONS(date_col='n') AS SELECT 'a.jpg' AS image_path, 1 AS n", "TS300", "'n'"),
        ("PRINT IMAGE OPTIONS(group_by='week') AS SELECT 'a.jpg' AS image_path", "TS202", "'week'"),
    ],
)
def test_dates_that_are_not_there_are_told_at_their_place(run, statement, code, place):
    with pytest.raises(ThanoSQLError) as caught:
        run(statement)
    assert caught.value.code == code
    assert statement[caught.value.span.start : caught.value.span.end] == place
