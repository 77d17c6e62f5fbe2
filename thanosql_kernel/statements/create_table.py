"""CREATE TABLE: a query's rows become a table; in the oldest notebooks, a folder and its embeddings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import Catalog, View
from thanosql_kernel.catalog.unknown import taken_table
from thanosql_kernel.errors import Fix, ParseError, Replace, Span, ThanoSQLError, Unsupported
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import IfExists
from thanosql_kernel.statements.foresight import Foresight, Makes, with_table
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, plural


@dataclass(frozen=True)
class CreateTable(Statement):
    """``CREATE [OR REPLACE] TABLE [IF NOT EXISTS] t AS query``."""

    heads = (("CREATE", "TABLE"), ("CREATE", "OR", "REPLACE", "TABLE"))
    syntax = "CREATE [OR REPLACE] TABLE [IF NOT EXISTS] table AS query"
    help = "Store the rows of a query as a table, in one step: the old table or the new one, never half."
    example = "CREATE TABLE cats AS SELECT * FROM photos WHERE label = 'cat'"
    unsupported_words = frozenset({"USING"})
    option_specs = (
        Option("path_type", "text", "what FROM names", choices=("folder",)),
        Option("data_type", "text", "what lies in the folder", choices=("image",)),
        Option("file_type", "list", "file endings to take"),
    )

    table: Name
    if_exists: IfExists
    query: Query | None
    model: Name | None = None
    given: tuple[Assignment, ...] = ()
    path: Value | None = None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows the word TABLE."""
        start = cursor.start_of(words)
        skip = cursor.accept_words("IF", "NOT", "EXISTS") is not None
        if_exists: IfExists = "replace" if "REPLACE" in words else "skip" if skip else "fail"
        table = cursor.name("new table", optional=skip)
        if cursor.accept("USING"):
            model = cursor.name("model")
            given = cursor.options()
            cursor.expect("FROM")
            path = cursor.text("path")
            return cls(cursor.span_from(start), words, table, if_exists, None, model, given, path)
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words, table, if_exists, query)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """The oldest form is not run: two statements say the same. A table that exists already."""
        if self.model is not None and self.path is not None:
            yield Unsupported(
                "CREATE TABLE … USING is not supported",
                span=self.model.span,
                hint=f"COPY {self.table} FROM '{self.path.text}', then CONVERT USING … AS SELECT * FROM {self.table}",
            )
            return
        yield from super().check(known)
        if known.has_database and self.if_exists == "fail":
            yield from self._taken(known.catalog)

    def _taken(self, catalog: Catalog) -> Iterator[ThanoSQLError]:
        table = catalog.find_table(self.table.text)
        if table is not None:
            end = self.span.start + len("CREATE")
            fix = Fix("CREATE OR REPLACE TABLE", Replace(Span(end, end), " OR REPLACE"))
            hint = "CREATE OR REPLACE TABLE replaces it"
            yield taken_table(table.name, self.table.span, hint, [fix])

    def run(self, runtime: Runtime) -> Message:
        """Run the query and store its rows in one commit."""
        name = self.table.text
        existing = runtime.catalog.find(name)
        if self.if_exists == "skip" and existing is not None:
            kind = "view" if isinstance(existing, View) else "table"
            return Message(f"{kind} {name} exists already; nothing was done")
        if self.query is None:
            raise ParseError("expected AS and a query", span=self.span)
        rows = runtime.evaluate(self.query)
        count = runtime.changes.store(name, rows, if_exists=self.if_exists, span=self.table.span)
        return Message(f"{plural(count, 'row')} of {plural(len(rows.columns), 'column')} stored as {name}")

    def makes(self, known: Foresight) -> Makes:
        """The table, with the query's columns."""
        existing = known.catalog.find(self.table.text)
        if self.if_exists == "skip" and existing is not None:
            return Makes(known.catalog)
        columns = known.columns(self.query) if self.query is not None else None
        return Makes(with_table(known.catalog, self.table.text, columns))
