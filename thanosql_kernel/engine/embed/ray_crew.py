"""Workers of a Ray cluster: one actor each, which loads the model once and fills the shared cache.

Plain actors rather than Ray Data: nothing flows back but what failed, a portion is done when it is committed, and who
hands out portions sees each worker end. Between its own processes Ray sends objects with cloudpickle, and whoever
reaches a cluster can run code there; nothing of it is ever stored, and what is sent are plain data and Arrow arrays.
"""

from __future__ import annotations

import importlib
import os
import time
import uuid
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog import Model
from thanosql_kernel.catalog.location import Location
from thanosql_kernel.engine.embed.portion_worker import Order, PortionWorker, order_of
from thanosql_kernel.engine.embed.portions import Crew, Outcome, Worker, WorkerLost
from thanosql_kernel.errors import DataError, ModelError, Span, ThanoSQLError
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.packages import missing, ray_command
from thanosql_kernel.wording import workers
from thanosql_kernel.wording.workers import TS605

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.embed.embedding import Embedding

CORES = 4
"""Of a worker without a GPU."""
STOP_S = 1.0
"""For workers to commit what they have when the user stops the statement."""
ASK_EVERY_S = 0.5
THREADS = 3
"""Of a worker: one embeds, the others answer how far it is and stop it."""


class RayWorkers:
    """Embeds on a Ray cluster; see `portions.Elsewhere`.

    Args:
        engine: ``ray``, or a cluster's address ``ray://host:port``.
        count: How many workers; 0 for as many as the cluster is good for.
        model: What they embed with.
        location: The database.
    """

    def __init__(self, engine: str, count: int, model: Model, location: Location) -> None:
        self._engine = engine
        self._count = count
        self._model = model if model.trained is None else model.trained.on
        self._location = location

    def crew(self, embedding: Embedding) -> Crew:
        """Workers for what an embedding asks for; the cluster is connected to, or started, if it is not yet.

        Raises:
            ModelError: TS605, Ray is not installed.
            DataError: TS605, no cluster answers.
            Interrupted: From the request's work.
        """
        request = embedding.request
        with request.work.progress(str(workers.STARTING), None, ""):
            ray = _connected(self._engine, request.work.check, request.work.span)
        return _RayCrew(ray, self._count, self._location, self._ordered(embedding), request.work.span)

    def _ordered(self, embedding: Embedding) -> Callable[[str | None], Order]:
        return lambda mark: order_of(embedding.request, self._model, self._location.uri, mark)


def _connected(engine: str, check: Callable[[], None], span: Span | None) -> Any:
    """Ray, connected to a cluster."""
    if missing(["ray"]):
        hint = TS605.INSTALL_RAY(command=ray_command())
        raise ModelError(TS605.NO_RAY(engine=engine), span=span, hint=hint)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report to its makers
    ray = importlib.import_module("ray")
    if ray.is_initialized():
        return ray
    address = engine if "://" in engine else os.environ.get("RAY_ADDRESS")
    try:
        with abandonable(check) as call:
            call(lambda: _start(ray, address))
    except ThanoSQLError:
        raise
    except Exception as error:  # whatever gRPC and Ray raise
        message = TS605.NO_CLUSTER(address=address or "127.0.0.1", reason=_first_line(error))
        raise DataError(message, span=span, hint=TS605.CHECK_CLUSTER()) from error
    return ray


def _start(ray: Any, address: str | None) -> None:
    settings: dict[str, Any] = {"log_to_driver": False, "namespace": "thanosql"}
    if address is None:
        settings |= {"include_dashboard": False, "configure_logging": False}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"lance is not fork-safe\b")  # Ray's programs are executed at once
        ray.init(address, **settings)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class _RayCrew:
    """Actors on a cluster; see `portions.Crew`."""

    def __init__(
        self,
        ray: Any,
        count: int,
        location: Location,
        order: Callable[[str | None], Order],
        span: Span | None,
    ) -> None:
        self._ray = ray
        self._span = span
        self._mark = _marked(location)
        self._order = order(None if self._mark is None else str(self._mark))
        self._resources, self.size = _resources(ray, count)
        self._workers: list[_RayWorker] = []

    def hire(self) -> Worker:
        """One more actor, on whatever machine has room."""
        actor = self._ray.remote(PortionActor).options(
            max_concurrency=THREADS, max_restarts=0, scheduling_strategy="SPREAD", **self._resources
        )
        worker = _RayWorker(self._ray, actor.remote(self._order), self._span)
        self._workers.append(worker)
        return worker

    def wait(self, seconds: float) -> None:
        """Return when an actor is done with its portion, or lost."""
        working = [worker.work for worker in self._workers if worker.work is not None]
        if working:
            self._ray.wait(working, num_returns=1, timeout=seconds, fetch_local=False)

    def dismiss(self) -> None:
        """Stop the actors: they have a second to commit what they have."""
        with suppress(Exception):  # some may be lost
            stopping = [
                worker.actor.stop.remote(STOP_S) for worker in self._workers if worker.work is not None
            ]
            if stopping:
                self._ray.wait(stopping, num_returns=len(stopping), timeout=STOP_S)
        for worker in self._workers:
            with suppress(Exception):
                self._ray.kill(worker.actor)
        if self._mark is not None:
            self._mark.unlink(missing_ok=True)


