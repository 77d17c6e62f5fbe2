"""What a SEARCH looks for: texts, pictures and the rows of queries, beside its first words or in its options."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast

from thanosql_kernel.errors import DataError, ParseError, Span, ThanoSQLError
from thanosql_kernel.sql.nodes import Assignment, Value
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight, are_all
from thanosql_kernel.statements.options import Option, Options
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.using import is_no_picture, is_no_text, no_pictures, no_text
from thanosql_kernel.statements.vectors import Combined, SearchInput, Sought
from thanosql_kernel.wording import counted, searching, statements
from thanosql_kernel.wording.grammar import TS103, TS104
from thanosql_kernel.wording.searching import TS110

MOST_ROWS = 16
"""So many rows of a query are searched for at once: each may be a picture that is read and embedded."""

WEIGHTS = Option("weights", "list", searching.WEIGHTS)

INPUTS = (
    Option("text", "text", statements.TEXT),
    Option("texts", "texts", statements.TEXTS),
    Option("image", "text", statements.IMAGE, role="path"),
    Option("images", "texts", statements.IMAGES, role="path"),
    WEIGHTS,
)
BESIDE = frozenset(option.name for option in INPUTS)

QUERIED = frozenset({"text", "texts", "image", "images", "search_input"})
"""The inputs that may be the rows of a query."""

Kind = Literal["text", "image"]


class Piece(NamedTuple):
    """One thing to search for, as it is written: a text, a picture's path, or a query for those."""

    kind: Kind
    value: Value

    @property
    def written(self) -> SearchInput:
        """The text or path itself."""
        value = self.value.value if isinstance(self.value.value, str) else self.value.text
        return SearchInput(self.kind, value, self.value.span)


@dataclass(frozen=True)
class Inputs:
    """All that a SEARCH looks for.

    Attributes:
        beside: What stands beside its first words.
        options: What stands in its options.
    """

    beside: tuple[Assignment, ...]
    options: Options

    @property
    def given(self) -> tuple[Assignment, ...]:
        """The inputs themselves, those in options only where there are no others."""
        found = tuple(item for item in self.beside if item.name.lower() != WEIGHTS.name)
        in_options = self.options.assignment("search_input")
        return found or (() if in_options is None else (in_options,))

    @property
    def are_beside(self) -> bool:
        """Whether they stand beside the first words, as in the 1.0 form."""
        return any(item.name.lower() != WEIGHTS.name for item in self.beside)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Each of them, in the order given."""
        return tuple(
            Piece(self._kind(item), value)
            for item in self.given
            for value in item.value.items or (item.value,)
        )

    def _kind(self, item: Assignment) -> Kind:
        name = item.name.lower()
        if name in BESIDE:
            return "image" if name.startswith("image") else "text"
        return cast(Kind, (self.options.text("search_by") or "text").lower())

    @property
    def weights(self) -> Assignment | None:
        """The weights, if they are searched for as one."""
        found = next((item for item in self.beside if item.name.lower() == WEIGHTS.name), None)
        return found or self.options.assignment("weights")

    @property
    def columns(self) -> int:
        """How many similarities a row gets."""
        return 1 if self.weights is not None else max(1, len(self.pieces))

    @property
    def queries(self) -> tuple[Query, ...]:
        """The queries among them, in text order."""
        items = (*self.beside, *self.options.given)
        return tuple(query for item in items for query in item.value.queries)

    # -- what is wrong with them -----------------------------------------------------------------------------
    def problems(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Inputs of two kinds or at two places, empty ones, weights that do not fit, queries for something else."""
        yield from Options(self.beside, INPUTS).problems()
        yield from self._given_twice()
        for piece in self.pieces:
            if piece.value.query is not None:
                yield from _query_problems(piece, piece.value.query, known)
            elif piece.written.value.strip() in ("", "[]"):
                yield nothing_in(piece.kind, piece.value.span)
        yield from self._weight_problems()

    def _given_twice(self) -> Iterator[ThanoSQLError]:
        in_options, given = self.options.assignment("search_input"), self.given
        if len(given) > 1 and self.weights is None:
            yield ParseError(TS104.SEVERAL_INPUTS(), span=given[1].span, hint=TS110.WEIGH_THEM())
        if self.are_beside and in_options is not None and given[0].value.value != in_options.value.value:
            yield ParseError(TS104.INPUT_TWICE(), span=in_options.span)
        weights, other = self.weights, self.options.assignment("weights")
        if weights is not None and other is not None and other is not weights:
            yield ParseError(TS104.GIVEN_TWICE(name=other.name), span=other.span)

    def _weight_problems(self) -> Iterator[ThanoSQLError]:
        weights = self.weights.value if self.weights is not None else None
        if weights is None or weights.form != "list" or not self.given:
            return
        wrong = next((item for item in weights.items if not _is_weight(item)), None)
        if wrong is not None:
            yield ParseError(TS110.NO_NUMBER(), span=wrong.span)
        elif any(item.form == "parameter" for item in weights.items):
            return
        elif self._are_counted and len(weights.items) != len(self.pieces):
            message = TS110.OTHER_COUNT(weights=len(weights.items), inputs=len(self.pieces))
            yield ParseError(message, span=weights.span)
        elif not any(item.value for item in weights.items):
            yield ParseError(TS110.ALL_ZERO(), span=weights.span)

    @property
    def _are_counted(self) -> bool:
        """Whether it is known how many there are: a parameter may be a list."""
        return all(item.value.form not in ("parameter", "placeholder") for item in self.given)

    # -- what they are ---------------------------------------------------------------------------------------
    def sought(self, runtime: Runtime) -> tuple[Sought, ...]:
        """What to search for, one for each similarity; queries are asked for their rows.

        Raises:
            DataError: TS110, a query gives no rows, or more than `MOST_ROWS`.
        """
        found = tuple(_sought(piece, runtime) for piece in self.pieces)
        if self.weights is None:
            return found
        weights = [float(cast(float, item.value)) for item in self.weights.value.items]
        return (Combined(tuple(zip(weights, found, strict=True)), self.weights.value.span),)


