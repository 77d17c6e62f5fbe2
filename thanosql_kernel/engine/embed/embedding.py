"""Embedding the distinct values of a column: what is missing is found, embedded, and kept in the cache.

Everything computed goes into the cache about once a second, so that an interrupt or a killed kernel costs a second
of work.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column, EmbeddingKind, GeneratedColumn, Model, Weights
from thanosql_kernel.engine.embed.cache import CachedVectors
from thanosql_kernel.engine.embed.digests import KEY, Digests, digest_strings
from thanosql_kernel.engine.embed.portions import (
    LEAST_VALUES,
    Crew,
    Portion,
    Sharing,
    in_portions,
    portion_size,
)
from thanosql_kernel.engine.embed.shards import Shard
from thanosql_kernel.engine.embed.values import DistinctValues, Failures
from thanosql_kernel.engine.embed.vectors import Located
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.work import Advancing, Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.films.sampling import Sampling
from thanosql_kernel.interrupts import Side, abandonable
from thanosql_kernel.models.encoder import SelectiveReader, Wide
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.statements.vectors import OnError
from thanosql_kernel.wording import answers, data
from thanosql_kernel.wording.data import TS501

if TYPE_CHECKING:
    from thanosql_kernel.engine.embed.film_cache import CachedFilms
    from thanosql_kernel.models.encoder import Encoder

Floats = NDArray[np.float32]

FLUSH_AFTER_S = 1.0
COMMIT_ROWS = 100_000
"""Vectors of a commit at most, however long it may wait: 200 MB of 512 numbers each."""
DEFAULT_BATCH = 16
MAX_BATCH = 32
"""At CLIP's 26 pictures a second on two cores a batch takes about a second: the user can stop between batches."""
TEXT_CHUNK = 4096
_MOST_NAMED = 5


class EmbeddedContents:
    """The contents that a statement has embedded, by cache table: one that begins anew tells of all of them.

    Attributes:
        by: What embedded them: it lives as long as the statement, and no longer for the sake of its result.
    """

    def __init__(self) -> None:
        self.by: list[object] = []
        self._before: dict[str, Digests] = {}
        self._now: dict[str, Digests] = {}

    def before(self, table: str) -> Digests:
        """Those (n,) that it embedded before it began anew."""
        return self._before.get(table, np.empty(0, dtype=KEY))

    def add(self, table: str, contents: Digests) -> None:
        """Some more have been embedded."""
        self._now[table] = np.concatenate([self._now.get(table, np.empty(0, dtype=KEY)), contents])

    def begin_anew(self) -> None:
        """The statement runs again from the start."""
        for table, contents in self._now.items():
            self._before[table] = np.union1d(self.before(table), contents)
        self._now = {}
        self.by = []


@dataclass(frozen=True, slots=True)
class EmbedRequest:
    """What a CONVERT was asked to do, and how it talks to the user meanwhile.

    Attributes:
        encoder: The loaded model.
        kind: What the column holds.
        source: The column's name.
        work: How it talks to the user.
        batch_size: Items that the model takes at once.
        on_error: What an item that cannot be read does.
        embedded: What the statement has embedded, also before it began anew.
        views: Of how many views of a picture a vector is the mean.
        sampling: Which frames stand for a film.
        shard: Which of the column's values are embedded.
        commit_s: How often what was embedded goes into the cache; `FLUSH_AFTER_S` without it.
        elsewhere: Where values are embedded, if not here.
    """

    encoder: Encoder
    kind: EmbeddingKind
    source: str
    work: Work = field(default_factory=Work)
    batch_size: int = DEFAULT_BATCH
    on_error: OnError = "null"
    embedded: EmbeddedContents = field(default_factory=EmbeddedContents)
    views: int = 1
    sampling: Sampling = field(default_factory=Sampling)
    shard: Shard = field(default_factory=Shard)
    commit_s: float | None = None
    elsewhere: Elsewhere | None = None

    @property
    def batch(self) -> int:
        """Items a batch, within bounds; of pictures more, unless few are asked for, where the model wants many."""
        size = min(max(1, self.batch_size), MAX_BATCH)
        is_few = size < DEFAULT_BATCH or self.kind == "text"
        return (
            size if is_few or not isinstance(self.encoder, Wide) else max(size, self.encoder.pictures_at_once)
        )

    def column(self, name: str, model: Model, rows: Relation) -> Column:
        """The vector column that becomes of the source's column in rows."""
        weights = Weights(self.encoder.name, self.encoder.revision, self.encoder.fingerprint)
        source, base = rows.column(self.source).name, spec_of(model).base
        made = GeneratedColumn(model.name, base, self.kind, source, weights, self.encoder.dim, self.views)
        made = replace(made, sampling=self.sampling.encoded) if self.kind == "video" else made
        return Column(name, made.type, made)


