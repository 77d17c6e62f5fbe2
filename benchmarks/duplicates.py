"""Near-duplicates: how long all pairs of 100,000 vectors take, and how many copies and bursts of photos are found.

    python benchmarks/duplicates.py [rows]
    python benchmarks/duplicates.py --photos FOLDER [--originals 300] [--others 1000]

Without photos: vectors of 512 numbers, once noise, once as uneven as those of models are, with a tenth of them near to
others and 5,000 equal ones. With a folder of photos: of some of them copies are made (smaller, packed again, cut by
5 %, stripped, brighter or darker, several of these), and frames of bursts, seconds later (zoomed by 10 to 15 %, turned,
exposed otherwise, each with noise and from a little beside, as hands are not a tripod); others stand by, and mirrored
ones, which are no copies. Precision and recall are of pairs of files. ``mini`` makes the vectors.
"""

from __future__ import annotations

import argparse
import io
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from thanosql_kernel.engine.search.leaders import leaders
from thanosql_kernel.engine.search.neighbours import Neighbours
from thanosql_kernel.engine.session import Session
from thanosql_kernel.statements.duplicates import NEAR

DIM, EQUAL = 512, 5000
TAKEN = 36867
"""EXIF 2.32: DateTimeOriginal."""
Change = Callable[[Image.Image, np.random.Generator], Image.Image]
Pair = frozenset[str]


