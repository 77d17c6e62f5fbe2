"""SEARCH's similarities are those of the table as it is, whatever was done to it, by whom, and under which name."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hunts import rounds

sys.path.insert(0, str(Path(__file__).parents[1]))
import embed_world
from embed_world import DIM, PixelEncoder, write_picture

from thanosql_kernel.catalog.location import locate
from thanosql_kernel.engine.relations import beside
from thanosql_kernel.engine.runtime import StatementRuntime
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.names import storage_name
from thanosql_kernel.models import registry

SEARCH = "SEARCH IMAGE text='a cat' USING mini OPTIONS(emb_col='v', result_col='s') AS SELECT * FROM {}"
QUERY = PixelEncoder().encode_texts(["a cat"])[0].astype(np.float64)


@pytest.fixture(autouse=True)
def small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = Session(tmp_path / "db", working_folder=tmp_path)
    yield session
    session.close()


def rows(session: Session, cell: str) -> pa.Table:
    results: list = []
    session.run("SET display.rows = 1000", emit=results.append)
    session.run(cell, emit=results.append)
    return results[-1].rows


def put(session: Session, name: str, table: pa.Table) -> None:
    runtime = StatementRuntime(session.database, session.working_folder)
    runtime.changes.store(name, runtime.rows(table), if_exists="replace")
    runtime.close()


def cosines(table: pa.Table) -> list[float | None]:
    """NumPy's, in double precision."""
    found: list[float | None] = []
    for vector in table.column("v").to_pylist():
        length = np.linalg.norm(np.array(vector, np.float64)) if vector is not None else 0.0
        found.append(
            float(np.array(vector, np.float64) @ QUERY / length / np.linalg.norm(QUERY)) if length else None
        )
    return found


def check(session: Session, folder: Path, name: str) -> None:
    """SEARCH gives the rows that a fresh look at the table gives, and beside each its own similarity."""
    fresh = Store(locate(folder / "db")).open(storage_name(name)).to_table(columns=["id", "v"])
    found = rows(session, f"SELECT * FROM ({SEARCH.format(name)})")
    assert found.column("id").to_pylist() == fresh.column("id").to_pylist()
    expected = cosines(fresh)
    similarities = found.column("s").to_pylist()
    assert [value is None for value in similarities] == [value is None for value in expected]
    np.testing.assert_allclose(
        [value for value in similarities if value is not None],
        [value for value in expected if value is not None],
        atol=2e-6,
    )
    check_shown(session, name, list(zip(found.column("id").to_pylist(), similarities, strict=True)))


def check_shown(session: Session, name: str, unordered: list[tuple[int, float | None]]) -> None:
    """Shown, the same rows come best first, NULLs last, ties in their order; later queries read them so, both ways."""
    wanted = sorted(unordered, key=lambda pair: (pair[1] is None, -(pair[1] or 0.0)))
    for few_rows in (beside._FEW_ROWS, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(beside, "_FEW_ROWS", few_rows)
            shown = rows(session, SEARCH.format(name))
            assert [(row["id"], row["s"]) for row in shown.to_pylist()] == wanted
            again = rows(session, "SELECT id, s FROM _")
            assert [(row["id"], row["s"]) for row in again.to_pylist()] == wanted


# -- a notebook that is run again over other photos ---------------------------------------------------------------------

NOTEBOOK = """DROP TABLE IF EXISTS photos;
COPY photos FROM '{}';
CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM photos;"""
BY_PICTURE = "SEARCH IMAGE image='trip1/p3.png' USING mini OPTIONS(emb_col='v', result_col='s') AS SELECT * FROM photos"


@pytest.fixture
def trips(tmp_path: Path) -> Path:
    for trip in (1, 2):
        for number in range(8):
            write_picture(tmp_path / f"trip{trip}" / f"p{number}.png", seed=100 * trip + number)
    return tmp_path


def similarities(session: Session) -> dict[str, float]:
    found = rows(session, BY_PICTURE)
    return dict(zip(found.column("image_path").to_pylist(), found.column("s").to_pylist(), strict=True))


def check_trip(session: Session, folder: Path, trip: int) -> None:
    encoder, found = PixelEncoder(), similarities(session)
    assert len(found) == 8
    query = encode(encoder, folder / "trip1" / "p3.png")
    for path, similarity in found.items():
        assert f"trip{trip}" in path
        assert similarity == pytest.approx(float(query @ encode(encoder, folder / path)), abs=1e-5)


def encode(encoder: PixelEncoder, path: Path) -> np.ndarray:
    from thanosql_kernel.images.decode import open_rgb

    picture = open_rgb(path, min_side=encoder.preprocess.size)
    return np.asarray(encoder.encode_images(encoder.preprocess(picture)[None])[0])


def test_a_notebook_run_again_searches_the_photos_of_now(session: Session, trips: Path) -> None:
    for trip in (1, 2, 1, 1):
        session.run(NOTEBOOK.format(f"trip{trip}"), emit=lambda result: None)
        check_trip(session, trips, trip)


def test_photos_that_another_process_replaced_are_searched(session: Session, trips: Path) -> None:
    session.run(NOTEBOOK.format("trip1"), emit=lambda result: None)
    check_trip(session, trips, 1)
    command = [sys.executable, embed_world.__file__, str(trips), NOTEBOOK.format("trip2"), "pixels", "1000"]
    subprocess.run(
        command, check=True, capture_output=True, env={**os.environ, "HF_HUB_OFFLINE": "1"}, timeout=120
    )
    check_trip(session, trips, 2)


def test_tables_that_swap_their_names_by_rename(session: Session, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("여름", 2)):
        put(session, name, some_rows(12, seed))
        check(session, tmp_path, name)
    swap = "ALTER TABLE a RENAME TO c; ALTER TABLE 여름 RENAME TO a; ALTER TABLE c RENAME TO 여름"
    for _ in range(2):
        session.run(swap, emit=lambda result: None)
        check(session, tmp_path, "a")
        check(session, tmp_path, "여름")


# -- random histories -----------------------------------------------------------------------------------------------------


def some_rows(count: int, seed: int, first: int = 0) -> pa.Table:
    """Rows of which some have no vector, and one a vector of zeros."""
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((count, DIM)).astype(np.float32)
    matrix[rng.integers(count)] = 0
    mask = pa.array(rng.random(count) < 0.15)
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(matrix.reshape(-1)), DIM, mask=mask)
    return pa.table({"id": pa.array(range(first, first + count), pa.int64()), "v": vectors})


