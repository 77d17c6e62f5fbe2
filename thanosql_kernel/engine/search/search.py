"""SEARCH's work: embed what is searched for, score a vector column, and put the similarities beside the rows."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column, Similarity
from thanosql_kernel.engine.relations.beside import BesideRelation, ColumnsInMemory
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.results import KeptRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.search.blocks import VectorMemory, checked
from thanosql_kernel.engine.search.combining import inputs_of, vector_of
from thanosql_kernel.engine.search.cosine import best_first, score_stream
from thanosql_kernel.engine.search.different import diverse_rows
from thanosql_kernel.engine.search.indexes import Found, Record, Usable, best, find
from thanosql_kernel.engine.search.query_vectors import QueryEmbeddings, unread_parts
from thanosql_kernel.engine.search.records import Records
from thanosql_kernel.engine.search.relevance import logits_of
from thanosql_kernel.engine.search.text_indexes import TextIndexes
from thanosql_kernel.engine.search.words import fused, word_scores
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import ModelError, TypeMismatch
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.statements.convert import conversion
from thanosql_kernel.statements.search_ranking import relevance_share
from thanosql_kernel.statements.vectors import Combined, Keywords, SearchInput, Sought
from thanosql_kernel.wording import answers, counted, indexes
from thanosql_kernel.wording.models import TS401
from thanosql_kernel.wording.values import TS300

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.models.encoder import Encoder

T = TypeVar("T")
Floats = NDArray[np.float32]

_VECTORS = re.compile(r"(FLOAT|DOUBLE|REAL|HALFFLOAT|DECIMAL\(.*\))\[(\d*)\]\Z")


@dataclass(frozen=True, slots=True)
class Searcher:
    """What searches of one session share.

    Attributes:
        memory: Vector columns that are resident.
        queries: Vectors of what was searched for.
        frames: Where the frames of films were found that were searched last; see `films.FilmSearcher`.
        records: Of the indexes of vectors that were built here; None where none is used.
        text_indexes: Those of texts; None where none is used.
    """

    memory: VectorMemory = field(default_factory=VectorMemory)
    queries: QueryEmbeddings = field(default_factory=QueryEmbeddings)
    frames: OrderedDict[bytes, NDArray[np.int64]] = field(default_factory=OrderedDict)
    records: Records[Record] | None = None
    text_indexes: TextIndexes | None = None

    def search(
        self,
        rows: Relation,
        *,
        column: str,
        encoder: Encoder,
        inputs: Sequence[Sought],
        results: Sequence[str],
        work: Work,
        top_k: int | None = None,
        keywords: Keywords | None = None,
        diverse: bool = False,
        relevances: Sequence[str] = (),
    ) -> Relation:
        """The rows and one float32 column of cosines an input, NULL where a vector is; see `vectors.VectorWork`.

        Without ``top_k`` rows keep their order and nothing but the vector column is read; with it, they are the best
        by the first input, best first, ties in the rows' order, NULLs last. With ``keywords`` the texts are read too,
        and the best are those by both.

        Raises:
            TypeMismatch: TS300, the column holds no vectors, or such of another length.
            DataError, ModelError: see `QueryEmbeddings.embed`, `vector_of` and `relevance_of`.
        """
        rows = rows.repeatable()
        vectors = rows.column(column)
        _check_vectors(vectors, encoder)
        logits = logits_of(encoder, inputs) if relevances else None
        queries = self._queries(vectors, encoder, inputs, work)
        finding = None if keywords is not None or diverse else top_k
        indexed = None if finding is None else self._found_by_index(rows, column, queries, finding, work)
        if indexed is not None:
            positions, scores = indexed
        else:
            scores = self.score(rows, vectors.name, queries, work.check)
            tell_missing(rows, vectors, int(np.isnan(scores[:, 0]).sum()), work)
        added = [
            _Added(Column(name, "FLOAT", similarity=similarity_of(vectors, encoder, item)), scores[:, number])
            for number, (name, item) in enumerate(zip(results, inputs, strict=True))
        ]
        if logits is not None:
            numbers = logits.relevance(scores)
            added += [_Added(Column(name, "FLOAT"), numbers[:, n]) for n, name in enumerate(relevances)]
        if indexed is not None:
            return BesideRelation(rows, _in_memory(added, None), [it.column for it in added], positions)
        if keywords is not None:
            words = word_scores(rows, keywords.column, keywords.text, work.check, self.text_indexes)
            found = (words, fused(scores[:, 0], words))
            added += [_Added(Column(keywords.results[n], "DOUBLE"), found[n]) for n in range(2)]
        chosen: NDArray[np.int64] | None = None
        if diverse and top_k is not None:
            share = relevance_share(vectors.generated, (part.kind for part in inputs_of(inputs[0])))
            chosen = diverse_rows(rows, vectors.name, scores[:, 0], top_k, share, work)
        elif top_k is not None:
            chosen = best_first(added[0 if keywords is None else -1].numbers, top_k)
        return BesideRelation(rows, _in_memory(added, chosen), [it.column for it in added], chosen)

    def _queries(self, vectors: Column, encoder: Encoder, inputs: Sequence[Sought], work: Work) -> Floats:
        """The vectors of what is searched for, float32 (q, dim)."""
        views = 1 if vectors.generated is None else vectors.generated.views
        with abandonable(work.check) as call:

            def embed(item: SearchInput) -> Floats:
                return call(partial(self.queries.embed, encoder, item, work.pictures, views, work.notice))

            queries = np.stack([vector_of(item, embed) for item in inputs])
        for item in inputs:
            for part in inputs_of(item):
                tell_unread(encoder, part, work)
        return queries

    def index_for(self, rows: Relation, column: str, dim: int) -> Usable | None:
        """The index that finds the best of all rows of a stored table; None where their vectors are all compared."""
        if self.records is None or not isinstance(rows, StoredRelation) or not rows.is_whole:
            return None
        if rows.dataset.has_stable_row_ids or self.memory.coverage(rows.dataset, column, dim).fits:
            return None
        return find(rows.dataset, column, self.records)

    def _found_by_index(
        self, rows: Relation, column: str, queries: Floats, k: int, work: Work
    ) -> Found | None:
        name = rows.column(column).name
        use = self.index_for(rows, name, queries.shape[1])
        if use is None or not isinstance(rows, StoredRelation):
            return None
        with abandonable(work.check) as call:
            found = best(rows.dataset, use, queries, k, partial(checked, work.check, call))
        if found is not None:
            work.notice(indexes.APPROXIMATE(index=use.record.name, recall=use.record.recall))
        return found

    def score(self, rows: Relation, column: str, queries: Floats, check: Callable[[], None]) -> Floats:
        """Cosines (n, q) of the rows' vectors; resident ones of stored tables, else read once as a stream."""
        if isinstance(rows, BesideRelation) and not rows.is_added(column):
            scores = self.score(rows.base, column, queries, check)
            return scores if rows.positions is None else scores[rows.positions]
        if isinstance(rows, KeptRelation):
            with rows.reading() as kept:
                return self.score(kept, column, queries, check)
        dim = queries.shape[1]
        if not isinstance(rows, StoredRelation):
            return score_stream(_vectors(rows.batches([column]), partial(_after, check)), dim, queries)
        resident = self.memory.column(rows.dataset, column, dim, check)
        if resident is not None:
            return resident.score(queries, check)[rows.offset :][: rows.count()]
        with abandonable(check) as call:
            return score_stream(_vectors(rows.batches([column]), partial(checked, check, call)), dim, queries)