class _RayWorker:
    """An actor; see `portions.Worker`."""

    def __init__(self, ray: Any, actor: Any, span: Span | None) -> None:
        self.actor = actor
        self.work: Any = None
        self.place = "?"
        self._ray = ray
        self._span = span
        self._node = actor.node.remote()
        self._asked: Any = None
        self._asked_s = 0.0
        self._done = 0

    def begin(self, values: pa.Array) -> None:
        """Send a portion."""
        self._done, self._asked = 0, None
        self.work = self.actor.embed.remote(values)

    def done(self) -> int:
        """What the actor said last; it is asked twice a second."""
        if self._asked is None and time.monotonic() - self._asked_s >= ASK_EVERY_S:
            self._asked, self._asked_s = self.actor.done.remote(), time.monotonic()
        elif self._asked is not None and (answer := self._answer(self._asked)) is not None:
            self._done, self._asked = int(answer), None
        return self._done

    def outcome(self) -> Outcome | None:
        """What the actor sent back."""
        if not self._ray.wait([self.work], timeout=0)[0]:
            return None
        work, self.work = self.work, None
        try:
            with suppress(self._ray.exceptions.GetTimeoutError):
                self.place = str(self._ray.get(self._node, timeout=STOP_S))
            return self._checked(self._ray.get(work))
        except self._ray.exceptions.RayTaskError as error:
            raise DataError(
                TS605.WORKER_FAILED(reason=_first_line(error.cause or error)),
                span=self._span,
                hint=TS605.EMBED_HERE(),
            ) from error
        except self._ray.exceptions.RayError as error:
            raise WorkerLost(_first_line(error)) from error

    def _checked(self, answer: Outcome | ThanoSQLError) -> Outcome:
        if isinstance(answer, ThanoSQLError):
            answer.span = self._span
            raise answer
        return answer

    def _answer(self, asked: Any) -> Any | None:
        try:
            return self._ray.get(asked) if self._ray.wait([asked], timeout=0)[0] else None
        except self._ray.exceptions.RayError:  # what became of it is known by its work
            return None


class PortionActor:
    """A `PortionWorker` in a process of Ray's."""

    def __init__(self, order: Order) -> None:
        self._worker = PortionWorker(order, self.node())

    def node(self) -> str:
        """What this machine is called."""
        return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "?")

    def embed(self, values: pa.Array) -> Outcome | ThanoSQLError:
        """Embed a portion; an error for people is an answer too."""
        try:
            return self._worker.embed(values)
        except ThanoSQLError as error:
            return error

    def done(self) -> int:
        """How far the portion is."""
        return self._worker.done

    def stop(self, within_s: float) -> bool:
        """Stop and commit."""
        return self._worker.stop(within_s)


def _marked(location: Location) -> Path | None:
    """A file in a local database that only those see who see the same database."""
    if not location.is_local:
        return None
    folder = location.internal / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / f"{uuid.uuid4().hex}.mark"
    mark.touch()
    return mark


def _resources(ray: Any, count: int) -> tuple[dict[str, float], int]:
    """What an actor takes, and how many there are."""
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    gpus, cores = _each(nodes, "GPU"), _each(nodes, "CPU")
    if sum(gpus) >= 1:
        return {"num_gpus": 1, "num_cpus": 0}, count or int(sum(gpus))
    of_node = max(1, int(min(cores, default=1)))
    if count:
        return {"num_cpus": max(1, min(of_node, int(sum(cores)) // count))}, count
    of_worker = min(CORES, of_node)
    return {"num_cpus": of_worker}, max(1, sum(int(found) // of_worker for found in cores))


def _each(nodes: Sequence[Any], resource: str) -> list[float]:
    return [float(node[resource]) for node in nodes if node.get(resource)]
