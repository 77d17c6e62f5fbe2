"""Functions of rows, keywords and tables of folders in the editor: names, columns, what they make."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import at_caret, catalog

from thanosql_kernel.analysis.features.complete import complete

SIMILAR = (
    "FUNCTION compute.similarity OPTIONS(emb_col='clip_clipen', src_table='photos', src_emb_col='clip_clipen', "
    "src_label_col='라벨'{}) AS SELECT * FROM photos"
)


def texts(text):
    return [item.text for item in complete(*at_caret(text, catalog()))]


def details(text):
    return {item.text: item.detail for item in complete(*at_caret(text, catalog()))}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("FUNCTION ‸", ["compute.duplicates", "compute.groupby_emb_mean", "compute.similarity"]),
        ("FUNCTION compute.gro‸", ["groupby_emb_mean"]),
        ("FUNCTION compute.groupby_emb_mean OPTIONS(‸", ["label_col=", "emb_col=", "result_col="]),
        ("FUNCTION compute.groupby_emb_mean OPTIONS(emb_col='‸') AS SELECT * FROM photos", ["clip_clipen"]),
        ("FUNCTION compute.similarity OPTIONS(src_table='ph‸", ["photos"]),
        ("FUNCTION compute.similarity OPTIONS(src_table='photos', src_emb_col='‸'", ["clip_clipen"]),
        ("SEARCH KEYWORD USING clip OPTIONS(lang=‸", ["'ko'", "'en'"]),
    ],
)
def test_what_may_stand_there_is_offered(text, wanted):
    found = [item for item in texts(text) if not item.startswith("preprocess")]
    assert found[: len(wanted)] == wanted


def test_labels_may_be_of_any_kind_but_vectors():
    for option in ("label_col='‸'", "src_table='photos', src_label_col='‸'"):
        name = "groupby_emb_mean" if option.startswith("label") else "similarity"
        found = texts(f"FUNCTION compute.{name} OPTIONS({option}) AS SELECT * FROM photos")
        assert {"라벨", "price"} <= set(found)
        assert "clip_clipen" not in found


def test_columns_of_a_table_that_nobody_names_are_not_offered():
    assert texts("FUNCTION compute.similarity OPTIONS(src_emb_col='‸') AS SELECT * FROM photos") == []


def test_the_columns_that_they_make_are_known_with_their_types():
    found = details(f"SELECT ‸ FROM ({SIMILAR.format('')})")
    assert found["similarity_result"].startswith("VARCHAR")
    assert found["similarity_score"].startswith("FLOAT")
    found = details(f"SELECT ‸ FROM ({SIMILAR.format(', top_k=2')})")
    assert found["similarity_result"].startswith("VARCHAR[]")
    means = "FUNCTION compute.groupby_emb_mean OPTIONS(label_col='라벨', emb_col='clip_clipen') AS SELECT * FROM photos"
    found = details(f"SELECT ‸ FROM ({means})")
    assert [name for name in found if found[name].startswith(("VARCHAR", "FLOAT"))][:2] == [
        "라벨",
        "emb_mean_result",
    ]
    assert "price" not in found
    found = details(
        "SELECT ‸ FROM (SEARCH KEYWORD USING clip OPTIONS(text_col='라벨') AS SELECT * FROM photos)"
    )
    assert found["keyword"].startswith("JSON")


def test_a_table_of_a_folder_has_paths_and_vectors():
    found = texts("CREATE TABLE t USING clip FROM 'somewhere';\nSELECT ‸ FROM t")
    assert {"image_path", "clip_clipen"} <= set(found)
