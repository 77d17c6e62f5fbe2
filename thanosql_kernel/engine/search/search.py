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
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.search.blocks import VectorMemory, checked, memory_cap_bytes
from thanosql_kernel.engine.search.combining import inputs_of, vector_of
from thanosql_kernel.engine.search.cosine import best_first, score_stream
from thanosql_kernel.engine.search.different import diverse_rows
from thanosql_kernel.engine.search.finding import Chosen, Finder, chosen_from, few_scores, table_of
from thanosql_kernel.engine.search.half_finder import HalfFinder
from thanosql_kernel.engine.search.index_readers import IndexReaders
from thanosql_kernel.engine.search.indexes import Found, Record, Usable
from thanosql_kernel.engine.search.query_vectors import QueryEmbeddings, unread_parts
from thanosql_kernel.engine.search.records import Records
from thanosql_kernel.engine.search.relevance import logits_of
from thanosql_kernel.engine.search.similar import Added, Similarities, SimilarRows, in_memory
from thanosql_kernel.engine.search.text_indexes import TextIndexes
from thanosql_kernel.engine.search.words import fused, word_scores
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import ModelError, TypeMismatch
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.statements.convert import conversion
from thanosql_kernel.statements.search_ranking import relevance_share
from thanosql_kernel.statements.vectors import Combined, Keywords, SearchInput, Sought
from thanosql_kernel.wording import answers, counted
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
        may_use_index: Whether the user lets indexes of vectors be used.
        halves: Finds the best rows in half precision; None where nothing does.
        readers: Tables whose indexes of vectors have been read.
    """

    memory: VectorMemory = field(default_factory=VectorMemory)
    queries: QueryEmbeddings = field(default_factory=QueryEmbeddings)
    frames: OrderedDict[bytes, NDArray[np.int64]] = field(default_factory=OrderedDict)
    records: Records[Record] | None = None
    text_indexes: TextIndexes | None = None
    may_use_index: Callable[[], bool] = lambda: True
    halves: HalfFinder | None = None
    readers: IndexReaders = field(default_factory=lambda: IndexReaders(memory_cap_bytes() // 2))

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
        named = zip(results, inputs, strict=True)
        columns = [Column(it, "FLOAT", similarity=similarity_of(vectors, encoder, of)) for it, of in named]
        columns += [Column(name, "FLOAT") for name in relevances]
        made = Similarities(columns, len(results), logits)
        searched = _Searched(self, rows, vectors, queries, work, [_is_near(vectors, it) for it in inputs])
        if keywords is None and not diverse:
            if top_k is None and self.finds_best(rows, vectors.name, queries.shape[1]):
                return SimilarRows(rows, made, searched.scores, searched.best_by)
            found = None if top_k is None else searched.best_by(0, top_k, None)
            if found is not None:
                return made.beside(rows, found)
        scores = searched.scores()
        added = made.added(scores)
        if keywords is not None:
            words = word_scores(rows, keywords.column, keywords.text, work.check, self.text_indexes)
            both = (words, fused(scores[:, 0], words))
            added += [Added(Column(keywords.results[n], "DOUBLE"), both[n]) for n in range(2)]
        chosen: NDArray[np.int64] | None = None
        if diverse and top_k is not None:
            share = relevance_share(vectors.generated, (part.kind for part in inputs_of(inputs[0])))
            chosen = diverse_rows(rows, vectors.name, scores[:, 0], top_k, share, work)
        elif top_k is not None:
            chosen = best_first(added[0 if keywords is None else -1].numbers, top_k)
        return BesideRelation(rows, in_memory(added, chosen), [it.column for it in added], chosen)

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

    @property
    def _finder(self) -> Finder:
        return Finder(self.memory, self.records, self.may_use_index, self.readers)

    def index_for(self, rows: Relation, column: str, dim: int) -> Usable | None:
        """The index that finds the best of rows of a table; None where their vectors are compared. Nothing is read."""
        found = table_of(rows, column)
        return None if found is None else self._finder.index(*found, dim)

    def finds_best(self, rows: Relation, column: str, dim: int) -> bool:
        """Whether `best` may find the best rows without comparing all. Nothing is read."""
        found = table_of(rows, column)
        if found is None:
            return False
        by_halves = self.halves is not None and self.halves.is_used(found[0].dataset, found[1], dim)
        return by_halves or self._finder.is_worth_it(*found, dim)

    def best(
        self,
        rows: Relation,
        column: Column,
        queries: Floats,
        k: int,
        work: Work,
        among: NDArray[np.int64] | None = None,
        *,
        is_near: bool = False,
    ) -> Found | None:
        """The rows with the highest cosines to the first query, ties in the rows' order, rows without a vector last.

        What there is to tell of them is told.

        Args:
            rows: What is searched.
            column: Its column of vectors.
            queries: float32 (q, dim).
            k: How many rows.
            work: The statement's.
            among: Positions of the rows to choose from, ascending; None for all.
            is_near: Whether what is searched for is of the kind of what is searched, as a picture among pictures.

        Returns:
            None where all are compared as cheaply, or cheaper.
        """
        dim = queries.shape[1]
        chosen = chosen_from(rows, column.name) if self.finds_best(rows, column.name, dim) else None
        if chosen is None:
            return None
        chosen = chosen.of(among)
        if chosen.are_few:
            scores = few_scores(chosen, queries, work.check)
            tell_missing(rows, column, int(np.isnan(scores[:, 0]).sum()), work)
            first = best_first(scores[:, 0], k)
            found: Found | None = Found(first, scores[first])
        else:
            found = self._finder.best(chosen, queries, k, work, is_near=is_near)
            found = found or self._found_by_halves(rows, column, chosen, queries, k, work)
        if found is None or among is None:
            return found
        return Found(among[found.positions], found.scores)

    def _found_by_halves(
        self, rows: Relation, column: Column, chosen: Chosen, queries: Floats, k: int, work: Work
    ) -> Found | None:
        """The best of the chosen rows, as if all had been compared."""
        if self.halves is None:
            return None
        among = range(chosen.table.count()) if chosen.positions is None else chosen.positions
        found = self.halves.best(chosen.table.dataset, chosen.column, queries, k, among, work)
        if found is None:
            return None
        tell_missing(rows, column, found.missing, work)
        return Found(chosen.places(found.positions), found.scores)

    def score(self, rows: Relation, column: str, queries: Floats, check: Callable[[], None]) -> Floats:
        """Cosines (n, q) of the rows' vectors; resident ones of stored tables, else read once as a stream."""
        if isinstance(rows, BesideRelation) and not rows.is_added(column):
            scores = self.score(rows.base, column, queries, check)
            return scores if rows.positions is None else scores[rows.positions]
        if isinstance(rows, KeptRelation):
            with rows.reading() as kept:
                return self.score(kept, column, queries, check)
        dim = queries.shape[1]
        chosen = chosen_from(rows, column) if isinstance(rows, SqlRelation) else None
        if chosen is not None and chosen.positions is not None:
            there = self.memory.coverage(chosen.table.dataset, chosen.column, dim)
            if chosen.are_few and there.resident < there.rows:
                return few_scores(chosen, queries, check)
            if there.fits:
                return self.score(chosen.table, chosen.column, queries, check)[chosen.positions]
        if not isinstance(rows, StoredRelation):
            return score_stream(_vectors(rows.batches([column]), partial(_after, check)), dim, queries)
        resident = self.memory.column(rows.dataset, column, dim, check)
        if resident is not None:
            if self.halves is not None:
                self.halves.keep(rows.dataset, column, dim)
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


def _is_near(vectors: Column, item: Sought) -> bool:
    """Whether what is searched for is of the kind of what is searched."""
    made = vectors.generated
    return made is not None and all(part.kind == made.kind for part in inputs_of(item))


class _Searched(NamedTuple):
    """One search of some rows."""

    searcher: Searcher
    rows: Relation
    vectors: Column
    queries: Floats
    work: Work
    are_near: Sequence[bool]

    def scores(self) -> Floats:
        """The cosines of all rows, float32 (n, q)."""
        scores = self.searcher.score(self.rows, self.vectors.name, self.queries, self.work.check)
        tell_missing(self.rows, self.vectors, int(np.isnan(scores[:, 0]).sum()), self.work)
        return scores

    def best_by(self, number: int, k: int, among: NDArray[np.int64] | None) -> Found | None:
        """The best by one of the queries; see `Searcher.best`."""
        order = [number, *(n for n in range(len(self.queries)) if n != number)]
        queries, is_near = self.queries[order], self.are_near[number]
        found = self.searcher.best(self.rows, self.vectors, queries, k, self.work, among, is_near=is_near)
        return None if found is None else Found(found.positions, found.scores[:, np.argsort(order)])


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
