"""What is known of films before anything runs: the columns of CONVERT, SEARCH VIDEO and clips, in both forms."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))
from editor_cells import at_caret, catalog

from thanosql_kernel.analysis.features.complete import complete

CONVERT = "CONVERT USING clip OPTIONS(video_col='video_path', table_name='films') AS SELECT * FROM films;\n"
COPY = "COPY films FROM '/none/films.csv';\n"


def texts(text: str) -> list[str]:
    return [item.text for item in complete(*at_caret(text, catalog()))]


def test_the_second_is_offered_beside_the_similarity() -> None:
    search = "(SEARCH VIDEO text='a' USING clip AS SELECT * FROM films)"
    found = texts(f"{COPY}{CONVERT}SELECT ‸ FROM {search}")
    assert {"clip_clipen", "clip_clipen_similarity1", "clip_clipen_similarity1_second"} <= set(found)
    assert "clip_clipen_similarity1_start" not in found


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ("result_col='r', moments=True", {"r", "r_second", "r_start", "r_end"}),
        ("result_col='r'", {"r", "r_second"}),
    ],
)
def test_the_columns_of_moments(options: str, wanted: set[str]) -> None:
    search = f"(SEARCH VIDEO USING clip OPTIONS(search_input='a', {options}) AS SELECT * FROM films)"
    assert wanted <= set(texts(f"{COPY}{CONVERT}SELECT ‸ FROM {search}"))


def test_the_column_of_films_is_offered_to_search_in() -> None:
    found = texts(
        f"{COPY}{CONVERT}SEARCH VIDEO text='a' USING clip OPTIONS(emb_col='‸') AS SELECT * FROM films"
    )
    assert "clip_clipen" in found


def test_the_columns_of_clips() -> None:
    cell = "FUNCTION preprocess.video_to_df OPTIONS(interval=5, result_col='clip', table_name='clips') FROM 'a.mp4'"
    assert {"clip", "start_second", "end_second"} <= set(texts(f"{cell};\nSELECT ‸ FROM clips"))
    assert {"clip", "start_second"} <= set(texts(f"SELECT ‸ FROM ({cell})"))
