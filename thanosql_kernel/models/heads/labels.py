"""Classifiers on frozen vectors: logistic regression or a network of one hidden layer, whichever held-out rows prefer.

A linear probe, as vectors of pictures are usually measured by (Radford et al. 2021,
https://arxiv.org/abs/2103.00020, section 3.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from thanosql_kernel.models.heads.head import Arrays

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Call = Callable[[Callable[[], Any]], Any]

HELD_OUT = 0.2
FOLDS = 3
ONE_FOLD_FROM = 5000
NETWORK_FROM, NETWORK_UP_TO = 200, 50_000
"""Between so many rows a hidden layer is tried too: with fewer it only learns them by heart."""
HIDDEN = 64


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to classify.

    Attributes:
        strength: Inverse of how strongly it is held back (C of scikit-learn, 1 / alpha).
        hidden: Units of a hidden layer; 0 for none.
    """

    strength: float
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Classified:
    """What was trained.

    Attributes:
        arrays: The head's.
        candidate: Which way won.
        predicted: What rows held out are taken for, when they are not trained on.
        held_out: Their positions.
    """

    arrays: Arrays
    candidate: Candidate
    predicted: Ints
    held_out: Ints


def candidates(rows: int) -> list[Candidate]:
    """What is tried with so many rows."""
    linear = [Candidate(strength) for strength in (0.1, 0.01, 1.0, 0.001)]  # of equals the first
    return linear + ([Candidate(1.0, HIDDEN)] if NETWORK_FROM <= rows <= NETWORK_UP_TO else [])


def fit(
    vectors: Floats,
    classes: Ints,
    told: Callable[[Candidate, float], None],
    call: Call,
    seed: int = 0,
    may_be_held: NDArray[np.bool_] | None = None,
) -> Classified:
    """The best classifier of vectors (n, d), of two classes and more; trained on all rows in the end.

    Classes count alike however many rows they have. Rows of classes that have less than two are never held out.

    Args:
        vectors: Of length one.
        classes: (n,) from 0 on, each of them there.
        told: Called with what was tried, and how large a share of each class it got right, in the mean.
        call: Runs what may take long, so that it can be stopped.
        seed: Of what is held out, and of a network's beginning.
        may_be_held: (n,): which rows may be held out; None for all.
    """
    held_out = split(classes, seed, may_be_held)
    kept = np.setdiff1d(np.arange(len(classes)), held_out)
    scaled = (vectors * vectors.shape[1] ** 0.5).astype(np.float64)
    tried: dict[Candidate, float] = {}
    for candidate in candidates(len(kept)):
        tried[candidate] = call(partial(_score, candidate, scaled[kept], classes[kept], seed))
        told(candidate, tried[candidate])
    best = max(tried, key=lambda candidate: tried[candidate])
    if len(held_out):
        judged = call(lambda: _trained(best, scaled[kept], classes[kept], seed))
        predicted = np.asarray(judged.predict(scaled[held_out]), dtype=np.int64)
    else:
        predicted = np.empty(0, np.int64)
    final = call(lambda: _trained(best, scaled, classes, seed))
    return Classified(_arrays(final, int(classes.max()) + 1), best, predicted, held_out)


def split(classes: Ints, seed: int = 0, may_be_held: NDArray[np.bool_] | None = None) -> Ints:
    """Positions of rows to be held out: of each class a fifth, in order; of one with a single row none."""
    allowed = np.ones(len(classes), np.bool_) if may_be_held is None else may_be_held
    random = np.random.default_rng(seed)
    chosen = [np.empty(0, np.int64)]
    for one in range(int(classes.max()) + 1):
        rows = np.flatnonzero((classes == one) & allowed)
        least = 1 if (classes == one).sum() > 1 and len(rows) else 0
        count = max(least, min(round(HELD_OUT * len(rows)), len(rows)))
        chosen.append(random.permutation(rows)[:count])
    return np.sort(np.concatenate(chosen))


def only_class(dim: int) -> Mapping[str, Floats]:
    """The head where there is one label alone: every row has it."""
    return {"weight": np.zeros((dim, 1), np.float32), "bias": np.zeros(1, np.float32)}


def _score(candidate: Candidate, vectors: NDArray[np.float64], classes: Ints, seed: int) -> float:
    """Mean recall of the classes, of rows that were not trained on."""
    from sklearn.metrics import balanced_accuracy_score
    from sklearn.model_selection import ShuffleSplit, StratifiedKFold

    counts = np.bincount(classes)
    several: Any
    if len(classes) >= ONE_FOLD_FROM or counts[counts > 0].min() < FOLDS:
        several = ShuffleSplit(
            1 if len(classes) >= ONE_FOLD_FROM else FOLDS, test_size=HELD_OUT, random_state=seed
        )
    else:
        several = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    scores = []
    for kept, held in several.split(vectors, classes):
        if len(np.unique(classes[kept])) > 1:
            model = _trained(candidate, vectors[kept], classes[kept], seed)
            scores.append(balanced_accuracy_score(classes[held], model.predict(vectors[held])))
    return float(np.mean(scores)) if scores else 0.0


def _trained(candidate: Candidate, vectors: NDArray[np.float64], classes: Ints, seed: int) -> Any:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.utils.class_weight import compute_sample_weight

    model: Any
    weights = compute_sample_weight("balanced", classes)
    if candidate.hidden:
        model = MLPClassifier(
            (candidate.hidden,), alpha=1 / candidate.strength, max_iter=60, random_state=seed
        )
    else:
        model = LogisticRegression(C=candidate.strength, max_iter=500)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(vectors, classes, sample_weight=weights)


def _arrays(model: Any, count: int) -> dict[str, Floats]:
    """The numbers of a trained model; of two classes one score becomes two."""
    hidden = {}
    if hasattr(model, "coefs_"):
        hidden = {"hidden.weight": model.coefs_[0], "hidden.bias": model.intercepts_[0]}
        weight, bias = model.coefs_[1], model.intercepts_[1]
    else:
        weight, bias = model.coef_.T, model.intercept_
    if count == 2 and weight.shape[1] == 1:
        weight, bias = np.hstack([-weight / 2, weight / 2]), np.concatenate([-bias / 2, bias / 2])
    found = {**hidden, "weight": weight, "bias": bias}
    return {name: np.asarray(array, np.float32) for name, array in found.items()}
