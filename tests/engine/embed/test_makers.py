"""The vectors that deleted models have made go from the cache with VACUUM, and nobody else's."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, write_picture

from thanosql_kernel.catalog import Weights
from thanosql_kernel.engine.session import Session
from thanosql_kernel.models import registry

CONVERT = "CONVERT USING {} OPTIONS(result_col='v_{}') AS SELECT * FROM 사진"


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A table with three pictures; models whose weights are what the first letter of their folder says."""
    encoders = {letter: PixelEncoder(seed=ord(letter)) for letter in "abm"}

    def encoder(model, **given):
        return encoders[Path(model.folder or "m").name[0]]

    def identify(model, **given):
        found = encoder(model)
        return Weights(found.name, found.revision, found.fingerprint)

    monkeypatch.setattr(registry, "load", encoder)
    monkeypatch.setattr(registry, "identify", identify)
    monkeypatch.setattr(registry, "weights_at_hand", lambda model: True)
    monkeypatch.setattr(registry, "validate_folder", lambda folder: None)
    for folder in "ab":
        (tmp_path / folder).mkdir()
    names = [str(write_picture(tmp_path / f"{n}.png", n)) for n in range(3)]
    session = Session(tmp_path / "db", working_folder=tmp_path)
    session.database.tables.store.append("photos", pa.table({"image_path": names}))
    run(session, "CREATE TABLE 사진 AS SELECT * FROM photos")
    yield session
    session.close()


def run(session: Session, cell: str) -> str:
    told: list[str] = []
    session.run(cell, emit=lambda result: told.extend([getattr(result, "text", ""), *result.notices]))
    return "\n".join(told)


def caches(session: Session) -> int:
    return sum(name.startswith("_thanosql_embeddings") for name in session.database.tables.store.names())


def test_vectors_of_a_deleted_model_go_and_those_of_others_stay(session: Session) -> None:
    run(session, "UPLOAD MODEL 하나 FROM 'a'; UPLOAD MODEL 둘 FROM 'b'")
    run(session, CONVERT.format("하나", "one"))
    run(session, CONVERT.format("둘", "two"))
    run(session, "VACUUM")
    assert caches(session) == 2
    run(session, "DELETE MODEL 하나")
    assert caches(session) == 2
    assert "freed" in run(session, "VACUUM")
    assert caches(session) == 1
    assert "0 pictures embedded" in run(session, CONVERT.format("둘", "three"))


def test_vectors_stay_as_long_as_another_model_has_the_same_weights(session: Session) -> None:
    run(session, "UPLOAD MODEL 하나 FROM 'a'; UPLOAD MODEL 같은것 FROM 'a'")
    run(session, CONVERT.format("하나", "one"))
    run(session, "DELETE MODEL 하나; VACUUM")
    assert caches(session) == 1
    assert "0 pictures embedded" in run(session, CONVERT.format("같은것", "two"))


def test_vectors_of_a_model_that_came_back_stay(session: Session) -> None:
    run(session, "UPLOAD MODEL 하나 FROM 'a'")
    run(session, CONVERT.format("하나", "one"))
    run(session, "DELETE MODEL 하나; UPLOAD MODEL 하나 FROM 'a'; VACUUM")
    assert caches(session) == 1


def test_a_model_that_is_replaced_leaves_nothing(session: Session) -> None:
    run(session, "UPLOAD MODEL 하나 FROM 'a'")
    run(session, CONVERT.format("하나", "one"))
    run(session, "UPLOAD MODEL 하나 OPTIONS(overwrite=True) FROM 'b'; VACUUM")
    assert caches(session) == 0
    assert session.database.table("사진").count() == 3
