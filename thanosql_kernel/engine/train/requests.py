"""What a statement may ask about training. A part of `runtime.StatementRuntime`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column, EmbeddingKind, Model, Trained
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.catalog.spellings import respelt
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.requests import VectorRequests
from thanosql_kernel.engine.train.kept import KeptModels
from thanosql_kernel.errors import DataError, ModelError, Span
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.models.heads.head import Head
from thanosql_kernel.models.spec import SPECS
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.convert import generated_name, told_unread
from thanosql_kernel.statements.training import Judged, Training, TrainRequest, label_problems
from thanosql_kernel.statements.training_told import score_line, what_line
from thanosql_kernel.wording.data import TS504
from thanosql_kernel.wording.system import system_reason
from thanosql_kernel.wording.training import CARD, TS404

if TYPE_CHECKING:
    from thanosql_kernel.engine.train.train import Found
    from thanosql_kernel.models.encoder import Encoder

BEST_FOR_PICTURES = ("siglip2", "clip", "mini")
"""Whose vectors pictures are trained on unless somebody says otherwise: the first whose weights are here."""


class TrainingRequests(VectorRequests):
    """Requests that train a model, or ask one that was trained here."""

    @property
    @abstractmethod
    def kept_models(self) -> KeptModels:
        """Where trained models are kept."""

    def train(self, rows: asked.Relation, request: TrainRequest) -> Training:
        """Train a model on rows and keep it in the database's folder; it is not registered."""
        from thanosql_kernel.engine.embed.weights import encoder_of
        from thanosql_kernel.engine.train.train import Trainer

        given = cast(Relation, rows).repeatable()
        on = _frozen(request)
        encoder = encoder_of(on, self.work)
        on = on if encoder.name != "mini" else Model("mini", "mini")  # whatever it stood in for
        trained = request.start.trained if request.start is not None else None
        start = None if trained is None else _start(self.kept_models, trained, encoder)
        if trained is not None and request.start is not None and request.label_col:
            column = given.column(request.label_col)
            _refuse_other_labels(column, trained, request.start.name, request.span)
        work = self.work.at(request.span)
        trainer = Trainer(encoder, _Frozen(self, encoder, on), request, work, start)
        found = trainer.run(given)
        return _training(self, request, on, encoder, found, given)

    def labelled(
        self,
        rows: asked.Relation,
        *,
        model: Model,
        source: str,
        result: str,
    ) -> Relation:
        """The rows plus the label that a model trained on labels gives each."""
        from thanosql_kernel.engine.train.judge import labelled

        given = cast(Relation, rows).repeatable()
        trained, encoder, head = _opened(self, model)
        embedded, column = _Frozen(self, encoder, trained.on)(given, trained.kinds[0], source)
        new = Column(result, trained.label_type)
        return labelled(given, embedded, column, head, new, self.work.check)

    def judged(
        self,
        rows: asked.Relation,
        *,
        model: Model,
        kind: EmbeddingKind,
        source: str,
        label_col: str,
        labels: Sequence[str] = (),
        template: str = "{}",
        span: Span | None = None,
    ) -> Judged:
        """What a model says of rows, beside their labels."""
        import pyarrow as pa

        from thanosql_kernel.engine.embed.weights import encoder_of
        from thanosql_kernel.engine.train import judge
        from thanosql_kernel.engine.train.figures import figures
        from thanosql_kernel.engine.train.rows import read_labels

        given = cast(Relation, rows).repeatable()
        truth = read_labels(given, label_col, span)
        if model.trained is not None and model.trained.gives == "labels":
            trained, encoder, head = _opened(self, model)
            on, known = trained.on, head.labels
            scores: judge.Scores = head.scores
            _refuse_other_labels(given.column(label_col), trained, model.name, span)
        else:
            encoder, on = encoder_of(model, self.work), model
            known = pa.array(list(labels) or truth.names)
            prompts = judge.prompts_of(known.to_pylist(), template)
            with abandonable(self.work.check) as call:
                scores = judge.compared(call(partial(encoder.encode_texts, prompts)))
        embedded, column = _Frozen(self, encoder, on)(given, kind, source)
        found = judge.judge(embedded, column, truth, known, scores, self.work.check)
        if not len(found.truth):
            raise ModelError(TS404.NOTHING_TO_COMPARE(), span=span)
        return replace(found, figures=tuple(figures(found)))

    def export_model(self, model: Model, path: str, *, span: Span) -> None:
        """Write a model that was trained here into a folder."""
        target = self._place(path)
        if target.exists():
            raise ModelError(TS404.FOLDER_IN_THE_WAY(path=path), span=span)
        with _disk_errors(path, span):
            self.kept_models.export(model, target)

    def adopt_model(self, path: str, name: str, *, span: Span) -> Model | None:
        """The model in a folder that `export_model` wrote, ready to be registered; None for another folder."""
        from thanosql_kernel.models.heads.head import is_head

        source = self._place(path)
        if not is_head(source):
            return None
        with _disk_errors(path, span):
            return self.kept_models.adopt(source, name)

    def _place(self, path: str) -> Path:
        return self.work.folder / Path(respelt(path, self.work.folder)).expanduser()

    def retrieval_ranks(
        self,
        rows: asked.Relation,
        *,
        model: Model,
        image_col: str,
        text_col: str,
        span: Span | None = None,
    ) -> NDArray[np.int64]:
        """Of each row with a picture and a text (n,) the rank of the picture when its text is searched for."""
        from thanosql_kernel.engine.embed.weights import encoder_of
        from thanosql_kernel.engine.train.rows import groups_of, read_vectors
        from thanosql_kernel.models.heads.contrast import Pairs, ranks

        given = cast(Relation, rows).repeatable()
        embed = _Frozen(self, encoder_of(model, self.work), model)
        embedded, right = embed(given, "image", image_col)
        embedded, left = embed(embedded, "text", text_col)
        sides, there = read_vectors(embedded, [left, right], np.arange(given.count()), self.work.check)
        if not len(there):
            raise ModelError(TS404.NOTHING_TO_COMPARE(), span=span)
        return ranks(Pairs(sides[0], sides[1], groups_of(sides[1])))


