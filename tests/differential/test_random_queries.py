"""Some hundreds of random queries; ``python -m tests.differential`` runs 20,000."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.differential.comparing import differences


@pytest.mark.parametrize("seed", range(1))
def test_random_queries_over_used_databases_give_what_duckdb_gives(tmp_path: Path, seed: int) -> None:
    assert not list(differences(tmp_path, seed, 60))
