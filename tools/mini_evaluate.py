"""How well the committed files find photos; everything goes through the code that users run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import lite2
import mini_data
import mini_features
import numpy as np

from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.models import mini

QUERIES = Path(__file__).with_name("sample_queries.json")
SURE = 0.5


def report(data: Path, samples: bool) -> Iterator[str]:
    """Lines of the model card's figures.

    Raises:
        MissingData: the captioned photos are not there.
    """
    captions = mini_data.read_captions(data)
    encoder = mini.load()
    dev = np.flatnonzero(captions.is_dev)
    position = {int(photo): i for i, photo in enumerate(dev)}
    pairs = zip(captions.texts, captions.photo_of.tolist(), strict=True)
    chosen = [(text, position[photo]) for text, photo in pairs if photo in position]
    started = time.perf_counter()
    pictures = embed_photos(encoder, [captions.photos[i] for i in dev])
    yield f"{len(dev) / (time.perf_counter() - started):.0f} photos/s, decoding included"
    texts = encoder.encode_texts([text for text, _ in chosen])
    ranks = ranks_of(texts @ pictures.T, np.array([target for _, target in chosen]))
    yield f"{len(chosen)} captions -> {len(dev)} dev photos: {recalls(ranks)}"
    if samples:
        yield from sample_report(encoder, mini_data.read_classes(data))


def sample_report(encoder: mini.MiniEncoder, class_names: list[str]) -> Iterator[str]:
    """Figures on photos of another origin than the training's."""
    photos = mini_data.sample_photos()
    pictures = embed_photos(encoder, list(photos.values()))
    descriptions = mini_data.sample_descriptions()
    texts = encoder.encode_texts([descriptions[name] for name in photos])
    ranks = ranks_of(texts @ pictures.T, np.arange(len(photos)))
    yield f"{len(photos)} descriptions -> as many sample photos: {recalls(ranks)}"
    names = list(photos)
    for language, label in (("en", "English"), ("ko", "Korean")):
        precision, hits = query_figures(encoder, pictures, names, language)
        yield f"{label} queries on the sample photos: P@5 {precision:.3f}, one of the first 5 right {hits:.3f}"
    yield agreement(encoder, pictures, list(photos.values()), class_names)


def query_figures(
    encoder: mini.MiniEncoder, pictures: np.ndarray, names: list[str], language: str
) -> tuple[float, float]:
    """Share of right photos among the first five (or as many as there are), and of queries with any."""
    queries = json.loads(QUERIES.read_text(encoding="utf-8"))
    scores = encoder.encode_texts([query[language] for query in queries]) @ pictures.T
    precisions, hits = [], []
    for query, row in zip(queries, scores, strict=True):
        right = [names[i] in query["photos"] for i in np.argsort(-row, kind="stable")[:5]]
        count = min(5, len(query["photos"]))
        precisions.append(sum(right[:count]) / count)
        hits.append(any(right))
    return float(np.mean(precisions)), float(np.mean(hits))


def agreement(
    encoder: mini.MiniEncoder, pictures: np.ndarray, photos: Sequence[Path], class_names: list[str]
) -> str:
    """Zero-shot over the 1,000 class names against the tower's own classifier, where that one is sure."""
    weights = mini_data.tower_weights()
    tower = lite2.tower(weights)
    features = mini_features.photo_features(tower, photos, "plain")[:, : weights["_fc.weight"].shape[1]]
    sure, wanted = (features @ weights["_fc.weight"].T + weights["_fc.bias"]).softmax(1).max(1)
    chosen = (sure >= SURE).numpy()
    scores = pictures @ encoder.encode_texts(class_names).T
    ranks = ranks_of(scores[chosen], wanted.numpy()[chosen])
    return (
        f"zero-shot over 1000 class names, {int(chosen.sum())} sample photos the classifier is sure of: "
        f"top-1 {np.mean(ranks < 1):.3f}, top-5 {np.mean(ranks < 5):.3f}"
    )


def embed_photos(encoder: mini.MiniEncoder, photos: Sequence[Path]) -> np.ndarray:
    chunks = []
    for start in range(0, len(photos), 32):
        pixels = [encoder.preprocess(open_rgb(p, min_side=260)) for p in photos[start : start + 32]]
        chunks.append(encoder.encode_images(np.stack(pixels)))
    return np.concatenate(chunks)


def ranks_of(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """How many candidates score higher than the right one, for each row."""
    right = scores[np.arange(len(scores)), targets]
    ranks: np.ndarray = (scores > right[:, None]).sum(axis=1)
    return ranks


def recalls(ranks: np.ndarray) -> str:
    return ", ".join(f"R@{k} {np.mean(ranks < k):.3f}" for k in (1, 5, 10))
