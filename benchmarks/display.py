"""What results cost in a notebook: the first page of a million rows, and grids of pictures.

    python benchmarks/display.py [rows]

Prints the median time to run a SELECT and make its output, the rows that were fetched for it, and for grids and contact
sheets of 1 to 100 pictures their size in the notebook. The pictures are drawn here: noise and shapes, about as large
as thumbnails of photos (4 kB at 160 pixels).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from thanosql_kernel.engine.session import Session
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.statements.results import Result

RUNS = 5
QUERIES = (
    "SELECT * FROM big",
    "SELECT n, name FROM big WHERE n % 2 = 0",
    "SELECT * FROM big ORDER BY n DESC",
    "SELECT name, count(*) AS c FROM big GROUP BY name",
)


def last_result(session: Session, cell: str) -> Result:
    results: list[Result] = []
    session.run(cell, emit=results.append)
    return results[-1]


def median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        started_s = time.perf_counter()
        work()
        times.append(time.perf_counter() - started_s)
    return sorted(times)[RUNS // 2] * 1000


def draw_photos(folder: Path, count: int) -> None:
    rng = np.random.default_rng(0)
    for number in range(count):
        small = Image.fromarray(rng.integers(0, 255, (24, 32, 3), np.uint8))
        photo = small.resize((1280, 960), Image.Resampling.BICUBIC)
        draw = ImageDraw.Draw(photo)
        for _ in range(60):
            left, top, right, bottom = rng.integers(0, 1280, 4)
            box = (min(left, right), min(top, bottom), max(left, right), max(top, bottom))
            draw.rectangle(box, outline=tuple(rng.integers(0, 255, 3).tolist()), width=6)
        photo.save(folder / f"{number}.jpg", quality=85)


def measure_tables(session: Session, rows: int) -> None:
    last_result(
        session,
        f"CREATE TABLE big AS SELECT range AS n, 'photo ' || range AS name, range % 7 AS k FROM range({rows})",
    )
    for query in QUERIES:
        first_ms = median_ms(lambda query=query: mime_bundle(last_result(session, query)))
        shown = last_result(session, query).rows.num_rows
        print(f"{rows:>10,} rows  {first_ms:8.0f} ms  {shown} rows fetched  {query}")


def measure_pictures(session: Session, folder: Path) -> None:
    draw_photos(folder, 100)
    rows = "SELECT range || '.jpg' AS image_path, (0.9 - range / 200)::FLOAT AS similarity FROM range({})"
    for form in ("grid", "sheet"):
        for count in (1, 5, 24, 60, 100):
            cell = f"PRINT IMAGE OPTIONS(format='{form}') AS {rows.format(count)}"
            result = last_result(session, cell)
            started_s = time.perf_counter()
            bundle = mime_bundle(result, folder=folder)
            took_ms = (time.perf_counter() - started_s) * 1000
            size = sum(len(part.encode()) for part in bundle.values())
            print(f"{count:>4} pictures  {form:<5}  {size / 1e3:7.0f} kB  {took_ms:6.0f} ms")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        session = Session(folder / "db", working_folder=folder)
        measure_tables(session, rows)
        measure_pictures(session, folder)
        session.close()


if __name__ == "__main__":
    main()
