"""What every test has: English, no network, no weights of the machine it runs on; and small real weights on request."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from tests.unprivileged import ran_in_child
from thanosql_kernel.wording import set_language

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

_SETTINGS = ("THANOSQL_CLIP", "THANOSQL_CLIP_MULTILINGUAL", "THANOSQL_FALLBACK")
_CACHES = ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "SENTENCE_TRANSFORMERS_HOME", "HF_ENDPOINT")


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Tests of permissions are run where these hold."""
    return ran_in_child(pyfuncitem) or None


@pytest.fixture(scope="session", autouse=True)
def no_weights_but_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty hub cache and no hub, for this process and those it starts."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*_SETTINGS, *_CACHES):
            patch.delenv(name, raising=False)
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("hub-home")))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("THANOSQL_LANGUAGE", "en")
        yield


@pytest.fixture
def korean() -> Iterator[None]:
    """Korean is spoken."""
    set_language("ko")
    yield
    set_language("en")


@pytest.fixture(scope="session")
def tiny_clip() -> ModuleType:
    """The module ``tests/tiny_clip.py``: `write_clip`, `write_multilingual_text`."""
    return _module("tiny_clip")


@pytest.fixture(scope="session")
def tiny_dual() -> ModuleType:
    """The module ``tests/tiny_dual.py``: `FAMILIES`."""
    return _module("tiny_dual")


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def clip_folder(tiny_clip: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real, tiny CLIP (512-d, 224 px); read it, do not change it."""
    folder: Path = tiny_clip.write_clip(tmp_path_factory.mktemp("weights") / "clip-ViT-B-32")
    return folder


@pytest.fixture(scope="session")
def multilingual_folder(tiny_clip: ModuleType, clip_folder: Path) -> Path:
    """A folder with both towers of a tiny multilingual CLIP in subfolders; read it, do not change it."""
    tiny_clip.write_multilingual_text(clip_folder.parent / "clip-ViT-B-32-multilingual-v1")
    return clip_folder.parent