def ranked(rows: Relation, column: str) -> Relation:
    """The rows with the highest numbers in a column first, ties in the rows' order, NULLs last."""
    import pyarrow as pa

    rows = rows.repeatable()
    scores = rows.fetch([column])
    positions = best_first(scores.column(0).to_numpy())
    moved = ColumnsInMemory(scores.take(pa.array(positions)))
    return BesideRelation(rows, moved, [rows.column(column)], positions)


def tell_unread(encoder: Encoder, item: SearchInput, work: Work) -> None:
    """Say what of a text the model passes over."""
    if unread := unread_parts(encoder, item):
        work.notice(answers.PARTLY_READ(model=encoder.name, unread=", ".join(unread)))


def similarity_of(vectors: Column, encoder: Encoder, item: Sought) -> Similarity | None:
    """What cosines compare; None of several inputs in one, and of vectors that no CONVERT made: of anything, maybe."""
    made = vectors.generated
    if made is None or isinstance(item, Combined):
        return None
    return Similarity(encoder.name, made.kind, item.kind)


def _vectors(batches: Iterator[pa.RecordBatch], call: Call) -> Iterator[pa.Array]:
    while (batch := call(partial(next, batches, None))) is not None:
        yield batch.column(0)


def _after(check: Callable[[], None], work: Callable[[], T]) -> T:
    check()
    return work()


