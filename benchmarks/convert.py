"""CONVERT against the loop that one writes oneself: open, resize, run the same model, picture by picture.

    python benchmarks/convert.py [pictures] [width]

Pictures are made on the spot: JPEGs with the detail of photos, 1,600 pixels wide unless said otherwise.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image, ImageOps

from thanosql_kernel.catalog import Model
from thanosql_kernel.engine.session import Session
from thanosql_kernel.models import registry


def write_pictures(folder: Path, count: int, width: int) -> list[str]:
    folder.mkdir()
    names = []
    for number in range(count):
        rng = np.random.default_rng(number)
        coarse = Image.fromarray(rng.integers(0, 256, (20, 30, 3), dtype=np.uint8))
        picture = np.asarray(coarse.resize((width, width * 2 // 3), Image.Resampling.BICUBIC), dtype=np.int16)
        grain = rng.integers(-12, 13, picture.shape, dtype=np.int16)
        path = folder / f"{number:05}.jpg"
        Image.fromarray((picture + grain).clip(0, 255).astype(np.uint8)).save(path, quality=88)
        names.append(str(path))
    return names


def plain_loop(names: list[str], encoder) -> np.ndarray:
    vectors = []
    for name in names:
        with Image.open(name) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
        vectors.append(encoder.encode_images(encoder.preprocess(picture)[None])[0])
    return np.stack(vectors)


def timed(label: str, count: int, work) -> float:
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    print(f"  {count / seconds:8.1f} pictures/s  {label} ({seconds:.1f} s)")
    return seconds


def main(count: int = 300, width: int = 1600) -> None:
    encoder = registry.load(Model("mini", "mini"), notice=print)
    encoder.warm()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        names = write_pictures(folder / "pictures", count, width)
        session = Session(folder / "db", working_folder=folder)
        session.database.tables.store.append("t", pa.table({"image_path": names}))
        cell = "CONVERT USING mini OPTIONS(image_col='image_path') AS SELECT * FROM t"

        def convert() -> None:
            session.run(cell, emit=lambda result: None)

        print(f"{count} JPEGs of {width} x {width * 2 // 3}")
        reference: list[np.ndarray] = []
        plain_s = timed("plain loop", count, lambda: reference.append(plain_loop(names, encoder)))
        first_s = timed("CONVERT", count, convert)
        again_s = timed("CONVERT again", count, convert)
        print(f"  CONVERT is {plain_s / first_s:.1f} x the loop, the second time {plain_s / again_s:.0f} x")
        rows = session.database.table("t").fetch(["mini_clipmini"]).column(0).to_pylist()
        likeness = (np.array(rows, np.float32) * reference[0]).sum(axis=1)
        print(f"  cosine between the two ways: least {likeness.min():.4f}, median {np.median(likeness):.4f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
