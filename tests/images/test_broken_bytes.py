"""Files of every kind with bytes changed, cut or swapped become pictures or reasons, and nothing else."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent / "odd"))
from broken import broken, one_of_each_kind
from files import Odd

from thanosql_kernel.images.decode import UnreadableImage, open_rgb

VERSIONS = 12


@pytest.mark.parametrize("file", one_of_each_kind(), ids=lambda file: file.kind)
def test_broken_bytes_become_a_picture_or_a_reason(file: Odd) -> None:
    noise = np.random.default_rng(len(file.data))
    for _ in range(VERSIONS):
        data = broken(file.data, noise)
        with contextlib.suppress(UnreadableImage):
            assert open_rgb(data, min_side=8).mode == "RGB"
