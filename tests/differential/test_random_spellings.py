"""Some random conditions over paths; ``python -m tests.differential.random_spellings`` runs 1,000."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.differential.random_spellings import differences
from thanosql_kernel.duck import look_alikes


@pytest.mark.parametrize("seed", [1])
def test_paths_are_found_however_they_are_spelt_and_typed(tmp_path: Path, seed: int) -> None:
    assert list(differences(tmp_path, seed, 40)) == []


def test_the_comparison_would_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_alikes, "compared_alike", lambda *_: [])
    assert list(differences(tmp_path, 1, 6)) != []
