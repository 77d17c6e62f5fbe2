"""The small deterministic model of the engine's tests under the name ``mini``: a vector tells what it was made from."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
from embed_world import PixelEncoder, watch_model, write_picture

__all__ = ["DIFFERS_BY", "put_in_place", "vector_of", "write_picture"]

DIFFERS_BY = 1e-5
"""Products of matrices of other heights round differently; other values' vectors differ by about 1."""


def put_in_place() -> None:
    """Let this process load it for ``mini``, and write what it embedded many times a second."""
    from thanosql_kernel.engine.embed import embedding

    watch_model("pixels", lambda watched: None)
    embedding.FLUSH_AFTER_S = 0.02


@cache
def vector_of(value: str, folder: Path) -> np.ndarray:
    """The vector (dim,) of a text, or of the picture that a relative path names."""
    encoder = PixelEncoder()
    if not value.endswith(".png"):
        return np.asarray(encoder.encode_texts([value])[0])
    from thanosql_kernel.images.decode import open_rgb

    picture = open_rgb(folder / value, min_side=encoder.preprocess.size)
    return np.asarray(encoder.encode_images(encoder.preprocess(picture)[None])[0])
