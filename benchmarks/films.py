"""What CONVERT of a film takes: memory and time of ten minutes and of two hours, then of searching them.

``python benchmarks/films.py`` makes two small films, converts each in a process of its own at a frame a second, with
the embedded model, and prints the largest memory, the time, and how long SEARCH VIDEO takes the second time.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

MINUTES = (10, 120)
RATE = 4


def make(path: Path, minutes: int) -> None:
    """A film of coloured squares, another one every five seconds."""
    import av

    base = Fraction(1, 1000)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.time_base = 40, base
        for number in range(60 * minutes * RATE):
            squares = np.random.default_rng(number // (5 * RATE)).integers(0, 256, (6, 8, 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(
                np.kron(squares, np.ones((40, 40, 1), np.uint8)), format="rgb24"
            )
            frame.pts, frame.time_base = number * 1000 // RATE, base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def convert(folder: Path) -> None:
    """Convert the films of a folder, search them twice, and say what it took."""
    from thanosql_kernel.engine.session import Session

    session = Session(folder / "db", working_folder=folder)

    def run(cell: str) -> float:
        started = time.perf_counter()
        session.run(cell, emit=lambda result: None)
        return time.perf_counter() - started

    run("COPY films FROM 'films'")
    converting = run(
        "CONVERT USING mini OPTIONS(video_col='video_path', table_name='films') AS SELECT * FROM films"
    )
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    search = "SEARCH VIDEO text='a tent' USING mini AS SELECT * FROM films"
    run(search)
    print(
        f"peak {peak_mb:,.0f} MB, CONVERT {converting:,.1f} s, SEARCH VIDEO {1000 * run(search):,.0f} ms",
        flush=True,
    )


def main() -> None:
    """Both films."""
    for minutes in MINUTES:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "films").mkdir()
            make(Path(folder) / "films" / "film.mp4", minutes)
            print(f"{minutes} minutes: ", end="", flush=True)
            subprocess.run([sys.executable, __file__, folder], check=True)


if __name__ == "__main__":
    convert(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
