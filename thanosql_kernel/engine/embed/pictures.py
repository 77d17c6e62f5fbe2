"""Embedding pictures: they are looked at, hashed, decoded ahead of the model, and embedded in batches.

Files and addresses of the web are asked what they hold now; pictures that stand in the column are their own content.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.embed.behind import Behind
from thanosql_kernel.engine.embed.cache import CachedVectors, FileContents
from thanosql_kernel.engine.embed.digests import Digests, pack
from thanosql_kernel.engine.embed.embedding import Embedding, EmbedRequest, Floats
from thanosql_kernel.engine.embed.files import NO_KEY, NO_STATE, FileState, Survey, path_key, survey
from thanosql_kernel.engine.embed.picture_values import (
    GROUP_BYTES,
    GROUP_PICTURES,
    InlinePictures,
    PictureValues,
)
from thanosql_kernel.engine.embed.portions import Portion, as_pictures, as_texts, in_portions, portion_size
from thanosql_kernel.engine.embed.values import OutOfReach
from thanosql_kernel.engine.work import Advancing
from thanosql_kernel.images.decode import Source, UnreadableImage
from thanosql_kernel.images.viewed import embed_views
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.machine import available_cores
from thanosql_kernel.models.encoder import Preparable
from thanosql_kernel.web.client import is_web
from thanosql_kernel.web.pictures import THREADS
from thanosql_kernel.wording import data, models

if TYPE_CHECKING:
    from thanosql_kernel.engine.relations.relation import Relation
    from thanosql_kernel.images.pipeline import Batch
    from thanosql_kernel.models.encoder import Encoder

T = TypeVar("T")
FIRST_ASKED = 16
PORTION_BYTES = 128 << 20
"""Pictures of the column that are sent to a worker at once."""
MOST_ASKED = 1024
"""How many new contents the cache is asked for at once: few at first, so that the model soon has work."""


class PictureEmbedding(Embedding):
    """The embedding of pictures."""

    unit = "images"
    items: PictureValues

    def __init__(
        self,
        request: EmbedRequest,
        items: PictureValues,
        vectors: CachedVectors,
        files: FileContents,
        rows: Relation,
    ) -> None:
        super().__init__(request, items, vectors)
        self.files = files
        self.behind = Behind(request.work)
        self._rows = rows
        self._inline = InlinePictures(rows, request.source, request.work.check)
        self.survey: Survey
        self._seen: list[int] = []
        self._files: dict[int, bytes] = {}
        self._names: dict[int, str] = {}

    def look(self) -> None:
        """Look at all files: size and time tell known contents from new ones."""
        self.survey = survey(self.items, self.behind.state, self.failures, self.request.work.check)
        self.states = np.where(self.survey.lasting, self.survey.keys, b"").astype(self.survey.keys.dtype)
        inline = self.items.is_inline
        self.states[inline] = self.values[inline]
        self.contents[inline] = self.items.contents[inline]

    def find_missing(self, needed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Items whose content is not known, or has no vector."""
        behind = needed[~self.items.is_inline[needed]]
        self.contents[behind] = self.files.lookup(self.survey.keys[behind], self.request.work.check)
        return super().find_missing(needed)

    def last_contents(self, items: NDArray[np.bool_]) -> Digests:
        """What the files held when they last could be reached, of items whose file cannot be."""
        found = super().last_contents(items)
        lost = np.flatnonzero(items & self.failures.out_of_reach)
        names = [self.behind.names(self.items.value(index)) for index in lost.tolist()]
        for number in range(max(map(len, names), default=0)):
            keys = [path_key(those[number]) if number < len(those) else NO_KEY for those in names]
            known = self.files.lookup(pack(keys), self.request.work.check)
            found[lost] = np.where(found[lost] == b"", known, found[lost])
        return found

    def shareable(self, todo: NDArray[np.int64]) -> NDArray[np.int64]:
        """Files and pictures in the column; what the web has is fetched, and kept, by one machine."""
        is_here = [not self.items.is_inline[at] and is_web(self.items.value(at)) for at in todo.tolist()]
        return todo[~np.array(is_here, dtype=np.bool_)]

    def portions(self, todo: NDArray[np.int64], workers: int) -> Iterator[Portion]:
        """Paths, then pictures that stand in the column."""
        inline, size = self.items.is_inline[todo], portion_size(len(todo), workers)
        for indices in in_portions(todo[~inline], size):
            yield Portion(indices, as_texts([self.items.value(at) for at in indices.tolist()]))
        pictures = InlinePictures(self._rows, self.request.source, self.request.work.check)
        stand: list[tuple[int, bytes]] = []
        for group in self._grouped(iter(todo[inline].tolist())):
            read = pictures.read(self.items.first[group].tolist())
            stand += [(at, it) for at, it in zip(group, read, strict=True) if isinstance(it, bytes)]
            if len(stand) >= size or sum(len(it) for _, it in stand) >= PORTION_BYTES:
                yield Portion(*as_pictures(stand))
                stand = []
        if stand:
            yield Portion(*as_pictures(stand))

    def is_there(self, index: int) -> bool:
        """Whether the file can be looked at."""
        return isinstance(self.behind.state(self.items.value(index)), FileState)

    def embed(self, todo: NDArray[np.int64], bar: Advancing) -> None:
        """Embed those pictures, a batch at a time."""
        from thanosql_kernel.images.pipeline import decoded
        from thanosql_kernel.images.viewed import Viewed

        sent: deque[int] = deque()
        sources = cast(
            "Sequence[Source]", self._sources(todo, sent, bar)
        )  # read once, in order: any iterable will do
        taken = 0
        begun: deque[Callable[[], None]] = deque()
        try:
            for batch in decoded(
                sources,
                Viewed(self.request.encoder.preprocess, self.request.views),
                batch_size=self.request.batch,
                workers=available_cores(),
                cancelled=self.request.work.is_cancelled,
            ):
                if not taken:
                    self._prepare(batch, len(todo), bar)
                size = len(batch.indices) + len(batch.failures)
                rows = [sent.popleft() for _ in range(size)]
                begun.append(self._begin_batch(batch, rows, taken, bar))
                taken += size
                if len(begun) > 1:  # kept while the model has the next
                    begun.popleft()()
        finally:
            for end in begun:
                end()
        self.request.work.check()

    def _prepare(self, batch: Batch, count: int, bar: Advancing) -> None:
        """Let the model find its fastest way, with the first pictures at hand."""
        encoder = self.request.encoder
        if not isinstance(encoder, Preparable) or not batch.indices:
            return
        steps = self.call(partial(encoder.preparation, batch.array[:, 0], count))
        for done, step in enumerate(steps):
            bar.tell(models.PREPARING(model=encoder.name, done=done, total=len(steps)))
            bar.advance(0)
            if told := self.call(step):
                self.request.work.notice(told)
        bar.tell("")

    def _sources(self, todo: NDArray[np.int64], sent: deque[int], bar: Advancing) -> Iterator[Source]:
        """What is decoded of the items to be embedded, which go to ``sent``."""
        for group in self._grouped(self._unseen(todo, bar)):
            inline = [index for index in group if self.items.is_inline[index]]
            positions = self.items.first[inline].tolist()
            read = (
                dict(zip(inline, self.call(partial(self._inline.read, positions)), strict=True))
                if inline
                else {}
            )
            for index in group:
                source = read[index] if index in read else self._opened(index)
                if isinstance(source, UnreadableImage):
                    self._give_up(
                        index, source.reason if index in read else OutOfReach(source.reason), source.reason
                    )
                    bar.advance(1, errors=1)
                    continue
                sent.append(index)
                yield source

    def _opened(self, index: int) -> Source | UnreadableImage:
        """The picture behind a value: a file, or what is kept of the web."""
        name = self._names.pop(index)
        if not is_web(name):
            return name
        try:
            return self.call(partial(self.behind.source, name))
        except UnreadableImage as error:
            return error

    def _grouped(self, items: Iterator[int]) -> Iterator[list[int]]:
        """Items whose pictures are read together: few, and of bounded size; a file waits for nobody."""
        group: list[int] = []
        size = 0
        for index in items:
            group.append(index)
            size += int(self.items.sizes[index])
            if not self.items.is_inline[index] or len(group) >= GROUP_PICTURES or size >= GROUP_BYTES:
                yield group
                group, size = [], 0
        yield group

    def _unseen(self, todo: NDArray[np.int64], bar: Advancing) -> Iterator[int]:
        """The items whose content has no vector yet, each content once."""
        known: set[bytes] = set()
        for chunk in _growing(self._hashed(todo)):
            found = self._known(content for _, _, content in chunk)
            for (index, name, content), is_known in zip(chunk, found, strict=True):
                self.request.work.check()
                if isinstance(content, str):
                    self.fail(index, content)
                    bar.advance(1, errors=1)
                    continue
                self.contents[index] = content
                self._remember_state(index, name)
                if is_known or content in known:
                    self._names.pop(index, None)
                    self._seen.append(index)
                    bar.advance(1)
                    self.flush_if_due()
                    continue
                known.add(content)
                yield index

    def _remember_state(self, index: int, name: str) -> None:
        """What is behind an item has been read: of the web, its state is known by now."""
        self._names[index], self._files[index] = name, path_key(name)
        state = self.behind.settled(name)
        if state is not None:
            self.survey.keys[index], self.survey.lasting[index] = state.key, state.is_lasting
            self.states[index] = state.key

    def _known(self, contents: Iterable[bytes | str]) -> Sequence[bool]:
        """Which contents the cache has a vector of."""
        keys = pack(bytes(self.contents.itemsize) if isinstance(it, str) else it for it in contents)
        return list(self.vectors.locate(keys, self.request.work.check).offsets >= 0)

    def _hashed(self, todo: NDArray[np.int64]) -> Iterator[tuple[int, str, bytes | str]]:
        """Items, their files and contents, read in threads a little ahead, or why they cannot be read."""
        threads = max(available_cores(), THREADS if self.behind.fetches else 0)
        return map_aside(self._content, map(int, todo), threads=threads, check=self.request.work.check)

    def _content(self, index: int) -> tuple[int, str, bytes | str]:
        known = self.contents[index : index + 1]
        if self.items.is_inline[index]:
            return index, "", known.tobytes()
        return index, *self.behind.content(self.items.value(index), known.tobytes() if known[0] else b"")

    def _begin_batch(self, batch: Batch, rows: list[int], start: int, bar: Advancing) -> Callable[[], None]:
        """Begin to embed what could be decoded of files that are as they were; what is returned keeps the vectors."""
        states = self.call(lambda: [self._state(index) for index in rows])
        reasons, losses = dict(batch.failures), dict(batch.losses)
        unchanged = []
        for number, index in enumerate(rows):
            if start + number in reasons:
                self._give_up(index, states[number], reasons[start + number])
            elif self._is_unchanged(index, states[number]):
                unchanged.append(number)
                if start + number in losses:
                    self.losses.add(index, losses[start + number])
            else:
                self._give_up(index, states[number], data.CHANGED_WHILE_READ())
        failed = len(rows) - len(unchanged)
        if not unchanged:
            return partial(bar.advance, len(rows), errors=failed)
        decoded = np.searchsorted(batch.indices, np.array(unchanged) + start)
        indices = np.array([rows[number] for number in unchanged], dtype=np.int64)
        encode = partial(_encode_unless_stopped, self.request)
        vectors = self.call.begin(partial(embed_views, batch.array[decoded], encode))
        return lambda: self._end_batch(indices, vectors(), failed, bar)

    def _end_batch(self, indices: NDArray[np.int64], vectors: Floats, failed: int, bar: Advancing) -> None:
        """Keep the vectors of a batch, of which some others failed."""
        count = len(indices) + failed
        failed += self.keep(indices, vectors)
        self._seen += [int(index) for index in indices if self.is_new[index]]
        bar.advance(count, errors=failed)
        self.flush_if_due()

    def _state(self, index: int) -> FileState | str:
        """What is behind an item now; of what cannot change, what it was."""
        if self.items.is_inline[index]:
            return NO_STATE
        value = self.items.value(index)
        return self.behind.settled(value) or self.behind.state(value)

    def _is_unchanged(self, index: int, state: FileState | str) -> bool:
        """Whether the file is still the one whose content was hashed."""
        return isinstance(state, FileState) and state.key == self.survey.keys[index : index + 1].tobytes()

    def _give_up(self, index: int, state: FileState | str, reason: str) -> None:
        """An item failed; a file that cannot be reached any more is not taken for a picture that is none."""
        self.contents[index] = b""
        self.fail(index, state if isinstance(state, OutOfReach) else reason)

    def tidy(self) -> None:
        """Keep the cache quick to read."""
        super().tidy()
        self.files.tidy(self.request.work.check)

    def flush(self) -> None:
        """Write what is not in the cache yet."""
        try:
            super().flush()
        finally:
            self._flush_files()

    def _flush_files(self) -> None:
        """Remember what files hold, also under their paths alone: for the time when they cannot be reached."""
        seen, self._seen = [index for index in self._seen if not self.items.is_inline[index]], []
        lasting = [index for index in seen if self.survey.lasting[index]]
        paths = pack(self._files.pop(index) for index in seen)
        self.files.append(
            np.concatenate([self.survey.keys[lasting], paths]),
            np.concatenate([self.contents[lasting], self.contents[seen]]),
            self.request.work.check,
        )


def _growing(items: Iterator[T]) -> Iterator[list[T]]:
    """Items in lists that grow."""
    size = FIRST_ASKED
    while chunk := list(islice(items, size)):
        yield chunk
        size = min(2 * size, MOST_ASKED)


def _encode_unless_stopped(request: EmbedRequest, pictures: Floats) -> Floats:
    """Vectors of one view of a batch; between views the user can stop."""
    request.work.check()
    return encode_padded(request.encoder, pictures, request.batch)


def encode_padded(encoder: Encoder, pictures: Floats, size: int) -> Floats:
    """Vectors of at most ``size`` pictures, always computed as a batch of that size.

    Matrix products of another height may round differently; with one height a picture's vector depends on the
    picture alone, so that an interrupted run ends with the very vectors of an undisturbed one.
    """
    missing = size - len(pictures)
    if missing > 0:
        pictures = np.concatenate([pictures, np.repeat(pictures[:1], missing, axis=0)])
    return encoder.encode_images(pictures)[: size - max(missing, 0)]
