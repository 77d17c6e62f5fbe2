"""CREATE INDEX: what finds vectors that memory does not hold, and the texts that hold a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog.model import Column, find_column
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, TypeMismatch, Unsupported
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.index_work import is_text, is_vector
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.row_parts import read_names
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import indexes
from thanosql_kernel.wording.grammar import TS100

_OF_VECTORS = frozenset(("IVF_RQ", "IVF", "ANN", "VECTOR"))
_OF_TEXTS = frozenset(("INVERTED", "FTS", "FULLTEXT", "TEXT"))


@dataclass(frozen=True)
class CreateIndex(Statement):
    """``CREATE [OR REPLACE] INDEX [IF NOT EXISTS] [name] ON t [USING method] (column)``."""

    heads = (("CREATE", "INDEX"), ("CREATE", "OR", "REPLACE", "INDEX"))
    syntax = "CREATE [OR REPLACE] INDEX [IF NOT EXISTS] [name] ON table [USING ivf_rq | inverted] (column)"
    help = indexes.CREATE_INDEX
    example = "CREATE INDEX by_look ON photos (clip_clipen)"

    index: Name | None
    table: Name
    columns: tuple[Name, ...]
    method: tuple[str, Span] | None
    if_not_exists: bool

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows CREATE INDEX."""
        start = cursor.start_of(words)
        if_not_exists = cursor.accept_words("IF", "NOT", "EXISTS") is not None
        index = None
        if cursor.accept("ON") is None:
            index = cursor.name("new index", optional=True)
            cursor.expect("ON")
        table = cursor.name("table")
        method = _read_method(cursor)
        cursor.expect("(")
        columns = tuple(read_names(cursor))
        method = method or _read_method(cursor)
        return cls(cursor.span_from(start), words, index, table, columns, method, if_not_exists)

    @property
    def index_name(self) -> str:
        """What it is to be called."""
        return self.index.text if self.index else f"{self.table.text}_{self.columns[0].text}_index"

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Several columns, a column without vectors, a method that there is not."""
        yield from super().check(known)
        if len(self.columns) > 1:
            yield Unsupported(indexes.ONE_COLUMN(), span=self.columns[1].span)
        if self.method is not None and self.method[0].upper() not in _OF_VECTORS | _OF_TEXTS:
            yield self._no_method(indexes.METHODS())
        table = known.catalog.find_table(self.table.text)
        column = find_column(table.columns, self.columns[0].text) if table is not None else None
        if column is not None and column.type:
            yield from self._kind_problems(column)

    def _kind_problems(self, column: Column) -> Iterator[ThanoSQLError]:
        """A column that has no index, or none of the method."""
        if not is_vector(column.type) and not is_text(column.type):
            message = indexes.NOTHING_TO_INDEX(column=column.name, type=column.type)
            yield TypeMismatch(message, span=self.columns[0].span, hint=indexes.WHAT_IS_INDEXED())
        elif self.method is not None:
            method, (those, others) = self.method[0].upper(), (_OF_VECTORS, _OF_TEXTS)
            if method in (those if is_text(column.type) else others):
                hint = indexes.METHOD_OF_TEXTS if is_text(column.type) else indexes.METHOD_OF_VECTORS
                yield self._no_method(hint(column=column.name))

    def _no_method(self, hint: str) -> Unsupported:
        assert self.method is not None, "it is what there is not"
        return Unsupported(indexes.NO_METHOD(method=self.method[0]), span=self.method[1], hint=hint)

    def run(self, runtime: Runtime) -> Message:
        """Build it, unless it is of no use."""
        table = runtime.catalog.table(self.table.text, self.table.span)
        column = table.column(self.columns[0].text)
        assert column is not None, "checked"
        if self.if_not_exists and _named(runtime, self.index_name, table.name):
            return Message(indexes.EXISTS(index=self.index_name))
        told = runtime.create_index(
            self.index_name,
            table.name,
            column.name,
            replace="REPLACE" in self.words,
            span=(self.index or self.columns[0]).span,
        )
        return Message(told)


def _named(runtime: Runtime, name: str, table: str) -> bool:
    return any(item.name.lower() == name.lower() for item in runtime.indexes(table))


def _read_method(cursor: Cursor) -> tuple[str, Span] | None:
    if cursor.accept("USING") is None:
        return None
    cursor.want("word", "ivf_rq")
    cursor.want("word", "inverted")
    token = cursor.peek()
    if token is None or not token.is_name:
        raise ParseError(TS100.EXPECTED_MORE(wanted="ivf_rq, inverted"), span=cursor.here())
    cursor.at += 1
    return token.name, token.span
