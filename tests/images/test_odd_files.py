"""Each odd file shows the picture that it was written from, or says why it does not."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent / "odd"))
from files import Odd, odd_files

from thanosql_kernel.images.decode import UnreadableImage, open_rgb

FILES = odd_files()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_shows_what_was_written_or_says_why_not(file: Odd) -> None:
    told: list[str] = []
    if file.seen is None:
        with pytest.raises(UnreadableImage) as caught:
            open_rgb(file.data)
        assert file.told in caught.value.reason
        return
    found = np.asarray(open_rgb(file.data, notice=told.append), float)
    assert found.shape == file.seen.shape
    assert np.nanmax(np.abs(found - file.seen)) <= file.tolerance
    assert [file.told in it for it in told] == [True] * bool(file.told)
