"""The scale of a similarity follows the weights and what was compared, through whatever its column goes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, age, write_picture

from thanosql_kernel.models import registry
from thanosql_kernel.models.spec import CLIP_TEXT, MINI_IMAGE, MINI_TEXT, UNKNOWN_SCALE

TEXT = "SEARCH IMAGE text='a cat' USING mini OPTIONS(result_col='s') AS SELECT * FROM photos"
BOTH = f"SEARCH IMAGE image='p0.png' USING mini OPTIONS(result_col='t') AS SELECT * FROM ({TEXT})"


@pytest.fixture
def photos(world, monkeypatch):
    """The table ``photos``: three pictures and their vectors."""
    encoder = PixelEncoder()
    encoder.name = "mini"
    monkeypatch.setattr(registry, "load", lambda model, **settings: encoder)
    for number in range(3):
        age(write_picture(world.folder / f"p{number}.png", seed=number))
    world.run(
        "CREATE TABLE photos AS SELECT * FROM (VALUES ('p0.png'), ('p1.png'), ('p2.png')) t(image_path)"
    )
    world.run("CONVERT USING mini AS SELECT * FROM photos")
    return world


def scales(world, query):
    """By column: where its bars begin and are full, and whose scale it is."""
    (result,) = world.run(f"PRINT IMAGE AS {query}")
    return {name: (scale.empty, scale.full, scale.model) for name, scale in result.similarities.items()}


def ends(scale, model="mini"):
    return scale.empty, scale.full, model


def test_a_text_and_a_picture_are_compared_on_scales_of_their_own(photos):
    assert scales(photos, BOTH) == {"s": ends(MINI_TEXT), "t": ends(MINI_IMAGE)}


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT image_path, s AS 유사도 FROM ({TEXT})",
        f"SELECT p.image_path, f.s AS 유사도 FROM photos p JOIN ({TEXT}) f USING (image_path)",
        f"WITH found AS ({TEXT}) SELECT image_path, s AS 유사도 FROM found ORDER BY 2 DESC LIMIT 2",
        f"SELECT image_path, s AS 유사도 FROM ({TEXT}) UNION ALL SELECT image_path, s FROM ({TEXT})",
    ],
)
def test_a_query_keeps_it_under_another_name(photos, query):
    assert scales(photos, query) == {"유사도": ends(MINI_TEXT)}


def test_views_results_and_stored_tables_keep_it(photos):
    photos.run(f"CREATE VIEW cats AS {TEXT}")
    assert scales(photos, "SELECT image_path, s FROM cats") == {"s": ends(MINI_TEXT)}
    photos.run(TEXT)
    assert scales(photos, "SELECT image_path, s FROM _") == {"s": ends(MINI_TEXT)}
    photos.run(f"CREATE TABLE best AS SELECT image_path, s FROM ({TEXT})")
    assert scales(photos, "SELECT * FROM best") == {"s": ends(MINI_TEXT)}


def test_a_label_that_fits_has_the_scale_of_texts(photos):
    query = "PREDICT USING mini OPTIONS(labels=['cat', 'dog']) AS SELECT image_path FROM photos"
    assert scales(photos, query) == {"predict_score": ends(MINI_TEXT)}


def test_weights_that_stand_in_bring_their_own_scale(photos):
    photos.run("CONVERT USING clip AS SELECT image_path FROM photos")
    found = scales(
        photos, "SEARCH IMAGE text='a cat' USING clip AS (CONVERT USING clip AS SELECT * FROM photos)"
    )
    assert found == {"clip_clipen_similarity1": ends(MINI_TEXT)}
    assert ends(CLIP_TEXT) != ends(MINI_TEXT)


@pytest.mark.parametrize("changed", ["s * 1", "s / 2", "CAST(random() AS FLOAT)"])
def test_numbers_of_which_nobody_knows_what_they_compare_go_from_0_to_1(photos, changed):
    query = f"SELECT image_path, CAST({changed} AS FLOAT) AS n FROM ({TEXT})"
    assert scales(photos, query) == {"n": ends(UNKNOWN_SCALE, "")}


def test_sides_of_a_union_that_compare_different_things_have_no_scale(photos):
    picture = "SEARCH IMAGE image='p0.png' USING mini OPTIONS(result_col='s') AS SELECT * FROM photos"
    query = f"SELECT image_path, s FROM ({TEXT}) UNION ALL SELECT image_path, s FROM ({picture})"
    assert scales(photos, query) == {"s": ends(UNKNOWN_SCALE, "")}
