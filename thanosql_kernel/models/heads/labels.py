"""Classifiers on frozen vectors: logistic regression or a network of one hidden layer, whichever held-out rows prefer.

A linear probe, as vectors of pictures are usually measured by (Radford et al. 2021,
https://arxiv.org/abs/2103.00020, section 3.2). Where the model reads the labels' names, what they say may count beside
it: classifiers trained on few rows gain from what needs no rows (Wortsman et al. 2022,
https://arxiv.org/abs/2109.01903).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

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
NAMES = (0.0, 5.0, 10.0, 20.0)
"""How much the cosines with the labels' names may count beside the logits; cosines differ by tenths."""
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to classify.

    Attributes:
        strength: Inverse of how strongly it is held back (C of scikit-learn, 1 / alpha).
        hidden: Units of a hidden layer; 0 for none.
        names: How much the cosines with the labels' names count beside it.
    """

    strength: float
    hidden: int = 0
    names: float = 0.0


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


def candidates(rows: int, *, has_names: bool = False) -> list[Candidate]:
    """What is tried with so many rows; of equals the first is taken."""
    names = NAMES if has_names else NAMES[:1]
    linear = [Candidate(strength, names=share) for strength in (0.1, 0.01, 1.0, 0.001) for share in names]
    return linear + ([Candidate(1.0, HIDDEN)] if NETWORK_FROM <= rows <= NETWORK_UP_TO else [])


def fit(
    vectors: Floats,
    classes: Ints,
    told: Callable[[Candidate, float], None],
    call: Call,
    seed: int = 0,
    may_be_held: NDArray[np.bool_] | None = None,
    prompts: Floats | None = None,
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
        prompts: Unit vectors (c, d) of what stands for each class; None where nothing does.
    """
    held_out = split(classes, seed, may_be_held)
    kept = np.setdiff1d(np.arange(len(classes)), held_out)
    scaled = (vectors * vectors.shape[1] ** 0.5).astype(np.float64)
    tried: dict[Candidate, float] = {}
    names = None if prompts is None else (vectors[kept] @ prompts.T).astype(np.float64)
    parts: dict[tuple[float, int], list[_Part]] = {}
    for candidate in candidates(len(kept), has_names=prompts is not None):
        way = candidate.strength, candidate.hidden
        if way not in parts:
            parts[way] = call(partial(_judged_apart, candidate, scaled[kept], classes[kept], seed))
        tried[candidate] = _score(candidate, parts[way], classes[kept], names)
        told(candidate, tried[candidate])
    best = max(tried, key=lambda candidate: tried[candidate])
    train = partial(_head_of, best, count=int(classes.max()) + 1, seed=seed, prompts=prompts)
    predicted = np.empty(0, np.int64)
    if len(held_out):
        judged = call(lambda: train(scaled[kept], classes[kept]))
        predicted = _logits(judged, scaled[held_out]).argmax(axis=1)
    return Classified(call(lambda: train(scaled, classes)), best, predicted, held_out)


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


class _Part(NamedTuple):
    """Rows that were not trained on, and their logits."""

    rows: Ints
    logits: NDArray[np.float64]


def _judged_apart(
    candidate: Candidate, vectors: NDArray[np.float64], classes: Ints, seed: int
) -> list[_Part]:
    """Logits of rows by what was trained on others."""
    from sklearn.model_selection import ShuffleSplit, StratifiedKFold

    counts = np.bincount(classes)
    several: Any
    if len(classes) >= ONE_FOLD_FROM or counts[counts > 0].min() < FOLDS:
        several = ShuffleSplit(
            1 if len(classes) >= ONE_FOLD_FROM else FOLDS, test_size=HELD_OUT, random_state=seed
        )
    else:
        several = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    found = []
    for kept, held in several.split(vectors, classes):
        if len(np.unique(classes[kept])) > 1:
            arrays = _arrays(_trained(candidate, vectors[kept], classes[kept], seed), len(counts))
            found.append(_Part(held, _logits(arrays, vectors[held])))
    return found


def _score(
    candidate: Candidate, parts: list[_Part], classes: Ints, names: NDArray[np.float64] | None
) -> float:
    """Mean recall of the classes, of rows that were not trained on."""
    from sklearn.metrics import recall_score

    scores = []
    for part in parts:
        logits = part.logits if names is None else part.logits + candidate.names * names[part.rows]
        truth = classes[part.rows]
        there = np.unique(truth)
        scores.append(
            recall_score(truth, logits.argmax(axis=1), labels=there, average="macro", zero_division=0)
        )
    return float(np.mean(scores)) if scores else 0.0


def _head_of(
    candidate: Candidate,
    vectors: NDArray[np.float64],
    classes: Ints,
    *,
    count: int,
    seed: int,
    prompts: Floats | None,
) -> dict[str, Floats]:
    """The numbers of what is trained on rows, what the labels' names say added."""
    arrays = _arrays(_trained(candidate, vectors, classes, seed), count)
    if prompts is not None and candidate.names:
        share = candidate.names / prompts.shape[1] ** 0.5
        arrays["weight"] = (arrays["weight"] + share * prompts.T).astype(np.float32)
    return arrays


def _logits(arrays: Arrays, scaled: NDArray[np.float64]) -> NDArray[np.float64]:
    """As `head.Head.scores`, of vectors that are scaled already."""
    inner = scaled
    if "hidden.weight" in arrays:
        inner = np.maximum(scaled @ arrays["hidden.weight"] + arrays["hidden.bias"], 0)
    found: NDArray[np.float64] = inner @ arrays["weight"] + arrays["bias"]
    return found


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
    """The numbers of a trained model: of two classes one score becomes two, a class it never saw is never said."""
    hidden = {}
    if hasattr(model, "coefs_"):
        hidden = {"hidden.weight": model.coefs_[0], "hidden.bias": model.intercepts_[0]}
        weight, bias = model.coefs_[1], model.intercepts_[1]
    else:
        weight, bias = model.coef_.T, model.intercept_
    if len(model.classes_) == 2:
        weight, bias = np.hstack([-weight / 2, weight / 2]), np.concatenate([-bias / 2, bias / 2])
    whole, biases = np.zeros((len(weight), count)), np.full(count, _NEVER)
    whole[:, model.classes_], biases[model.classes_] = weight, bias
    found = {**hidden, "weight": whole, "bias": biases}
    return {name: np.asarray(array, np.float32) for name, array in found.items()}
