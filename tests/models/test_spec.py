import pytest

from thanosql_kernel.catalog import Similarity
from thanosql_kernel.models.spec import (
    CLIP_TEXT,
    MINI_IMAGE,
    MINI_TEXT,
    SPECS,
    UNKNOWN_SCALE,
    builtin_models,
    find_spec,
    scale_of,
)


def test_every_alias_finds_its_spec_in_any_letter_case():
    for spec in SPECS.values():
        for name in (spec.name, *spec.aliases):
            assert find_spec(name) is spec
            assert find_spec(name.upper()) is spec


def test_an_unknown_name_finds_no_spec():
    assert find_spec("clap") is None


def test_names_and_aliases_are_unique():
    names = [name for spec in SPECS.values() for name in (spec.name, *spec.aliases)]
    assert len(names) == len(set(names))


def test_generated_column_suffixes_are_unique():
    assert len({spec.base for spec in SPECS.values()}) == len(SPECS)


def test_a_new_database_has_the_model_of_the_original_tutorial():
    assert builtin_models()["tutorial_search_clip"] == "clip"
    assert SPECS["clip"].base == "clipen"


def test_the_keys_are_the_names():
    assert all(key == spec.name for key, spec in SPECS.items())


@pytest.mark.parametrize(
    "scale", [it for spec in SPECS.values() for it in (spec.text_scale, spec.image_scale)]
)
def test_what_fits_is_higher_on_its_scale_than_what_does_not(scale):
    assert scale.empty < scale.full <= 1.0
    assert scale.others[0] < scale.others[1] <= scale.full
    assert scale.others[0] < scale.fitting[0] < scale.fitting[1] <= scale.full


@pytest.mark.parametrize(
    ("cosine", "share"), [(-0.3, 0.0), (0.2, 0.0), (0.35, 0.5), (0.5, 1.0), (0.9, 1.0), (float("nan"), 0.0)]
)
def test_a_similarity_fills_its_part_of_the_scale(cosine, share):
    assert MINI_TEXT.share(cosine) == pytest.approx(share)


@pytest.mark.parametrize(
    ("similarity", "scale"),
    [
        (Similarity("mini", "image", "text"), MINI_TEXT),
        (Similarity("mini", "text", "image"), MINI_TEXT),
        (Similarity("mini", "image", "image"), MINI_IMAGE),
        (Similarity("clip", "image", "text"), CLIP_TEXT),
        (Similarity("mini", "text", "text"), UNKNOWN_SCALE),
        (Similarity("a model of the future", "image", "text"), UNKNOWN_SCALE),
        (None, UNKNOWN_SCALE),
    ],
)
def test_the_weights_and_what_they_compare_have_a_scale(similarity, scale):
    found = scale_of(similarity)
    assert (found.empty, found.full) == (scale.empty, scale.full)
    assert bool(found.explained()) == (scale is not UNKNOWN_SCALE)
