"""PRINT through a real session: which rows, which columns, and what the front end is told about them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from display_cases import running

from thanosql_kernel.errors import ThanoSQLError


@pytest.fixture
def run(tmp_path):
    with running(tmp_path) as run_cell:
        yield run_cell


def many(rows):
    return f"SELECT range::VARCHAR || '.jpg' AS image_path, range AS n FROM range({rows})"


def test_the_tiles_setting_says_how_many_pictures_are_shown(run):
    assert len(run(f"PRINT IMAGE AS {many(300)}").items) == 100
    result = run(f"SET display.tiles = 7; PRINT IMAGE AS {many(300)}")
    assert (len(result.items), result.total) == (7, 300)
    assert [item.path for item in result.items[:2]] == ["0.jpg", "1.jpg"]
    assert len(run(f"PRINT IMAGE OPTIONS(limit=3) AS {many(300)}").items) == 3
    assert len(run(f"PRINT IMAGE OPTIONS(limit=30) AS {many(300)}").items) == 7


def test_columns_of_cosines_are_told_from_other_numbers(run):
    result = run(
        "PRINT IMAGE AS SELECT 'a.jpg' AS image_path, 0.25::FLOAT AS similarity, 0.25::DOUBLE AS share, "
        "3.5::FLOAT AS stars UNION ALL SELECT 'b.jpg', NULL, 1, NULL"
    )
    assert list(result.similarities) == ["similarity"]
    assert dict(result.items[0].caption)["similarity"] == "0.2500"
    assert dict(result.items[1].caption)["similarity"] == "NULL"


def test_rows_come_in_the_order_of_the_query(run):
    result = run("PRINT IMAGE AS SELECT x || '.jpg' AS image_path FROM (VALUES ('b'), ('a'), ('c')) AS t(x)")
    assert [item.path for item in result.items] == ["b.jpg", "a.jpg", "c.jpg"]


def test_a_zero_limit_is_refused(run):
    with pytest.raises(ThanoSQLError, match="at least 1"):
        run(f"PRINT IMAGE OPTIONS(limit=0) AS {many(3)}")


def test_display_settings_reach_the_tables(run):
    assert not run("SELECT 'a.jpg' AS image_path").images
    result = run(
        "SET display.images = on; SET display.rows = 3; SELECT range AS n FROM range(10) ORDER BY n DESC"
    )
    assert result.images
    assert (result.rows["n"].to_pylist(), result.total) == ([9, 8, 7], 10)


def test_the_progress_setting_is_one_of_a_few_words(run):
    assert run("SET display.progress = text").text == "display.progress is text"
    with pytest.raises(ThanoSQLError, match="is one of"):
        run("SET display.progress = loud")
    assert "display.progress" in run("SHOW SETTINGS").rows["setting"].to_pylist()
