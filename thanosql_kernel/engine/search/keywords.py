"""SEARCH KEYWORD's work: of the phrases of a text those whose vectors are nearest to its own.

The method is KeyBERT's (Grootendorst 2020, https://doi.org/10.5281/zenodo.4461265) with any model that embeds texts.
Vectors come from the embeddings' cache and go there: phrases repeat from text to text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.embed.cache import EmbeddingCache
from thanosql_kernel.engine.embed.embedding import EmbedRequest, TextEmbedding
from thanosql_kernel.engine.embed.values import DistinctValues
from thanosql_kernel.engine.embed.vectors import matrix
from thanosql_kernel.engine.relations.beside import BesideRelation, ColumnsInMemory
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.cosine import Floats
from thanosql_kernel.engine.search.diversity import most_relevant
from thanosql_kernel.engine.search.korean import Kiwi, ParticleStripper, has_kiwi
from thanosql_kernel.engine.search.phrases import Phrases, composed, has_hangul
from thanosql_kernel.engine.work import Work, showing
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.packages import korean_command
from thanosql_kernel.statements.computing import KeywordRequest
from thanosql_kernel.wording import counted
from thanosql_kernel.wording import keywords as said

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder

MOST_WORDS = 5000
"""So many words of a text are read: ten thousand phrases of one or two."""
PIECE_WORDS = 128
"""A text of more words is the mean of pieces: encoders cut off what is too long, or take time by its square."""
PHRASES_AT_ONCE = 1 << 14
"""So many vectors are held at once: 32 MiB of 512 numbers each."""
DIGITS = 4
_NONE: dict[str, list[object]] = {"keyword": [], "score": []}


class _Read(NamedTuple):
    """A text that has been read.

    Attributes:
        pieces: What its vector is made of.
        phrases: What its keywords may be.
    """

    pieces: list[str]
    phrases: list[str]


class KeywordSearch:
    """Keywords of the texts of a column.

    Args:
        request: What is wanted.
        encoder: Embeds texts.
        cache: What has been embedded.
        work: The statement's; errors point at its span.
    """

    def __init__(self, request: KeywordRequest, encoder: Encoder, cache: EmbeddingCache, work: Work) -> None:
        self._request = request
        self._encoder = encoder
        self._vectors = cache.vectors(encoder, "text")
        self._work = work
        self._has_kiwi = has_kiwi()
        self._phrases = Phrases(
            request.language,
            request.shortest,
            request.longest,
            use_stopwords=request.use_stopwords,
            stemmer=Kiwi() if self._has_kiwi else ParticleStripper(),
            most_words=MOST_WORDS,
        )
        silent = replace(work, progress=partial(showing, None), notice=lambda text: None)
        self._embedding = EmbedRequest(encoder, "text", request.source, silent, batch_size=32)

    def beside(self, rows: Relation, result: str) -> BesideRelation:
        """The rows with a column of JSON, ``{"keyword": […], "score": […]}``; NULL where the text is.

        Raises:
            TypeMismatch: TS300, the column holds no texts.
            Interrupted: What was embedded before stays cached.
        """
        rows = rows.repeatable()
        name = rows.column(self._request.source).name
        texts = DistinctValues.collect(rows.fetch([name]).column(0), name, self._work.span)
        found: list[str] = []
        with self._work.progress(said.EXTRACTING(column=name), len(texts), "texts") as bar:
            for group in self._groups(texts):
                found += self._found(group)
                bar.advance(len(group))
        return BesideRelation(rows, ColumnsInMemory(_as_json(found, texts, result)), [Column(result, "JSON")])

    # -- texts -----------------------------------------------------------------------------------------------
    def _groups(self, texts: DistinctValues) -> Iterator[list[_Read]]:
        """The texts, so many at a time as their phrases allow."""
        group: list[_Read] = []
        size = too_long = 0
        has_korean = False
        with abandonable(self._work.check) as call:
            for chunk in texts.chunks(64):
                for text in map(composed, chunk):
                    too_long += self._phrases.is_too_long(text)
                    has_korean = has_korean or has_hangul(text)
                    group.append(self._read(text, call))
                    size += len(group[-1].phrases)
                    if size >= PHRASES_AT_ONCE:
                        yield group
                        group, size = [], 0
        if group:
            yield group
        self._tell(too_long, has_korean=has_korean)

    def _read(self, text: str, call: Call) -> _Read:
        self._work.check()
        phrases = call(partial(self._phrases.of, text))
        return _Read(self._phrases.pieces(text, PIECE_WORDS) if phrases else [], phrases)

    def _tell(self, too_long: int, *, has_korean: bool) -> None:
        if too_long:
            told = said.ONE_TOO_LONG if too_long == 1 else said.TOO_LONG
            self._work.notice(told(texts=counted(too_long, "text"), words=MOST_WORDS))
        if has_korean and not self._has_kiwi and self._request.language != "en":
            self._work.notice(said.NO_KIWI(command=korean_command()))

    # -- keywords --------------------------------------------------------------------------------------------
    def _found(self, group: Sequence[_Read]) -> list[str]:
        """The JSON of each text."""
        distinct = list(dict.fromkeys(text for read in group for text in (*read.phrases, *read.pieces)))
        number = {text: index for index, text in enumerate(distinct)}
        vectors = self._embedded(distinct)
        found = []
        for read in group:
            self._work.check()
            phrases = vectors[[number[text] for text in read.phrases]] if read.phrases else vectors[:0]
            pieces = vectors[[number[text] for text in read.pieces]] if read.pieces else vectors[:0]
            found.append(self._of_one(read.phrases, phrases, pieces))
        return found

    def _embedded(self, texts: Sequence[str]) -> Floats:
        """Vectors (n, dim) of length one; NaN for what the model reads nothing of."""
        import pyarrow as pa

        values = pa.array(texts, pa.large_string())
        embedding = TextEmbedding(
            self._embedding, DistinctValues(values, np.arange(len(texts), dtype=np.int64)), self._vectors
        )
        embedding.look()
        embedding.run(np.ones(len(texts), dtype=np.bool_))
        located = embedding.located(embedding.contents)
        vectors = matrix(located.read(located.offsets), located.dim).copy()
        vectors[located.offsets < 0] = np.nan
        return vectors

    def _of_one(self, phrases: Sequence[str], vectors: Floats, pieces: Floats) -> str:
        """The JSON of a text.

        Args:
            phrases: Its phrases.
            vectors: Their vectors.
            pieces: The vectors of its pieces, whose mean is its own.
        """
        request = self._request
        pieces = pieces[np.isfinite(pieces).all(axis=1)]
        if not len(pieces):
            return json.dumps(_NONE)
        text = pieces.mean(axis=0)
        text /= np.linalg.norm(text)
        similar = vectors @ text >= request.threshold  # not so for NaN
        candidates = np.flatnonzero(similar)
        best, scores = most_relevant(text, vectors[candidates], request.top_n, request.diversity)
        chosen = [phrases[candidates[index]] for index in best]
        rounded = [round(float(score), DIGITS) for score in scores]
        return json.dumps({"keyword": chosen, "score": rounded}, ensure_ascii=False)


def _as_json(found: Sequence[str], texts: DistinctValues, result: str) -> pa.Table:
    """A column of JSON for the rows."""
    import pyarrow as pa

    of_row = pa.array(texts.of_row, mask=texts.of_row < 0)
    column = pa.array(found, pa.string()).take(of_row)
    return pa.table([_typed(column)], names=[result])


def _typed(column: pa.Array) -> pa.Array:
    """Texts as what DuckDB reads as JSON, where Arrow has such a type (from 19 on)."""
    import pyarrow as pa

    return pa.ExtensionArray.from_storage(pa.json_(), column) if hasattr(pa, "json_") else column
