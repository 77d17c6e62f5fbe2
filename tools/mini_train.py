"""Learn the two projections: pictures and their captions should meet in one space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Settings:
    """Chosen on 1,000 photos held out of the training part; the contrasts on the sample photos as well."""

    epochs: int = 70
    batch: int = 1500
    learning_rate: float = 2e-3
    weight_decay: float = 1e-2
    temperature: float = 0.05
    image_dropout: float = 0.5
    text_dropout: float = 0.3
    hidden: int = 1024
    classes: float = 0.3
    concepts: float = 0.1
    parallel: float = 0.3
    parallel_batch: int = 400
    contrasts: float = 0.4
    contrast_batch: int = 192
    contrast_scale: float = 16.0
    seed: int = 0


@dataclass(frozen=True)
class ContrastExamples:
    """Photos and texts of a contrast, such as night and day.

    Attributes:
        pool: indices of the photos to draw from.
        weights: how often each of the pool is drawn as the first, adding up to 1.
        chances: for each view, how likely each of all photos is the first (n,).
        first, second: text features of the pairs (q, t).
        own: text features of each photo's first caption changed to the first (n, t), if that can be written.
    """

    pool: np.ndarray
    weights: np.ndarray
    chances: Sequence[torch.Tensor]
    first: torch.Tensor
    second: torch.Tensor
    own: torch.Tensor | None


@dataclass(frozen=True)
class Examples:
    """Everything training looks at, as features.

    Attributes:
        views: for each view, features of all photos (n, i).
        captions_of: for each photo, rows of `captions`.
        captions: text features (c, t).
        classes: class prototypes (1000, i); zero where the classifier does not look.
        class_names: text features (1000, t).
        concept_classes: for each generic concept, its classes; its texts are the first rows of the phrases.
        english, korean: text features of the parallel phrases (p, t).
        contrasts: what else a photo's caption could have said.
    """

    views: Sequence[torch.Tensor]
    captions_of: Sequence[np.ndarray]
    captions: torch.Tensor
    classes: torch.Tensor
    class_names: torch.Tensor
    concept_classes: Sequence[Sequence[int]]
    english: torch.Tensor
    korean: torch.Tensor
    contrasts: Sequence[ContrastExamples]


class Head(nn.Module):
    """A linear map plus one hidden layer, both from dropped-out features."""

    def __init__(self, inputs: int, hidden: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, outputs, bias=False)
        self.hidden = nn.Linear(inputs, hidden)
        self.out = nn.Linear(hidden, outputs, bias=False)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.out.weight, std=0.3 * hidden**-0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.dropout(x)
        return F.normalize(self.linear(x) + self.out(self.dropout(F.relu(self.hidden(x)))), dim=1)


class Trainer:
    """Symmetric InfoNCE (https://arxiv.org/abs/2103.00020) over captions, classes, concepts and translations."""

    def __init__(self, examples: Examples, settings: Settings) -> None:
        torch.manual_seed(settings.seed)
        self.random = np.random.default_rng(settings.seed)
        self.examples, self.settings = examples, settings
        image_width, text_width = examples.views[0].shape[1], examples.captions.shape[1]
        self.image = Head(image_width, settings.hidden, 512, settings.image_dropout)
        self.text = Head(text_width, settings.hidden, 512, settings.text_dropout)
        self.log_scale = nn.Parameter(torch.tensor(float(np.log(1 / settings.temperature))))

    def run(self, photos: np.ndarray) -> tuple[Head, Head]:
        """Train on the photos of these indices; returns the image and the text head."""
        batches = len(photos) // self.settings.batch
        optimizer = self._optimizer()
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, self.settings.learning_rate, self.settings.epochs * batches, pct_start=0.1
        )
        for _ in range(self.settings.epochs):
            order = self.random.permutation(photos)[: batches * self.settings.batch]
            for chosen in np.split(order, batches):
                optimizer.zero_grad()
                self._loss(chosen).backward()
                optimizer.step()
                schedule.step()
        return self.image.eval(), self.text.eval()

    def _optimizer(self) -> torch.optim.Optimizer:
        weights = [*self.image.parameters(), *self.text.parameters()]
        groups = [
            {"params": weights, "weight_decay": self.settings.weight_decay},
            {"params": [self.log_scale], "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=self.settings.learning_rate)

    def _loss(self, photos: np.ndarray) -> torch.Tensor:
        examples, settings = self.examples, self.settings
        loss = self._match(self.image(self._views(photos)), self.text(self._captions(photos)))
        classes = self._match(self.image(examples.classes), self.text(examples.class_names))
        return (
            loss
            + settings.classes * classes
            + settings.concepts * self._concept_loss()
            + settings.parallel * self._parallel_loss()
            + settings.contrasts * sum(self._contrast_loss(contrast) for contrast in examples.contrasts)
        )

    def _match(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        scores = self.log_scale.exp().clamp(max=100) * (a @ b.T)
        same = torch.arange(len(a))
        return (F.cross_entropy(scores, same) + F.cross_entropy(scores.T, same)) / 2

    def _views(self, photos: np.ndarray) -> torch.Tensor:
        views = self.examples.views
        chosen = self.random.integers(len(views), size=len(photos))
        return torch.stack([views[v][p] for v, p in zip(chosen, photos, strict=True)])

    def _captions(self, photos: np.ndarray) -> torch.Tensor:
        return self.examples.captions[[self._any(self.examples.captions_of[p]) for p in photos]]

    def _any(self, choices: Sequence[int] | np.ndarray) -> int:
        return int(choices[self.random.integers(len(choices))])

    def _concept_loss(self) -> torch.Tensor:
        concepts = self.examples.concept_classes
        pictures = self.image(self.examples.classes[[self._any(classes) for classes in concepts]])
        english, korean = (x[: len(concepts)] for x in (self.examples.english, self.examples.korean))
        return (self._match(pictures, self.text(english)) + self._match(pictures, self.text(korean))) / 2

    def _parallel_loss(self) -> torch.Tensor:
        first, count = len(self.examples.concept_classes), len(self.examples.english)
        some = self.random.integers(first, count, self.settings.parallel_batch)
        chosen = np.concatenate([np.arange(first), some])
        return self._match(self.text(self.examples.korean[chosen]), self.text(self.examples.english[chosen]))

    def _contrast_loss(self, contrast: ContrastExamples) -> torch.Tensor:
        """Of two texts that differ in one thing, each photo is nearer to the one that is true of it."""
        half, view = self.settings.contrast_batch // 2, int(self.random.integers(len(self.examples.views)))
        drawn = [self.random.choice(contrast.pool, half, p=weights) for weights in (contrast.weights, None)]
        photos = np.concatenate(drawn)
        first, second = self._contrast_texts(contrast, photos)
        pictures = self.image(self.examples.views[view][photos])
        nearer = (pictures * (self.text(first) - self.text(second))).sum(dim=1)
        scores = self.settings.contrast_scale * nearer
        return F.binary_cross_entropy_with_logits(scores, contrast.chances[view][photos])

    def _contrast_texts(
        self, contrast: ContrastExamples, photos: np.ndarray
    ) -> tuple[torch.Tensor, torch.Tensor]:
        pairs = self.random.integers(len(contrast.first), size=len(photos))
        first, second = contrast.first[pairs], contrast.second[pairs]
        if contrast.own is not None:
            some = photos[::2]
            first[::2] = contrast.own[some]
            second[::2] = self.examples.captions[[self.examples.captions_of[p][0] for p in some]]
        return first, second
