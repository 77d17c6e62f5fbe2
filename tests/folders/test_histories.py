"""A few random histories of folders; ``python -m tests.folders`` lives through as many as one likes."""

from pathlib import Path

import pytest

from tests.folders.histories import History, use_small_model
from thanosql_kernel.engine.embed import embedding
from thanosql_kernel.models import registry


@pytest.mark.parametrize("seed", [117, 217, 1040, 1047])
def test_rows_follow_their_files_through_a_random_history(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "load", registry.load)
    monkeypatch.setattr(embedding, "FLUSH_AFTER_S", embedding.FLUSH_AFTER_S)
    use_small_model()
    History(tmp_path, seed).run(rounds=3)