@contextmanager
def _disk_errors(path: str, span: Span) -> Iterator[None]:
    """Turns what the disk says into the user's error."""
    try:
        yield
    except OSError as error:
        message = TS504.NOT_WRITTEN(name=path, reason=system_reason(error))
        raise DataError(message, span=span) from error


class _Frozen:
    """Gives rows with vectors of one encoder; see `train.EmbedRows`."""

    def __init__(self, runtime: TrainingRequests, encoder: Encoder, model: Model) -> None:
        self._runtime = runtime
        self._encoder = encoder
        self._model = model

    def __call__(
        self, rows: Relation, kind: EmbeddingKind, source: str, view: int | None = None
    ) -> tuple[Relation, str]:
        """The rows with the vectors of a column, those that are there already used again."""
        from thanosql_kernel.engine.embed.convert import embed_column
        from thanosql_kernel.engine.embed.embedding import EmbeddedContents, EmbedRequest
        from thanosql_kernel.models.augmented import AugmentedEncoder

        runtime = self._runtime
        runtime.embedded = runtime.embedded or EmbeddedContents()
        encoder = self._encoder if view is None else cast("Encoder", AugmentedEncoder(self._encoder, view))
        request = EmbedRequest(encoder, kind, source, runtime.work, embedded=runtime.embedded)
        name = self._column(rows, kind, source) if view is None else f"view_{view}"
        result = request.column(name, self._model, rows)
        embedded, report = embed_column(rows, result, request, runtime.cache)
        if report.failed:
            runtime.work.notice(told_unread(report, kind))
        return embedded, name

    def _column(self, rows: Relation, kind: EmbeddingKind, source: str) -> str:
        """The column that has these vectors already, or a name that no column has."""
        for column in rows.columns:
            made = column.generated
            wanted = (kind, 1, source.lower(), self._encoder.fingerprint)
            if made and (made.kind, made.views, made.source.lower(), made.weights.fingerprint) == wanted:
                return column.name
        name = f"{generated_name(self._model.name, self._model)}_{kind}"
        while find_column(rows.columns, name) is not None:
            name += "_"
        return name


def _frozen(request: TrainRequest) -> Model:
    """The model on whose vectors is trained."""
    if request.on is not None:
        return request.on
    if "image" not in request.sources:
        return Model("mini", "mini")
    from thanosql_kernel.models import registry

    models = (Model(name, SPECS[name].name) for name in BEST_FOR_PICTURES)
    return next(model for model in models if registry.weights_at_hand(model))


def _training(
    runtime: TrainingRequests,
    request: TrainRequest,
    on: Model,
    encoder: Encoder,
    found: Found,
    rows: Relation,
) -> Training:
    """What was trained, kept in its folder."""
    gives_labels = request.method == "labels"
    label_col = rows.column(request.label_col) if request.label_col else None
    trained = Trained(
        on=on,
        base=request.base,
        suffix=request.suffix,
        kinds=tuple(request.sources),
        gives="labels" if gives_labels else "vectors",
        dim=0 if gives_labels else encoder.dim,
        sources=tuple(rows.column(name).name for name in request.sources.values()),
        label_col=label_col.name if label_col else "",
        label_type=label_col.type if label_col else "",
    )
    told = Training(
        model=Model(request.name, request.base, trained=trained),
        what=found.what,
        on=on.name,
        rows=found.rows,
        score=found.score,
        is_better=found.is_better,
        labels=len(found.head.labels) if found.head.labels is not None else 0,
        zero_shot=found.zero_shot,
        without_label=found.without_label,
        without_vector=found.without_vector,
        total=found.total,
    )
    card = CARD(
        model=request.name,
        what=what_line(told),
        score=score_line(told),
        base=request.base,
        frozen=on.name,
        fingerprint=encoder.fingerprint,
    )
    try:
        kept = runtime.kept_models.put(trained, found.head, card, found.kept)
    except OSError as error:
        message = TS504.NOT_WRITTEN(name=request.name, reason=system_reason(error))
        raise DataError(message, span=request.span) from error
    return replace(told, model=replace(told.model, trained=kept))


def _start(
    kept: KeptModels, trained: Trained, encoder: Encoder
) -> tuple[Head, tuple[NDArray[np.float32], NDArray[np.int64]] | None]:
    """The head to go on from, which must be on the weights of now, and what it was trained on."""
    from thanosql_kernel.models.trained import head_of

    head_of(trained, encoder.fingerprint)
    return kept.read(trained)


def _opened(runtime: TrainingRequests, model: Model) -> tuple[Trained, Encoder, Head]:
    """A model trained on labels, the encoder below it, and its head."""
    from thanosql_kernel.engine.embed.weights import encoder_of
    from thanosql_kernel.models.trained import head_of

    assert model.trained is not None
    encoder = encoder_of(model.trained.on, runtime.work)
    return model.trained, encoder, head_of(model.trained, encoder.fingerprint)


def _refuse_other_labels(column: Column, trained: Trained, model: str, span: Span | None) -> None:
    """Refuse labels of another type than those that the model gives.

    Raises:
        ModelError: TS404.
    """
    for problem in label_problems(column, trained, model, span):
        raise problem