class Embedding(ABC):
    """The embedding of distinct items.

    Attributes:
        values: Digests (u,) of the items' values.
        states: Digests (u,) of the states of the files behind them; zero bytes where there is none that tells contents
            apart, so for texts.
        contents: Digests (u,) of the items' contents; zero bytes while unknown and for what failed.
        failures: Items that cannot be embedded.
        losses: Items of which a part is missing.
        is_new: bool (u,): items that were embedded here.
        unread: What the model passed over in texts of which it read the rest.
    """

    unit = "items"

    def __init__(
        self, request: EmbedRequest, items: DistinctValues, vectors: CachedVectors | CachedFilms
    ) -> None:
        self.request = request
        self.items = items
        self.vectors = vectors
        self.values = self._digested()
        self.states: Digests = np.zeros(len(items), dtype=KEY)
        self.contents: Digests = np.zeros(len(items), dtype=KEY)
        self.failures = Failures(len(items))
        self.losses = Failures(len(items))
        self.is_new = np.zeros(len(items), dtype=np.bool_)
        self.unread: dict[str, None] = {}
        self._chunk: list[tuple[Digests, Floats]] = []
        self._flushed_s = time.perf_counter()
        self.call: Side

    @property
    def work(self) -> Work:
        """How it talks to the user."""
        return self.request.work

    def _digested(self) -> Digests:
        parts = [np.empty(0, KEY)]
        for chunk in self.items.slices(TEXT_CHUNK):
            self.request.work.check()
            parts.append(digest_strings(chunk))
        return np.concatenate(parts)

    @abstractmethod
    def look(self) -> None:
        """Find out what is behind the items now, but for what has to be read for it."""

    @abstractmethod
    def embed(self, todo: NDArray[np.int64], bar: Advancing) -> None:
        """Embed those items, a batch at a time."""

    def last_contents(self, items: NDArray[np.bool_]) -> Digests:
        """What files that cannot be reached held when they last could be (u,), of some items; zero bytes for others."""
        return np.zeros(len(self.items), dtype=KEY)

    def run(self, needed: NDArray[np.bool_]) -> None:
        """Embed what is missing of the items needed (u,); whatever happens, keep what was embedded.

        Raises:
            DataError: TS501, an item cannot be read and ``on_error`` is "fail".
            Interrupted: from the request's work.
        """
        self.refuse_failures()
        todo = self._missing(needed)
        if self.request.elsewhere is not None and len(shared := self.shareable(todo)) >= LEAST_VALUES:
            self._share_out(shared, self.request.elsewhere)
            todo = self._missing(needed)
        if len(todo):
            self._embed_here(todo)
            self.tidy()
        if self.unread:
            unread = list(self.unread)
            named = ", ".join(unread[:_MOST_NAMED]) + (" …" if len(unread) > _MOST_NAMED else "")
            self.request.work.notice(answers.PARTLY_READ_TEXTS(model=self.request.encoder.name, unread=named))

    def _missing(self, needed: NDArray[np.bool_]) -> NDArray[np.int64]:
        return self.find_missing(np.flatnonzero(needed & ~self.failures.mask))

    def _share_out(self, todo: NDArray[np.int64], elsewhere: Elsewhere) -> None:
        """Have workers embed those items into the cache."""
        label, crew = answers.EMBEDDING(column=self.request.source), elsewhere.crew(self)
        with self.request.work.progress(label, len(todo), self.unit) as bar:
            sharing = Sharing(self, self.portions(todo, crew.size), crew, bar)
            sharing.run()
        self.unread |= sharing.unread
        self.tidy()

    def shareable(self, todo: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of those items other machines can embed as well."""
        return todo[:0]

    def portions(self, todo: NDArray[np.int64], workers: int) -> Iterator[Portion]:
        """Those items, for so many workers."""
        return iter(())

    def is_there(self, index: int) -> bool:
        """Whether there is a file behind an item now."""
        return False

    def _embed_here(self, todo: NDArray[np.int64]) -> None:
        self._flushed_s = time.perf_counter()
        label = answers.EMBEDDING(column=self.request.source)
        with (
            self.request.work.progress(label, len(todo), self.unit) as bar,
            abandonable(self.request.work.check) as self.call,
        ):
            try:
                self.embed(todo, bar)
            finally:
                self.flush()

    def find_missing(self, needed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of the items needed may have to be embedded: those whose content, if known, has no vector."""
        return needed[self.vectors.locate(self.contents[needed], self.request.work.check).offsets < 0]

    def located(self, contents: Digests) -> Located:
        """Where the vectors (u,) of contents are now."""
        return self.vectors.locate(contents, self.request.work.check)

    def are_kept(self, contents: Digests) -> NDArray[np.bool_]:
        """Of which contents (n,) that rows have had vectors of these are there still: all that stand in the rows."""
        return np.ones(len(contents), dtype=np.bool_)

    def tidy(self) -> None:
        """Keep the cache quick to read."""
        self.vectors.tidy(self.request.work.check)

    def keep(self, indices: NDArray[np.int64], vectors: Floats) -> int:
        """Take over the vectors of some items; returns how many are no numbers and so failed."""
        good = np.isfinite(vectors).all(axis=1)
        for index in indices[~good]:
            self.fail(int(index), data.NO_VECTOR())
        self.contents[indices[~good]] = b""
        self.is_new[indices[good]] = True
        self._chunk.append((self.contents[indices[good]], vectors[good]))
        return int((~good).sum())

    def flush_if_due(self) -> None:
        """Write what is not in the cache yet if the last time is a second ago, or as the request says."""
        wait_s = FLUSH_AFTER_S if self.request.commit_s is None else self.request.commit_s
        waiting = sum(len(contents) for contents, _ in self._chunk)
        if waiting >= COMMIT_ROWS or time.perf_counter() - self._flushed_s >= wait_s:
            self.flush()

    def flush(self) -> None:
        """Write what is not in the cache yet."""
        chunk, self._chunk = self._chunk, []
        if chunk:
            assert isinstance(self.vectors, CachedVectors)
            contents, vectors = (np.concatenate(part) for part in zip(*chunk, strict=True))
            self.vectors.append(contents, vectors, self.request.work.check)
        self._flushed_s = time.perf_counter()

    def fail(self, index: int, reason: str) -> None:
        """Note that an item failed.

        Raises:
            DataError: TS501 if ``on_error`` says so.
        """
        self.failures.add(index, reason)
        self.refuse_failures()

    def refuse_failures(self) -> None:
        """With on_error='fail', raise the first failure."""
        if self.request.on_error == "fail" and self.failures.mask.any():
            index, reason = self.failures.first()[0]
            raise DataError(
                TS501.CANNOT_EMBED(item=self.items.named(index), reason=reason),
                span=self.request.work.span,
                hint=TS501.LEAVE_NULL(),
            )


class Elsewhere(Protocol):
    """Where values are embedded if not here."""

    def crew(self, embedding: Embedding) -> Crew:
        """Workers for what an embedding asks for."""
        ...


class TextEmbedding(Embedding):
    """The embedding of texts; a text is its own content."""

    unit = "texts"

    def look(self) -> None:
        """There is nothing behind a text."""
        self.contents = self.values.copy()

    def embed(self, todo: NDArray[np.int64], bar: Advancing) -> None:
        """Embed those texts, a batch at a time."""
        size = self.request.batch
        for at in range(0, len(todo), size):
            self.request.work.check()
            indices = todo[at : at + size]
            texts = [self.items.value(index) for index in indices]
            padded = texts + texts[:1] * (size - len(texts))
            vectors = self.call(partial(self.request.encoder.encode_texts, padded))[: len(texts)]
            bar.advance(len(texts), errors=self.keep(indices, vectors))
            self.unread |= dict.fromkeys(self._unread(texts))
            self.flush_if_due()

    def shareable(self, todo: NDArray[np.int64]) -> NDArray[np.int64]:
        """All of them."""
        return todo

    def portions(self, todo: NDArray[np.int64], workers: int) -> Iterator[Portion]:
        """Texts."""
        for indices in in_portions(todo, portion_size(len(todo), workers)):
            yield Portion(indices, self.items.values.take(indices))

    def _unread(self, texts: list[str]) -> Iterator[str]:
        """What the model passes over in texts of which it reads the rest."""
        encoder = self.request.encoder
        if isinstance(encoder, SelectiveReader):
            readings = map(encoder.read, texts)
            yield from (part for it in readings if not it.is_empty for part in it.unread)
