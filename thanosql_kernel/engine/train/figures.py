"""Figures on how well labels that a model gives agree with those that rows have; scikit-learn computes them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from thanosql_kernel.statements.training import Judged


def figures(judged: Judged) -> Iterator[tuple[str, float | None]]:
    """Accuracy, then what tells more of unequal labels: of two those of the second, of more the mean of all.

    Returns:
        Name and value, None where it has none.
    """
    from sklearn import metrics

    truth, said = judged.truth, judged.said
    used = np.union1d(truth, said)
    is_of_two = len(judged.labels) == 2
    mean = {"pos_label": 1, "average": "binary"} if is_of_two else {"labels": used, "average": "macro"}
    recall = np.nan if is_of_two else 0.0  # of a label that no row has there is none
    yield "Accuracy", _value(partial(metrics.accuracy_score, truth, said))
    if is_of_two:
        yield "ROCAUC", _area(judged)
    yield "Recall", _value(partial(metrics.recall_score, truth, said, zero_division=recall, **mean))
    yield "Precision", _value(partial(metrics.precision_score, truth, said, zero_division=0.0, **mean))
    yield "F1-Score", _value(partial(metrics.f1_score, truth, said, zero_division=0.0, **mean))
    yield "Kappa", _value(partial(metrics.cohen_kappa_score, truth, said))
    yield "MCC", _value(partial(metrics.matthews_corrcoef, truth, said)) if len(used) > 1 else None


def _area(judged: Judged) -> float | None:
    """Area under the curve of the second label; none where rows have one label alone or the model knows one alone."""
    from sklearn.metrics import roc_auc_score

    sure = judged.scores[:, 1] - judged.scores[:, 0]
    if np.isnan(sure).any() or len(np.unique(judged.truth)) < 2:
        return None
    return _value(partial(roc_auc_score, judged.truth == 1, sure))


def _value(compute: Callable[[], float]) -> float | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = float(compute())
    return value if np.isfinite(value) else None