# -- pairs of made vectors -----------------------------------------------------------------------------------
def made(rows: int, decay: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((rows, DIM), dtype=np.float32) * np.geomspace(
        1, decay, DIM, dtype=np.float32
    )
    tenth = rows // 10
    vectors[-tenth:] = vectors[:tenth] + 0.3 * vectors[rng.permutation(rows)[:tenth]]
    equal = rng.permutation(rows - tenth)[: min(EQUAL, rows // 20)]
    vectors[equal] = vectors[equal[0]]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def measure_pairs(rows: int) -> None:
    for name, decay in (("noise", 1.0), ("uneven", 0.02)):
        vectors = made(rows, decay)
        started = time.perf_counter()
        near = Neighbours(vectors, NEAR).have_any()
        looked = time.perf_counter()
        owner = leaders(Neighbours(vectors[near], NEAR), lambda pairs: 1 - pairs.cosine)
        done = time.perf_counter()
        groups = np.unique(owner, return_counts=True)[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{rows:,} vectors, {name}: which have a neighbour {looked - started:.1f} s ({near.sum():,}), groups "
            f"{done - looked:.1f} s ({(groups > 1).sum():,}, the largest of {groups.max():,}), peak {peak:,.0f} MB"
        )


# -- copies, bursts and others of photos -----------------------------------------------------------------------
def cut(picture: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    """So much of the width and of the height gone, from any sides."""
    width, height = picture.size
    off_x, off_y = round(width * share), round(height * share)
    left, top = int(rng.integers(0, off_x + 1)), int(rng.integers(0, off_y + 1))
    return picture.crop((left, top, width - off_x + left, height - off_y + top))


def packed(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def smaller(picture: Image.Image, factor: float) -> Image.Image:
    size = (round(picture.width * factor), round(picture.height * factor))
    return picture.resize(size, Image.Resampling.LANCZOS)


def brighter(picture: Image.Image, factor: float) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(factor)


def turned(picture: Image.Image, most: float, rng: np.random.Generator) -> Image.Image:
    """Seen from a little beside: each corner comes from up to so much further within."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    inner = corners + (1 - 2 * corners) * rng.uniform(0, most, (4, 2))
    size = np.array(picture.size)
    rows, right = [], []
    for (x, y), (u, v) in zip(corners * size, inner * size, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    numbers = tuple(np.linalg.solve(np.array(rows, float), np.array(right)))
    return picture.transform(picture.size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC)


def noisy(picture: Image.Image, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    pixels = np.asarray(picture.resize(size, Image.Resampling.BICUBIC), np.float32)
    return Image.fromarray(np.clip(pixels + rng.normal(0, 6, pixels.shape), 0, 255).astype(np.uint8))


COPIES: dict[str, Change] = {
    "smaller": lambda it, rng: smaller(it, rng.uniform(0.3, 0.8)),
    "packed": lambda it, rng: packed(it, int(rng.integers(25, 60))),
    "cut": lambda it, rng: cut(it, 0.05, rng),
    "stripped": lambda it, rng: packed(it, 88),
    "brighter": lambda it, rng: brighter(it, rng.choice([rng.uniform(0.85, 0.95), rng.uniform(1.05, 1.15)])),
    "several": lambda it, rng: packed(smaller(brighter(cut(it, 0.05, rng), rng.uniform(0.9, 1.1)), 0.5), 50),
}
FRAMES: dict[str, Change] = {
    "zoomed": lambda it, rng: noisy(turned(cut(it, rng.uniform(0.1, 0.15), rng), 0.04, rng), it.size, rng),
    "turned": lambda it, rng: noisy(turned(it, 0.1, rng), it.size, rng),
    "exposed": lambda it, rng: noisy(
        brighter(turned(cut(it, 0.1, rng), 0.04, rng), rng.uniform(0.75, 1.3)), it.size, rng
    ),
}
ENDINGS = {"cut": ".png", "stripped": ".webp"}


def write(photos: list[Path], others: list[Path], folder: Path) -> None:
    """Files called by their photo and by what was done to it."""
    rng = np.random.default_rng(0)
    for number, path in enumerate(photos):
        picture = Image.open(path).convert("RGB")
        moment = datetime(2024, 1, 1) + timedelta(minutes=number)
        save(picture, folder / f"{number} original.jpg", moment)
        for kind, change in COPIES.items():
            change(picture, rng).save(folder / f"{number} {kind}{ENDINGS.get(kind, '.jpg')}", quality=90)
        for later, (kind, change) in enumerate(FRAMES.items(), 1):
            save(change(picture, rng), folder / f"{number} {kind}.jpg", moment + timedelta(seconds=later))
        ImageOps.mirror(picture).save(folder / f"{number} mirrored.jpg", quality=90)
    for number, path in enumerate(others):
        Image.open(path).convert("RGB").save(folder / f"o{number} other.jpg", quality=90)


def save(picture: Image.Image, path: Path, moment: datetime) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[TAKEN] = f"{moment:%Y:%m:%d %H:%M:%S}"
    picture.save(path, quality=92, exif=exif)


def pairs_of(rows: list[dict], column: str) -> set[Pair]:
    """The pairs of files that are in one group."""
    groups = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            groups[row[column]].append(Path(row["image_path"]).stem)
    return {frozenset(pair) for members in groups.values() for pair in combinations(members, 2)}


def true_pairs(originals: int, kinds: list[str]) -> set[Pair]:
    names = [[f"{number} {kind}" for kind in kinds] for number in range(originals)]
    return {frozenset(pair) for those in names for pair in combinations(those, 2)}


def told(name: str, found: set[Pair], right: set[Pair]) -> str:
    both = len(found & right)
    precision, recall = both / max(len(found), 1), both / max(len(right), 1)
    return f"{name}: precision {precision:.4f}, recall {recall:.4f} ({len(found):,} pairs found of {len(right):,})"


def report(rows: list[dict], originals: int, name: str) -> Iterator[str]:
    copies, frames = ["original", *COPIES], list(FRAMES)
    found = pairs_of(rows, "duplicate_group")
    yield told(f"{name}, the same photo", found, true_pairs(originals, copies))
    for kind in COPIES:
        right = true_pairs(originals, ["original", kind])
        yield f"  {kind:9} {len(found & right) / len(right):.4f} of the originals are found with it"
    for kind in (*FRAMES, "mirrored"):
        wrong = {frozenset((f"{at} {kind}", f"{at} {copy}")) for at in range(originals) for copy in copies}
        taken = {min(pair & {f"{at} {kind}" for at in range(originals)}) for pair in found & wrong}
        yield f"  {kind:9} {len(taken) / originals:.4f} are wrongly taken for a copy"
    bursts = {pair for pair in pairs_of(rows, "burst_group") if not any("mirrored" in it for it in pair)}
    yield told(f"{name}, bursts", bursts, true_pairs(originals, [*copies, *frames]))


def measure_photos(folder: Path, originals: int, others: int) -> None:
    paths = sorted(it for it in folder.iterdir() if it.suffix.lower() in (".jpg", ".jpeg", ".png"))
    chosen = np.random.default_rng(1).permutation(len(paths))[: originals + others]
    photos = [paths[at] for at in chosen]
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        (work / "p").mkdir()
        write(photos[:originals], photos[originals:], work / "p")
        session = Session(work / "db", working_folder=work)
        results: list = []
        session.run("COPY photos FROM 'p'; CONVERT USING mini AS SELECT * FROM photos", emit=results.append)
        session.run("SET display.rows = 1000000", emit=results.append)
        for name, query in (
            ("with times", "SELECT * FROM photos"),
            ("without times", "SELECT * EXCLUDE taken_at, NULL::TIMESTAMP AS taken_at FROM photos"),
        ):
            started = time.perf_counter()
            session.run(
                f"SELECT image_path, duplicate_group, burst_group FROM (FUNCTION compute.duplicates AS {query})",
                emit=results.append,
            )
            rows = results[-1].rows.to_pylist()
            print(*report(rows, min(originals, len(photos)), name), sep="\n")
            print(f"  in {time.perf_counter() - started:.1f} s")
        session.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rows", type=int, nargs="?", default=100_000)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--originals", type=int, default=300)
    parser.add_argument("--others", type=int, default=1000)
    chosen = parser.parse_args()
    if chosen.photos is None:
        measure_pairs(chosen.rows)
    else:
        measure_photos(chosen.photos, chosen.originals, chosen.others)


if __name__ == "__main__":
    main()
