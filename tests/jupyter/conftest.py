"""Photos for the tests of outputs."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def photos(tmp_path):
    """A folder with noisy photos: noise is what JPEG compresses worst."""
    noise = np.random.default_rng(1)
    for number in range(4):
        pixels = noise.integers(0, 255, (480, 640, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"사진 {number}.jpg")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not really")
    return tmp_path


@pytest.fixture
def noisy(tmp_path):
    """Photos with as much detail in their thumbnails as JPEG can hold."""
    noise = np.random.default_rng(2)
    for number in range(4):
        pixels = Image.fromarray(noise.integers(0, 255, (60, 80, 3), np.uint8))
        pixels.resize((320, 240), Image.Resampling.NEAREST).save(tmp_path / f"{number}.jpg")
    return tmp_path


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home and an environment where Jupyter knows no kernels but those that a test installs."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTER_PREFER_ENV_PATH"):
        monkeypatch.delenv(name, raising=False)
    environment = tmp_path / "env"
    environment.mkdir()
    monkeypatch.setattr("sys.prefix", str(environment))
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [str(environment / "share" / "jupyter")])
    monkeypatch.setattr("jupyter_core.paths.ENV_CONFIG_PATH", [str(environment / "etc" / "jupyter")])
    for name in ("SYSTEM_JUPYTER_PATH", "SYSTEM_CONFIG_PATH"):
        monkeypatch.setattr(f"jupyter_core.paths.{name}", [])
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)
    return tmp_path
