"""COPY: a file or folder becomes a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self, cast

from thanosql_kernel.catalog import Catalog, Table
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.catalog.unknown import taken_table
from thanosql_kernel.errors import AddOption, Fix, ParseError, Replace, ThanoSQLError, Unsupported
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.statements.changes import IfExists
from thanosql_kernel.statements.convert import conversion
from thanosql_kernel.statements.copy_options import MEDIA, TABLES, misplaced, source_kind, table_problems
from thanosql_kernel.statements.foresight import Foresight, Makes, with_table
from thanosql_kernel.statements.options import IF_EXISTS, OVERWRITE, Options, removal
from thanosql_kernel.statements.refresh import tell_refreshed
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.statements.templates import gap
from thanosql_kernel.wording import answers, counted, statements
from thanosql_kernel.wording.grammar import ADD, TS104, WRITE
from thanosql_kernel.wording.names import TS204
from thanosql_kernel.wording.refusals import TS600

#: What the columns with paths are called in tables of folders.
_PATHS = ("image_path", "audio_path", "video_path")


@dataclass(frozen=True)
class Copy(Statement):
    """``COPY table [OPTIONS(...)] FROM 'path'|['path', …]``."""

    heads = (("COPY",),)
    syntax = "COPY table [OPTIONS(if_exists='fail'|'replace'|'append'|'refresh')] FROM 'path'|['path', …]"
    help = statements.COPY
    example = "COPY photos OPTIONS(if_exists='replace') FROM 'my_photos/'"
    option_specs = (IF_EXISTS, OVERWRITE, *MEDIA, *TABLES)

    table: Name
    given: tuple[Assignment, ...]
    path: Value

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows COPY."""
        start = cursor.start_of(words)
        table = cursor.name("new table")
        given = cursor.options()
        cursor.expect("FROM")
        path = cursor.texts("path")
        return cls(cursor.span_from(start), words, table, given, path)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Two options that exclude each other, no path, a table that exists already."""
        yield from super().check(known)
        yield from if_exists_problems(self.options)
        yield from table_problems(self.options)
        if (kind := source_kind(self._paths[0])) is not None:
            yield from misplaced(self.options, kind)
        if self.path.form == "placeholder":
            yield gap(self.path.text, self.path.span)
        if self.path.form == "word":
            yield Unsupported(
                TS600.PYTHON_VARIABLE(name=self.path.text),
                span=self.path.span,
                hint=TS600.PATH_IN_QUOTES(),
            )
        if known.has_database and not self._is_refresh and if_exists_of(self.options) == "fail":
            yield from self._taken(known.catalog)

    def _taken(self, catalog: Catalog) -> Iterator[ThanoSQLError]:
        table = catalog.find_table(self.table.text)
        if table is not None:
            hint, fixes = TS204.REPLACE_OR_APPEND(), list(self._replacing())
            yield taken_table(table.name, self.table.span, hint, fixes)

    def _replacing(self) -> Iterator[Fix]:
        """The options that replace the table."""
        stated = [it for name in ("if_exists", "overwrite") if (it := self.options.assignment(name))]
        for given in stated:
            value = "'replace'" if given.name.lower() == "if_exists" else "True"
            yield Fix(WRITE(text=f"{given.name}={value}"), Replace(given.value.span, value))
        for option in () if stated else ("if_exists='replace'", "overwrite=True"):
            edit = AddOption(self.table.span, option)
            yield Fix(ADD(text=option), edit, is_preferred=option.startswith("if"))

    def run(self, runtime: Runtime) -> Message:
        """Read the source and store it in one commit."""
        if self._is_refresh and runtime.catalog.find_table(self.table.text) is not None:
            folder, options = (self.path.text, self.path.span), self.options
            outcome = runtime.refresh(self.table.text, folder, options, span=self.path.span)
            return Message(tell_refreshed(runtime, runtime.catalog.table(self.table.text).name, outcome))
        rows = runtime.read_source(self._source, self.path.span, self.options)
        if_exists = "fail" if self._is_refresh else if_exists_of(self.options)
        paths = [column.name for column in rows.columns if column.name in _PATHS]
        sample = runtime.sample(rows, paths, total=0)  # storing them counts them
        count = runtime.changes.store(self.table.text, rows, if_exists=if_exists, span=self.table.span)
        stored = runtime.catalog.table(self.table.text)
        done = answers.APPENDED if if_exists == "append" else answers.STORED
        columns = counted(sum(stored.column(column.name) is not None for column in rows.columns), "column")
        told = done(rows=counted(count, "row"), columns=columns, name=self.table)
        following = answers.NEXT(next=self._following(stored))
        return Message(f"{told}\n{following}", sample=replace(sample, total=count))

    def _following(self, table: Table) -> str:
        """The statement that can be next: pictures want to be converted, other rows to be looked at."""
        made = next((column for column in table.columns if column.generated), None)
        if made is not None:
            return conversion(made, table.name)
        rows = f"SELECT * FROM {quote_if_needed(table.name)}"
        return f"CONVERT USING mini AS {rows}" if find_column(table.columns, "image_path") else rows

    @property
    def _paths(self) -> Sequence[str]:
        """The path, or those in the list."""
        return [item.text for item in self.path.items] or [self.path.text]

    @property
    def _source(self) -> str | Sequence[str]:
        return self._paths if self.path.form == "list" else self.path.text

    @property
    def _is_refresh(self) -> bool:
        return (self.options.text("if_exists") or "").lower() == "refresh"

    def makes(self, known: Foresight) -> Makes:
        """The table, with the columns of the file if that can be read."""
        existing = known.catalog.find_table(self.table.text)
        if existing is not None and (self._is_refresh or if_exists_of(self.options) == "append"):
            return Makes(known.catalog)
        return Makes(
            with_table(known.catalog, self.table.text, known.file_columns(self._paths[0], self.options))
        )


def if_exists_of(options: Options) -> IfExists:
    """What the two generations of options say about a table that exists."""
    if options.flag("overwrite"):
        return "replace"
    return cast(IfExists, (options.text("if_exists") or "fail").lower())


def if_exists_problems(options: Options) -> Iterator[ThanoSQLError]:
    """``overwrite=True`` beside an ``if_exists`` that says otherwise."""
    stated = options.assignment("if_exists")
    if stated is not None and options.flag("overwrite") and stated.value.value != "replace":
        yield ParseError(
            TS104.OVERWRITE_DISAGREES(value=stated.value.text),
            span=stated.value.span,
            hint=TS104.KEEP_ONE(),
            fixes=[removal(stated)],
        )
