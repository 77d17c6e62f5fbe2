"""Csv files in random dialects and encodings hold what was written into them; `random_tables` finds more."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from random_tables import wrong


def test_every_text_comes_out_as_it_was_written(tmp_path):
    assert wrong(40, 7, tmp_path) == []
