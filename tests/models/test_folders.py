import json
import shutil
from pathlib import Path

import pytest

from thanosql_kernel.errors import ModelError, ThanoSQLError, Unsupported
from thanosql_kernel.models.folders import inspect_folder
from thanosql_kernel.models.registry import validate_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a CLIP folder; the weights are not looked at here."""
    part = tmp_path / "내 모델" / "0_CLIPModel"
    part.mkdir(parents=True)
    for name in ("model.safetensors", "vocab.json", "merges.txt"):
        (part / name).write_bytes(b"x")
    (part / "config.json").write_text('{"model_type": "clip"}')
    (part / "preprocessor_config.json").write_text("{}")
    kind = "sentence_transformers.models.CLIPModel"
    (part.parent / "modules.json").write_text(json.dumps([{"path": "0_CLIPModel", "type": kind}]))
    return part.parent


def refusal(folder: Path) -> ThanoSQLError:
    with pytest.raises(ThanoSQLError) as caught:
        validate_folder(folder)
    assert caught.value.hint
    return caught.value


def test_a_clip_folder_is_accepted(folder):
    assert validate_folder(folder) == folder.resolve()
    assert inspect_folder(folder).sees_images


def test_a_plain_transformers_folder_is_accepted(folder):
    (folder / "modules.json").unlink()
    assert inspect_folder(folder / "0_CLIPModel").model_type == "clip"


@pytest.mark.parametrize(
    "name", ["config.json", "model.safetensors", "merges.txt", "preprocessor_config.json"]
)
def test_a_folder_that_lacks_a_file_is_refused(folder, name):
    (folder / "0_CLIPModel" / name).unlink()
    assert refusal(folder).code == "TS400"


def test_a_weight_file_that_is_a_dead_link_counts_as_missing(folder):
    weights = folder / "0_CLIPModel" / "model.safetensors"
    weights.unlink()
    weights.symlink_to(folder / "nowhere")
    assert "model.safetensors" in refusal(folder).message


def test_a_missing_folder_is_refused(tmp_path):
    error = refusal(tmp_path / "없음")
    assert isinstance(error, ModelError)
    assert "없음" in error.message


@pytest.mark.parametrize("suffix", ["bin", "pt", "pkl"])
@pytest.mark.parametrize("place", [".", "0_CLIPModel"])
def test_a_pickle_is_refused_even_beside_safetensors(folder, place, suffix):
    (folder / place / f"weights.{suffix}").write_bytes(b"x")
    error = refusal(folder)
    assert (error.code, type(error)) == ("TS601", Unsupported)
    assert f"weights.{suffix}" in error.message


def test_weights_that_are_a_pickle_only_are_refused_wherever_the_folder_comes_from(folder):
    (folder / "0_CLIPModel" / "model.safetensors").rename(folder / "0_CLIPModel" / "pytorch_model.bin")
    with pytest.raises(Unsupported, match="pickle"):
        inspect_folder(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", "preprocessor_config.json"])
def test_a_configuration_that_names_code_is_refused(folder, name):
    config = {"model_type": "clip", "auto_map": {"AutoModel": "evil.Model"}}
    (folder / "0_CLIPModel" / name).write_text(json.dumps(config))
    assert refusal(folder).code == "TS601"


def test_a_python_file_is_refused(folder):
    (folder / "0_CLIPModel" / "modeling.py").write_text("print('hello')")
    assert refusal(folder).code == "TS601"


def test_a_module_outside_sentence_transformers_is_refused(folder):
    (folder / "modules.json").write_text('[{"path": "0_CLIPModel", "type": "evil.Module"}]')
    assert refusal(folder).code == "TS601"


def test_a_module_outside_the_folder_is_refused(folder):
    outside = shutil.copytree(folder / "0_CLIPModel", folder.parent / "elsewhere")
    kind = "sentence_transformers.models.CLIPModel"
    (folder / "modules.json").write_text(json.dumps([{"path": f"../{outside.name}", "type": kind}]))
    assert "outside" in refusal(folder).message


@pytest.mark.parametrize("content", ["", "{", "[]", "3", '["x"]', '{"a": 1}'])
def test_a_broken_modules_file_is_refused(folder, content):
    (folder / "modules.json").write_text(content)
    assert refusal(folder).code == "TS400"


def test_an_adapter_is_refused(folder):
    (folder / "0_CLIPModel" / "adapter_config.json").write_text("{}")
    assert "adapter" in refusal(folder).message


def test_a_model_that_sees_no_pictures_cannot_be_uploaded(folder):
    (folder / "0_CLIPModel" / "config.json").write_text('{"model_type": "bert"}')
    error = refusal(folder)
    assert error.code == "TS403"
    assert "bert" in error.message
    assert "SigLIP" in error.hint


def test_every_shard_has_to_be_there(folder):
    part = folder / "0_CLIPModel"
    (part / "model.safetensors").unlink()
    weight_map = {"a": "model-1.safetensors", "b": "model-2.safetensors"}
    (part / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    (part / "model-1.safetensors").write_bytes(b"x")
    assert "model-2.safetensors" in refusal(folder).message
    (part / "model-2.safetensors").write_bytes(b"x")
    assert [file.name for file in inspect_folder(folder).weights] == [
        "model-1.safetensors",
        "model-2.safetensors",
    ]


@pytest.mark.parametrize("kind", ["siglip2", "embedding_gemma2"])
def test_a_dual_encoder_that_takes_other_shapes_is_refused_with_the_reason(folder, kind):
    (folder / "0_CLIPModel" / "config.json").write_text(json.dumps({"model_type": kind}))
    error = refusal(folder)
    assert (error.code, "shape of their own" in error.message) == ("TS403", True)


def test_what_feeds_a_siglip_decides_its_vectors(folder):
    part = folder / "0_CLIPModel"
    for name in ("tokenizer_config.json", "sentence_bert_config.json"):
        (part / name).write_text("{}")
        assert part / name not in inspect_folder(folder).files
    (part / "config.json").write_text('{"model_type": "siglip"}')
    names = {file.name for file in inspect_folder(folder).files}
    assert {"tokenizer_config.json", "sentence_bert_config.json"} <= names
