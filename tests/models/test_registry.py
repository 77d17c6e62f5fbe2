import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from thanosql_kernel.catalog import Model, Weights
from thanosql_kernel.errors import ModelError, Unsupported
from thanosql_kernel.models import registry

CLIP = Model("tutorial_search_clip", "clip")
MULTILINGUAL = Model("m", "clip_multilingual")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def fresh_session(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub-home"))
    registry.forget()
    yield
    registry.forget()


@pytest.fixture
def cached(clip_folder: Path, tmp_path: Path) -> Path:
    """The CLIP folder as a snapshot in the hub cache."""
    repo = tmp_path / "hub-home" / "hub" / "models--sentence-transformers--clip-ViT-B-32"
    return shutil.copytree(clip_folder, repo / "snapshots" / COMMIT)


def no_notice(text: str) -> None:
    pytest.fail(f"unexpected notice: {text}")


def test_importing_the_registry_loads_no_heavy_library():
    heavy = [
        "torch",
        "transformers",
        "sentence_transformers",
        "huggingface_hub",
        "onnxruntime",
        "numpy",
        "platformdirs",
    ]
    program = f"""
import sys
from thanosql_kernel.catalog import Model
from thanosql_kernel.models import registry
registry.weights_at_hand(Model("clip", "clip"))
print([name for name in {heavy} if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_weights_in_the_hub_cache_are_used_and_say_their_commit(cached):
    assert registry.weights_at_hand(CLIP)
    encoder = registry.load(CLIP, notice=no_notice)
    assert (encoder.name, encoder.revision, encoder.dim) == ("clip", COMMIT[:12], 512)


def test_the_older_cache_of_sentence_transformers_is_looked_at_too(cached, tmp_path, monkeypatch):
    repo = cached.parent.parent
    shutil.move(repo, tmp_path / "older" / repo.name)
    assert not registry.weights_at_hand(CLIP)
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "older"))
    assert registry.weights_at_hand(CLIP)


def test_a_folder_from_the_environment_goes_before_the_hub_cache(cached, clip_folder, monkeypatch):
    monkeypatch.setenv("THANOSQL_CLIP", str(clip_folder))
    assert registry.load(CLIP, notice=no_notice).revision == "local"


def test_a_model_s_own_folder_goes_before_the_environment(clip_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("THANOSQL_CLIP", str(tmp_path / "nowhere"))
    assert registry.load(Model("mine", "clip", str(clip_folder)), notice=no_notice).revision == "local"


@pytest.mark.parametrize("variable", ["THANOSQL_CLIP", None])
def test_a_configured_folder_that_is_broken_is_an_error_never_a_stand_in(
    cached, tmp_path, monkeypatch, variable
):
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "없는 폴더"))
    model = CLIP if variable else Model("mine", "clip", str(tmp_path / "없는 폴더"))
    for call in (registry.load, registry.identify):
        with pytest.raises(ModelError, match="없는 폴더") as caught:
            call(model, notice=no_notice)
        assert caught.value.code == "TS400"
    assert not registry.weights_at_hand(model)


def test_a_configured_folder_with_pickles_only_is_refused(clip_folder, tmp_path, monkeypatch):
    folder = shutil.copytree(clip_folder, tmp_path / "pickled")
    weights = folder / "0_CLIPModel" / "model.safetensors"
    weights.rename(weights.with_name("pytorch_model.bin"))
    monkeypatch.setenv("THANOSQL_CLIP", str(folder))
    with pytest.raises(Unsupported) as caught:
        registry.load(CLIP, notice=no_notice)
    assert caught.value.code == "TS601"


def test_a_pickle_beside_safetensors_in_the_hub_cache_is_never_read(cached):
    (cached / "0_CLIPModel" / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")
    assert registry.load(CLIP, notice=no_notice).encode_texts(["cat"]).shape == (1, 512)


def test_identify_says_what_load_gives(cached, clip_folder):
    for model in (CLIP, Model("mine", "clip", str(clip_folder))):
        weights = registry.identify(model, notice=no_notice)
        encoder = registry.load(model, notice=no_notice)
        assert weights == Weights(encoder.name, encoder.revision, encoder.fingerprint)


def test_different_weights_have_different_fingerprints(clip_folder, tiny_clip, tmp_path):
    other = tiny_clip.write_clip(tmp_path / "other", seed=1)
    one, two = (registry.identify(Model("m", "clip", str(f)), notice=no_notice) for f in (clip_folder, other))
    assert one.fingerprint != two.fingerprint
    assert (one.name, one.revision) == (two.name, two.revision)


def test_a_copy_of_the_weights_is_the_same_weights(cached, clip_folder):
    ours = registry.identify(CLIP, notice=no_notice)
    assert (
        registry.identify(Model("m", "clip", str(clip_folder)), notice=no_notice).fingerprint
        == ours.fingerprint
    )


def test_an_encoder_is_loaded_once_whatever_the_model_is_called(cached):
    assert registry.load(CLIP, notice=no_notice) is registry.load(Model("clip", "clip"), notice=no_notice)


def test_threads_that_want_the_same_encoder_share_one_load(cached, monkeypatch):
    loads = []
    real = registry._load_dual

    def counted(*arguments):
        loads.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(registry, "_load_dual", counted)
    got = []
    threads = [
        threading.Thread(target=lambda: got.append(registry.load(CLIP, notice=no_notice))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert len({id(encoder) for encoder in got}) == 1
    assert len(got) == 4


def test_weights_replaced_in_their_folder_are_loaded_anew(clip_folder, tiny_clip, tmp_path):
    folder = shutil.copytree(clip_folder, tmp_path / "mine")
    model = Model("mine", "clip", str(folder))
    before = registry.load(model, notice=no_notice)
    other = tiny_clip.write_clip(tmp_path / "other", seed=1)
    shutil.copy(other / "0_CLIPModel" / "model.safetensors", folder / "0_CLIPModel" / "model.safetensors")
    after = registry.load(model, notice=no_notice)
    assert after.fingerprint != before.fingerprint
    assert not np.allclose(after.encode_texts(["cat"]), before.encode_texts(["cat"]))


def test_multilingual_towers_lie_side_by_side_in_the_configured_folder(multilingual_folder, monkeypatch):
    monkeypatch.setenv("THANOSQL_CLIP_MULTILINGUAL", str(multilingual_folder))
    encoder = registry.load(MULTILINGUAL, notice=no_notice)
    assert (encoder.name, encoder.dim) == ("clip_multilingual", 512)
    assert encoder.encode_texts(["고양이"]).shape == (1, 512)


def test_a_multilingual_text_tower_alone_borrows_clip_s_image_tower(multilingual_folder, cached, monkeypatch):
    monkeypatch.setenv(
        "THANOSQL_CLIP_MULTILINGUAL", str(multilingual_folder / "clip-ViT-B-32-multilingual-v1")
    )
    assert registry.identify(MULTILINGUAL, notice=no_notice).revision == f"{COMMIT[:12]}+local"


def test_half_of_the_multilingual_weights_is_not_all_of_them(cached):
    assert registry.weights_at_hand(CLIP)
    assert not registry.weights_at_hand(MULTILINGUAL)


def test_a_folder_whose_model_sees_no_pictures_is_not_a_clip(multilingual_folder, monkeypatch):
    monkeypatch.setenv("THANOSQL_CLIP", str(multilingual_folder / "clip-ViT-B-32-multilingual-v1"))
    with pytest.raises(ModelError, match="distilbert"):
        registry.load(CLIP, notice=no_notice)


def test_looking_for_weights_is_cheap_enough_for_a_list(cached):
    import timeit

    seconds = min(timeit.repeat(lambda: registry.weights_at_hand(CLIP), number=10, repeat=3)) / 10
    assert seconds < 0.05


def test_a_home_relative_folder_is_understood(clip_folder, monkeypatch):
    monkeypatch.setenv("HOME", str(clip_folder.parent))
    monkeypatch.setenv("USERPROFILE", str(clip_folder.parent))
    monkeypatch.setenv("THANOSQL_CLIP", os.path.join("~", clip_folder.name))
    assert registry.weights_at_hand(CLIP)


def test_weights_in_the_hub_cache_are_used_under_the_repository_s_name(tiny_dual, tmp_path):
    repo = tmp_path / "hub-home" / "hub" / "models--owner--name"
    tiny_dual.FAMILIES["siglip2"](repo / "snapshots" / COMMIT)
    encoder = registry.load(Model("mine", "own", repo="owner/name"), notice=no_notice)
    assert (encoder.name, encoder.revision, encoder.dim) == ("owner/name", COMMIT[:12], 32)


def test_a_folder_of_another_architecture_than_its_variable_says_is_refused(
    clip_folder, tiny_dual, tmp_path, monkeypatch
):
    monkeypatch.setenv("THANOSQL_SIGLIP2", str(clip_folder))
    with pytest.raises(ModelError, match="holds a CLIP, not SigLIP 2") as caught:
        registry.load(Model("siglip2", "siglip2"), notice=no_notice)
    assert "UPLOAD MODEL" in caught.value.hint
    folder = tiny_dual.FAMILIES["siglip2"](tmp_path / "siglip2")
    monkeypatch.setenv("THANOSQL_SIGLIP2", str(folder))
    assert registry.load(Model("siglip2", "siglip2"), notice=no_notice).name == "siglip2"
