import json
import os
import shutil
from pathlib import Path

import pytest

from thanosql_kernel.models import fingerprint as module
from thanosql_kernel.models.fingerprint import fingerprint
from thanosql_kernel.models.folders import inspect_folder

LONG_AGO_S = 1_600_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    part = tmp_path / "clip"
    part.mkdir()
    (part / "model.safetensors").write_bytes(bytes(1_500_000))
    (part / "tokenizer.json").write_text("{}")
    (part / "preprocessor_config.json").write_text('{"size": 224}')
    (part / "config.json").write_text('{"model_type": "clip", "transformers_version": "4.7.0"}')
    return part


@pytest.fixture(autouse=True)
def kept_digests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "_kept_path", lambda: tmp_path / "kept" / "digests.json")
    monkeypatch.setattr(module, "_memory", {})
    return tmp_path / "kept" / "digests.json"


def of(folder: Path) -> str:
    return fingerprint([inspect_folder(folder)])


@pytest.mark.parametrize(
    "name", ["model.safetensors", "tokenizer.json", "config.json", "preprocessor_config.json"]
)
def test_a_change_that_changes_vectors_changes_the_fingerprint(folder, name):
    before = of(folder)
    changes = {
        "model.safetensors": bytes(1_499_999) + b"\1",
        "tokenizer.json": b'{"a": 1}',
        "config.json": b'{"model_type": "clip", "hidden_act": "gelu"}',
        "preprocessor_config.json": b'{"size": 336}',
    }
    (folder / name).write_bytes(changes[name])
    assert of(folder) != before


def test_saving_with_another_library_version_does_not_change_it(folder):
    before = of(folder)
    config = {"transformers_version": "5.0.0", "model_type": "clip"}
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    (folder / "README.md").write_text("a model card")
    assert of(folder) == before


def test_it_does_not_depend_on_where_the_folder_lies(folder, tmp_path):
    assert of(shutil.copytree(folder, tmp_path / "다른 곳")) == of(folder)


def test_weights_are_hashed_once_for_all_processes(folder, kept_digests, monkeypatch):
    os.utime(folder / "model.safetensors", (LONG_AGO_S, LONG_AGO_S))
    before = of(folder)
    assert str(folder) in kept_digests.read_text()
    monkeypatch.setattr(module, "_memory", {})  # as another process starts
    monkeypatch.setattr(module, "_hash", lambda file: pytest.fail("hashed again"))
    assert of(folder) == before


def test_weights_with_another_time_are_hashed_again(folder):
    os.utime(folder / "model.safetensors", (LONG_AGO_S, LONG_AGO_S))
    before = of(folder)
    (folder / "model.safetensors").write_bytes(bytes(1_499_999) + b"\2")
    os.utime(folder / "model.safetensors", (LONG_AGO_S + 1, LONG_AGO_S + 1))
    assert of(folder) != before


def test_weights_written_just_now_are_not_remembered(folder, kept_digests):
    of(folder)
    assert not kept_digests.exists()


@pytest.mark.parametrize("content", ["", "[]", "{nonsense"])
def test_a_broken_digest_file_is_replaced(folder, kept_digests, content):
    kept_digests.parent.mkdir()
    kept_digests.write_text(content)
    os.utime(folder / "model.safetensors", (LONG_AGO_S, LONG_AGO_S))
    of(folder)
    assert len(json.loads(kept_digests.read_text())) == 1
