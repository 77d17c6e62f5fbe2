"""The right second of the right film is found: cut together from many scenes, turned, at uneven rates."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
from hunts import rounds
from made_films import drawn, steady, uneven, write_film

from thanosql_kernel.engine.session import Session

LENGTH_S = 60.0


def film_of(folder: Path, seed: int) -> list[tuple[float, float, int]]:
    """Write a film; start, end and number of each of its scenes."""
    random = np.random.default_rng(seed)
    lengths = random.uniform(1.5, 8.0, 60)
    lengths = lengths[: int(np.searchsorted(np.cumsum(lengths), LENGTH_S)) + 1]
    lengths[-1] -= lengths.sum() - LENGTH_S
    kept = [(length, 100 * seed + at) for at, length in enumerate(lengths.tolist()) if length > 0.05]
    scenes = [(length, drawn(number, 224, 168)) for length, number in kept]
    turned, ending = [0, 90, 180, 270][seed % 4], [".mp4", ".mkv", ".mov"][seed % 3]
    turned = turned if ending != ".mkv" else 0
    frames = steady(scenes, 8) if seed % 2 else uneven(scenes, seed, 0.05, 0.3)
    write_film(folder / f"{seed:02}{ending}", frames, turned=turned, gop=[12, 48, 240][seed % 3])
    starts = np.concatenate([[0.0], np.cumsum([length for length, _ in kept])]).tolist()
    return [(start, stop, number) for start, stop, (_, number) in zip(starts, starts[1:], kept, strict=False)]


@pytest.mark.hunt
@pytest.mark.parametrize("options", ["interval=1", "scenes=True"])
def test_the_second_is_found_in_films_of_a_minute(tmp_path: Path, options: str) -> None:
    """With the embedded model; what is looked for is one of the pictures that a film was drawn from."""
    count = rounds(3, 20)
    films = {seed: film_of(tmp_path / "films", seed) for seed in range(count)}
    with closing(Session(tmp_path / "db", working_folder=tmp_path)) as session:
        session.run("COPY films FROM 'films'", emit=lambda result: None)
        session.run(
            f"CONVERT USING mini OPTIONS(video_col='video_path', table_name='films', {options}) AS SELECT * FROM films",
            emit=lambda result: None,
        )
        for seed, scenes in films.items():
            long = [scene for scene in scenes if scene[1] - scene[0] > 2.2]
            start, stop, number = long[(7 * seed + 3) % len(long)]
            drawn(number, 224, 168).save(tmp_path / "wanted.png")
            results = []
            session.run(
                "SEARCH VIDEO image='wanted.png' USING mini OPTIONS(result_col='s') AS SELECT * FROM films",
                emit=results.append,
            )
            best = results[0].rows.to_pylist()[0]
            assert best["video_path"].startswith(f"films/{seed:02}"), seed
            assert start - 0.01 <= best["s_second"] < stop, (seed, start, stop, best["s_second"])
