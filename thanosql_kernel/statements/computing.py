"""What statements ask of the engine about vectors and texts of rows beyond making and searching them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from thanosql_kernel.catalog import Column, Model
from thanosql_kernel.errors import ModelError, Span, ThanoSQLError, TypeMismatch
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.wording.functions_of_rows import TS300, TS401

_VECTORS = re.compile(r"(FLOAT|DOUBLE|REAL|HALFFLOAT|DECIMAL\(.*\))\[(\d*)\]\Z")


class Labelled(NamedTuple):
    """Rows that have vectors and labels.

    Attributes:
        table: The stored table or view that they are of.
        vectors: Its column of vectors.
        label: Its column of labels.
        span: Where the user named the column of vectors.
    """

    table: str
    vectors: str
    label: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class KeywordRequest:
    """Which words of texts are wanted.

    Attributes:
        source: The column of texts.
        language: ``ko`` or ``en``; None for whatever each text is in.
        shortest: Of how many words a keyword is made at least.
        longest: Of how many at most.
        top_n: How many keywords a text gets at most.
        diversity: From 0, the most similar ones, to 1, those that are unlike each other.
        threshold: How similar to its text a keyword is at least: a cosine.
        use_stopwords: Whether words that say nothing by themselves are left out.
        span: Where errors about the texts point.
    """

    source: str
    language: str | None = None
    shortest: int = 1
    longest: int = 2
    top_n: int = 5
    diversity: float = 0.5
    threshold: float = 0.0
    use_stopwords: bool = True
    span: Span | None = None


class ComputeWork(Protocol):
    """The requests."""

    def group_means(
        self, rows: Relation, *, label: str, vectors: str, result: str, span: Span | None = None
    ) -> Relation:
        """One row a label, in order of first appearance: the label, and the mean of its vectors as float32.

        Raises:
            TypeMismatch: TS300, there are vectors of different lengths.
        """
        ...

    def nearest(
        self,
        rows: Relation,
        *,
        vectors: str,
        among: Labelled,
        top_k: int,
        results: tuple[str, str],
        span: Span | None = None,
    ) -> Relation:
        """The rows plus the labels of the most similar rows of another table, and the cosines; lists of several.

        Raises:
            TypeMismatch: TS300, there are vectors of different lengths.
            ModelError: TS401, other weights made one side than the other.
        """
        ...

    def keywords(self, rows: Relation, *, model: Model, request: KeywordRequest, result: str) -> Relation:
        """The rows plus a column of JSON: what each text is about in its own words, and how similar these are to it.

        Raises:
            TypeMismatch: TS300, the column holds no texts.
        """
        ...


def vector_length(sql_type: str) -> int | None:
    """Of how many numbers the vectors of a type are: 0 where each has a length of its own, None if it has none."""
    found = _VECTORS.match(sql_type)
    return None if found is None else int(found[2] or 0)


def not_vectors(column: Column, span: Span | None) -> TypeMismatch:
    """The error that a column of vectors holds something else."""
    return TypeMismatch(TS300.NOT_VECTORS(column=column.name, type=column.type), span=span)


def incomparable(ours: Column, theirs: Column, among: Labelled) -> Iterator[ThanoSQLError]:
    """What the types and origins of two columns of vectors say against comparing them, as far as they are known."""
    lengths = vector_length(ours.type), vector_length(theirs.type)
    if all(lengths) and lengths[0] != lengths[1]:
        yield other_lengths(ours.name, lengths[0] or 0, among, lengths[1] or 0)
    if ours.generated is None or theirs.generated is None:
        return
    made, weights = ours.generated.weights, theirs.generated.weights
    if made.fingerprint and weights.fingerprint and made.fingerprint != weights.fingerprint:
        message = TS401.OF_DIFFERENT_WEIGHTS(
            column=ours.name,
            made=f"{made.name} {made.revision}",
            other=theirs.name,
            table=among.table,
            weights=f"{weights.name} {weights.revision}",
        )
        yield ModelError(message, span=among.span, hint=TS300.ONE_MODEL())


def other_lengths(column: str, length: int, among: Labelled, dim: int) -> TypeMismatch:
    """The error that vectors of two columns have different lengths."""
    message = TS300.OTHER_LENGTHS(
        column=column, length=length, other=among.vectors, table=among.table, dim=dim
    )
    return TypeMismatch(message, span=among.span, hint=TS300.ONE_MODEL())


def different_lengths(column: str, one: int, other: int, span: Span | None) -> TypeMismatch:
    """The error that vectors of one column have different lengths."""
    return TypeMismatch(TS300.DIFFERENT_LENGTHS(column=column, one=one, other=other), span=span)
