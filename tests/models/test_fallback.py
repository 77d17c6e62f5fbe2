import sys

import pytest

from thanosql_kernel import packages
from thanosql_kernel.catalog import Model
from thanosql_kernel.errors import DataError, ModelError
from thanosql_kernel.models import hub, registry

CLIP = Model("tutorial_search_clip", "clip")
MINI = Model("mini", "mini")


@pytest.fixture(autouse=True)
def fresh_session(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub-home"))
    monkeypatch.setattr(hub, "_probe", lambda repo: hub.OUT_OF_REACH)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    registry.forget()
    yield
    registry.forget()


def test_mini_stands_in_under_its_own_name():
    encoder = registry.load(CLIP, notice=lambda text: None)
    assert encoder is registry.load(MINI, notice=lambda text: None)
    assert encoder.name == "mini"
    assert encoder.fingerprint


def test_every_load_says_in_one_line_that_mini_stands_in_and_what_to_do():
    told: list[str] = []
    for _ in range(2):
        registry.load(CLIP, notice=told.append)
    assert told == 2 * [
        "tutorial_search_clip: CLIP's weights are not on this machine and the hub cannot be reached, "
        "so the embedded model mini stands in; to use CLIP: connect to the internet and run "
        "GET THANOSQL MODEL clip, then CONVERT again"
    ]


def test_the_notice_names_the_switch_that_forbids_the_network(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    told: list[str] = []
    registry.load(Model("m", "clip_multilingual"), notice=told.append)
    assert len(told) == 1
    assert "multilingual CLIP's weights" in told[0]
    assert "unset HF_HUB_OFFLINE" in told[0]
    assert "GET THANOSQL MODEL clip_multilingual" in told[0]


def test_identify_names_mini_too():
    told: list[str] = []
    weights = registry.identify(CLIP, notice=told.append)
    encoder = registry.load(MINI, notice=told.append)
    assert (weights.name, weights.fingerprint) == ("mini", encoder.fingerprint)
    assert len(told) == 1


def test_the_stand_in_does_not_count_as_weights_at_hand():
    assert not registry.weights_at_hand(CLIP)
    assert registry.weights_at_hand(MINI)


def test_mini_is_loaded_without_a_notice():
    registry.load(MINI, notice=lambda text: pytest.fail(text))


def test_a_stand_in_can_be_forbidden(monkeypatch):
    monkeypatch.setenv("THANOSQL_FALLBACK", "error")
    for call in (registry.load, registry.identify):
        with pytest.raises(ModelError, match="tutorial_search_clip") as caught:
            call(CLIP, notice=lambda text: pytest.fail(text))
        assert caught.value.code == "TS400"
        assert "GET THANOSQL MODEL clip" in caught.value.hint
        assert "THANOSQL_CLIP" in caught.value.hint


def test_weights_that_arrive_later_are_used_at_once(clip_folder, monkeypatch):
    assert registry.load(CLIP, notice=lambda text: None).name == "mini"
    monkeypatch.setenv("THANOSQL_CLIP", str(clip_folder))
    assert registry.load(CLIP, notice=lambda text: pytest.fail(text)).name == "clip"


@pytest.fixture
def without_torch(monkeypatch):
    """As where `pip install .` has brought no PyTorch."""
    monkeypatch.setitem(sys.modules, "torch", None)


def test_mini_stands_in_where_clip_is_not_installed_and_the_notice_has_the_command(without_torch):
    told: list[str] = []
    assert registry.load(CLIP, notice=told.append).name == "mini"
    assert told == [
        "tutorial_search_clip: CLIP needs packages that are not installed (torch), so the embedded model "
        f"mini stands in; to use CLIP: run {packages.clip_command()} in a terminal, "
        "then CONVERT again"
    ]


def test_weights_that_nothing_can_run_are_not_at_hand(clip_folder, monkeypatch, without_torch):
    monkeypatch.setenv("THANOSQL_CLIP", str(clip_folder))
    assert not registry.weights_at_hand(CLIP)
    assert registry.weights_at_hand(MINI)


def test_a_configured_folder_that_nothing_can_run_is_an_error_never_a_stand_in(
    clip_folder, monkeypatch, without_torch
):
    monkeypatch.setenv("THANOSQL_CLIP", str(clip_folder))
    for call in (registry.load, registry.identify):
        with pytest.raises(registry.MissingPackages) as caught:
            call(CLIP, notice=lambda text: pytest.fail(text))
        assert caught.value.code == "TS400"


def test_weights_that_nothing_can_run_are_not_fetched(without_torch, monkeypatch):
    monkeypatch.setattr(hub, "fetch", lambda *_, **__: pytest.fail("fetched"))
    with pytest.raises(registry.MissingPackages) as caught:
        registry.download(CLIP)
    assert packages.clip_command() in caught.value.hint


def test_a_stand_in_for_what_is_not_installed_can_be_forbidden(without_torch, monkeypatch):
    monkeypatch.setenv("THANOSQL_FALLBACK", "error")
    with pytest.raises(ModelError) as caught:
        registry.load(CLIP, notice=lambda text: pytest.fail(text))
    assert caught.value.code == "TS400"
    assert packages.clip_command() in caught.value.hint
    assert "THANOSQL_CLIP" not in caught.value.hint


SIGLIP2 = Model("m", "siglip2")
OF_THE_HUB = Model("mine", "own", repo="owner/name")


@pytest.mark.parametrize(("model", "asked"), [(SIGLIP2, "siglip2"), (OF_THE_HUB, "'owner/name' AS mine")])
def test_nothing_stands_in_for_a_model_that_was_chosen(model, asked):
    for call in (registry.load, registry.identify):
        with pytest.raises(DataError) as caught:
            call(model, notice=lambda text: pytest.fail(text))
        assert caught.value.code == "TS502"
        assert f"GET THANOSQL MODEL {asked}" in caught.value.hint
    assert not registry.may_stand_in(model)


def test_a_model_that_was_chosen_is_not_stood_in_for_where_nothing_can_run_it(without_torch):
    with pytest.raises(registry.MissingPackages) as caught:
        registry.load(SIGLIP2, notice=lambda text: pytest.fail(text))
    assert "SigLIP 2 needs packages" in caught.value.message
