"""Some hundreds of random changes; ``python -m tests.differential`` makes 5,000."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.differential.comparing_changes import Outcomes, differences


@pytest.mark.parametrize("seed", range(1))
def test_random_changes_of_used_databases_leave_what_duckdb_leaves(tmp_path: Path, seed: int) -> None:
    outcomes = Outcomes()
    assert not list(differences(tmp_path, seed, 50, outcomes))
    assert outcomes["run by both"] > 35
