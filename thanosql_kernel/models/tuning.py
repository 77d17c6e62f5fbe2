"""Which way of running an image tower is fastest on this machine: found out once, by running them on real pictures.

A way counts only if its vectors of the very pictures that are being embedded agree with torch's in float32.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from thanosql_kernel.models.graphs import CompiledTower, KeptGraph, Shape, best_precision, machine, shapes
from thanosql_kernel.wording import models

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from thanosql_kernel.models.graphs import Precision

    Floats = NDArray[np.float32]

Run = Callable[["Floats"], "Floats"]
Step = Callable[[], str]

LEAST_COSINE = 0.9995
"""Between vectors of one picture from a faster way and from torch in float32."""

COMPARED = 8
TIMED = 16
TIMED_S = 0.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tower:
    """An image tower, as tuning sees it.

    Attributes:
        name: Of its weights.
        usual: Gives vectors as torch runs it here.
        exact: Gives them in float32.
        make: Makes its graph.
        kept: Where that is kept.
        int8: Whether the graph is that of the quantized tower, which nothing else stands for.
        halves: Whether its matrices may be bfloat16.
    """

    name: str
    usual: Run
    exact: Run
    make: Callable[[], Any]
    kept: KeptGraph
    int8: bool = False
    halves: bool = True

    def graph(self) -> Any:
        """Its graph, made if there is none.

        Raises:
            Exception: whatever OpenVINO finds that it cannot translate.
        """
        graph = self.kept.read()
        if graph is None:
            graph = self.make()
            self.kept.write(graph)
        return graph

    def compiled(self, graph: Any, shape: Shape) -> CompiledTower:
        """A graph of it, ready to run."""
        precision: Precision = best_precision() if self.halves and not self.int8 else "f32"
        return CompiledTower(graph, shape, precision)


class Tuning:
    """Finding the fastest way, step by step.

    Args:
        tower: What is run.
        pictures: Some of those that are to be embedded (n, 3, side, side).

    Attributes:
        fastest: What was found; None for torch.
    """

    def __init__(self, tower: Tower, pictures: Floats) -> None:
        self.fastest: CompiledTower | None = None
        self._tower = tower
        self._pictures = pictures[:TIMED]
        self._note = f"{machine()}.json"
        self._graph: Any = None
        self._expected: Floats
        self._best_rate = 0.0

    def steps(self) -> list[Step]:
        """What is to be done, each step in at most a few seconds; each returns what to tell the user, or ""."""
        known = self._known()
        if known is not None and not known.pictures:
            return []
        some = shapes() if known is None else (known,)
        steps: list[Step] = [self._prepare, *(partial(self._try, shape) for shape in some)]
        if known is None:
            steps += [self._time_torch, self._remember]
        return [partial(self._forgiven, step) for step in steps]

    def _forgiven(self, step: Step) -> str:
        """Do a step; where it fails, torch will do."""
        try:
            return step()
        except Exception:
            _log.warning("%s is run by torch: a faster way failed", self._tower.name, exc_info=True)
            self.fastest, self._graph = None, None
            return ""

    def _prepare(self) -> str:
        self._graph = self._tower.graph()
        self._expected = self._tower.exact(self._pictures[:COMPARED])
        return ""

    def _try(self, shape: Shape) -> str:
        """Compile the graph for a shape, and take it if it agrees and is faster than those before."""
        if self._graph is None:
            return ""
        run = self._tower.compiled(self._graph, shape)
        likeness = cosines(run(self._pictures[:COMPARED]), self._expected)
        least = float(likeness.min())
        if not self._tower.int8 and not least >= LEAST_COSINE:
            _log.warning("%s: the graph's vectors differ: cosine %.5f", self._tower.name, least)
            return ""
        rate = _rate(run, self._pictures)
        _log.info("%s as a graph, %s: %.1f pictures a second", self._tower.name, shape, rate)
        if rate > self._best_rate:
            self.fastest, self._best_rate = run, rate
        return ""

    def _time_torch(self) -> str:
        """Torch may be as fast."""
        if self.fastest is not None and not self._tower.int8:
            rate = _rate(self._tower.usual, self._pictures)
            _log.info("%s by torch: %.1f pictures a second", self._tower.name, rate)
            if rate >= self._best_rate:
                self.fastest = None
        return ""

    def _remember(self) -> str:
        """The next process on this machine need not measure; whatever failed is tried again."""
        if self._graph is not None:
            shape = self.fastest.shape if self.fastest is not None else Shape(0, 0)
            self._tower.kept.write_note(self._note, json.dumps(asdict(shape)))
        return ""

    def _known(self) -> Shape | None:
        """What was found out before; no pictures in it for torch."""
        try:
            known = Shape(**json.loads(self._tower.kept.note(self._note) or ""))
        except (ValueError, TypeError):
            return None
        return known if known == Shape(0, 0) or known in shapes() else None


def told_loss(tower: Tower, run: Run, pictures: Floats) -> str:
    """What a quantized tower loses on some pictures, in words."""
    likeness = cosines(run(pictures[:COMPARED]), tower.exact(pictures[:COMPARED]))
    return models.INT8_LOSS(
        model=tower.name, mean=f"{likeness.mean():.4f}", least=f"{likeness.min():.4f}", count=len(likeness)
    )


def cosines(some: Floats, others: Floats) -> Floats:
    """Of vectors (n, dim) of length one with those of the same row."""
    found: Floats = np.einsum("ij,ij->i", some, others)
    return found


def _rate(run: Run, pictures: Floats) -> float:
    """Pictures a second, at best: other programs run, too."""
    run(pictures)
    began, least = time.perf_counter(), float("inf")
    while time.perf_counter() - began < TIMED_S:
        started = time.perf_counter()
        run(pictures)
        least = min(least, time.perf_counter() - started)
    return len(pictures) / least
