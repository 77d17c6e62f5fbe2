"""The cells that the old product's documents show."""

import json
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus" / "cells.jsonl"


def documented_cells() -> list[str]:
    """All of them, as they come; skips where they are not at hand."""
    if not CORPUS.exists():
        pytest.skip(
            f"the old product's documented cells are not published: whoever has them puts them at {CORPUS}"
        )
    return [json.loads(line)["cell"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]
