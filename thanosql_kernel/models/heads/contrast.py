"""Linear maps that bring what belongs together nearer than anything else in a batch.

The loss is the symmetric InfoNCE of CLIP (Radford et al. 2021, https://arxiv.org/abs/2103.00020), which is SimCLR's
(Chen et al. 2020, https://arxiv.org/abs/2002.05709) where both sides are views of one thing. The maps begin as they
are, mostly the identity, and are held near that: with few pairs they move little. Steps are Adam's (Kingma and Ba
2015, https://arxiv.org/abs/1412.6980).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BATCH = 256
MOST_EPOCHS = 60
PATIENCE = 10
MOST_TURNS = 5
"""Of so many texts of one picture the loss is looked at."""
TEMPERATURE = 0.05
RATE = 1e-4
"""Of frozen vectors that are good already; ten times as fast, maps learn a few hundred pairs by heart."""
SMOOTHING = 0.9
"""What is kept is a running mean of the maps, of about the last ten epochs: single epochs swing."""
PULL = 0.2
"""How strongly a map is held near where it began, beside a loss of about 1."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Unit vectors that belong together, row by row.

    Attributes:
        left: (n, d).
        right: (n, d).
        groups: (n,): rows of one group say the same, as several texts of one picture; no two of them are told apart.
    """

    left: Floats
    right: Floats
    groups: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.left)

    def at(self, rows: NDArray[np.int64]) -> Pairs:
        """Some of them."""
        return Pairs(self.left[rows], self.right[rows], self.groups[rows])

    def one_of_each(self, random: np.random.Generator) -> NDArray[np.int64]:
        """The rows of one pair of each group, in random order."""
        order = random.permutation(len(self))
        return order[np.unique(self.groups[order], return_index=True)[1]][random.permutation(self.count)]

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(np.unique(self.groups))


@dataclass(frozen=True, slots=True)
class Maps:
    """The linear maps (d, d) of both sides; the same where they are one."""

    left: Floats
    right: Floats

    def of(self, pairs: Pairs) -> Pairs:
        """Mapped pairs, of length one."""
        left, right = _unit(pairs.left @ self.left), _unit(pairs.right @ self.right)
        return Pairs(left, right, pairs.groups)


def identity(dim: int) -> Maps:
    """Maps that change nothing."""
    eye = np.eye(dim, dtype=np.float32)
    return Maps(eye, eye)


def fit(
    pairs: Pairs,
    choosing: Pairs,
    start: Maps,
    *,
    shared: bool,
    told: Callable[[int, float, float], None],
    seed: int = 0,
) -> Maps:
    """The maps with the smallest loss on pairs that were kept for choosing; training ends where it grows again.

    They are means over epochs (Polyak and Juditsky 1992, https://doi.org/10.1137/0330046).

    Args:
        pairs: What is trained on.
        choosing: What decides when to stop.
        start: Where the maps begin, and what they are held near.
        shared: Whether both sides have one map.
        told: Called after each epoch with its number, the loss of training and that of choosing; may raise.
        seed: Of the order of pairs.
    """
    random = np.random.default_rng(seed)
    maps = mean = best = start
    least, worse = loss_of(choosing, start), 0
    adam = _Adam(2, start.left.shape)
    for epoch in range(1, MOST_EPOCHS + 1):
        losses = []
        for rows in _batches(pairs.one_of_each(random)):
            loss, gradients = _gradients(pairs.at(rows), maps)
            losses.append(loss)
            maps = _step(maps, start, gradients, adam, shared=shared)
        mean = _between(mean, maps)
        kept = loss_of(choosing, mean)
        told(epoch, float(np.mean(losses)), kept)
        if kept < least:
            best, least, worse = mean, kept, 0
        elif (worse := worse + 1) >= PATIENCE:
            break
    return best


def loss_of(pairs: Pairs, maps: Maps) -> float:
    """InfoNCE of mapped pairs, batch by batch; of several of one group each once, none beside another."""
    order = np.argsort(pairs.groups, kind="stable")
    sizes = np.bincount(np.unique(pairs.groups, return_inverse=True)[1])
    turn = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    turns = (order[turn == number] for number in range(min(int(sizes.max()), MOST_TURNS)))
    rows = [some for one in turns if len(one) > 1 for some in _batches(one)]
    return float(np.mean([_gradients(pairs.at(some), maps)[0] for some in rows])) if rows else 0.0


def _between(mean: Maps, maps: Maps) -> Maps:
    """The running mean with one more."""
    left = SMOOTHING * mean.left + (1 - SMOOTHING) * maps.left
    if maps.left is maps.right:
        return Maps(left, left)
    return Maps(left, SMOOTHING * mean.right + (1 - SMOOTHING) * maps.right)


def recall(pairs: Pairs, best: int = 1) -> float:
    """Of how many left vectors the right one is among the ``best`` nearest; ties count against it."""
    return float((ranks(pairs) <= best).mean())


def ranks(pairs: Pairs) -> NDArray[np.int64]:
    """Of each left vector (n,) the rank, from 1 on, of its right one among those of all groups."""
    _, first, of_row = np.unique(pairs.groups, return_index=True, return_inverse=True)
    found = np.empty(len(pairs), np.int64)
    for start in range(0, len(pairs), 1024):
        rows = slice(start, start + 1024)
        scores = pairs.left[rows] @ pairs.right[first].T
        own = np.take_along_axis(scores, of_row[rows, None], axis=1)
        found[rows] = (scores >= own).sum(axis=1)
    return found


def _batches(order: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The rows in batches of about `BATCH`, none much smaller than the others."""
    return np.array_split(order, max(1, round(len(order) / BATCH)))


def _gradients(pairs: Pairs, maps: Maps) -> tuple[float, tuple[Floats, Floats]]:
    """The loss of a batch, and its gradients by both maps."""
    raw = pairs.left @ maps.left, pairs.right @ maps.right
    lengths = [np.linalg.norm(side, axis=1, keepdims=True) for side in raw]
    left, right = raw[0] / lengths[0], raw[1] / lengths[1]
    logits = left @ right.T / TEMPERATURE
    rows, columns = _softmax(logits), _softmax(logits.T).T
    diagonal = np.arange(len(logits))
    loss = -0.5 * (np.log(rows[diagonal, diagonal]) + np.log(columns[diagonal, diagonal])).mean()
    error = (rows + columns) / (2 * len(logits) * TEMPERATURE)
    error[diagonal, diagonal] -= 1 / (len(logits) * TEMPERATURE)
    return float(loss), (
        pairs.left.T @ _through_length(error @ right, left, lengths[0]),
        pairs.right.T @ _through_length(error.T @ left, right, lengths[1]),
    )


def _through_length(gradient: Floats, unit: Floats, length: Floats) -> Floats:
    """The gradient by a vector of that by the same vector of length one."""
    found: Floats = (gradient - unit * (gradient * unit).sum(axis=1, keepdims=True)) / length
    return found


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = np.maximum(shifted / shifted.sum(axis=1, keepdims=True), 1e-30)
    return found


class _Adam:
    """Adam's running means for some matrices of one shape."""

    def __init__(self, count: int, shape: tuple[int, ...]) -> None:
        self.means = [np.zeros(shape, np.float32) for _ in range(count)]
        self.squares = [np.zeros(shape, np.float32) for _ in range(count)]
        self.steps = [0] * count

    def step(self, index: int, gradient: Floats) -> Floats:
        """What to take away from the matrix of that index."""
        self.steps[index] += 1
        self.means[index] += 0.1 * (gradient - self.means[index])
        self.squares[index] += 0.001 * (gradient**2 - self.squares[index])
        mean = self.means[index] / (1 - 0.9 ** self.steps[index])
        square = self.squares[index] / (1 - 0.999 ** self.steps[index])
        step: Floats = (RATE * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
        return step


def _step(maps: Maps, start: Maps, gradients: tuple[Floats, Floats], adam: _Adam, *, shared: bool) -> Maps:
    if shared:
        moved = maps.left - adam.step(0, sum(gradients) + PULL * (maps.left - start.left))
        return Maps(moved, moved)
    left = maps.left - adam.step(0, gradients[0] + PULL * (maps.left - start.left))
    right = maps.right - adam.step(1, gradients[1] + PULL * (maps.right - start.right))
    return Maps(left, right)


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit
