"""What statements ask of the engine about training: models of rows, labels of rows, and how good they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from thanosql_kernel.catalog import Column, EmbeddingKind, Model, Trained
from thanosql_kernel.errors import ModelError, Span, ThanoSQLError
from thanosql_kernel.models.bases import Method
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.wording.training import TS404

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Measure = Literal["balanced", "same picture", "same text", "own picture"]
What = Literal["logistic", "named", "network", "constant", "map", "none"]


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What a BUILD MODEL or FIT MODEL asks for.

    Attributes:
        name: What the model is to be called.
        base: What it is built of, as the statement says it.
        suffix: Of the columns that it will generate.
        method: How it is trained.
        on: The model on whose vectors; None for the best on this machine.
        sources: The columns with what is looked at, by kind.
        label_col: The column of labels, if it is trained on these.
        start: The model to go on from.
        span: Where the statement names what it is built of.
    """

    name: str
    base: str
    suffix: str
    method: Method
    on: Model | None
    sources: Mapping[EmbeddingKind, str]
    label_col: str | None = None
    start: Model | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How good something is on rows that were held out.

    Attributes:
        measure: What is measured.
        before: Without training.
        after: With it.
        rows: How many rows were held out.
        losses: What training makes smaller, on other rows held out, before and after; None where it is not told.
        epochs: How often all rows were trained on.
    """

    measure: Measure
    before: float
    after: float
    rows: int
    losses: tuple[float, float] | None = None
    epochs: int = 0


@dataclass(frozen=True, slots=True)
class Training:
    """What was trained.

    Attributes:
        model: The model, ready to be registered.
        what: What it is.
        on: What people call the model on whose vectors.
        rows: How many rows it was trained on.
        score: How good it is; None where no rows could be held out.
        is_better: Whether the held-out rows gained from it; where they did not, vectors stay as they are.
        labels: How many labels it tells apart.
        zero_shot: Whether the score before is of a comparison with the labels' names.
        without_label: How many rows had none.
        without_vector: How many had nothing to look at.
        total: How many rows there were, where some were chosen at random; else None.
    """

    model: Model
    what: What
    on: str
    rows: int
    score: Score | None
    is_better: bool = True
    labels: int = 0
    zero_shot: bool = False
    without_label: int = 0
    without_vector: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model says of rows beside what they are.

    Attributes:
        labels: Names of all labels, in order.
        truth: int (n,): which one a row has.
        said: int (n,): which one the model says; -1 for what it says nothing of.
        scores: float64 (n, c): how sure it is of each; NaN for those that it does not know.
        left_out: Rows without a label, or without anything to look at.
        never_seen: Rows whose label the model was never trained on.
        figures: What is measured, name and value; None where it has no value.
    """

    labels: tuple[str, ...]
    truth: NDArray[np.int64]
    said: NDArray[np.int64]
    scores: NDArray[np.float64]
    left_out: int
    never_seen: int
    figures: tuple[tuple[str, float | None], ...] = ()


def label_problems(
    column: Column, trained: Trained | None, model: str, span: Span | None
) -> Iterator[ThanoSQLError]:
    """What is wrong with a column of labels: its values are none, or of another type than those a model gives.

    Args:
        column: The column.
        trained: What the model that goes on, or is measured, was trained on; None for another.
        model: What it is called.
        span: Where that is told.
    """
    if column.type.endswith(("]", ")")) and not column.type.startswith("DECIMAL"):
        yield ModelError(TS404.LIST_LABELS(column=column.name, type=column.type), span=span)
    known = trained.label_type if trained is not None else ""
    if known and column.type and column.type != known:
        message = TS404.OTHER_LABELS(model=model, known=known, column=column.name, type=column.type)
        yield ModelError(message, span=span, hint=TS404.CAST_LABELS(column=column.name, known=known))


class TrainingWork(Protocol):
    """The requests."""

    def train(self, rows: Relation, request: TrainRequest) -> Training:
        """Train a model on rows and keep it in the database's folder; it is not registered.

        Raises:
            ModelError: TS404, nothing can be trained on the rows.
        """
        ...

    def export_model(self, model: Model, path: str, *, span: Span) -> None:
        """Write a model that was trained here into a folder that is not there yet.

        Raises:
            ModelError: TS404, something is there.
            DataError: TS504, the disk refuses.
        """
        ...

    def adopt_model(self, path: str, name: str, *, span: Span) -> Model | None:
        """The model in a folder that `export_model` wrote, ready to be registered; None for another folder."""
        ...

    def labelled(
        self,
        rows: Relation,
        *,
        model: Model,
        source: str,
        result: str,
    ) -> Relation:
        """The rows plus the label that a model trained on labels gives each; NULL where there is nothing to look at."""
        ...

    def judged(
        self,
        rows: Relation,
        *,
        model: Model,
        kind: EmbeddingKind,
        source: str,
        label_col: str,
        labels: Sequence[str] = (),
        template: str = "{}",
        span: Span | None = None,
    ) -> Judged:
        """What a model says of rows, beside their labels.

        Raises:
            ModelError: TS404, no row has a label.
        """
        ...

    def retrieval_ranks(
        self, rows: Relation, *, model: Model, image_col: str, text_col: str, span: Span | None = None
    ) -> NDArray[np.int64]:
        """Of each row with a picture and a text (n,) the rank of its picture when the text is searched for."""
        ...