def _is_weight(item: Value) -> bool:
    value = item.value
    if item.form == "parameter":
        return True
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def nothing_in(kind: Kind, span: Span) -> ThanoSQLError:
    """The error that an input is empty."""
    return ParseError((TS103.EMPTY_IMAGE if kind == "image" else TS103.EMPTY_TEXT)(), span=span)


def _query_problems(piece: Piece, query: Query, known: Foresight) -> Iterator[ThanoSQLError]:
    """A query for another number of columns than one, or for what is no text or picture."""
    columns = known.columns(query)
    if columns is None or not are_all(columns):
        return
    if len(columns) != 1:
        yield ParseError(TS110.ONE_COLUMN(columns=counted(len(columns), "column")), span=query.span)
        return
    (column,) = columns
    is_wrong, wrong = (is_no_text, no_text) if piece.kind == "text" else (is_no_picture, no_pictures)
    if is_wrong(column.type):
        yield wrong(column.name, column.type, query.span)


def _sought(piece: Piece, runtime: Runtime) -> Sought:
    """What a piece means: of several rows of a query all of them, with the same weight each; NULLs are passed over."""
    query = piece.value.query
    if query is None:
        return piece.written
    rows = runtime.evaluate(query).fetch(limit=MOST_ROWS + 1)
    if rows.num_rows > MOST_ROWS:
        hint = TS110.LIMIT_ROWS(most=MOST_ROWS)
        raise DataError(TS110.TOO_MANY_ROWS(most=MOST_ROWS), span=query.span, hint=hint)
    values = [value for value in rows.column(0).to_pylist() if value is not None]
    if not values:
        raise DataError(TS110.NO_ROWS(), span=query.span)
    found = [_input(piece.kind, value, query.span) for value in values]
    return found[0] if len(found) == 1 else Combined(tuple((1.0, one) for one in found), query.span)


def _input(kind: Kind, value: object, span: Span) -> SearchInput:
    """A value of a row; bytes of a picture as an address that holds them."""
    if isinstance(value, dict):
        value = next(
            (it for key, it in value.items() if key.lower() == "bytes" and it is not None), None
        ) or (next((it for key, it in value.items() if key.lower() == "path"), None))
    if isinstance(value, bytes):
        return SearchInput(kind, f"data:;base64,{base64.b64encode(value).decode()}", span)
    if not str(value or "").strip():
        raise nothing_in(kind, span)
    return SearchInput(kind, str(value), span)