def insert(session: Session, name: str, seed: int) -> None:
    session.run(
        f"INSERT INTO {name} SELECT id, v FROM f",
        emit=lambda result: None,
        frames={"f": some_rows(1 + seed % 3, seed, first=1000 + seed)},
    )


def run(cell: str) -> Callable[[Session, str, int], None]:
    def change(session: Session, name: str, seed: int) -> None:
        session.run(cell.format(t=name, k=2 + seed % 5, r=seed % 2), emit=lambda result: None)

    return change


def swap(session: Session, name: str, seed: int) -> None:
    session.run(
        "ALTER TABLE a RENAME TO c; ALTER TABLE 여름 RENAME TO a; ALTER TABLE c RENAME TO 여름",
        emit=lambda result: None,
    )


def remake(session: Session, name: str, seed: int) -> None:
    session.run(f"DROP TABLE {name}", emit=lambda result: None)
    put(session, name, some_rows(5 + seed % 30, seed))


def replace(session: Session, name: str, seed: int) -> None:
    put(session, name, some_rows(5 + seed % 30, seed))


CHANGES: dict[str, Callable[[Session, str, int], None]] = {
    "insert": insert,
    "delete": run("DELETE FROM {t} WHERE id % {k} = {r}"),
    "delete all": run("DELETE FROM {t}"),
    "other vectors": run("UPDATE {t} SET v = (SELECT v FROM {t} ORDER BY id LIMIT 1) WHERE id % {k} = {r}"),
    "no vectors": run("UPDATE {t} SET v = NULL WHERE id % {k} = {r}"),
    "other numbers": run("UPDATE {t} SET id = id + 1 WHERE id % {k} = {r}"),
    "reverse": run("CREATE OR REPLACE TABLE {t} AS SELECT * FROM {t} ORDER BY id DESC"),
    "column": run("ALTER TABLE {t} ADD COLUMN extra BIGINT; ALTER TABLE {t} DROP COLUMN extra"),
    "rename there and back": run(
        "ALTER TABLE {t} RENAME COLUMN v TO w; ALTER TABLE {t} RENAME COLUMN w TO v"
    ),
    "vacuum": run("VACUUM {t}"),
    "swap": swap,
    "remake": remake,
    "replace": replace,
    "nothing": lambda session, name, seed: None,
}

steps = st.tuples(
    st.sampled_from(sorted(CHANGES)), st.sampled_from(["a", "여름"]), st.integers(0, 10**6), st.booleans()
)


@pytest.mark.hunt
@settings(
    max_examples=rounds(3, 100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=3, max_size=10))
def test_similarities_are_those_of_the_rows_after_any_history(
    history: list[tuple[str, str, int, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, theirs = (Session(folder / "db", working_folder=folder) for _ in range(2))
        for table, seed in (("a", 1), ("여름", 2)):
            put(ours, table, some_rows(15, seed))
            check(ours, folder, table)
        for change, table, seed, is_ours in history:
            CHANGES[change](ours if is_ours else theirs, table, seed)
            for session in (ours, theirs):
                check(session, folder, table)
        for table in ("a", "여름"):
            check(ours, folder, table)
        ours.close()
        theirs.close()
