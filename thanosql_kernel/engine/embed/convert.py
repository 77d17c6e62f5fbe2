"""CONVERT's work: find out what is new, embed it, keep it, and put the vectors beside the rows.

Everything computed goes into the cache about once a second, so that an interrupt or a killed kernel costs a second
of work. The rows themselves are written by whoever asked, in one commit, from `BesideRelation`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column, EmbeddingKind
from thanosql_kernel.engine.embed.cache import (
    CachedColumn,
    CachedVectors,
    EmbeddingCache,
    FileContents,
    Located,
)
from thanosql_kernel.engine.embed.digests import KEY, Digests, digest_stream, digest_texts
from thanosql_kernel.engine.embed.files import FileState, Survey, file_state, survey
from thanosql_kernel.engine.embed.values import DistinctValues, Failures
from thanosql_kernel.engine.relations.beside import BesideRelation
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.machine import available_cores
from thanosql_kernel.statements.runtime import EmbedReport, OnError, Progress

if TYPE_CHECKING:
    from thanosql_kernel.engine.relations.relation import Relation
    from thanosql_kernel.images.pipeline import Batch
    from thanosql_kernel.models.encoder import Encoder

Floats = NDArray[np.float32]

FLUSH_AFTER_S = 1.0
MAX_BATCH = 32
"""At CLIP's 26 pictures a second on two cores a batch takes about a second: the user can stop between batches."""
TEXT_CHUNK = 4096


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
    """

    encoder: Encoder
    kind: EmbeddingKind
    source: str
    work: Work = field(default_factory=Work)
    batch_size: int = 16
    on_error: OnError = "null"

    @property
    def batch(self) -> int:
        """Items a batch, within bounds."""
        return min(max(1, self.batch_size), MAX_BATCH)


def embed_column(
    rows: Relation, result: Column, request: EmbedRequest, cache: EmbeddingCache
) -> tuple[BesideRelation, EmbedReport]:
    """The rows and a vector column ``result`` of what one of their columns holds; only what is new is embedded.

    Raises:
        UnknownName: TS202, no such column.
        TypeMismatch: TS300, the column does not hold text.
        DataError: TS501, an item cannot be read and ``on_error`` is "fail"; what was embedded before stays cached.
        Interrupted: What was embedded before stays cached.
    """
    started = time.perf_counter()
    rows = rows.repeatable()
    name = rows.column(request.source).name
    items = DistinctValues.collect(rows.fetch([name]).column(0), name, request.work.span)
    vectors = cache.vectors(request.encoder, request.kind)
    if request.kind == "text":
        work: _Work = _TextWork(request, items, vectors)
    else:
        work = _ImageWork(request, items, vectors, cache.files)
    work.run()
    found = vectors.locate(work.contents)
    work.blame_copies(found.offsets)
    offsets = np.append(found.offsets, -1)[items.of_row]
    located = Located(found.snapshot, offsets, request.encoder.dim)
    return BesideRelation(rows, CachedColumn(located, result.name), [result]), work.report(
        offsets, time.perf_counter() - started
    )


class _Work:
    """One CONVERT over distinct items.

    Attributes:
        contents: Digests (u,) of the items' contents; zero bytes while unknown and for what failed.
    """

    unit = "items"

    def __init__(self, request: EmbedRequest, items: DistinctValues, vectors: CachedVectors) -> None:
        self.request = request
        self.items = items
        self.vectors = vectors
        self.contents: Digests = np.zeros(len(items), dtype=KEY)
        self.failures = Failures(np.zeros(len(items), dtype=np.bool_))
        self.is_new = np.zeros(len(items), dtype=np.bool_)
        self.offsets = np.full(len(items), -1, dtype=np.int64)
        self._chunk: list[tuple[Digests, Floats]] = []
        self._flushed_s = time.perf_counter()
        self.call: Call

    def run(self) -> None:
        """Embed what is missing; whatever happens, keep what was embedded."""
        todo = self.find_missing()
        self.refuse_failures()
        if not len(todo):
            return
        self._flushed_s = time.perf_counter()
        with (
            self.request.work.progress(f"embedding {self.request.source}", len(todo), self.unit) as bar,
            abandonable(self.request.work.check) as self.call,
        ):
            try:
                self.embed(todo, bar)
            finally:
                self.flush()
        self.tidy()

    def tidy(self) -> None:
        """Keep the cache quick to read."""
        self.vectors.tidy()

    def find_missing(self) -> NDArray[np.int64]:
        """The items that may have to be embedded."""
        raise NotImplementedError

    def embed(self, todo: NDArray[np.int64], bar: Progress) -> None:
        """Embed those items, a batch at a time."""
        raise NotImplementedError

    def keep(self, indices: NDArray[np.int64], vectors: Floats) -> int:
        """Take over the vectors of some items; returns how many are no numbers and so failed."""
        good = np.isfinite(vectors).all(axis=1)
        for index in indices[~good]:
            self.fail(int(index), "the model gave no vector")
        self.contents[indices[~good]] = b""
        self.is_new[indices[good]] = True
        self._chunk.append((self.contents[indices[good]], vectors[good]))
        return int((~good).sum())

    def flush_if_due(self) -> None:
        """Write what is not in the cache yet if the last time is a second ago."""
        if time.perf_counter() - self._flushed_s >= FLUSH_AFTER_S:
            self.flush()

    def flush(self) -> None:
        """Write what is not in the cache yet."""
        chunk, self._chunk = self._chunk, []
        if chunk:
            contents, vectors = zip(*chunk, strict=True)
            self.vectors.append(np.concatenate(contents), np.concatenate(vectors))
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
        if self.request.on_error == "fail" and self.failures.reasons:
            index, reason = self.failures.first()[0]
            raise DataError(
                f"cannot embed {self.items.value(index)}: {reason}",
                code="TS501",
                span=self.request.work.span,
                hint="on_error='null' leaves its vector NULL and goes on",
            )

    def blame_copies(self, offsets: NDArray[np.int64]) -> None:
        """Take note of where the items' vectors are (u,); items without one that nobody has blamed are copies."""
        self.offsets = offsets
        for index in np.flatnonzero((offsets < 0) & ~self.failures.mask):
            self.fail(int(index), "a copy of a file that cannot be read")

    def report(self, offsets: NDArray[np.int64], seconds: float) -> EmbedReport:
        """What was done; ``offsets`` are those of the rows."""
        of_row = self.items.of_row
        failed = int(np.append(self.failures.mask, False)[of_row].sum())
        fresh = np.isin(offsets, self.offsets[self.is_new])
        reused = int(((offsets >= 0) & ~fresh).sum())
        first = tuple((self.items.value(index), reason) for index, reason in self.failures.first())
        return EmbedReport(len(of_row), int(self.is_new.sum()), reused, failed, first, seconds)


