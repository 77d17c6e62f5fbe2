import pytest

from thanosql_kernel.catalog import Model, Similarity
from thanosql_kernel.models.spec import (
    CLIP_TEXT,
    MINI_IMAGE,
    MINI_TEXT,
    SPECS,
    UNKNOWN_SCALE,
    builtin_models,
    find_source,
    find_spec,
    scale_of,
    spec_of,
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


def test_a_repository_that_a_spec_names_is_that_spec():
    assert find_source("google/siglip2-base-patch32-256") is SPECS["siglip2"]
    assert find_source("owner/name") is None


def test_those_who_search_in_korean_are_told_what_finds_most():
    measured = {name: spec.korean for name, spec in SPECS.items() if spec.korean is not None}
    assert max(measured, key=lambda name: measured[name]) == "siglip2_so400m"
    assert measured["siglip2"] > 60 > measured["clip"]
    assert all(spec.choose for spec in SPECS.values())


def test_the_embedded_model_stands_in_for_clip_alone():
    assert {name for name, spec in SPECS.items() if spec.stands_in} == {"clip", "clip_multilingual"}


def test_a_model_of_the_user_s_own_is_as_its_files_are():
    own = spec_of(Model("m", "own", repo="owner/name"))
    assert (own.base, own.dim) == ("emb", 0)
    assert spec_of(Model("m", "a kind of the future")) is own


def test_a_new_database_has_the_model_of_the_original_tutorial():
    assert builtin_models()["tutorial_search_clip"] == "clip"
    assert SPECS["clip"].base == "clipen"


def test_the_keys_are_the_names():
    assert all(key == spec.name for key, spec in SPECS.items())


SCALES = [it for spec in SPECS.values() for it in (spec.text_scale, spec.image_scale)]


@pytest.mark.parametrize("scale", [it for it in SCALES if it is not UNKNOWN_SCALE])
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
        (Similarity("siglip2", "image", "text"), UNKNOWN_SCALE),
        (Similarity("owner/name", "image", "text"), UNKNOWN_SCALE),
        (Similarity("a model of the future", "image", "text"), UNKNOWN_SCALE),
        (None, UNKNOWN_SCALE),
    ],
)
def test_the_weights_and_what_they_compare_have_a_scale(similarity, scale):
    found = scale_of(similarity)
    assert (found.empty, found.full) == (scale.empty, scale.full)
    assert bool(found.explained()) == (scale is not UNKNOWN_SCALE)
