"""Databases in object storage: every statement, workers, and writers on machines that share no lock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("moto", reason="moto is not installed: pip install 'moto[server]'")
sys.path.insert(0, str(Path(__file__).parent))
from object_storage import ObjectStorage
from shared_table import Counted, Shared

from thanosql_kernel.catalog.location import Location
from thanosql_kernel.engine.embed import key_index
from thanosql_kernel.engine.embed.cache import CachedVectors
from thanosql_kernel.engine.embed.digests import digest_texts, unpack
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.maintenance import Maintenance, TendedTables
from thanosql_kernel.models import registry

pytestmark = pytest.mark.e2e
DIM = 4


@pytest.fixture(scope="module")
def storage() -> Iterator[ObjectStorage]:
    storage = ObjectStorage()
    yield storage
    storage.close()


@pytest.fixture
def bucket(
    storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> str:
    """The address of a bucket of the test's own."""
    for name, value in {**storage.environment, "XDG_STATE_HOME": str(tmp_path / "state")}.items():
        monkeypatch.setenv(name, value)
    return storage.make_bucket(f"bucket-{abs(hash(request.node.nodeid))}")


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Counted:
    encoder = Counted()
    monkeypatch.setattr(registry, "load", lambda model, **settings: encoder)
    return encoder


def test_statements_do_there_what_they_do_in_a_folder(bucket: str, tmp_path: Path, encoder: Counted) -> None:
    (tmp_path / "x.csv").write_text("id,글\n1,고양이\n2,강아지\n3,새\n", "utf-8")
    cells = [
        "COPY 글 FROM 'x.csv'",
        "CONVERT USING mini OPTIONS(text_col='글', result_col='v') AS SELECT * FROM 글",
        "INSERT INTO 글 (id, 글) VALUES (4, '토끼')",
        "UPDATE 글 SET 글 = '큰 강아지' WHERE id = 2",
        "DELETE FROM 글 WHERE id = 3",
        "CONVERT USING mini OPTIONS(text_col='글', result_col='v') AS SELECT * FROM 글",
        "ALTER TABLE 글 ADD COLUMN n INTEGER",
        "ALTER TABLE 글 RENAME TO 이름",
        "CREATE VIEW 보기 AS SELECT id, 글 FROM 이름",
        "CREATE TABLE few AS SELECT id FROM 이름 WHERE id < 3",
        "VACUUM",
        "DROP TABLE few",
    ]
    found = {}
    for database in (f"{bucket}/db", str(tmp_path / "db")):
        session = Shared(tmp_path, database).session()
        told = [session.told(cell) for cell in cells]
        search = "SEARCH TEXT text='고양이' USING mini OPTIONS(emb_col='v', result_col='s') AS SELECT id, 글, v FROM 이름"
        best = session.rows(f"SELECT * FROM ({search}) ORDER BY s DESC").to_pylist()
        names = [*session.catalog.tables, *session.catalog.views]
        found[database] = (told, best, session.rows("SELECT * FROM 보기 ORDER BY id").to_pylist(), names)
        session.close()
    there, here = found.values()
    assert there == here
    assert there[1][0]["id"] == 1
    session = Shared(tmp_path, f"{bucket}/db").session()
    assert session.rows("SELECT id FROM 이름 ORDER BY id").column(0).to_pylist() == [1, 2, 4]
    session.close()


def test_shards_there_leave_nothing_to_embed_and_the_same_bytes(
    bucket: str, tmp_path: Path, encoder: Counted
) -> None:
    there, here = Shared(tmp_path, f"{bucket}/db"), Shared(tmp_path)
    there.make()
    here.make()
    for number in (1, 2, 3):
        status, _ = there.worker("path", "--shard", f"{number}/3")
        assert status == 0
    assert set(encoder.seen.values()) == {1}
    vectors, told = there.vectors("path")
    assert set(encoder.seen.values()) == {1}
    assert told[0].startswith("0 ")
    assert vectors == here.vectors("path")[0]


def test_writers_that_share_no_lock_lose_nothing(bucket: str, tmp_path: Path) -> None:
    def write(machine: int) -> None:
        store = Store(Location(f"{bucket}/db", tmp_path / f"machine{machine}"))
        vectors = CachedVectors(TendedTables(store, Maintenance(store)), "_thanosql_embeddings_x", DIM, "f")
        for commit in range(4):
            texts = [f"{machine} {commit} {number}" for number in range(10)]
            vectors.append(digest_texts(texts), np.full((10, DIM), machine, np.float32))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, range(3)))
    store = Store(Location(f"{bucket}/db", tmp_path / "reader"))
    rows = store.open("_thanosql_embeddings_x").to_table().to_pylist()
    wanted = {
        f"{machine} {commit} {number}" for machine in range(3) for commit in range(4) for number in range(10)
    }
    assert len(rows) == len(wanted)
    assert {row["content"] for row in rows} == set(unpack(digest_texts(sorted(wanted))))


def test_an_index_of_its_keys_is_kept_on_this_machine(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_index, "SCANNED_ROWS", 50)
    store = Store(Location(f"{bucket}/db", tmp_path / "internal"))
    vectors = CachedVectors(TendedTables(store, Maintenance(store)), "_thanosql_embeddings_x", DIM, "f")
    keys = digest_texts([str(number) for number in range(100)])
    vectors.append(keys, np.arange(100 * DIM, dtype=np.float32).reshape(100, DIM))
    assert (vectors.locate(keys).offsets == np.arange(100)).all()
    assert len(list((tmp_path / "internal" / "keys" / vectors.name).glob(f"*{key_index.SUFFIX}"))) == 1
    assert (vectors.locate(digest_texts(["100"])).offsets == -1).all()
