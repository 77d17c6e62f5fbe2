"""CREATE VIEW: a query that goes by a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from thanosql_kernel.catalog import Catalog, Column, View
from thanosql_kernel.catalog.unknown import table_in_the_way, taken_view
from thanosql_kernel.errors import Fix, ParseError, Replace, Span, ThanoSQLError, TypeMismatch, UnknownName
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query, is_result_name
from thanosql_kernel.statements.changes import IfExists
from thanosql_kernel.statements.foresight import Columns, Foresight, Makes, are_all, with_view
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, raised, repeated
from thanosql_kernel.statements.views import check_new, missing, names_read, only_reads
from thanosql_kernel.wording import Wording, answers, counted, instead, statements
from thanosql_kernel.wording.grammar import TS104, TS105
from thanosql_kernel.wording.names import TS204, TS206
from thanosql_kernel.wording.values import TS300


@dataclass(frozen=True)
class CreateView(Statement):
    """``CREATE [OR REPLACE] VIEW [IF NOT EXISTS] v [(a, b)] AS query``."""

    heads: ClassVar[tuple[Words, ...]] = (("CREATE", "VIEW"), ("CREATE", "OR", "REPLACE", "VIEW"))
    syntax = "CREATE [OR REPLACE] VIEW [IF NOT EXISTS] view [(column, …)] AS query"
    help = statements.CREATE_VIEW
    example = "CREATE VIEW cats AS SELECT * FROM photos WHERE label = 'cat'"

    view: Name
    if_exists: IfExists
    columns: tuple[Name, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows the word VIEW."""
        start = cursor.start_of(words)
        skip = cursor.accept_words("IF", "NOT", "EXISTS") is not None
        if cursor.looking_at("IF", "NOT"):
            cursor.expect("IF", "NOT", "EXISTS")
        if_exists: IfExists = "replace" if "REPLACE" in words else "skip" if skip else "fail"
        view = cursor.name("new view", optional=skip)
        columns: list[Name] = []
        if cursor.accept("("):
            columns.append(cursor.name("new column"))
            while cursor.accept(","):
                columns.append(cursor.name("new column"))
            cursor.expect(")")
        cursor.expect("AS")
        _refuse_parameters(cursor)
        query = cursor.query()
        return cls(cursor.span_from(start), words, view, if_exists, tuple(columns), query)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A name that is taken, a circle, more names than columns, what a view cannot read."""
        yield from super().check(known)
        if self.words in self.unsupported:
            return
        yield from only_reads(self.query)
        for column in repeated(self.columns):
            yield ParseError(TS104.NAMED_TWICE(name=column), span=column.span)
        if known.has_database:
            yield from self._taken(known.catalog)
            yield from self._results(known.catalog)
            yield from raised(check_new, known.catalog, self._view(), self.view.span)
            asks = self.columns and not self.query.nested
            yield from self._names_too_many(known.columns(self.query) if asks else None)

    def _taken(self, catalog: Catalog) -> Iterator[ThanoSQLError]:
        existing = catalog.find(self.view.text)
        if existing is None or self.if_exists == "skip":
            return
        if not isinstance(existing, View):
            yield table_in_the_way(existing.name, self.view.span)
        elif self.if_exists == "fail":
            end = self.span.start + len("CREATE")
            fix = Fix("CREATE OR REPLACE VIEW", Replace(Span(end, end), " OR REPLACE"))
            yield taken_view(existing.name, self.view.span, TS204.REPLACE_VIEW(), [fix])

    def _results(self, catalog: Catalog) -> Iterator[ThanoSQLError]:
        for name in missing(catalog, names_read(self.query)):
            if is_result_name(name):
                yield _unkept(name, self._place_of(name))

    def _place_of(self, name: str) -> Span:
        """Where the query names a table, as far as its own text does."""
        named = (token.span for token in self.query.tokens if token.is_name and token.name == name)
        return next(named, self.query.span)

    def _names_too_many(self, columns: Columns) -> Iterator[ThanoSQLError]:
        if columns is not None and are_all(columns) and len(self.columns) > len(columns):
            yield TypeMismatch(
                TS300.MORE_NAMES(
                    names=counted(len(self.columns), "name"), columns=counted(len(columns), "column")
                ),
                span=self.columns[len(columns)].span,
                hint=TS300.THE_COLUMNS(names=", ".join(column.name for column in columns)),
            )

    def _view(self, columns: tuple[Column, ...] = ()) -> View:
        return View(self.view.text, self.query.text, columns, tuple(name.text for name in self.columns))

    def run(self, runtime: Runtime) -> Message:
        """Keep the text, and what it gives now."""
        name, existing = self.view.text, runtime.catalog.find(self.view.text)
        if self.if_exists == "skip" and existing is not None:
            is_there = answers.VIEW_IS_THERE if isinstance(existing, View) else answers.TABLE_IS_THERE
            return Message(is_there(name=existing.name))
        found = runtime.describe(self.query)
        for unkept in missing(runtime.catalog, names_read(self.query)):
            raise _unkept(unkept, self._place_of(unkept))
        for problem in self._names_too_many(found):
            raise problem
        renamed = [
            replace(column, name=given.text) for column, given in zip(found, self.columns, strict=False)
        ]
        columns = (*renamed, *found[len(renamed) :])
        runtime.changes.create_view(
            self._view(columns), replaces=self.if_exists == "replace", span=self.view.span
        )
        return Message(answers.VIEW_CREATED(name=name, columns=counted(len(columns), "column")))

    def makes(self, known: Foresight) -> Makes:
        """The view; what it gives is found out where it is read."""
        existing = known.catalog.find(self.view.text)
        is_table = existing is not None and not isinstance(existing, View)
        if is_table or self.words in self.unsupported or (existing is not None and self.if_exists == "skip"):
            return Makes(known.catalog)
        return Makes(with_view(known.catalog, self._view()))


@dataclass(frozen=True)
class CreateOtherView(CreateView):
    """``CREATE TEMP VIEW``, ``CREATE MATERIALIZED VIEW``."""

    heads: ClassVar[tuple[Words, ...]] = (
        ("CREATE", "TEMP", "VIEW"),
        ("CREATE", "TEMPORARY", "VIEW"),
        ("CREATE", "OR", "REPLACE", "TEMP", "VIEW"),
        ("CREATE", "OR", "REPLACE", "TEMPORARY", "VIEW"),
        ("CREATE", "MATERIALIZED", "VIEW"),
    )
    unsupported: ClassVar[Mapping[Words, Wording]] = {
        **dict.fromkeys(heads[:4], instead.LASTING_VIEW),
        heads[4]: instead.KEEP_ROWS,
    }
    syntax = "CREATE TEMP|MATERIALIZED VIEW view AS query"
    help = statements.CREATE_OTHER_VIEW
    example = ""


def _refuse_parameters(cursor: Cursor) -> None:
    """A value that is given today would be there no more when the view is read, as DuckDB says too."""
    for token in cursor.tokens[cursor.at : cursor.stop]:
        if token.kind == "parameter":
            message = TS105.NO_PARAMETERS(name=token.text)
            raise ParseError(message, span=token.span, hint=TS105.WRITE_THE_VALUE())


def _unkept(name: str, span: Span) -> UnknownName:
    return UnknownName(TS206.NOT_READABLE(name=name), span=span, hint=TS206.STORE_ITS_ROWS(name=name))
