"""How long a notebook waits for completion, from the request to the reply, over the wire.

``python benchmarks/kernel_completion.py`` asks a real kernel for completions after every key of a few statements, on
an empty database and on one of 200 tables of 50 columns, while the kernel is idle, while a SELECT runs, and while a
CONVERT runs. It prints median and 95th percentile in milliseconds and the ratio to the empty database, and fails
beyond 50 ms or three times the empty database.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from live_kernel_client import Client, kernel

LIMIT_MS, LIMIT_RATIO = 50.0, 3.0
TABLES, COLUMNS = 200, 50
TYPED = (
    "SELECT column_07, t.column_12 FROM table_150 t WHERE t.column_3 > 1 ORDER BY col",
    "CONVERT USING mini OPTIONS(image_col='image_path', table_name='table_1') AS SELECT * FROM tab",
    "SELECT mini_clipmini_similarity1 FROM (SEARCH IMAGE text='고양이' USING mini AS SELECT * FROM table_9) s WHERE s.",
    "PRINT IMAGE OPTIONS(image_col='column_0', limit=5) AS SELECT * FROM (SELECT column_1 FROM table_99 WHERE c",
)
WORK = {
    "idle": "",
    "while a SELECT runs": "SELECT sum(sqrt(a.range * b.range)) FROM range(3000000) a, range(3000000) b",
    "while a CONVERT runs": "CONVERT USING mini AS SELECT * FROM photos",
}


def make_photos(folder: Path) -> None:
    """Pictures that keep a CONVERT busy for minutes: what follows a PNG's end is another file, but not decoded."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (6000, 4000), "teal").save(buffer, "PNG")
    for number in range(400):
        (folder / f"{number}.png").write_bytes(buffer.getvalue() + str(number).encode())


def make_tables(client: Client, tables: int) -> None:
    """Tables of `COLUMNS` columns each."""
    columns = ", ".join(f"{number} AS column_{number}" for number in range(COLUMNS))
    for first in range(0, tables, 20):
        names = range(first, min(first + 20, tables))
        client.run("".join(f"CREATE TABLE table_{name} AS SELECT {columns};\n" for name in names))


def typing_ms(client: Client, text: str, work: str) -> list[float]:
    """Times after each key of a text, in milliseconds, with a cell running meanwhile if ``work`` is one."""
    cell = client.start(work, until_output=work.startswith("CONVERT")) if work else ""
    times = [client.completion_ms(text[:end]) for end in range(1, len(text) + 1)]
    if work:
        client.interrupt(cell)
    return times


@contextlib.contextmanager
def database(tables: int) -> Iterator[Client]:
    """A kernel over a database of that many tables and one of photos."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "photos").mkdir()
        make_photos(folder / "photos")
        with kernel(folder) as client:
            make_tables(client, tables)
            client.run("COPY photos FROM 'photos'")
            client.run("CONVERT USING mini AS SELECT * FROM photos LIMIT 1")
            yield client


def measure(rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """Times for each kind of work, on the empty and on the full database by turns, so that both meet the same load."""
    times: dict[str, tuple[list[float], list[float]]] = {kind: ([], []) for kind in WORK}
    with database(0) as empty, database(TABLES) as full:
        for kind, work in WORK.items():
            for text in TYPED * rounds:
                for client, found in zip((empty, full), times[kind], strict=True):
                    found += typing_ms(client, text, work)
    return times


def main() -> int:
    """Print the table; 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2, help="how often each text is typed (default 2)")
    rounds = parser.parse_args().rounds
    times = measure(rounds)
    asked = sum(map(len, TYPED)) * rounds
    print(
        f"{asked} completions each, in ms; an empty database and one of {TABLES} tables x {COLUMNS} columns"
    )
    print(f"{'':<24}{'empty p50':>10}{'p95':>8}{'full p50':>10}{'p95':>8}{'max':>8}{'ratio of p95':>14}")
    bad = False
    for kind, (empty, full) in times.items():
        (e50, e95), (f50, f95) = _cuts(empty), _cuts(full)
        row = (e50, e95, f50, f95, max(full), f95 / e95)
        print("{:<24}{:>10.1f}{:>8.1f}{:>10.1f}{:>8.1f}{:>8.1f}{:>14.2f}".format(kind, *row))
        bad = bad or f95 > LIMIT_MS or f95 / e95 > LIMIT_RATIO
    return int(bad)


def _cuts(times: list[float]) -> tuple[float, float]:
    cuts = quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[94]


if __name__ == "__main__":
    sys.exit(main())
