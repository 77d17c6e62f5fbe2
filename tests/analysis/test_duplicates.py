"""compute.duplicates in the editor: its columns are known before it runs, its options are completed and checked."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import at_caret, catalog

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document


def texts(text):
    known = catalog(dated="image_path VARCHAR, taken_at TIMESTAMP, v FLOAT[512]")
    return [item.text for item in complete(*at_caret(text, known))]


def codes(text):
    known = catalog(dated="image_path VARCHAR, taken_at TIMESTAMP, v FLOAT[512]")
    return [problem.code for problem in diagnose(Document(text, known))]


@pytest.mark.parametrize(
    ("level", "there", "not_there"),
    [
        ("", ["duplicate_group", "burst_group", "keep", "duplicate_similarity"], []),
        (" OPTIONS(level='photo')", ["duplicate_group", "keep", "duplicate_similarity"], ["burst_group"]),
        (" OPTIONS(level='burst')", ["burst_group", "keep", "duplicate_similarity"], ["duplicate_group"]),
    ],
)
def test_the_columns_that_it_makes_are_offered(level, there, not_there):
    found = texts(f"SELECT ‸ FROM (FUNCTION compute.duplicates{level} AS SELECT * FROM dated)")
    assert {*there, "image_path"} <= set(found)
    assert not set(not_there) & set(found)


@pytest.mark.parametrize(
    ("given", "first"),
    [
        ("level='‸'", {"photo", "burst", "both"}),
        ("emb_col='‸'", {"v"}),
        ("image_col='‸'", {"image_path"}),
        ("time_col='‸'", {"taken_at"}),
    ],
)
def test_values_of_its_options_are_offered(given, first):
    assert set(texts(f"FUNCTION compute.duplicates OPTIONS({given}) AS SELECT * FROM dated")) == first


def test_pictures_are_grouped_by_any_column():
    found = texts("PRINT IMAGE OPTIONS(group_by='‸') AS SELECT * FROM dated")
    assert {"day", "month", "year", "image_path", "taken_at"} <= set(found)
    assert "v" not in found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("FUNCTION compute.duplicates AS SELECT * FROM dated", []),
        ("PRINT IMAGE AS (FUNCTION compute.duplicates AS SELECT * FROM dated)", []),
        ("PRINT IMAGE OPTIONS(group_by='keep') AS (FUNCTION compute.duplicates AS SELECT * FROM dated)", []),
        (
            "PRINT IMAGE OPTIONS(group_by='kept') AS (FUNCTION compute.duplicates AS SELECT * FROM dated)",
            ["TS202"],
        ),
        ("FUNCTION compute.duplicates AS SELECT image_path FROM dated", ["TS402"]),
        ("FUNCTION compute.duplicates OPTIONS(emb_col='w') AS SELECT * FROM dated", ["TS202"]),
        ("FUNCTION compute.duplicates OPTIONS(time_col='image_path') AS SELECT * FROM dated", ["TS300"]),
        ("SELECT burst_grup FROM (FUNCTION compute.duplicates AS SELECT * FROM dated)", ["TS202"]),
        (
            "CONVERT USING clip AS SELECT * FROM dated; SELECT keep FROM (FUNCTION compute.duplicates AS SELECT * FROM dated)",
            [],
        ),
    ],
)
def test_what_is_wrong_is_told_before_it_runs(cell, found):
    assert codes(cell) == found
