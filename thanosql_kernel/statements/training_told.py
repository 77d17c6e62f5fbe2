"""What is said of a training."""

from __future__ import annotations

from collections.abc import Iterator

from thanosql_kernel.catalog import Model
from thanosql_kernel.statements.training import Measure, Training, What
from thanosql_kernel.wording import Wording, counted, training

_WHATS: dict[What, Wording] = {
    "logistic": training.LOGISTIC,
    "named": training.NAMED,
    "network": training.NETWORK,
    "constant": training.ONE_LABEL,
}
_MEASURES: dict[Measure, Wording] = {
    "balanced": training.BALANCED,
    "same picture": training.SAME_PICTURE,
    "same text": training.SAME_TEXT,
    "own picture": training.OWN_PICTURE,
}


def lines(trained: Training) -> Iterator[str]:
    """What was trained, and how good it is, before and after."""
    yield what_line(trained)
    yield score_line(trained)
    score = trained.score
    if score is not None and score.losses is not None:
        before, after = score.losses
        yield training.LOSS(before=before, after=after, epochs=score.epochs)
    if not trained.is_better:
        yield training.NO_BETTER(model=trained.on)


def what_line(trained: Training) -> str:
    """What was really trained, in one line."""
    rows = counted(trained.rows, "row")
    if trained.what in _WHATS:
        what = _WHATS[trained.what]()
        return training.REPLACES_LABELS(what=what, model=trained.on, labels=trained.labels, rows=rows)
    return training.REPLACES_VECTORS(model=trained.on, rows=rows)


def score_line(trained: Training) -> str:
    """How good it is on rows that were held out."""
    score = trained.score
    if score is None:
        return training.ONLY_ONE_LABEL() if trained.labels == 1 else training.NO_SCORE()
    measure, rows = _MEASURES[score.measure](), counted(score.rows, "row")
    return training.SCORE(measure=measure, before=score.before, after=score.after, rows=rows)


def notices(trained: Training, start: Model | None) -> Iterator[str]:
    """What was left out, and what the score before is of.

    Args:
        trained: What came of it.
        start: The model that it went on from.
    """
    if trained.without_label:
        yield training.WITHOUT_LABEL(rows=counted(trained.without_label, "row"))
    if trained.without_vector:
        yield training.WITHOUT_VECTOR(rows=counted(trained.without_vector, "row"))
    if trained.total is not None:
        yield training.SAMPLED(rows=counted(trained.rows, "row"), total=trained.total)
    if trained.score is not None and trained.what in _WHATS:
        yield _before(trained, start)


def _before(trained: Training, start: Model | None) -> str:
    if start is not None:
        return training.BEFORE_EARLIER(model=start.name)
    before = training.BEFORE_ZERO_SHOT if trained.zero_shot else training.BEFORE_MOST_FREQUENT
    return before(model=trained.on)
