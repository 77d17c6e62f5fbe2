"""How well the committed files find photos; everything goes through the code that users run."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import lite2
import mini_data
import mini_features
import numpy as np

from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.images.viewed import MOST_VIEWS, Viewed, embed_views
from thanosql_kernel.models import mini

QUERIES = Path(__file__).with_name("sample_queries.json")
SURE = 0.5


Figures = dict[str, Any]
VIEWS = (1, MOST_VIEWS)


def caption_figures(encoder: mini.MiniEncoder, data: Path) -> Figures:
    """Captions of the photos kept out of training, each looking for its photo, by the number of views.

    Raises:
        MissingData: the captioned photos are not there.
    """
    texts, targets, photos = captioned(encoder, data)
    found: Figures = {"captions": len(texts), "photos": len(photos), "recall": {}}
    for views in VIEWS:
        started = time.perf_counter()
        pictures = embed_photos(encoder, photos, views)
        if views == 1:
            found["photos_per_second"] = round(len(photos) / (time.perf_counter() - started))
        found["recall"][str(views)] = recalls(ranks_of(texts @ pictures.T, targets))
    return found


def sample_figures(encoder: mini.MiniEncoder, class_names: list[str]) -> Figures:
    """Figures on photos of another origin than the training's, by the number of views."""
    photos = mini_data.sample_photos()
    names, files = list(photos), list(photos.values())
    descriptions = mini_data.sample_descriptions()
    texts = encoder.encode_texts([descriptions[name] for name in photos])
    found: Figures = {"photos": len(photos), "recall": {}, "en": {}, "ko": {}}
    for views in VIEWS:
        pictures = embed_photos(encoder, files, views)
        found["recall"][str(views)] = recalls(ranks_of(texts @ pictures.T, np.arange(len(photos))))
        for language in ("en", "ko"):
            found[language][str(views)] = query_figures(encoder, pictures, names, language)
        if views == 1:
            found["zero_shot"] = agreement(encoder, pictures, files, class_names)
    return found


def query_figures(
    encoder: mini.MiniEncoder, pictures: np.ndarray, names: list[str], language: str
) -> list[float]:
    """Share of right photos among the first five (or as many as there are), and of queries with any."""
    queries = json.loads(QUERIES.read_text(encoding="utf-8"))
    scores = encoder.encode_texts([query[language] for query in queries]) @ pictures.T
    precisions, hits = [], []
    for query, row in zip(queries, scores, strict=True):
        right = [names[i] in query["photos"] for i in np.argsort(-row, kind="stable")[:5]]
        count = min(5, len(query["photos"]))
        precisions.append(sum(right[:count]) / count)
        hits.append(any(right))
    return [float(np.mean(precisions)), float(np.mean(hits))]


def agreement(
    encoder: mini.MiniEncoder, pictures: np.ndarray, photos: Sequence[Path], class_names: list[str]
) -> Figures:
    """Zero-shot over the 1,000 class names against the tower's own classifier, where that one is sure."""
    weights = mini_data.tower_weights()
    tower = lite2.tower(weights)
    features = mini_features.photo_features(tower, photos, "plain")[:, : weights["_fc.weight"].shape[1]]
    sure, wanted = (features @ weights["_fc.weight"].T + weights["_fc.bias"]).softmax(1).max(1)
    chosen = (sure >= SURE).numpy()
    scores = pictures @ encoder.encode_texts(class_names).T
    ranks = ranks_of(scores[chosen], wanted.numpy()[chosen])
    return {
        "photos": int(chosen.sum()),
        "top1": float(np.mean(ranks < 1)),
        "top5": float(np.mean(ranks < 5)),
    }


def embed_photos(encoder: mini.MiniEncoder, photos: Sequence[Path], views: int = 1) -> np.ndarray:
    """Vectors (n, 512) of photos, as CONVERT makes them; computed once."""
    return _embedded(encoder, tuple(photos), views)


@cache
def _embedded(encoder: mini.MiniEncoder, photos: tuple[Path, ...], views: int) -> np.ndarray:
    viewed = Viewed(encoder.preprocess, views)
    chunks = []
    for start in range(0, len(photos), 32):
        pixels = [viewed(open_rgb(p, min_side=viewed.min_side)) for p in photos[start : start + 32]]
        chunks.append(embed_views(np.stack(pixels), encoder.encode_images))
    return np.concatenate(chunks)


@cache
def captioned(encoder: mini.MiniEncoder, data: Path) -> tuple[np.ndarray, np.ndarray, tuple[Path, ...]]:
    """What belongs to the photos kept out of training: vectors of their captions (c, 512), whose they are (c,), photos.

    Raises:
        MissingData: the captioned photos are not there.
    """
    captions = mini_data.read_captions(data)
    dev = np.flatnonzero(captions.is_dev)
    position = {int(photo): i for i, photo in enumerate(dev)}
    pairs = zip(captions.texts, captions.photo_of.tolist(), strict=True)
    texts, targets = zip(*((text, position[it]) for text, it in pairs if it in position), strict=True)
    photos = tuple(captions.photos[i] for i in dev)
    return encoder.encode_texts(texts), np.array(targets), photos


def ranks_of(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """How many candidates score higher than the right one, for each row."""
    right = scores[np.arange(len(scores)), targets]
    ranks: np.ndarray = (scores > right[:, None]).sum(axis=1)
    return ranks


def recalls(ranks: np.ndarray) -> list[float]:
    """R@1, R@5 and R@10."""
    return [float(np.mean(ranks < k)) for k in (1, 5, 10)]
