"""CONVERT against what one writes oneself with sentence-transformers, and against what the processor can.

    python benchmarks/convert.py [--markdown] [--quick] [--turns N] [--only 640 4000 model mini]

The model has the shapes of CLIP ViT-B/32 and random weights, which cost what trained ones do; how well its 8-bit
vectors agree says nothing of trained weights. Pictures are made on the spot: JPEGs with the detail of photos,
640 x 480 and 4,000 x 3,000. All ways of one comparison run in turns, each time over the same files:

- ``SentenceTransformer.encode`` as its documentation has it: a list of opened pictures, default settings;
- the same behind a pool of threads that decode with Pillow's ``draft``;
- CONVERT into a new database: with default settings, in float32 or bfloat16, whatever the processor is best at; and on
  8-bit integers, with the model in memory as it is for the others.

The bound is the matrix products of the image tower alone, as many and as large, in the same numbers.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image
from report import Report, Sample, in_turns, options

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.tiny_clip import write_clip
from thanosql_kernel.catalog import Model
from thanosql_kernel.engine.session import Session
from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.machine import available_cores
from thanosql_kernel.models import dual, graphs, mini, quantized, registry

LOOKS = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
PLACES = 50
SIZES = {"640": (640, 480), "4000": (4000, 3000)}
GROUP = "CONVERT"

Ways = dict[str, Callable[[], object]]


def write_pictures(folder: Path, count: int, size: tuple[int, int]) -> list[str]:
    folder.mkdir()
    names = []
    for number in range(count):
        rng = np.random.default_rng(number)
        coarse = Image.fromarray(rng.integers(0, 256, (20, 30, 3), dtype=np.uint8))
        picture = np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), dtype=np.int16)
        grain = rng.integers(-12, 13, picture.shape, dtype=np.int16)
        path = folder / f"{number:05}.jpg"
        Image.fromarray((picture + grain).clip(0, 255).astype(np.uint8)).save(path, quality=88)
        names.append(str(path))
    return names


@contextmanager
def precision(name: str) -> Iterator[None]:
    """Models are run in float32 or bfloat16 without a name, or on 8-bit integers."""
    os.environ[quantized.VARIABLE] = name
    try:
        yield
    finally:
        del os.environ[quantized.VARIABLE]


# -- the ways ------------------------------------------------------------------------------------------------
def encode_documented(model: Any, names: list[str]) -> None:
    """https://sbert.net/examples/sentence_transformer/applications/image-search/README.html"""
    model.encode([Image.open(name) for name in names])


def encode_pooled(model: Any, names: list[str]) -> None:
    """What one comes to after some reading."""

    def opened(name: str) -> Image.Image:
        with Image.open(name) as image:
            image.draft("RGB", (448, 448))
            return image.convert("RGB")

    with ThreadPoolExecutor(available_cores()) as pool:
        model.encode(list(pool.map(opened, names)))


def convert(folder: Path, names: list[str], model: str) -> None:
    """CONVERT into a new database, which is told where the weights are."""
    with tempfile.TemporaryDirectory(dir=folder) as database:
        session = Session(Path(database) / "db", working_folder=folder)
        session.database.tables.store.append("t", pa.table({"image_path": names}))
        cell = f"CONVERT USING {model} OPTIONS(image_col='image_path') AS SELECT * FROM t"
        session.run(cell, emit=lambda result: None)


def products(count: int, kind: str) -> Callable[[], object]:
    """The matrix products of the image tower for so many pictures."""
    import torch

    def made(rows: int, columns: int) -> Any:
        if kind == "int8":
            return torch.randint(-127, 127, (rows, columns), dtype=torch.int8)
        return torch.randn(rows, columns, dtype={"f32": torch.float32, "bf16": torch.bfloat16}[kind])

    multiply = torch._int_mm if kind == "int8" else torch.mm
    wide, inner = LOOKS["hidden_size"], LOOKS["intermediate_size"]
    narrow, broad = made(count * PLACES, wide), made(count * PLACES, inner)
    square, up, down = made(wide, wide), made(wide, inner), made(inner, wide)

    def run() -> None:
        with torch.inference_mode():
            for _ in range(LOOKS["num_hidden_layers"]):
                for _ in range(4):
                    multiply(narrow, square)
                multiply(narrow, up)
                multiply(broad, down)

    return run


# -- measuring -----------------------------------------------------------------------------------------------
def rates(ways: Ways, count: int, turns: int) -> dict[str, Sample]:
    """Pictures a second."""
    return {
        name: Sample(tuple(count / seconds for seconds in sample.values), "pictures/s")
        for name, sample in in_turns(ways, turns).items()
    }


