"""What a worker does with portions, in a process of its own on any machine: it fills the cache, and says what fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from thanosql_kernel.catalog import Column, Model
from thanosql_kernel.catalog.location import locate
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.catalog.store import decode_model, encode_model
from thanosql_kernel.engine.embed.cache import EmbeddingCache
from thanosql_kernel.engine.embed.embedding import Embedding, EmbedRequest
from thanosql_kernel.engine.embed.filling import fill
from thanosql_kernel.engine.embed.portions import Outcome
from thanosql_kernel.engine.embed.weights import encoder_of
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.maintenance import Maintenance, TendedTables
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Interrupted
from thanosql_kernel.wording import answers, language, set_language
from thanosql_kernel.wording.workers import TS605

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder

PACKAGE = "thanosql-kernel"
COMMIT_S = 30.0

_log = logging.getLogger(__name__)


class Order(TypedDict):
    """What workers are to do, as plain data.

    Attributes:
        version: Of this package, on the machine that asks.
        language: What reasons are told in.
        database: The database's address.
        mark: A file in a local database, which whoever sees the same database sees too; None in object storage.
        folders: Where relative paths start.
        model: The model, see `catalog.store.encode_model`.
        fingerprint: Of its weights.
        kind: What the values are.
        source: What their column is called.
        batch_size: Items that the model takes at once.
        views: Of how many views of a picture a vector is the mean.
        commit_s: How often what was embedded is committed: what a killed worker may lose.
    """

    version: str
    language: str
    database: str
    mark: str | None
    folders: tuple[str, ...]
    model: dict[str, Any]
    fingerprint: str
    kind: Any
    source: str
    batch_size: int
    views: int
    commit_s: float


def order_of(request: EmbedRequest, model: Model, database: str, mark: str | None) -> Order:
    """What a request asks of workers."""
    return {
        "version": version(PACKAGE),
        "language": language(),
        "database": database,
        "mark": mark,
        "folders": request.work.paths.folders,
        "model": encode_model(model),
        "fingerprint": request.encoder.fingerprint,
        "kind": request.kind,
        "source": request.source,
        "batch_size": request.batch_size,
        "views": request.views,
        "commit_s": COMMIT_S,
    }


@dataclass(slots=True)
class _Count:
    """How far a portion is; shows nothing."""

    done: int = 0

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        self.done += n

    def tell(self, text: str) -> None:
        """Nobody reads it."""


class PortionWorker:
    """Embeds portions; one thread embeds, others may ask how far it is, and stop it.

    Args:
        order: What to do.
        node: What this machine is called.
    """

    def __init__(self, order: Order, node: str = "") -> None:
        self._order = order
        self._node = node
        self._stopped = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._count = _Count()
        self._encoder: Encoder | None = None
        set_language(order["language"])
        self._store = Store(locate(order["database"]))
        self._cache = EmbeddingCache(TendedTables(self._store, Maintenance(self._store)))

    @property
    def done(self) -> int:
        """Values of the portion in hand that are done."""
        return self._count.done

    def stop(self, within_s: float) -> bool:
        """Stop and commit what is embedded; whether that is done by then."""
        self._stopped.set()
        return self._idle.wait(within_s)

    def embed(self, values: pa.Array) -> Outcome:
        """Embed the values (n,) that the cache has no vector of.

        Raises:
            DataError: TS605, this machine cannot do it.
            ThanoSQLError: As CONVERT's.
            Interrupted: It was stopped.
        """
        import pyarrow as pa

        self._count = _Count()
        self._idle.clear()
        try:
            kind = "BLOB" if pa.types.is_large_binary(values.type) else "VARCHAR"
            source = self._order["source"]
            rows = ArrowRelation(pa.table({source: values}), [Column(source, kind)])
            return _outcome(fill(rows, self._request(), self._cache))
        finally:
            self._idle.set()

    def _request(self) -> EmbedRequest:
        order = self._order
        work = Work(
            Path(order["folders"][-1]),
            self._check,
            finder=PathFinder(tuple(order["folders"])),
            progress=self._bar,
        )
        encoder = self._encoder = self._encoder or self._loaded(work)
        return EmbedRequest(
            encoder,
            order["kind"],
            order["source"],
            work,
            order["batch_size"],
            views=order["views"],
            commit_s=order["commit_s"],
        )

    def _loaded(self, work: Work) -> Encoder:
        """The model, on a machine that is found to be fit for the work."""
        order, node = self._order, self._node
        if order["version"] != (here := version(PACKAGE)):
            message = TS605.OTHER_VERSION(node=node, there=here, here=order["version"])
            raise DataError(message, hint=TS605.SAME_VERSION())
        if order["mark"] is not None and not Path(order["mark"]).exists():
            message = TS605.NO_DATABASE_THERE(node=node, database=order["database"])
            raise DataError(message, hint=TS605.SAME_PATHS())
        model = decode_model(order["model"], Path())
        encoder = encoder_of(model, work)
        if encoder.fingerprint != order["fingerprint"]:
            message = TS605.OTHER_WEIGHTS(node=node, model=model.name)
            raise DataError(message, hint=TS605.SAME_WEIGHTS())
        return encoder

    def _check(self) -> None:
        if self._stopped.is_set():
            raise Interrupted

    @contextmanager
    def _bar(self, label: str, total: int | None, unit: str) -> Iterator[_Count]:
        """Counts what is embedded, and nothing else that shows how far it is."""
        count = _Count()
        if label == answers.EMBEDDING(column=self._order["source"]):
            self._count = count
        yield count


def _outcome(embedding: Embedding) -> Outcome:
    out_of_reach = embedding.failures.out_of_reach
    return {
        "embedded": embedding.is_new.nonzero()[0].tolist(),
        "failed": [(at, str(reason), bool(out_of_reach[at])) for at, reason in embedding.failures.every()],
        "losses": [(at, str(told)) for at, told in embedding.losses.every()],
        "unread": list(embedding.unread),
    }
