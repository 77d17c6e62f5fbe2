"""BUILD MODEL's work: vectors of the rows are found or made, a head is trained on most and measured on the rest.

Everything is seeded: the same rows give the same head. Nothing is kept before all of it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column, EmbeddingKind
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.train import rows as read
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import ModelError
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.models.heads import contrast, labels
from thanosql_kernel.models.heads.contrast import Maps, Pairs
from thanosql_kernel.models.heads.head import Head
from thanosql_kernel.statements.predict import TEMPLATES
from thanosql_kernel.statements.training import Measure, Score, TrainRequest, What
from thanosql_kernel.wording import training as wording
from thanosql_kernel.wording.training import TS404

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder
    from thanosql_kernel.models.heads.head import Arrays

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MOST_PICTURES = 1000
"""Of each, views are decoded and embedded: a minute of work on two cores."""


class EmbedRows(Protocol):
    """Gives rows with frozen vectors of one of their columns, and what the column of these is called."""

    def __call__(
        self, rows: Relation, kind: EmbeddingKind, source: str, view: int | None = None
    ) -> tuple[Relation, str]:
        """With a number, of random views of the pictures."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What was trained.

    Attributes:
        head: The head.
        what: What kind of head it is.
        rows: How many rows it was trained on.
        score: How good it is on others.
        is_better: Whether it is better than what was there before.
        zero_shot: Whether that was a comparison with the labels' names.
        without_label: Rows left out for that.
        without_vector: Rows left out for that.
        total: How many rows there were, where some were chosen.
        kept: The vectors and classes that a FIT goes on from, if labels were learnt.
    """

    head: Head
    what: What
    rows: int
    score: Score | None
    is_better: bool = True
    zero_shot: bool = False
    without_label: int = 0
    without_vector: int = 0
    total: int | None = None
    kept: tuple[Floats, Ints] | None = None


class Trainer:
    """Trains one model.

    Args:
        encoder: The frozen one.
        embed: Makes its vectors of rows.
        request: What is wanted.
        work: How it talks to the user.
        start: The head to go on from, with what it was trained on.
    """

    def __init__(
        self,
        encoder: Encoder,
        embed: EmbedRows,
        request: TrainRequest,
        work: Work,
        start: tuple[Head, tuple[Floats, Ints] | None] | None = None,
    ) -> None:
        self._encoder = encoder
        self._embed = embed
        self._request = request
        self._work = work
        self._start = start

    def run(self, rows: Relation) -> Found:
        """Train on rows.

        Raises:
            ModelError: TS404, nothing can be trained on them.
            Interrupted: The user asked to stop.
        """
        by_method: dict[str, Callable[[Relation], Found]] = {
            "views": self._views,
            "halves": self._halves,
            "pairs": self._pairs,
            "labels": self._labels,
        }
        return by_method[self._request.method](rows)

    # -- what belongs together -------------------------------------------------------------------------------
    def _views(self, rows: Relation) -> Found:
        """Two views of each picture."""
        source, count = self._request.sources["image"], rows.count()
        positions = read.chosen(count, MOST_PICTURES)
        some: Relation = ArrowRelation(rows.take(positions.tolist(), [source]), [rows.column(source)])
        sides = []
        for number in (1, 2):
            embedded, column = self._embed(some, "image", source, number)
            sides.append(embedded.fetch([column]).column(0))
        found = self._mapped(_side_by_side(*sides), ("image", "image"), "same picture")
        return replace(found, total=count if count > len(positions) else None)

    def _halves(self, rows: Relation) -> Found:
        """Two halves of each text."""
        import pyarrow as pa

        source, count = self._request.sources["text"], rows.count()
        positions = read.chosen(count, read.MOST_ROWS)
        texts = rows.take(positions.tolist(), [source]).column(0).to_pylist()
        parts = read.halves(texts)
        read.refuse_few(len(parts), self._request.span)
        sides = []
        for number in (0, 1):
            one = pa.table({source: pa.array([part[number] for part in parts], pa.string())})
            embedded, column = self._embed(ArrowRelation(one, [rows.column(source)]), "text", source)
            sides.append(embedded.fetch([column]).column(0))
        found = self._mapped(_side_by_side(*sides), ("text", "text"), "same text")
        without = len(positions) - found.rows - (found.score.rows if found.score else 0)
        return replace(found, without_vector=without, total=count if count > len(positions) else None)

    def _pairs(self, rows: Relation) -> Found:
        """Texts and their pictures."""
        image, text = self._request.sources["image"], self._request.sources["text"]
        embedded, right = self._embed(rows, "image", image)
        embedded, left = self._embed(embedded, "text", text)
        return self._mapped(embedded, ("text", "image"), "own picture", (left, right))

    def _mapped(
        self,
        rows: Relation,
        kinds: tuple[EmbeddingKind, EmbeddingKind],
        measure: Measure,
        columns: tuple[str, str] = ("left", "right"),
    ) -> Found:
        """Maps of both sides that bring together what belongs together."""
        count = rows.count()
        positions = read.chosen(count, read.MOST_ROWS)
        (left, right), there = read.read_vectors(rows, columns, positions, self._work.check)
        read.refuse_few(len(there), self._request.span)
        pairs = Pairs(left, right, read.groups_of(right))
        read.refuse_few(pairs.count, self._request.span)
        training, choosing, judging = _parts(pairs)
        start = self._maps(kinds)
        maps, epochs = self._fit_maps(training, choosing, start, shared=kinds[0] == kinds[1])
        before = contrast.recall(start.of(judging)) if self._start else contrast.recall(judging)
        after = contrast.recall(maps.of(judging))
        is_better = after >= before and maps is not start
        final = maps if is_better else start
        arrays = {f"{kinds[0]}.weight": final.left, f"{kinds[1]}.weight": final.right}
        if not is_better and self._start is None:
            arrays = {}
        losses = contrast.loss_of(choosing, start), contrast.loss_of(choosing, maps)
        score = Score(measure, before, after if is_better else before, len(judging), losses, epochs)
        head = Head(arrays or {"unchanged": np.ones(1, np.float32)}, self._encoder.fingerprint)
        total = count if count > len(positions) else None
        return Found(
            head,
            "map",
            len(training) + len(choosing),
            score,
            is_better,
            without_vector=len(positions) - len(there),
            total=total,
        )

    def _fit_maps(self, training: Pairs, choosing: Pairs, start: Maps, *, shared: bool) -> tuple[Maps, int]:
        """The maps, and after how many epochs training ended."""
        losses: list[float] = []
        with self._work.progress(self._label, contrast.MOST_EPOCHS, "epochs") as bar, self._calling() as call:

            def told(epoch: int, loss: float, kept: float) -> None:
                self._work.check()
                losses.append(kept)
                bar.tell(wording.LOSS_NOW(loss=kept))
                bar.advance()

            maps = call(lambda: _fitted(training, choosing, start, shared=shared, told=told))
        return maps, len(losses)

    def _maps(self, kinds: tuple[EmbeddingKind, EmbeddingKind]) -> Maps:
        """Where training begins: maps that change nothing, or those of the model that it goes on from."""
        plain = contrast.identity(self._encoder.dim)
        if self._start is None:
            return plain
        arrays = self._start[0].arrays
        return Maps(
            arrays.get(f"{kinds[0]}.weight", plain.left), arrays.get(f"{kinds[1]}.weight", plain.right)
        )

    # -- labels ----------------------------------------------------------------------------------------------
    def _labels(self, rows: Relation) -> Found:
        """What tells labels apart."""
        request = self._request
        ((kind, source),) = request.sources.items()
        found = read.read_labels(rows, request.label_col or "", request.span)
        embedded, column = self._embed(rows, kind, source)
        labelled = np.flatnonzero(found.classes >= 0)
        positions = labelled[read.chosen(len(labelled), read.MOST_ROWS)]
        (vectors,), there = read.read_vectors(embedded, [column], positions, self._work.check)
        examples = self._with_earlier(
            read.Examples(vectors, found.classes[there], found.values, np.ones(len(there), np.bool_))
        )
        self._refuse_labels(examples, len(there))
        once = examples.distinct()
        arrays, what, score, zero_shot = self._told_apart(once, kind)
        return Found(
            Head(arrays, self._encoder.fingerprint, once.values),
            what,
            len(examples),
            score,
            zero_shot=zero_shot,
            without_label=len(found.classes) - len(labelled),
            without_vector=len(positions) - len(there),
            total=len(labelled) if len(labelled) > len(positions) else None,
            kept=(once.vectors, once.classes),
        )

    def _told_apart(
        self, examples: read.Examples, kind: EmbeddingKind
    ) -> tuple[Arrays, What, Score | None, bool]:
        """The numbers of a classifier, what it is, how good, and whether names were compared before."""
        if len(examples.values) == 1:
            return labels.only_class(examples.vectors.shape[1]), "constant", None, False
        prompts = self._prompts([str(value) for value in examples.values.to_pylist()], kind)
        trained = self._classifier(examples, prompts)
        what: What = "named" if trained.candidate.names else "logistic"
        if trained.candidate.hidden:
            what = "network"
        return trained.arrays, what, *self._label_score(trained, examples, prompts)

    def _with_earlier(self, examples: read.Examples) -> read.Examples:
        """Together with those of the model that training goes on from."""
        if self._start is not None and self._start[1] is not None and self._start[0].labels is not None:
            known, (earlier, classes) = self._start[0].labels, self._start[1]
            if len(examples):
                examples = examples.joined(earlier, classes, known.cast(examples.values.type))
        return examples.used()

    def _refuse_labels(self, examples: read.Examples, count: int) -> None:
        """Refuse values that are no labels.

        Raises:
            ModelError: TS404.
        """
        span = self._request.span
        read.refuse_few(count, span, least=2)
        if len(examples) > 2 and len(examples.values) == len(examples):
            raise ModelError(TS404.ALL_DIFFERENT(column=self._request.label_col), span=span)

    def _classifier(self, examples: read.Examples, prompts: Floats | None) -> labels.Classified:
        tried, scores = len(labels.candidates(len(examples), has_names=prompts is not None)), list[float]()
        with self._work.progress(self._label, tried, "models") as bar, self._calling() as call:

            def told(candidate: labels.Candidate, score: float) -> None:
                self._work.check()
                scores.append(score)
                bar.tell(wording.BEST_NOW(score=max(scores)))
                bar.advance()

            return labels.fit(
                examples.vectors,
                examples.classes,
                told,
                call,
                may_be_held=examples.is_new,
                prompts=prompts,
            )

    def _label_score(
        self, trained: labels.Classified, examples: read.Examples, prompts: Floats | None
    ) -> tuple[Score | None, bool]:
        """How good it is on the rows held out, and whether names were compared before."""
        held_out = trained.held_out
        if not len(held_out):
            return None, False
        vectors, truth = examples.vectors[held_out], examples.classes[held_out]
        is_new = self._start is None
        guess = np.full(len(held_out), np.bincount(examples.classes).argmax())
        if is_new and prompts is not None:
            guess = (vectors @ prompts.T).argmax(axis=1)
        elif self._start is not None and self._start[0].labels is not None:
            guess = self._said_before(self._start[0], vectors, examples.values)
        before, after = _balanced(truth, guess), _balanced(truth, trained.predicted)
        return Score("balanced", before, after, len(held_out)), is_new and prompts is not None

    def _said_before(self, head: Head, vectors: Floats, values: pa.Array) -> Ints:
        """What the model that training goes on from says."""
        import pyarrow.compute as pc

        assert head.labels is not None
        place = pc.index_in(head.labels.cast(values.type), values).fill_null(-1).to_numpy()
        return np.asarray(place[head.scores(vectors).argmax(axis=1)], dtype=np.int64)

    def _prompts(self, names: list[str], kind: EmbeddingKind) -> Floats | None:
        """Vectors of what stands for each label; None where the model makes nothing of them."""
        with self._calling() as call:
            try:
                texts = [TEMPLATES[kind].format(name) for name in names]
                vectors: Floats = call(lambda: self._encoder.encode_texts(texts))
            except ModelError:
                return None
        return vectors if np.isfinite(vectors).all() else None

    @property
    def _label(self) -> str:
        return wording.TRAINING(model=self._request.name)

    def _calling(self) -> AbstractContextManager[Call]:
        return abandonable(self._work.check)


def _fitted(*given: Any, **settings: Any) -> Maps:
    """As `contrast.fit`, in one thread: on a busy machine the many small products of two wait for each other."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1, "blas"):
        return contrast.fit(*given, **settings)


def _side_by_side(left: pa.ChunkedArray, right: pa.ChunkedArray) -> Relation:
    import pyarrow as pa

    return ArrowRelation(pa.table({"left": left, "right": right}), [Column("left", ""), Column("right", "")])


def _parts(pairs: Pairs) -> tuple[Pairs, Pairs, Pairs]:
    """Pairs to train on, to choose by and to judge by: of ten groups eight, one and one, whole groups each."""
    groups = np.unique(pairs.groups)
    order = np.random.default_rng(0).permutation(groups)
    held = max(2, round(len(order) / 10))
    judged, chosen = order[:held], order[held : 2 * held]
    is_judged, is_chosen = np.isin(pairs.groups, judged), np.isin(pairs.groups, chosen)
    rows = (np.flatnonzero(~is_judged & ~is_chosen), np.flatnonzero(is_chosen), np.flatnonzero(is_judged))
    training, choosing, judging = (pairs.at(some) for some in rows)
    return training, choosing, judging


def _balanced(truth: Ints, guess: Ints) -> float:
    """The mean share of each label's rows that are right."""
    from sklearn.metrics import recall_score

    labels_there = np.unique(truth)
    return float(recall_score(truth, guess, labels=labels_there, average="macro", zero_division=0))
