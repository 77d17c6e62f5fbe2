"""Which photos show which side of a contrast: few captions say so, a small classifier tells it of the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import mini_data
import numpy as np
import torch
from mini_phrases import Contrast
from mini_train import ContrastExamples
from sklearn.linear_model import LogisticRegression

CERTAIN = 2
"""So many of a photo's five captions must say it."""


def examples(
    contrast: Contrast,
    captions: mini_data.Captions,
    views: Sequence[torch.Tensor],
    photos: np.ndarray,
    texts: Callable[[list[str]], torch.Tensor],
) -> ContrastExamples:
    """What training needs to know about a contrast; only ``photos`` (indices) are looked at."""
    first, second = _sides(contrast, captions, photos)
    pool = photos if contrast.others is None else np.concatenate([first, second])
    chances = _chances(views, first, second)
    weights = chances[0][pool].double().numpy()
    own = [captions.texts[rows[0]].rstrip(" .") for rows in captions.captions_of] if contrast.ending else []
    return ContrastExamples(
        pool=pool,
        weights=weights / weights.sum(),
        chances=chances,
        first=texts([a for a, _ in contrast.pairs]),
        second=texts([b for _, b in contrast.pairs]),
        own=texts([text + contrast.ending for text in own]) if own else None,
    )


def _sides(
    contrast: Contrast, captions: mini_data.Captions, photos: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The photos that are certainly the first, and those that are the second."""
    first = _mentions(contrast.words, captions)
    if contrast.others is None:
        doubtful = first + _mentions(contrast.doubtful, captions)
        return photos[first[photos] >= CERTAIN], photos[doubtful[photos] == 0]
    second = _mentions(contrast.others, captions)
    is_first, is_second = (first >= CERTAIN) & (second == 0), (second >= CERTAIN) & (first == 0)
    return photos[is_first[photos]], photos[is_second[photos]]


def _mentions(words: str, captions: mini_data.Captions) -> np.ndarray:
    """For each photo, how many of its captions say one of the words."""
    pattern = re.compile(rf"\b({words})\b", re.IGNORECASE)
    said = [bool(pattern.search(text)) for text in captions.texts]
    return np.bincount(captions.photo_of, weights=said, minlength=len(captions.photos))


def _chances(views: Sequence[torch.Tensor], first: np.ndarray, second: np.ndarray) -> list[torch.Tensor]:
    """For each view, how likely each photo is the first: float32 (n,)."""
    known = np.concatenate([first, second])
    classifier = LogisticRegression(C=1e-3, class_weight="balanced", max_iter=300)
    classifier.fit(views[0].numpy()[known], np.arange(len(known)) < len(first))
    return [
        torch.from_numpy(classifier.predict_proba(view.numpy())[:, 1].astype(np.float32)) for view in views
    ]
