"""The documented cells with SEARCH KEYWORD, compute functions and tables of folders run, whatever their generation."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
from documented_cells import documented_cells
from embed_world import PixelEncoder, write_picture

from thanosql_kernel.models import registry

REVIEWS = [
    "The greatest movie of all time: a gun, a car chase and a love story.",
    "Such a romantic movie about two painters in Paris.",
    "가볍게 볼 수 있는 코미디 영화였다. 판타지도 조금 있다.",
]
#: Tables of the documentation, with the columns that its cells name.
TABLES = {
    "movie_review_test": ("review", "sentiment"),
    "movie_review_test_convert": ("review", "sentiment"),
    "nsmc_test": ("document", "label"),
}
MODELS = (
    "movie_text_search_model",
    "nsmc_text_search_model",
    "my_image_search_model",
    "my_mnist_model",
    "mnist_model",
)


@pytest.fixture
def documented(world, monkeypatch):
    """A database with what the documented cells name."""
    encoder = PixelEncoder()
    monkeypatch.setattr(registry, "load", lambda model, **settings: encoder)
    for model in MODELS:
        world.run(f"GET THANOSQL MODEL mini OPTIONS(model_name='{model}')")
    for table, (text, label) in TABLES.items():
        values = ", ".join(f"('{review}', '{number}')" for number, review in enumerate(REVIEWS * 20))
        world.run(f"CREATE TABLE {table} AS SELECT * FROM (VALUES {values}) AS t({text}, {label})")
        model = MODELS[table == "nsmc_test"]
        options = f"text_col='{text}', result_col='convert_result', table_name='{table}'"
        world.run(f"CONVERT USING {model} OPTIONS({options}) AS SELECT * FROM {table}")
    for number in range(4):
        write_picture(world.folder / "tutorial_data" / "mnist_data" / "test" / f"{number}.jpg", number)
    options = "result_col='convert_result', table_name='mnist_train_test'"
    world.run("COPY mnist_train_test FROM 'tutorial_data/mnist_data/test'")
    rows = "SELECT *, width % 2 AS label FROM mnist_train_test"
    world.run(f"CONVERT USING my_mnist_model OPTIONS({options}) AS {rows}")
    return world


def cells_with(*words):
    found = [
        cell for cell in documented_cells() if all(re.search(word, cell, re.IGNORECASE) for word in words)
    ]
    return [re.sub(r"\w+_sbert(en|ko)_similarity1", _similarity_of(cell), cell) for cell in found]


def _similarity_of(cell):
    """What the column of similarities is called here: one cell gives it a name, and then calls it by another."""
    model = next((model for model in MODELS if model in cell), "")
    return "search_result" if '"search_result"' in cell else f"{model}_clipmini_similarity1"


def test_every_documented_search_for_keywords_runs(documented):
    cells = cells_with("SEARCH KEYWORD")
    assert len(cells) == 18
    for cell in cells:
        result = documented.run(cell)[-1]
        names = result.rows.column_names
        assert "keyword" in names or {"keywords", "score"} <= set(names)


def test_every_documented_computation_runs(documented):
    cells = cells_with(r"FUNCTION compute\.")
    assert len(cells) == 3
    for cell in cells:
        documented.run(cell)


def test_the_documented_table_of_a_folder_is_made(documented):
    cells = [cell for cell in cells_with("CREATE TABLE mnist_embds") if "tutorial_data" in cell]
    assert len(cells) == 2
    for cell in cells:
        documented.run("DROP TABLE IF EXISTS mnist_embds")
        documented.run(cell)
        assert documented.rows("SELECT count(*) AS n FROM mnist_embds") == [{"n": 4}]
