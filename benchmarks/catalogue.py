"""What a database with many tables costs a small query: a join of two tables among 10, and among 1,000.

    python benchmarks/catalogue.py [tables]

Prints the medians, measured in turns, and how many times longer the many take.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from thanosql_kernel.engine.session import Session

FEW, MANY, RUNS, TURNS = 10, 1_000, 15, 5
JOIN = "SELECT a.id, a.label, b.size FROM table_3 AS a JOIN table_7 AS b ON a.id = b.id WHERE a.id < 40"


def database(folder: Path, tables: int) -> Session:
    """A session over so many tables of 100 rows."""
    session = Session(folder / f"db{tables}", working_folder=folder)
    rows = pa.table({"id": range(100), "label": ["a"] * 100, "size": [1.5] * 100})
    for number in range(tables):
        session.database.tables.store.create(f"table_{number}", rows.to_reader())
    session.run("LIST TABLE", emit=lambda result: None)
    return session


def join_ms(session: Session) -> float:
    """How long the join takes, shown as a notebook shows it."""
    started = time.perf_counter()
    session.run(JOIN, emit=lambda result: None)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure and print."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory() as folder:
        sessions = {count: database(Path(folder), count) for count in (FEW, many)}
        time.sleep(2.5)  # what changed just now is looked at more closely
        for session in sessions.values():
            join_ms(session)
        times: dict[int, list[float]] = {count: [] for count in sessions}
        for _ in range(TURNS):
            for count, session in sessions.items():
                times[count] += [join_ms(session) for _ in range(RUNS)]
        medians = {count: statistics.median(found) for count, found in times.items()}
        for count, found in medians.items():
            print(f"{count:>6,} tables: join of two {found:6.1f} ms")
        print(f"{medians[many] / medians[FEW]:.2f} times as long")
        for session in sessions.values():
            session.close()


if __name__ == "__main__":
    main()