class _TextWork(_Work):
    unit = "texts"

    def find_missing(self) -> NDArray[np.int64]:
        parts = []
        for chunk in self.items.chunks(TEXT_CHUNK):
            self.request.work.check()
            parts.append(digest_texts(chunk))
        self.contents = np.concatenate([np.empty(0, KEY), *parts])
        return np.flatnonzero(self.vectors.locate(self.contents).offsets < 0)

    def embed(self, todo: NDArray[np.int64], bar: Progress) -> None:
        size = self.request.batch
        for at in range(0, len(todo), size):
            self.request.work.check()
            indices = todo[at : at + size]
            texts = [self.items.value(index) for index in indices]
            padded = texts + texts[:1] * (size - len(texts))
            vectors = self.call(partial(self.request.encoder.encode_texts, padded))[: len(texts)]
            bar.advance(len(texts), errors=self.keep(indices, vectors))
            self.flush_if_due()


class _ImageWork(_Work):
    unit = "images"

    def __init__(
        self, request: EmbedRequest, items: DistinctValues, vectors: CachedVectors, files: FileContents
    ) -> None:
        super().__init__(request, items, vectors)
        self.files = files
        self.paths = request.work.paths
        self.survey = Survey(np.zeros(0, KEY), np.zeros(0, np.bool_))
        self._seen: list[int] = []

    def find_missing(self) -> NDArray[np.int64]:
        self.survey = survey(self.items, self.paths, self.failures, self.request.work.check)
        self.contents = self.files.lookup(self.survey.keys)
        self.contents[self.failures.mask] = b""
        return np.flatnonzero((self.vectors.locate(self.contents).offsets < 0) & ~self.failures.mask)

    def embed(self, todo: NDArray[np.int64], bar: Progress) -> None:
        from thanosql_kernel.images.pipeline import decoded

        sent: deque[int] = deque()
        paths = cast(
            "Sequence[str]", self._unseen(todo, sent, bar)
        )  # read once, in order: any iterable will do
        taken = 0
        for batch in decoded(
            paths,
            self.request.encoder.preprocess,
            batch_size=self.request.batch,
            workers=available_cores(),
            cancelled=self.request.work.is_cancelled,
        ):
            size = len(batch.indices) + len(batch.failures)
            rows = [sent.popleft() for _ in range(size)]
            bar.advance(size, errors=self._embed_batch(batch, rows, taken))
            taken += size
            self.flush_if_due()
        self.request.work.check()

    def _unseen(self, todo: NDArray[np.int64], sent: deque[int], bar: Progress) -> Iterator[str]:
        """Paths of the items whose content has no vector yet, each content once; the items go to ``sent``."""
        known = self.vectors.known()
        for index, content in self._hashed(todo):
            self.request.work.check()
            if isinstance(content, str):
                self.fail(index, content)
                bar.advance(1, errors=1)
                continue
            self.contents[index] = content
            if known.add(content):
                sent.append(index)
                yield self._path(index)
            else:
                self._seen.append(index)
                bar.advance(1)
                self.flush_if_due()

    def _hashed(self, todo: NDArray[np.int64]) -> Iterator[tuple[int, bytes | str]]:
        """Items with their contents, read in threads a little ahead, or with the reason why they cannot be read."""
        workers = available_cores()
        pool = ThreadPoolExecutor(workers, thread_name_prefix="hash")
        ahead: deque[tuple[int, Future[bytes | str]]] = deque()
        try:
            for index in map(int, todo):
                ahead.append((index, pool.submit(self._content, index)))
                if len(ahead) > 2 * workers:
                    first, future = ahead.popleft()
                    yield first, future.result()
            for first, future in ahead:
                yield first, future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _content(self, index: int) -> bytes | str:
        known = self.contents[index : index + 1]
        if known[0]:
            return known.tobytes()
        try:
            with open(self._path(index), "rb") as stream:
                return digest_stream(stream)
        except OSError as error:
            return f"cannot be read: {error.strerror or error}"

    def _embed_batch(self, batch: Batch, rows: list[int], start: int) -> int:
        """Embed what could be decoded; returns how many failed."""
        for position, reason in batch.failures:
            self._give_up(rows[position - start], reason)
        unchanged = []
        for number, position in enumerate(batch.indices):
            if self._is_unchanged(rows[position - start]):
                unchanged.append(number)
            else:
                self._give_up(rows[position - start], "changed while it was read")
        failed = len(rows) - len(unchanged)
        if not unchanged:
            return failed
        indices = np.array([rows[batch.indices[number] - start] for number in unchanged], dtype=np.int64)
        vectors = self.call(
            partial(encode_padded, self.request.encoder, batch.array[unchanged], self.request.batch)
        )
        failed += self.keep(indices, vectors)
        self._seen += [int(index) for index in indices if self.is_new[index]]
        return failed

    def _give_up(self, index: int, reason: str) -> None:
        self.contents[index] = b""
        self.fail(index, reason)

    def _is_unchanged(self, index: int) -> bool:
        """Whether the file is still the one whose content was hashed."""
        state = file_state(self.items.value(index), self.paths)
        return isinstance(state, FileState) and state.key == self.survey.keys[index : index + 1].tobytes()

    def _path(self, index: int) -> str:
        return str(self.paths.find(self.items.value(index)))

    def tidy(self) -> None:
        super().tidy()
        self.files.tidy()

    def flush(self) -> None:
        super().flush()
        seen, self._seen = self._seen, []
        lasting = [index for index in seen if self.survey.lasting[index]]
        self.files.append(self.survey.keys[lasting], self.contents[lasting])


def encode_padded(encoder: Encoder, pictures: Floats, size: int) -> Floats:
    """Vectors of at most ``size`` pictures, always computed as a batch of that size.

    Matrix products of another height may round differently; with one height a picture's vector depends on the
    picture alone, so that an interrupted run ends with the very vectors of an undisturbed one.
    """
    missing = size - len(pictures)
    if missing > 0:
        pictures = np.concatenate([pictures, np.repeat(pictures[:1], missing, axis=0)])
    return encoder.encode_images(pictures)[: size - max(missing, 0)]


__all__ = ["EmbedRequest", "embed_column", "encode_padded"]