def loaded(folder: Path) -> Any:
    """The encoder, which has found its fastest way."""
    encoder: Any = registry.load(Model("clip", "clip", folder=str(folder)), notice=print)
    pictures = quantized.calibration(encoder.preprocess)
    for step in encoder.preparation(pictures, dual.TUNED_FROM):
        step()
    return encoder


def measure_pictures(report: Report, folder: Path, weights: Path, side: str, count: int, turns: int) -> None:
    from sentence_transformers import SentenceTransformer

    names = write_pictures(folder / f"pictures-{side}", count, SIZES[side])
    model = SentenceTransformer(str(weights), device="cpu", local_files_only=True)
    kinds = ("", "int8") if graphs.are_possible() else ("",)
    for kind in kinds:  # not in the same turns: one process holds one of them
        with precision(kind):
            loaded(weights)  # what is found out once on a machine is no part of the comparison
            found = rates(
                {
                    "documented": lambda: encode_documented(model, names),
                    "pooled": lambda: encode_pooled(model, names),
                    "ours": lambda: convert(folder, names, "clip"),
                },
                count,
                turns,
            )
        what = f"{SIZES[side][0]} x {SIZES[side][1]} JPEGs, ViT-B/32{', 8-bit integers' if kind else ''}"
        report.compare(what, found["ours"], found["documented"], "SentenceTransformer.encode")
        report.compare(what, found["ours"], found["pooled"], "the same behind a thread pool with draft")


def measure_model(report: Report, weights: Path, count: int, turns: int) -> None:
    """The model alone, on decoded pictures, against its matrix products."""
    encoder = loaded(weights)
    pictures = np.resize(quantized.calibration(encoder.preprocess), (count, *encoder.preprocess.shape))
    kind = "bf16" if dual.multiplies_bfloat16("cpu") else "f32"
    ways: Ways = {
        "torch": lambda: encoder._by_torch(pictures),
        "ours": lambda: encoder.encode_images(pictures),
        kind: products(count, kind),
    }
    if graphs.are_possible():
        with precision("int8"):
            rounded = loaded(weights)
        ways["ours int8"] = lambda: rounded.encode_images(pictures)
        ways["int8"] = products(count, "int8")
    found = rates(ways, count, turns)
    way = "OpenVINO" if encoder._graph is not None else "torch"
    report.compare(f"ViT-B/32 image tower, {way}", found["ours"], found[kind], f"{kind} products alone")
    report.compare("the same by torch", found["torch"], found[kind], f"{kind} products alone")
    if "int8" in found:
        note = (
            f"cosine with float32, random weights: {_least_cosine(encoder, rounded, pictures):.4f} at least"
        )
        report.compare("the same on 8-bit integers", found["ours int8"], found["int8"], "int8 products", note)


def _least_cosine(exact: Any, rounded: Any, pictures: np.ndarray) -> float:
    return float((exact.encode_images(pictures) * rounded.encode_images(pictures)).sum(axis=1).min())


def measure_mini(report: Report, folder: Path, count: int, turns: int) -> None:
    """CONVERT with the embedded model against ONNX Runtime alone, on pictures that are decoded already."""
    import onnxruntime

    names = write_pictures(folder / "pictures-mini", count, SIZES["640"])
    encoder = mini.load()
    encoder.warm()
    pictures = np.stack([encoder.preprocess(open_rgb(name, min_side=260)) for name in names])
    session = onnxruntime.InferenceSession(str(mini.IMAGE_FILE), providers=["CPUExecutionProvider"])

    def alone(size: int) -> None:
        for at in range(0, count, size):
            session.run(None, {"image": pictures[at : at + size]})

    ways: Ways = {f"batches of {size}": lambda size=size: alone(size) for size in (4, 16)}  # type: ignore[misc]
    ways["ours"] = lambda: convert(folder, names, "mini")
    found = rates(ways, count, turns)
    ours = found.pop("ours")
    for name, sample in found.items():
        report.compare(
            "640 x 480 JPEGs, mini", ours, sample, f"ONNX Runtime alone on decoded pictures, {name}"
        )


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=["640", "4000", "model", "mini"])
    given = parser.parse_args()
    report = Report(GROUP, markdown=given.markdown)
    small = 8 if given.quick else 1
    turns = 1 if given.quick else given.turns
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if set(given.only) - {"mini"}:
            weights = write_clip(folder / "weights", looks=LOOKS)
            os.environ["THANOSQL_CLIP"] = str(weights)
        for side, count in (("640", 256), ("4000", 48)):
            if side in given.only:
                measure_pictures(report, folder, weights, side, count // small, turns)
        if "model" in given.only:
            measure_model(report, weights, 64 // small, turns)
        if "mini" in given.only:
            measure_mini(report, folder, 256 // small, turns)


if __name__ == "__main__":
    main()
