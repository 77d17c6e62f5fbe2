"""``VERB USING model [OPTIONS(...)] AS query``: what the statements have in common that apply a model to rows."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from thanosql_kernel.catalog import EmbeddingKind
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import Span, ThanoSQLError, TypeMismatch, UnknownName
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight, are_all
from thanosql_kernel.statements.options import Options
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording.names import TS202
from thanosql_kernel.wording.values import TS300

#: The first words of types whose values are neither paths nor texts.
_NO_TEXT = frozenset(
    "TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT FLOAT DOUBLE DECIMAL BOOLEAN "
    "DATE TIME TIMESTAMP INTERVAL BLOB BIT STRUCT MAP UNION".split()
)

#: Bytes, and what Hugging Face calls an image.
_PICTURES = re.compile(r'BLOB|STRUCT\((.*, )?"?bytes"? BLOB(, .*)?\)', re.IGNORECASE)


@dataclass(frozen=True)
class UsingModel(Statement):
    """A model, options and a query.

    Attributes:
        model: What is applied.
        given: The options.
        query: To which rows.
    """

    table_valued: ClassVar[bool] = True

    model: Name
    given: tuple[Assignment, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows USING."""
        start = cursor.start_of(words)
        model = cursor.name("model")
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words, model, given, query)


class EmbedsColumn(UsingModel):
    """Those that embed a column of the query's rows, named by the option ``{kind}_col`` or by its default."""

    @property
    @abstractmethod
    def kind(self) -> EmbeddingKind:
        """What is embedded."""

    @property
    def source(self) -> str:
        """The column that is embedded."""
        return self.options.text(f"{self.kind}_col") or ""

    def column_options(self) -> Iterator[str]:
        """The one with what is embedded."""
        yield f"{self.kind}_col"

    def check_source(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A query without the column, if nobody named it; a column of what is no text."""
        if known.has_database:
            yield from source_problems(known, self.query, self.options, self.kind, self.source)


def source_problems(
    known: Foresight, query: Query, options: Options, kind: EmbeddingKind, source: str
) -> Iterator[ThanoSQLError]:
    """What is wrong with the column that is looked at: a query without it, if nobody named it; values of other kinds.

    Args:
        known: What exists.
        query: The rows.
        options: The statement's, which may name the column: ``{kind}_col``.
        kind: What it has to hold.
        source: Its name.
    """
    columns, given = known.columns(query), options.given_span(f"{kind}_col")
    found = find_column(columns or (), source)
    is_wrong, wrong = (is_no_picture, no_pictures) if kind == "image" else (is_no_text, no_text)
    if found is not None and is_wrong(found.type):
        yield wrong(found.name, found.type, given or query.span)
    if found is None and given is None and are_all(columns):
        names = ", ".join(column.name for column in columns or ())
        yield UnknownName(
            TS202.NOT_IN_QUERY(column=source),
            span=query.span,
            hint=TS202.NAME_THE_COLUMN(option=f"{kind}_col", names=names),
        )


def is_no_text(sql_type: str) -> bool:
    """Whether it is known of a type that its values are no texts."""
    word = re.match("[A-Z]*", sql_type)
    return sql_type.endswith("]") or (word is not None and word.group() in _NO_TEXT)


def are_pictures(sql_type: str) -> bool:
    """Whether values of a type hold pictures themselves: bytes, or structures of bytes and path."""
    return _PICTURES.fullmatch(sql_type) is not None


def is_no_picture(sql_type: str) -> bool:
    """Whether it is known of a type that its values are no pictures: no paths, bytes or structures that hold bytes."""
    return is_no_text(sql_type) and not are_pictures(sql_type)


def no_pictures(column: str, kind: str, span: Span | None) -> TypeMismatch:
    """The error that a column of pictures holds something else."""
    message = TS300.NOT_PICTURES(column=column, type=kind)
    return TypeMismatch(message, span=span, hint=TS300.CHOOSE_PICTURES())


def no_text(column: str, kind: str, span: Span | None) -> TypeMismatch:
    """The error that a column to be embedded holds something else."""
    message = TS300.NOT_TEXT(column=column, type=kind)
    return TypeMismatch(message, span=span, hint=TS300.CHOOSE_PATHS_OR_TEXTS())
