"""Photos end to end: COPY the folder, CONVERT, SEARCH, PRINT, each timed, in a database of their own.

    python benchmarks/photos.py [25000] [--folder DIR] [--model mini] [--memory 1000 5000 20000]

The photos are made on the spot, JPEGs of mixed sizes, and are not counted. ``--memory`` runs the same with each number
of photos and tells the most memory, a process each.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from report import Report, Sample, apart, options

import thanosql_kernel
from thanosql_kernel.machine import available_cores

#: So many are drawn.
PICTURES = 1000
#: Widths, and how many photos of a hundred have them; two are large ones of 12 megapixels.
SIZES = ((320, 20), (640, 48), (1024, 20), (1600, 10), (4032, 2))
SEARCH = (
    "SEARCH IMAGE USING {model} OPTIONS(search_by='text', search_input='a red bicycle by the sea', "
    "emb_col='vector', result_col='similarity', top_k=10) AS SELECT * FROM photos"
)
BEST = "SELECT image_path, similarity FROM ({search}) ORDER BY similarity DESC LIMIT 10"


def write_photos(folder: Path, count: int) -> None:
    """So many photos in folders of a thousand, those that are missing.

    `PICTURES` of them are drawn; the others are these under another comment, so that no two files hold the same bytes
    and each is decoded and embedded.
    """

    def draw(number: int) -> None:
        if not (path := place(folder, number)).exists():
            picture(number).save(path, quality=80)

    for number in range(0, count, 1000):
        place(folder, number).parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(available_cores()) as pool:
        for _ in pool.map(draw, range(min(count, PICTURES))):
            pass
    for number in range(PICTURES, count):
        if not (path := place(folder, number)).exists():
            path.write_bytes(with_comment(place(folder, number % PICTURES).read_bytes(), f"{number}"))


def place(folder: Path, number: int) -> Path:
    """Where a photo is."""
    return folder / f"{number // 1000:03}" / f"사진_{number:06}.jpg"


def with_comment(jpeg: bytes, text: str) -> bytes:
    """A JPEG with a comment segment behind its first marker."""
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2) + text.encode() + jpeg[2:]


def picture(number: int) -> Image.Image:
    """A picture like no other: soft colours and a few shapes, with the detail of a photo."""
    rng = np.random.default_rng(number)
    of_hundred = number * 37 % 100
    width = next(size for size, upto in _upto() if of_hundred < upto)
    height = int(width * rng.choice([0.66, 0.75, 1.0, 1.33]))
    coarse = Image.fromarray(
        rng.integers(0, 256, (int(rng.integers(3, 24)), int(rng.integers(3, 24)), 3), np.uint8)
    )
    soft = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), np.uint8).copy()
    for _ in range(int(rng.integers(1, 6))):
        top, left = rng.integers(0, height), rng.integers(0, width)
        soft[top : top + height // 4, left : left + width // 5] = rng.integers(0, 256, 3)
    soft[::2] += rng.integers(0, 9, (len(soft[::2]), width, 1), np.uint8).clip(max=9)
    return Image.fromarray(soft)


def _upto() -> Iterator[tuple[int, int]]:
    total = 0
    for size, share in SIZES:
        total += share
        yield size, total


def run(folder: str, photos: str, model: str) -> None:
    """Every step; prints what each took as JSON."""
    times: dict[str, float] = {}

    @contextmanager
    def step(name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        times[name] = time.perf_counter() - started

    with thanosql_kernel.connect(f"{folder}/db", working_folder=folder, progress=False) as connection:
        with step("COPY the folder"):
            connection.sql(f"COPY photos FROM '{photos}'")
        with step("CONVERT"):
            connection.sql(
                f"CONVERT USING {model} OPTIONS(image_col='image_path', result_col='vector') "
                "AS SELECT * FROM photos"
            )
        count = len(connection.sql("SELECT image_path FROM photos WHERE vector IS NOT NULL"))
        search = SEARCH.format(model=model)
        with step("SEARCH, the first"):
            found = connection.sql(search)
        with step("SEARCH, again"):
            connection.sql(search.replace("red", "blue"))
        with step("PRINT the ten best"):
            connection.sql(
                f"PRINT IMAGE OPTIONS(image_col='image_path') AS SELECT image_path FROM ({search})"
            )
        with step("CONVERT, nothing new"):
            connection.sql(
                f"CONVERT USING {model} OPTIONS(image_col='image_path', result_col='vector') "
                "AS SELECT * FROM photos"
            )
        best = len(found)
    Path(folder, "times.json").write_text(json.dumps({"times": times, "count": count, "best": best}))


def measured(photos: Path, count: int, model: str) -> tuple[dict[str, float], int]:
    """What the steps took (s), and the most memory of the process (bytes).

    Raises:
        RuntimeError: A step failed, or did not do its work.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        _, peak = apart(run, folder, str(photos), model)
        found = json.loads(Path(folder, "times.json").read_text())
    if found["count"] != count or found["best"] != 10:
        raise RuntimeError(f"{found['count']} of {count} photos have a vector, {found['best']} were found")
    return found["times"], peak


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("count", type=int, nargs="?", help="how many photos (25,000)")
    parser.add_argument("--memory", type=int, nargs="*", help="numbers of photos for the most memory")
    parser.add_argument("--model", default="mini")
    parser.add_argument("--folder", type=Path, help="where photos are kept for another time")
    given = parser.parse_args()
    count = given.count or (60 if given.quick else 25_000)
    sizes = given.memory if given.memory is not None else ([20, 60] if given.quick else [1000, 5000, 20_000])
    report = Report("photos, end to end", markdown=given.markdown)
    root = given.folder or Path(tempfile.mkdtemp())
    try:
        steps(root, count, given.model, report)
        memory(root, sizes, given.model, report)
    finally:
        if given.folder is None:
            shutil.rmtree(root, ignore_errors=True)


def steps(root: Path, count: int, model: str, report: Report) -> None:
    """All steps with so many photos."""
    photos = made(root, count, report)
    times, peak = measured(photos, count, model)
    for name, seconds in times.items():
        rate = f"{count / seconds:,.0f} photos/s" if name in ("COPY the folder", "CONVERT") else ""
        report.add(f"{name}, {count:,} photos, {model}", str(Sample((seconds,))), note=rate)
    report.add(f"all of it, {count:,} photos", str(Sample((sum(times.values()),))))
    report.add(f"most memory, {count:,} photos", str(Sample((peak,), "B")))


def memory(root: Path, sizes: list[int], model: str, report: Report) -> None:
    """The most memory with few photos and with many."""
    peaks = []
    for count in sizes:
        peaks.append(measured(made(root, count, report), count, model)[1])
        note = f"{peaks[-1] / peaks[0] - 1:+.1%} of that with {sizes[0]:,}" if len(peaks) > 1 else ""
        report.add(f"most memory, {count:,} photos of mixed sizes", str(Sample((peaks[-1],), "B")), note=note)


def made(root: Path, count: int, report: Report) -> Path:
    """A folder with so many photos: links to those that are there."""
    every, folder = root / "every", root / f"of {count}"
    report.say(f"making {count:,} photos")
    write_photos(every, count)
    for number in range(count):
        if not (link := place(folder, number)).exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.hardlink_to(place(every, number))
    return folder


if __name__ == "__main__":
    main()
