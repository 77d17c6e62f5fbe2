"""One CONVERT over odd files of all kinds: right pixels reach the model, or the row stays NULL with a reason."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "images" / "odd"))
from embed_world import SIDE, PixelEncoder
from files import Odd, odd_files

from thanosql_kernel.engine.embed import values
from thanosql_kernel.engine.session import Session
from thanosql_kernel.models import registry
from thanosql_kernel.statements.results import Result

LEAST_FILES, LEAST_KINDS = 150, 40
#: Colours are converted when the picture has the model's size: beside colours that sRGB lacks that is not the same.
CONVERTED, SHRUNK_FIRST = ("profile", "ProPhoto", "P3", "Adobe", "iCCP"), 30


class SeeingEncoder(PixelEncoder):
    """An encoder whose vectors are the pixels, and one number that undoes their common length."""

    dim = 3 * SIDE * SIDE + 1

    def encode_images(self, batch: np.ndarray) -> np.ndarray:
        pixels = self._levels(batch).reshape(len(batch), -1)
        vectors = np.concatenate([pixels, np.full((len(batch), 1), 255.0)], axis=1)
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    @staticmethod
    def _levels(batch: np.ndarray) -> np.ndarray:
        return (batch * 0.5 + 0.5) * 255


def seen_in(vector: list[float]) -> np.ndarray:
    """Levels (3, 8, 8) that the model saw."""
    pixels = np.array(vector[:-1]) / vector[-1] * 255
    return pixels.reshape(3, SIDE, SIDE)


def wanted(file: Odd) -> np.ndarray:
    """Levels (3, 8, 8) that it should have seen."""
    assert file.seen is not None
    picture = Image.fromarray(np.rint(np.nan_to_num(file.seen, nan=128)).astype(np.uint8))
    encoder = PixelEncoder()
    return SeeingEncoder._levels(encoder.preprocess(picture))


def test_odd_files_in_one_convert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = odd_files()
    assert len(files) >= LEAST_FILES
    assert len({file.kind for file in files}) >= LEAST_KINDS
    names = [f"{number:03d}.{file.kind}" for number, file in enumerate(files)]
    for name, file in zip(names, files, strict=True):
        (tmp_path / name).write_bytes(file.data)
    monkeypatch.setattr(registry, "load", lambda model, **settings: SeeingEncoder())
    monkeypatch.setattr(values, "FEW", len(files))
    session = Session(tmp_path / "db", working_folder=tmp_path)
    session.database.tables.store.append("photos", pa.table({"image_path": names}))
    results: list[Result] = []
    session.run("CONVERT USING mini AS SELECT * FROM photos", emit=results.append)
    notices = "\n".join(results[-1].notices)
    rows = session.database.tables.store.snapshot("photos").to_table().to_pylist()
    vectors = {row["image_path"]: row["mini_clipmini"] for row in rows}
    session.close()
    for name, file in zip(names, files, strict=True):
        if file.told or file.seen is None:
            assert f"{name}: {file.told}" in notices, file.name
        else:
            assert name not in notices, file.name
        if file.seen is None:
            assert vectors[name] is None, file.name
        else:
            there = slice(0, SIDE // 2 if np.isnan(file.seen).any() else SIDE)
            difference = np.abs(seen_in(vectors[name]) - wanted(file))[:, there]
            is_converted = any(word in file.name for word in CONVERTED)
            assert difference.max() <= file.tolerance + (SHRUNK_FIRST if is_converted else 1), file.name
            assert difference.mean() <= file.tolerance + 1, file.name
