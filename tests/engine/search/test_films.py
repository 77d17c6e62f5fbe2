"""SEARCH VIDEO puts the best frame's cosine and second beside each film, on tables that have been used."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[2] / "films"))
from embed_world import PixelEncoder, age
from hunts import rounds
from made_films import drawn, steady, uneven, write_film

from thanosql_kernel.engine.embed.film_cache import FilmFrames
from thanosql_kernel.engine.search.films import NEAR, Scored, near_runs
from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.films.frames import sampled
from thanosql_kernel.films.reading import open_film
from thanosql_kernel.films.sampling import SECOND_US, Sampling
from thanosql_kernel.models import registry


class World:
    """Films in a folder, and a session whose model is small."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = Session(folder / "db", working_folder=folder)
        self.notices: list[str] = []

    def film(self, name: str, seed: int, seconds: int = 9) -> Path:
        scenes = [(1.5, drawn(1000 * seed + number, 64, 48)) for number in range(seconds * 2 // 3)]
        path = self.folder / "films" / name
        return age(write_film(path, steady(scenes, 6) if seed % 2 else uneven(scenes, seed)))

    def run(self, cell: str) -> list[Any]:
        results: list[Any] = []
        self.session.run(cell, emit=results.append)
        self.notices = [notice for result in results for notice in result.notices]
        return results

    def rows(self, cell: str) -> list[dict[str, Any]]:
        return list(self.run(cell)[-1].rows.to_pylist())

    def fail(self, cell: str) -> ThanoSQLError:
        with pytest.raises(ThanoSQLError) as caught:
            self.run(cell)
        return caught.value


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    world = World(tmp_path)
    for number in range(5):
        world.film(f"{number}.mp4", number)
    world.run("COPY films FROM 'films'")
    return world


def vectors_of(path: Path, interval: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Times in seconds and vectors in float64 of the frames of a film, none taken from the engine."""
    encoder = PixelEncoder()
    with open_film(path) as film:
        seen = sampled(film, Sampling.of(interval, False), encoder.preprocess.min_side, lambda us: False)
        found = sorted(
            (it.us, encoder.encode_images(encoder.preprocess(it.picture)[None])[0])
            for it in seen
            if it.picture
        )
    return np.array([us for us, _ in found]) / SECOND_US, np.array(
        [vector for _, vector in found], np.float64
    )


def oracle(path: Path, text: str, interval: float = 1.0) -> tuple[float, float]:
    """The best cosine and its second."""
    times, vectors = vectors_of(path, interval)
    query = PixelEncoder().encode_texts([text])[0].astype(np.float64)
    scores = vectors @ query / np.linalg.norm(vectors, axis=1) / np.linalg.norm(query)
    return float(scores.max()), float(times[int(scores.argmax())])


CONVERT = "CONVERT USING mini OPTIONS(video_col='video_path', table_name='films') AS SELECT * FROM films"
SEARCH = "SEARCH VIDEO text='{}' USING mini AS SELECT * FROM films"
SCORE = "mini_clipmini_similarity1"


def assert_right(
    world: World, rows: list[dict[str, Any]], text: str, interval: float = 1.0, name: str = SCORE
) -> None:
    assert rows
    for row in rows:
        score, second = oracle(world.folder / row["video_path"], text, interval)
        assert row[name] == pytest.approx(score, abs=1e-5)
        assert row[f"{name}_second"] == second


def test_three_statements_find_the_second(world: World) -> None:
    world.run(CONVERT)
    rows = world.rows(SEARCH.format("a tent"))
    assert_right(world, rows, "a tent")
    scores = [row[SCORE] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert len(rows) == 5


def test_the_newer_form(world: World) -> None:
    world.run(
        "CONVERT USING mini OPTIONS(video_col='video_path', result_col='convert_result', interval=0.5) AS SELECT * FROM films"
    )
    rows = world.rows(
        "SEARCH VIDEO USING mini OPTIONS(search_by='text', search_input='a tent', emb_col='convert_result', "
        "result_col='score', top_k=2, table_name='best') AS SELECT * FROM films"
    )
    assert_right(world, rows, "a tent", 0.5, "score")
    assert len(rows) == 2
    assert world.rows("SELECT * FROM best") == rows


def test_several_inputs_and_a_picture(world: World) -> None:
    world.run(CONVERT)
    rows = world.rows("SEARCH VIDEO texts=['x', 'y'] USING mini AS SELECT * FROM films")
    assert_right(world, rows, "x")
    assert_right(world, rows, "y", name="mini_clipmini_similarity2")
    drawn(3002, 64, 48).save(world.folder / "scene.png")
    (best, *_) = world.rows("SEARCH VIDEO image='scene.png' USING mini AS SELECT * FROM films")
    assert best["video_path"] == "films/3.mp4"
    assert 3.0 <= best[f"{SCORE}_second"] < 4.5
    assert best[SCORE] > 0.99


def test_in_queries(world: World) -> None:
    world.run(CONVERT)
    rows = world.rows(
        f"SELECT f.video_path, {SCORE}_second AS s FROM ({SEARCH.format('a')}) AS f WHERE {SCORE}_second >= 0 ORDER BY 1"
    )
    assert [row["video_path"] for row in rows] == [f"films/{number}.mp4" for number in range(5)]
    rows = world.rows(f"SELECT count(*) AS n FROM ({SEARCH.format('a')}) AS f JOIN films USING (video_path)")
    assert rows == [{"n": 5}]
    nested = "SEARCH VIDEO text='a' USING mini AS CONVERT USING mini OPTIONS(video_col='video_path', interval=3) AS SELECT * FROM films"
    assert_right(world, world.rows(nested), "a", 3.0)


def test_tables_that_have_been_used(world: World) -> None:
    """Rows deleted, copied, doubled, renamed, changed; the table dropped and made again, stored and vacuumed."""
    world.run(CONVERT)
    world.run("INSERT INTO films SELECT * FROM films WHERE video_path = 'films/1.mp4'")
    world.run("DELETE FROM films WHERE video_path = 'films/0.mp4'")
    world.run("UPDATE films SET video_path = 'films/2.mp4' WHERE video_path = 'films/4.mp4'")
    assert any("no vector" in notice for notice in world.notices)
    rows = world.rows(SEARCH.format("a"))
    known = [row for row in rows if row[SCORE] is not None]
    assert_right(world, known, "a")
    assert [row["video_path"] for row in rows if row[SCORE] is None] == ["films/2.mp4"]
    world.run(CONVERT)
    assert "0 videos embedded" in world.notices[0]
    assert_right(world, world.rows(SEARCH.format("b")), "b")
    world.run(
        "CREATE TABLE other AS SELECT * FROM films; DROP TABLE films; ALTER TABLE other RENAME TO films; VACUUM"
    )
    assert_right(world, world.rows(SEARCH.format("c")), "c")
    world.run("ALTER TABLE films RENAME COLUMN mini_clipmini TO v")
    assert_right(world, world.rows(SEARCH.format("c")), "c")
    world.run("INSERT INTO films (video_path) VALUES ('films/3.mp4'), (NULL), ('films/none.mp4')")
    rows = world.rows(SEARCH.format("d"))
    assert sum(row[SCORE] is None for row in rows) == 3
    assert any("3 rows have no vector" in notice for notice in world.notices)


def test_a_folder_is_refreshed(world: World) -> None:
    world.run(CONVERT)
    (world.folder / "films" / "0.mp4").unlink()
    world.film("new.mp4", 17)
    (world.folder / "films" / "1.mp4").rename(world.folder / "films" / "renamed.mp4")
    world.film("2.mp4", 33)
    (result,) = world.run("REFRESH films")
    assert "1 added, 1 removed, 1 renamed, 1 changed" in result.text
    assert "2 videos embedded" in world.notices[0]
    rows = world.rows(SEARCH.format("a"))
    assert sorted(row["video_path"] for row in rows) == [
        f"films/{name}.mp4" for name in ("2", "3", "4", "new", "renamed")
    ]
    assert_right(world, rows, "a")


def test_frames_taken_otherwise_do_not_mix(world: World) -> None:
    world.run(CONVERT)
    world.run(
        "CREATE TABLE other AS CONVERT USING mini OPTIONS(video_col='video_path', interval=2) AS SELECT * FROM films"
    )
    error = world.fail("INSERT INTO films SELECT * FROM other")
    assert error.code == "TS401"
    world.run("CONVERT USING mini OPTIONS(video_col='video_path', interval=2) AS SELECT * FROM films")
    world.run("INSERT INTO films SELECT * FROM other")
    assert_right(world, world.rows(SEARCH.format("a")), "a", 2.0)
    world.run(CONVERT)  # keeps what the column has
    assert_right(world, world.rows(SEARCH.format("a")), "a", 2.0)


def test_frames_that_are_gone_are_made_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.run("CONVERT USING clip OPTIONS(video_col='video_path') AS SELECT * FROM films")
    before = world.rows("SEARCH VIDEO text='a' USING clip AS SELECT * FROM films")
    store = world.session.database.tables.store
    for name in [name for name in store.names() if "_video_" in name or "_films_" in name]:
        world.session.database.maintenance.remove(name, Work(world.folder))
    rows = world.rows("SEARCH VIDEO text='a' USING clip AS SELECT * FROM films")
    assert [row["clip_clipen_similarity1"] for row in rows] == [None] * 5
    assert any("5 rows have no vector: run CONVERT USING clip" in notice for notice in world.notices)
    world.run("CONVERT USING clip OPTIONS(video_col='video_path') AS SELECT * FROM films")
    assert "5 videos embedded" in world.notices[0]
    assert world.rows("SEARCH VIDEO text='a' USING clip AS SELECT * FROM films") == before


def test_views_and_plans(world: World) -> None:
    world.run(CONVERT)
    world.run("CREATE VIEW few AS SELECT * FROM films WHERE video_path < 'films/3'")
    rows = world.rows("SEARCH VIDEO text='a' USING mini AS SELECT * FROM few")
    assert len(rows) == 3
    assert_right(world, rows, "a")
    plan = world.run("EXPLAIN SELECT * FROM (SEARCH VIDEO text='a' USING mini AS SELECT * FROM few)")
    assert plan


def test_what_is_no_reference_is_no_film(world: World) -> None:
    world.run(CONVERT)
    reference = world.rows("SELECT mini_clipmini AS v FROM films LIMIT 1")[0]["v"]
    fake = reference[:16] + "0" * 32 + ":9"
    world.run(f"UPDATE films SET mini_clipmini = '{fake}' WHERE video_path = 'films/0.mp4'")
    error = world.fail(SEARCH.format("a"))
    assert error.code in ("TS300", "TS402")


def test_other_columns_are_refused_with_the_statement_to_run(world: World) -> None:
    error = world.fail(SEARCH.format("a"))
    assert error.code == "TS402"
    assert error.hint is not None
    assert "video_col='video_path'" in error.hint
    world.run(CONVERT)
    error = world.fail("SEARCH IMAGE text='a' USING mini AS SELECT * FROM films")
    assert (error.code, error.hint) == ("TS300", "SEARCH VIDEO looks among them")
    error = world.fail(
        "SEARCH VIDEO text='a' USING mini OPTIONS(emb_col='video_path') AS SELECT * FROM films"
    )
    assert error.code == "TS300"
    error = world.fail(
        "SEARCH VIDEO texts=['a', 'b'] USING mini OPTIONS(moments=True) AS SELECT * FROM films"
    )
    assert error.code == "TS104"
    for options in ("interval=0", "interval=0.001", "interval=-1", "interval=100000"):
        assert (
            world.fail(
                f"CONVERT USING mini OPTIONS(video_col='video_path', {options}) AS SELECT * FROM films"
            ).code
            == "TS103"
        )
    assert (
        world.fail(
            "CONVERT USING mini OPTIONS(text_col='video_path', scenes=True) AS SELECT * FROM films"
        ).code
        == "TS104"
    )
    assert (
        world.fail("CONVERT USING mini OPTIONS(video_col='video_path', views=2) AS SELECT * FROM films").code
        == "TS104"
    )


# -- moments -----------------------------------------------------------------------------------------------------
def plain_runs(scores: list[float]) -> list[tuple[int, int]]:
    """The definition, frame by frame."""
    best, mean = max(scores), sum(scores) / len(scores)
    near = [score >= min(best, mean + NEAR * (best - mean)) for score in scores]
    found, start = [], None
    for at, is_near in enumerate([*near, False]):
        if is_near and start is None:
            start = at
        elif not is_near and start is not None:
            found.append((start, at))
            start = None
    return found


@pytest.mark.hunt
def test_moments_are_neighbours_that_are_all_near_the_best() -> None:
    random = np.random.default_rng(5)
    for _ in range(rounds(300, 20_000)):
        count = int(random.integers(1, 30))
        scores = random.choice([random.uniform(-1, 1, count), random.integers(0, 4, count) / 4]).astype(
            np.float32
        )
        assert near_runs(scores) == plain_runs([float(it) for it in scores])


def test_moments_of_a_film() -> None:
    times = np.array([0, 1, 2, 3, 4, 5], dtype=np.int64) * SECOND_US
    film = FilmFrames(b"", times, 6 * SECOND_US + 500_000)
    scores = np.array([[0.1], [0.9], [0.8], [0.1], [0.1], [0.85]], dtype=np.float32)
    moments = Scored([film, None], np.array([0, 1, -1, 0]), [scores, scores[:0]]).moments()
    rounded = [(it.row, round(it.score, 2), it.second, it.start, it.end) for it in moments]
    assert rounded[:2] == [(0, 0.9, 1.0, 1.0, 3.0), (0, 0.85, 5.0, 5.0, 6.5)]
    assert [it.row for it in moments] == [0, 0, 1, 2, 3, 3]
    assert np.isnan(moments[2].score)


def test_moments_in_statements(world: World) -> None:
    world.run(CONVERT)
    world.run("INSERT INTO films (video_path) VALUES (NULL)")
    cell = "SEARCH VIDEO text='a' USING mini OPTIONS(moments=True{}) AS SELECT * FROM films"
    rows = world.rows(f"SELECT * FROM ({cell.format('')})")
    for path in {row["video_path"] for row in rows if row["video_path"]}:
        times, vectors = vectors_of(world.folder / path)
        query = PixelEncoder().encode_texts(["a"])[0].astype(np.float64)
        scores = vectors @ query / np.linalg.norm(vectors, axis=1) / np.linalg.norm(query)
        mine = [row for row in rows if row["video_path"] == path]
        runs = plain_runs([float(it) for it in scores.astype(np.float32)])
        assert [(row[f"{SCORE}_start"], row[f"{SCORE}_second"]) for row in mine] == [
            (times[start], times[start + int(np.argmax(scores[start:stop]))]) for start, stop in runs
        ]
        for row, (start, stop) in zip(mine, runs, strict=True):
            assert row[SCORE] == pytest.approx(scores[start:stop].max(), abs=1e-5)
            assert row[f"{SCORE}_end"] == (times[stop] if stop < len(times) else pytest.approx(9.0, abs=0.4))
    assert [row[SCORE] for row in rows if row["video_path"] is None] == [None]
    best = world.rows(cell.format(", top_k=3"))
    assert [row[SCORE] for row in best] == sorted(
        (row[SCORE] for row in rows if row[SCORE] is not None), reverse=True
    )[:3]


def test_few_films_of_many_are_read_alone_and_score_the_same(world: World) -> None:
    world.run(CONVERT)
    everything = {row["video_path"]: row for row in world.rows(SEARCH.format("a"))}
    (row,) = world.rows(
        "SEARCH VIDEO text='a' USING mini AS SELECT * FROM films WHERE video_path = 'films/3.mp4'"
    )
    assert row == everything["films/3.mp4"]
    world.session.database.searcher.memory.cap_bytes = 0
    for row in world.rows(SEARCH.format("a")):
        assert row == everything[row["video_path"]]