def _check_vectors(column: Column, encoder: Encoder) -> None:
    kind = _VECTORS.match(column.type)
    if kind is None:
        raise TypeMismatch(TS300.NOT_VECTORS(column=column.name, type=column.type))
    if kind[2] and int(kind[2]) != encoder.dim:
        raise TypeMismatch(
            TS300.OTHER_LENGTH(column=column.name, length=kind[2], model=encoder.name, dim=encoder.dim)
        )


def tell_missing(rows: Relation, column: Column, count: int, work: Work) -> None:
    """Say how many rows have no vector to compare, and what gives them one."""
    if not count:
        return
    lacking = answers.ROW_WITHOUT_VECTOR if count == 1 else answers.ROWS_WITHOUT_VECTOR
    told = lacking(rows=counted(count, "row"))
    if column.generated:
        conversion = _conversion(rows, column, column.generated.model)
        told = answers.RUN_CONVERT(missing=told, conversion=conversion)
    work.notice(told)


class _Added(NamedTuple):
    """A column of numbers beside the rows; NaN stands for NULL."""

    column: Column
    numbers: NDArray[np.floating]


def _in_memory(added: Sequence[_Added], positions: NDArray[np.int64] | None) -> ColumnsInMemory:
    """The columns, of the rows at these positions."""
    import pyarrow as pa

    chosen = [it.numbers if positions is None else it.numbers[positions] for it in added]
    arrays = [pa.array(np.ascontiguousarray(numbers), from_pandas=True) for numbers in chosen]
    return ColumnsInMemory(pa.table(arrays, names=[it.column.name for it in added]))


def check_weights(
    rows: Relation,
    column: Column,
    encoder: Encoder,
    *,
    model: str,
    work: Work,
) -> None:
    """Refuse vectors that other weights made; say so when nobody knows which weights made them.

    Raises:
        ModelError: TS401, with the CONVERT to run.
    """
    made = column.generated
    if made is None:
        work.notice(answers.UNKNOWN_VECTORS(column=column.name, model=encoder.name))
    elif made.weights.fingerprint != encoder.fingerprint:
        raise ModelError(
            TS401.OTHER_WEIGHTS(
                column=column.name,
                made=f"{made.weights.name} {made.weights.revision}",
                model=model,
                weights=f"{encoder.name} {encoder.revision}",
            ),
            span=work.span,
            hint=TS401.RUN_AGAIN(conversion=_conversion(rows, column, model)),
        )


def _conversion(rows: Relation, column: Column, model: str) -> str:
    """The CONVERT that makes the column anew."""
    stored = rows.table.name if isinstance(rows, StoredRelation) and not rows.is_past else None
    return conversion(column, stored, model)
