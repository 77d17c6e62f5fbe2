"""Sharing out what is missing among workers: portions of values, each embedded into the shared cache by one of them.

A worker that is lost takes with it what it had not committed, and nothing else: its portion is given to another one,
which finds in the cache what was.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypedDict

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.values import OutOfReach
from thanosql_kernel.errors import DataError
from thanosql_kernel.wording.workers import TS605

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.embed.digests import Digests
    from thanosql_kernel.engine.embed.values import DistinctValues, Failures
    from thanosql_kernel.engine.work import Work
    from thanosql_kernel.statements.runtime import Progress

MOST_VALUES = 100_000
LEAST_VALUES = 64
"""Fewer values are no portion, and so few are not shared out at all."""
PORTIONS_A_WORKER = 4
"""So that no worker is left with much to do when the others are done."""
MOST_LOSSES = 3
"""Workers that may be lost over a portion."""


class Outcome(TypedDict):
    """What has become of the values of a portion, by their positions in it.

    Attributes:
        embedded: Those whose vector is new.
        failed: Those that cannot be embedded, why, and whether because nothing is known of their file.
        losses: Those of which a part is missing, and what.
        unread: What the model passed over in texts.
    """

    embedded: list[int]
    failed: list[tuple[int, str, bool]]
    losses: list[tuple[int, str]]
    unread: list[str]


class WorkerLost(Exception):
    """A worker ended."""


class Worker(Protocol):
    """Embeds one portion at a time."""

    @property
    def place(self) -> str:
        """Which machine it is on, for people."""
        ...

    def begin(self, values: pa.Array) -> None:
        """Begin to embed some values."""
        ...

    def done(self) -> int:
        """How many of them it has been through so far, as far as is known."""
        ...

    def outcome(self) -> Outcome | None:
        """What has become of them; None as long as that is not known.

        Raises:
            WorkerLost: It ended.
            ThanoSQLError: It cannot embed anything.
        """
        ...


class Crew(Protocol):
    """Workers."""

    @property
    def size(self) -> int:
        """How many there are at most."""
        ...

    def hire(self) -> Worker:
        """One more; it may begin before it is ready."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when a worker may have something to say, or when the time is over."""
        ...

    def dismiss(self) -> None:
        """Let all go: what they have embedded is committed, if that takes less than a moment."""
        ...


class TakesOver(Protocol):
    """Takes over what has become of items; an `embedding.Embedding` does."""

    items: DistinctValues
    contents: Digests
    is_new: NDArray[np.bool_]
    losses: Failures

    @property
    def work(self) -> Work:
        """How it talks to the user."""
        ...

    def is_there(self, index: int) -> bool:
        """Whether there is a file behind an item now."""
        ...

    def fail(self, index: int, reason: str) -> None:
        """Note that an item failed."""
        ...


@dataclass(slots=True)
class Portion:
    """Values that one worker embeds.

    Attributes:
        indices: int64 (n,): which items they are.
        values: What is embedded (n,): texts, paths, or pictures as they stand in the column.
        shown: How many of them the bar has been told of.
        losses: How many workers have been lost over them.
    """

    indices: NDArray[np.int64]
    values: pa.Array
    shown: int = 0
    losses: int = field(default=0)


def portion_size(count: int, workers: int) -> int:
    """Values a portion."""
    return min(MOST_VALUES, max(LEAST_VALUES, -(-count // (workers * PORTIONS_A_WORKER))))


class Sharing:
    """One embedding's missing values on their way to workers.

    Args:
        embedding: What they are missing for; it takes over what becomes of them.
        portions: The values.
        crew: The workers.
        bar: Told of each value.
    """

    POLL_S = 0.1

    def __init__(self, embedding: TakesOver, portions: Iterator[Portion], crew: Crew, bar: Progress) -> None:
        self._embedding = embedding
        self._portions = portions
        self._crew = crew
        self._bar = bar
        self._again: deque[Portion] = deque()
        self._busy: list[tuple[Worker, Portion]] = []
        self._idle: list[Worker] = []
        self.unread: dict[str, None] = {}

    def run(self) -> None:
        """Have all of it embedded.

        Raises:
            DataError: TS605, a worker cannot do it; TS501, an item cannot be read and ``on_error`` is "fail".
            Interrupted: From the request's work.
        """
        check = self._embedding.work.check
        try:
            while self._hand_out():
                check()
                self._crew.wait(self.POLL_S)
                for worker, portion in list(self._busy):
                    self._look(worker, portion)
        finally:
            self._crew.dismiss()

    def _hand_out(self) -> bool:
        """Give whoever is free a portion; whether anybody works."""
        while len(self._busy) < self._crew.size and (portion := self._next()) is not None:
            worker = self._idle.pop() if self._idle else self._crew.hire()
            worker.begin(portion.values)
            self._busy.append((worker, portion))
        return bool(self._busy)

    def _next(self) -> Portion | None:
        return self._again.popleft() if self._again else next(self._portions, None)

    def _look(self, worker: Worker, portion: Portion) -> None:
        try:
            outcome = worker.outcome()
        except WorkerLost as lost:
            self._busy.remove((worker, portion))
            self._lose(portion, lost)
            return
        if outcome is None:
            self._show(portion, worker.done())
            return
        self._busy.remove((worker, portion))
        self._idle.append(worker)
        self._show(portion, len(portion.indices), errors=len(outcome["failed"]))
        self._take_over(worker, portion, outcome)

    def _show(self, portion: Portion, done: int, errors: int = 0) -> None:
        done = min(done, len(portion.indices))
        if done > portion.shown or errors:
            self._bar.advance(max(0, done - portion.shown), errors=errors)
            portion.shown = max(done, portion.shown)

    def _lose(self, portion: Portion, lost: WorkerLost) -> None:
        portion.losses += 1
        if portion.losses >= MOST_LOSSES:
            first, count = self._embedding.items.named(int(portion.indices[0])), len(portion.indices)
            message = TS605.WORKERS_END(count=count, first=first, reason=lost)
            raise DataError(message, span=self._embedding.work.span, hint=TS605.EMBED_HERE())
        self._again.append(portion)

    def _take_over(self, worker: Worker, portion: Portion, outcome: Outcome) -> None:
        embedding, indices = self._embedding, portion.indices
        embedding.is_new[indices[outcome["embedded"]]] = True
        for at, told in outcome["losses"]:
            embedding.losses.add(int(indices[at]), told)
        for at, reason, is_out_of_reach in outcome["failed"]:
            index = int(indices[at])
            embedding.contents[index] = b""
            if is_out_of_reach and embedding.is_there(index):
                named = embedding.items.named(index)
                message = TS605.NO_FILE_THERE(node=worker.place, file=named, reason=reason)
                raise DataError(message, span=embedding.work.span, hint=TS605.SAME_PATHS())
            embedding.fail(index, OutOfReach(reason) if is_out_of_reach else reason)
        self.unread |= dict.fromkeys(outcome["unread"])


def in_portions(indices: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    """Items, so many at a time."""
    for at in range(0, len(indices), size):
        yield indices[at : at + size]


def as_pictures(pictures: Sequence[tuple[int, bytes]]) -> tuple[NDArray[np.int64], pa.Array]:
    """Items, and their pictures as workers get them."""
    import pyarrow as pa

    indices = np.array([index for index, _ in pictures], dtype=np.int64)
    return indices, pa.array([content for _, content in pictures], pa.large_binary())


def as_texts(values: Sequence[str]) -> pa.Array:
    """Paths as workers get them."""
    import pyarrow as pa

    return pa.array(values, pa.large_string())
