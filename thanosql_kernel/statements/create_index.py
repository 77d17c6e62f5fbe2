"""CREATE INDEX: what finds vectors that memory does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, TypeMismatch, Unsupported
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.row_parts import read_names
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import indexes
from thanosql_kernel.wording.grammar import TS100

_METHODS = frozenset(("IVF_RQ", "IVF", "ANN", "VECTOR"))


@dataclass(frozen=True)
class CreateIndex(Statement):
    """``CREATE [OR REPLACE] INDEX [IF NOT EXISTS] [name] ON t [USING method] (column)``."""

    heads = (("CREATE", "INDEX"), ("CREATE", "OR", "REPLACE", "INDEX"))
    syntax = "CREATE [OR REPLACE] INDEX [IF NOT EXISTS] [name] ON table [USING ivf_rq] (column)"
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
        if self.method is not None and self.method[0].upper() not in _METHODS:
            message = indexes.NO_METHOD(method=self.method[0])
            yield Unsupported(message, span=self.method[1], hint=indexes.METHODS())
        table = known.catalog.find_table(self.table.text)
        column = find_column(table.columns, self.columns[0].text) if table is not None else None
        if column is not None and column.type and not is_vector(column.type):
            message = indexes.NO_VECTORS(column=column.name, type=column.type)
            yield TypeMismatch(message, span=self.columns[0].span, hint=indexes.ONLY_VECTORS())

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


def is_vector(sql_type: str) -> bool:
    """Whether a type is that of vectors of one length."""
    return sql_type.startswith("FLOAT[") and sql_type[6:-1].isdigit()


def _named(runtime: Runtime, name: str, table: str) -> bool:
    return any(item.name.lower() == name.lower() for item in runtime.indexes(table))


def _read_method(cursor: Cursor) -> tuple[str, Span] | None:
    if cursor.accept("USING") is None:
        return None
    cursor.want("word", "ivf_rq")
    token = cursor.peek()
    if token is None or not token.is_name:
        raise ParseError(TS100.EXPECTED_MORE(wanted="ivf_rq"), span=cursor.here())
    cursor.at += 1
    return token.name, token.span
