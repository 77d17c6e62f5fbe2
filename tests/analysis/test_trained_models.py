"""What an editor knows of BUILD MODEL before it has run."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import at_caret, catalog

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.models.bases import BASES

BUILT = "BUILD MODEL s USING SimCLR AS SELECT * FROM photos;\nBUILD MODEL c USING ConvNeXt_Tiny OPTIONS(label_col='price') AS SELECT * FROM photos;\n"


def texts(text):
    document, offset = at_caret(text, catalog())
    return [item.text for item in complete(document, offset)]


def test_bases_are_offered_and_models_to_train_on():
    found = texts("BUILD MODEL m USING ‸")
    assert {base.name for base in BASES.values()} <= set(found)
    assert "mini" in found


def test_models_that_were_trained_are_offered_to_go_on_from():
    assert texts(f"{BUILT}FIT MODEL m USING ‸")[:2] == ["s", "c"] or set(
        texts(f"{BUILT}FIT MODEL m USING ‸")[:2]
    ) == {"s", "c"}


def test_columns_of_a_model_that_is_not_built_yet_are_offered():
    assert "s_simclr" in texts(f"{BUILT}SELECT s_‸ FROM (CONVERT USING s AS SELECT * FROM photos)")
    assert "predict_result" in texts(f"{BUILT}SELECT pred‸ FROM (PREDICT USING c AS SELECT * FROM photos)")


def test_columns_of_numbers_are_offered_as_labels():
    found = texts("BUILD MODEL m USING ConvNeXt_Tiny OPTIONS(label_col='‸') AS SELECT * FROM photos")
    assert {"라벨", "price"} <= set(found)
    assert "clip_clipen" not in found


def test_models_below_are_offered():
    found = texts(f"{BUILT}BUILD MODEL m USING SimCLR OPTIONS(vectors_of='‸') AS SELECT * FROM photos")
    assert {"clip", "mini"} <= set(found)
    assert not {"s", "c"} & set(found)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("CONVERT USING s‸ AS SELECT * FROM photos", "SimCLR, trained here on vectors of"),
        ("PREDICT USING c‸ AS SELECT * FROM photos", "PREDICT gives rows the label that fits best"),
        ("BUILD MODEL m USING SimC‸LR AS SELECT * FROM photos", "pictures by pictures"),
        ("BUILD MODEL m USING min‸i AS SELECT * FROM photos", "mini"),
    ],
)
def test_hover_says_what_a_model_is(cell, says):
    document, offset = at_caret(BUILT + cell, catalog())
    found = hover(document, offset)
    assert found is not None
    assert says in found.plain
